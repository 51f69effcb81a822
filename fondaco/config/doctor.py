"""`fondaco doctor`: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from rich.console import Console
from rich.table import Table

from fondaco.engine import clock, files


@dataclass(frozen=True, slots=True)
class Symptom:
    """One thing that was looked at. `level`: good, warn or bad."""

    name: str
    level: str
    words: str
    fix: str = ""


def run(argv: list[str]) -> int:
    """Print every check; exit 1 when something is bad."""
    parser = argparse.ArgumentParser(prog="fondaco doctor")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    symptoms = examine()
    if options.json:
        json.dump([asdict(s) for s in symptoms], sys.stdout, indent=1)
        sys.stdout.write("\n")
    else:
        _print(symptoms)
    return 1 if any(s.level == "bad" for s in symptoms) else 0


def examine() -> list[Symptom]:
    """Every check in order; a check that itself fails is a symptom, not a crash."""
    found: list[Symptom] = []
    for check in CHECKS:
        try:
            found += list(check())
        except Exception as error:
            found.append(Symptom(check.__name__, "bad", f"{type(error).__name__}: {error}", "See the log for details."))
    return found


def database() -> Iterator[Symptom]:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield Symptom("database", "bad", str(error).strip(), "Check FONDACO_DATABASE_URL and that the server runs.")
        return
    yield Symptom("database", "good", f"{connection.vendor} answers")
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    open_steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if open_steps:
        yield Symptom("migrations", "bad", f"{len(open_steps)} not applied", "Run: fondaco migrate")
    else:
        yield Symptom("migrations", "good", "all applied")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        level = "good" if mode == "wal" else "bad"
        yield Symptom("journal", level, f"SQLite journal mode {mode}", "" if level == "good" else "Use a local disk.")


def file_stores() -> Iterator[Symptom]:
    for kind in ("originals", "renditions", "documents"):
        probe = f"doctor {kind} {os.getpid()}".encode()
        sha = files.put(kind, probe)
        whole = files.read(kind, sha) == probe
        files.delete(kind, sha)
        level, words = ("good", "writes and reads") if whole else ("bad", "gave back other bytes")
        yield Symptom(f"files: {kind}", level, words, "" if whole else "Check the disk or the bucket.")


def disk() -> Iterator[Symptom]:
    free = shutil.disk_usage(settings.DATA).free
    enough = free > 2 << 30
    words = f"{free / (1 << 30):.1f} GiB free in the data folder"
    yield Symptom("disk", "good" if enough else "warn", words, "" if enough else "Free some space: pictures need it.")


def secret() -> Iterator[Symptom]:
    path = settings.DATA / "secret-key"
    if not path.exists():
        yield Symptom("secret key", "good", "from the environment")
        return
    private = not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    fix = "" if private else f"chmod 600 {path}"
    yield Symptom("secret key", "good" if private else "bad", "kept in the data folder", fix)


def pictures() -> Iterator[Symptom]:
    import cv2
    import pyvips
    import simplejpeg

    versions = f"libvips {pyvips.version(0)}.{pyvips.version(1)}, OpenCV {cv2.__version__}, simplejpeg {simplejpeg.__version__}"
    right = cv2.__version__.startswith("4.")
    yield Symptom("pictures", "good" if right else "bad", versions, "" if right else "OpenCV 4.14 or newer, below 5.")


def languages() -> Iterator[Symptom]:
    from fondaco.config.settings import PACKAGE

    stale = [
        p.parent.parent.parent.parent.name
        for p in PACKAGE.glob("*/locale/*/LC_MESSAGES/django.po")
        if not p.with_suffix(".mo").exists()
    ]
    if stale:
        yield Symptom(
            "languages", "bad", f"not compiled: {', '.join(sorted(set(stale)))}", "Run: scripts/messages.py compile"
        )
    else:
        yield Symptom("languages", "good", "compiled")


def work() -> Iterator[Symptom]:
    from dj_queue.models import Process

    from fondaco.engine.models import JobFailure

    dead = JobFailure.objects.filter(dead=True).count()
    fix = "Look at them on the operator's work page." if dead else ""
    yield Symptom("tasks", "warn" if dead else "good", f"{dead} put aside", fix)
    from django.utils import timezone

    alive = Process.objects.filter(last_heartbeat_at__gte=timezone.now() - timedelta(seconds=60)).exists()
    fix = "" if alive else "Start `fondaco worker`, or serve with --worker."
    yield Symptom("worker", "good" if alive else "warn", "running" if alive else "none seen in the last minute", fix)


def store_clock() -> Iterator[Symptom]:
    ahead = clock.offset()
    words = f"moved by {ahead}" if ahead else "agrees with the machine's"
    yield Symptom("clock", "warn" if ahead else "good", words)


def exposure() -> Iterator[Symptom]:
    public = settings.FONDACO_BASE_URL.startswith("https://")
    if settings.DEMO and public:
        yield Symptom("demo", "bad", "a demo store on a public address", "Unset FONDACO_DEMO.")
    if settings.DEBUG:
        yield Symptom("debug", "bad" if public else "warn", "FONDACO_DEBUG is on", "Unset it outside development.")


CHECKS: list[Callable[[], Iterator[Symptom]]] = [
    database,
    file_stores,
    disk,
    secret,
    pictures,
    languages,
    work,
    store_clock,
    exposure,
]


def _print(symptoms: list[Symptom]) -> None:
    marks = {"good": "[green]✓[/]", "warn": "[yellow]![/]", "bad": "[red]✗[/]"}
    table = Table("", "what", "found", "do", show_edge=False)
    for s in symptoms:
        table.add_row(marks[s.level], s.name, s.words, s.fix)
    Console().print(table)
