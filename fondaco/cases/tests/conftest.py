"""Cases by themselves: what domains above ask about announcements is tested there."""

from __future__ import annotations

import pytest

from fondaco.cases import checks, hooks
from fondaco.cases.rules import CaseType


@pytest.fixture(autouse=True)
def _nobody_above_reads_drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(hooks._opened, CaseType.PR_REVIEW, [])
    for name in ("draft_fault", "issue_date_fault"):
        monkeypatch.delitem(checks._provided, name, raising=False)
