"""Checks that several tables share."""

from __future__ import annotations

from fondaco.kit import chance


def new_claim_number() -> str:
    """Ten digits without a leading zero: what people quote."""
    return str(10**9 + chance.below(9 * 10**9))
