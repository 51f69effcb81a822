"""What was sent instead of a text: spreadsheets, archives, pictures. Told apart by their first bytes."""

from __future__ import annotations

from fondaco.feeds.errors import gettext_noop as _

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", _("a spreadsheet or an archive (XLSX, ODS or ZIP)")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _("an old spreadsheet (XLS)")),
    (b"%PDF-", _("a PDF document")),
    (b"\x1f\x8b", _("a compressed file (GZIP)")),
    (b"7z\xbc\xaf\x27\x1c", _("an archive (7z)")),
    (b"Rar!\x1a\x07", _("an archive (RAR)")),
    (b"\x89PNG\r\n", _("a picture (PNG)")),
    (b"\xff\xd8\xff", _("a picture (JPEG)")),
    (b"GIF8", _("a picture (GIF)")),
    (b"II*\x00", _("a picture (TIFF)")),
    (b"{\\rtf", _("a text document (RTF)")),
    (b"\x7fELF", _("a program")),
    (b"MZ\x90\x00", _("a program")),
    (b"SQLite format 3\x00", _("a database")),
)

_MARKUP = (b"<!doctype html", b"<html", b"<?xml")


def looks_like(*, head: bytes) -> str | None:
    """What the file is, as an English msgid, when it is surely no text table; else None."""
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    start = head[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith(_MARKUP):
        return _("a web page or an XML document")
    return None


def looks_like_json(*, head: bytes) -> bool:
    """Whether the first letter that is not a space opens a JSON object."""
    text = head[:4096]
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = text.replace(b"\0", b"")[2:]
    return text.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
