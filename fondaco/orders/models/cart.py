"""Carts: what somebody means to buy, of a person or, before sign-in, of a session."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fondaco.catalogue.models import Offer
from fondaco.engine import clock
from fondaco.kit.ids import new_id
from fondaco.orders import making

MOST_QUANTITY = 999


class Cart(models.Model):
    """One cart: of a person, or of a session by a random token. At sign-in the session's becomes the person's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="cart")
    token = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  null: a person's cart has none
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, token__isnull=True) | Q(person__isnull=True, token__isnull=False),
                name="cart_has_one_owner",
            )
        ]

    def __str__(self) -> str:
        return f"Cart of {self.person_id or 'a session'}"


class CartLine(models.Model):
    """Some units of one offer. `is_prime`: the offer was Prime when it was put in, and the cart keeps it so (Q-39).

    `customisation`: what a buyer asked to have made; lines that differ in it stand apart (`custom_key`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines", db_index=False)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    is_prime = models.BooleanField(default=False)
    customisation = models.JSONField(default=dict, blank=True)
    custom_key = models.CharField(max_length=64, default="", blank=True)
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cart", "offer", "custom_key"], name="cart_line_once"),
            models.CheckConstraint(condition=Q(quantity__range=(1, MOST_QUANTITY)), name="cart_quantity_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.offer_id}"

    @property
    def unit_minor(self) -> int:
        """The price of one unit now, with what its customisation adds."""
        return self.offer.price_minor + making.more_minor(self.customisation)
