"""The tasks of returns by name: operations nudge them without importing the tasks, which call operations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.module_loading import import_string

from fondaco.engine.tasks import nudge


def _nudge(name: str, *args: Any) -> None:
    nudge(import_string(f"fondaco.returns.tasks.{name}"), *args)


def label(return_id: UUID) -> None:
    """Get or void the prepaid label, whichever is wanted."""
    _nudge("settle_label", str(return_id))


def first_scan(return_id: UUID) -> None:
    """The carrier has it: refund now, where policy says so."""
    _nudge("refund_scanned", str(return_id))


def look(picture: str) -> None:
    """Inspect a photo."""
    _nudge("look_at_photo", picture)


def what_if(what_if_id: UUID) -> None:
    """Walk the next refunds of a what-if."""
    _nudge("run_what_if", str(what_if_id))
