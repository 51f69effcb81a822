"""Who opened links that do not exist, counted for all processes together."""

from __future__ import annotations

from django.db import models

from fondaco.kit.ids import new_id


class LinkGuess(models.Model):
    """Wrong invitation links from one network since the last pause of an hour. Times are the machine's, in seconds:
    a pause against guessing goes by no store's clock. The network is kept as a hash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.CharField(max_length=32, unique=True)
    misses = models.PositiveIntegerField(default=0)
    blocked_until_s = models.FloatField(default=0.0)
    last_s = models.FloatField(default=0.0, db_index=True)

    def __str__(self) -> str:
        return f"{self.misses} from {self.network[:8]}"
