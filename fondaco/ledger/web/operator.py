"""The operator's books: balances, whether everything adds up, and payouts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.kit.ids import new_id
from fondaco.ledger import audit, operations
from fondaco.ledger.models import Account
from fondaco.ledger.rules import AccountKind
from fondaco.ledger.web import words
from fondaco.sellers.access import Request
from fondaco.web.access import require_role
from fondaco.web.paging import page_of


@require_role("operator")
def books(request: Request) -> HttpResponse:
    """Balances by kind, sellers with proceeds; with `?check=1` also every check of the books."""
    report = audit.audit() if request.GET.get("check") == "1" else None
    with_money = Account.objects.filter(kind=AccountKind.SELLER_PROCEEDS.value, balance_minor__gt=0)
    page = page_of(with_money.select_related("seller"), request=request, order=("-balance_minor", "id"), size=25)
    context = {
        "sums": [{"title": words.ACCOUNTS[s.kind], "sum": s} for s in audit.books_for(request.caller)],
        "report": report,
        "checks": [{"title": words.CHECKS[n], "faults": found} for n, found in report.faults.items()] if report else [],
        "page": page,
        "request_key": new_id(),
    }
    return render(request, "ledger/books.html", context)


@require_POST
@require_role("operator")
def pay_out(request: Request) -> HttpResponse:
    """Pay one seller out."""
    given = request.POST
    operations.pay_out(
        request.caller,
        number=given.get("seller", ""),
        currency=given.get("currency", ""),
        key=given.get("request_key", ""),
    )
    messages.success(request, _("Paid out."))
    return redirect("ledger:books")
