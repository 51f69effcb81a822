"""How many units of a product came back: a figure that a domain above knows, asked by others above (IMG-SVC-09).

Domains on one line do not import each other, so the one that knows says it here, once, when it is ready.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Sold:
    """Units of a product that were sold in a time, and how many of these very units came back."""

    units: int
    returned: int

    @property
    def rate(self) -> float | None:
        """Share that came back, 0 to 1; None when nothing was sold."""
        return self.returned / self.units if self.units else None


type Figures = Callable[[UUID, datetime, datetime], Sold]
"""Product id, from (included), until (excluded)."""

_figures: Figures | None = None


def provide(figures: Figures) -> None:
    """Answer from now on; the last one that provides counts."""
    global _figures
    _figures = figures


def sold_and_returned(*, product_id: UUID, since: datetime, until: datetime) -> Sold | None:
    """The figure, or None where nobody in this installation knows it."""
    return _figures(product_id, since, until) if _figures else None
