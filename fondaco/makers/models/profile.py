"""The maker's public page: its name and address, and every version of what it says."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q

from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.kit.ids import new_id
from fondaco.makers.models.shared import among
from fondaco.sellers.models import Person, SellerAccount


class ProfileState(StrEnum):
    """What became of one version: CHECKING → SHOWN / AT_DESK → SHOWN / REFUSED; a shown one is later REPLACED."""

    CHECKING = "checking"
    AT_DESK = "at_desk"
    SHOWN = "shown"
    REFUSED = "refused"
    REPLACED = "replaced"


PENDING = (ProfileState.CHECKING, ProfileState.AT_DESK)


class MakerShop(models.Model):
    """The name and short address under which buyers find a maker: both unique, and not the same word (B-HAND-08)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.OneToOneField(SellerAccount, on_delete=models.PROTECT, related_name="maker_shop")
    name = models.CharField(max_length=60)
    name_folded = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=40, unique=True)
    shown_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(slug=models.F("name_folded")), name="shop_address_is_not_its_name")
        ]

    def __str__(self) -> str:
        return self.name


class ProfileVersion(models.Model):
    """One version of a maker's page.

    `content`: `name`, `slug`, `portrait` and `pictures` (sha-256 each, with `alt`) for all countries, and `texts`:
    store → language → `inspiration`, `story`, `process`. `reasons` say why it was refused or put before a person.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="profile_versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=ProfileState.CHECKING.value)
    content = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    policy_version = models.CharField(max_length=80, blank=True)
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    request_key = models.CharField(max_length=64, blank=True)
    submitted_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("state", ProfileState, name="profile_state_known"),
            models.UniqueConstraint(fields=["seller", "number"], name="profile_version_number"),
            models.UniqueConstraint(
                fields=["seller"], condition=among("state", (ProfileState.SHOWN,)), name="one_shown_profile"
            ),
            models.UniqueConstraint(fields=["seller"], condition=among("state", PENDING), name="one_pending_profile"),
            models.UniqueConstraint(
                fields=["seller", "request_key"], condition=~Q(request_key=""), name="profile_sent_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "submitted_at"], name="profile_queue")]

    def __str__(self) -> str:
        return f"profile {self.number} of {self.seller_id}"
