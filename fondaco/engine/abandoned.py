"""Tasks whose worker died in the middle: queued again, and put aside when workers keep dying over them.

The queue keeps such a task as failed and leaves the rest to us. Here is the one policy: again at once, at the end of
the line, up to `Retry.deaths` times; then it is put aside with its reason and not run again until the operator says so,
because a task that takes its process down takes its neighbours with it.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string

from fondaco.engine import clock, holders
from fondaco.engine.models import JobFailure
from fondaco.engine.tasks import Retry, key_of

log = logging.getLogger("fondaco.tasks")

DIED = "The worker died while it ran this task."
_MOST = 500


def take_up() -> int:
    """Queue again what dead workers held; returns how many tasks. Safe to run twice at once, and to kill."""
    _bury()
    from dj_queue.models import FailedExecution

    died = FailedExecution.objects.filter(exception_class__startswith="dj_queue.exceptions.Process")
    rows = list(died.filter(job__backend_alias="default").order_by("pk").values_list("pk", flat=True)[:_MOST])
    return sum(_again(pk) for pk in rows)


def _bury() -> None:
    """Processes that have surely ended here are taken off the list, without waiting for their heartbeat to run out."""
    from dj_queue.exceptions import ProcessPrunedError
    from dj_queue.models import ClaimedExecution, Process
    from dj_queue.operations.recovery import fail_claimed_jobs_for_process

    for process in Process.objects.filter(backend_alias="default").order_by("pk"):
        if not holders.is_gone(process.hostname):
            continue
        try:
            with transaction.atomic():
                if Process.objects.select_for_update().filter(pk=process.pk).exists():
                    fail_claimed_jobs_for_process(process, ProcessPrunedError(DIED), delete_process=True)
        except ClaimedExecution.DoesNotExist:
            log.info("%s was taken off the list by another worker", process.name)


def _again(pk: int) -> bool:
    from dj_queue.models import FailedExecution
    from dj_queue.operations.jobs import retry_failed_job

    with transaction.atomic():
        row = FailedExecution.objects.select_for_update(of=("self",)).select_related("job").filter(pk=pk).first()
        if row is None:
            return False
        if not _may_run_again(row.job.task_path, list(row.job.payload.get("args", []))):
            row.job.delete()
            return False
        retry_failed_job(row.job_id)
        return True


def _may_run_again(path: str, args: list[Any]) -> bool:
    """Counts the death. A task without a second life (a sweep: the next minute brings another) leaves no trace."""
    policy = _policy(path)
    if policy.deaths == 0:
        return False
    at = clock.now()
    found, _ = JobFailure.objects.select_for_update().get_or_create(
        key=key_of(path, args), defaults={"task": path, "args": args, "first_at": at}
    )
    found.deaths += 1
    found.last_error, found.last_at = DIED, at
    found.dead = found.deaths >= policy.deaths
    found.save()
    return not found.dead


def _policy(path: str) -> Retry:
    try:
        return import_string(path).func.policy
    except (ImportError, AttributeError):
        return Retry()  # a task of another version: the worker that runs it again will say so
