"""Children that do one thing: their failure is the parent's, and they never go on with its work."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from fondaco.demo import lean


def test_what_a_child_did_is_done_when_its_parent_goes_on(tmp_path: Path) -> None:
    lean.apart(lambda: (tmp_path / "made").write_text(str(os.getpid())) and None)
    assert int((tmp_path / "made").read_text()) != os.getpid()


def test_a_child_that_fails_ends_its_parent() -> None:
    def fail() -> None:
        raise OSError("the disk was away")

    with pytest.raises(SystemExit) as ended:
        lean.apart(fail)
    assert ended.value.code == 1


def test_a_child_beside_is_named_and_goes_on_by_itself(tmp_path: Path) -> None:
    pid = lean.beside(lambda: time.sleep(30), name="photographer")
    try:
        name = Path(f"/proc/{pid}/comm")
        deadline = time.monotonic() + 10
        while name.read_text().strip() != "photographer" and time.monotonic() < deadline:
            time.sleep(0.02)
        assert name.read_text().strip() == "photographer"
    finally:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
