"""How parcels are packed, as far as it is known: for rates before anybody has weighed anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fondaco import policy
from fondaco.catalogue.product_types import all_types
from fondaco.fulfilment.models import OfferPackage
from fondaco.fulfilment.rules.parcels import PLAIN, USUAL, Package, SizeTier, size_tier, together
from fondaco.orders.models import OrderItem

TELEVISIONS = frozenset({"television"})
"""Product types with a length limit of their own."""


@dataclass(frozen=True, slots=True)
class Good:
    """An offer of a product type, where no order of it is at hand."""

    offer_id: UUID
    product_type: str


def package_for(items: Iterable[tuple[OrderItem, int]]) -> Package:
    """One box for that many units of each item: as the seller packed them last, else what such goods usually take."""
    wanted = [(item, count) for item, count in items if count > 0]
    known = {p.offer_id: p.package for p in OfferPackage.objects.filter(offer__in=[i.offer_id for i, _n in wanted])}
    units = [
        known.get(item.offer_id) or usual_package(item.product_type) for item, count in wanted for _n in range(count)
    ]
    return together(units)


def usual_package(product_type: str) -> Package:
    """What a packed unit of this product type usually weighs and measures."""
    found = all_types().get(product_type)
    return USUAL.get(found.department, PLAIN) if found else PLAIN


def tiers_of(items: Sequence[OrderItem | Good], *, store: str, at: datetime) -> list[SizeTier]:
    """The size tier of one packed unit of each item, by policy `prime.size_tiers` (B-PRIME-07)."""
    tiers = policy.value("prime.size_tiers", store, at=at).value
    known = {p.offer_id: p.package for p in OfferPackage.objects.filter(offer__in={i.offer_id for i in items})}
    return [
        size_tier(known.get(i.offer_id) or usual_package(i.product_type), tiers, is_tv=i.product_type in TELEVISIONS)
        for i in items
    ]
