"""Constraints that many tables share."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q


def one_of(field: str, words: type[StrEnum], *, name: str, or_empty: bool = False) -> models.CheckConstraint:
    """A constraint that holds a text column to the words of an enum, or (`or_empty`) to nothing."""
    values = [str(word) for word in words] + ([""] if or_empty else [])
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)
