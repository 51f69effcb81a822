"""Pictures submitted for a product, and the groups that compete for its gallery."""

from __future__ import annotations

from django.db import models

from fondaco.catalogue.models.product import Product
from fondaco.images.models import Picture
from fondaco.kit.ids import new_id
from fondaco.sellers.models import SellerAccount


class ImageState(models.TextChoices):
    """SPEC 1.7, "Image". SUBMITTED: known, not yet fetched or looked at; PROCESSING: being looked at."""

    SUBMITTED = "submitted"
    PROCESSING = "processing"
    REJECTED = "rejected"
    ELIGIBLE = "eligible"
    DISPLAYED = "displayed"
    NOT_SELECTED = "not_selected"
    REPLACED = "replaced"
    REMOVED = "removed"
    EXPIRED = "expired"
    RIGHTS_WITHDRAWN = "rights_withdrawn"


#: States of a picture that is still wanted in its slot.
LIVE = (
    ImageState.SUBMITTED,
    ImageState.PROCESSING,
    ImageState.REJECTED,
    ImageState.ELIGIBLE,
    ImageState.DISPLAYED,
    ImageState.NOT_SELECTED,
)
WAITING = (ImageState.SUBMITTED, ImageState.PROCESSING)


class Source(models.TextChoices):
    """Who the picture comes from; a factor of the ranking (Q-15)."""

    STUDIO = "studio"
    BRAND = "brand"
    SELLER = "seller"


class Method(models.TextChoices):
    """The door a picture came through (IMG-02)."""

    PORTAL = "portal"
    FEED = "feed"
    API = "api"
    STUDIO = "studio"


class ListingImage(models.Model):
    """One submission of one picture for one slot of one product by one seller.

    `due_at` is the ceiling by which it is displayed or the reason is known (IMG-03). A submission by address has
    `source_url` and no `picture` until it is fetched. `reasons` are finding or fetch codes with their facts;
    the full findings stand on the picture's inspection. At most one live submission per seller, product, source and
    slot: a newer one marks the older REPLACED, and restoring swaps them back.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images", db_index=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.SELLER)
    variant = models.CharField(max_length=4, default="MAIN")
    method = models.CharField(max_length=8, choices=Method.choices)
    state = models.CharField(max_length=16, choices=ImageState.choices, default=ImageState.SUBMITTED)
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    file_name = models.CharField(max_length=255, default="", blank=True)
    source_url = models.CharField(max_length=2000, default="", blank=True)
    reasons = models.JSONField(default=list)
    verdict_rules = models.CharField(max_length=80, default="", blank=True)
    policy_version = models.CharField(max_length=40, default="")
    batch_id = models.UUIDField(null=True)  # the feed batch; an id, not a key: feeds stand above
    batch_record = models.PositiveIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "seller", "source", "variant"],
                condition=models.Q(state__in=[s.value for s in LIVE]),
                name="one_live_image_per_slot",
            ),
        ]
        indexes = [
            models.Index(fields=["product", "state"], name="image_product_state"),
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state__in=[s.value for s in WAITING]),
                name="image_waiting",
            ),
            models.Index(fields=["batch_id"], condition=models.Q(batch_id__isnull=False), name="image_batch"),
            models.Index(fields=["picture"], condition=models.Q(picture__isnull=False), name="image_picture"),
        ]


class ImageGroup(models.Model):
    """All eligible pictures of one contributor for one product, with the score that decides whose are shown."""

    id = models.UUIDField(primary_key=True, default=new_id)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="image_groups", db_index=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=8, choices=Source.choices)
    score = models.IntegerField(default=0)  # thousandths
    factors = models.JSONField(default=list)
    displayed = models.BooleanField(default=False)
    policy_version = models.CharField(max_length=40, default="")
    first_at = models.DateTimeField()
    ranked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "seller", "source"], name="one_group_per_contributor"),
            models.UniqueConstraint(
                fields=["product"], condition=models.Q(displayed=True), name="one_displayed_group"
            ),
        ]
