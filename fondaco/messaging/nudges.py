"""The tasks of conversations by name: operations nudge them without importing the tasks, which call operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.module_loading import import_string

from fondaco.engine.tasks import nudge

AT_ONCE = 16


def file_mails(mail_ids: Sequence[Any]) -> None:
    """Put accepted mails into their threads, soon: a task for some of them together, because a task costs more queries
    than a mail's row."""
    for first in range(0, len(mail_ids), AT_ONCE):
        some = [str(pk) for pk in mail_ids[first : first + AT_ONCE]]
        if len(some) == 1:
            nudge(import_string("fondaco.messaging.tasks.file_mail"), some[0])
        else:
            nudge(import_string("fondaco.messaging.tasks.file_mails"), some)
