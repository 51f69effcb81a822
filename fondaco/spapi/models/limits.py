"""What an application has used of its allowance, where several processes share it."""

from __future__ import annotations

from django.db import models


class Allowance(models.Model):
    """One token bucket: `full_at` (seconds since 1970) is when it will be full again; the rest follows from the rate."""

    key = models.CharField(max_length=200, primary_key=True)
    full_at = models.FloatField()
