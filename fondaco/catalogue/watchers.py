"""What domains above check and follow about offers, in the transaction of the change.

@watchers.gate                      refuses an offer that is about to be put up, changed or taken up again
def no_second_identical_offer(offer, *, at): ...

@watchers.watch                     follows one whose terms changed, or whose units came to or went from zero
def keep_programme_in_step(offer, *, at): ...
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from fondaco.catalogue.models import Offer


class Watcher(Protocol):
    def __call__(self, offer: Offer, *, at: datetime) -> None: ...


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


def require_allowed(offer: Offer, *, at: datetime) -> None:
    """Asks every gate; the first refusal goes up."""
    for each in _gates:
        each(offer, at=at)


def changed(offer: Offer, *, at: datetime) -> None:
    """Tells every watcher."""
    for each in _watchers:
        each(offer, at=at)
