"""Choosing what product pages show: rank the groups, select the pictures, hold back what has no good main one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from fondaco import history
from fondaco.catalogue import holds, locks, nudges
from fondaco.catalogue.models import ImageGroup, ListingImage, Product
from fondaco.catalogue.operations import image_status
from fondaco.catalogue.rules import ranking, states, suppression
from fondaco.catalogue.rules.ranking import Group, RankedImage, ScoreSheet
from fondaco.catalogue.rules.selection import Selection, select
from fondaco.catalogue.rules.states import ImageState
from fondaco.catalogue.rules.suppression import MainFacts
from fondaco.catalogue.rules.variants import MAIN
from fondaco.catalogue.search import documents
from fondaco.catalogue.terms import MAIN_PROFILE, RankingTerms, ranking_terms, submission_terms
from fondaco.engine import clock
from fondaco.engine.rows import update_rows
from fondaco.images.models import Inspection
from fondaco.images.operations import inspect_picture, rules_for
from fondaco.kit.ids import new_id

_TOGETHER = 200


@dataclass(slots=True)
class _Gallery:
    """One product on its way to a new gallery."""

    product: Product
    terms: RankingTerms
    images: list[ListingImage] = field(default_factory=list)
    waiting: int = 0
    sheets: list[ScoreSheet] = field(default_factory=list)
    selection: Selection = field(default_factory=Selection)

    def choose(self) -> None:
        ready = [image for image in self.images if image.picture and image.picture.rendered]
        by_seller: defaultdict[UUID, list[ListingImage]] = defaultdict(list)
        for image in ready:
            by_seller[image.seller_id].append(image)
        groups = [
            Group((seller_id, _source_of(images)), tuple(_ranked(image) for image in images))
            for seller_id, images in by_seller.items()
        ]
        self.sheets = ranking.rank(groups, self.terms.standards)
        self.selection = select(
            self.sheets, slots=self.terms.slots, alternates=self.terms.alternates, mix_groups=self.terms.mix_groups
        )

    @property
    def main(self) -> ListingImage | None:
        if not self.selection.gallery:
            return None
        first = self.selection.gallery[0].id
        return next(image for image in self.images if image.pk == first)


def publish_galleries(product_ids: Iterable[UUID]) -> None:
    """Choose the galleries of these products anew and write what changed. Safe to repeat: the same again is nothing.

    A picture takes part once its renditions are there. Products are handled by the hundred, each hundred in a
    transaction of its own.
    """
    ids = sorted(set(product_ids))
    for start in range(0, len(ids), _TOGETHER):
        with transaction.atomic():
            publish_locked(locks.products(ids[start : start + _TOGETHER]), at=clock.now())


def publish_locked(products: Sequence[Product], *, at: datetime) -> None:
    """As `publish_galleries`, for products that the caller's transaction has locked."""
    galleries = _gather(products, at)
    for gallery in galleries:
        gallery.choose()
    events = [event for gallery in galleries for event in _write_images(gallery, at)]
    _write_places(galleries, at)
    _write_groups(galleries, at)
    events += _write_products(galleries, at)
    documents.write([gallery.product for gallery in galleries])
    image_status.refresh(gallery.product.pk for gallery in galleries)
    history.record_all(events)
    for gallery in galleries:
        for image in gallery.images:
            if image.picture and not image.picture.rendered:
                nudges.render(image.picture.pk)


def _gather(products: Sequence[Product], at: datetime) -> list[_Gallery]:
    stores = dict(Product.objects.filter(pk__in=[p.pk for p in products]).values_list("pk", "creator__store"))
    galleries = {p.pk: _Gallery(p, ranking_terms(store=stores[p.pk], at=at)) for p in products}
    wanted = [s.value for s in (*states.WAITING, *states.STANDING)]
    found = ListingImage.objects.filter(product_id__in=list(galleries), state__in=wanted)
    for image in found.select_related("picture").order_by("pk").select_for_update(of=("self",), no_key=True):
        gallery = galleries[image.product_id]
        if image.state in states.WAITING:
            gallery.waiting += 1
        else:
            gallery.images.append(image)
    return list(galleries.values())


