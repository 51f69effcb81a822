"""Notifications in the seller portal: where they go, which are heard, what became of each, and sending one again."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fondaco.engine import clock
from fondaco.sellers.access import Request
from fondaco.spapi.models import Destination, Notice, NoticeState
from fondaco.spapi.operations import deliveries, notifications
from fondaco.spapi.queries.notices import notices_of, notifications_of
from fondaco.web.access import require_seller
from fondaco.web.paging import page_of

STATES = {
    NoticeState.WAITING.value: (gettext_lazy("Waiting"), "progress"),
    NoticeState.SENT.value: (gettext_lazy("Sent"), "good"),
    NoticeState.DEAD.value: (gettext_lazy("Given up"), "bad"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A destination with its signing secret ("" for a queue) and whether it is left alone for now."""

    row: Destination
    secret: str
    is_paused: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A notice with its words."""

    row: Notice
    state: str
    tone: str
    error: str
    may_resend: bool


@require_seller
def listing(request: Request) -> HttpResponse:
    """Destinations, subscriptions and deliveries of the account."""
    found, now = notifications_of(request.caller), clock.now()
    places = [
        Place(each, notifications.secret_of(each), bool(each.paused_until and each.paused_until > now))
        for each in found.destinations
    ]
    state = request.GET.get("state", "")
    page = page_of(notices_of(request.caller, state=state), request=request, order=("-created_at", "-id"), size=25)
    base = reverse("spapi:notifications")
    tabs = [{"label": _("All"), "url": base, "current": state not in STATES, "count": None}] + [
        {"label": words, "url": f"{base}?state={key}", "current": state == key, "count": None}
        for key, (words, _tone) in STATES.items()
    ]
    shown = {
        "places": places,
        "subscriptions": found.subscriptions,
        "lines": [_line(row) for row in page.items],
        "page": page,
        "tabs": tabs,
    }
    return render(request, "spapi/notifications.html", shown)


def _line(row: Notice) -> Line:
    words, tone = STATES[row.state]
    # Our own sentences are translated; what the other side said ("HTTP 500") stays as it is.
    error = _(row.last_error) if row.last_error else ""
    return Line(row, str(words), tone, error, row.state != NoticeState.WAITING)


@require_POST
@require_seller
def rotate(request: Request, destination_id: str) -> HttpResponse:
    """A new signing secret; the old one signs beside it for a week."""
    notifications.rotate_webhook_secret(request.caller, destination_id=destination_id)
    messages.success(request, _("There is a new signing secret. For seven days messages are signed with both."))
    return redirect("spapi:notifications")


@require_POST
@require_seller
def resend(request: Request, notice_id: str) -> HttpResponse:
    """Try a notification again."""
    deliveries.resend(request.caller, notice_id=notice_id)
    messages.success(request, _("The notification is sent again."))
    return redirect("spapi:notifications")
