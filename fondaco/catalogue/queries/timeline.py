"""What happened to a product's pictures, as one account sees it: its own submissions, and the listing itself."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fondaco.catalogue.models import ListingImage, Product
from fondaco.catalogue.queries.access import image_for, product_by_asin
from fondaco.catalogue.queries.reasons import held_words, title_of
from fondaco.history.models import Event
from fondaco.history.queries import Row, events_for, row_of
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
    return Timeline(product, images, tuple(in_words(event) for event in _events(product, images)))


def image_history(caller: Caller, image_id: str | UUID) -> list[Row]:
    """What happened to one submission, newest first, as rows for a timeline. Raises NotFound."""
    return [in_words(event) for event in events_for(image_for(caller, image_id))[:MOST_EVENTS]]


def in_words(event: Event) -> Row:
    """One event as a line, its codes said in the reader's language."""
    about = dict(event.about)
    if codes := about.get("codes"):
        about["codes"] = ", ".join(title_of(code) for code in str(codes).split(", "))
    if event.verb == "image.not_selected" and about.get("code"):
        about["code"] = title_of(about["code"])
    if event.verb == "product.held_back" and about.get("reason"):
        about["reason"] = held_words(about["reason"]).rstrip(".。")
    event.about = about
    return row_of(event)


def _events(product: Product, images: tuple[ListingImage, ...]) -> list[Event]:
    own = [subject_of(image) for image in images]
    listing = subject_of(product)
    of_images = Event.objects.filter(
        subject_kind=own[0].kind if own else "", subject_id__in=[each.id for each in own]
    ).newest_first()[:MOST_EVENTS]
    of_listing = Event.objects.about(listing.kind, listing.id).filter(verb__in=OF_THE_LISTING).newest_first()
    every = [*of_images, *of_listing[:MOST_EVENTS]]
    return sorted(every, key=lambda event: (event.at, event.pk), reverse=True)[:MOST_EVENTS]
