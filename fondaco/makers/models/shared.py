"""What several tables of this domain need."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.db import models
from django.db.models import Q


def one_of(field: str, words: type[StrEnum], *, name: str, or_empty: bool = False) -> models.CheckConstraint:
    """A constraint that holds a text column to the words of an enum."""
    values = [str(w) for w in words] + ([""] if or_empty else [])
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)


def among(field: str, states: Iterable[StrEnum]) -> Q:
    """Rows whose column has one of these words."""
    return Q(**{f"{field}__in": sorted(str(s) for s in states)})
