"""The audit of a folder: what is listed, what a row says, what a second run does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fondaco.images.audit import cli
from fondaco.images.audit.dataset import Dataset
from fondaco.images.audit.errors import AuditRefused, CannotRead
from fondaco.images.audit.look import Look
from fondaco.images.audit.rows import SCHEMA
from fondaco.images.audit.sources.folder import Folder, shown
from fondaco.images.pipeline.inspect import inspect

from .audit_catalogue import ON, audit, fill, jpeg, rows


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill(tmp_path / "pictures", 23)


# ---------------------------------------------------------------- rows


def test_a_row_says_what_inspect_says(folder: Path, out: Path) -> None:
    audit(folder, out)
    data = (folder / "01/012.jpg").read_bytes()
    report = inspect(data, "listing-main", name="01/012.jpg", mode="half", on=ON)
    row = rows(out)["01/012.jpg"]
    assert row["sha256"] == report.sha256
    assert (row["width"], row["height"], row["bytes"]) == (240, 240, len(data))
    assert (row["verdict"], tuple(row["codes"])) == (report.verdict, report.codes())
    assert row["stops"] == [f.code for f in report.errors()]
    assert {name: row[name] for name in report.measures} == dict(report.measures)
    assert [json.loads(f["measured"]) for f in row["findings"]] == [f.measured for f in report.findings]
    assert row["error"] is None


def test_every_measure_of_the_pipeline_has_a_column() -> None:
    assert set(inspect(jpeg(), "listing-main", mode="full").measures) <= set(SCHEMA.names)


def test_each_picture_stands_in_one_file_of_at_most_a_batch(folder: Path, out: Path) -> None:
    outcome = audit(folder, out, batch=10)
    assert (outcome.listed, outcome.inspected, outcome.left) == (23, 23, 0)
    assert len(rows(out)) == 23
    parts = sorted((out / "pictures").glob("*.parquet"))
    assert [pq.ParquetFile(part).metadata.num_rows for part in parts] == [10, 10, 3]
    lines = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    assert [(line["file"], line["rows"]) for line in lines] == [(p.name, n) for p, n in zip(parts, [10, 10, 3])]


def test_the_header_mode_measures_no_pixel(folder: Path, out: Path) -> None:
    audit(folder, out, mode="header")
    assert {row["subject_fill"] for row in rows(out).values()} == {None}
    assert {row["width"] for row in rows(out).values()} == {240}


def test_what_cannot_be_read_is_a_row_like_any_other(tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "notes.txt").write_text("not a picture")
    (folder / "cut.jpg").write_bytes(jpeg()[:2_000])
    (folder / "gone.jpg").symlink_to(folder / "nowhere.jpg")
    os.mkfifo(folder / "pipe.jpg")
    (folder / "sound.jpg").write_bytes(jpeg())
    audit(folder, out)
    found = rows(out)
    assert {path: row["verdict"] for path, row in found.items()} == {
        "empty.jpg": "unreadable",
        "notes.txt": "unreadable",
        "cut.jpg": "unreadable",
        "gone.jpg": "unreadable",
        "pipe.jpg": "unreadable",
        "sound.jpg": "rejected",
    }
    assert found["gone.jpg"]["error"] == "No such file or directory"
    assert found["pipe.jpg"]["error"] == "not a regular file"
    assert found["notes.txt"]["codes"] == ["not_an_image"]
    assert found["notes.txt"]["error"] is None


def test_a_file_longer_than_is_ever_read_keeps_its_true_size(tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "long"
    folder.mkdir()
    with (folder / "film.jpg").open("wb") as file:
        file.write(jpeg())
        file.truncate(40_000_000)
    audit(folder, out)
    row = rows(out)["film.jpg"]
    assert (row["bytes"], row["sha256"]) == (40_000_000, None)
    assert "file_too_big" in row["codes"]


def test_a_fault_of_the_inspector_costs_one_row(folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fondaco.images.audit import look

    def faulty(data: bytes, profile: object, *, name: str, **more: object) -> object:
        if name == "00/007.jpg":
            raise ZeroDivisionError("by seven")
        return inspect(data, profile, name=name, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(look, "inspect", faulty)
    audit(folder, out)
    errors = {path: row["error"] for path, row in rows(out).items() if row["error"]}
    assert errors == {"00/007.jpg": "fault in the inspector: ZeroDivisionError: by seven"}


def test_reading_ahead_keeps_the_order() -> None:
    class Slow:
        ahead = 3

        def read(self, location: bytes) -> tuple[bytes, int]:
            time.sleep(0.02 if int(location) % 3 == 0 else 0)
            if location == b"5":
                raise CannotRead("AccessDenied")
            return location, len(location)

    names = [str(n) for n in range(12)]
    found = Look(Slow(), "listing-main", ON, "header").rows(names, [n.encode() for n in names], names)
    assert [row["path"] for row in found] == names
    assert [row["error"] for row in found].count("AccessDenied") == 1
    assert found[5]["error"] == "AccessDenied"
    assert [row["bytes"] for row in found if row["error"] is None] == [len(n) for n in names if n != "5"]


# ---------------------------------------------------------------- names and places

ODD_NAMES = [
    "a b.jpg",
    "-rf.jpg",
    "q'\"&<b>.jpg",
    "new\nline.jpg",
    "ảnh.jpg",
    "照片.jpg",
    "emoji🪑.jpg",
    "no-extension",
    "x.JPG",
]


def test_odd_names_are_audited_once(tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    for n, name in enumerate(ODD_NAMES):
        (folder / name).write_bytes(jpeg(n))
    raw = os.fsencode(folder) + b"/caf\xe9.jpg"
    with open(raw, "wb") as file:
        file.write(jpeg(99))
    assert audit(folder, out).inspected == len(ODD_NAMES) + 1
    assert set(rows(out)) == {*ODD_NAMES, "caf\ufffdE9.jpg"}
    assert {row["error"] for row in rows(out).values()} == {None}
    assert audit(folder, out).inspected == 0


def test_a_name_that_is_no_text_leads_back_to_its_file(tmp_path: Path) -> None:
    raw = b"caf\xe9/\xff\xfe \xc3\xa9.jpg"
    assert Folder(tmp_path).locate(shown(os.fsdecode(raw))) == raw


def test_hidden_files_linked_folders_and_the_results_are_no_part_of_it(folder: Path) -> None:
    (folder / ".hidden.jpg").write_bytes(jpeg())
    (folder / "link").symlink_to(folder / "00", target_is_directory=True)
    (folder / "linked.jpg").symlink_to(folder / "00/000.jpg")
    out = folder / "results"
    assert audit(folder, out).listed == 24
    assert audit(folder, out).inspected == 0
    assert "linked.jpg" in rows(out)


def test_an_empty_folder_is_an_audit_of_nothing(tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert cli.run([str(tmp_path / "empty"), "--out", str(out), "--engine", "plain"]) == 0
    assert json.loads((out / "summary.json").read_text())["pictures"] == 0
    assert "0 pictures" in (out / "summary.html").read_text()


def test_the_source_is_left_as_it_was(folder: Path, out: Path) -> None:
    def state() -> dict[str, tuple[int, int]]:
        return {str(p): (p.stat().st_mtime_ns, p.stat().st_mode) for p in [folder, *folder.rglob("*")]}

    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = state()
    assert audit(folder, out).inspected == 23
    assert state() == before


# ---------------------------------------------------------------- running again


def test_a_second_run_does_nothing(folder: Path, out: Path) -> None:
    audit(folder, out)
    before = {p: p.stat().st_mtime_ns for p in (out / "pictures").iterdir()}
    assert audit(folder, out).inspected == 0
    assert {p: p.stat().st_mtime_ns for p in (out / "pictures").iterdir()} == before


def test_a_changed_file_is_inspected_again_and_its_old_row_goes(folder: Path, out: Path) -> None:
    audit(folder, out)
    changed = folder / "00/003.jpg"
    was = rows(out)["00/003.jpg"]["sha256"]
    changed.write_bytes(jpeg(333))
    outcome = audit(folder, out)
    assert (outcome.inspected, outcome.dropped) == (1, 1)
    assert rows(out)["00/003.jpg"]["sha256"] != was
    assert len(rows(out)) == 23


def test_the_same_size_but_another_time_counts_as_changed(folder: Path, out: Path) -> None:
    audit(folder, out)
    os.utime(folder / "00/003.jpg", ns=(1, 1))
    assert audit(folder, out).inspected == 1


def test_a_file_that_is_gone_takes_its_row_with_it(folder: Path, out: Path) -> None:
    audit(folder, out)
    for name in ("02/020.jpg", "02/021.jpg", "02/022.jpg", "00/001.jpg"):
        (folder / name).unlink()
    assert audit(folder, out).dropped == 4
    assert len(rows(out)) == 19
    assert len(list((out / "pictures").glob("part-*"))) == 2  # the third held only what is gone


def test_a_new_file_is_added(folder: Path, out: Path) -> None:
    audit(folder, out)
    (folder / "late.jpg").write_bytes(jpeg(500))
    assert audit(folder, out).inspected == 1
    assert len(rows(out)) == 24


def test_what_could_not_be_read_is_tried_again(tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "later"
    folder.mkdir()
    (folder / "late.jpg").symlink_to(tmp_path / "arrives.jpg")
    audit(folder, out)
    assert rows(out)["late.jpg"]["error"]
    (tmp_path / "arrives.jpg").write_bytes(jpeg())
    assert audit(folder, out).inspected == 1
    assert rows(out)["late.jpg"]["error"] is None


def test_a_limit_holds_for_one_run_and_the_next_goes_on(folder: Path, out: Path) -> None:
    first = audit(folder, out, limit=9)
    assert (first.inspected, first.left) == (9, 14)
    assert sorted(rows(out))[-1] == "00/008.jpg"
    assert audit(folder, out, limit=9).left == 5
    assert audit(folder, out).left == 0
    assert len(rows(out)) == 23


def test_a_limit_keeps_the_old_rows_of_what_it_does_not_reach(folder: Path, out: Path) -> None:
    audit(folder, out)
    for path in sorted(folder.rglob("*.jpg")):
        os.utime(path, ns=(1, 1))
    assert audit(folder, out, limit=5).dropped == 5
    assert len(rows(out)) == 23


def test_an_unmounted_source_does_not_empty_the_audit(folder: Path, out: Path) -> None:
    audit(folder, out)
    folder.rename(folder.with_name("elsewhere"))
    folder.mkdir()
    with pytest.raises(AuditRefused, match="is it mounted"):
        audit(folder, out)
    assert len(rows(out)) == 23


# ---------------------------------------------------------------- after a kill


def test_a_file_without_its_line_in_the_manifest_counts(folder: Path, out: Path) -> None:
    audit(folder, out)
    manifest = out / "manifest.jsonl"
    lines = manifest.read_text().splitlines()
    manifest.write_text(lines[0] + "\n" + lines[1][:11])  # killed while it wrote
    assert audit(folder, out).inspected == 0
    noted = [line for line in manifest.read_text().splitlines() if line.endswith("}")]
    assert {json.loads(line)["file"] for line in noted} == {p.name for p in (out / "pictures").iterdir()}


def test_half_a_file_is_cleared_away(folder: Path, out: Path) -> None:
    audit(folder, out)
    left = out / "pictures/.part-00000004.parquet.tmp"
    left.write_bytes(b"PAR1 half")
    audit(folder, out)
    assert not left.exists()


def test_a_broken_file_is_set_aside_and_its_pictures_are_done_again(folder: Path, out: Path) -> None:
    audit(folder, out)
    part = out / "pictures/part-00000002.parquet"
    part.write_bytes(part.read_bytes()[:500])
    assert audit(folder, out).inspected == 10
    assert len(rows(out)) == 23
    assert (out / "pictures/.broken-part-00000002.parquet").exists()


# ---------------------------------------------------------------- refusals


def test_another_profile_or_source_does_not_mix_with_what_is_there(folder: Path, out: Path, tmp_path: Path) -> None:
    audit(folder, out, limit=1)
    with pytest.raises(AuditRefused, match="by profile listing-main"):
        audit(folder, out, profile="ebay")
    with pytest.raises(AuditRefused, match="in mode half"):
        audit(folder, out, mode="full")
    with pytest.raises(AuditRefused, match="holds another audit"):
        audit(fill(tmp_path / "others", 1), out)


def test_two_audits_do_not_write_to_one_place(folder: Path, out: Path) -> None:
    audit(folder, out, limit=1)
    settings = json.loads((out / "audit.json").read_text())
    with (
        Dataset.opened(out, settings),
        pytest.raises(AuditRefused, match="another audit is writing"),
        Dataset.opened(out, settings),
    ):
        pass


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["nowhere"], "no such folder: nowhere"),
        (["FILE"], "is a file"),
        (["FOLDER", "--out", "FILE/below"], "results cannot be written"),
        (["s3:///x"], "names no bucket"),
        (["FOLDER", "--batch", "0"], "must be 1 or more"),
        (["FOLDER", "--profile", "flea-market"], "invalid choice"),
        ([], "SOURCE"),
    ],
)
def test_what_cannot_begin_ends_with_two(
    argv: list[str], words: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    places = {"FILE": str(folder / "00/000.jpg"), "FOLDER": str(folder)}
    argv = [arg.replace(key, places[key]) for arg in argv for key in [next((k for k in places if k in arg), "FILE")]]
    assert cli.run([*argv, "--engine", "plain"]) == 2
    assert words in capsys.readouterr().err


def test_without_daft_it_says_how_to_install_it_and_what_works_without(
    folder: Path, out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from fondaco.images.audit import engines

    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    assert cli.run([str(folder), "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert "pip install 'fondaco[audit]'" in said
    assert "--engine plain" in said
    assert not out.exists()
    assert cli.run([str(folder), "--out", str(out), "--engine", "plain"]) == 0
    assert len(rows(out)) == 23


def test_needs_no_django(folder: Path, out: Path) -> None:
    code = (
        "import sys; sys.modules['django'] = None\n"
        "from fondaco.config.cli import main\n"
        f"raise SystemExit(main(['audit', {str(folder)!r}, '--out', {str(out)!r}, '--engine', 'plain']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "rejected" in done.stdout
    assert len(rows(out)) == 23
