"""Checks that several tables share."""

from __future__ import annotations

import secrets
from enum import StrEnum

from django.db import models
from django.db.models import Q


def one_of(field: str, words: type[StrEnum], *, name: str) -> models.CheckConstraint:
    """The column holds one of the words."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": [str(w) for w in words]}), name=name)


def new_claim_number() -> str:
    """Ten digits without a leading zero: what people quote."""
    return str(10**9 + secrets.randbelow(9 * 10**9))
