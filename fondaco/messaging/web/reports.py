"""Reported messages (Q-51): made by their readers, looked at by customer service."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.kit.errors import NotFound
from fondaco.messaging import operations, wording
from fondaco.messaging.queries import access, lists
from fondaco.messaging.rules.words import ReportReason
from fondaco.messaging.web.forms import ReportForm
from fondaco.sellers.access import Request
from fondaco.web.access import require_role, signed_in


@require_POST
@signed_in
def create(request: Request) -> HttpResponse:
    """Report a received message."""
    form = ReportForm(request.POST)
    if not form.is_valid():
        raise NotFound(what="message")
    data = form.cleaned_data
    made = operations.report(
        request.caller, message_id=data["message"], reason=ReportReason(data["reason"]), note=data["note"]
    )
    messages.success(request, _("Thank you. Customer service looks at the message; it stays where it is."))
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        return redirect("messaging:conversation", made.message.conversation.number)
    return redirect(back)


@require_role(*access.SERVICE_ROLES)
def listing(request: Request) -> HttpResponse:
    """Reports that nobody has looked at."""
    if request.method == "POST":
        try:
            report_id = UUID(request.POST.get("report", ""))
        except ValueError:
            raise NotFound(what="report") from None
        operations.settle_report(request.caller, report_id=report_id)
        messages.success(request, _("Marked as looked at."))
        return redirect("messaging:reports")
    rows = [{"report": r, "reason": wording.REPORTS[r.reason]} for r in lists.open_reports(request.caller)]
    return render(request, "messaging/reports.html", {"rows": rows})
