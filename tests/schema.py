"""Migrates an empty database once for all test runs, until a migration changes; each run starts from a copy.

Migrating takes twenty seconds of processor time, copying a tenth of one. SQLite: a file in the cache of pytest. PostgreSQL: a database beside the
one under test, which every test database takes as its template.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "fondaco_schema_"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """What pytest-django asks for before it makes the test database."""
    from django.db import connection

    kept = request.config.cache.mkdir("schema") if request.config.cache else ROOT / ".pytest_cache"
    kept.mkdir(parents=True, exist_ok=True)
    if connection.vendor == "postgresql":
        with _alone(kept), django_db_blocker.unblock():
            connection.settings_dict["TEST"]["TEMPLATE"] = _template_database(connection)
        yield
        return
    with _alone(kept):
        file = _template_file(kept)
    with mock.patch("django.core.management.call_command", _starting_from(file)):
        yield


def _starting_from(file: Path) -> Callable[..., Any]:
    """`call_command`, but before migrating the database under test becomes a copy; then nothing is left to migrate."""
    from django.core.management import call_command
    from django.db import connection

    def called(name: str, *args: Any, **options: Any) -> Any:
        if name == "migrate":
            connection.ensure_connection()
            with sqlite3.connect(file) as template:
                template.backup(connection.connection)
        return call_command(name, *args, **options)

    return called


def _template_file(kept: Path) -> Path:
    file = kept / f"{_key()}.sqlite3"
    if not file.exists():
        for old in kept.glob("*.sqlite3*"):
            old.unlink()
        made = file.with_suffix(".new")
        made.unlink(missing_ok=True)
        _migrate(f"sqlite:///{made}")
        with sqlite3.connect(made) as whole:
            whole.execute("PRAGMA journal_mode=DELETE")
        made.rename(file)
    return file


def _template_database(connection: Any) -> str:
    name = PREFIX + _key()
    given = connection.settings_dict
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [PREFIX + "%"])
        if (name,) in (found := cursor.fetchall()):
            return name
        for (old,) in found:
            cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
        made = f"{name}_new"
        cursor.execute(f'CREATE DATABASE "{made}"')
        at = f"{given['HOST']}:{given['PORT']}" if given["PORT"] else given["HOST"]
        _migrate(f"postgresql://{given['USER']}:{given['PASSWORD']}@{at}/{made}?pool=0")
        cursor.execute(f'ALTER DATABASE "{made}" RENAME TO "{name}"')
    return name


def _migrate(url: str) -> None:
    environment = {**os.environ, "FONDACO_DATABASE_URL": url, "FONDACO_DATA": str(ROOT / ".data")}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)


def _key() -> str:
    """Another one as soon as a migration, or what one imports from our own code, may have changed."""
    import django

    digest = hashlib.sha256(django.__version__.encode())
    for file in sorted(
        [
            *ROOT.glob("fondaco/*/migrations/*.py"),
            *ROOT.glob("fondaco/*/models/**/*.py"),
            *ROOT.glob("fondaco/engine/*.py"),
        ]
    ):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _alone(kept: Path) -> Iterator[None]:
    """Of several test processes one makes the template, the others wait for it."""
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
