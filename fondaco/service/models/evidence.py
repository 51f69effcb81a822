"""Photographs out of conversations that were put beside a return or into a guarantee claim."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fondaco.engine import clock
from fondaco.kit.ids import new_id
from fondaco.messaging.models import Attachment
from fondaco.returns.models import Return
from fondaco.service.models.guarantee import GuaranteeClaim


class ReturnEvidence(models.Model):
    """One of the buyer's photographs beside a return, who put it there and when. The hash of its original is the attachment's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    parcel = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="evidence", db_index=False)
    photo = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parcel", "photo"], name="return_evidence_once")]

    def __str__(self) -> str:
        return f"{self.photo_id} beside {self.parcel_id}"


class GuaranteeEvidence(models.Model):
    """One of the buyer's photographs in a guarantee claim, who put it there and when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.ForeignKey(GuaranteeClaim, on_delete=models.PROTECT, related_name="evidence", db_index=False)
    photo = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "photo"], name="guarantee_evidence_once")]

    def __str__(self) -> str:
        return f"{self.photo_id} in {self.claim_id}"
