"""Identifiers: time-ordered UUIDs for rows, short random codes for what people read aloud."""

from __future__ import annotations

import uuid

from fondaco.kit import chance

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def new_id() -> uuid.UUID:
    """A UUIDv7 as the standard library's type: sorts by creation time, safe to make anywhere."""
    return chance.new_uuid()


def new_asin() -> str:
    """`F0` and eight of `[0-9A-Z]`, random. The caller's unique constraint decides collisions."""
    return "F0" + "".join(chance.choice(_ALPHABET) for _ in range(8))


def new_order_number() -> str:
    """`NNN-NNNNNNN-NNNNNNN`, random. The caller's unique constraint decides collisions."""
    digits = f"{chance.below(10**17):017d}"
    return f"{digits[:3]}-{digits[3:10]}-{digits[10:]}"


def new_batch_number() -> str:
    """Twelve digits without a leading zero: the batch id of an uploaded inventory file."""
    return str(10**11 + chance.below(9 * 10**11))


def new_seller_number() -> str:
    """`A` and 13 of `[0-9A-Z]`: the seller id that integrations use."""
    return "A" + "".join(chance.choice(_ALPHABET) for _ in range(13))
