"""A seller's listings as the interface lists them: found by SKU or by filters, a page at a time, in bounded work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from fondaco.catalogue.models import ListingImage, Offer, OfferStatus, Product
from fondaco.catalogue.rules import states
from fondaco.catalogue.rules.states import ImageState
from fondaco.engine.prepared import Prepared
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


_BY_SKU = Prepared(
    lambda seller, sku: (
        Offer.objects.filter(seller=seller, sku=sku)
        .exclude(status=OfferStatus.CLOSED)
        .select_related("product__main_picture", "product__parent")
    )
)


def listing_of(seller: SellerAccount, sku: str) -> Offer | None:
    """The seller's offer with this SKU, its product loaded."""
    found = _BY_SKU.first(seller=seller.pk, sku=sku)
    if found is not None:
        found.seller = seller
    return found


def page_of(
    seller: SellerAccount, question: Question, *, size: int, after: list[Any] | None = None, back: bool = False
) -> Page:
    """One page: the rows behind (`back`: before) the position `after`."""
    descending = question.descending != back
    if after is None and question == _plain(question):
        first = _first_page(question.order, descending, size + 1, bool(question.skus))
        named = {"skus": question.skus} if question.skus else {}
        rows = first.rows(seller=seller.pk, store=question.store, **named)
    else:
        found = _matching(seller, question)
        if after:
            found = found.filter(_behind(ORDERS[question.order], after, descending))
        rows = list(_ordered(found, question.order, descending)[: size + 1])
    more = len(rows) > size
    # Without rows before or behind these, they have been counted already.
    count = _count(seller, question) if more or after else len(rows)
    rows = rows[:size]
    for row in rows:
        row.seller = seller
    if back:
        rows.reverse()
        return Page(rows, more=True, before=more, count=count)
    return Page(rows, more=more, before=bool(after), count=count)


def _plain(question: Question) -> Question:
    """The question without what few ask: a store, perhaps SKUs, in some order."""
    return Question(question.store, question.skus, order=question.order, descending=question.descending)


@cache
def _first_page(order: str, descending: bool, size: int, by_sku: bool) -> Prepared[Offer]:
    def build(seller: Any, store: str, skus: Sequence[str] = ()) -> QuerySet[Offer]:
        found = _matching(seller, Question(store, tuple(skus)))
        return _ordered(found, order, descending)[:size]

    return Prepared(build)


def _ordered(found: QuerySet[Offer], order: str, descending: bool) -> QuerySet[Offer]:
    key, marks = ORDERS[order], "-" if descending else ""
    names = [f"{marks}{key}"] + ([f"{marks}id"] if key != "id" else [])
    return found.select_related("product__main_picture", "product__parent").order_by(*names)


_COUNTED = Prepared(lambda seller, store: _matching(seller, Question(store)).order_by().only("pk")[: MOST_COUNTED + 1])


def _count(seller: SellerAccount, question: Question) -> int:
    if question == Question(question.store, order=question.order, descending=question.descending):
        return min(_COUNTED.count(seller=seller.pk, store=question.store), MOST_COUNTED)
    return min(_matching(seller, question).order_by()[: MOST_COUNTED + 1].count(), MOST_COUNTED)


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


def _matching(seller: SellerAccount | UUID, question: Question) -> QuerySet[Offer]:
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
    products = sorted({o.product_id for o in offers})
    for image in _LIVE_IMAGES.rows(seller=offers[0].seller_id, products=products):
        found[image.product_id].append(image)
    return found


_LIVE_IMAGES = Prepared(
    lambda seller, products: (
        ListingImage.objects.filter(product_id__in=products, seller_id=seller, state__in=_LIVE)
        .select_related("picture")
        .order_by("variant", "id")
    )
)


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
