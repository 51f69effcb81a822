"""The Online Returns Center: choosing, asking, and following a return."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fondaco.engine import clock
from fondaco.fulfilment.models import Label
from fondaco.fulfilment.web.files import file_of
from fondaco.kit.calendar import local_date, zone
from fondaco.kit.errors import NotFound, Refusal
from fondaco.orders.models import Order, OrderUnit
from fondaco.orders.queries import order_of_buyer
from fondaco.orders.rules.states import UnitState
from fondaco.returns import labels
from fondaco.returns.models import ReturnUnit
from fondaco.returns.models.request import LabelState
from fondaco.returns.operations import decide, reasons
from fondaco.returns.operations.request import request_return
from fondaco.returns.queries import expected
from fondaco.returns.queries.access import own_return
from fondaco.returns.queries.judging import cleared_until, kinds_of
from fondaco.returns.queries.lists import returns_of_buyer
from fondaco.returns.refusals import ReasonSame
from fondaco.returns.rules.life import OPEN, Place
from fondaco.returns.rules.window import Window
from fondaco.returns.terms import Terms, terms_for
from fondaco.returns.web import beside, show, words
from fondaco.returns.web.forms import ChooseForm, ReasonForm
from fondaco.sellers.access import Request
from fondaco.sellers.addresses import PostalAddress, lines_of
from fondaco.web.access import signed_in
from fondaco.web.forms import refuse_with
from fondaco.web.nav import url_or_none
from fondaco.web.paging import page_of


@require_GET
@signed_in
def listing(request: Request) -> HttpResponse:
    """Everything that the reader sends back."""
    page = page_of(returns_of_buyer(request.caller), request=request, order=("-requested_at", "-id"), size=20)
    rows = [show.row_for_list(row, url_name="returns:return") for row in page]
    return render(request, "returns/list.html", {"page": page, "rows": rows})


@signed_in
def start(request: Request, number: str) -> HttpResponse:
    """Return items of one order: choose, see what comes back, ask."""
    order, now = order_of_buyer(request.caller, number), clock.now()
    terms = terms_for(order.store, placed_at=order.placed_at, requested_at=now)
    rows = _units_of(order, terms)
    form = ChooseForm(
        request.POST or None,
        units=[r["unit"] for r in rows if r["state"] == "open"],
        terms=terms,
        initial=_chosen(request, rows),
    )
    seen, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if request.POST.get("verb") == "send":
                    return _send(request, order, form)
                seen, status = expected.expect(order, form.wanted(), now=now), 200
            except Refusal as refusal:
                refuse_with(form, refusal)
    for row in rows:
        row["fields"] = form.fields_of(row["unit"]) if row["state"] == "open" else None
    context = {
        "order": order,
        "rows": rows,
        "form": form,
        "seen": _seen(seen, order) if seen else None,
        "has_open": any(row["state"] == "open" for row in rows),
        "call_url": _call_url(order),
    }
    return render(request, "returns/start.html", context, status=status)


def _send(request: Request, order: Order, form: ChooseForm) -> HttpResponse:
    made = request_return(
        request.caller,
        order_number=order.number,
        wanted=form.wanted(),
        request_key=form.cleaned_data["request_key"] or "form",
    )
    for row in made:
        labels.settle_now(row.pk)
    if all(row.acceptance == "authorised" for row in made):
        messages.success(request, _("Your return is authorised. Print the label and send the parcel."))
    else:
        messages.info(request, _("Your request is sent. Somebody answers it soon."))
    return redirect("returns:return", made[0].number) if len(made) == 1 else redirect("returns:list")


@require_GET
@signed_in
def detail(request: Request, number: str) -> HttpResponse:
    """One return: where it is, what it brings, its label, and what the buyer may still change."""
    return _page(request, number)


@require_POST
@signed_in
def reason(request: Request, number: str, unit: int) -> HttpResponse:
    """Another reason, before the carrier has the parcel (Q-31)."""
    row = own_return(request.caller, number)
    terms = show.terms_of(row)
    found = ReturnUnit.objects.filter(parcel=row, number=unit).first()
    if found is None:
        raise NotFound
    form = ReasonForm(request.POST, terms=terms, categories=found.categories)
    if form.is_valid():
        try:
            reasons.change_reason(request.caller, number=number, unit=unit, **form.cleaned_data)
        except ReasonSame as refusal:  # anything else ends the change: the refusal's own page says why
            refuse_with(form, refusal)
        else:
            messages.success(request, _("The reason is changed."))
            return redirect("returns:return", number)
    return _page(request, number, reason_form=(unit, form), status=422)


@require_POST
@signed_in
def cancellation(request: Request, number: str) -> HttpResponse:
    """Keep the item after all."""
    row = decide.cancel_return(request.caller, number=number)
    labels.settle_now(row.pk)
    messages.success(request, _("The return is cancelled."))
    return redirect("returns:return", number)


@require_GET
@signed_in
def label(request: Request, number: str) -> HttpResponse:
    """The prepaid label as PDF. One that is not there, or was voided, is not found."""
    row = own_return(request.caller, number)
    has_label = row.label_id and row.label_state == LabelState.BOUGHT
    found = Label.objects.filter(pk=row.label_id).first() if row.label_id and has_label else None
    if found is None:
        raise NotFound(what="label")
    return file_of(found, form="pdf", actor=request.caller)


def _page(
    request: Request, number: str, *, reason_form: tuple[int, ReasonForm] | None = None, status: int = 200
) -> HttpResponse:
    row, now = own_return(request.caller, number), clock.now()
    terms = show.terms_of(row)
    units = list(
        ReturnUnit.objects.filter(parcel=row)
        .select_related("unit__item__product__main_picture", "refund")
        .prefetch_related("photos__picture")
        .order_by("number")
    )
    cards = [show.unit_card(row, unit, terms=terms, now=now, of_buyer=True) for unit in units]
    may_change = row.acceptance in OPEN and not row.scanned_at and all(u.place == Place.AT_BUYER for u in units)
    for card in cards:
        unit = card["unit"]
        open_here = reason_form is not None and reason_form[0] == unit.number
        card["form"] = (
            reason_form[1]
            if reason_form and open_here
            else ReasonForm(terms=terms, categories=unit.categories, initial={"reason": unit.reason})
        )
        card["form_open"] = open_here
    state, tone = show.state_of(row, units)
    context = {
        "row": row,
        "beside": beside.panels_of(row, caller=request.caller, side="buyer"),
        "cards": cards,
        "state": state,
        "tone": tone,
        "steps": show.steps_of(row, units),
        "events": show.timeline_of(row, terms=terms, units=units, for_buyer=True),
        "expected_minor": sum(c["expected_minor"] or 0 for c in cards if c["expected_minor"] is not None)
        if any(c["expected_minor"] is not None for c in cards)
        else None,
        "refunded_minor": sum(c["refund"].amount_minor for c in cards if c["refund"])
        if any(c["refund"] for c in cards)
        else None,
        "address_lines": lines_of(PostalAddress(**row.address)),
        "has_label": row.label_state == LabelState.BOUGHT and row.acceptance == "authorised" and not row.scanned_at,
        "label_words": show.label_words(row),
        "may_change": may_change and row.closed_at is None,
        "call_url": _call_url(row.order),
        "trail": [
            (_("Your Orders"), url_or_none("orders:list") or ""),
            (_("Returns"), reverse("returns:list")),
            (row.number, ""),
        ],
    }
    return render(request, "returns/return.html", context, status=status)


def _units_of(order: Order, terms: Terms) -> list[dict[str, Any]]:
    """Every unit of the order, and whether it can be chosen; if not, why, and the way on."""
    where = expected.zone_of(order)
    units = OrderUnit.objects.filter(item__order=order).exclude(state=UnitState.CANCELLED.value)
    units = units.select_related("item__product__main_picture", "parcel").order_by("item__position", "number")
    taken = {
        u.unit_id: u.parcel for u in ReturnUnit.objects.filter(unit__in=units, is_live=True).select_related("parcel")
    }
    until = cleared_until({u.item.product_id for u in units}, order.placed_at, zone(where))
    today = local_date(clock.now(), zone(where))
    return [_unit_row(order, u, terms, taken.get(u.pk), until.get(u.item.product_id), today) for u in units]


def _unit_row(order: Order, unit: OrderUnit, terms: Terms, taken: Any, until: Any, today: Any) -> dict[str, Any]:
    item = unit.item
    window: Window | None = expected.window_now(order, unit, terms=terms, extended_to=until)
    hazard = item.product.hazmat_class
    state = "open"
    if taken:
        state = "taken"
    elif hazard in terms.blocked_classes and item.asin not in terms.blocked_exceptions:
        state = "blocked"
    elif terms.not_returnable & kinds_of(item):
        state = "kind"
    elif window is None:
        state = "not_delivered"
    is_free = not terms.refund.free_categories.isdisjoint(item.categories)
    return {
        "unit": unit,
        "item": item,
        "of": item.quantity,
        "state": state,
        "taken": taken,
        "window": window,
        "is_over": window is not None and not window.holds(today),
        "is_free": is_free,
    }


def _chosen(request: Request, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """From a button beside one item: its units are ticked."""
    wanted = request.GET.get("item", "")
    open_rows = [r for r in rows if r["state"] == "open"]
    ticked = [r for r in open_rows if str(r["item"].pk) == wanted] or (open_rows if len(open_rows) == 1 else [])
    return {f"take_{r['unit'].pk.hex}": True for r in ticked[:1]}


def _seen(seen: expected.Expected, order: Order) -> dict[str, Any]:
    plans = {u.unit: u for u in seen.plan.units} if seen.plan else {}
    lines = []
    for each in seen.judged:
        unit = plans.get(str(each.unit.pk))
        lines.append(
            {
                "title": each.item.title,
                "reason": words.reason(each.reason, seen.terms),
                "answer": str(each.decision.answer),
                "clause": each.decision.clause,
                "lines": show.clauses_of(unit.components) if unit else [],
                "minor": unit.refund_minor if unit else None,
            }
        )
    return {
        "lines": lines,
        "total_minor": seen.plan.refund_minor if seen.plan else 0,
        "label_minor": seen.label_minor,
        "currency": order.currency,
        "answers": {str(each.decision.answer) for each in seen.judged},
    }


def _call_url(order: Order) -> str:
    """Where customer service is reached about this order."""
    page = url_or_none("messaging:new")
    return f"{page}?order={order.number}" if page else ""
