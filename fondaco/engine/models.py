"""Tables of the plumbing."""

from __future__ import annotations

from django.db import models

from fondaco.engine.outbox_models import OutboxMail

__all__ = ["DemoClock", "JobFailure", "OutboxMail"]


class DemoClock(models.Model):
    """How far the demo store's clock is ahead of the machine's, or at what moment a sandbox's stands. At most one row, pk 1."""

    offset_us = models.BigIntegerField(default=0)
    standing_at = models.DateTimeField(null=True)


class JobFailure(models.Model):
    """A task that failed and has not succeeded since. `dead` means it is no longer tried by itself.

    `attempts` counts failures that it told of, `deaths` the workers that died over it.
    """

    key = models.CharField(max_length=64, primary_key=True)
    task = models.CharField(max_length=200)
    args = models.JSONField(default=list)
    attempts = models.PositiveIntegerField(default=0)
    deaths = models.PositiveIntegerField(default=0)
    last_error = models.TextField(default="")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)
    dead = models.BooleanField(default=False, db_index=True)
