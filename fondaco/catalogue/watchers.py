"""What domains above check and follow about offers, in the transaction of the change.

@watchers.gate                      refuses an offer that is about to be put up, changed or taken up again
def no_second_identical_offer(offer, *, at): ...

@watchers.watch                     follows one whose terms changed, or whose units came to or went from zero
def keep_programme_in_step(offer, *, at): ...

@watchers.after                     hears which listings may say something else now, however many, by whatever door
def note_them(*, offers, products): ...
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from fondaco.catalogue.models import Offer


class Watcher(Protocol):
    def __call__(self, offer: Offer, *, at: datetime) -> None: ...


class Listener(Protocol):
    def __call__(self, *, offers: Collection[UUID | str], products: Collection[UUID | str]) -> None: ...


_gates: list[Watcher] = []
_watchers: list[Watcher] = []


def _into(those: list[Watcher]) -> Callable[[Watcher], Watcher]:
    def add(fn: Watcher) -> Watcher:
        if fn not in those:
            those.append(fn)
        return fn

    return add


gate = _into(_gates)
"""May raise a Refusal; the offer's product and seller are loaded."""
watch = _into(_watchers)
"""Follows; the offer is locked."""


_listeners: list[Listener] = []


def after(fn: Listener) -> Listener:
    """Hears of offers, and of all offers on products; it may only write down, never refuse."""
    if fn not in _listeners:
        _listeners.append(fn)
    return fn


def require_allowed(offer: Offer, *, at: datetime) -> None:
    """Asks every gate; the first refusal goes up."""
    for each in _gates:
        each(offer, at=at)


def touched(*, offers: Collection[UUID | str] = (), products: Collection[UUID | str] = ()) -> None:
    """Tells every listener, inside the transaction of the change: price, units, status, words or pictures. Ids may be text:
    a feed has them so, by the thousand."""
    if offers or products:
        for each in _listeners:
            each(offers=offers, products=products)


def changed(offer: Offer, *, at: datetime) -> None:
    """Tells every watcher, and whoever listens."""
    for each in _watchers:
        each(offer, at=at)
    touched(offers=[offer.pk])
