"""The seller's returns and its warehouse: arrivals, due dates, check-in, grading, refunds, figures."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fondaco.engine import clock
from fondaco.kit.calendar import local_date, zone
from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.money import Money
from fondaco.returns import labels
from fondaco.returns.models import Refund, Return, ReturnUnit
from fondaco.returns.operations import decide, refund, warehouse
from fondaco.returns.queries import lists
from fondaco.returns.queries.access import return_of_seller
from fondaco.returns.queries.expected import planned
from fondaco.returns.rules.life import RECEIVED, Acceptance, Place
from fondaco.returns.rules.reasons import NOT_THE_BUYERS_FAULT
from fondaco.returns.rules.refund import Grade
from fondaco.returns.terms import calendar_of
from fondaco.returns.web import beside, show, words
from fondaco.returns.web.forms import GradeForm, RefundForm, ScanForm, WhyForm
from fondaco.sellers.access import Request
from fondaco.sellers.addresses import PostalAddress, lines_of
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability
from fondaco.web import charts, dates
from fondaco.web.access import require_seller
from fondaco.web.forms import refuse_with
from fondaco.web.paging import page_of

_RECEIVED = {p.value for p in RECEIVED}


@require_GET
@require_seller
def listing(request: Request) -> HttpResponse:
    """All returns to this account, in folders by what is to be done."""
    folder = request.GET.get("show", "all")
    if folder not in lists.FOLDERS:
        folder = "all"
    page = page_of(
        lists.returns_of_seller(request.caller, folder=folder), request=request, order=("-requested_at", "-id"), size=25
    )
    counts = lists.count_by_folder(request.caller)
    labels_ = {
        "all": _("All"),
        "to_answer": _("To answer"),
        "on_the_way": _("On the way"),
        "to_refund": _("To refund"),
        "done": _("Done"),
    }
    order = ("all", "to_answer", "on_the_way", "to_refund", "done")
    context = {
        "page": page,
        "rows": [show.row_for_list(row, url_name="returns:seller_return") for row in page],
        "tabs": [
            {"label": labels_[f], "url": f"?show={f}", "current": f == folder, "count": counts.get(f, "")}
            for f in order
        ],
        "places": places(request, "list"),
    }
    return render(request, "returns/seller_list.html", context)


@require_seller
def arrivals(request: Request) -> HttpResponse:
    """The warehouse's page: scan what came in, see what waits and until when."""
    caller = request.caller
    caller.require_seller(Capability.HANDLE_RETURNS)
    form = ScanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = lists.find_parcel(caller, form.cleaned_data["code"])
        if found:
            return redirect("returns:seller_return", found.number)
        form.add_error("code", _("No return of yours has this number."))
    waiting = lists.arrivals_of(caller)
    now = clock.now()
    context = {
        "form": form,
        "waiting": [
            {
                "unit": u,
                "url": reverse("returns:seller_return", args=[u.parcel.number]),
                "late": bool(u.due_at and u.due_at < now),
                "state": words.PLACES[u.place],
                "tone": words.PLACE_TONES[u.place],
                "reason": words.reason(u.reason),
            }
            for u in waiting
        ],
        "coming": [show.row_for_list(row, url_name="returns:seller_return") for row in lists.coming_to(caller)],
        "places": places(request, "arrivals"),
    }
    return render(request, "returns/arrivals.html", context, status=422 if form.is_bound else 200)


@require_GET
@require_seller
def due_calendar(request: Request) -> HttpResponse:
    """A month of due refunds, in the zone of the return address, with the days that do not count."""
    seller = request.caller.require_seller(Capability.VIEW)
    where = zone(_zone_of(seller))
    now = clock.now()
    first = _month(request.GET.get("month", ""), local_date(now, where))
    last = first.replace(day=months.monthrange(first.year, first.month)[1])
    begin, end = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    due = lists.due_by_day(seller, first=begin, last=end, zone=where)
    days = calendar_of(seller.store, at=now).days
    holidays = {**days.holiday_names(begin.year), **days.holiday_names(end.year)}
    today = local_date(now, where)
    cells = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    weeks = [
        [
            {
                "day": day,
                "in_month": day.month == first.month,
                "today": day == today,
                "holiday": holidays.get(day, ""),
                "closed": not days.is_business_day(day),
                "units": [
                    {"unit": u, "url": reverse("returns:seller_return", args=[u.parcel.number]), "late": day < today}
                    for u in due.get(day, [])
                ],
            }
            for day in cells[n : n + 7]
        ]
        for n in range(0, len(cells), 7)
    ]
    context = {
        "weeks": weeks,
        "drawing": _drawn(weeks),
        "names": [dates.locale().days["format"]["abbreviated"][n] for n in range(7)],
        "title": _month_name(first),
        "before": f"?month={(first - timedelta(days=1)):%Y-%m}",
        "after": f"?month={(last + timedelta(days=1)):%Y-%m}",
        "total": sum(len(v) for day, v in due.items() if day.month == first.month),
        "zone": where.key,
        "places": places(request, "calendar"),
    }
    return render(request, "returns/calendar.html", context)


