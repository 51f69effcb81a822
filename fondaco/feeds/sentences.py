"""What feeds teach others when they are loaded: how their events read, and which batch IDs there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fondaco import history
from fondaco.feeds.errors import gettext_noop as _
from fondaco.history.rules import Sentence

if TYPE_CHECKING:
    from fondaco.sellers.models import SellerAccount

SENTENCES = {
    "feed.submitted": Sentence(_("The file was uploaded as batch %(batch)s."), "progress"),
    "feed.done": Sentence(
        _("Batch %(batch)s is done: %(processed)s records processed, %(successful)s successful."), "good"
    ),
    "feed.refused": Sentence(_("The file of batch %(batch)s could not be used."), "bad"),
    "feed.cancelled": Sentence(_("Batch %(batch)s was cancelled."), "neutral"),
}


def teach() -> None:
    """Words for the events of feeds."""
    history.speak(SENTENCES)


def knows_batch(seller: SellerAccount | None, number: str) -> bool:
    """Whether this is one of the seller's own batch IDs (Q-20)."""
    from fondaco.feeds.queries import owns_batch

    return seller is not None and owns_batch(seller=seller, number=number)
