"""The ledger's tasks by name: operations nudge them without importing the tasks, which call operations."""

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string

from fondaco.engine.tasks import nudge


def collect(due_id: Any) -> None:
    """Collect what is due soon: from proceeds, else from the card."""
    nudge(import_string("fondaco.ledger.tasks.collect"), str(due_id))
