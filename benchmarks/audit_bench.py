"""What an engine adds to the work: the audit of 2,000 real-sized pictures beside a bare loop over the same files.

CPU of the whole process tree, start-up included; each way runs in a process of its own, in turns, and the best of its
runs counts. Ray is measured where it is installed, in this environment or in that of `FONDACO_BENCH_RAY` (an interpreter).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from benchmarks.audit_pictures import catalogue
from benchmarks.row import Row

ROUNDS = 2


def run(*, short: bool) -> list[Row]:
    products, files = (8, 80) if short else (100, 2_000)
    folder = catalogue(products=products, files=files)
    best: dict[str, float] = {}
    for _ in range(1 if short else ROUNDS):
        for how in ("loop", "plain", "daft"):
            cpu, _wall = _measure(how, folder)
            best[how] = min(cpu, best.get(how, cpu))
    rows = [Row("bare loop, half size", 1e3 * best["loop"] / files, "CPU ms a picture")]
    rows += [_beside(name, best[how], best["loop"], files, short) for how, name in _NAMES.items()]
    return rows + _on_ray(folder, files, short)


_NAMES = {"plain": "audit --engine plain", "daft": "audit, Daft native"}


def _beside(name: str, cpu: float, loop: float, files: int, short: bool) -> Row:
    """Start-up weighs too much in a short run for a verdict."""
    ratio = cpu / loop
    return Row(
        name, 1e3 * cpu / files, "CPU ms a picture", "bare loop", ratio, "≤ 1.10", None if short else ratio <= 1.10
    )


def _on_ray(folder: Path, files: int, short: bool) -> list[Row]:
    python = os.environ.get("FONDACO_BENCH_RAY") or (sys.executable if find_spec("ray") else "")
    if not python or short:
        return []
    busy = os.getloadavg()[0]
    walls = {n: min(_measure(f"ray-{n}", folder, python)[1] for _ in range(ROUNDS)) for n in (1, 2)}
    efficiency = walls[1] / (2 * walls[2])
    quiet = busy < 0.5
    beside = f"1 worker: {files / walls[1]:.0f} a second; load before: {busy:.1f}"
    verdict = efficiency >= 0.85 if quiet else None  # other work on the machine takes from two workers first
    return [
        Row("audit on Ray, 2 workers", files / walls[2], "pictures a second", beside, efficiency, "≥ 0.85", verdict)
    ]


def _measure(how: str, folder: Path, python: str = sys.executable) -> tuple[float, float]:
    """CPU seconds of the process and all it started, and the seconds that the pictures took by the clock."""
    with tempfile.TemporaryDirectory() as out:
        argv = [python, "-m", "benchmarks.audit_child", how, str(folder.resolve()), out]
        child = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        said = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{how} ended with {child.returncode}")
    return usage.ru_utime + usage.ru_stime, float(said.split()[-1])
