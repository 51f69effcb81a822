"""The task engine: Django's Tasks API, with one retry policy for everything.

The domain row is the truth; a task is a nudge. `nudge` puts the task into the queue in the same transaction as
its cause (the queue lives in the same database), so a rollback leaves no ghost and a commit loses none. A task
that fails is tried again with growing pauses; after `attempts` it is put aside with its reason, where the
operator sees it. A task that was killed is queued again (`fondaco.engine.abandoned`); one that was lost altogether is
found by its domain's sweep (`fondaco.engine.sweeps`).
"""

from __future__ import annotations

import functools
import hashlib
import json
import logging
import random
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.tasks import task

from fondaco.engine import clock
from fondaco.kit.errors import Refusal, TryLater

log = logging.getLogger("fondaco.tasks")


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a failing task is tried, and how the pause grows: `first_s`, doubled, at most `longest_s`.

    `deaths`: how often its worker may die over it before it is put aside; 0: it is not queued again even once.
    """

    attempts: int = 6
    deaths: int = 8
    first_s: float = 2.0
    longest_s: float = 900.0

    def pause(self, *, attempt: int, spread: float) -> timedelta:
        """The pause before attempt number `attempt + 1`; `spread` in 0…1 keeps retries from marching in step."""
        seconds = min(self.longest_s, self.first_s * 2 ** (attempt - 1))
        return timedelta(seconds=seconds * (0.75 + 0.5 * spread))


def job(*, queue: str = "default", retry: Retry | None = None) -> Callable[[Callable[..., Any]], Any]:
    """Make a module-level function a task. It must be safe to repeat: wanted minus present.

    Queues: `fast` (people wait for it), `default`, `bulk` (feeds, catalogue-wide work).
    """
    policy = retry or Retry()

    def decorate(fn: Callable[..., Any]) -> Any:
        path = f"{fn.__module__}.{fn.__qualname__}"

        @functools.wraps(fn)
        def run(*args: Any) -> None:
            if _is_deadly(path, args):
                return
            try:
                fn(*args)
            except Refusal as refusal:
                if not isinstance(refusal, TryLater):
                    _put_aside(path, args, refusal, dead=True)  # it never will: no second try
                    return
                _again(made, path, args, refusal, policy)
            except Exception as error:
                log.warning("task %s%r failed", path, args, exc_info=True)
                _again(made, path, args, error, policy)
            else:
                _settled(path, args)

        run.policy = policy  # type: ignore[attr-defined]  # read where a task is taken up whose worker died
        made = task(queue_name=queue)(run)
        return made

    return decorate


def nudge(made: Any, *args: Any, after: timedelta | None = None) -> None:
    """Queue a task with JSON arguments, in the caller's transaction; `after` delays it."""
    if after:
        # The queue's own clock is the machine's, not the store's: a moved demo clock must not hold up work.
        from django.utils import timezone

        made = made.using(run_after=timezone.now() + after)
    made.enqueue(*args)


def key_of(path: str, args: Sequence[Any]) -> str:
    """The name under which the failures of this task with these arguments are counted."""
    return hashlib.sha256(json.dumps([path, list(args)], sort_keys=True).encode()).hexdigest()


def _is_deadly(path: str, args: tuple[Any, ...]) -> bool:
    """Whether workers have died over it too often: a sweep may find its row due again, but only people try again."""
    from fondaco.engine.models import JobFailure

    return JobFailure.objects.filter(key=key_of(path, args), dead=True, deaths__gt=0).exists()


def _again(made: Any, path: str, args: tuple[Any, ...], error: BaseException, policy: Retry) -> None:
    attempt = _put_aside(path, args, error, dead=False, limit=policy.attempts)
    if attempt < policy.attempts:
        nudge(made, *args, after=policy.pause(attempt=attempt, spread=random.random()))


def _put_aside(path: str, args: tuple[Any, ...], error: BaseException, *, dead: bool, limit: int = 0) -> int:
    from fondaco.engine.models import JobFailure

    words = "".join(traceback.format_exception_only(error)).strip()[:2000]
    try:
        with transaction.atomic():
            row, _ = JobFailure.objects.select_for_update().get_or_create(
                key=key_of(path, args), defaults={"task": path, "args": list(args), "first_at": clock.now()}
            )
            row.attempts += 1
            row.last_error, row.last_at = words, clock.now()
            row.dead = dead or row.attempts >= limit > 0
            row.save()
            return row.attempts
    except DatabaseError:
        log.exception("could not record the failure of %s", path)
        return 1


def _settled(path: str, args: tuple[Any, ...]) -> None:
    from fondaco.engine.models import JobFailure

    key = key_of(path, args)
    if JobFailure.objects.filter(key=key).exists():
        JobFailure.objects.filter(key=key).delete()
