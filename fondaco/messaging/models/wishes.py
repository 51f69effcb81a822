"""What people wish of messages: a seller of photographs, a buyer of letters nobody asked for."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fondaco.engine import clock
from fondaco.sellers.models import SellerAccount


class PhotoWish(models.Model):
    """What a seller asks of photographs unless a request says otherwise (PHOTO-29): see `rules.photos.Preferences`."""

    seller = models.OneToOneField(SellerAccount, primary_key=True, on_delete=models.CASCADE, related_name="+")
    wishes = models.JSONField(default=dict)
    changed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"Photo wishes of {self.seller_id}"


class ContactWish(models.Model):
    """Whether a buyer wants letters that sellers begin, beyond critical ones (B-PHOTO-03)."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    only_critical = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"Contact wishes of {self.person_id}"
