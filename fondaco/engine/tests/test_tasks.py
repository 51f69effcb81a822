"""The retry policy: tried again with pauses, put aside with its reason, forgotten when it succeeds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from fondaco.engine.models import JobFailure
from fondaco.engine.tasks import Retry, job, nudge
from fondaco.engine.testing import _held, run_tasks
from fondaco.kit.errors import Refusal, TryLater

pytestmark = pytest.mark.django_db

behaviour: dict[str, object] = {}


@job(retry=Retry(attempts=3, first_s=1))
def works_or_not(name: str) -> None:
    what = behaviour.get(name)
    if isinstance(what, BaseException):
        raise what


def test_tries_again_and_then_puts_aside_with_the_reason() -> None:
    behaviour["a"] = ValueError("no such thing")
    nudge(works_or_not, "a")
    assert run_tasks(include_delayed=True) == 3
    row = JobFailure.objects.get()
    assert (row.attempts, row.dead) == (3, True)
    assert "no such thing" in row.last_error


def test_waits_longer_each_time() -> None:
    policy = Retry(first_s=2, longest_s=10)
    pauses = [policy.pause(attempt=n, spread=0.5) for n in (1, 2, 3, 4)]
    assert pauses == [timedelta(seconds=s) for s in (2, 4, 8, 10)]


def test_a_refusal_is_never_tried_again() -> None:
    behaviour["b"] = Refusal()
    nudge(works_or_not, "b")
    assert run_tasks(include_delayed=True) == 1
    assert JobFailure.objects.get().dead


def test_try_later_is_tried_again() -> None:
    behaviour["c"] = TryLater()
    nudge(works_or_not, "c")
    run_tasks()
    assert not JobFailure.objects.get().dead
    behaviour["c"] = None
    run_tasks(include_delayed=True)
    assert not JobFailure.objects.exists()
    assert not _held


def test_a_worker_thread_of_the_queue_can_find_the_task() -> None:
    assert works_or_not.module_path == f"{__name__}.works_or_not"


@pytest.mark.django_db(transaction=True)
def test_the_real_queue_keeps_a_task_only_if_its_cause_commits(settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "dj_queue.backend.DjQueueBackend", "QUEUES": []}}
    from dj_queue.models import Job

    with transaction.atomic():
        nudge(works_or_not, "x")
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    with transaction.atomic():
        nudge(works_or_not, "x")
    assert Job.objects.count() == 1
