"""An offer: one seller's SKU of one product, and the units behind it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fondaco.catalogue.models.product import Product
from fondaco.catalogue.rules.stock import Bucket, MovementKind, Units
from fondaco.kit.ids import new_id
from fondaco.sellers.models import SellerAccount


class Channel(models.TextChoices):
    """Who ships (IMG-SVC-11)."""

    MARKETPLACE = "marketplace"
    SELLER = "seller"


class Condition(models.TextChoices):
    """The state of the goods, as the seller declares it."""

    NEW = "new", _("New")
    REFURBISHED = "refurbished", _("Refurbished")
    USED_LIKE_NEW = "used_like_new", _("Used, like new")
    USED_VERY_GOOD = "used_very_good", _("Used, very good")
    USED_GOOD = "used_good", _("Used, good")
    USED_ACCEPTABLE = "used_acceptable", _("Used, acceptable")


class OfferStatus(models.TextChoices):
    """Whether buyers can buy. `closed` was ended by the seller, `removed` by the marketplace."""

    ACTIVE = "active"
    CLOSED = "closed"
    REMOVED = "removed"


class ImageStatus(models.TextChoices):
    """How the pictures of this offer's product stand for its seller; for lists and their filter.

    `shown`: the page shows the seller's own; `shown_other`: it shows another contributor's.
    """

    MISSING = "missing"
    PROCESSING = "processing"
    REJECTED = "rejected"
    SHOWN = "shown"
    SHOWN_OTHER = "shown_other"


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
    image_status = models.CharField(max_length=12, choices=ImageStatus.choices, default=ImageStatus.MISSING)
    handling_days = models.PositiveSmallIntegerField(default=1)
    restock_date = models.DateField(null=True, blank=True)
    units_sellable = models.IntegerField(default=0)
    units_reserved = models.IntegerField(default=0)
    units_away = models.IntegerField(default=0)
    row_print = models.BigIntegerField(null=True)
    request_key = models.CharField(max_length=64, default="", blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "sku"], name="one_sku_per_seller"),
            models.UniqueConstraint(
                fields=["seller", "request_key"], condition=~models.Q(request_key=""), name="offer_made_once"
            ),
            models.CheckConstraint(name="price_not_negative", condition=models.Q(price_minor__gte=0)),
            models.CheckConstraint(
                name="units_not_negative",
                condition=models.Q(units_sellable__gte=0, units_reserved__gte=0, units_away__gte=0),
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "id"], name="offer_of_seller"),
            # The interface for programs lists by the last change; rows come in that order, so it grows at its end.
            models.Index(fields=["seller", "updated_at", "id"], name="offer_last_changed"),
            # Those that are fine are found by walking all; the others are what sellers look for.
            models.Index(
                fields=["seller", "image_status", "id"],
                condition=~models.Q(image_status="shown"),
                name="offer_image_status",
            ),
            models.Index(
                fields=["seller", "status", "id"], condition=~models.Q(status="active"), name="offer_not_active"
            ),
        ]

    @property
    def units(self) -> Units:
        return Units(self.units_sellable, self.units_reserved, self.units_away)


class StockMovement(models.Model):
    """Units that went from one bucket to another. Append-only; the sum over an offer's movements is its count.

    `key` makes a movement safe to repeat; `cause` says what it belongs to (an order, a batch, a page).
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in MovementKind])
    from_bucket = models.CharField(max_length=8, choices=[(b.value, b.value) for b in Bucket])
    to_bucket = models.CharField(max_length=8, choices=[(b.value, b.value) for b in Bucket])
    units = models.PositiveIntegerField()
    cause = models.CharField(max_length=80, default="")
    key = models.CharField(max_length=80, null=True)  # noqa: DJ001  null: many movements need no key
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=models.Q(key__isnull=False), name="movement_once"),
            models.CheckConstraint(name="units_moved_positive", condition=models.Q(units__gt=0)),
        ]
