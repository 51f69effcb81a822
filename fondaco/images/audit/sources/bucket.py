"""A prefix of a bucket in any S3-compatible store.

`FONDACO_S3_ENDPOINT`, `FONDACO_S3_REGION`, `FONDACO_S3_ACCESS_KEY` and `FONDACO_S3_SECRET_KEY`; what is not set is
looked for where the AWS tools look for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from fondaco.images.audit.errors import AuditRefused, CannotRead
from fondaco.images.pipeline.bounds import MAX_BYTES

from .model import Item

AHEAD = 6  # a get waits for the network two or three times as long as the inspection then takes


@dataclass(frozen=True, slots=True)
class BucketReader:
    """`location` is the whole key. The secret is sent along to workers on other machines, and never shown."""

    bucket: str
    endpoint: str | None = None
    region: str | None = None
    access_key: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    ahead: int = AHEAD

    def read(self, location: bytes) -> tuple[bytes, int]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer = client(self).get_object(Bucket=self.bucket, Key=location.decode())
            with answer["Body"] as body:
                return body.read(MAX_BYTES + 1), int(answer["ContentLength"])
        except (BotoCoreError, ClientError, OSError) as error:
            raise CannotRead(said(error)) from error


@lru_cache(maxsize=8)
def client(reader: BucketReader) -> Any:
    """One client a process: it is shared by threads, and making one takes longer than many reads."""
    from boto3.session import Session
    from botocore.config import Config

    # A session of its own: the module's default one must not be used by two threads at once.
    return Session().client(
        "s3",
        endpoint_url=reader.endpoint,
        region_name=reader.region,
        aws_access_key_id=reader.access_key,
        aws_secret_access_key=reader.secret_key,
        config=Config(
            retries={"mode": "standard", "max_attempts": 5},
            max_pool_connections=64,
            connect_timeout=10,
            read_timeout=60,
            s3={"addressing_style": "path"} if reader.endpoint else {},
            # Stores older than these checksums refuse requests that carry them.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


def said(error: Exception) -> str:
    """The store's own words, without the request."""
    about = getattr(error, "response", {}).get("Error", {})
    return f"{about['Code']}: {about.get('Message', '')}" if about.get("Code") else str(error)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Keys that begin with `prefix`, as the store compares them: `photos` is also the beginning of `photos-old/1.jpg`."""

    reader: BucketReader
    prefix: str = ""

    @property
    def name(self) -> str:
        return f"s3://{self.reader.bucket}/{self.prefix}"

    def items(self) -> Iterator[Item]:
        """Raises AuditRefused when the store does not let itself be listed."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            pages = client(self.reader).get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.reader.bucket, Prefix=self.prefix):
                yield from (_item(found) for found in page.get("Contents", ()) if not _is_folder(found))
        except (BotoCoreError, ClientError) as error:
            raise AuditRefused(f"{self.name} cannot be listed: {said(error)}") from error

    def locate(self, path: str) -> bytes:
        return path.encode()


def _is_folder(found: dict[str, Any]) -> bool:
    """Consoles make empty objects to show folders."""
    return bool(found["Key"].endswith("/")) and not found["Size"]


def _item(found: dict[str, Any]) -> Item:
    etag = found.get("ETag", "").strip('"') or found["LastModified"].isoformat()
    return Item(found["Key"], found["Key"].encode(), f"{found['Size']}-{etag}")


def from_environment(bucket: str, prefix: str) -> Bucket:
    """The bucket at the endpoint that the environment names."""
    given: dict[str, Any] = {name: os.environ.get(f"FONDACO_S3_{name.upper()}") or None for name in _SETTINGS}
    return Bucket(BucketReader(bucket, **given), prefix)


_SETTINGS = ("endpoint", "region", "access_key", "secret_key")
