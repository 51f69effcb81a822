"""`fondaco worker`: a process that works off tasks; start as many as there are machines (PostgreSQL)."""

from __future__ import annotations

import argparse
import sys


def run(argv: list[str]) -> int:
    """Work until interrupted. Waits up to a minute for a database that is still being migrated."""
    parser = argparse.ArgumentParser(prog="fondaco worker")
    parser.add_argument("--no-recurring", action="store_true", help="leave the minute's sweep to another worker")
    options = parser.parse_args(argv)
    from dj_queue.management.commands.dj_queue import wait_for_dj_queue_migrations

    from fondaco.engine import worker

    wait_for_dj_queue_migrations("default", stdout=sys.stdout)
    worker.run(recurring=not options.no_recurring)
    return 0
