"""`fondaco migrate`: bring the database to this version."""

from __future__ import annotations


def run(argv: list[str]) -> int:
    """Run Django's migrations, printing one line each."""
    from django.core.management import call_command

    call_command("migrate", *argv, interactive=False)
    return 0
