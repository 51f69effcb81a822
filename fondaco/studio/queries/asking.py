"""Gathers what decides whether a product can be ordered, and at what price; for the pop-up and for placing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fondaco import policy
from fondaco.catalogue.models import Channel, Offer, OfferStatus, Product
from fondaco.kit.calendar import start_of_day
from fondaco.kit.money import Money
from fondaco.policy.stores import store_of
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.queries import default_card_of
from fondaco.studio.models import ImagingOrder
from fondaco.studio.reading import OrderTerms, order_terms
from fondaco.studio.rules.ordering import Facts
from fondaco.studio.rules.states import OPEN, OrderState


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that decides whether a product can be ordered now, and at what price."""

    seller: SellerAccount
    product: Product
    offer: Offer | None
    facts: Facts
    terms: OrderTerms
    price: Money | None
    open_order: ImagingOrder | None


@dataclass(slots=True)
class Standing:
    """What decides for all products of a seller alike, read once; `count` keeps it true while orders are drawn up.

    `capacity_left`, `most_open`: None means no limit. `open_orders` by product, of the products asked about.
    """

    terms: OrderTerms
    has_card: bool
    capacity_left: int | None
    most_open: int | None
    open_count: int
    open_orders: dict[UUID, ImagingOrder]

    def count(self, order: ImagingOrder) -> None:
        """An order more, not necessarily written yet."""
        self.open_orders[order.product_id] = order
        self.open_count += 1
        if self.capacity_left is not None:
            self.capacity_left -= 1


def standing_of(seller: SellerAccount, product_ids: Iterable[UUID], *, at: datetime) -> Standing:
    """How a seller stands with the studio at that moment."""
    limits = policy.many(["imaging.capacity_per_day", "imaging.max_orders_per_seller"], seller.store, at=at)
    capacity, most = (limits[key].value for key in ("imaging.capacity_per_day", "imaging.max_orders_per_seller"))
    mine = ImagingOrder.objects.filter(seller=seller, state__in=[s.value for s in OPEN])
    return Standing(
        terms=order_terms(store=seller.store, at=at),
        has_card=default_card_of(seller) is not None,
        capacity_left=None if capacity is None else capacity - taken_today(seller.store, at),
        most_open=most,
        open_count=mine.count() if most is not None else 0,
        open_orders={order.product_id: order for order in mine.filter(product__in=list(product_ids))},
    )


def ask(
    seller: SellerAccount,
    product: Product,
    offers: Sequence[Offer],
    *,
    at: datetime,
    standing: Standing | None = None,
) -> Asked:
    """Gather the facts. For the pop-up from rows as they stand; for placing from locked ones."""
    stands = standing or standing_of(seller, [product.pk], at=at)
    eligible = frozenset(stands.terms.values["imaging.eligible_fulfilment"])
    active = [offer for offer in offers if offer.status == OfferStatus.ACTIVE]
    here = [offer for offer in active if offer.channel in eligible]
    open_order = stands.open_orders.get(product.pk)
    price = stands.terms.price(product)
    left = stands.capacity_left
    return Asked(
        seller=seller,
        product=product,
        offer=chosen_offer(here),
        facts=Facts(
            is_offered=bool(active),
            channel=here[0].channel if here else (active[0].channel if active else Channel.SELLER),
            eligible_channels=eligible,
            sellable_units=sum(offer.units_sellable for offer in here),
            capacity_left=None if left is None else max(0, left),
            price=price,
            open_number=open_order.label if open_order else "",
            is_active=seller.is_active,
            has_card=stands.has_card,
            open_orders=stands.open_count,
            most_open=stands.most_open,
        ),
        terms=stands.terms,
        price=price,
        open_order=open_order,
    )


def chosen_offer(offers: Sequence[Offer]) -> Offer | None:
    """The offer whose unit is photographed: one that has a unit, in the best condition, the oldest."""
    order = {"new": 0, "refurbished": 1, "used_like_new": 2, "used_very_good": 3, "used_good": 4, "used_acceptable": 5}
    having = [offer for offer in offers if offer.units_sellable > 0]
    return min(having, key=lambda offer: (order.get(offer.condition, 9), offer.created_at), default=None)


def taken_today(store: str, at: datetime) -> int:
    """How many orders the store's studio took today; a cancelled one gives its place back."""
    zone = store_of(store).zone
    today = at.astimezone(zone).date()
    since, until = start_of_day(today, zone), start_of_day(today + timedelta(days=1), zone)
    # The whole day: an order that was placed while this one waited for the lock is later than `at`.
    placed = ImagingOrder.objects.filter(store=store, placed_at__gte=since, placed_at__lt=until)
    return placed.exclude(state=OrderState.CANCELLED.value).count()
