"""What several tables of this domain need."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.db.models import Q


def among(field: str, states: Iterable[StrEnum]) -> Q:
    """Rows whose column has one of these words."""
    return Q(**{f"{field}__in": sorted(str(s) for s in states)})
