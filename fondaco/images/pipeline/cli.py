"""`fondaco inspect PATH… [--profile NAME|all] [--json]`: files or folders, a table or one JSON object a line.

Exit status 0 whatever the verdicts, 2 for usage errors. A broken file is an object like any other.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from . import bounds
from .findings import CATALOGUE
from .inspect import MODES, Report, inspect_all
from .profiles import NAMES, Profile, load_all, load_profile

COLOURS = {"eligible": "green", "rejected": "red", "unreadable": "magenta"}


def run(argv: Sequence[str]) -> int:
    """The command without its name; returns the exit status."""
    try:
        options = _parser().parse_args(argv)
    except SystemExit as stop:  # argparse has printed its message
        return int(stop.code or 0)
    missing = [path for path in options.paths if not os.path.lexists(path)]
    if missing:
        print(f"fondaco inspect: no such file or folder: {', '.join(missing)}", file=sys.stderr)  # noqa: T201
        return 2
    profiles = load_all() if options.profile == "all" else [load_profile(options.profile)]
    reports = inspect_paths(options.paths, profiles, mode=options.mode, models=options.models)
    try:
        return _print_json(reports) if options.json else _print_table(reports, several=len(profiles) > 1)
    except BrokenPipeError:  # `| head` has read enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  so that nothing is written at exit
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fondaco inspect", description="Inspect pictures against a profile.")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, or a folder that is walked")
    parser.add_argument(
        "--profile",
        default="listing-main",
        choices=[*NAMES, "all"],
        metavar="NAME",
        help=f"one of {', '.join(NAMES)}, or all (default: listing-main)",
    )
    parser.add_argument("--mode", choices=MODES, default=None, help="how much is read; default: what the profile says")
    parser.add_argument("--models", action="store_true", help="also ask the optional models (fondaco vision)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    return parser


def inspect_paths(
    paths: Sequence[str], profiles: Sequence[Profile], *, mode: str | None = None, models: bool = False
) -> Iterator[Report]:
    """Every file below `paths`, in the order of names, against each profile."""
    for path in paths:
        for file in _walk(Path(path)):
            data, size = _content(file)
            for report in inspect_all(data, profiles, name=str(file), mode=mode, models=models):
                yield report if size == len(data) else _cut(report, size)


def _walk(path: Path) -> Iterator[Path]:
    """A folder's files, hidden ones left out; a file as it is. Links to folders are not followed."""
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))


def _content(file: Path) -> tuple[bytes, int]:
    """The bytes, at most one more than are ever read, and the true size. What cannot be opened reads as empty."""
    try:
        with file.open("rb") as stream:
            return stream.read(bounds.MAX_BYTES + 1), os.fstat(stream.fileno()).st_size
    except OSError:
        return b"", 0


def _cut(report: Report, size: int) -> Report:
    """The report of a file that was not read to its end: its size is the file's, its hash is unknown."""
    return replace(report, bytes=size, sha256="")


def _print_json(reports: Iterator[Report]) -> int:
    for report in reports:
        sys.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return 0


def _print_table(reports: Iterator[Report], *, several: bool) -> int:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("file", *(("profile",) if several else ()), "format", "size", "verdict", "findings"):
        table.add_column(column, overflow="fold")
    for report in reports:
        size = f"{report.width} × {report.height}" if report.width else ""
        titles = ", ".join(CATALOGUE[f.code].title for f in report.findings) or "none"
        verdict = f"[{COLOURS[report.verdict]}]{report.verdict}[/]"
        extra = (report.profile,) if several else ()
        table.add_row(report.path or "", *extra, report.format, size, verdict, titles)
    Console().print(table)
    return 0
