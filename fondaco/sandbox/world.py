"""The sandbox's world as a whole: its time, its snapshots, what it is started with. One per process, run by the one runner."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_noop as N_

from fondaco.demo import beside
from fondaco.engine import clock, sweeps
from fondaco.engine.sqlite.base import write_lock
from fondaco.kit import chance
from fondaco.kit.errors import Invalid, NotFound
from fondaco.policy import cache as policies
from fondaco.sandbox.queue import runner
from fondaco.sandbox.sequence import Sequence
from fondaco.spapi.door import limits

START = "start"
STEP = timedelta(hours=6)
LONGEST = timedelta(days=3700)
MOST_SNAPSHOTS = 50
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}")


class TimeRunsForward(Invalid):
    CODE = "time_runs_forward"
    WORDS = N_("The sandbox's clock can be moved forward by up to %(days)s days.")
    FIX = N_("Restore a snapshot to go back.")


class BadSnapshotName(Invalid):
    CODE = "bad_snapshot_name"
    WORDS = N_("A snapshot's name has up to 61 letters, digits, dots, dashes and underscores.")


class TooManySnapshots(Invalid):
    CODE = "too_many_snapshots"
    WORDS = N_("A sandbox keeps at most %(most)s snapshots.")
    FIX = N_("Delete one, or take one under a name that exists.")


def sequence() -> Sequence:
    """The sequence of this process, put in place of chance at the first call."""
    global _sequence
    if _sequence is None:
        _sequence = Sequence(os.environ["FONDACO_SANDBOX_SEED"])
        chance.use(_sequence)
    return _sequence


_sequence: Sequence | None = None


# --- time -----------------------------------------------------------------------------------------------------------


def advance(*, by: timedelta) -> int:
    """Let time pass: the clock moves in steps of at most six hours, and after each what is due is done; returns how many tasks
    ran. Run by the runner. Raises TimeRunsForward."""
    if not timedelta(0) <= by <= LONGEST:
        raise TimeRunsForward(days=LONGEST.days)
    until, ran = clock.now() + by, 0
    while True:
        now = clock.now()
        step = min(STEP, until - now)
        if step > timedelta(0):
            clock.set_to(at=now + step)
        sweeps.run_all()
        ran += runner.settle()
        if clock.now() >= until or not clock.stands():
            return ran


def advance_to(*, at: datetime) -> int:
    """Like `advance`, to a moment."""
    return advance(by=at - clock.now())


# --- snapshots --------------------------------------------------------------------------------------------------------


def snapshot(name: str) -> None:
    """Keep the store as it is under a name; what had it before is replaced. Run by the runner.

    Files are named by their content and never change, so the database alone is copied. Raises BadSnapshotName,
    TooManySnapshots.
    """
    target = _file(name)
    if not target.exists() and len(names()) >= MOST_SNAPSHOTS:
        raise TooManySnapshots(most=MOST_SNAPSHOTS)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    copy_database(_live(), part)
    target.with_suffix(".json").write_text(json.dumps({"sequence": sequence().state}))
    os.replace(part, target)


def restore(name: str) -> None:
    """Put the store back as it was. Run by the runner. Raises NotFound, BadSnapshotName."""
    source = _file(name)
    if not source.is_file():
        raise NotFound(what="snapshot")
    with _writing():
        copy_database(source, _live())
    sequence().state = json.loads(source.with_suffix(".json").read_text())["sequence"]
    runner.forget()
    _forget_caches()
    if host := beside.image_host():
        host.heal()
        host.forget()
        host.forget_turns()


def drop(name: str) -> None:
    """Delete a snapshot; the one of the start stays. Raises NotFound, BadSnapshotName."""
    source = _file(name)
    if name == START or not source.is_file():
        raise NotFound(what="snapshot")
    source.unlink()
    source.with_suffix(".json").unlink(missing_ok=True)


def names() -> list[str]:
    """The snapshots there are."""
    return sorted(path.stem for path in _folder().glob("*.sqlite3"))


def copy_database(source: Path, target: Path) -> None:
    """One consistent copy, page by page, in one transaction of the target: whoever has it open sees all of it or nothing."""
    before = sqlite3.connect(source, isolation_level=None)
    after = sqlite3.connect(target, isolation_level=None, timeout=20)
    try:
        after.execute("PRAGMA synchronous=OFF")
        before.backup(after)
    finally:
        after.close()
        before.close()


class _writing:
    """Nobody else of this process writes meanwhile."""

    def __enter__(self) -> None:
        if not write_lock(str(_live())).acquire(timeout=20):
            raise TimeoutError("the store is being written and was not put back")

    def __exit__(self, *_: object) -> None:
        write_lock(str(_live())).release()


def _live() -> Path:
    return Path(str(settings.DATABASES["default"]["NAME"]))


def _folder() -> Path:
    return Path(settings.DATA) / "snapshots"


def _file(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise BadSnapshotName
    return _folder() / f"{name}.sqlite3"


def _forget_caches() -> None:
    clock.forget()
    policies.forget()
    limits.forget()
    cache.clear()


def credentials() -> dict[str, Any]:
    """What the store was started with: `build.make` wrote it."""
    kept: dict[str, Any] = json.loads((Path(settings.DATA) / "sandbox.json").read_text())
    return kept
