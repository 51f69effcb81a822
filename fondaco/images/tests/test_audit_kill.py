"""An audit that is killed: nothing twice, nothing lost, at most one batch done again. Real processes, real SIGKILL."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from .audit_catalogue import fill, rows

# Runs the command with a reader that writes down each read, and takes its time over it.
TRACED = """
import os, sys, time
from fondaco.images.audit.engines import on_daft
from fondaco.images.audit.sources.folder import FolderReader
read, trace = FolderReader.read, os.open({trace!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def traced(self, location):
    os.write(trace, location + b"\\n")
    time.sleep(0.02)
    return read(self, location)
FolderReader.read = traced
if __name__ == "__main__":
    from fondaco.images.audit import cli, engines
    engines.choose = {engine}
    sys.exit(cli.run([{folder!r}, "--out", {out!r}, "--batch", "20"]))
"""
ENGINES = {
    "plain": "lambda name, ray: __import__('fondaco.images.audit.engines.plain').images.audit.engines.plain.PlainEngine()",
    "threads": "lambda name, ray: on_daft.NativeEngine(processes=False)",
}
PICTURES, BATCH = 140, 20


def start(tmp_path: Path, engine: str) -> subprocess.Popen[str]:
    code = TRACED.format(
        trace=str(tmp_path / "reads"), folder=str(tmp_path / "in"), out=str(tmp_path / "out"), engine=ENGINES[engine]
    )
    return subprocess.Popen(
        [sys.executable, "-c", code],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # A shell that runs the tests in the background ignores SIGINT, and a child would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def wait_until(so: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 120
    while not so():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < until
        time.sleep(0.005)


def reads(tmp_path: Path) -> Counter[str]:
    """How often each picture was read, over all runs."""
    return Counter((tmp_path / "reads").read_text().split())


def finish(process: subprocess.Popen[str]) -> tuple[str, str]:
    said = process.communicate(timeout=120)
    assert process.returncode == 0, said[1]
    return said


@pytest.mark.parametrize("engine", ENGINES)
def test_a_kill_costs_at_most_one_batch(tmp_path: Path, engine: str) -> None:
    fill(tmp_path / "in", PICTURES, side=64)
    out = tmp_path / "out"
    kept = 0
    for part in ("part-00000002.parquet", "part-00000004.parquet"):
        running = start(tmp_path, engine)
        wait_until((out / "pictures" / part).exists, running)
        read = reads(tmp_path).total()
        wait_until(lambda: reads(tmp_path).total() > read + 2, running)  # into the next batch
        running.kill()
        running.communicate()
        assert running.returncode == -signal.SIGKILL
        assert kept < len(rows(out)) < PICTURES
        kept = len(rows(out))
    finish(start(tmp_path, engine))
    assert len(rows(out)) == PICTURES
    assert {row["error"] for row in rows(out).values()} == {None}
    again = reads(tmp_path).total() - PICTURES - shown_on(out)
    assert 0 < again <= 2 * BATCH


def shown_on(out: Path) -> int:
    """Reads for the page's thumbnails, which are no inspections: the last run alone wrote a page."""
    return (out / "summary.html").read_text().count("data:image/jpeg")


def test_an_interrupt_ends_it_in_order_and_the_next_run_goes_on(tmp_path: Path) -> None:
    fill(tmp_path / "in", PICTURES, side=64)
    out = tmp_path / "out"
    running = start(tmp_path, "plain")
    wait_until((out / "pictures/part-00000001.parquet").exists, running)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=120)[1]
    assert running.returncode == 130
    assert "the same command goes on" in said
    assert (out / "summary.html").exists()
    assert 0 < len(rows(out)) < PICTURES
    finish(start(tmp_path, "plain"))
    assert len(rows(out)) == PICTURES


@pytest.mark.parametrize("processes", [False, True])
def test_daft_writes_the_rows_of_the_plain_loop(tmp_path: Path, processes: bool) -> None:
    fill(tmp_path / "in", 40, side=64)
    (tmp_path / "in/broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    found = {}
    for name in ("plain", "daft"):
        code = (
            "import sys\n"
            "from fondaco.images.audit import cli, engines\n"
            "from fondaco.images.audit.engines.on_daft import NativeEngine\n"
            f"if {name == 'daft'}: engines.choose = lambda name, ray: NativeEngine(processes={processes})\n"
            f"sys.exit(cli.run([{str(tmp_path / 'in')!r}, '--out', {str(tmp_path / name)!r}, '--engine', '{name}']))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=180)
        assert done.returncode == 0, done.stderr
        assert "rejected" in done.stdout
        found[name] = rows(tmp_path / name)
    assert found["daft"] == found["plain"]
    assert len(found["daft"]) == 41
