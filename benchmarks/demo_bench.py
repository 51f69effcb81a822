"""The demo on a warm machine: seconds until its first page answers, and what it holds in memory when all is set up.

Starts `fondaco demo` in a new data folder, as `make demo` does once everything is installed. Memory is that of all its
processes together, shared pages counted once (PSS), after the last photograph has been taken, looked at and shown; the
largest sum during the photographs stands beside it. `FONDACO_DEMO_LISTINGS` limits the listings in the short form.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from pathlib import Path

from benchmarks.row import Row
from benchmarks.running import Process, free_port

ANSWERS_IN_S, MEMORY_MB = 60.0, 400.0
LISTINGS_SHORT = 24
PATIENCE_S = 1800


def run(*, short: bool) -> list[Row]:
    """The two figures of the issue."""
    with tempfile.TemporaryDirectory(prefix="fondaco-demo-") as folder:
        data, port = Path(folder) / "data", free_port()
        env = {name: value for name, value in os.environ.items() if not name.startswith(("FONDACO_", "DJANGO_"))}
        env |= {"FONDACO_DATA": str(data)} | ({"FONDACO_DEMO_LISTINGS": str(LISTINGS_SHORT)} if short else {})
        demo = Process("demo", "--port", str(port), env=env, log=Path(folder) / "demo.log")
        demo.start()
        try:
            seconds = demo.wait_for(f"http://127.0.0.1:{port}/shop/", patience_s=300)
            listed, photographed, highest = _settle(demo, data / "fondaco.sqlite3")
            demo.wait_for(f"http://127.0.0.1:{port}/shop/")
            shared_once, plain = demo.memory_mb()
        except Exception:
            print(demo.log.read_text()[-4000:])
            raise
        finally:
            demo.stop()
    return [
        Row(
            "demo: first page answers after", seconds, "s", f"{listed} listings, load {os.getloadavg()[0]:.1f}",
            seconds / ANSWERS_IN_S, f"< {ANSWERS_IN_S:.0f} s", seconds < ANSWERS_IN_S,
        ),
        Row(
            "demo: memory once all is set up", shared_once, "MB", f"plain sum {plain:.0f} MB",
            shared_once / MEMORY_MB, f"< {MEMORY_MB:.0f} MB", shared_once < MEMORY_MB,
        ),
        Row("demo: memory while photographs are taken, largest", highest, "MB"),
        Row("demo: all photographs shown after", photographed, "s"),
    ]  # fmt: skip


def _settle(demo: Process, database: Path) -> tuple[int, float, float]:
    """Waits until nothing is left to photograph or to look at. Listings, seconds, and the most memory on the way."""
    began, highest, quiet = time.monotonic(), 0.0, 0
    while quiet < 3:
        time.sleep(2)
        highest = max(highest, demo.memory_mb()[0])
        is_photographing = any(_name(pid) == "photographer" for pid in demo.pids())
        quiet = 0 if is_photographing or _waiting(database) else quiet + 1
        if time.monotonic() - began > PATIENCE_S:
            raise TimeoutError(f"{_waiting(database)} pictures still wait after {PATIENCE_S} s")
    with sqlite3.connect(database) as connection:
        listed = connection.execute("SELECT count(*) FROM catalogue_offer").fetchone()[0]
    return int(listed), time.monotonic() - began, highest


def _waiting(database: Path) -> int:
    with sqlite3.connect(database, timeout=20) as connection:
        asked = "SELECT count(*) FROM catalogue_listingimage WHERE state IN ('submitted', 'processing', 'eligible')"
        return int(connection.execute(asked).fetchone()[0])


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
