"""The key that makes a repeated request harmless."""

from __future__ import annotations

from typing import Annotated

from ninja import Header

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=64,
        pattern=r"^[\x21-\x7e]+$",
        description="Made by the caller before the first try. The same key again answers what the first try answered.",
    ),
]
