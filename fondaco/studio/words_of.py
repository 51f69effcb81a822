"""What an order's state is called: the operator's four labels (policy), ours for the exits. For pages and the API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, pgettext_lazy

from fondaco import policy
from fondaco.engine import clock
from fondaco.studio.models import ImagingOrder
from fondaco.studio.reading import said

STATES = {
    "ORDER_PLACED": gettext_lazy("Order placed"),
    "RECEIVED_AT_STUDIO": gettext_lazy("Product received at studio"),
    "IMAGING_COMPLETE": gettext_lazy("Imaging complete"),
    "BILLED": gettext_lazy("Imaging services billed"),
    "CANCELLED": pgettext_lazy("imaging order", "Cancelled"),
    "NOT_PHOTOGRAPHED": gettext_lazy("Not photographed"),
}


def state_words(order: ImagingOrder) -> str:
    """The state in the reader's language."""
    labels = policy.value("imaging.statuses", order.store, at=clock.now()).value
    found = next((row["label"] for row in labels if row["status"] == order.state), None)
    return said(found) if found else str(STATES[order.state])
