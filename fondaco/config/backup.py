"""`fondaco backup FILE`: database and files as one tar, taken while the store is running.

The database comes first, as one consistent snapshot; files are content-addressed and never change, so every file
that the snapshot names is there when the files are copied afterwards.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from rich.progress import Progress

from fondaco import __version__
from fondaco.engine import files

KINDS = ("originals", "renditions", "documents")
FORMAT = 1


class CannotBackUp(Exception):
    """Said to the person at the terminal."""


def run(argv: list[str]) -> int:
    """Write the backup; exit 0, or 1 with a sentence."""
    parser = argparse.ArgumentParser(prog="fondaco backup")
    parser.add_argument("file", type=Path)
    options = parser.parse_args(argv)
    try:
        write(options.file)
    except CannotBackUp as fault:
        sys.stderr.write(f"fondaco backup: {fault}\n")
        return 1
    return 0


def write(target: Path) -> None:
    """The file appears whole or not at all."""
    part = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory() as folder, tarfile.open(part, "w") as tar:
        dump = snapshot(Path(folder))
        manifest = {
            "format": FORMAT,
            "version": __version__,
            "database": connection.vendor,
            "taken_at": datetime.now(UTC).isoformat(),
        }
        _add(tar, "manifest.json", json.dumps(manifest, indent=1).encode())
        tar.add(dump, "database")
        with Progress(transient=True) as progress:
            for kind in KINDS:
                for name in progress.track(list(every_file(kind)), description=kind):
                    _add(tar, f"files/{kind}/{name}", files.read(kind, name))
    os.replace(part, target)


def snapshot(folder: Path) -> Path:
    """One consistent copy of the database as a file in `folder`."""
    target = folder / "database"
    if connection.vendor == "sqlite":
        source = sqlite3.connect(f"file:{settings.DATABASES['default']['NAME']}?mode=ro", uri=True)
        copy = sqlite3.connect(target)
        with copy:
            source.backup(copy)
        copy.close()
        source.close()
        return target
    _postgres("pg_dump", ["--format=custom", f"--file={target}"])
    return target


def every_file(kind: str, folder: str = "") -> Iterator[str]:
    """All names in one store, whatever stands behind it."""
    try:
        folders, names = files.store(kind).listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    for name in sorted(names):
        if not name.startswith("."):
            yield prefix + name
    for each in sorted(folders):
        yield from every_file(kind, prefix + each)


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))


def _postgres(program: str, arguments: list[str]) -> None:
    if shutil.which(program) is None:
        raise CannotBackUp(f"{program} is not installed; it belongs to PostgreSQL's client programs.")
    database = settings.DATABASES["default"]
    environment = {
        **os.environ,
        "PGHOST": database["HOST"],
        "PGPORT": database["PORT"],
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
    }
    environment = {k: v for k, v in environment.items() if v}
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotBackUp(f"{program}: {done.stderr.strip()[-500:]}")
