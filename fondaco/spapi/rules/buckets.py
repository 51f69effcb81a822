"""Token buckets, as the time at which a bucket is full again (the generic cell rate algorithm)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_s` requests a second for ever, and `burst` at once."""

    per_s: float
    burst: int


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether a token was left; if not, `wait_s` until one is. `full_at` is the bucket afterwards."""

    allowed: bool
    full_at: float
    wait_s: float = 0.0


def take(*, rate: Rate, full_at: float, now: float) -> Taken:
    """Take one token. Times are seconds on one clock; a new bucket has `full_at` 0."""
    step = 1.0 / rate.per_s
    after = max(full_at, now) + step
    over = after - now - step * rate.burst
    if over > 1e-9:
        return Taken(False, full_at, over)
    return Taken(True, after)
