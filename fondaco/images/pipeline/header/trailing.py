"""What stands behind the end of a picture: padding, a phone's second picture or film, or something that hides."""

from __future__ import annotations

from .model import Header

_ARCHIVES = (b"PK\3\4", b"PK\5\6", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"%PDF", b"MZ", b"\x7fELF")
_MARKUP = (b"<html", b"<script", b"<!doctype", b"<?php", b"<svg", b"javascript")
LOOK = 4096


def describe(data: bytes, end: int, header: Header) -> None:
    """Fills `trailing` and `trailing_bytes`. Kinds: "" (none or padding), phone, archive, markup, other."""
    tail_size = len(data) - end
    if _ends_as_archive(data):  # also one that was laid before the picture's end marker
        header.trailing, header.trailing_bytes = "archive", max(tail_size, 22)
        return
    if tail_size <= 0:
        return
    head, foot = data[end : end + LOOK], data[max(end, len(data) - LOOK) :]
    if not head.strip(b"\0\r\n\t \xff") and not foot.strip(b"\0\r\n\t \xff"):
        return
    header.trailing_bytes = tail_size
    header.trailing = _kind(head, foot, header)


def _ends_as_archive(data: bytes) -> bool:
    """A zip is read from its end: a record PK 5 6 whose comment reaches (nearly) to the end of the file."""
    at = data.rfind(b"PK\5\6", max(0, len(data) - 66_000))
    if at < 0 or at + 22 > len(data):
        return False
    comment = int.from_bytes(data[at + 20 : at + 22], "little")
    return abs(at + 22 + comment - len(data)) <= 64


def _kind(head: bytes, foot: bytes, header: Header) -> str:
    if head.startswith(_ARCHIVES):
        return "archive"
    if any(word in head.lower() for word in _MARKUP):
        return "markup"
    second_picture = header.facts.get("multi_picture") and b"\xff\xd8\xff" in head[:64]
    film = head[4:8] == b"ftyp" or foot.endswith((b"SEFT", b"SEFH"))
    return "phone" if second_picture or film else "other"
