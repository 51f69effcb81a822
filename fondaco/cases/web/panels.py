"""What other domains show beside a case: its object, and what support can do with it.

    @panels.panel(CaseType.IMAGING_CANCELLATION)
    def order_of(request, case, at_desk): return {"template": "studio/_case_panel.html", "order": …}     # or None

The template gets what the function answers, and `case`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from fondaco.cases.models import Case
from fondaco.cases.rules import CaseType

type Panel = Callable[[HttpRequest, Case, bool], dict[str, Any] | None]
"""Asked with the request, the case, and whether support is looking."""

_panels: defaultdict[str, list[Panel]] = defaultdict(list)


def panel(*case_types: CaseType) -> Callable[[Panel], Panel]:
    """Show this beside cases of these types."""

    def register(fn: Panel) -> Panel:
        for case_type in case_types:
            if fn not in _panels[case_type]:
                _panels[case_type].append(fn)
        return fn

    return register


def panels_for(request: HttpRequest, case: Case, *, at_desk: bool) -> list[dict[str, Any]]:
    """The panels of a case, in the order of registration."""
    found = (each(request, case, at_desk) for each in _panels[case.type])
    return [{**shown, "case": case} for shown in found if shown]
