"""The tasks of conversations by name: operations nudge them without importing the tasks, which call operations."""

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string

from fondaco.engine.tasks import nudge


def file_mail(mail_id: Any) -> None:
    """Put an accepted mail into its thread, soon."""
    nudge(import_string("fondaco.messaging.tasks.file_mail"), str(mail_id))
