"""Submitted pictures as the templates take them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from fondaco.catalogue.models import ListingImage, Product
from fondaco.catalogue.queries.gallery import Slot, SubmittedImage
from fondaco.catalogue.rules import states
from fondaco.catalogue.rules.states import ImageState
from fondaco.catalogue.web import words
from fondaco.images.queries import picture_urls
from fondaco.web.pictures import Shown, ShownFinding


@dataclass(frozen=True, slots=True)
class Card:
    """One submission: its picture, its state in words, and what can be done with it."""

    image: ListingImage
    submitted: SubmittedImage
    state: Any
    tone: str
    is_waiting: bool
    label: str

    @property
    def picture(self) -> Any:
        return self.image.picture

    @property
    def is_rejected(self) -> bool:
        return self.image.state == ImageState.REJECTED

    @property
    def is_not_selected(self) -> bool:
        return self.image.state == ImageState.NOT_SELECTED

    @property
    def advice(self) -> int:
        """How many findings a good picture has nevertheless."""
        return 0 if self.is_rejected or self.is_waiting else len(self.submitted.findings)


@dataclass(frozen=True, slots=True)
class SlotCard:
    """A slot with what stands in it and what is to follow."""

    slot: Slot
    label: str
    standing: Card | None
    candidate: Card | None

    @property
    def first(self) -> Card | None:
        """What the slot shows large: the picture that stands, else the candidate."""
        return self.standing or self.candidate

    @property
    def second(self) -> Card | None:
        """The candidate behind a standing picture."""
        return self.candidate if self.standing else None


def card(submitted: SubmittedImage, label: str = "") -> Card:
    image = submitted.image
    waits = image.state in (*states.WAITING, ImageState.ELIGIBLE)
    return Card(
        image=image,
        submitted=submitted,
        state=words.IMAGE_STATES[image.state],
        tone=words.IMAGE_STATE_TONES.get(image.state, "neutral"),
        is_waiting=waits,
        label=label or image.variant,
    )


def slot_card(slot: Slot) -> SlotCard:
    label = _(slot.label)
    return SlotCard(
        slot=slot,
        label=label,
        standing=card(slot.standing, label) if slot.standing else None,
        candidate=card(slot.candidate, label) if slot.candidate else None,
    )


def viewer(
    submitted: SubmittedImage, product: Product, *, only_reasons: bool = False, also: tuple[ShownFinding, ...] = ()
) -> Shown | None:
    """The picture with everything found drawn on it, and what was found beside it (`also`); None where there is no
    rendition to draw on."""
    urls = picture_urls(submitted.image.picture)
    if not urls.src:
        return None
    found = numbered(submitted.reasons if only_reasons else (*every_finding(submitted), *also))
    alt = f"{product.title}, {submitted.image.variant}"
    return Shown(urls.large, alt, urls.width, urls.height, found, urls.srcset)


def every_finding(submitted: SubmittedImage) -> tuple[ShownFinding, ...]:
    """Reasons first, then what the inspection also said."""
    told = {reason.code for reason in submitted.reasons}
    return (*submitted.reasons, *(f for f in submitted.findings if f.code not in told))


def numbered(findings: tuple[ShownFinding, ...]) -> tuple[ShownFinding, ...]:
    """Those with a region first, counted from 1 over all."""
    ordered = sorted(findings, key=lambda finding: finding.region is None)
    return tuple(replace(finding, number=n) for n, finding in enumerate(ordered, start=1))
