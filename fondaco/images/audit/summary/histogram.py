"""Values into bins, with the profile's limits marked. The drawing is elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 25


@dataclass(frozen=True, slots=True)
class Scale:
    """From `bottom` to `top`; what lies beyond is counted in the first or last bin, which then says so."""

    unit: str
    top: float
    bottom: float = 0.0


@dataclass(frozen=True, slots=True)
class Bin:
    """`low` included, `high` excluded (the last one's included). `open`: values beyond the scale are in it."""

    low: float
    high: float
    count: int
    bad: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """`middle`, `low` and `high`: half, a tenth and nine tenths of the values lie at or below; None without values."""

    key: str
    title: str
    unit: str
    count: int
    bins: tuple[Bin, ...]
    marks: tuple[Mark, ...]
    low: float | None
    middle: float | None
    high: float | None


def reach(values: NDArray[np.float64], *, least: float) -> float:
    """A round number above all but a hundredth of the values, and above `least`."""
    most = max(least, float(np.quantile(values, 0.99)) if len(values) else 0.0, 1e-6)
    power = 10.0 ** np.floor(np.log10(most))
    return float(next(power * step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if power * step >= most))


def histogram(
    key: str,
    title: str,
    values: NDArray[np.float64],
    scale: Scale,
    marks: Sequence[tuple[float, str]] = (),
    *,
    bad_below: float | None = None,
    bad_above: float | None = None,
) -> Histogram:
    """Bins of equal width over `scale`; a bin is bad when all of it lies beyond a limit."""
    edges = np.linspace(scale.bottom, scale.top, BINS + 1)
    counts, _ = np.histogram(np.clip(values, scale.bottom, scale.top), edges)
    under, over = (values < scale.bottom).any(), (values > scale.top).any()
    bins = tuple(
        Bin(
            float(low),
            float(high),
            int(count),
            bad=bool((bad_below and high <= bad_below) or (bad_above and low >= bad_above)),
            open=bool((n == 0 and under) or (n == BINS - 1 and over)),
        )
        for n, (low, high, count) in enumerate(zip(edges[:-1], edges[1:], counts, strict=True))
    )
    parts = [float(v) for v in np.quantile(values, (0.1, 0.5, 0.9))] if len(values) else [None, None, None]
    drawn = tuple(Mark(float(at), words) for at, words in marks if scale.bottom <= at <= scale.top)
    return Histogram(key, title, scale.unit, len(values), bins, drawn, *parts)
