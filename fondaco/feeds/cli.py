"""`fondaco feed FILE --seller ID`: submits an inventory file and follows it to its report.

Exit status: 0 no errors, 1 some records had errors, 2 the file was not used or could not be sent.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from fondaco.engine import clock
from fondaco.feeds import queries, report, words
from fondaco.feeds.models import Batch
from fondaco.feeds.operations import finishing, planning, running, submit
from fondaco.feeds.rules import BatchState
from fondaco.feeds.web import show
from fondaco.kit.errors import Refusal
from fondaco.sellers.access import Caller, caller_for
from fondaco.sellers.models import Membership
from fondaco.sellers.rules import MEMBER_MAY, Capability, MemberRole

ISSUES_SHOWN = 20
HINT_AFTER_S = 8.0


def run(argv: list[str]) -> int:
    """Submit, follow, report."""
    options = _parser().parse_args(argv)
    console = Console(stderr=True, quiet=options.quiet)
    path = Path(options.file)
    caller = _caller(options.seller)
    if caller is None:
        console.print(f"[red]There is no seller account {options.seller}, or nobody in it may edit listings.")
        return 2
    try:
        with path.open("rb") as file:
            batch = submit(
                caller,
                file=file,
                name=path.name,
                declared_encoding=options.encoding,
                expected_bytes=path.stat().st_size,
                refetch=options.refetch,
            )
    except OSError as error:
        console.print(f"[red]{error}")
        return 2
    except Refusal as refusal:
        console.print(f"[red]{refusal}")
        return 2
    console.print(f"Batch ID: [bold]{batch.number}")
    with translation.override(caller.language):
        batch = _follow(batch, console, here=options.here)
        _tell(batch, console)
        if options.report:
            Path(options.report).write_bytes(b"".join(piece.encode() for piece in report_of(batch)))
        if options.quiet:
            sys.stdout.write(f"{batch.number}\n")
    return 2 if batch.state != BatchState.DONE else 1 if batch.errors else 0


def report_of(batch: Batch) -> Iterator[str]:
    """The tab-delimited report of a batch that is over."""
    counts = report.Counts(processed=batch.processed, successful=batch.successful)
    return report.tab_delimited(counts=counts, lines=words.lines(queries.issues_of(batch).iterator(chunk_size=1000)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fondaco feed", description="Submit an inventory file or JSON feed.")
    parser.add_argument("file", help="tab-delimited text or a JSON listings feed")
    parser.add_argument("--seller", required=True, metavar="ID", help="the seller number (A…)")
    parser.add_argument("--encoding", default="", help="in which letters the file is, if it is not recognised")
    parser.add_argument("--refetch", action="store_true", help="fetch pictures again whose address has not changed")
    parser.add_argument("--here", action="store_true", help="do the work in this process instead of a worker")
    parser.add_argument("--report", metavar="FILE", help="write the processing report to FILE")
    parser.add_argument("--quiet", action="store_true", help="print only the batch ID")
    return parser


def _caller(number: str) -> Caller | None:
    """Whoever of the account may edit listings, the owner first."""
    members = Membership.objects.filter(seller__number=number).select_related("person").order_by("created_at", "id")
    able = [m for m in members if Capability.EDIT_LISTINGS in MEMBER_MAY[MemberRole(m.role)] and m.person.is_active]
    able.sort(key=lambda m: m.role != MemberRole.OWNER)
    return caller_for(able[0].person, seller_number=number) if able else None


def _follow(batch: Batch, console: Console, *, here: bool) -> Batch:
    """Shows a bar a stage until the batch is over."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    began, hinted = time.monotonic(), here
    with Progress(*columns, console=console, transient=True) as bars:
        tasks = {stage: bars.add_task(translation.gettext(label), total=None) for stage, label in show.STAGES.items()}
        while True:
            if here:
                _work(batch)
            batch = Batch.objects.select_related("seller").get(pk=batch.pk)
            for progress in queries.standing(batch, at=clock.now()).stages:
                bars.update(tasks[progress.stage], completed=progress.done, total=progress.total or None)
            if not batch.is_open:
                return batch
            if not hinted and batch.planned_at is None and time.monotonic() - began > HINT_AFTER_S:
                console.print("[yellow]No worker has taken the file yet. Start `fondaco worker`, or use --here.")
                hinted = True
            time.sleep(0.2 if here else 0.5)


def _work(batch: Batch) -> None:
    """One turn of what workers do."""
    from fondaco.catalogue.models import ListingImage
    from fondaco.catalogue.operations.batch import look_at_many
    from fondaco.catalogue.rules import states

    planning.plan_batch(batch.pk)
    running.run_chunks(batch.pk, works_for_s=0.5)
    waiting = ListingImage.objects.filter(batch_id=batch.pk, state=states.ImageState.SUBMITTED.value)
    look_at_many(list(waiting.values_list("pk", flat=True)[:50]))
    finishing.finish_batch(batch.pk)


def _tell(batch: Batch, console: Console) -> None:
    label, _tone = show.state_of(batch)
    console.print(f"{label}. {show.result_of(batch)}")
    rows = list(queries.issues_of(batch)[:ISSUES_SHOWN])
    if not rows:
        return
    table = Table("#", "SKU", "code", "", "what is wrong, and what to do")
    for row in rows:
        issue = words.said(row)
        table.add_row(str(issue.record), issue.sku, issue.code, issue.type_words, f"{issue.message} {issue.fix}")
    console.print(table)
    more = batch.errors + batch.warnings - len(rows)
    if more > 0:
        console.print(f"… {more} more; see the report (--report FILE)")
