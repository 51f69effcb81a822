"""The response clock: until when a seller answers, and how often that came too late (B-PHOTO-02)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

WINDOWS_DAYS = (7, 30, 90)


@dataclass(frozen=True, slots=True)
class LateRate:
    """Over one window, by the time of the buyer's message: messages that count, and those of them that are late.

    A message counts once it is settled: answered, or overdue; one that can still be answered in time does not, nor one
    that was marked "no response needed". It is late when it was answered after its last moment, or not at all.
    """

    days: int
    counted: int
    late: int

    @property
    def share(self) -> Fraction | None:
        """Late of counted; None where nothing counts."""
        return Fraction(self.late, self.counted) if self.counted else None
