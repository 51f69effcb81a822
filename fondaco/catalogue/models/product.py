"""A product: what is sold, whoever sells it."""

from __future__ import annotations

from django.db import models

from fondaco.images.models import Picture
from fondaco.kit.ids import new_asin, new_id
from fondaco.sellers.models import SellerAccount


class Product(models.Model):
    """One catalogue entry. `title_key` and `brand_key` are folded for search and order (both databases alike).

    `main_picture` repeats which picture stands first in the displayed gallery, so that lists need no join through
    submissions. `searchable` is false, with `held_reason`, while the listing has no good main picture (B-IMG-09).
    A family of variations is a parent product and children that name it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    asin = models.CharField(max_length=10, default=new_asin)
    product_type = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    title_key = models.CharField(max_length=400)
    brand = models.CharField(max_length=100, default="", blank=True)
    description = models.TextField(default="", blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    hazmat_class = models.CharField(max_length=12, default="none")  # none | potential | hazmat
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", db_index=False
    )
    variation_theme = models.CharField(max_length=40, default="", blank=True)
    creator = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    main_picture = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    searchable = models.BooleanField(default=False)
    held_reason = models.CharField(max_length=40, default="image_missing")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        # Indexes cost every row of an inventory file: none for prefixes of ASINs (`unique=True` would add one), and
        # families are indexed only where there are any.
        constraints = [
            models.UniqueConstraint(fields=["asin"], name="asin_unique"),
            models.CheckConstraint(
                name="hazmat_class_known", condition=models.Q(hazmat_class__in=["none", "potential", "hazmat"])
            ),
            models.CheckConstraint(
                name="held_or_searchable",
                condition=models.Q(searchable=True, held_reason="")
                | (models.Q(searchable=False) & ~models.Q(held_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["parent"], condition=models.Q(parent__isnull=False), name="product_family"),
        ]


class BarcodeHold(models.Model):
    """A barcode for which a transaction is just making products; see `locks.barcodes`. Empty to everybody else."""

    gtin = models.CharField(max_length=14, primary_key=True)
