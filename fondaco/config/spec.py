"""`fondaco spec`: requirement by requirement, the tests that prove it and whether they passed in the last run."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

SPEC = Path(__file__).resolve().parents[2] / "docs" / "requirements" / "SPEC.md"
RESULTS = Path(os.environ.get("FONDACO_SPEC_RESULTS", ".spec-last-run.json"))
_ROW = re.compile(r"^\| ((?:B-)?[A-Z]+(?:-SVC)?-\d+) \| (.+) \|$")


def requirements(text: str) -> dict[str, str]:
    """Every requirement ID of parts 1 and 2 with its sentence."""
    found = {}
    for line in text.splitlines():
        if match := _ROW.match(line):
            cells = match.group(2).split(" | ")
            if not match.group(1).startswith("Q-"):
                found[match.group(1)] = cells[0] if match.group(1).startswith("B-") else cells[1]
    return found


def proofs(results: dict[str, Any]) -> dict[str, list[tuple[str, bool]]]:
    """ID → (test, passed) from the last run's record."""
    by_id: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for test, entry in sorted(results.items()):
        for requirement in entry["ids"]:
            by_id[requirement].append((test, entry["outcome"] == "passed"))
    return by_id


def proven(tests: list[tuple[str, bool]]) -> bool:
    """At least one test, and none that failed."""
    return bool(tests) and all(passed for _, passed in tests)


def prefix(requirement: str) -> str:
    return requirement.rsplit("-", 1)[0]


def totals(ids: dict[str, str], by_id: dict[str, list[tuple[str, bool]]]) -> dict[str, dict[str, int]]:
    """`{"PRIME": {"proven": n, "of": 55}, …}`."""
    count: dict[str, dict[str, int]] = defaultdict(lambda: {"proven": 0, "of": 0})
    for requirement in ids:
        count[prefix(requirement)]["of"] += 1
        count[prefix(requirement)]["proven"] += proven(by_id.get(requirement, []))
    return dict(count)


def run(argv: list[str]) -> int:
    """Print the report; exit 0."""
    parser = argparse.ArgumentParser(prog="fondaco spec")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("ids", nargs="*", help="only these IDs or prefixes")
    options = parser.parse_args(argv)
    ids = requirements(SPEC.read_text(encoding="utf-8"))
    by_id = proofs(json.loads(RESULTS.read_text()) if RESULTS.exists() else {})
    if options.json:
        json.dump(totals(ids, by_id), sys.stdout)
        sys.stdout.write("\n")
        return 0
    _print(ids, by_id, options.ids)
    return 0


def _print(ids: dict[str, str], by_id: dict[str, list[tuple[str, bool]]], only: list[str]) -> None:
    console = Console()
    table = Table("ID", "", "Requirement", "Tests")
    for requirement, sentence in ids.items():
        if only and requirement not in only and prefix(requirement) not in only:
            continue
        tests = by_id.get(requirement, [])
        mark = "[green]✓" if proven(tests) else "[red]✗" if tests else "[dim]–"
        table.add_row(requirement, mark, sentence, "\n".join(("" if ok else "FAILED ") + t for t, ok in tests))
    console.print(table)
    for name, count in totals(ids, by_id).items():
        console.print(f"{name:10} {count['proven']:3} of {count['of']}")
