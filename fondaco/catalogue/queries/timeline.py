"""What happened to a product's pictures, as one account sees it: its own submissions, and the listing itself."""

from __future__ import annotations

from dataclasses import dataclass

from fondaco.catalogue.models import ListingImage, Product
from fondaco.catalogue.queries.access import product_by_asin
from fondaco.history.models import Event
from fondaco.history.queries import Row, row_of
from fondaco.history.rules import subject_of
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability

MOST_EVENTS = 100
MOST_IMAGES = 200
OF_THE_LISTING = ("product.held_back", "product.searchable", "product.added")


@dataclass(frozen=True, slots=True)
class Timeline:
    """`images` are the account's submissions, removed ones included, the newest first; `events` what happened."""

    product: Product
    images: tuple[ListingImage, ...]
    events: tuple[Row, ...]


def picture_timeline(caller: Caller, asin: str) -> Timeline:
    """Raises NotFound for an unknown ASIN, SignInRequired, SellerRequired, Denied."""
    seller = caller.require_seller(Capability.VIEW)
    product = product_by_asin(asin)
    rows = ListingImage.objects.filter(product=product, seller=seller).select_related("picture")
    images = tuple(rows.order_by("-submitted_at", "-pk")[:MOST_IMAGES])
    return Timeline(product, images, tuple(row_of(event) for event in _events(product, images)))


def _events(product: Product, images: tuple[ListingImage, ...]) -> list[Event]:
    own = [subject_of(image) for image in images]
    listing = subject_of(product)
    of_images = Event.objects.filter(
        subject_kind=own[0].kind if own else "", subject_id__in=[each.id for each in own]
    ).newest_first()[:MOST_EVENTS]
    of_listing = Event.objects.about(listing.kind, listing.id).filter(verb__in=OF_THE_LISTING).newest_first()
    every = [*of_images, *of_listing[:MOST_EVENTS]]
    return sorted(every, key=lambda event: (event.at, event.pk), reverse=True)[:MOST_EVENTS]
