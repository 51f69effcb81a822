"""What domains above put on the pages of an order: buttons and panels, by one provider each.

    @panels.provider
    def returns(order, *, item, caller, side): yield panels.Action(_("Return or replace"), reverse(…), icon="return")

Asked once for the order (`item=None`) and once for each item, with `side` buyer, seller or staff. A provider that has
nothing to say answers nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from fondaco.orders.models import Order, OrderItem
from fondaco.sellers.access import Caller

type Side = Literal["buyer", "seller", "staff"]


@dataclass(frozen=True, slots=True)
class Action:
    """A button: a link, or with `method="post"` a form that carries `fields`."""

    label: Any
    url: str
    method: Literal["get", "post"] = "get"
    fields: Mapping[str, str] = field(default_factory=dict)
    icon: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page, drawn by a template of its owner with `context` (and nothing else)."""

    title: Any
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Extras:
    """What all providers said about one order or item."""

    actions: tuple[Action, ...] = ()
    panels: tuple[Panel, ...] = ()


class PanelProvider(Protocol):
    def __call__(
        self, order: Order, *, item: OrderItem | None, caller: Caller, side: Side
    ) -> Iterable[Action | Panel]: ...


_providers: list[PanelProvider] = []


def provider(fn: PanelProvider) -> PanelProvider:
    """Register a provider. Registering the same one again does nothing."""
    if fn not in _providers:
        _providers.append(fn)
    return fn


def extras(order: Order, *, item: OrderItem | None, caller: Caller, side: Side) -> Extras:
    """Everything that the domains above add, in the order they registered."""
    said = [each for fn in _providers for each in fn(order, item=item, caller=caller, side=side)]
    return Extras(
        actions=tuple(each for each in said if isinstance(each, Action)),
        panels=tuple(each for each in said if isinstance(each, Panel)),
    )
