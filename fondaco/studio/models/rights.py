"""Rights of each published picture (IMG-SVC-39…45, B-SVC-01)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fondaco.catalogue.models import ListingImage
from fondaco.kit.ids import new_id


class ImageRights(models.Model):
    """Owner, model, off-site use and end of one published picture.

    Due and not done is read from the row alone: `notice_at` without `noticed_at`, `delete_at` without `deleted_at`,
    `deleted_at` without `wiped_at` (the files). `offsite_withdrawn_at`, `withdrawn_at`: the operator took the right of
    use off the marketplace, or of any use, away.
    """

    image = models.OneToOneField(ListingImage, primary_key=True, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey("ImagingOrder", on_delete=models.PROTECT, related_name="rights")
    shot = models.ForeignKey("Shot", null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.CharField(max_length=16, default="marketplace")
    has_model = models.BooleanField()
    offsite = models.BooleanField()
    ends_on = models.DateField(null=True, blank=True)
    delete_at = models.DateTimeField(null=True, blank=True)
    notice_at = models.DateTimeField(null=True, blank=True)
    noticed_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    wiped_at = models.DateTimeField(null=True, blank=True)
    offsite_withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=1000, blank=True)
    versions = models.JSONField(default=dict)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="model_picture_ends",
                condition=Q(has_model=False, ends_on__isnull=True)
                | Q(has_model=True, ends_on__isnull=False, delete_at__isnull=False, notice_at__isnull=False),
            ),
            models.CheckConstraint(name="model_picture_stays_here", condition=Q(has_model=False) | Q(offsite=False)),
            models.CheckConstraint(
                name="wiped_after_deleted", condition=Q(wiped_at__isnull=True) | Q(deleted_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(
                fields=["notice_at"],
                condition=Q(noticed_at__isnull=True, deleted_at__isnull=True, notice_at__isnull=False),
                name="licence_notice_due",
            ),
            models.Index(
                fields=["delete_at"],
                condition=Q(deleted_at__isnull=True, delete_at__isnull=False),
                name="licence_delete_due",
            ),
            models.Index(
                fields=["deleted_at"],
                condition=Q(deleted_at__isnull=False, wiped_at__isnull=True),
                name="licence_wipe_due",
            ),
        ]


class UseRemoval(models.Model):
    """The marketplace asks the seller to remove one use of a picture elsewhere (B-SVC-01)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rights = models.ForeignKey(ImageRights, on_delete=models.PROTECT, related_name="removals")
    use = models.CharField(max_length=500)
    why = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    request_key = models.CharField(max_length=64)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rights", "request_key"], name="use_removal_once")]
