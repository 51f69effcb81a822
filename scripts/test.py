#!/usr/bin/env python
"""All tests: on SQLite, on PostgreSQL, and the journeys in a browser.

What a missing PostgreSQL or Chromium made it leave out is printed at the end; with CI=true that is a failure.
A PostgreSQL is taken from FONDACO_TEST_PG (an address), or a private one is started from the installed binaries.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import private_postgres

from fondaco.spapi.tests import models_folder

ROOT = Path(__file__).resolve().parent.parent
CI = os.environ.get("CI") == "true"
PYTEST = [sys.executable, "-m", "pytest"]
CHROMIUM = os.environ.get("FONDACO_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest(name: str, *args: str, **env: str) -> bool:
    """Run one part; True when it passed."""
    print(f"\n=== {name}", flush=True)
    began = time.monotonic()
    done = subprocess.run([*PYTEST, *args], cwd=ROOT, env={**os.environ, **env}, check=False)
    print(f"=== {name}: {time.monotonic() - began:.0f} s, exit {done.returncode}", flush=True)
    return done.returncode == 0


def main() -> int:
    results_file = ROOT / ".spec-last-run.json"
    results_file.unlink(missing_ok=True)
    subprocess.run([sys.executable, "scripts/messages.py", "compile"], cwd=ROOT, check=True)
    left_out: list[str] = []
    if models_folder.folder() is None:
        left_out.append(
            f"replies of the Selling Partner API door were parsed by typed models only: {models_folder.NOT_HERE}"
        )
    passed = [pytest("tests on SQLite", "-n", "2", "-m", "not journey")]
    with private_postgres.running() as url:
        if url:
            passed.append(
                pytest("tests on PostgreSQL", "-n", "2", "-m", "not journey", "--only-db", FONDACO_DATABASE_URL=url)
            )
        else:
            left_out.append("tests on PostgreSQL: no server binaries found (Debian package: postgresql)")
    if CHROMIUM:
        passed.append(pytest("journeys in Chromium", "-m", "journey", FONDACO_CHROMIUM=CHROMIUM))
    else:
        left_out.append("journeys: no Chromium found (Debian package: chromium)")
    for line in left_out:
        print(f"LEFT OUT  {line}")
    return 0 if all(passed) and not (CI and left_out) else 1


if __name__ == "__main__":
    raise SystemExit(main())
