"""Where nearly the same picture stands already: among the seller's own, and on pages of others."""

from __future__ import annotations

from dataclasses import dataclass

from fondaco.catalogue.models import ListingImage
from fondaco.catalogue.rules import states
from fondaco.catalogue.rules.states import ImageState
from fondaco.catalogue.terms import profile_for
from fondaco.images.pipeline.profiles import load_profile
from fondaco.images.queries import looking_like, shown_finding
from fondaco.web.pictures import ShownFinding

MOST = 12


@dataclass(frozen=True, slots=True)
class Alike:
    """`image` shows what looks the same. `same_product`: on the same product's page. `bits`: how many of 64 differ; 0
    may be the very same file."""

    image: ListingImage
    bits: int
    same_file: bool
    same_product: bool


@dataclass(frozen=True, slots=True)
class Found:
    """`mine`: other submissions of the same seller that stand or wait. `others`: what other sellers show to everybody."""

    mine: tuple[Alike, ...] = ()
    others: tuple[Alike, ...] = ()
    profile: str = ""

    @property
    def findings(self) -> tuple[ShownFinding, ...]:
        """At most one: the very same file among the seller's own on this product's page, or a look-alike anywhere."""
        twice = next((each for each in self.mine if each.same_file and each.same_product), None)
        near = next(iter((*self.mine, *self.others)), None)
        code, found = ("duplicate_of", twice) if twice else ("near_duplicate_of", near)
        severity = load_profile(self.profile).severity(code) if self.profile else None
        if found is None or severity is None:
            return ()
        return (shown_finding({"code": code, "severity": str(severity)}),)


def alike_images(image: ListingImage) -> Found:
    """Everything that looks like a submitted picture; the caller has been let to `image` before.

    Of other sellers only what their pages show, and no name (a copied picture is a case for support, not for an accusation).
    """
    if image.picture is None:
        return Found()
    near = {image.picture.pk: 0, **{picture.pk: bits for picture, bits in looking_like(image.picture)}}
    rows = ListingImage.objects.filter(picture__in=near).exclude(pk=image.pk).select_related("product", "picture")
    mine = rows.filter(seller_id=image.seller_id, state__in=[s.value for s in states.LIVE])
    others = rows.exclude(seller_id=image.seller_id).filter(state=ImageState.DISPLAYED.value)
    first, second = (
        tuple(sorted((_alike(image, row, near) for row in part.order_by("pk")[: 4 * MOST]), key=_order)[:MOST])
        for part in (mine, others)
    )
    return Found(first, second, profile_for(image.variant))


def _alike(image: ListingImage, row: ListingImage, near: dict[str, int]) -> Alike:
    bits = near[row.picture_id or ""]
    return Alike(row, bits, row.picture_id == image.picture_id, row.product_id == image.product_id)


def _order(alike: Alike) -> tuple[bool, int, str]:
    return not alike.same_product, alike.bits, str(alike.image.pk)
