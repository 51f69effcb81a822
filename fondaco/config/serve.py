"""`fondaco serve`: granian, WSGI, two threads a core, one process on SQLite; `--worker` adds the task worker in threads."""

from __future__ import annotations

import argparse
import os
from typing import Any

MAIL_DOOR = "fondaco.messaging.mail.listener.start"


def run(argv: list[str]) -> int:
    """Serve until interrupted."""
    start(parser().parse_args(argv))
    return 0


def parser() -> argparse.ArgumentParser:
    """What `fondaco serve` takes."""
    made = argparse.ArgumentParser(prog="fondaco serve")
    made.add_argument("--host", default="127.0.0.1")
    made.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    made.add_argument(
        "--workers",
        type=int,
        default=_processes(),
        help="processes; more than one needs PostgreSQL, which is the default there: one a core",
    )
    made.add_argument("--worker", action="store_true", help="work off tasks in threads of the same process")
    return made


def _processes() -> int:
    """SQLite is written by one process (docs/decisions); elsewhere one a core, for a thread never has two."""
    from django.db import connection

    return 1 if connection.vendor == "sqlite" else min(8, os.cpu_count() or 1)


def start(options: argparse.Namespace) -> None:
    """Gather the static files and serve until interrupted."""
    if options.worker:
        os.environ["FONDACO_EMBEDDED_WORKER"] = "1"
    if os.environ.get("FONDACO_SMTP") and options.workers == 1:  # several processes cannot share a port: `fondaco mail`
        beside = [b for b in os.environ.get("FONDACO_BESIDE", "").split(",") if b and b != MAIL_DOOR]
        os.environ["FONDACO_BESIDE"] = ",".join([*beside, MAIL_DOOR])
    collect_static()
    server(options).serve()


def collect_static() -> None:
    """Gather the static files once for this version, so that their names carry their content."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


def server(options: argparse.Namespace) -> Any:
    """The configured granian server."""
    from granian import Granian
    from granian.constants import Interfaces

    threads = max(2, 2 * (os.cpu_count() or 1) // options.workers)
    return Granian(
        "fondaco.config.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
    )
