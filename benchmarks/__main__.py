"""`python -m benchmarks [NAME…] [--short]`: run them, print a table, write bench.json.

A benchmark is a module here with `run(*, short: bool) -> list[Row]`. Figures of shared machines drift: compare the
ratios, which come from the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.row import Row

NAMES = [
    "inspect_bench",
    "looks_bench",
    "audit_bench",
    "feed_bench",
    "ledger_bench",
    "order_bench",
    "page_bench",
    "spapi_bench",
    "message_bench",
    "studio_bench",
    "mail_storm",
    "capture_bench",
    "storm",
    "demo_bench",
]


def main() -> int:
    """Exit 0 whatever the figures; 1 when a benchmark itself failed."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("names", nargs="*", default=[])
    parser.add_argument("--short", action="store_true", help="small sizes, for CI")
    options = parser.parse_args()
    console, rows, failed = Console(), {}, []
    for name in options.names or NAMES:
        console.rule(name)
        try:
            rows[name] = import_module(f"benchmarks.{name}").run(short=options.short)
        except Exception:
            console.print_exception()
            failed.append(name)
            continue
        console.print(table(rows[name]))
    out = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "short": options.short,
        "rows": {name: [asdict(r) for r in found] for name, found in rows.items()},
    }
    Path("bench.json").write_text(json.dumps(out, indent=1))
    return 1 if failed else 0


def table(rows: list[Row]) -> Table:
    """Figure, peer or limit, ratio, target."""
    made = Table("what", "value", "unit", "beside", "ratio", "target", "")
    for r in rows:
        mark = "" if r.ok is None else "[green]✓" if r.ok else "[red]✗"
        ratio = "" if r.ratio is None else f"{r.ratio:.2f}"
        made.add_row(r.name, f"{r.value:,.4g}", r.unit, r.limit_or_peer, ratio, r.target, mark)
    return made


if __name__ == "__main__":
    raise SystemExit(main())