def _drawn(weeks: list[list[dict[str, Any]]]) -> dict[str, Any]:
    """The month as a drawing of 100 by 70 a day under a line of names, and the same in words (the table has the links)."""
    cells = [
        {
            "x": x * 100 + 3,
            "y": y * 70 + 32,
            "text_x": x * 100 + 12,
            "text_y": y * 70 + 56,
            "dot_x": x * 100 + 70,
            "dot_y": y * 70 + 68,
            "count_y": y * 70 + 76,
            "day": cell["day"].day,
            "count": len(cell["units"]),
            "late": any(due["late"] for due in cell["units"]),
            "closed": cell["closed"],
            "other": not cell["in_month"],
            "today": cell["today"],
        }
        for y, week in enumerate(weeks)
        for x, cell in enumerate(week)
    ]
    due = [cell for week in weeks for cell in week if cell["units"]]
    said = "; ".join(f"{dates.day(cell['day'])}: {dates.number(len(cell['units']))}" for cell in due)
    return {"cells": cells, "height": len(weeks) * 70 + 34, "words": said or _("No refund is due in these weeks.")}


@require_GET
@require_seller
def figures(request: Request) -> HttpResponse:
    """How much comes back, why, and how soon it is refunded."""
    seller = request.caller.require_seller(Capability.VIEW)
    now = clock.now()
    span = {"30": 30, "90": 90, "365": 365}.get(request.GET.get("days", ""), 90)
    found = lists.figures_of(seller, since=now - timedelta(days=span), until=now + timedelta(seconds=1))
    currency = _currency(seller)
    context = {
        "found": found,
        "stats": [
            {"label": _("Units asked to return"), "value": dates.number(found.asked)},
            {
                "label": _("Refunded"),
                "value": dates.money(Money(found.refunded_minor, currency)),
                "note": _("%(n)s units") % {"n": dates.number(found.refunded)},
            },
            {"label": _("Return shipping you bore"), "value": dates.money(Money(found.kept_by_label_minor, currency))},
            {
                "label": _("Refunded too late"),
                "value": dates.number(found.breaches),
                "tone": "bad" if found.breaches else "good",
                "note": _("The marketplace refunds at the due time and records it."),
            },
        ],
        "meter": charts.meter(label=_("Refunded in time, in %"), value=found.in_time_pct, least=100)
        if found.in_time_pct is not None
        else None,
        "reasons": charts.bars([(words.reason(key), n) for key, n in found.by_reason], title=_("Why items come back"))
        if found.by_reason
        else None,
        "grades": charts.bars(
            [(str(words.GRADES.get(key, key)), n) for key, n in found.by_grade], title=_("How they come back")
        )
        if found.by_grade
        else None,
        "tabs": [
            {"label": _("%(n)s days") % {"n": n}, "url": f"?days={n}", "current": n == span, "count": ""}
            for n in (30, 90, 365)
        ],
        "places": places(request, "figures"),
    }
    return render(request, "returns/figures.html", context)


@require_GET
@require_seller
def detail(request: Request, number: str) -> HttpResponse:
    """One return as the seller and the warehouse see it."""
    return _page(request, number)


@require_GET
@require_seller
def by_id(request: Request, return_id: UUID) -> HttpResponse:
    """From a line of a statement to the return."""
    seller = request.caller.require_seller(Capability.VIEW)
    found = Return.objects.filter(pk=return_id, seller=seller).first()
    if found is None:
        raise NotFound
    return redirect("returns:seller_return", found.number)


