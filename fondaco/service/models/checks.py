"""Checks that several tables share."""

from __future__ import annotations

import secrets


def new_claim_number() -> str:
    """Ten digits without a leading zero: what people quote."""
    return str(10**9 + secrets.randbelow(9 * 10**9))
