"""The audit of this installation's own pictures."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from fondaco.engine import clock, files
from fondaco.images.audit import cli
from fondaco.images.audit.errors import AuditRefused
from fondaco.images.audit.sources import catalogue
from fondaco.images.audit.sources.bucket import BucketReader
from fondaco.images.models import Picture

from .audit_catalogue import jpeg, rows

pytestmark = pytest.mark.django_db


def keep(data: bytes) -> str:
    sha256 = files.put("originals", data)
    Picture.objects.create(sha256=sha256, size_bytes=len(data), created_at=clock.now())
    return sha256


def test_audits_the_originals_of_this_installation(tmp_path: Path) -> None:
    known = {keep(jpeg(n)) for n in range(5)}
    assert cli.run(["catalogue", "--out", str(tmp_path), "--engine", "plain"]) == 0
    found = rows(tmp_path)
    assert set(found) == known
    assert all(row["sha256"] == path for path, row in found.items())


def test_an_original_that_is_missing_is_a_row_with_its_reason(tmp_path: Path) -> None:
    sha256 = hashlib.sha256(b"never kept").hexdigest()
    Picture.objects.create(sha256=sha256, size_bytes=10, created_at=clock.now())
    assert cli.run(["catalogue", "--out", str(tmp_path), "--engine", "plain"]) == 0
    assert rows(tmp_path)[sha256]["error"] == "No such file or directory"


def test_originals_in_a_bucket_are_read_from_there() -> None:
    class Store:
        bucket_name, location = "fondaco", "originals"
        endpoint_url, region_name, access_key, secret_key = "http://127.0.0.1:1", "us-east-1", "key", "secret"

    found = catalogue._at(Store())
    assert found.reader == BucketReader("fondaco", "http://127.0.0.1:1", "us-east-1", "key", "secret")
    assert found.locate("ab" * 32) == b"originals/" + files.name_for("ab" * 32).encode()


def test_a_store_of_another_kind_is_refused() -> None:
    with pytest.raises(AuditRefused, match="cannot read: object"):
        catalogue._at(object())
