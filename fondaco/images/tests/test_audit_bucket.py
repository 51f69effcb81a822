"""The audit of a bucket, against a server that speaks S3."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from fondaco.images.audit import cli
from fondaco.images.audit.sources import open_source
from fondaco.images.audit.sources.bucket import BucketReader

from .audit_catalogue import jpeg, rows

KEYS = ["shop/a b.jpg", "shop/x//y.jpg", "shop/ảnh 照片.jpg", "shop/deep/er/ü+%20&.jpg", "shop/no-extension"]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    given = {
        "ENDPOINT": f"http://{host}:{port}",
        "REGION": "us-east-1",
        "ACCESS_KEY": "test",
        "SECRET_KEY": "not-shown",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"FONDACO_S3_{name}", value)
    client = boto3.client(
        "s3",
        endpoint_url=given["ENDPOINT"],
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="not-shown",
    )
    client.create_bucket(Bucket="pictures")
    for n, key in enumerate(KEYS):
        client.put_object(Bucket="pictures", Key=key, Body=jpeg(n))
    client.put_object(Bucket="pictures", Key="shop/folder/", Body=b"")
    client.put_object(Bucket="pictures", Key="shop/empty.jpg", Body=b"")
    client.put_object(Bucket="pictures", Key="other/z.jpg", Body=jpeg(50))
    yield client
    server.stop()


def run(out: Path, address: str = "s3://pictures/shop/") -> int:
    return cli.run([address, "--out", str(out), "--engine", "plain", "--batch", "4"])


def test_audits_every_object_below_a_prefix(store: Any, tmp_path: Path) -> None:
    assert run(tmp_path) == 0
    found = rows(tmp_path)
    assert set(found) == {*KEYS, "shop/empty.jpg"}
    assert {row["error"] for row in found.values()} == {None}
    assert found["shop/a b.jpg"]["bytes"] == len(jpeg(0))
    assert found["shop/empty.jpg"]["verdict"] == "unreadable"
    assert "data:image/jpeg" in (tmp_path / "summary.html").read_text()


def test_goes_on_and_sees_a_changed_object(store: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path)
    store.put_object(Bucket="pictures", Key=KEYS[0], Body=jpeg(77))
    store.delete_object(Bucket="pictures", Key=KEYS[1])
    capsys.readouterr()
    assert run(tmp_path) == 0
    assert "1 pictures inspected, 4 known before" in capsys.readouterr().err.replace("\n", "")
    assert len(rows(tmp_path)) == 5


def test_an_object_that_vanishes_is_a_row_with_its_reason(store: Any) -> None:
    from fondaco.images.audit.errors import CannotRead

    source = open_source("s3://pictures/shop/")
    with pytest.raises(CannotRead, match="NoSuchKey"):
        source.reader.read(b"shop/gone.jpg")


def test_a_bucket_that_is_not_there_ends_with_two(
    store: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "s3://nowhere/x") == 2
    said = capsys.readouterr().err
    assert "s3://nowhere/x cannot be listed: NoSuchBucket" in said


def test_the_secret_shows_nowhere(store: Any, tmp_path: Path) -> None:
    assert run(tmp_path) == 0
    reader = open_source("s3://pictures/shop/").reader
    assert isinstance(reader, BucketReader)
    assert reader.secret_key == "not-shown"
    assert "not-shown" not in repr(reader)
    assert "not-shown" not in json.dumps((tmp_path / "audit.json").read_text())
    assert all(b"not-shown" not in p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
