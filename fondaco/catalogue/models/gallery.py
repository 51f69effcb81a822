"""Pictures submitted for a product, and the groups that compete for its gallery."""

from __future__ import annotations

from django.db import models

from fondaco.catalogue.models.product import Product
from fondaco.catalogue.rules import states
from fondaco.catalogue.rules.states import ImageState
from fondaco.engine import holders
from fondaco.images.models import Picture
from fondaco.kit.ids import new_id
from fondaco.sellers.models import SellerAccount

STATE_CHOICES = [(s.value, s.value) for s in ImageState]


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


def _in(field_states: tuple[ImageState, ...]) -> models.Q:
    return models.Q(state__in=[s.value for s in field_states])


class ListingImage(models.Model):
    """One submission of one picture for one slot of one product by one seller.

    `due_at` is the ceiling by which it is displayed or the reason is known (IMG-03). A submission by address has
    `source_url` and no `picture` until it is fetched. `reasons` are finding or fetch codes with their facts;
    the full findings stand on the picture's inspection. In one slot of one contributor stand at most one picture
    that is good enough to show and one candidate (`rules.states`); what gave way is REPLACED and can be restored.

    `attempts` counts claims since the last submission, and is the token that a worker must still hold when it writes
    its verdict; `lost` counts claims that ended without one, `tries` fetches that failed. `next_try_at` is when to look (again): a claim moves it
    into the future, so that work lost with its worker is found by the sweep; `holder` names the process that made the
    last one, so that a sweep that knows it to be gone need not wait. `place` is the position in the gallery,
    0 the main picture. `verdict` is what the inspection said, whatever became of the picture since.
    `request_key` makes a submission safe to repeat.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images", db_index=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.SELLER)
    variant = models.CharField(max_length=4, default="MAIN")
    method = models.CharField(max_length=8, choices=Method.choices)
    state = models.CharField(max_length=16, choices=STATE_CHOICES, default=ImageState.SUBMITTED.value)
    place = models.PositiveSmallIntegerField(null=True)
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    file_name = models.CharField(max_length=255, default="", blank=True)
    source_url = models.CharField(max_length=2000, default="", blank=True)
    verdict = models.CharField(max_length=12, default="", blank=True)  # eligible | rejected | unreadable | failed
    reasons = models.JSONField(default=list)
    verdict_rules = models.CharField(max_length=300, default="", blank=True)
    policy_version = models.CharField(max_length=200, default="", blank=True)
    batch_id = models.UUIDField(null=True)  # the feed batch; an id, not a key: feeds stand above
    batch_record = models.PositiveIntegerField(null=True)
    request_key = models.CharField(max_length=64, default="", blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    lost = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    holder = models.CharField(max_length=holders.LENGTH, default="", blank=True)
    submitted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "seller", "source", "variant"],
                condition=_in(states.CANDIDATE),
                name="one_candidate_per_slot",
            ),
            models.UniqueConstraint(
                fields=["product", "seller", "source", "variant"],
                condition=_in(states.STANDING),
                name="one_standing_image_per_slot",
            ),
            models.UniqueConstraint(
                fields=["seller", "request_key"], condition=~models.Q(request_key=""), name="image_submitted_once"
            ),
            models.CheckConstraint(
                name="image_state_known", condition=models.Q(state__in=[s.value for s in ImageState])
            ),
            models.CheckConstraint(
                name="standing_image_has_picture",
                condition=~_in(states.STANDING) | models.Q(picture__isnull=False),
            ),
            models.CheckConstraint(
                name="image_has_a_content_or_an_address",
                condition=models.Q(picture__isnull=False) | ~models.Q(source_url=""),
            ),
            models.CheckConstraint(
                name="waiting_image_has_its_time",
                condition=~_in(states.WAITING) | models.Q(next_try_at__isnull=False),
            ),
            models.CheckConstraint(
                name="place_only_when_displayed",
                condition=models.Q(place__isnull=True) | models.Q(state=ImageState.DISPLAYED.value),
            ),
        ]
        indexes = [
            models.Index(fields=["product", "state"], name="image_product_state"),
            models.Index(fields=["next_try_at"], condition=_in(states.WAITING), name="image_waiting"),
            models.Index(
                fields=["decided_at"], condition=models.Q(state=ImageState.ELIGIBLE.value), name="image_undecided"
            ),
            models.Index(fields=["batch_id"], condition=models.Q(batch_id__isnull=False), name="image_batch"),
            models.Index(fields=["picture"], condition=models.Q(picture__isnull=False), name="image_picture"),
        ]


class StagedPicture(models.Model):
    """A picture sent ahead of a product that is still being described. When the form is saved it becomes a submission and
    leaves this list; one that was never saved is forgotten after `image.staged_days`."""

    picture = models.OneToOneField(Picture, on_delete=models.CASCADE, primary_key=True, related_name="+")
    staged_at = models.DateTimeField(db_index=True)


class ImageGroup(models.Model):
    """All eligible pictures of one seller for one product, with the score that decides whose are shown.

    `source` is where its main picture comes from.

    `factors` is the score sheet: factor, measured value, share, weight, points, words (`rules.ranking`).
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="image_groups", db_index=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=8, choices=Source.choices)
    score = models.IntegerField(default=0)  # thousandths
    factors = models.JSONField(default=list)
    displayed = models.BooleanField(default=False)
    policy_version = models.CharField(max_length=200, default="", blank=True)
    first_at = models.DateTimeField()
    ranked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "seller", "source"], name="one_group_per_contributor"),
            models.UniqueConstraint(fields=["product"], condition=models.Q(displayed=True), name="one_displayed_group"),
        ]
