"""One event table: who did what to which thing, when and why.

history.record(actor=caller, verb="offer.closed", subject=offer, about={"stock": 0}, why=reason)
history.timeline(offer)     # rows for {% include "history/timeline.html" %}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fondaco.history.rules import SYSTEM, Actor, ActorKind, Sentence, Subject, speak

if TYPE_CHECKING:
    from fondaco.history.operations import build, record, record_all
    from fondaco.history.queries import events_for, events_of, timeline

__all__ = [
    "SYSTEM",
    "Actor",
    "ActorKind",
    "Sentence",
    "Subject",
    "build",
    "events_for",
    "events_of",
    "record",
    "record_all",
    "speak",
    "timeline",
]

_LATE = {
    "build": "operations",
    "record": "operations",
    "record_all": "operations",
    "events_for": "queries",
    "events_of": "queries",
    "timeline": "queries",
}


def __getattr__(name: str) -> Any:
    """What needs tables is imported at first use: Django imports this module before its models are ready."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