@require_POST
@require_seller
def check_in(request: Request, number: str) -> HttpResponse:
    """These units are in hand; those were not in the parcel (Q-30)."""
    here = _numbers(request.POST.getlist("here"))
    missing = _numbers(request.POST.getlist("missing"))
    if not here and not missing:
        messages.warning(request, _("Tick what you have in hand, or what is missing."))
        return redirect("returns:seller_return", number)
    if here:
        warehouse.check_in(request.caller, number=number, units=here, missing=missing)
    else:
        warehouse.check_in(request.caller, number=number, missing=missing, units=[])
    messages.success(request, _("Checked in."))
    return redirect("returns:seller_return", number)


@require_POST
@require_seller
def grade(request: Request, number: str, unit: int) -> HttpResponse:
    """Grade one unit, with photos; with the other button it is checked in and refunded in full by the same click."""
    form = GradeForm(request.POST, request.FILES, prefix=f"u{unit}")
    if form.is_valid():
        seen = {"found": form.found(), "note": form.cleaned_data["note"], "photos": form.new_photos()}
        try:
            if request.POST.get("verb") == "refund":
                made = refund.receive_and_refund(request.caller, number=number, unit=unit, **seen)
                amount = dates.money(Money(made.amount_minor, made.currency))
                said = _("Refunded: the buyer gets %(amount)s.") % {"amount": amount}
            else:
                warehouse.grade(request.caller, number=number, unit=unit, **seen)
                said = _("Graded. Refund it now, or before it is due.")
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            messages.success(request, said)
            return redirect("returns:seller_return", number)
    return _page(request, number, grade_form=(unit, form), status=422)


@require_POST
@require_seller
def answer(request: Request, number: str) -> HttpResponse:
    """Authorise or decline a request for an item outside the programme."""
    accept = request.POST.get("verb") == "accept"
    row = decide.answer_request(request.caller, number=number, accept=accept, why=request.POST.get("why", ""))
    labels.settle_now(row.pk)
    messages.success(request, _("The return is authorised.") if accept else _("The return is declined."))
    return redirect("returns:seller_return", number)


@require_seller
def refund_page(request: Request, number: str, unit: int) -> HttpResponse:
    """The refund before it is made: what may be kept, what the buyer gets, and the button."""
    caller, now = request.caller, clock.now()
    row = return_of_seller(caller, number)
    found = ReturnUnit.objects.filter(parcel=row, number=unit).select_related("unit__item").first()
    if found is None:
        raise NotFound
    done = Refund.objects.filter(unit=found).first()
    if done:
        return redirect("returns:seller_return", number)
    data = request.POST if request.method == "POST" else request.GET if "deduct_pct" in request.GET else None
    form = RefundForm(data)
    status = 200
    plan = planned(row, found, now=now)
    if form.is_bound and form.is_valid():
        try:
            plan = planned(row, found, now=now, deduct_pct=form.pct())
            if request.method == "POST" and request.POST.get("verb") == "refund":
                shown = request.POST.get("shown", "")
                made = refund.refund_unit(
                    caller,
                    number=number,
                    unit=unit,
                    deduct_pct=form.pct(),
                    expected_minor=int(shown) if shown.isdigit() else None,
                )
                amount = dates.money(Money(made.amount_minor, made.currency))
                messages.success(request, _("Refunded: the buyer gets %(amount)s.") % {"amount": amount})
                return redirect("returns:seller_return", number)
        except Refusal as refusal:
            refuse_with(form, refusal, "deduct_pct")
            status = 422
    elif form.is_bound:
        status = 422
    cap = plan.plan.units[0].cap
    terms = plan.terms
    is_over = found.due_at is not None and now > found.due_at
    context = {
        "row": row,
        "unit": found,
        "item": found.unit.item,
        "form": form,
        "minor": plan.minor,
        "currency": row.currency,
        "chart": show.chart_of_plan(plan, of_buyer=False),
        "lines": show.clauses_of(plan.plan.units[0].components),
        "cap": 0 if is_over else cap.pct,
        "cap_clause": cap.clause,
        "photo_from": cap.photo_and_grade_from_pct,
        "lateness": words.LATENESS[plan.plan.units[0].lateness],
        "late": plan.plan.units[0].lateness == "late",
        "grade": words.GRADES.get(found.grade, ""),
        "photos": found.photos.count(),
        "reason": words.reason(found.reason, terms),
        "payer": words.PAYERS[plan.plan.units[0].payer],
        "label_on_seller": plan.plan.units[0].label_on_seller_minor,
        "is_over": is_over,
        "has_arrived": found.place in _RECEIVED,
        "dispute_url": _dispute_url(found, terms.refund.at_fault),
        "versions": sorted(terms.versions.items()),
    }
    return render(request, "returns/refund.html", context, status=status)


