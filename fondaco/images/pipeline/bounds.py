"""Hard bounds of the process, whatever a profile allows: they keep any file under 100 MB and 2 s.

Profiles hold what a marketplace wants; these hold what a worker can bear.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

MAX_BYTES = 64_000_000
MAX_PIXELS = 100_000_000
MAX_SIDE = 65_500
FULL_PIXELS = 16_800_000  # 4,096 × 4,096; larger pictures are read at half size even when "full" is asked
MAX_WORKING_BYTES = 96_000_000  # progressive JPEG, interlaced PNG, one-strip TIFF: held whole whatever the shrink
MAX_SCANS = 64  # a progressive JPEG has about ten; each scan passes over the whole picture
MAX_PASSES = 400_000_000  # pixels × scans
# Formats whose decoder cannot stream or shrink while reading: pixels that fit into time and memory.
MAX_DECODED = {"avif": 25_000_000, "heic": 25_000_000, "webp": 100_000_000, "gif": 25_000_000, "bmp": 25_000_000}
BUDGET_S = 2.0


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

    @property
    def passed(self) -> bool:
        return time.monotonic() > self.at

    def check(self) -> None:
        """Raises TooSlow."""
        if self.passed:
            raise TooSlow
