"""The `fondaco` command. Each verb is imported only when it is used, so that `inspect` needs no Django."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module

# verb: (module with run(argv) -> int, whether Django must be set up, what it does)
VERBS: dict[str, tuple[str, bool, str]] = {
    "demo": ("fondaco.demo.cli", True, "set up the demo marketplace and serve it"),
    "sandbox": (
        "fondaco.sandbox.cli",
        False,
        "a store for integrators' tests: fixed clock, seed and ids, a control API",
    ),
    "spapi-proxy": (
        "fondaco.sandbox.proxy.cli",
        False,
        "let clients with fixed addresses reach a store: TLS, loopback only",
    ),
    "serve": ("fondaco.config.serve", True, "serve the pages and the API (with --worker: tasks too)"),
    "worker": ("fondaco.config.work", True, "work off tasks"),
    "mail": ("fondaco.messaging.mail.listener", True, "take mail for buyers and sellers: [--host] [--port 8025]"),
    "migrate": ("fondaco.config.migrate", True, "bring the database to this version"),
    "inspect": ("fondaco.images.pipeline.cli", False, "inspect pictures: PATH… [--profile NAME|all] [--json]"),
    "vision": ("fondaco.images.pipeline.vision.cli", False, "the optional models: which are here, install them"),
    "audit": ("fondaco.images.audit.cli", False, "inspect a folder or bucket into Parquet: SOURCE [--ray ADDRESS]"),
    "feed": ("fondaco.feeds.cli", True, "submit an inventory file: FILE --seller ID"),
    "spec": ("fondaco.config.spec", False, "requirement by requirement: which tests prove it [--json]"),
    "decide": ("fondaco.config.decide", False, "the pure rules: refund|return|promise|badge FACTS.json"),
    "backup": ("fondaco.config.backup", True, "write one file with database and pictures: FILE"),
    "restore": ("fondaco.config.restore", True, "read such a file back: FILE"),
    "doctor": ("fondaco.config.doctor", True, "what is wrong with this installation"),
}


def main(argv: list[str] | None = None) -> int:
    """Run one verb; returns the exit status (2 for a usage error)."""
    args = sys.argv[1:] if argv is None else argv
    if args[:1] == ["--version"]:
        from fondaco import __version__

        sys.stdout.write(f"fondaco {__version__}\n")
        return 0
    if not args or args[0] not in VERBS:
        sys.stderr.write(_usage())
        return 0 if args[:1] in (["-h"], ["--help"], ["help"]) else 2
    module, needs_django, _ = VERBS[args[0]]
    if needs_django:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fondaco.config.settings")
        if args[0] == "demo":
            os.environ.setdefault("FONDACO_DEMO", "1")
        import django

        django.setup()
    run: Callable[[list[str]], int] = import_module(module).run
    return run(args[1:])


def _usage() -> str:
    width = max(map(len, VERBS))
    lines = [f"  {name:<{width}}  {words}" for name, (_, _, words) in VERBS.items()]
    return "\n".join(["usage: fondaco VERB …", "", *lines, ""])


if __name__ == "__main__":
    raise SystemExit(main())
