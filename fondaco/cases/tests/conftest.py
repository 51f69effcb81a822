"""Cases by themselves: what domains above ask about announcements is tested there."""

from __future__ import annotations

import pytest

from fondaco.cases import checks


@pytest.fixture(autouse=True)
def _nobody_above_reads_drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_followers", {})
    for name in ("draft_fault", "issue_date_fault"):
        monkeypatch.delitem(checks._provided, name, raising=False)
