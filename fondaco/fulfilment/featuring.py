"""What delivery speed earns an offer in the comparison (PRIME-16); see `catalogue.featuring`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop as N_

from fondaco.catalogue.featuring import Earned
from fondaco.catalogue.models import Offer, OfferStatus
from fondaco.engine.prepared import Prepared
from fondaco.fulfilment.models import PrimeItem
from fondaco.fulfilment.queries.sides import Side, sides
from fondaco.fulfilment.rules.enrolment import ItemState
from fondaco.fulfilment.rules.featuring import advantages

LABELS = {
    "same_day": N_("Same-day delivery"),
    "one_day": N_("One-day delivery"),
    "two_day": N_("Two-day delivery"),
    "prime": N_("In the fast delivery programme"),
}


def faster_delivery(offers: Sequence[Offer], *, at: datetime) -> Mapping[UUID, Sequence[Earned]]:
    """By offer: what its fastest option to an ordinary address earns, and the programme itself."""
    return {pk: _earned(side) for pk, side in sides(offers, at=at).items()}


_ENROLLED = Prepared(
    lambda products, store: PrimeItem.objects.filter(
        offer__product__in=products,
        offer__store=store,
        offer__status=OfferStatus.ACTIVE,
        offer__units_sellable__gt=0,
        state=ItemState.ENROLLED.value,
    ).select_related("offer__seller__ship_from")[:400]
)


def search_points(product_ids: Iterable[UUID], *, store: str, at: datetime) -> Mapping[UUID, int]:
    """By product: the most that one of its offers in the programme earns."""
    ids = list(product_ids)
    offers = [item.offer for item in _ENROLLED.rows(products=ids, store=store)] if ids else []
    points: dict[UUID, int] = {}
    for side in sides(offers, at=at).values():
        if side.is_prime:
            product = side.offer.product_id
            points[product] = max(points.get(product, 0), sum(e.pct for e in _earned(side)))
    return points


def _earned(side: Side) -> list[Earned]:
    days = min((rate.transit_days for rate in side.rates if rate.is_ordinary), default=None)
    found = advantages(transit_days=days, is_prime=side.is_prime)
    return [Earned(each.code, each.pct, LABELS[each.code], "PRIME-16") for each in found]
