"""Whom labels tell what becomes of them: the domain behind each kind of cause says so once, from its `ready`.

Each function is called inside the transaction that writes it down, after the label's row was locked and before the
ledger is touched: it may lock its own rows, and what it raises undoes the step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fondaco.fulfilment.models.labels import Label, TrackingEvent


def _nothing(*_given: Any) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Listener:
    """`bought`, `refused`, `voided` get the label; `scanned` the label and the event, one after the other in time."""

    bought: Callable[[Label], None] = _nothing
    refused: Callable[[Label], None] = _nothing
    voided: Callable[[Label], None] = _nothing
    scanned: Callable[[Label, TrackingEvent], None] = _nothing


_listeners: dict[str, Listener] = {}
_SILENT = Listener()


def listen(cause_kind: str, listener: Listener) -> None:
    """Labels whose cause is of this kind tell this listener."""
    _listeners[cause_kind] = listener


def listener_of(label: Label) -> Listener:
    return _listeners.get(label.cause_kind, _SILENT)
