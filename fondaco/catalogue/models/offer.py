"""An offer: one seller's SKU of one product, and the units behind it."""

from __future__ import annotations

from django.db import models

from fondaco.catalogue.models.product import Product
from fondaco.kit.ids import new_id
from fondaco.sellers.models import SellerAccount


class Channel(models.TextChoices):
    """Who ships (IMG-SVC-11)."""

    MARKETPLACE = "marketplace"
    SELLER = "seller"


class Condition(models.TextChoices):
    """The state of the goods, as the seller declares it."""

    NEW = "new"
    REFURBISHED = "refurbished"
    USED_LIKE_NEW = "used_like_new"
    USED_VERY_GOOD = "used_very_good"
    USED_GOOD = "used_good"
    USED_ACCEPTABLE = "used_acceptable"


class OfferStatus(models.TextChoices):
    """Whether buyers can buy. `closed` was ended by the seller, `removed` by the marketplace."""

    ACTIVE = "active"
    CLOSED = "closed"
    REMOVED = "removed"


class Offer(models.Model):
    """One seller's SKU. Units are counted in three buckets; every change is a `StockMovement`.

    `units_sellable` can be bought, `units_reserved` belong to orders not yet shipped, `units_away` are at the
    studio. `row_print` is a hash of the last inventory row, so that the same file again changes nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="offers", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="offers")
    sku = models.CharField(max_length=40)
    store = models.CharField(max_length=2, default="US")
    condition = models.CharField(max_length=20, choices=Condition.choices, default=Condition.NEW)
    condition_note = models.CharField(max_length=1000, default="", blank=True)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="USD")
    channel = models.CharField(max_length=12, choices=Channel.choices, default=Channel.SELLER)
    status = models.CharField(max_length=8, choices=OfferStatus.choices, default=OfferStatus.ACTIVE)
    handling_days = models.PositiveSmallIntegerField(default=1)
    restock_date = models.DateField(null=True, blank=True)
    units_sellable = models.IntegerField(default=0)
    units_reserved = models.IntegerField(default=0)
    units_away = models.IntegerField(default=0)
    row_print = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "sku"], name="one_sku_per_seller"),
            models.CheckConstraint(name="price_not_negative", condition=models.Q(price_minor__gte=0)),
            models.CheckConstraint(
                name="units_not_negative",
                condition=models.Q(units_sellable__gte=0, units_reserved__gte=0, units_away__gte=0),
            ),
        ]


class MovementKind(models.TextChoices):
    """Why units moved between buckets. `outside` is the world beyond the catalogue."""

    COUNT = "count"  # outside <-> sellable: the seller stated a quantity
    RESERVE = "reserve"  # sellable -> reserved
    RELEASE = "release"  # reserved -> sellable
    SHIP = "ship"  # reserved -> outside
    RESTOCK = "restock"  # outside -> sellable: a return came back fit for sale
    TO_STUDIO = "to_studio"  # sellable -> away
    FROM_STUDIO = "from_studio"  # away -> sellable
    LOST = "lost"  # any -> outside


class StockMovement(models.Model):
    """Units that went from one bucket to another. Append-only; the sum over an offer's movements is its count.

    `key` makes a movement safe to repeat; `cause` says what it belongs to (an order, a batch, a page).
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=12, choices=MovementKind.choices)
    from_bucket = models.CharField(max_length=8)  # outside | sellable | reserved | away
    to_bucket = models.CharField(max_length=8)
    units = models.PositiveIntegerField()
    cause = models.CharField(max_length=80, default="")
    key = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001  null: many movements need no key
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="units_moved_positive", condition=models.Q(units__gt=0)),
        ]
