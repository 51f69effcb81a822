"""What policy says about claims at a moment, with the versions to keep beside the decision (Q-52)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fondaco import policy
from fondaco.kit.calendar import BusinessCalendar


class Terms:
    """Values of one store at one moment; `versions` names those that were read."""

    def __init__(self, store: str, *, at: datetime) -> None:
        self._store, self._at = store, at
        self.versions: dict[str, str] = {}

    def __call__(self, key: str) -> Any:
        found = policy.value(key, self._store, at=self._at)
        self.versions[key] = found.version
        return found.value

    def calendar(self) -> BusinessCalendar:
        """The business days of the store."""
        return BusinessCalendar.of(self("calendar.business"))
