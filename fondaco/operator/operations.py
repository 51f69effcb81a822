"""What the operator does with tasks that were put aside."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop as N_

from fondaco.engine.models import JobFailure
from fondaco.engine.tasks import nudge
from fondaco.history.operations import record
from fondaco.kit.errors import NotFound, Refusal


class TaskIsGone(Refusal):
    CODE = "task_is_gone"
    WORDS = N_("This version of the store no longer knows the task %(task)s.")
    FIX = N_("Discard it.")


@transaction.atomic
def try_again(caller: Any, *, key: str) -> None:
    """Queue a task that was put aside once more, from its first attempt. Raises NotFound, TaskIsGone."""
    row = JobFailure.objects.select_for_update().filter(pk=key).first()
    if row is None:
        raise NotFound
    try:
        task = import_string(row.task)
    except ImportError:
        raise TaskIsGone(task=row.task) from None
    nudge(task, *row.args)
    record(actor=caller, verb="task.tried_again", subject=("task", row.key), about={"task": row.task})
    JobFailure.objects.filter(pk=key).update(attempts=0, deaths=0, dead=False)


@transaction.atomic
def discard(caller: Any, *, key: str) -> None:
    """Forget a task that was put aside; what it was to do is the domain's to find again. Raises NotFound."""
    deleted, _ = JobFailure.objects.filter(pk=key).delete()
    if not deleted:
        raise NotFound
    record(actor=caller, verb="task.discarded", subject=("task", key))
