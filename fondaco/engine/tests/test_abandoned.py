"""Tasks whose worker died, in the real queue: queued again, and put aside when workers keep dying."""

from __future__ import annotations

import pytest
from dj_queue.exceptions import ProcessPrunedError
from dj_queue.models import ClaimedExecution, FailedExecution, Job, Process, ReadyExecution
from dj_queue.operations.claiming import claim_ready_jobs
from dj_queue.operations.execution import execute_claimed_job, fail_claimed_job
from django.utils import timezone

from fondaco.engine import abandoned, holders
from fondaco.engine.models import JobFailure
from fondaco.engine.sweeps import sweep_all
from fondaco.engine.tasks import Retry, job, nudge

pytestmark = pytest.mark.django_db(transaction=True)

ran: list[str] = []


@job(retry=Retry(deaths=3))
def deadly(name: str) -> None:
    ran.append(name)


@pytest.fixture(autouse=True)
def real_queue(settings):
    options = {"preserve_finished_jobs": False}
    settings.TASKS = {"default": {"BACKEND": "dj_queue.backend.DjQueueBackend", "QUEUES": [], "OPTIONS": options}}
    ran.clear()


def process(name: str) -> Process:
    return Process.objects.create(
        kind="Worker", name=name, pid=1, hostname=name, last_heartbeat_at=timezone.now(), backend_alias="default"
    )


def gone() -> str:
    place, _, rest = holders.me().rpartition("/")
    return f"{place}/{rest.partition('.')[0]}.1"


def die() -> None:
    [claimed] = claim_ready_jobs(limit=1)
    fail_claimed_job(claimed, ProcessPrunedError("process heartbeat expired"))


def test_what_a_process_of_this_machine_held_is_queued_again_at_once():
    nudge(deadly, "a")
    claim_ready_jobs(limit=1, process=process(gone()))
    assert abandoned.take_up() == 1
    assert not Process.objects.exists()
    assert not ClaimedExecution.objects.exists()
    [claimed] = claim_ready_jobs(limit=1)
    execute_claimed_job(claimed)
    assert ran == ["a"]
    assert not Job.objects.exists()
    assert not JobFailure.objects.exists()


def test_what_is_held_elsewhere_is_left_alone():
    nudge(deadly, "a")
    claim_ready_jobs(limit=1, process=process("other-machine//7.1"))
    assert abandoned.take_up() == 0
    assert ClaimedExecution.objects.count() == 1


def test_a_task_that_keeps_killing_its_worker_is_put_aside_and_not_run_again():
    nudge(deadly, "b")
    for _ in range(2):
        die()
        assert abandoned.take_up() == 1
    die()
    assert abandoned.take_up() == 0
    row = JobFailure.objects.get()
    assert (row.dead, row.deaths, row.attempts) == (True, 3, 0)
    assert not Job.objects.exists()
    nudge(deadly, "b")  # a sweep finds it due again
    [claimed] = claim_ready_jobs(limit=1)
    execute_claimed_job(claimed)
    assert ran == []
    assert not Job.objects.exists()


def test_a_sweep_is_not_queued_again_because_the_next_is_on_its_way():
    nudge(sweep_all)
    die()
    assert abandoned.take_up() == 0
    assert not Job.objects.exists()
    assert not JobFailure.objects.exists()


def test_a_task_that_failed_by_itself_stays_where_it_is():
    nudge(deadly, "c")
    [claimed] = claim_ready_jobs(limit=1)
    fail_claimed_job(claimed, ValueError("our own"))
    assert abandoned.take_up() == 0
    assert FailedExecution.objects.count() == 1
    assert not ReadyExecution.objects.exists()
