"""Invitations to approved applicants, and the handmade stores that they opened."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fondaco.engine import clock
from fondaco.engine.columns import one_of
from fondaco.kit.ids import new_id
from fondaco.makers.models.application import Application
from fondaco.makers.rules.application import Option
from fondaco.sellers.models import Person, SellerAccount


class MakerInvitation(models.Model):
    """One link that was mailed to an approved applicant, bound to the exact address and usable once.

    Only a hash of the link's secret is kept. An application has at most one that is not replaced.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="invitations")
    email = models.CharField(max_length=254)
    secret_hash = models.CharField(max_length=64, unique=True)
    policy_version = models.CharField(max_length=80, blank=True)
    issued_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(replaced_at=None), name="one_standing_invitation_an_application"
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(replaced_at=None) & Q(used_by__isnull=False),
                name="maker_invitation_used_or_replaced",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} until {self.expires_at:%Y-%m-%d}"


class Maker(models.Model):
    """A seller account that may list handmade goods, in the stores of one region.

    `stores` is what the approval opened (`handmade.regions` at that time). Accounts of other regions rest on the same
    application (Q-44).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.OneToOneField(SellerAccount, on_delete=models.PROTECT, related_name="maker")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="makers")
    invitation = models.OneToOneField(MakerInvitation, null=True, on_delete=models.PROTECT, related_name="maker")
    region = models.SlugField(max_length=40)
    stores = models.JSONField(default=list)
    option = models.CharField(max_length=12)
    policy_version = models.CharField(max_length=80, blank=True)
    registered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("option", Option, name="maker_option_known"),
            models.UniqueConstraint(fields=["application", "region"], name="one_maker_a_region"),
        ]

    def __str__(self) -> str:
        return str(self.seller)
