"""The product page: what everybody sees of a product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fondaco.catalogue import featuring
from fondaco.catalogue.models import Offer, OfferStatus, Product
from fondaco.catalogue.product_types import ProductType, all_types, attributes, theme
from fondaco.catalogue.queries.access import product_by_asin
from fondaco.catalogue.queries.gallery import Gallery, gallery_of
from fondaco.engine import clock
from fondaco.engine.prepared import Prepared
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import SellerStatus

MOST_OFFERS = 50
MOST_SIBLINGS = 200


@dataclass(frozen=True, slots=True)
class Variation:
    """One member of the family: its values of the theme's attributes."""

    product: Product
    values: tuple[str, ...]
    is_current: bool


@dataclass(frozen=True, slots=True)
class Family:
    """The choices of a variation family. `attributes` are the names (msgids) of what it varies by."""

    theme: str
    attributes: tuple[str, ...]
    members: tuple[Variation, ...]


@dataclass(frozen=True, slots=True)
class ProductPage:
    """Everything on the page. `offers` can be bought, the cheapest first; `held_reason` only for its sellers."""

    product: Product
    product_type: ProductType | None
    gallery: Gallery
    attributes: tuple[tuple[str, str], ...]
    offers: tuple[Offer, ...]
    family: Family | None
    held_reason: str
    own_offers: tuple[Offer, ...] = ()

    @property
    def is_available(self) -> bool:
        """Whether anybody has a unit that can be bought."""
        return any(offer.units_sellable > 0 for offer in self.offers)


def product_page(caller: Caller, asin: str, *, store: str = "US") -> ProductPage:
    """The page of a product, also of one that is held out of search: its direct link works (B-IMG-09).

    Raises NotFound.
    """
    product = product_by_asin(asin)
    offers = _offers(product, store)
    own = tuple(offer for offer in offers if caller.seller and offer.seller_id == caller.seller.pk)
    may_know = bool(own) or caller.is_staff or (caller.seller is not None and caller.seller.pk == product.creator_id)
    return ProductPage(
        product=product,
        product_type=all_types().get(product.product_type),
        gallery=gallery_of(product),
        attributes=_stated(product),
        offers=tuple(offer for offer in offers if offer.seller.status == SellerStatus.ACTIVE),
        family=_family(product),
        held_reason=product.held_reason if may_know else "",
        own_offers=own,
    )


_ON_CARDS = Prepared(
    lambda products, store: Offer.objects.filter(
        product_id__in=products, store=store, status=OfferStatus.ACTIVE, seller__status=SellerStatus.ACTIVE
    ).select_related("product", "seller__ship_from")
)
_ON_PAGE = Prepared(
    lambda product, store: (
        Offer.objects.filter(product=product, store=store, status=OfferStatus.ACTIVE)
        .select_related("product", "seller__ship_from")
        .order_by("price_minor", "created_at", "pk")[:MOST_OFFERS]
    )
)


def offers_for_cards(product_ids: Sequence[UUID], *, store: str = "US") -> dict[UUID, Offer]:
    """The featured offer of each product of a list: one query."""
    rows = _ON_CARDS.rows(products=product_ids, store=store) if product_ids else []
    earned = featuring.earned_by(rows, at=clock.now())
    first: dict[UUID, Offer] = {}
    for offer in sorted(rows, key=lambda o: featuring.order_key(o, earned.get(o.pk, ()))):
        first.setdefault(offer.product_id, offer)
    return first


def _offers(product: Product, store: str) -> list[Offer]:
    return featuring.sorted_offers(_ON_PAGE.rows(product=product.pk, store=store), at=clock.now())


def _stated(product: Product) -> tuple[tuple[str, str], ...]:
    """What is stated about it: the name (msgid, or as the seller wrote it) and the value."""
    names = attributes()
    return tuple((names[key].name if key in names else key, str(value)) for key, value in product.attributes.items())


def _family(product: Product) -> Family | None:
    parent_id = product.parent_id or (product.pk if product.variation_theme else None)
    if parent_id is None or not product.variation_theme:
        return None
    varies_by = theme(product.variation_theme).attributes
    children = Product.objects.filter(parent_id=parent_id).select_related("main_picture").order_by("created_at", "pk")
    members = tuple(
        Variation(child, tuple(_value(child, name) for name in varies_by), child.pk == product.pk)
        for child in children[:MOST_SIBLINGS]
    )
    names = attributes()
    return Family(product.variation_theme, tuple(names[n].name if n in names else n for n in varies_by), members)


def _value(child: Product, attribute: str) -> str:
    value: Any = child.attributes.get(attribute)
    return "" if value is None else str(value)
