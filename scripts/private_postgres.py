"""A PostgreSQL server of the tests' own: private folder, private socket, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def running(*, durable: bool = False) -> Iterator[str | None]:
    """Yields a postgresql:// address, or None where no server binaries are installed."""
    if given := os.environ.get("FONDACO_TEST_PG"):
        yield given
        return
    binaries = _binaries()
    if binaries is None:
        yield None
        return
    home = Path(tempfile.mkdtemp(prefix="fondaco-pg-"))
    as_user = _as_user(home)
    port = _free_port()
    run = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    try:
        subprocess.run(
            [
                *as_user,
                binaries / "initdb",
                "-D",
                home / "data",
                "-U",
                "fondaco",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ],
            **run,
        )
        speed = "" if durable else "-c fsync=off -c synchronous_commit=off -c full_page_writes=off "
        options = f"{speed}-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home} -c max_connections=100"
        subprocess.run(
            [*as_user, binaries / "pg_ctl", "-D", home / "data", "-l", home / "log", "-o", options, "-w", "start"],
            **run,
        )
        try:
            subprocess.run(
                [binaries / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "fondaco", "fondaco"], **run
            )
            yield f"postgresql://fondaco@127.0.0.1:{port}/fondaco"
        finally:
            subprocess.run(
                [*as_user, binaries / "pg_ctl", "-D", home / "data", "-m", "immediate", "stop"],
                **{**run, "check": False},
            )
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _binaries() -> Path | None:
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent  # a link on the path may stand without createdb beside it
    return next((p.parent for p in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None)


def _as_user(home: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then as `postgres`, or as `nobody`."""
    if os.geteuid() != 0:
        return []
    name = next(n for n in ("postgres", "nobody") if any(p.pw_name == n for p in pwd.getpwall()))
    shutil.chown(home, name)
    return ["runuser", "-u", name, "--"]


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])
