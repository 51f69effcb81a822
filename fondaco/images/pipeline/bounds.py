"""Hard bounds of the process, whatever a profile allows: they keep any file under 100 MB and 2 s.

Profiles hold what a marketplace wants; these hold what a worker can bear.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

MAX_BYTES = 32_000_000
MAX_PIXELS = 100_000_000
MAX_SIDE = 65_500
FULL_PIXELS = 16_800_000  # 4,096 × 4,096; larger pictures are read at half size even when "full" is asked
# What a decoder holds whatever the shrink: the coefficients of a progressive JPEG, all of an interlaced PNG, a
# strip of a TIFF, the canvas of a GIF or WebP, a HEIC that is not laid out in tiles. A file and its decoder together stay under 100 MB.
MAX_WORKING_BYTES = 66_000_000
MAX_SCANS = 64  # a progressive JPEG has about ten; each scan passes over the whole picture
MAX_PASSES = 250_000_000  # pixels × scans
# Formats that take long whatever the shrink: pixels that fit into the time.
MAX_DECODED = {"avif": 16_000_000, "heic": 25_000_000, "gif": 25_000_000}
BUDGET_S = 2.0
SLOW_FORMATS = {"heic": 2.0}  # phones' 24-megapixel photographs take their decoder about a second; times the budget


class TooSlow(Exception):
    """The picture's time is used up."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point in monotonic time; `check()` stands between the steps."""

    at: float
    budget_s: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        return cls(time.monotonic() + seconds, seconds)

    def longer(self, times: float) -> Deadline:
        """The same start, a budget so many times as long."""
        more = self.budget_s * (times - 1)
        return Deadline(self.at + more, self.budget_s + more)

    @property
    def passed(self) -> bool:
        return time.monotonic() > self.at

    def check(self) -> None:
        """Raises TooSlow."""
        if self.passed:
            raise TooSlow