def _source_of(images: Sequence[ListingImage]) -> str:
    """What a contributor's group counts as: where its main picture comes from, or else its earliest one.

    Studio pictures replace some slots of their seller's gallery and stand among the others (IMG-SVC-26).
    """
    main = next((image for image in images if image.variant == MAIN), None)
    return (main or min(images, key=lambda image: (image.submitted_at, image.pk))).source


def _ranked(image: ListingImage) -> RankedImage:
    """A picture that is eligible in MAIN has been held to the standards for main pictures."""
    picture = image.picture
    assert picture is not None
    return RankedImage(
        id=image.pk,
        variant=image.variant,
        longest_px=max(picture.width, picture.height),
        meets_main=image.variant == MAIN,
        submitted_at=image.submitted_at,
    )


def _write_images(gallery: _Gallery, at: datetime) -> list[Any]:
    """Pictures that are not shown get their reason; returns the events of those whose state changes either way."""
    events, shown = [], set(gallery.selection.shown)
    for image in gallery.images:
        if image.pk in shown:
            if image.state != ImageState.DISPLAYED:
                events.append(_event("image.displayed", image, {"variant": image.variant}, "IMG-04", at))
            continue
        left_out = gallery.selection.left_out.get(image.pk)
        state = ImageState.NOT_SELECTED if left_out else ImageState.ELIGIBLE
        reasons = [left_out.as_dict()] if left_out else []
        if (image.state, image.reasons, image.place) == (state, reasons, None):
            continue
        if image.state != state and left_out:
            events.append(_event("image.not_selected", image, left_out.as_dict(), "IMG-14", at))
        image.state, image.reasons, image.place = state.value, reasons, None
        image.save(update_fields=["state", "reasons", "place"])
    return events


def _write_places(galleries: Sequence[_Gallery], at: datetime) -> None:
    """The displayed pictures, all galleries together: one statement a place that changed."""
    by_place: defaultdict[int, list[UUID]] = defaultdict(list)
    for gallery in galleries:
        images = {image.pk: image for image in gallery.images}
        for place, pk in enumerate(gallery.selection.shown):
            if images[pk].state != ImageState.DISPLAYED or images[pk].place != place or images[pk].reasons:
                by_place[place].append(pk)
    for place, pks in by_place.items():
        ListingImage.objects.filter(pk__in=pks).update(
            state=ImageState.DISPLAYED.value, place=place, reasons=[], shown_at=Coalesce("shown_at", Value(at))
        )


def _write_groups(galleries: Sequence[_Gallery], at: datetime) -> None:
    ids = [gallery.product.pk for gallery in galleries]
    present = {(g.product_id, g.seller_id, g.source): g for g in ImageGroup.objects.filter(product_id__in=ids)}
    wanted = {_group_key(gallery, sheet): (gallery, sheet) for gallery in galleries for sheet in gallery.sheets}
    gone = [group.pk for key, group in present.items() if key not in wanted]
    rows = [_group(gallery, sheet, at) for gallery, sheet in wanted.values()]
    changed = [row for row in rows if _differs(row, present.get((row.product_id, row.seller_id, row.source)))]
    ImageGroup.objects.filter(pk__in=gone).delete()
    # One group of a product is displayed: the old one steps back before the new one steps forward.
    ImageGroup.objects.filter(product_id__in={row.product_id for row in changed}, displayed=True).update(
        displayed=False
    )
    again = {row.product_id for row in changed}
    ImageGroup.objects.bulk_create(
        [row for row in rows if row.product_id in again],
        update_conflicts=True,
        unique_fields=["product", "seller", "source"],
        update_fields=["score", "factors", "displayed", "policy_version", "first_at", "ranked_at"],
    )


def _group_key(gallery: _Gallery, sheet: ScoreSheet) -> tuple[UUID, UUID, str]:
    return (gallery.product.pk, *sheet.group.key)


