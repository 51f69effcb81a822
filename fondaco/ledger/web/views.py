"""Reports → Payments: the Statement View, the Transaction View, and trying the card again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.ledger import operations, queries, reasons
from fondaco.ledger.models import Period
from fondaco.ledger.rules import Section, is_reason
from fondaco.ledger.web import show, words
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web.access import require_seller
from fondaco.web.paging import page_of

_MOST_UNPAID = 5


@require_seller
def reports(request: Request) -> HttpResponse:
    """The reports there are."""
    context = {"balances": queries.balances_for(request.caller)}
    return render(request, "ledger/reports.html", context)


@require_seller
def statement(request: Request, period_id: str = "") -> HttpResponse:
    """The Statement View of one period; without an id, the latest."""
    periods = queries.periods_for(request.caller)
    period = queries.period_for(request.caller, period_id) if period_id else next(iter(periods), None)
    context = {**_frame(request, "statement"), "period": period, "periods": _choices(periods, period)}
    if period is not None:
        found = queries.statement_of(period)
        context |= {"statement": found, "sections": show.sections_of(found)}
    return render(request, "ledger/statement.html", context)


@require_seller
def transactions(request: Request) -> HttpResponse:
    """The Transaction View: every line, the latest first; a statement's figures lead to their own lines."""
    wanted, part = request.GET.get("period", ""), request.GET.get("section", "")
    period = queries.period_for(request.caller, wanted) if wanted else None
    section = Section(part) if period and part in list(Section) else None
    reason = request.GET.get("reason", "")
    reason = reason if period and is_reason(reason) else ""
    lines = queries.lines_for(request.caller, period=period, section=section, reason=reason)
    page = page_of(lines, request=request, order=("-at", "-id"), size=50)
    context = {
        **_frame(request, "transactions"),
        "page": page,
        "rows": show.lines_of(page.items),
        "period": period,
        "section": words.SECTIONS[section] if section else "",
        "reason": reasons.words_of(reason) if reason else "",
    }
    return render(request, "ledger/transactions.html", context)


@require_POST
@require_seller
def try_card(request: Request) -> HttpResponse:
    """Ask the card now."""
    operations.try_card_again(request.caller)
    messages.success(request, _("The card is being asked again."))
    return redirect("ledger:statement")


def _frame(request: Request, current: str) -> dict[str, Any]:
    """What both views show above their table."""
    unpaid = show.unpaid(queries.unpaid_for(request.caller, limit=_MOST_UNPAID + 1))
    return {
        "tabs": show.tabs(current),
        "balances": queries.balances_for(request.caller),
        "unpaid": unpaid[:_MOST_UNPAID],
        "more_unpaid": len(unpaid) > _MOST_UNPAID,
        "may_pay": request.caller.may(Capability.MANAGE_CARDS),
    }


def _choices(periods: list[Period], current: Period | None) -> list[dict[str, Any]]:
    return [
        {"period": p, "url": show.period_url(p), "current": current is not None and p.pk == current.pk} for p in periods
    ]
