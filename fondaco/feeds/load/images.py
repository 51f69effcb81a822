"""Pictures of a chunk: addresses that are new become submissions; what the catalogue has already is left alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fondaco import history
from fondaco.catalogue import locks, nudges
from fondaco.catalogue.models import ListingImage, Method, Source
from fondaco.catalogue.operations import image_status
from fondaco.catalogue.operations.images import end
from fondaco.catalogue.rules import states
from fondaco.catalogue.rules.states import ImageState
from fondaco.catalogue.terms import submission_terms
from fondaco.feeds.columns import CLEAR
from fondaco.kit.deadlines import image_display
from fondaco.kit.ids import new_id
from fondaco.sellers.models import OwnedBrand, SellerAccount
from fondaco.sellers.rules import fold_name

NUDGED_TOGETHER = 200
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A picture that row `record` asks for: `url` may be CLEAR to take away what stands there."""

    record: int
    product_id: UUID
    variant: str
    url: str


def submit(
    *, seller: SellerAccount, asked: Sequence[Asked], batch_id: UUID, actor: Any, refetch: bool, at: datetime
) -> int:
    """Writes submissions for pictures that are not there yet; returns how many.

    A picture of the same address that waits or was found good is left alone (unless `refetch`); one that was rejected
    is fetched again, because its host may have been mended.
    """
    if not asked:
        return 0
    products = {p.pk: p for p in locks.products({a.product_id for a in asked})}
    live = _live(seller, products)
    brands = set(OwnedBrand.objects.filter(seller=seller).values_list("name_folded", flat=True))
    terms = submission_terms(store=seller.store, at=at)
    due_at = image_display(submitted_at=at, hours=terms.values["image.display_sla_hours"]).due_at
    new: list[ListingImage] = []
    cleared: list[ListingImage] = []
    for each in asked:
        here = live.get((each.product_id, each.variant), [])
        if each.url == CLEAR:
            cleared += here
            continue
        if not refetch and any(_stands(image, each.url) for image in here):
            continue
        product = products[each.product_id]
        own_brand = product.brand and fold_name(product.brand) in brands
        new.append(
            ListingImage(
                id=new_id(),
                product=product,
                seller=seller,
                source=Source.BRAND if own_brand else Source.SELLER,
                variant=each.variant,
                method=Method.FEED,
                source_url=each.url,
                policy_version=terms.version,
                batch_id=batch_id,
                batch_record=each.record,
                next_try_at=at,
                submitted_at=at,
                due_at=due_at,
            )
        )
    end(cleared, ImageState.REMOVED, at=at)
    _give_way(new, live, at)
    ListingImage.objects.bulk_create(new, batch_size=_AT_ONCE)
    image_status.refresh({image.product_id for image in [*new, *cleared]})
    history.record_all(_events(new, actor, at))
    for image in cleared:
        nudges.publish(image.product_id)
    for some in groups_of([image.pk for image in new]):
        nudges.look_at_many(some)
    return len(new)


def _live(seller: SellerAccount, product_ids: Iterable[UUID]) -> dict[tuple[UUID, str], list[ListingImage]]:
    found: defaultdict[tuple[UUID, str], list[ListingImage]] = defaultdict(list)
    ids = sorted(product_ids)
    wanted = [s.value for s in states.LIVE]
    for some in groups_of(ids, _AT_ONCE):
        for image in ListingImage.objects.filter(product_id__in=some, seller=seller, state__in=wanted).exclude(
            source=Source.STUDIO
        ):
            found[image.product_id, image.variant].append(image)
    return found


def _stands(image: ListingImage, url: str) -> bool:
    return image.source_url == url and image.state != ImageState.REJECTED


def _give_way(new: Sequence[ListingImage], live: dict[tuple[UUID, str], list[ListingImage]], at: datetime) -> None:
    """Candidates in the slots of the new pictures are replaced at once; what is good stays until the new one is."""
    candidates = {s.value for s in states.CANDIDATE}
    gone = [
        image.pk
        for coming in new
        for image in live.get((coming.product_id, coming.variant), ())
        if image.state in candidates and image.source == coming.source
    ]
    for some in groups_of(gone, _AT_ONCE):
        ListingImage.objects.filter(pk__in=some).update(
            state=ImageState.REPLACED.value, ended_at=at, next_try_at=None, place=None
        )


def _events(new: Sequence[ListingImage], actor: Any, at: datetime) -> list[Any]:
    return [
        history.build(
            actor=actor,
            verb="image.submitted",
            subject=image,
            about={
                "asin": image.product.asin,
                "variant": image.variant,
                "method": image.method,
                "due_at": image.due_at,
            },
            clause="IMG-03",
            policy_version=image.policy_version[:100],
            at=at,
        )
        for image in new
    ]


def groups_of[T](things: Sequence[T], size: int = NUDGED_TOGETHER) -> list[Sequence[T]]:
    return [things[at : at + size] for at in range(0, len(things), size)]
