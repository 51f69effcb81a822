"""Pictures of a product: what the page shows, and what Manage Images tells the seller about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fondaco import policy
from fondaco.catalogue.models import ImageGroup, ListingImage, Product
from fondaco.catalogue.queries.access import image_for, product_by_asin
from fondaco.catalogue.queries.reasons import factor_words, shown_reasons
from fondaco.catalogue.rules import states
from fondaco.catalogue.rules.ranking import FactorScore, lines_of
from fondaco.catalogue.rules.states import ImageState
from fondaco.catalogue.rules.variants import SWATCH
from fondaco.catalogue.terms import profile_for
from fondaco.engine import clock
from fondaco.engine.prepared import Prepared
from fondaco.images.models import Inspection, Picture
from fondaco.images.queries import latest_inspection, shown_findings
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.queries import as_id
from fondaco.sellers.rules import Capability
from fondaco.web.pictures import ShownFinding


@dataclass(frozen=True, slots=True)
class Gallery:
    """What a product page shows: pictures in order, the main one first, and the swatch of its colour."""

    pictures: tuple[Picture, ...] = ()
    swatch: Picture | None = None


_DISPLAYED = Prepared(
    lambda product: (
        ListingImage.objects.filter(product=product, state=ImageState.DISPLAYED.value)
        .select_related("picture")
        .order_by("place", "pk")
    )
)


def gallery_of(product: Product) -> Gallery:
    """The displayed pictures of a product; for everybody."""
    images = [image for image in _DISPLAYED.rows(product=product.pk) if image.picture is not None]
    swatch = next((image.picture for image in images if image.variant == SWATCH), None)
    pictures = tuple(image.picture for image in images if image.variant != SWATCH and image.picture is not None)
    return Gallery(pictures, swatch or (pictures[0] if pictures else None))


@dataclass(frozen=True, slots=True)
class SubmittedImage:
    """One submission for Manage Images: where it stands, why, and what was found.

    `reasons` are in the reader's words; `findings` are everything that the inspection said, warnings included.
    `is_late`: due and not decided. `can_restore`, `can_remove` say which verbs its state allows.
    """

    image: ListingImage
    reasons: tuple[ShownFinding, ...]
    findings: tuple[ShownFinding, ...]
    is_late: bool
    can_restore: bool
    can_remove: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot of the seller's gallery: the picture that stands, and the one that is to follow it or was rejected."""

    variant: str
    label: str
    in_gallery: bool
    standing: SubmittedImage | None = None
    candidate: SubmittedImage | None = None

    @property
    def is_empty(self) -> bool:
        return self.standing is None and self.candidate is None


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One factor of a score sheet in the reader's words."""

    factor: str
    words: str
    measured: Any
    weight: int
    points: int


@dataclass(frozen=True, slots=True)
class Score:
    """A group's score sheet. `is_mine` for the caller's own account; another's shows no name."""

    source: str
    score: int
    lines: tuple[ScoreLine, ...]
    displayed: bool
    is_mine: bool
    policy_version: str
    ranked_at: datetime


@dataclass(frozen=True, slots=True)
class ManagedImages:
    """Everything on Manage Images: slots in order, replaced pictures that can come back, and the score sheets."""

    product: Product
    seller: SellerAccount
    slots: tuple[Slot, ...]
    replaced: tuple[SubmittedImage, ...]
    scores: tuple[Score, ...]
    waiting: int

    @property
    def is_busy(self) -> bool:
        """Whether something is being processed: the page asks again."""
        return self.waiting > 0


