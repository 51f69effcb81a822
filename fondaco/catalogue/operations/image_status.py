"""Keeps `Offer.image_status` true: how a product's pictures stand for each seller who offers it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from fondaco.catalogue import watchers
from fondaco.catalogue.models import ImageStatus, ListingImage, Offer
from fondaco.catalogue.rules import states
from fondaco.catalogue.rules.states import ImageState


def refresh(product_ids: Iterable[UUID]) -> None:
    """Work out the status anew for every offer on these products; only rows that change are written. Who listens hears of
    them all: a picture's findings may be other ones under the same status."""
    ids = list(set(product_ids))
    watchers.touched(products=ids)
    shown, own = _states(ids)
    changed: dict[str, list[UUID]] = defaultdict(list)
    for pk, product_id, seller_id, before in Offer.objects.filter(product_id__in=ids).values_list(
        "pk", "product_id", "seller_id", "image_status"
    ):
        status = status_of(own[product_id, seller_id], is_shown=product_id in shown)
        if status != before:
            changed[status.value].append(pk)
    for value, pks in changed.items():
        Offer.objects.filter(pk__in=pks).update(image_status=value)


def status_of(own: set[str], *, is_shown: bool) -> ImageStatus:
    """From the states of the seller's own live pictures, and whether the page shows any picture at all.

    What waits comes first, then what was rejected: these are what the seller wants to know of.
    """
    if own & {s.value for s in states.WAITING}:
        return ImageStatus.PROCESSING
    if ImageState.REJECTED.value in own:
        return ImageStatus.REJECTED
    if ImageState.ELIGIBLE.value in own and not is_shown:
        return ImageStatus.PROCESSING
    if ImageState.DISPLAYED.value in own:
        return ImageStatus.SHOWN
    return ImageStatus.SHOWN_OTHER if is_shown else ImageStatus.MISSING


def _states(ids: list[UUID]) -> tuple[set[UUID], defaultdict[tuple[UUID, UUID], set[str]]]:
    shown: set[UUID] = set()
    own: defaultdict[tuple[UUID, UUID], set[str]] = defaultdict(set)
    live = ListingImage.objects.filter(product_id__in=ids, state__in=[s.value for s in states.LIVE])
    for product_id, seller_id, state in live.values_list("product_id", "seller_id", "state"):
        own[product_id, seller_id].add(state)
        if state == ImageState.DISPLAYED:
            shown.add(product_id)
    return shown, own
