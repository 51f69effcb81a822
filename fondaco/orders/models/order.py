"""Orders: one seller's part of a checkout, its items, and every single unit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fondaco.catalogue.models import Channel, Offer, Product
from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.kit.ids import new_id, new_order_number
from fondaco.kit.money import Money
from fondaco.orders.models.checkout import Checkout
from fondaco.orders.models.parcel import Parcel
from fondaco.orders.rules.states import OrderStatus, Speed, UnitState
from fondaco.sellers.addresses import PostalAddress, lines_of
from fondaco.sellers.models import SellerAccount


class Order(models.Model):
    """What one buyer bought of one seller at one time. It exists only once it is paid.

    `address` is the address as it was (parts of `PostalAddress`), `place` its kind in Table A; `status` is what
    `rules.states.order_status` makes of the units. Everything agreed stands on the items and never changes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=19, unique=True, default=new_order_number, editable=False)
    checkout = models.ForeignKey(Checkout, on_delete=models.PROTECT, related_name="orders")
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="orders", db_index=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="orders", db_index=False)
    store = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    placed_at = models.DateTimeField()
    address = models.JSONField()
    place = models.CharField(max_length=24, blank=True)
    is_member = models.BooleanField(default=False)
    has_prime = models.BooleanField(default=False)
    language = models.CharField(max_length=16, blank=True)
    status = models.CharField(max_length=9, default=OrderStatus.PLACED.value)
    policy_version = models.CharField(max_length=120, blank=True)
    request_key = models.CharField(max_length=64, blank=True)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("status", OrderStatus, name="order_status_known"),
            models.UniqueConstraint(fields=["checkout", "seller"], name="one_order_a_seller_and_checkout"),
        ]
        indexes = [
            models.Index(fields=["buyer", "-placed_at", "-id"], name="order_of_buyer"),
            models.Index(fields=["seller", "-placed_at", "-id"], name="order_of_seller"),
            models.Index(fields=["seller", "status", "-placed_at"], name="order_of_seller_by_status"),
            models.Index(fields=["seller", "-updated_at"], name="order_of_seller_changed"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def postal(self) -> PostalAddress:
        return PostalAddress(**self.address)

    @property
    def address_lines(self) -> list[str]:
        return lines_of(self.postal)

    @property
    def total_minor(self) -> int:
        """What the buyer paid for it, cancelled units included."""
        return sum(item.total_minor for item in self.items.all())

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)


class OrderItem(models.Model):
    """One offer in an order, with everything that was agreed on it, as it was then.

    `price_minor` and `tax_minor` are of one unit, `shipping_minor` of the whole item. `is_prime`: bought as a Prime
    item (PRIME-02); `had_badge`: the buyer saw the badge. `terms`: policy key → the version in
    force for it (Q-52).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="order_items")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="order_items")
    position = models.PositiveSmallIntegerField(default=1)
    sku = models.CharField(max_length=40)
    asin = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    price_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)
    shipping_minor = models.BigIntegerField(default=0)
    is_prime = models.BooleanField(default=False)
    had_badge = models.BooleanField(default=False)
    speed = models.CharField(max_length=8, default=Speed.STANDARD.value)
    ship_by = models.DateField()
    promised_date = models.DateField()
    guaranteed = models.BooleanField(default=False)
    product_type = models.CharField(max_length=40, blank=True)
    categories = models.JSONField(default=list)
    hazmat_class = models.CharField(max_length=12, default="none")
    channel = models.CharField(max_length=12, choices=Channel.choices, default=Channel.SELLER)
    condition = models.CharField(max_length=20, default="new")
    terms = models.JSONField(default=dict)
    customisation = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            one_of("speed", Speed, name="order_item_speed_known"),
            models.UniqueConstraint(fields=["order", "position"], name="order_item_position_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="order_item_has_units"),
            models.CheckConstraint(
                condition=Q(price_minor__gte=0, tax_minor__gte=0, shipping_minor__gte=0),
                name="order_item_amounts_not_negative",
            ),
            models.CheckConstraint(condition=Q(promised_date__gte=F("ship_by")), name="order_item_promise_after_ship"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"

    @property
    def units_minor(self) -> int:
        """Price and tax of all units."""
        return (self.price_minor + self.tax_minor) * self.quantity

    @property
    def total_minor(self) -> int:
        return self.units_minor + self.shipping_minor


class OrderUnit(models.Model):
    """One bought unit: what is sent, lost, returned and refunded."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(OrderItem, on_delete=models.CASCADE, related_name="units", db_index=False)
    number = models.PositiveIntegerField()
    parcel = models.ForeignKey(Parcel, null=True, on_delete=models.PROTECT, related_name="units")
    state = models.CharField(max_length=9, default=UnitState.ORDERED.value)

    class Meta:
        constraints = [
            one_of("state", UnitState, name="order_unit_state_known"),
            models.UniqueConstraint(fields=["item", "number"], name="order_unit_once"),
            models.CheckConstraint(
                condition=Q(parcel__isnull=True, state__in=["ordered", "cancelled"])
                | Q(parcel__isnull=False, state__in=["shipped", "delivered", "lost"]),
                name="order_unit_sent_in_a_parcel",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.number}"


def as_ids(units: Any) -> list[UUID]:
    """Ids of units given as rows or ids."""
    return [unit.pk if isinstance(unit, OrderUnit) else UUID(str(unit)) for unit in units]