def managed_images(caller: Caller, asin: str) -> ManagedImages:
    """The caller's current seller account's pictures of a product, and how its groups rank (IMG-14, IMG-SVC-50).

    Raises NotFound for an unknown ASIN, SignInRequired, SellerRequired, Denied.
    """
    seller = caller.require_seller(Capability.VIEW)
    product = product_by_asin(asin)
    at = clock.now()
    wanted = [s.value for s in (*states.LIVE, ImageState.REPLACED)]
    rows = list(
        ListingImage.objects.filter(product=product, seller=seller, state__in=wanted)
        .select_related("picture")
        .order_by("-submitted_at", "-pk")
    )
    inspections = _inspections(rows)
    shown = [_submitted(row, inspections.get((row.picture_id, profile_for(row.variant))), at) for row in rows]
    return ManagedImages(
        product=product,
        seller=seller,
        slots=_slots(shown, policy.value("image.variants", seller.store, at=at).value),
        replaced=tuple(each for each in shown if each.image.state == ImageState.REPLACED),
        scores=scores_of(product, seller),
        waiting=sum(row.state in states.WAITING or row.state == ImageState.ELIGIBLE for row in rows),
    )


def scores_of(product: Product, seller: SellerAccount | None) -> tuple[Score, ...]:
    """The score sheets of a product's groups, the best first. Weights are published; names of others are not."""
    groups = ImageGroup.objects.filter(product=product).order_by("-displayed", "-score", "first_at")
    return tuple(
        Score(
            source=group.source,
            score=group.score,
            lines=tuple(_line(line) for line in lines_of(group.factors)),
            displayed=group.displayed,
            is_mine=seller is not None and group.seller_id == seller.pk,
            policy_version=group.policy_version,
            ranked_at=group.ranked_at,
        )
        for group in groups
    )


def submitted_image(caller: Caller, image_id: str | UUID) -> SubmittedImage:
    """One submission with its findings, for the page that draws them on the picture. Raises NotFound."""
    image = image_for(caller, as_id(image_id))
    inspection = latest_inspection(image.picture, profile=profile_for(image.variant), rules=image.verdict_rules)
    return _submitted(image, inspection, clock.now())


def _submitted(image: ListingImage, inspection: Inspection | None, at: datetime) -> SubmittedImage:
    return SubmittedImage(
        image=image,
        reasons=shown_reasons(image.reasons),
        findings=shown_findings(inspection.findings) if inspection else (),
        is_late=image.state in states.WAITING and at > image.due_at,
        can_restore=image.state == ImageState.REPLACED,
        can_remove=states.may_become(old=image.state, new=ImageState.REMOVED),
    )


def _inspections(rows: Sequence[ListingImage]) -> dict[tuple[str | None, str], Inspection]:
    """The newest inspection of each picture under the profile of its slot: one query."""
    found = Inspection.objects.filter(picture_id__in={row.picture_id for row in rows if row.picture_id})
    return {(i.picture_id, i.profile): i for i in found.order_by("inspected_at")}


def _slots(shown: Sequence[SubmittedImage], variants: Sequence[Mapping[str, Any]]) -> tuple[Slot, ...]:
    """Every slot of the gallery, and those outside it that hold something; in the order of policy."""
    known = [row["code"] for row in variants]
    rows = [*variants, *_unknown_slots(shown, known)]
    slots = (_slot(row, [each for each in shown if each.image.variant == row["code"]]) for row in rows)
    return tuple(slot for slot in slots if slot.in_gallery or not slot.is_empty)


def _unknown_slots(shown: Sequence[SubmittedImage], known: Sequence[str]) -> list[Mapping[str, Any]]:
    """Slots that policy has dropped since, while pictures still stand in them."""
    codes = dict.fromkeys(each.image.variant for each in shown if each.image.variant not in known)
    return [{"code": code, "label": code, "in_gallery": False} for code in codes]


def _slot(row: Mapping[str, Any], here: Sequence[SubmittedImage]) -> Slot:
    def first(wanted: Sequence[ImageState]) -> SubmittedImage | None:
        return next((each for each in here if each.image.state in wanted), None)

    return Slot(row["code"], row["label"], row["in_gallery"], first(states.STANDING), first(states.CANDIDATE))


def _line(line: FactorScore) -> ScoreLine:
    return ScoreLine(str(line.factor), factor_words(line.factor), line.measured, line.weight, line.points)
