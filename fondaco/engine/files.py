"""Content-addressed files: the name of a file is the sha-256 of its bytes, so a file is written once and never changed.

Three stores, each a folder or an S3 prefix by settings: `originals` (pictures as they came; never served),
`renditions` (what pages show; named by content, recipe and recipe version) and `documents` (feeds, reports).
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages

CHUNK = 1 << 20


class FolderStore(FileSystemStorage):
    """A folder in which a file appears whole or not at all, also after a power cut."""

    def keep(self, name: str, data: bytes) -> None:
        """Write bytes that are at hand: a third of the work of `save`, which is made for uploads."""
        target = os.path.join(self.location, name)
        if os.path.exists(target):
            return
        folder = os.path.dirname(target)
        os.makedirs(folder, exist_ok=True)
        part = os.path.join(folder, f".part-{secrets.token_hex(8)}")
        try:
            fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            with os.fdopen(fd, "wb", buffering=0) as out:
                out.write(data)
                os.fsync(fd)
            os.replace(part, target)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise

    def _save(self, name: str, content: Any) -> str:
        target = Path(self.path(name))
        if target.exists():
            return name
        target.parent.mkdir(parents=True, exist_ok=True)
        fd, part = tempfile.mkstemp(dir=target.parent, prefix=".part-")
        try:
            with os.fdopen(fd, "wb") as out:
                for piece in content.chunks():
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            os.replace(part, target)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name


def store(kind: str) -> Storage:
    """The store called `kind`: originals, renditions or documents."""
    return storages[kind]


def name_for(sha256: str) -> str:
    """Where the content with this hash lies: two levels of folders keep each folder small."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def put(kind: str, data: bytes) -> str:
    """Keep `data`; returns its sha-256 in hex. Keeping the same bytes again does nothing."""
    sha256 = hashlib.sha256(data).hexdigest()
    put_named(kind, name_for(sha256), data)
    return sha256


def put_file(kind: str, source: IO[bytes]) -> tuple[str, int]:
    """Keep a stream without holding it in memory; returns its sha-256 in hex and its size in bytes."""
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as spool:
        while piece := source.read(CHUNK):
            digest.update(piece)
            size += len(piece)
            spool.write(piece)
        spool.seek(0)
        name = name_for(digest.hexdigest())
        if not store(kind).exists(name):
            store(kind).save(name, File(cast(IO[Any], spool)))
    return digest.hexdigest(), size


def put_named(kind: str, name: str, data: bytes) -> None:
    """Keep `data` under a name that itself follows from content (a rendition's, say)."""
    where = store(kind)
    if isinstance(where, FolderStore):
        where.keep(name, data)
    elif not where.exists(name):
        where.save(name, ContentFile(data))


def open_file(kind: str, name: str) -> IO[bytes]:
    """Open for reading. `name` is a sha-256 or a name given to `put_named`. FileNotFoundError when absent."""
    return cast(IO[bytes], store(kind).open(_full(name), "rb"))


def read(kind: str, name: str) -> bytes:
    """All bytes of one file. FileNotFoundError when absent."""
    with open_file(kind, name) as f:
        return f.read()


def pieces(kind: str, name: str) -> Iterator[bytes]:
    """The file in pieces of a mebibyte, for streaming."""
    with open_file(kind, name) as f:
        while piece := f.read(CHUNK):
            yield piece


def exists(kind: str, name: str) -> bool:
    """Whether the store holds that content."""
    return store(kind).exists(_full(name))


def size(kind: str, name: str) -> int:
    """How many bytes one file has. FileNotFoundError when absent."""
    return int(store(kind).size(_full(name)))


def delete(kind: str, name: str) -> None:
    """Remove one file; removing what is not there does nothing."""
    store(kind).delete(_full(name))


def local_path(kind: str, name: str) -> Path | None:
    """The path on this machine's disk, or None when the store is elsewhere."""
    where = store(kind)
    return Path(where.path(_full(name))) if isinstance(where, FileSystemStorage) else None


def _full(name: str) -> str:
    return name_for(name) if len(name) == 64 and "/" not in name else name
