"""Microsoft's compound file, as far as a Word 97–2003 document needs it: names of streams, and the text.

Every chain is walked with a count, so that a file that points in circles ends as broken, not as an endless loop.
"""

from __future__ import annotations

import struct
from functools import cached_property

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
_MOST_ENTRIES = 4_000


class Broken(ValueError):
    """Not a compound file that can be read."""


class Encrypted(ValueError):
    """The document is protected by a password."""


class TooLong(ValueError):
    """More text than allowed."""


class CompoundFile:
    """Streams by path (`WordDocument`, `Macros/VBA/dir`)."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or not data.startswith(MAGIC):
            raise Broken("header")
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise Broken("sector size")
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        self._first_directory = struct.unpack_from("<I", data, 48)[0]
        self._cutoff, self._first_mini, _n, self._first_difat, _m = struct.unpack_from("<IIIII", data, 56)
        self._fat = self._read_fat()

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        sector = self._data[start : start + self._size]
        if not sector:
            raise Broken("sector beyond the end")
        return sector

    def _read_fat(self) -> list[int]:
        numbers = [n for n in struct.unpack_from("<109I", self._data, 76) if n < _END - 2]
        at, left = self._first_difat, len(self._data) // self._size + 1
        while at < _END - 2 and left:
            words = struct.unpack(f"<{self._size // 4}I", self._sector(at).ljust(self._size, b"\xff"))
            numbers += [n for n in words[:-1] if n < _END - 2]
            at, left = words[-1], left - 1
        fat: list[int] = []
        for number in numbers[: len(self._data) // self._size + 1]:
            fat += struct.unpack(f"<{self._size // 4}I", self._sector(number).ljust(self._size, b"\xff"))
        return fat

    def _chain(self, first: int, table: list[int]) -> list[int]:
        found: list[int] = []
        at = first
        while at < _END - 2:
            if len(found) > len(table) or at >= len(table):
                raise Broken("chain")
            found.append(at)
            at = table[at]
        return found

    def _stream(self, first: int, size: int, *, is_small: bool) -> bytes:
        if not is_small:
            return b"".join(self._sector(n) for n in self._chain(first, self._fat))[:size]
        root, step = self._root, self._mini_size
        return b"".join(root[n * step : (n + 1) * step] for n in self._chain(first, self._mini_fat))[:size]

    @cached_property
    def _mini_fat(self) -> list[int]:
        if self._first_mini >= _END - 2:
            return []
        raw = b"".join(self._sector(n) for n in self._chain(self._first_mini, self._fat))
        return list(struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4]))

    @cached_property
    def _root(self) -> bytes:
        _name, _kind, first, size, *_ = self._entries[0]
        return self._stream(first, size, is_small=False) if first < _END - 2 else b""

    @cached_property
    def _entries(self) -> list[tuple[str, int, int, int, int, int, int]]:
        """name, kind, first sector, size, left, right, child."""
        raw = b"".join(self._sector(n) for n in self._chain(self._first_directory, self._fat))
        found = []
        for at in range(0, min(len(raw), _MOST_ENTRIES * 128) - 127, 128):
            entry = raw[at : at + 128]
            length, kind = struct.unpack_from("<HB", entry, 64)
            left, right, child = struct.unpack_from("<III", entry, 68)
            first, size = struct.unpack_from("<II", entry, 116)
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            found.append((name, kind, first, size, left, right, child))
        if not found or found[0][1] != 5:
            raise Broken("directory")
        return found

    @cached_property
    def streams(self) -> dict[str, tuple[int, int]]:
        """Path → (first sector, size)."""
        found: dict[str, tuple[int, int]] = {}
        seen: set[int] = set()
        todo = [(self._entries[0][6], "")]
        while todo:
            number, folder = todo.pop()
            if number >= len(self._entries):
                continue
            if number in seen:
                raise Broken("directory in a circle")
            seen.add(number)
            name, kind, first, size, left, right, child = self._entries[number]
            todo += [(left, folder), (right, folder)]
            path = f"{folder}{name}"
            found[path] = (first, size)
            if kind == 1:
                todo.append((child, f"{path}/"))
        return found

    def read(self, path: str) -> bytes:
        """The bytes of one stream, whatever the letter case of its name."""
        known = {name.lower(): where for name, where in self.streams.items()}
        if path.lower() not in known:
            raise Broken(path)
        first, size = known[path.lower()]
        return self._stream(first, size, is_small=size < self._cutoff)


def word_text(file: CompoundFile, *, limit: int) -> str:
    """The text of the main document by its piece table; paragraphs end with `\\r`."""
    try:
        document = file.read("WordDocument")
        flags = struct.unpack_from("<H", document, 10)[0]
        if flags & 0x0100:
            raise Encrypted
        table = file.read("1Table" if flags & 0x0200 else "0Table")
        characters = struct.unpack_from("<i", document, 76)[0]
        start, length = struct.unpack_from("<II", document, 418)
        if characters > limit:
            raise TooLong
        return _pieces(document, table[start : start + length])[: max(0, characters)]
    except struct.error as error:
        raise Broken("structure") from error


def _pieces(document: bytes, clx: bytes) -> str:
    at = 0
    while at < len(clx) and clx[at] == 1:  # property runs before the table
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != 2:
        raise Broken("piece table")
    length = struct.unpack_from("<I", clx, at + 1)[0]
    plc = clx[at + 5 : at + 5 + length]
    count = (len(plc) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plc, 0)
    text = []
    for n in range(count):
        where = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * n + 2)[0]
        size = ends[n + 1] - ends[n]
        if size < 0 or size > len(document):
            raise Broken("piece")
        if where & 0x40000000:
            begin = (where & 0x3FFFFFFF) // 2
            text.append(document[begin : begin + size].decode("cp1252", "replace"))
        else:
            text.append(document[where : where + 2 * size].decode("utf-16-le", "replace"))
    return "".join(text)
