"""Which format the bytes are. Never by name; a few signatures of what people send by mistake are named too."""

from __future__ import annotations

HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
AVIF_BRANDS = (b"avif", b"avis")

_PREFIXES = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "bigtiff"),
    (b"MM\0+", "bigtiff"),
    # not pictures, or none that is taken here: named so that the message can say what came instead
    (b"%PDF", "pdf"),
    (b"PK\3\4", "zip"),
    (b"8BPS", "psd"),
    (b"\0\0\1\0", "ico"),
    (b"\xff\x0a", "jxl"),
    (b"\0\0\0\x0cJXL ", "jxl"),
    (b"\0\0\0\x0cjP  ", "jpeg2000"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
)


def sniff(data: bytes) -> str:
    """The format's name: jpeg, png, gif, tiff, webp, heic, avif, bmp, or what else it seems to be."""
    for prefix, name in _PREFIXES:
        if data.startswith(prefix):
            return name
    if data[:4] == b"RIFF":
        return "webp" if data[8:12] == b"WEBP" else "riff"
    if data[4:8] == b"ftyp":
        return _isobmff(data)
    if (
        data[:2] == b"BM"
        and len(data) >= 26
        and data[14:18] in (b"\x0c\0\0\0", b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0")
    ):
        return "bmp"
    return _text(data)


def _isobmff(data: bytes) -> str:
    """By the major brand first, then the compatible ones (an AVIF may call itself mif1)."""
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12]] + [data[at : at + 4] for at in range(16, length, 4)]
    if any(brand in AVIF_BRANDS for brand in brands):
        return "avif"
    if brands[0] in HEIC_BRANDS:
        return "heic"
    return "video"


def _text(data: bytes) -> str:
    if not data:
        return "empty"
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")):
        return "html"
    if head.startswith((b"<svg", b"<?xml")):
        return "svg" if b"<svg" in data[:4096].lower() else "xml"
    if head.startswith((b"{", b"[")):
        return "json"
    printable = sum(32 <= byte < 127 or byte in (9, 10, 13) for byte in head)
    return "text" if head and printable > 0.95 * len(head) else "unknown"
