"""How many Prime orders a seller ships a day, and how many are taken."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fondaco.engine import clock
from fondaco.kit.ids import new_id
from fondaco.sellers.models import SellerAccount

MOST_A_DAY = 1_000_000


class VolumeControl(models.Model):
    """“Control Prime order volume” (PRIME-29). `cutoffs`: weekday `mon`…`sun` → `HH:MM` on the ship-from clock; a day
    that is left out has the marketplace's. `all_off_since`: the seller switched all Prime offers off."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.OneToOneField(SellerAccount, on_delete=models.PROTECT, related_name="prime_volume")
    limit_per_day = models.PositiveIntegerField(null=True, blank=True)
    cutoffs = models.JSONField(default=dict, blank=True)
    all_off_since = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(limit_per_day=None) | Q(limit_per_day__range=(1, MOST_A_DAY)), name="prime_limit_in_range"
            )
        ]

    def __str__(self) -> str:
        return f"{self.seller_id}: {self.limit_per_day} a day"


class PrimeDay(models.Model):
    """Prime orders taken for one ship day of one seller: the count that buyers compete for (Q-39)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.ForeignKey(SellerAccount, on_delete=models.PROTECT, related_name="prime_days", db_index=False)
    ship_date = models.DateField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "ship_date"], name="one_count_a_day")]

    def __str__(self) -> str:
        return f"{self.ship_date}: {self.taken}"


class CountedOrder(models.Model):
    """One checkout's part in a day's count. `released_at`: it was declined or cancelled, and its place is free again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.ForeignKey(PrimeDay, on_delete=models.PROTECT, related_name="orders", db_index=False)
    checkout_id = models.UUIDField()
    beyond_limit = models.BooleanField(default=False)
    counted_at = models.DateTimeField(default=clock.now)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "checkout_id"], name="counted_once")]
        indexes = [models.Index(fields=["checkout_id"], name="counted_of_checkout")]

    def __str__(self) -> str:
        return str(self.checkout_id)
