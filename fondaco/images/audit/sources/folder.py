"""A folder and everything below it. Never written to; what cannot be opened is listed like anything else."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fondaco.images.audit.errors import CannotRead
from fondaco.images.pipeline.bounds import MAX_BYTES

from .model import Item


@dataclass(frozen=True, slots=True)
class FolderReader:
    """`location` is the path below `root`, as the bytes the file system keeps."""

    root: str
    ahead: int = 0

    def read(self, location: bytes) -> tuple[bytes, int]:
        path = os.path.join(os.fsencode(self.root), location)
        try:
            # Without waiting: opening a pipe that nobody writes to would never return.
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
            with os.fdopen(descriptor, "rb", buffering=0) as file:
                about = os.fstat(descriptor)
                if not stat.S_ISREG(about.st_mode):
                    raise CannotRead("not a regular file")
                return _all(file, min(about.st_size, MAX_BYTES) + 1), about.st_size
        except OSError as error:
            raise CannotRead(error.strerror or str(error)) from error


def _all(file: object, most: int) -> bytes:
    """Up to `most` bytes: a raw read may return fewer than asked for."""
    pieces = []
    while most > 0 and (piece := file.read(most)):  # type: ignore[attr-defined]
        pieces.append(piece)
        most -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


@dataclass(frozen=True, slots=True)
class Folder:
    """`skip` is left out: the audit's own folder, which may lie inside."""

    root: Path
    skip: Path | None = None

    @property
    def name(self) -> str:
        return shown(str(self.root))

    @property
    def reader(self) -> FolderReader:
        return FolderReader(str(self.root))

    def items(self) -> Iterator[Item]:
        """Files in order of name, hidden ones left out. Links to files are followed, links to folders are not."""
        yield from self._below("")

    def locate(self, path: str) -> bytes:
        return _SHOWN_BYTE.sub(lambda found: bytes([int(found[1], 16)]), path.encode())

    def _below(self, folder: str) -> Iterator[Item]:
        where = os.path.join(self.root, folder)
        if self.skip is not None and Path(where) == self.skip:
            return
        try:
            with os.scandir(where) as found:
                entries = sorted((e for e in found if not e.name.startswith(".")), key=lambda e: e.name)
        except OSError:  # the reader says why when it comes to this row
            yield Item(shown(folder) or ".", os.fsencode(folder or "."), "?")
            return
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                yield from self._below(path)
            elif not (entry.is_symlink() and entry.is_dir()):
                yield Item(shown(path), os.fsencode(path), _stamp(entry))


def _stamp(entry: os.DirEntry[str]) -> str:
    """Size and time of change in nanoseconds."""
    try:
        about = entry.stat()
    except OSError:
        return "?"
    return f"{about.st_size}-{about.st_mtime_ns}"


_SHOWN_BYTE = re.compile("\ufffd".encode() + b"([89A-F][0-9A-F])")


def shown(path: str) -> str:
    """The path as storable text: each byte that is no UTF-8 as U+FFFD and its two hex digits."""
    if path.isascii():
        return path
    return "".join(f"\ufffd{ord(c) - 0xDC00:02X}" if "\udc80" <= c <= "\udcff" else c for c in path)
