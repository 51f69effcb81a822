"""What customer service adds to the pages of an order: refunds given, claims, the way to the desk."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fondaco.messaging.rules.words import Audience
from fondaco.orders.models import Order, OrderItem
from fondaco.orders.web import panels
from fondaco.returns.models import Return
from fondaco.returns.web import beside
from fondaco.sellers.access import Caller
from fondaco.service.models import GuaranteeClaim, Remedy, ReturnEvidence
from fondaco.service.queries import neighbours
from fondaco.service.queries.access import DESK_ROLES
from fondaco.service.web import show


def provide(
    order: Order, *, item: OrderItem | None, caller: Caller, side: panels.Side
) -> Iterator[panels.Action | panels.Panel]:
    """Refunds and claims of the order; for staff the page at the desk, for the buyer a guarantee claim."""
    if item is not None:
        return
    if caller.has(*DESK_ROLES) and side == "staff":
        yield panels.Action(_("Open at the desk"), reverse("service:order", args=[order.number]), icon="headset")
    given = Remedy.objects.filter(order=order).select_related("author").prefetch_related("parts").order_by("-made_at")
    claims = GuaranteeClaim.objects.filter(order=order).select_related("order")
    if side == "buyer" and order.status != "cancelled":
        yield panels.Action(_("Guarantee claim"), reverse("service:open_guarantee", args=[order.number]), icon="shield")
    if side == "seller":
        directed = [row for row in neighbours.conversations_of(order) if row.audience == Audience.SERVICE]
        if directed:
            context = {"rows": [show.conversation_row(row) for row in directed]}
            yield panels.Panel(_("Directed to customer service"), "service/_directed.html", context)
    rows = [show.remedy_row(each) for each in given if each.amount_minor or side != "buyer"]
    if rows or claims:
        shown = {"remedies": rows, "claims": [show.guarantee_row(each) for each in claims], "side": side}
        yield panels.Panel(_("Customer service"), "service/_order_panel.html", shown)


def photos_beside(row: Return, *, caller: Caller, side: panels.Side) -> Iterator[panels.Panel]:
    """The photographs that were put beside a return, for everybody who sees it."""
    placed = list(
        ReturnEvidence.objects.filter(parcel=row)
        .select_related("photo__message__conversation", "by")
        .order_by("at", "photo__message_id", "photo__place")
    )
    if placed:
        context = {"photos": [show.evidence_row(each, side=side) for each in placed]}
        yield panels.Panel(_("The buyer’s photos"), "service/_evidence.html", context)


def show_all() -> None:
    """Called once, when the application is ready."""
    panels.provider(provide)
    beside.provider(photos_beside)
