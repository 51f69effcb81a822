"""`fondaco demo`: set up the demo marketplace, say who can sign in, and serve it, worker and image host included."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.urls import get_resolver
from rich.console import Console
from rich.table import Table

from fondaco.demo import lean, photographer


def run(argv: list[str]) -> int:
    """Serve the demo until interrupted."""
    parser = argparse.ArgumentParser(prog="fondaco demo")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--reset", action="store_true", help="throw the demo store away and start anew")
    parser.add_argument("--pictures", type=Path, help="a folder of your own photographs instead of the rendered ones")
    parser.add_argument("--no-serve", action="store_true", help="set up only")
    options = parser.parse_args(argv)
    if options.pictures and not options.pictures.is_dir():
        parser.error(f"{options.pictures} is not a folder")
    console = Console()
    lean.give_back()
    lean.apart(lambda: _set_up(console, options))
    _introduce(console, options)
    if options.no_serve:
        return 0
    with _beside(options):
        from fondaco.config import serve

        arguments = serve.parser().parse_args(
            ["--host", options.host, "--port", str(options.port), "--worker", "--workers", "1"]
        )
        serve.start(arguments)
    return 0


def _set_up(console: Console, options: argparse.Namespace) -> None:
    if options.reset:
        _throw_away()
    _prepare(console)


def _throw_away() -> None:
    """Everything the demo keeps: on SQLite its file, on PostgreSQL its tables' rows; the pictures in both cases."""
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.close()
        for end in ("", "-wal", "-shm"):
            Path(f"{settings.DATABASES['default']['NAME']}{end}").unlink(missing_ok=True)
    elif connection.introspection.table_names():
        call_command("migrate", interactive=False, verbosity=0)
        call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(settings.DATA / "files", ignore_errors=True)


def _prepare(console: Console) -> None:
    from django.core.management import call_command

    from fondaco.demo import seed

    with console.status("Preparing the database…"):
        call_command("migrate", interactive=False, verbosity=0)
    with console.status("Filling the shelves…"):
        added = seed.ensure_store()
    if added:
        console.print(f"Listed {added} products. Their photographs arrive while you look around.")


def _introduce(console: Console, options: argparse.Namespace) -> None:
    from fondaco.sellers.demo import accounts

    table = Table(
        "who", "sign in as", "for", title="The people of the demo store", title_justify="left", show_edge=False
    )
    for account in accounts():
        table.add_row(str(account["role"]), account["email"], str(account["about"]))
    console.print(table)
    console.print(f"\nEverybody's password: [bold]{settings.FONDACO_DEMO_PASSWORD}[/]")
    console.print(f"[bold]http://{options.host}:{options.port}[/] (Ctrl+C stops it; `make demo RESET=1` starts anew)\n")


class _beside:
    """The image host, in threads of the web process, and the photographer, in a process that ends when it is done."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.child = 0

    def __enter__(self) -> None:
        host_port = self.options.port + 1
        os.environ["FONDACO_IMAGE_HOST_PORT"] = str(host_port)
        os.environ["FONDACO_BESIDE"] = "fondaco.demo.beside.start_image_host"
        os.environ.setdefault("FONDACO_SMTP", f"{self.options.host}:{self.options.port + 2}")
        allowed = [a for a in os.environ.get("FONDACO_FETCH_ALLOW", "").split(",") if a]
        os.environ["FONDACO_FETCH_ALLOW"] = ",".join([*allowed, f"127.0.0.1:{host_port}", f"localhost:{host_port}"])
        connections.close_all()
        get_resolver().url_patterns  # noqa: B018  every view, once for all
        lean.share()
        pictures = self.options.pictures.resolve() if self.options.pictures else None
        self.child = lean.beside(lambda: photographer.work(pictures), name="photographer")

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            os.kill(self.child, signal.SIGTERM)
