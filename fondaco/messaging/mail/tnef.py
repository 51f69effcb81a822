"""winmail.dat: what one mail program packs attachments into. Only body and attachments are read."""

from __future__ import annotations

_SIGNATURE = 0x223E9F78
_BODY, _RENDER, _TITLE, _DATA = 0x800C, 0x9002, 0x8010, 0x800F
MOST_FILES = 30


def unpack(data: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """The plain body, and name and bytes of each attachment; what is damaged ends the reading."""
    body = ""
    files: list[tuple[str, bytes]] = []
    if len(data) < 6 or int.from_bytes(data[:4], "little") != _SIGNATURE:
        return body, files
    at, name, content = 6, "", b""
    while at + 9 <= len(data) and len(files) < MOST_FILES:
        attribute = int.from_bytes(data[at + 1 : at + 3], "little")
        size = int.from_bytes(data[at + 5 : at + 9], "little")
        value = data[at + 9 : at + 9 + size]
        if len(value) < size:
            break
        if attribute == _RENDER and content:
            files.append((name or "file", content))
            name, content = "", b""
        elif attribute == _BODY:
            body = value.rstrip(b"\0").decode("cp1252", errors="replace")
        elif attribute == _TITLE:
            name = value.rstrip(b"\0").decode("cp1252", errors="replace")
        elif attribute == _DATA:
            content = value
        at += 9 + size + 2
    if content:
        files.append((name or "file", content))
    return body, files
