"""Words of the studio's pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, pgettext_lazy

from fondaco import policy
from fondaco.engine import clock
from fondaco.studio.models import ImagingOrder
from fondaco.studio.reading import said
from fondaco.studio.words_of import STATES
from fondaco.studio.words_of import state_words as state_of

__all__ = [
    "CANCELLATIONS",
    "CANCELLATION_TONES",
    "EXITS",
    "FLAWS",
    "FOUR",
    "GUIDE_MODELS",
    "LEGS",
    "MODELS",
    "SHOOT_WITH",
    "STATES",
    "STATE_TONES",
    "WHERE",
    "state_of",
    "steps_of",
]

STATE_TONES = {
    "ORDER_PLACED": "progress",
    "RECEIVED_AT_STUDIO": "progress",
    "IMAGING_COMPLETE": "progress",
    "BILLED": "good",
    "CANCELLED": "neutral",
    "NOT_PHOTOGRAPHED": "bad",
}
WHERE = {
    "fc_shelf": gettext_lazy("on its shelf in the fulfilment centre"),
    "fc_dock": gettext_lazy("picked, at the dock"),
    "to_studio": gettext_lazy("on the way to the studio"),
    "studio": gettext_lazy("in the studio"),
    "to_fc": gettext_lazy("on the way back"),
    "back": gettext_lazy("back in the fulfilment centre"),
    "missing": gettext_lazy("not located"),
    "lost": gettext_lazy("lost"),
    "damaged": gettext_lazy("damaged"),
}
LEGS = {
    "reserved": gettext_lazy("Unit reserved"),
    "picked": gettext_lazy("Picked from its shelf"),
    "dispatched": gettext_lazy("Sent to the studio"),
    "received": gettext_lazy("Received at the studio"),
    "sent_back": gettext_lazy("Sent back"),
    "checked_in": gettext_lazy("Back in the fulfilment centre"),
    "not_located": gettext_lazy("Could not be located"),
    "found": gettext_lazy("Found again"),
    "given_up": gettext_lazy("Search given up"),
    "lost": gettext_lazy("Lost"),
    "damaged": gettext_lazy("Damaged"),
}
EXITS = {
    "not_located": gettext_lazy("The unit could not be located in the fulfilment centre. You are not charged."),
    "capacity": gettext_lazy("The studio had no capacity for it. You are not charged."),
    "lost": gettext_lazy("The unit was lost before it was photographed. You are not charged, and it is reimbursed."),
    "damaged": gettext_lazy("The unit was damaged before it was photographed. You are not charged."),
}
CANCELLATIONS = {
    "requested": gettext_lazy("Cancellation requested"),
    "accepted": gettext_lazy("Cancellation accepted"),
    "refused": gettext_lazy("Cancellation refused: the product was already received at the studio"),
}
CANCELLATION_TONES = {"requested": "warn", "accepted": "good", "refused": "bad"}
MODELS = {
    "woman": pgettext_lazy("model of a picture", "A woman"),
    "man": pgettext_lazy("model of a picture", "A man"),
    "child": pgettext_lazy("model of a picture", "A child"),
}
SHOOT_WITH = {"model": gettext_lazy("With a model"), "tabletop": gettext_lazy("On a tabletop")}
FLAWS = {
    "colour": gettext_lazy("Changes the product's colour"),
    "outline": gettext_lazy("Changes the product's outline"),
    "marked": gettext_lazy("Marked by a retoucher"),
}
GUIDE_MODELS = {"never": gettext_lazy("Always on a tabletop"), "possible": gettext_lazy("A model is possible")}
FOUR = ("ORDER_PLACED", "RECEIVED_AT_STUDIO", "IMAGING_COMPLETE", "BILLED")


def steps_of(order: ImagingOrder) -> list[dict[str, object]]:
    """The four statuses as steps: done, where it stands, and to come; an exit ends them."""
    labels = {
        row["status"]: said(row["label"]) for row in policy.value("imaging.statuses", order.store, at=clock.now()).value
    }
    times = (order.placed_at, order.received_at, order.complete_at, order.billed_at)
    steps: list[dict[str, object]] = []
    for name, at in zip(FOUR, times, strict=True):
        if at is None and not order.is_open:
            break
        state = "now" if name == order.state and order.is_open else ("done" if at else "todo")
        steps.append({"label": labels[name], "state": state, "at": at})
    if order.state in ("CANCELLED", "NOT_PHOTOGRAPHED"):
        steps.append({"label": STATES[order.state], "state": "bad", "at": order.ended_at})
    return steps
