"""`fondaco restore FILE`: the way back from a backup into an empty store, or with --replace over this one."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

from fondaco.config.backup import FORMAT, KINDS, CannotBackUp, _postgres
from fondaco.engine import files

_CONTENT_NAME = re.compile(r"(?:^|/)([0-9a-f]{64})$")


def run(argv: list[str]) -> int:
    """Read the backup; exit 0, or 1 with a sentence and nothing changed."""
    parser = argparse.ArgumentParser(prog="fondaco restore")
    parser.add_argument("file", type=Path)
    parser.add_argument("--replace", action="store_true", help="overwrite the store that is here")
    options = parser.parse_args(argv)
    try:
        read(options.file, replace=options.replace)
    except (CannotBackUp, OSError, tarfile.TarError) as fault:
        sys.stderr.write(f"fondaco restore: {fault}\n")
        return 1
    return 0


def read(source: Path, *, replace: bool) -> None:
    """Check the whole file first; then put the files back, and the database last."""
    with tarfile.open(source) as tar:
        manifest = json.loads(_member(tar, "manifest.json").read())
        _check(manifest, replace=replace)
        for member in tar:
            if member.name.startswith("files/"):
                _put_back(tar, member)
        with tempfile.NamedTemporaryFile() as dump:
            stream = _member(tar, "database")
            while piece := stream.read(1 << 20):
                dump.write(piece)
            dump.flush()
            _database(Path(dump.name))


def _check(manifest: dict[str, object], *, replace: bool) -> None:
    if manifest["format"] != FORMAT:
        raise CannotBackUp(f"this backup has format {manifest['format']}, this version reads {FORMAT}.")
    if manifest["database"] != connection.vendor:
        raise CannotBackUp(f"the backup is of a {manifest['database']} store, this one is {connection.vendor}.")
    if not replace and connection.introspection.table_names():
        raise CannotBackUp("this store is not empty; --replace overwrites it.")


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    stream = tar.extractfile(name)
    if stream is None:
        raise CannotBackUp(f"{name} is missing from the backup.")
    return stream


def _put_back(tar: tarfile.TarFile, member: tarfile.TarInfo) -> None:
    _, kind, name = member.name.split("/", 2)
    if kind not in KINDS or ".." in name.split("/"):
        raise CannotBackUp(f"{member.name!r} has no place in a backup.")
    data = _member(tar, member.name).read()
    content = _CONTENT_NAME.search(name)
    if content and hashlib.sha256(data).hexdigest() != content.group(1):
        raise CannotBackUp(f"{member.name} is damaged: its content does not match its name.")
    files.put_named(kind, name, data)


def _database(dump: Path) -> None:
    if connection.vendor == "sqlite":
        connection.close()
        target = Path(str(settings.DATABASES["default"]["NAME"]))
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(target.name + ".restoring")
        fresh.write_bytes(dump.read_bytes())
        for leftover in ("-wal", "-shm"):
            target.with_name(target.name + leftover).unlink(missing_ok=True)
        os.replace(fresh, target)
        return
    _postgres(
        "pg_restore",
        ["--clean", "--if-exists", "--no-owner", "--dbname", settings.DATABASES["default"]["NAME"], str(dump)],
    )
