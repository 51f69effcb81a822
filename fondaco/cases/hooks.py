"""What domains above do when a case of their kind is opened, in its transaction.

    hooks.when_opened(CaseType.IMAGING_CANCELLATION, note_request)     # once, from the application's ready()

What they offer support on the page of a case is in `fondaco.cases.web.panels`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from fondaco.cases.models import Case
from fondaco.cases.rules import CaseType

type Opened = Callable[[Case], None]

_opened: defaultdict[str, list[Opened]] = defaultdict(list)


def when_opened(case_type: CaseType, fn: Opened) -> None:
    """Call this with each new case of the type. Registering the same one again does nothing."""
    if fn not in _opened[case_type]:
        _opened[case_type].append(fn)


def opened(case: Case) -> None:
    """Tells everybody who wants to know."""
    for each in _opened[case.type]:
        each(case)
