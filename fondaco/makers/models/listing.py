"""What stands beside a handmade product of the catalogue: customisation, marks, relisting, removal."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q

from fondaco.catalogue.models import Offer, Product
from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.kit.ids import new_id
from fondaco.sellers.models import Person, SellerAccount


class HandmadeListing(models.Model):
    """A product of the handmade store. `due_at` is the ceiling by which buyers can find it (HAND-21).

    `customisation` is read by `rules.customisation`; it is offered from `customisation_at` on, at the latest at
    `customisation_due_at`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="handmade")
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="handmade_listings")
    category = models.CharField(max_length=40)
    is_private = models.BooleanField(default=False)
    is_adult = models.BooleanField(default=False)
    customisation = models.JSONField(default=dict)
    customisation_at = models.DateTimeField(null=True, blank=True)
    customisation_due_at = models.DateTimeField(null=True, blank=True)
    policy_version = models.CharField(max_length=200, blank=True)
    listed_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["seller", "-listed_at"], name="handmade_of_seller"),
            models.Index(
                fields=["customisation_due_at"],
                condition=Q(customisation_at=None, customisation_due_at__isnull=False),
                name="customisation_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"handmade {self.product_id}"


class MakerFont(models.Model):
    """A font with which a maker's customisations are drawn; the file lies among the documents, by its hash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="fonts")
    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=4)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "sha256"], name="maker_font_once"),
            models.CheckConstraint(condition=Q(kind__in=["ttf", "woff"]), name="maker_font_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Relisting(models.Model):
    """A product that moves from another category into the handmade store (HAND-19, Q-46).

    The new listing is held out of search until the original ends, in one transaction: never two live ones.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    original = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="relisting")
    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="relisted_from")
    answers = models.JSONField(default=dict)
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    switched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(original=models.F("offer")), name="relisted_under_another_offer")
        ]
        indexes = [models.Index(fields=["started_at"], condition=Q(switched_at=None), name="relisting_waiting")]

    def __str__(self) -> str:
        return f"{self.original_id} → {self.offer_id}"


class RemovalState(StrEnum):
    """REMOVED → APPEALED → RESTORED / UPHELD; restoring without an appeal is possible too."""

    REMOVED = "removed"
    APPEALED = "appealed"
    RESTORED = "restored"
    UPHELD = "upheld"


class Removal(models.Model):
    """The marketplace took a handmade product down: what the maker is to supply, by when, and the appeal (B-HAND-16)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    listing = models.ForeignKey(HandmadeListing, on_delete=models.PROTECT, related_name="removals")
    state = models.CharField(max_length=10, default=RemovalState.REMOVED.value)
    reason = models.TextField()
    wanted = models.TextField()
    due_date = models.DateField()
    removed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(default=clock.now)
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("state", RemovalState, name="removal_state_known"),
            models.UniqueConstraint(
                fields=["listing"],
                condition=Q(state__in=[RemovalState.REMOVED.value, RemovalState.APPEALED.value]),
                name="one_removal_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"removal of {self.listing_id}"
