"""`fondaco worker`: a process that works off tasks; start as many as there are machines (PostgreSQL)."""

from __future__ import annotations

import argparse


def run(argv: list[str]) -> int:
    """Work until interrupted."""
    parser = argparse.ArgumentParser(prog="fondaco worker")
    parser.add_argument("--no-recurring", action="store_true", help="leave the minute's sweep to another worker")
    options = parser.parse_args(argv)
    from django.core.management import call_command

    call_command("dj_queue", mode="async", skip_recurring=options.no_recurring)
    return 0