def _group(gallery: _Gallery, sheet: ScoreSheet, at: datetime) -> ImageGroup:
    return ImageGroup(
        id=new_id(),
        product=gallery.product,
        seller_id=sheet.group.key[0],
        source=sheet.group.source,
        score=sheet.score,
        factors=[line.as_dict() for line in sheet.factors],
        displayed=sheet is gallery.selection.winner,
        policy_version=gallery.terms.version,
        first_at=sheet.group.first_at,
        ranked_at=at,
    )


def _differs(row: ImageGroup, known: ImageGroup | None) -> bool:
    if known is None:
        return True
    facts = ("score", "factors", "displayed", "policy_version", "first_at")
    return any(getattr(row, name) != getattr(known, name) for name in facts)


def _write_products(galleries: Sequence[_Gallery], at: datetime) -> list[Any]:
    judged = _judged_as_main([gallery.main for gallery in galleries])
    reasons = {gallery.product.pk: _held_reason(gallery, gallery.main, judged) for gallery in galleries}
    reasons |= holds.held_by_others([gallery.product for gallery in galleries if not reasons[gallery.product.pk]], at)
    changed, events = [], []
    for gallery in galleries:
        product, main, reason = gallery.product, gallery.main, reasons[gallery.product.pk]
        before = (product.main_picture_id, product.held_reason)
        if before == (main.picture_id if main else None, reason):
            continue
        product.main_picture_id = main.picture_id if main else None
        product.searchable, product.held_reason, product.updated_at = not reason, reason, at
        changed.append(product)
        if before[1] != reason:
            verb = "product.held_back" if reason else "product.searchable"
            events.append(_event(verb, product, {"reason": reason}, "B-IMG-09", at))
    update_rows(changed, ["main_picture", "searchable", "held_reason", "updated_at"])
    return events


def _held_reason(gallery: _Gallery, main: ListingImage | None, judged: dict[str, tuple[str, list[str]]]) -> str:
    facts = MainFacts(shown=main is not None, is_waiting=bool(gallery.waiting))
    if main is not None:
        verdict, codes = judged.get(main.picture_id or "", ("", []))
        meets = True if main.variant == MAIN else (verdict == "eligible" if verdict else None)
        if meets is None:
            nudges.judge_as_main(main.pk)
        facts = MainFacts(shown=True, meets_main=meets, codes=tuple(codes))
    return suppression.held_reason(facts, suppress_reasons=gallery.terms.suppress_reasons)


def _judged_as_main(mains: Iterable[ListingImage | None]) -> dict[str, tuple[str, list[str]]]:
    """For pictures that moved up from another slot: what the main profile says of them, the latest word last."""
    moved_up = [image.picture_id for image in mains if image is not None and image.variant != MAIN]
    found = Inspection.objects.filter(picture_id__in=moved_up, profile=MAIN_PROFILE).order_by("inspected_at")
    return {
        i.picture_id: (i.verdict, [f["code"] for f in i.findings if f["severity"] in ("error", "fatal")]) for i in found
    }


def _event(verb: str, subject: Any, about: dict[str, Any], clause: str, at: datetime) -> Any:
    return history.build(actor=None, verb=verb, subject=subject, about=about, clause=clause, at=at)


def judge_as_main(image_id: UUID) -> None:
    """Inspect a picture of another slot by the standards for main pictures, then publish its product."""
    image = ListingImage.objects.select_related("picture", "seller").filter(pk=image_id).first()
    if image is None or image.picture is None:
        return
    terms = submission_terms(store=image.seller.store, at=image.submitted_at)
    rules = rules_for(
        MAIN_PROFILE, limits=terms.limits(MAIN_PROFILE), policy_version=terms.version, at=image.submitted_at
    )
    inspect_picture(image.picture, rules=rules, at=clock.now())
    publish_galleries([image.product_id])


def products_with(sha256: str) -> list[UUID]:
    """The products in whose galleries a picture takes part."""
    live = ListingImage.objects.filter(picture_id=sha256, state__in=[s.value for s in states.STANDING])
    return list(live.values_list("product_id", flat=True).distinct())


def as_uuid(value: str) -> UUID:
    """A task's argument as the id that it is."""
    return UUID(value)
