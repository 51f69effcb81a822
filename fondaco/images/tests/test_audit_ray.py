"""The same plan on a cluster. Runs where Ray is installed (`pip install 'fondaco[cluster]'`); it is not in the test group."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from fondaco.images.audit import cli, engines

from .audit_catalogue import fill, rows


@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")
@pytest.mark.slow
def test_ray_writes_the_rows_of_the_plain_loop_and_goes_on(tmp_path: Path) -> None:
    folder = fill(tmp_path / "in", 90, side=64)
    code = "import sys; from fondaco.config.cli import main; sys.exit(main(sys.argv[1:]))"
    for more in (["--limit", "50"], []):
        argv = ["audit", str(folder), "--out", str(tmp_path / "ray"), "--ray", "local", "--batch", "32", *more]
        done = subprocess.run([sys.executable, "-c", code, *argv], capture_output=True, text=True, timeout=280)
        assert done.returncode == 0, done.stderr
    assert cli.run([str(folder), "--out", str(tmp_path / "plain"), "--engine", "plain"]) == 0
    assert rows(tmp_path / "ray") == rows(tmp_path / "plain")


def test_without_ray_it_says_how_to_install_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda name: None if name == "ray" else find_spec(name))
    assert cli.run([str(tmp_path), "--out", str(tmp_path / "out"), "--ray", "auto"]) == 2
    assert "pip install 'fondaco[cluster]'" in capsys.readouterr().err
