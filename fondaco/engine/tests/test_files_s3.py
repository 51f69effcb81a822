"""The same store on an S3-compatible service: only settings differ."""

from __future__ import annotations

import hashlib
from pathlib import Path

import boto3
import pytest
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer

from fondaco.config import env
from fondaco.engine import files


@pytest.fixture
def s3(settings, monkeypatch):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    monkeypatch.setenv("FONDACO_S3_ACCESS_KEY", "test")
    monkeypatch.setenv("FONDACO_S3_SECRET_KEY", "test")
    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    client.create_bucket(Bucket="fondaco")
    stores = env.file_stores(f"s3://fondaco?endpoint={endpoint}&region=us-east-1", Path("/nowhere"))
    settings.STORAGES = {**settings.STORAGES, **stores}
    for kind in stores:
        storages._storages.pop(kind, None)
    yield client
    for kind in stores:
        storages._storages.pop(kind, None)
    server.stop()


def test_keeps_reads_and_deletes(s3) -> None:
    data = b"bytes in a bucket"
    sha = files.put("originals", data)
    assert files.put("originals", data) == sha
    assert files.exists("originals", sha)
    assert files.read("originals", sha) == data
    listed = s3.list_objects_v2(Bucket="fondaco")["Contents"]
    assert [o["Key"] for o in listed] == [f"originals/{files.name_for(hashlib.sha256(data).hexdigest())}"]
    files.delete("originals", sha)
    assert not files.exists("originals", sha)


def test_has_no_local_path(s3) -> None:
    assert files.local_path("originals", "0" * 64) is None
