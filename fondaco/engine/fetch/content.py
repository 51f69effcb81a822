"""What the first bytes of a body say it is. The server's word counts for nothing (Q-17: content decides)."""

from __future__ import annotations

import re

ENOUGH = 1024
"""Bytes after which a body that is no picture yet never will be."""

_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0", "image/tiff"),
    (b"MM\0+", "image/tiff"),
    (b"BM", "image/bmp"),
)
_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
    b"msf1": "image/heic",
}
_PAGE = re.compile(
    rb"\s*(<!--.*?-->\s*)*(<\?xml[^>]*>\s*)?<(!doctype\s+html|html|head|body|script|title|meta|iframe|div|table|p|h1|a)\b",
    re.I | re.S,
)


def image_type(head: bytes) -> str | None:
    """The media type of a picture by its first bytes, or None."""
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name if name != "image/bmp" or head[6:10] == b"\0\0\0\0" else None
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12])
    return None


def is_web_page(head: bytes, declared: str) -> bool:
    """Whether a body that is no picture is a page meant for a browser."""
    text = head.removeprefix(b"\xef\xbb\xbf")
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = text[2:].replace(b"\0", b"")
    return bool(_PAGE.match(text)) or declared.partition(";")[0].strip().lower() in (
        "text/html",
        "application/xhtml+xml",
    )