def _page(
    request: Request, number: str, *, grade_form: tuple[int, GradeForm] | None = None, status: int = 200
) -> HttpResponse:
    caller, now = request.caller, clock.now()
    row = return_of_seller(caller, number)
    terms = show.terms_of(row)
    units = list(
        ReturnUnit.objects.filter(parcel=row)
        .select_related("unit__item__product__main_picture", "refund", "graded_by")
        .prefetch_related("photos__picture")
        .order_by("number")
    )
    may_handle = caller.may(Capability.HANDLE_RETURNS, seller=row.seller)
    cards = [show.unit_card(row, unit, terms=terms, now=now, of_buyer=False) for unit in units]
    for card in cards:
        unit = card["unit"]
        is_open = row.acceptance == Acceptance.AUTHORISED and not card["refund"] and not unit.dropped_at
        card["has_arrived"] = unit.place in _RECEIVED
        card["may_grade"] = may_handle and is_open and unit.place != Place.MISSING
        initial = {"grade": unit.grade or Grade.ORIGINAL.value, "note": unit.grade_note}
        is_sent = grade_form is not None and grade_form[0] == unit.number
        card["form"] = grade_form[1] if grade_form and is_sent else GradeForm(initial=initial, prefix=f"u{unit.number}")
        card["form_open"] = is_sent or (card["has_arrived"] and not unit.grade)
        card["refund_url"] = reverse("returns:refund", args=[row.number, unit.number])
    state, tone = show.state_of(row, units)
    context = {
        "row": row,
        "beside": beside.panels_of(row, caller=caller, side="seller"),
        "cards": cards,
        "state": state,
        "tone": tone,
        "steps": show.steps_of(row, units),
        "events": show.timeline_of(row, terms=terms, units=units),
        "may_handle": may_handle,
        "to_check_in": [
            c
            for c in cards
            if may_handle
            and row.acceptance == Acceptance.AUTHORISED
            and not c["unit"].checked_in_at
            and not c["refund"]
            and not c["unit"].dropped_at
        ],
        "may_answer": may_handle and row.acceptance == Acceptance.REQUESTED,
        "why_form": WhyForm(),
        "address_lines": lines_of(PostalAddress(**row.address)),
        "label_words": show.label_words(row),
        "versions": sorted(row.terms.items()),
        "missing_after": terms.missing_after_days,
        "has_missing": any(u.place == Place.MISSING for u in units),
        "trail": [(_("Returns"), reverse("returns:seller_list")), (row.number, "")],
    }
    return render(request, "returns/seller_return.html", context, status=status)


def places(request: Request, current: str) -> list[dict[str, Any]]:
    """The seller's four pages of returns."""
    found = [
        ("list", _("Returns"), "returns:seller_list"),
        ("arrivals", _("Warehouse"), "returns:arrivals"),
        ("calendar", _("Due dates"), "returns:calendar"),
        ("figures", _("Figures"), "returns:figures"),
    ]
    may_handle = request.caller.may(Capability.HANDLE_RETURNS)
    return [
        {"label": label, "url": reverse(name), "current": key == current, "count": ""}
        for key, label, name in found
        if key != "arrivals" or may_handle
    ]


def _dispute_url(unit: ReturnUnit, at_fault: frozenset[str]) -> str:
    """Where a seller disputes a reason that puts the fault on them (Q-25)."""
    if unit.reason not in (at_fault or NOT_THE_BUYERS_FAULT):
        return ""
    return reverse("returns:dispute", args=[unit.parcel.number, unit.number])


def _numbers(given: list[str]) -> list[int]:
    return [int(n) for n in given if n.isascii() and n.isdigit() and len(n) < 4]


def _zone_of(seller: SellerAccount) -> str:
    address = seller.return_address or seller.ship_from
    return address.time_zone if address else seller.time_zone


def _currency(seller: SellerAccount) -> str:
    from fondaco import policy

    return policy.store_of(seller.store).currency


def _month(text: str, today: date) -> date:
    try:
        year, month = (int(part) for part in text.split("-"))
        return date(year, month, 1) if 2000 <= year <= 2200 else today.replace(day=1)
    except ValueError:
        return today.replace(day=1)


def _month_name(first: date) -> str:
    from babel.dates import format_skeleton

    name = str(format_skeleton("yMMMM", first, locale=dates.locale()))
    return name[:1].upper() + name[1:]  # a heading
