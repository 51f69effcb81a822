"""Fulfilment's tasks by name: operations nudge them without importing the tasks, which call operations."""

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string

from fondaco.engine.tasks import nudge


def ask_carrier(label_id: Any) -> None:
    """Buy or void a label soon."""
    nudge(import_string("fondaco.fulfilment.tasks.ask_carrier"), str(label_id))


def look_at_tracking(label_id: Any) -> None:
    """Ask soon where the parcel is."""
    nudge(import_string("fondaco.fulfilment.tasks.look_at_tracking"), str(label_id))
