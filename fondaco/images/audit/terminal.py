"""What the terminal shows: a bar with rate and time left while it runs, a table when it has ended.

Where the output is no terminal a line every ten seconds, so that a log tells how far it is.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from .summary.figures import Summary

EVERY_S = 10.0
COLOURS = {"eligible": "green", "rejected": "red", "unreadable": "magenta"}
MOST_FINDINGS = 12


class _Rate(ProgressColumn):
    """Pictures a second, over the last half minute."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="progress.data.speed")


class Shown:
    """The progress of `job.run`, drawn on standard error."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        self.bar = Progress(*columns, console=self.console, transient=True, disable=not self.console.is_terminal)
        self.task = self.bar.add_task("listing", total=None)
        self.began = self.told = time.monotonic()
        self.count = self.pending = 0

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def listed(self, count: int) -> None:
        self.bar.update(self.task, completed=count)

    def begin(self, *, done: int, pending: int) -> None:
        self.bar.reset(self.task, total=pending, description="inspecting")
        self.began, self.pending = time.monotonic(), pending
        if done:
            self.console.print(f"{done:,} pictures are done already, {pending:,} to inspect")

    def advance(self, count: int) -> None:
        self.bar.advance(self.task, count)
        self.count += count
        now = time.monotonic()
        if not self.console.is_terminal and now - self.told >= EVERY_S:
            self.told = now
            rate = self.count / (now - self.began)
            left = (self.pending - self.count) / rate
            self.console.print(f"{self.count:,} of {self.pending:,}, {rate:,.0f} a second, {left / 60:,.0f} min left")

    def stopped(self) -> None:
        self.console.print("stopped; the same command goes on where it ended")


def show(summary: Summary, page: Path) -> None:
    """Verdicts and the most frequent findings on standard output, and where the page is."""
    console = Console(file=sys.stdout)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="left")
    table.add_column(justify="right")
    table.add_column(justify="right")
    for verdict, count in summary.verdicts.items():
        table.add_row(f"[{COLOURS[verdict]}]{verdict}[/]", f"{count:,}", _share(count, summary.pictures))
    if summary.findings:
        table.add_section()
    for found in summary.findings[:MOST_FINDINGS]:
        table.add_row(found.title, f"{found.count:,}", _share(found.count, summary.pictures))
    console.print(table)
    if more := summary.findings[MOST_FINDINGS:]:
        console.print(f"and {len(more)} more kinds of finding")
    console.print(f"\n{page}", soft_wrap=True, highlight=False, markup=False)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""
