"""`fondaco inspect`: one object a line, a broken file is an object like any other, exit status by the book."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fondaco.images.pipeline.cli import run
from fondaco.images.pipeline.profiles import NAMES

from . import hostile, pictures
from .pictures import product

KEYS = [
    "path",
    "sha256",
    "format",
    "width",
    "height",
    "frames",
    "bytes",
    "colour",
    "profile",
    "verdict",
    "findings",
    "measures",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "good.jpg").write_bytes(pictures.jpeg(product()))
    (tmp_path / "grey.jpg").write_bytes(pictures.jpeg(product(ground=(200, 200, 200), fill=0.6)))
    (tmp_path / "sub" / "broken.jpg").write_bytes(hostile.CASES["jpeg: cut off at 60 %"].make())
    (tmp_path / "sub" / "empty.gif").write_bytes(b"")
    (tmp_path / ".hidden").write_bytes(b"x")
    return tmp_path


def objects(capsys: pytest.CaptureFixture[str], *argv: str) -> list[dict]:
    assert run([*argv, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_walks_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = objects(capsys, str(folder))
    assert [Path(o["path"]).name for o in found] == ["good.jpg", "grey.jpg", "broken.jpg", "empty.gif"]
    assert [o["verdict"] for o in found] == ["eligible", "rejected", "unreadable", "unreadable"]
    assert all(list(o) == KEYS for o in found)


def test_each_finding_says_everything(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (report,) = objects(capsys, str(folder / "grey.jpg"))
    small = next(f for f in report["findings"] if f["code"] == "product_too_small")
    assert {"code", "severity", "clause", "measured", "limit", "region", "message", "fix"} <= set(small)
    assert (small["severity"], small["clause"], small["limit"]) == ("error", "B-IMG-01", 85.0)
    assert small["measured"] == pytest.approx(60, abs=1)
    assert len(small["region"]) == 4


def test_checks_all_marketplaces_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = objects(capsys, str(folder / "good.jpg"), "--profile", "all")
    assert [o["profile"] for o in found] == list(NAMES)


def test_prints_a_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([str(folder)]) == 0
    assert "Damaged file" in capsys.readouterr().out


@pytest.mark.parametrize("argv", [[], ["/no/such/file.jpg"], ["--profile", "nowhere", "."], ["--mode", "huge", "."]])
def test_usage_errors_exit_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(argv) == 2
    assert capsys.readouterr().err


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    huge = tmp_path / "huge.jpg"
    with huge.open("wb") as stream:
        stream.write(pictures.jpeg(product()))
        stream.truncate(3_000_000_000)
    (report,) = objects(capsys, str(huge))
    assert report["bytes"] == 3_000_000_000
    assert "file_too_big" in [f["code"] for f in report["findings"]]
