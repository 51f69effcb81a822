"""Backup and restore between two data folders, as a person would: by the command, in processes of their own."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def fondaco(data: Path, *args: str, code: str = "") -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("FONDACO_", "DJANGO_"))}
    env |= {"FONDACO_DATA": str(data), "FONDACO_DEMO": "1"}
    command = [sys.executable, "-c", code] if code else [sys.executable, "-m", "fondaco.config.cli", *args]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


SET_UP = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'fondaco.config.settings'\nimport django; django.setup()\n"


@pytest.fixture(scope="module")
def backup(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("store")
    assert fondaco(home / "a", "migrate", "-v", "0").returncode == 0
    code = SET_UP + (
        "from fondaco.engine import clock, files\nfrom datetime import datetime, UTC\n"
        "clock.set_to(at=datetime(2030, 1, 1, tzinfo=UTC)); print(files.put('documents', b'kept'))"
    )
    assert fondaco(home / "a", code=code).returncode == 0
    done = fondaco(home / "a", "backup", str(home / "store.tar"))
    assert done.returncode == 0, done.stderr
    return home / "store.tar"


READ = SET_UP + (
    "from fondaco.engine import clock, files\nimport hashlib\n"
    "print(clock.now().year, files.read('documents', hashlib.sha256(b'kept').hexdigest()).decode())"
)


def test_the_way_back_brings_rows_and_files(backup: Path) -> None:
    target = backup.parent / "b"
    done = fondaco(target, "restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert fondaco(target, code=READ).stdout.split() == ["2030", "kept"]


def test_refuses_to_overwrite_a_store_unless_told(backup: Path) -> None:
    target = backup.parent / "a"
    done = fondaco(target, "restore", str(backup))
    assert done.returncode == 1
    assert "not empty" in done.stderr
    assert fondaco(target, "restore", str(backup), "--replace").returncode == 0
    assert fondaco(target, code=READ).stdout.split() == ["2030", "kept"]


def test_a_damaged_file_is_noticed_before_the_database_is_touched(backup: Path) -> None:
    damaged = backup.parent / "damaged.tar"
    data = bytearray(backup.read_bytes())
    with tarfile.open(backup) as tar:
        member = next(m for m in tar if m.name.startswith("files/documents/") and m.size == 4)
    data[member.offset_data] ^= 0xFF
    damaged.write_bytes(data)
    target = backup.parent / "c"
    done = fondaco(target, "restore", str(damaged))
    assert done.returncode == 1
    assert "damaged" in done.stderr
    with sqlite3.connect(target / "fondaco.sqlite3") as empty:
        assert empty.execute("select count(*) from sqlite_master").fetchone() == (0,)


def test_the_doctor_finds_a_store_without_tables(backup: Path) -> None:
    done = fondaco(backup.parent / "empty", "doctor", "--json")
    assert done.returncode == 1
    assert '"migrations"' in done.stdout
    assert fondaco(backup.parent / "a", "doctor").returncode == 0
