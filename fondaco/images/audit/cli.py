"""`fondaco audit SOURCE`: a folder, `s3://BUCKET/PREFIX` or `catalogue`, to Parquet and a page one can look at.

Exit status 0 whatever the verdicts, 2 when the audit cannot begin as asked, 130 when it was interrupted; what was done
by then is kept, and running the same command again goes on.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from fondaco.images.pipeline.profiles import NAMES

from .errors import AuditRefused
from .sources import Source, open_source, short_name

if TYPE_CHECKING:  # these need pyarrow, and what is missing shall be said in words
    from .dataset import Dataset
    from .engines import Engine
    from .job import Outcome
    from .look import Look

MODES = ("half", "full", "header")
INTERRUPTED = 130


def run(argv: Sequence[str]) -> int:
    """The command without its name; returns the exit status."""
    try:
        options = _parser().parse_args(argv)
    except SystemExit as stop:  # argparse has printed its message
        return int(stop.code or 0)
    try:
        return _audit(options)
    except AuditRefused as refused:
        print(f"fondaco audit: {refused}", file=sys.stderr)  # noqa: T201
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fondaco audit",
        description="Inspect every picture of a source into a Parquet dataset. Stop it and run it again: it goes on.",
    )
    parser.add_argument("source", metavar="SOURCE", help="a folder, s3://BUCKET/PREFIX, or catalogue")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where results go (default: audit-SOURCE here)")
    parser.add_argument(
        "--profile",
        default="listing-main",
        choices=NAMES,
        metavar="NAME",
        help=f"one of {', '.join(NAMES)} (default: listing-main)",
    )
    parser.add_argument("--mode", choices=MODES, default="half", help="how much is read of each (default: half)")
    parser.add_argument("--batch", type=_count, metavar="N", help="pictures a file: what a kill costs at most")
    parser.add_argument("--limit", type=_count, metavar="N", help="inspect at most so many in this run")
    parser.add_argument("--engine", choices=("daft", "plain"), default="daft", help="plain: one core, without Daft")
    parser.add_argument("--ray", metavar="ADDRESS", help="on a Ray cluster: local, auto, HOST:PORT or ray://HOST:PORT")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _audit(options: argparse.Namespace) -> int:
    if find_spec("pyarrow") is None:
        raise AuditRefused("Parquet needs pyarrow: pip install 'fondaco[audit]'")
    from . import engines, job
    from .dataset import Dataset
    from .look import Look

    out = (options.out or Path(f"audit-{short_name(options.source)}")).resolve()
    source = open_source(options.source, skip=out)
    engine = engines.choose(options.engine, ray=options.ray)
    today = _today()
    settings = job.settings_of(source, profile=options.profile, mode=options.mode, on=today)
    look = Look(source.reader, options.profile, today, options.mode)
    with Dataset.opened(out, settings) as dataset:
        status = _work(dataset, source, engine, look, options)
        _sum_up(dataset, source, look)
    if engine.leaves_hard:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status


def _today() -> date:
    """The day whose version of the profile holds: the machine's own, this command knows no demo clock."""
    return datetime.fromtimestamp(time.time(), UTC).date()


def _work(dataset: Dataset, source: Source, engine: Engine, look: Look, options: argparse.Namespace) -> int:
    """The audit under a progress bar; an interrupt ends it in order."""
    from . import job
    from .terminal import Shown

    for name in dataset.broken:
        print(f"{name} was broken and is set aside; its pictures are inspected again", file=sys.stderr)  # noqa: T201
    with Shown() as progress:
        try:
            batch = options.batch or engine.batch
            outcome = job.run(dataset, source, engine, look, batch=batch, limit=options.limit, progress=progress)
        except KeyboardInterrupt:
            progress.stopped()
            return INTERRUPTED
    _tell(outcome)
    return 0


def _tell(outcome: Outcome) -> None:
    rate = f", {outcome.inspected / outcome.seconds:,.0f} a second" if outcome.seconds > 1 else ""
    left = f"; {outcome.left:,} left for the next run" if outcome.left else ""
    known = outcome.listed - outcome.inspected - outcome.left
    before = f", {known:,} known before" if known else ""
    print(f"{outcome.inspected:,} pictures inspected{rate}{before}{left}", file=sys.stderr)  # noqa: T201


def _sum_up(dataset: Dataset, source: Source, look: Look) -> None:
    from . import terminal
    from .summary import write

    summary, page = write(dataset, source, look)
    terminal.show(summary, page)
