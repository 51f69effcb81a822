"""The seller's overview: how the account's listings and pictures stand, and what is to be done next.

Nothing here is counted to the end: an account may have a million listings, and "more than 10,000" says enough.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from fondaco.catalogue.models import ImageStatus, ListingImage, Offer, OfferStatus
from fondaco.catalogue.rules import states
from fondaco.catalogue.rules.states import ImageState
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability

MOST_COUNTED = 10_000
MOST_TO_DO = 6


@dataclass(frozen=True, slots=True)
class Count:
    """A number of things; `is_more` when it stopped counting there."""

    number: int
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    """`held` is why listings are held out of search, the most frequent first; `to_mend` offers whose picture was
    rejected, `to_picture` those that have none."""

    seller: SellerAccount
    listings: Count
    searchable: Count
    held: tuple[tuple[str, int], ...]
    held_total: Count
    processing: Count
    rejected: Count
    next_due: Any
    to_mend: tuple[Offer, ...]
    to_picture: tuple[Offer, ...]


def overview_of(caller: Caller) -> Overview:
    """The current seller account's. Raises SignInRequired, SellerRequired, Denied."""
    seller = caller.require_seller(Capability.VIEW)
    active = Offer.objects.filter(seller=seller, status=OfferStatus.ACTIVE)
    held = active.filter(product__searchable=False)
    reasons = Counter(held.values_list("product__held_reason", flat=True)[:MOST_COUNTED])
    processing = active.filter(image_status=ImageStatus.PROCESSING)
    rejected = active.filter(image_status=ImageStatus.REJECTED)
    return Overview(
        seller=seller,
        listings=_count(active),
        searchable=_count(active.filter(product__searchable=True)),
        held=tuple(reasons.most_common()),
        held_total=_count(held),
        processing=_count(processing),
        rejected=_count(rejected),
        next_due=_next_due(seller) if processing.exists() else None,
        to_mend=_some(rejected),
        to_picture=_some(active.filter(image_status=ImageStatus.MISSING)),
    )


def first_reasons(offers: tuple[Offer, ...]) -> dict[Any, list[Any]]:
    """By product: the reasons of the rejected picture, the main one's first."""
    if not offers:
        return {}
    rejected = ListingImage.objects.filter(
        product_id__in=[offer.product_id for offer in offers],
        seller_id__in={offer.seller_id for offer in offers},
        state=ImageState.REJECTED.value,
    )
    found: dict[Any, list[Any]] = {}
    for product, _variant, reasons in sorted(
        rejected.values_list("product_id", "variant", "reasons"), key=lambda row: row[1] != "MAIN"
    ):
        found.setdefault(product, reasons)
    return found


def _count(rows: QuerySet[Any]) -> Count:
    number = rows.order_by()[: MOST_COUNTED + 1].count()
    return Count(min(number, MOST_COUNTED), number > MOST_COUNTED)


def _some(rows: QuerySet[Offer]) -> tuple[Offer, ...]:
    return tuple(rows.select_related("product__main_picture").order_by("-id")[:MOST_TO_DO])


def _next_due(seller: SellerAccount) -> Any:
    """When the picture that has waited longest is due."""
    waiting = ListingImage.objects.filter(seller=seller, state__in=[s.value for s in states.WAITING])
    return waiting.order_by("next_try_at").values_list("due_at", flat=True).first()
