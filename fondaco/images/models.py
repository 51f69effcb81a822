"""Pictures by content, and what was seen in them. Nothing here knows what a picture is used for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from fondaco.kit.ids import new_id

LOOKS_QUARTERS = (0, 16, 32, 48)


class Picture(models.Model):
    """One content, identified by the sha-256 of its bytes. Width and height are those of the upright image.

    `rendered` is the recipe version whose JPEG renditions up to page width exist, `lean` the one whose wider JPEG and
    WebP renditions exist too; 0 means none yet.
    Wanted minus present: a task that renders may therefore run twice. `box_hash` is the 64-bit hash of what the
    product's box looks like, as a signed integer; null when no pixel was read. `likeness_hash` is the same of the optional
    model's embedding, which sees mirrored and turned copies; null where that model did not look. `served_until` ends every address of
    the picture, and what browsers and proxies keep of it, with a licence; null for nearly all.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    format = models.CharField(max_length=12, default="")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    frames = models.PositiveIntegerField(default=1)
    size_bytes = models.PositiveBigIntegerField()
    colour = models.CharField(max_length=16, default="")
    rendered = models.PositiveSmallIntegerField(default=0)
    lean = models.PositiveSmallIntegerField(default=0)
    box_hash = models.BigIntegerField(null=True)
    likeness_hash = models.BigIntegerField(null=True)
    served_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            # Two hashes that differ in at most seven bits agree in one of four quarters up to one bit.
            *(
                models.Index(F("box_hash").bitrightshift(shift).bitand(0xFFFF), name=f"picture_looks_{shift}")
                for shift in LOOKS_QUARTERS
            ),
            *(
                models.Index(
                    F("likeness_hash").bitrightshift(shift).bitand(0xFFFF),
                    condition=Q(likeness_hash__isnull=False),
                    name=f"picture_likeness_{shift}",
                )
                for shift in LOOKS_QUARTERS
            ),
            models.Index(fields=["sha256"], condition=Q(rendered__gt=0, lean=0), name="picture_not_lean"),
        ]


class Inspection(models.Model):
    """What one version of one profile found in one picture. Written once; a new version writes a new row.

    `rules` names profile version, policy versions and pipeline version, so that a verdict can be explained later.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="inspections")
    profile = models.CharField(max_length=24)
    rules = models.CharField(max_length=80)
    verdict = models.CharField(max_length=12)  # eligible | rejected | unreadable
    findings = models.JSONField(default=list)
    measures = models.JSONField(default=dict)
    inspected_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["picture", "profile", "rules"], name="one_inspection_per_rules"),
        ]
