"""Content-addressed files: in a folder here; the same operations on S3 in test_files_s3."""

from __future__ import annotations

import hashlib
import io
import threading

import pytest

from fondaco.engine import files


def test_names_a_file_by_its_content() -> None:
    data = b"a picture"
    assert files.put("documents", data) == hashlib.sha256(data).hexdigest()
    assert files.read("documents", hashlib.sha256(data).hexdigest()) == data


def test_keeps_a_stream_without_holding_it() -> None:
    data = bytes(range(256)) * 20_000
    sha, size = files.put_file("documents", io.BytesIO(data))
    assert (sha, size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert b"".join(files.pieces("documents", sha)) == data


def test_many_writers_of_the_same_content_leave_one_whole_file() -> None:
    data = b"x" * 3_000_000
    threads = [threading.Thread(target=files.put, args=("documents", data)) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    sha = hashlib.sha256(data).hexdigest()
    path = files.local_path("documents", sha)
    assert path is not None
    assert path.read_bytes() == data
    assert not list(path.parent.glob(".part-*"))


def test_a_failed_write_leaves_nothing(monkeypatch) -> None:
    monkeypatch.setattr(files.os, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    data = b"never arrives " * 7
    with pytest.raises(OSError):
        files.put("documents", data)
    assert not files.exists("documents", hashlib.sha256(data).hexdigest())


def test_deleting_what_is_not_there_does_nothing() -> None:
    files.delete("documents", "0" * 64)
