"""Returns as the templates take them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fondaco import history
from fondaco.history.queries import row_of
from fondaco.kit.errors import Refusal
from fondaco.kit.money import Money
from fondaco.returns.models import Refund, Return, ReturnUnit
from fondaco.returns.models.request import LabelState
from fondaco.returns.queries.expected import planned
from fondaco.returns.queries.planning import Planned
from fondaco.returns.rules.life import Acceptance, Place
from fondaco.returns.rules.refund import Component
from fondaco.returns.terms import Terms, terms_for
from fondaco.returns.web import words
from fondaco.web import charts, dates

EVENTS_SHOWN = 60


def terms_of(row: Return) -> Terms:
    return terms_for(row.store, placed_at=row.order.placed_at, requested_at=row.requested_at)


def row_for_list(row: Return, *, url_name: str) -> dict[str, Any]:
    """One line of a list of returns."""
    units = list(row.units.all())
    state, tone = state_of(row, units)
    due = min((u.due_at for u in units if u.due_at), default=None)
    return {
        "row": row,
        "url": reverse(url_name, args=[row.number]),
        "titles": [u.unit.item.title for u in units],
        "picture": units[0].unit.item.product.main_picture if units else None,
        "reasons": list(dict.fromkeys(words.reason(u.reason) for u in units)),
        "state": state,
        "tone": tone,
        "due": due,
        "refunded": sum((u.refund.amount_minor for u in units if hasattr(u, "refund")), 0)
        if _any_refund(units)
        else None,
        "money": row.currency,
    }


def state_of(row: Return, units: Sequence[ReturnUnit]) -> tuple[Any, str]:
    """The one word that sums up where a return stands."""
    if row.acceptance != Acceptance.AUTHORISED:
        return words.ACCEPTANCES[row.acceptance], words.ACCEPTANCE_TONES[row.acceptance]
    if units and all(hasattr(u, "refund") for u in units):
        return _("Refunded"), "good"
    if row.closed_at:
        return _("Closed"), "neutral"
    if _any_refund(units):
        return _("Partly refunded"), "progress"
    places = {Place(u.place) for u in units}
    if places & {Place.ARRIVED, Place.GRADED}:
        return _("Arrived"), "warn"
    if places == {Place.MISSING}:
        return words.PLACES[Place.MISSING], "bad"
    if Place.IN_TRANSIT in places:
        return words.PLACES[Place.IN_TRANSIT], "progress"
    return words.ACCEPTANCES[Acceptance.AUTHORISED], "good"


def steps_of(row: Return, units: Sequence[ReturnUnit]) -> list[dict[str, Any]]:
    """The way of a return from asking to money, for the strip of steps."""
    stopped = row.acceptance in (Acceptance.DECLINED, Acceptance.BLOCKED, Acceptance.CANCELLED)
    authorised = row.acceptance == Acceptance.AUTHORISED
    arrived = any(u.arrived_at for u in units)
    refunded = bool(units) and all(hasattr(u, "refund") or u.dropped_at for u in units)
    reached = [True, authorised, authorised and (row.scanned_at is not None or arrived), arrived, refunded]
    labels = [_("Asked for"), _("Authorised"), _("On its way"), _("Arrived"), _("Refunded")]
    first_open = next((n for n, done in enumerate(reached) if not done), len(reached))
    states = [
        "done" if done else "now" if n == first_open and not stopped else "todo" for n, done in enumerate(reached)
    ]
    if stopped:
        states[1] = "bad"
        labels[1] = str(words.ACCEPTANCES[row.acceptance])
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]


def unit_card(row: Return, unit: ReturnUnit, *, terms: Terms, now: datetime, of_buyer: bool) -> dict[str, Any]:
    """One unit with its reason, place, and the refund it has or can expect."""
    refund = getattr(unit, "refund", None)
    plan = (
        None
        if refund or row.acceptance not in (Acceptance.AUTHORISED, Acceptance.REQUESTED, Acceptance.OUT_OF_WINDOW)
        else _plan(row, unit, now)
    )
    choices = list(unit.reasons.order_by("version")) if unit.pk else []
    return {
        "unit": unit,
        "item": unit.unit.item,
        "reason": words.reason(unit.reason, terms),
        "earlier": [words.reason(c.reason, terms) for c in choices[:-1]],
        "comment": choices[-1].comment if choices else "",
        "payer": words.PAYERS[unit.payer],
        "place": words.PLACES[unit.place],
        "place_tone": words.PLACE_TONES[unit.place],
        "grade": words.GRADES.get(unit.grade, ""),
        "photos": list(unit.photos.all()),
        "refund": refund,
        "refunded_by": words.REFUNDED_BY[refund.refunded_by] if refund else "",
        "expected_minor": plan.minor if plan else None,
        "chart": chart_of_refund(refund) if refund else chart_of_plan(plan, of_buyer=of_buyer) if plan else None,
        "currency": row.currency,
    }


def _plan(row: Return, unit: ReturnUnit, now: datetime) -> Planned | None:
    try:
        return planned(row, unit, now=now)
    except Refusal:
        return None


def chart_of_plan(plan: Planned, *, of_buyer: bool, title: str = "") -> charts.Chart:
    """From price to refund, step by step."""
    unit = plan.plan.units[0]
    heading = title or (_("What you can expect back") if of_buyer else _("What the buyer gets back"))
    return _waterfall(unit.components, plan.plan.currency, heading)


def chart_of_refund(refund: Refund) -> charts.Chart:
    """The same of a refund that was made, from the plan that was carried out."""
    lines = [Component(kind, minor, clause) for kind, minor, clause in refund.plan["components"]]
    return _waterfall(lines, refund.currency, _("From price to refund"))


def _waterfall(lines: Iterable[Component], currency: str, title: str) -> charts.Chart:
    steps = [(str(words.LINES[c.kind]), c.minor) for c in lines]
    return charts.waterfall(
        steps[1:],
        start=steps[0],
        title=title,
        total=_("Refund"),
        written=lambda minor: dates.money(Money(int(minor), currency)),
    )


def clauses_of(lines: Iterable[Any]) -> list[dict[str, Any]]:
    """Line by line with the clause it rests on."""
    return [
        {"label": words.LINES[kind], "minor": minor, "clause": clause}
        for kind, minor, clause in ((c.kind, c.minor, c.clause) if isinstance(c, Component) else c for c in lines)
    ]


def timeline_of(
    row: Return, *, terms: Terms, units: Sequence[ReturnUnit] = (), for_buyer: bool = False
) -> list[dict[str, Any]]:
    """What happened, newest first, with what is still due on top."""
    due = [
        {"title": _("Refund due"), "at": u.due_at, "due": True, "text": "", "by": ""}
        for u in sorted((u for u in units if u.due_at), key=lambda u: u.due_at or row.requested_at)[:1]
    ]
    told = history.events_for(row)[:EVENTS_SHOWN]
    hidden = {"charge.made", "charge.reversed"} if for_buyer else set()
    return [*due, *(_event(e, terms) for e in told if e.verb not in hidden)]


def _event(event: Any, terms: Terms) -> dict[str, Any]:
    about = dict(event.about) if isinstance(event.about, dict) else {}
    for name in ("before", "after"):
        if name in about:
            about[name] = words.reason(str(about[name]), terms)
    if "grade" in about:
        about["grade"] = words.GRADES.get(about["grade"], about["grade"])
    if isinstance(about.get("units"), list):
        about["units"] = ", ".join(str(n) for n in about["units"])
    if "amount_minor" in about:
        about["amount"] = dates.money(Money(about["amount_minor"], about["currency"]))
    event.about = about
    line = row_of(event)
    return {"title": line.title, "at": line.at, "by": line.by, "text": line.text, "tone": line.tone}


def label_words(row: Return) -> str:
    """How it stands with the label."""
    if row.acceptance != Acceptance.AUTHORISED:
        return ""
    if row.label_state == LabelState.WANTED:
        return _("The label is being made.")
    if row.label_state == LabelState.REFUSED:
        return _("The carrier made no label. Customer service has been told.")
    if row.label_state == LabelState.NONE and row.label_note == "exempt":
        return _("This kind of item comes without a prepaid label. Send it to the address below and keep the receipt.")
    return ""


def _any_refund(units: Iterable[ReturnUnit]) -> bool:
    return any(hasattr(u, "refund") for u in units)
