<<<<<<< HEAD
"""What other domains show beside a case: its object, and what support can do with it.

    @panels.panel(CaseType.IMAGING_CANCELLATION)
    def order_of(request, case, at_desk): return {"template": "studio/_case_panel.html", "order": …}     # or None

The template gets what the function answers, and `case`.
=======
"""Places on the page of a case for what domains above can do about it: connect a reviewer, send a link again.

A domain registers once, from its application's `ready`; a provider answers None where it has nothing to say.
>>>>>>> e182034 (makers: Applications, invitations, profiles, listings and announcements of handmade makers)
"""

from __future__ import annotations

<<<<<<< HEAD
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
=======
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from fondaco.cases.models import Case
from fondaco.sellers.access import Request


@dataclass(frozen=True, slots=True)
class Panel:
    """A template of the domain, and what it shows (as `panel`)."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


type Provider = Callable[[Request, Case, bool], Panel | None]

_providers: list[Provider] = []


def panel(fn: Provider) -> Provider:
    """`fn(request, case, at_desk)` answers a panel or None. Registering the same one again does nothing."""
    if fn not in _providers:
        _providers.append(fn)
    return fn


def panels_for(request: Request, case: Case, *, at_desk: bool) -> Iterator[Panel]:
    """The panels of other domains, in the order of registration."""
    for each in _providers:
        if found := each(request, case, at_desk):
            yield found
>>>>>>> e182034 (makers: Applications, invitations, profiles, listings and announcements of handmade makers)
