"""What a handed-in file really is: decided by its content, never by its name (Q-48). No Django."""

from __future__ import annotations

import io
import zipfile

MOST_BYTES = 10 * 1024 * 1024
_MOST_MEMBERS = 2_000
_WORD_STREAM = "WordDocument".encode("utf-16-le")
_MACRO_STREAMS = ("_VBA_PROJECT".encode("utf-16-le"), "Macros".encode("utf-16-le"))


def kind_of(data: bytes) -> str:
    """`docx`, `doc`, `pdf`, `jpeg`, `png`, or empty for anything else. A Word file with macros is anything else.

    Only headers and the list of members are read; nothing is unpacked, so no bomb can go off here.
    """
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        has_macros = any(stream in data for stream in _MACRO_STREAMS)
        return "doc" if _WORD_STREAM in data and not has_macros else ""
    if data.startswith(b"PK\x03\x04"):
        return "docx" if _is_docx(data) else ""
    return ""


def _is_docx(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {info.filename for info in archive.infolist()[: _MOST_MEMBERS + 1]}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        return False
    has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return len(names) <= _MOST_MEMBERS and {"word/document.xml", "[Content_Types].xml"} <= names and not has_macros
