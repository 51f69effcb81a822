"""Check constraints that hold a column to the words of an enum."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q


def one_of(field: str, words: type[StrEnum], *, name: str, or_empty: bool = False) -> models.CheckConstraint:
    values = [str(w) for w in words] + ([""] if or_empty else [])
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)
