"""What domains above put beside a return on its pages: panels, by one provider each.

    @beside.provider
    def photos(row, *, caller, side): yield Panel(_("Photos"), "service/_evidence.html", {…})

`side` is buyer, seller or staff. A provider that has nothing to say answers nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from fondaco.orders.web.panels import Panel, Side
from fondaco.returns.models import Return
from fondaco.sellers.access import Caller


class Provider(Protocol):
    def __call__(self, row: Return, *, caller: Caller, side: Side) -> Iterable[Panel]: ...


_providers: list[Provider] = []


def provider(fn: Provider) -> Provider:
    """Register a provider. Registering the same one again does nothing."""
    if fn not in _providers:
        _providers.append(fn)
    return fn


def panels_of(row: Return, *, caller: Caller, side: Side) -> list[Panel]:
    """Everything that the domains above put beside this return, in the order they registered."""
    return [panel for fn in _providers for panel in fn(row, caller=caller, side=side)]
