"""A seller's listings as the interface lists them: found by SKU or by filters, a page at a time, in bounded work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from fondaco.catalogue.models import ListingImage, Offer, OfferStatus, Product
from fondaco.catalogue.rules import states
from fondaco.catalogue.rules.states import ImageState
from fondaco.feeds.models import FamilySku
from fondaco.sellers.models import SellerAccount

MOST_COUNTED = 1000
ORDERS = {"createdDate": "id", "lastUpdatedDate": "updated_at", "sku": "sku"}


@dataclass(frozen=True, slots=True)
class Question:
    """What `searchListingsItems` asks. Empty means everything."""

    store: str
    skus: tuple[str, ...] = ()
    asins: tuple[str, ...] = ()
    barcodes: tuple[str, ...] = ()
    parent_sku: str = ""
    created_after: datetime | None = None
    created_before: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    buyable: bool | None = None
    discoverable: bool | None = None
    severities: tuple[str, ...] = ()
    order: str = "lastUpdatedDate"
    descending: bool = True


@dataclass(slots=True)
class Page:
    """Rows in order, and whether there are more behind and before them. `count` is exact up to `MOST_COUNTED`."""

    offers: list[Offer] = field(default_factory=list)
    more: bool = False
    before: bool = False
    count: int = 0


def listing_of(seller: SellerAccount, sku: str) -> Offer | None:
    """The seller's offer with this SKU, its product loaded."""
    found = Offer.objects.filter(seller=seller, sku=sku).exclude(status=OfferStatus.CLOSED)
    return found.select_related("product__main_picture", "product__parent").first()


def page_of(
    seller: SellerAccount, question: Question, *, size: int, after: list[Any] | None = None, back: bool = False
) -> Page:
    """One page: the rows behind (`back`: before) the position `after`."""
    found = _matching(seller, question)
    count = min(found.order_by()[: MOST_COUNTED + 1].count(), MOST_COUNTED)
    key = ORDERS[question.order]
    descending = question.descending != back
    if after:
        found = found.filter(_behind(key, after, descending))
    marks = "-" if descending else ""
    order = [f"{marks}{key}"] + ([f"{marks}id"] if key != "id" else [])
    rows = list(found.select_related("product__main_picture", "product__parent").order_by(*order)[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if back:
        rows.reverse()
        return Page(rows, more=True, before=more, count=count)
    return Page(rows, more=more, before=bool(after), count=count)


def position_of(offer: Offer, question: Question) -> list[str]:
    """Where an offer stands in the order asked for."""
    value = getattr(offer, ORDERS[question.order])
    return [value.isoformat() if isinstance(value, datetime) else str(value), str(offer.pk)]


def _behind(key: str, after: list[Any], descending: bool) -> Q:
    way = "lt" if descending else "gt"
    if key == "id":
        return Q(**{f"id__{way}": UUID(after[1])})
    value: Any = datetime.fromisoformat(after[0]) if key == "updated_at" else after[0]
    # The first condition alone lets the index begin at the place; the second leaves out what stands there already.
    return Q(**{f"{key}__{way}e": value}) & (Q(**{f"{key}__{way}": value}) | Q(**{f"id__{way}": UUID(after[1])}))


def _matching(seller: SellerAccount, question: Question) -> QuerySet[Offer]:
    found = Offer.objects.filter(seller=seller, store=question.store).exclude(status=OfferStatus.CLOSED)
    if question.skus:
        found = found.filter(sku__in=question.skus)
    if question.asins:
        found = found.filter(product__asin__in=question.asins)
    if question.barcodes:
        found = found.filter(product__attributes__gtin__in=question.barcodes)
    if question.parent_sku:
        parents = FamilySku.objects.filter(seller=seller, sku=question.parent_sku).values("product_id")
        found = found.filter(product__parent_id__in=parents)
    for name, value in (
        ("created_at__gte", question.created_after),
        ("created_at__lte", question.created_before),
        ("updated_at__gte", question.updated_after),
        ("updated_at__lte", question.updated_before),
    ):
        if value is not None:
            found = found.filter(**{name: value})
    if question.buyable is not None:
        able = Q(status=OfferStatus.ACTIVE, units_sellable__gt=0)
        found = found.filter(able if question.buyable else ~able)
    if question.discoverable is not None:
        found = found.filter(product__searchable=question.discoverable)
    if "ERROR" in question.severities:
        found = found.filter(Q(image_status="rejected") | Q(product__searchable=False))
    elif "WARNING" in question.severities:
        warned = ListingImage.objects.filter(seller=seller, state__in=_LIVE).exclude(reasons=[])
        found = found.filter(product_id__in=warned.values("product_id"))
    return found


_LIVE = [s.value for s in states.LIVE]


def images_of(offers: Sequence[Offer]) -> dict[UUID, list[ListingImage]]:
    """The seller's own live pictures of these offers' products, by product: one query."""
    found: defaultdict[UUID, list[ListingImage]] = defaultdict(list)
    if not offers:
        return found
    rows = ListingImage.objects.filter(
        product_id__in={o.product_id for o in offers}, seller_id=offers[0].seller_id, state__in=_LIVE
    )
    for image in rows.select_related("picture").order_by("variant", "id"):
        found[image.product_id].append(image)
    return found


def displayed_of(products: Sequence[Product]) -> dict[UUID, list[ListingImage]]:
    """The pictures that the pages of these products show, by product, in order: one query."""
    found: defaultdict[UUID, list[ListingImage]] = defaultdict(list)
    rows = ListingImage.objects.filter(
        product_id__in=[p.pk for p in products], state=ImageState.DISPLAYED.value, picture__isnull=False
    )
    for image in rows.select_related("picture").order_by("place", "id"):
        found[image.product_id].append(image)
    return found


def parent_skus(seller: SellerAccount, product_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What the seller calls these parents of families."""
    rows = FamilySku.objects.filter(seller=seller, product_id__in=list(product_ids))
    return dict(rows.values_list("product_id", "sku"))
