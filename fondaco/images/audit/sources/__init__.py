"""Where pictures are: a folder, a bucket, this installation."""

from __future__ import annotations

import re
from pathlib import Path

from fondaco.images.audit.errors import AuditRefused

from .model import Item, Reader, Source

__all__ = ["Item", "Reader", "Source", "open_source", "short_name"]


def open_source(address: str, *, skip: Path | None = None) -> Source:
    """The source behind a folder's path, `s3://BUCKET/PREFIX` or `catalogue`. Raises AuditRefused.

    `skip` is a folder that is not part of it. A folder that is called catalogue is `./catalogue`.
    """
    if address == "catalogue":
        from .catalogue import from_installation

        return from_installation()
    if address.startswith("s3://"):
        from .bucket import from_environment

        bucket, _, prefix = address.removeprefix("s3://").partition("/")
        if not bucket:
            raise AuditRefused(f"{address!r} names no bucket; write s3://BUCKET/PREFIX")
        return from_environment(bucket, prefix)
    from .folder import Folder

    path = Path(address)
    if not path.is_dir():
        raise AuditRefused(
            f"{address} is a file; fondaco inspect looks at single files"
            if path.exists()
            else f"no such folder: {address}"
        )
    return Folder(path.resolve(), skip)


def short_name(address: str) -> str:
    """A name for the folder of results: letters, digits, dots and dashes."""
    words = re.sub(r"[^\w.]+", "-", address.removeprefix("s3://")) if "://" in address else Path(address).resolve().name
    return re.sub(r"[^\w.]+", "-", words).strip("-.") or "pictures"
