"""Hostile and odd files, each made here from a few lines: what they are, and what inspection must say of them.

A row is `(maker, verdict, codes that must be found)`. Verdicts are those of `listing-main`; `...` in place of a verdict
means that any will do as long as there is one. Nothing here is a stored binary but one tiny HEIC, for which no free
encoder comes with Python.
"""

from __future__ import annotations

import base64
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from fondaco.images.pipeline.native import pyvips

from . import pictures

Maker = Callable[[], bytes]


@dataclass(frozen=True)
class Case:
    make: Maker
    verdict: str | None
    codes: tuple[str, ...] = ()
    name: str | None = None


CASES: dict[str, Case] = {}


def case(title: str, verdict: str | None, *codes: str, name: str | None = None) -> Callable[[Maker], Maker]:
    def add(make: Maker) -> Maker:
        assert title not in CASES
        CASES[title] = Case(make, verdict, codes, name)
        return make

    return add


# ---------------------------------------------------------------- helpers


def good() -> bytes:
    return pictures.jpeg(pictures.product())


def vips(suffix: str, picture: np.ndarray | None = None, **options: object) -> bytes:
    array = pictures.product() if picture is None else picture
    return pyvips.Image.new_from_array(array).write_to_buffer(suffix, **{"keep": "none", **options})


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def with_segment(data: bytes, marker: int, body: bytes) -> bytes:
    """A JPEG with one more segment right behind its start."""
    return data[:2] + segment(marker, body) + data[2:]


def exif(orientation: int = 1, *, gps: bool = False, order: str = "<") -> bytes:
    """A TIFF block with an orientation and, if asked, coordinates."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    count = 1 + gps
    entries = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    if gps:
        entries += struct.pack(order + "HHII", 0x8825, 4, 1, 8 + 2 + 12 * count + 4)
    block = head + struct.pack(order + "H", count) + entries + struct.pack(order + "I", 0)
    if gps:
        block += struct.pack(order + "H", 1) + struct.pack(order + "HHII", 2, 5, 3, 0) + struct.pack(order + "I", 0)
    return block


def resized_header(data: bytes, width: int, height: int) -> bytes:
    """A JPEG whose frame header claims another size."""
    at = next(i for m in (b"\xff\xc0", b"\xff\xc2") if (i := data.find(m)) > 0)
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def chunk(kind: bytes, body: bytes, crc: int | None = None) -> bytes:
    check = zlib.crc32(kind + body) if crc is None else crc
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)


def png(
    width: int, height: int, rows: bytes, *, bits: int = 8, kind: int = 2, interlace: int = 0, extra: bytes = b""
) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, interlace))
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def into_png(data: bytes, extra: bytes) -> bytes:
    """A PNG with chunks right behind its IHDR."""
    return data[:33] + extra + data[33:]


def gif(frames: int, side: int = 40, *, screen: tuple[int, int] | None = None) -> bytes:
    width, height = screen or (side, side)
    out = b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF0, 0, 0) + b"\0\0\0\xff\xff\xff"
    pixels = b"\x02" + b"\x16" + bytes.fromhex("8c2d99872a1cdc33a00275ec95faa8de608c04914c01") + b"\0"
    for _ in range(frames):
        out += b"\x21\xf9\x04\0\x05\0\0\0" + b"\x2c" + struct.pack("<HHHHB", 0, 0, 10, 10, 0) + pixels
    return out + b";"


def tiff(entries: list[tuple[int, int, int, int]], body: bytes = b"", *, following: int = 0) -> bytes:
    """Little-endian TIFF of one directory right behind the header; `body` follows the directory."""
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *e) for e in entries)
    return b"II*\0" + struct.pack("<I", 8) + directory + struct.pack("<I", following) + body


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("hidden.txt", "hidden" * 100)
    return out.getvalue()


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAa1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "AA5waXRtAAAAAAACAAAAEGlkYXQAAAAAAEAAMAAAADhpbG9jAQAAAERAAAIAAQAAAAAAAAHRAAEAAAAAAAAAcgACAAEAAAAAAAAA"
    "AQAAAAAAAAAIAAAAOGlpbmYAAAAAAAIAAAAVaW5mZQIAAAEAAQAAaHZjMQAAAAAVaW5mZQIAAAAAAgAAZ3JpZAAAAADYaXBycAAA"
    "ALZpcGNvAAAAdmh2Y0MBA3AAAAAAAAAAAAAe8AD8/fj4AAAPAyAAAQAYQAEMAf//A3AAAAMAkAAAAwAAAwAeugJAIQABACpCAQED"
    "cAAAAwCQAAADAAADAB6gIIEFlurkprm4EBAwIAAAAwAgAAADACEiAAEABkQBwXPAiQAAABRpc3BlAAAAAAAAAEAAAABAAAAAFGlz"
    "cGUAAAAAAAAAQAAAADAAAAAQcGl4aQAAAAADCAgIAAAAGmlwbWEAAAAAAAAAAgABAoECAAICA4QAAAAaaXJlZgAAAAAAAAAOZGlt"
    "ZwACAAEAAQAAAHptZGF0AAAAbigBrxmA71WIeZp4x8C+yWv/9lS2CyIWeCklLFcHAhEkSu6vbq17I66RBKP7M/JxNlJqB1w6m+TY"
    "iKxg6Lx4LfZ0dxfLHerLp271+WrsT/G1x6WXmgfuYmaORi5Om0cPw09J2xCvAkhhHKug8r9E"
)

# ---------------------------------------------------------------- JPEG

case("jpeg: a good one", "eligible", name="mug.jpg")(good)
case("jpeg: named .jpeg", "eligible", name="mug.jpeg")(good)
case("jpeg: named .JPG in capitals", "eligible", name="MUG.JPG")(good)
case("jpeg: named .png", "eligible", "extension_mismatch", name="mug.png")(good)
case("jpeg: name without extension", "eligible", name="mug")(good)
case("jpeg: progressive", "eligible")(lambda: vips(".jpg", interlace=True, Q=90))
case("jpeg: grey", "eligible")(lambda: vips(".jpg", cv2.cvtColor(pictures.product(), cv2.COLOR_RGB2GRAY), Q=90))
case("jpeg: arithmetic coding claimed", "unreadable", "corrupt_pixels")(
    lambda: good().replace(b"\xff\xc0", b"\xff\xc9", 1)
)
case("jpeg: lossless claimed", "unreadable", "corrupt_pixels")(lambda: good().replace(b"\xff\xc0", b"\xff\xc3", 1))

for _turn in range(1, 9):
    case(f"jpeg: orientation {_turn}", "eligible")(lambda t=_turn: with_segment(good(), 0xE1, b"Exif\0\0" + exif(t)))
case("jpeg: orientation 0", "eligible")(lambda: with_segment(good(), 0xE1, b"Exif\0\0" + exif(0)))
case("jpeg: orientation 99", "eligible")(lambda: with_segment(good(), 0xE1, b"Exif\0\0" + exif(99)))
case("jpeg: location in EXIF", "eligible", "location_data")(
    lambda: with_segment(good(), 0xE1, b"Exif\0\0" + exif(gps=True))
)
case("jpeg: EXIF pointing outside", "eligible")(
    lambda: with_segment(good(), 0xE1, b"Exif\0\0II*\0" + struct.pack("<I", 0xFFFFFFF0))
)
case("jpeg: EXIF of noise", "eligible")(
    lambda: with_segment(good(), 0xE1, b"Exif\0\0" + random.Random(1).randbytes(500))
)
case("jpeg: EXIF claiming 65,535 entries", "eligible")(
    lambda: with_segment(good(), 0xE1, b"Exif\0\0II*\0" + struct.pack("<IH", 8, 0xFFFF) + bytes(60))
)

for _part in (2, 10, 60, 95):
    case(f"jpeg: cut off at {_part} %", "unreadable", "corrupt_pixels")(
        lambda p=_part: good()[: len(good()) * p // 100]
    )
case("jpeg: only the end marker missing", "unreadable", "corrupt_pixels")(lambda: good()[:-2])
case("jpeg: three bytes", "unreadable", "corrupt_pixels")(lambda: b"\xff\xd8\xff")
case("jpeg: start and end only", "unreadable", "corrupt_pixels")(lambda: b"\xff\xd8\xff\xd9")
case("jpeg: no Huffman tables, as in films", "eligible")(lambda: good().replace(b"\xff\xc4", b"\xff\xfe"))
case("jpeg: no quantisation", "unreadable", "corrupt_pixels")(lambda: good().replace(b"\xff\xdb", b"\xff\xfe"))
case("jpeg: segment of length 0", "unreadable", "corrupt_pixels")(lambda: b"\xff\xd8\xff\xe0\0\0" + good()[2:])
case("jpeg: segment longer than the file", "unreadable", "corrupt_pixels")(
    lambda: b"\xff\xd8\xff\xe0\xff\xff" + good()[2:900]
)


@case("jpeg: 30 MB of comment segments", "rejected", "file_too_big")
def _comments() -> bytes:
    body = segment(0xFE, b" " * 65_000)
    return good()[:2] + body * 460 + good()[2:]


@case("jpeg: a third of the scan overwritten with zeros", "unreadable", "corrupt_pixels")
def _zeros() -> bytes:
    data = bytearray(good())
    third = len(data) // 3
    data[third : 2 * third] = bytes(third)
    return bytes(data)


@case("jpeg: scan of marker bytes", "unreadable", "corrupt_pixels")
def _markers() -> bytes:
    data = good()
    at = data.find(b"\xff\xda") + 14
    return data[:at] + b"\xff\xda" * 50_000 + b"\xff\xd9"


@case("jpeg: forty bytes changed", None)
def _changed() -> bytes:
    """Nobody's decoder sees this; it must only not break anything."""
    data, rng = bytearray(good()), random.Random(4)
    for _ in range(40):
        data[rng.randrange(2000, len(data) - 2)] = rng.randrange(255)
    return bytes(data)


case("jpeg: claims 65,000 × 65,000", "rejected", "too_large")(lambda: resized_header(good(), 65_000, 65_000))
case("jpeg: claims 10,000 × 10,000", "unreadable", "corrupt_pixels")(lambda: resized_header(good(), 10_000, 10_000))
case("jpeg: height 0", "unreadable", "corrupt_pixels")(lambda: resized_header(good(), 1000, 0))
case("jpeg: width 0", "unreadable", "corrupt_pixels")(lambda: resized_header(good(), 0, 1000))
case("jpeg: progressive of 100 megapixels", "rejected", "too_large")(
    lambda: resized_header(vips(".jpg", interlace=True, Q=90), 10_000, 10_000)
)


@case("jpeg: progressive with 500 scans", "rejected", "too_large")
def _scans() -> bytes:
    data = vips(".jpg", np.full((1000, 1000, 3), 200, np.uint8), interlace=True, Q=90)
    last = data.rfind(b"\xff\xda")
    return data[:-2] + data[last:-2] * 500 + b"\xff\xd9"


case("jpeg: zip behind the end", "rejected", "bytes_after_image")(lambda: good() + archive())
case("jpeg: zip before the end marker", "unreadable", "bytes_after_image")(
    lambda: good()[:-2] + archive() + b"\xff\xd9"
)
case("jpeg: script behind the end", "rejected", "bytes_after_image")(lambda: good() + b"<script>alert(1)</script>")
case("jpeg: program behind the end", "rejected", "bytes_after_image")(lambda: good() + b"MZ" + bytes(range(256)) * 4)
case("jpeg: another picture behind the end", "rejected", "bytes_after_image")(lambda: good() + good())
case("jpeg: another picture behind a long one", "rejected", "bytes_after_image")(lambda: _long() + good())
case("jpeg: a film and an end marker behind a long one", "rejected", "bytes_after_image")(
    lambda: _long() + bytes(range(256)) * 9 + b"\xff\xd9"
)
case("jpeg: a comment with an end marker behind the scan", "eligible")(
    lambda: good()[:-2] + segment(0xFE, b"\xff\xd9" * 9) + b"\xff\xd9"
)
case("jpeg: a scan for each component", "rejected", "background_not_white")(lambda: _scan_each(pictures.product()))
case("jpeg: a scan for each component, 100 megapixels", "rejected", "too_large")(
    lambda: resized_header(_scan_each(np.full((1000, 1000, 3), 200, np.uint8)), 10_000, 10_000)
)


def _long() -> bytes:
    """More than is searched marker by marker."""
    return pictures.jpeg(pictures.scene(1000), 95)


def _scan_each(picture: np.ndarray) -> bytes:
    """Baseline, but not interleaved: the grey file's one scan written three times, as every component's."""
    grey = pyvips.Image.new_from_array(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)).jpegsave_buffer(Q=90, keep="none")
    frame, scan = grey.index(b"\xff\xc0"), grey.index(b"\xff\xda")
    parts = b"".join(bytes((number, 0x11, 0)) for number in (1, 2, 3))
    frame_of_three = segment(0xC0, grey[frame + 4 : frame + 9] + b"\x03" + parts)
    coded = grey[scan + 10 : -2]
    scans = b"".join(segment(0xDA, bytes((1, number, 0, 0, 63, 0))) + coded for number in (1, 2, 3))
    return grey[:frame] + frame_of_three + grey[frame + 13 : scan] + scans + b"\xff\xd9"


case("jpeg: zeros behind the end", "eligible")(lambda: good() + bytes(5000))
case("jpeg: line end behind the end", "eligible")(lambda: good() + b"\r\n")
case("jpeg: a phone's second picture", "eligible")(lambda: with_segment(good(), 0xE2, b"MPF\0" + bytes(40)) + good())
case("jpeg: a phone's film", "eligible")(lambda: good() + box(b"ftyp", b"mp42" + bytes(12)) + bytes(9000))
case("jpeg: PHP in a comment", "eligible")(lambda: with_segment(good(), 0xFE, b"<?php system($_GET['c']); ?>"))
case("jpeg: PDF in a comment", "eligible")(lambda: with_segment(good(), 0xFE, b"%PDF-1.4 1 0 obj"))
case("jpeg: thumbnail with its own end marker", "eligible")(
    lambda: with_segment(good(), 0xE1, b"Exif\0\0" + exif() + pictures.jpeg(pictures.product(64, seed=3), 60))
)


@case("jpeg: CMYK without a profile", "eligible", "not_srgb")
def _cmyk() -> bytes:
    image = (
        pyvips.Image.new_from_array(pictures.product()).copy(interpretation="srgb").icc_export(output_profile="cmyk")
    )
    return image.jpegsave_buffer(Q=92, keep="none")


@case("jpeg: CMYK with a profile", "eligible", "not_srgb")
def _cmyk_profile() -> bytes:
    image = (
        pyvips.Image.new_from_array(pictures.product()).copy(interpretation="srgb").icc_export(output_profile="cmyk")
    )
    return image.jpegsave_buffer(Q=92, keep="icc")


case("jpeg: profile of noise", "eligible")(
    lambda: with_segment(good(), 0xE2, b"ICC_PROFILE\0\x01\x01" + random.Random(2).randbytes(700))
)
case("jpeg: Display P3", "eligible", "not_srgb")(
    lambda: (
        pyvips.Image.new_from_array(pictures.product())
        .copy(interpretation="srgb")
        .icc_transform("p3", input_profile="srgb")
        .jpegsave_buffer(Q=92, keep="icc")
    )
)
case("jpeg: 10,000 × 10", "rejected", "odd_size")(lambda: pictures.jpeg(np.zeros((10, 10_000, 3), np.uint8)))
case("jpeg: 1 × 1", "rejected", "odd_size", "too_small")(lambda: pictures.jpeg(np.zeros((1, 1, 3), np.uint8)))
case("jpeg: 12,000 px long", "rejected", "too_large")(lambda: pictures.jpeg(np.full((700, 12_000, 3), 255, np.uint8)))
case("jpeg: all white", "rejected", "no_subject")(lambda: pictures.jpeg(np.full((1000, 1000, 3), 255, np.uint8)))
case("jpeg: all black", "rejected", "too_dark")(lambda: pictures.jpeg(np.zeros((1000, 1000, 3), np.uint8)))

# ---------------------------------------------------------------- PNG (not accepted for listings: always rejected)

case("png: a good one", "rejected", "format_not_accepted")(lambda: vips(".png"))
case("png: named .jpg", "rejected", "format_not_accepted", "extension_mismatch", name="mug.jpg")(lambda: vips(".png"))
case("png: transparent", "rejected", "format_not_accepted")(
    lambda: vips(".png", np.dstack([pictures.product(), pictures.outline(1000, fill=0.9, shape="ellipse")]))
)
case("png: palette", "rejected", "format_not_accepted")(lambda: vips(".png", palette=True))
case("png: 1 bit", "rejected", "format_not_accepted")(
    lambda: png(800, 800, (b"\0" + b"\xaa" * 100) * 800, bits=1, kind=0)
)
case("png: 16 bit", "rejected", "format_not_accepted")(lambda: vips(".png", pictures.product().astype(np.uint16) * 257))
case("png: interlaced", "rejected", "format_not_accepted")(lambda: vips(".png", interlace=True))
case("png: animated", "rejected", "animated")(lambda: into_png(vips(".png"), chunk(b"acTL", struct.pack(">II", 12, 0))))
case("png: orientation 6", "rejected", "format_not_accepted")(lambda: into_png(vips(".png"), chunk(b"eXIf", exif(6))))
case("png: location", "rejected", "location_data")(lambda: into_png(vips(".png"), chunk(b"eXIf", exif(gps=True))))
case("png: cut off", "unreadable", "corrupt_pixels")(lambda: vips(".png")[:-5000])
case("png: no end chunk", "unreadable", "corrupt_pixels")(lambda: vips(".png")[:-12])
case("png: broken checksum of pixels", "unreadable", "corrupt_pixels")(lambda: _flip(vips(".png"), -20))
case("png: pixels overwritten", "unreadable", "corrupt_pixels")(lambda: _flip(vips(".png"), 9000))
case("png: no IHDR", "unreadable", "corrupt_pixels")(lambda: b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""))
case("png: pixel layout that does not exist", "unreadable", "corrupt_pixels")(
    lambda: png(10, 10, bytes(40), bits=3, kind=9)
)
case("png: width 0", "unreadable", "corrupt_pixels")(lambda: png(0, 10, bytes(40)))
case("png: chunk of 4 GB", "unreadable", "corrupt_pixels")(
    lambda: into_png(vips(".png"), struct.pack(">I4s", 0xFFFFFFFF, b"tEXt"))
)
case("png: 60,000² of one bit", "rejected", "too_large")(
    lambda: png(60_000, 60_000, bytes(7501 * 1000), bits=1, kind=0)
)
case("png: rows missing", "unreadable", "corrupt_pixels")(lambda: png(900, 900, bytes(2701 * 100)))
case("png: a hundred times the rows it needs", None)(lambda: png(100, 100, bytes(301 * 100) * 100))
case("png: 300 MB of text inflated", "rejected", "format_not_accepted")(
    lambda: into_png(vips(".png"), chunk(b"zTXt", b"a\0\0" + _zeros_packed(300)))
)
case("png: 300 MB of colour profile inflated", "rejected", "format_not_accepted")(
    lambda: into_png(vips(".png"), chunk(b"iCCP", b"a\0\0" + _zeros_packed(300)))
)
case("png: 60,000 empty chunks", "unreadable", "corrupt_pixels")(
    lambda: into_png(vips(".png"), chunk(b"aaAa", b"") * 60_000)
)
case("png: page behind the end", "rejected", "bytes_after_image")(lambda: vips(".png") + b"<html><body>x</body></html>")
case("png: interlaced 9,000²", "rejected", "too_large")(lambda: png(9000, 9000, bytes(27_001 * 100), interlace=1))
case("png: 10,000 × 10", "rejected", "odd_size")(lambda: vips(".png", np.zeros((10, 10_000, 3), np.uint8)))


def _flip(data: bytes, at: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 0x55
    return bytes(changed)


def _zeros_packed(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join([packer.compress(bytes(1_000_000)) for _ in range(megabytes)]) + packer.flush()


# ---------------------------------------------------------------- GIF

case("gif: a good one", "eligible", name="mug.gif")(lambda: vips(".gif"))
case("gif: animated", "rejected", "animated")(lambda: gif(3))
case("gif: 500 frames", "rejected", "animated")(lambda: gif(500))
case("gif: 100,000 frames", "unreadable", "corrupt_pixels")(lambda: gif(100_000))
case("gif: cut off", "unreadable", "corrupt_pixels")(lambda: vips(".gif")[:-3000])
case("gif: no end", "unreadable", "corrupt_pixels")(lambda: vips(".gif")[:-1])
case("gif: no picture in it", "unreadable", "corrupt_pixels")(lambda: gif(0))
case("gif: screen of 65,535²", "rejected", "too_small")(lambda: gif(1, screen=(65_535, 65_535)))
case("gif: frame of 60,000²", "rejected", "too_large")(lambda: _gif_frame(60_000))
case("gif: script behind the end", "rejected", "bytes_after_image")(lambda: vips(".gif") + b"*/=1;alert(1)//" * 9)
case("gif: script in a comment", "eligible")(lambda: _gif_comment(vips(".gif")))
case("gif: pixels of noise", None)(lambda: _gif_noise())
case("gif: three million one-byte blocks", "unreadable", "corrupt_pixels")(
    lambda: gif(1)[:-5] + b"\x01\0" * 3_000_000 + b"\0;"
)


def _gif_frame(side: int) -> bytes:
    data = gif(1)
    at = data.index(b"\x2c\0\0\0\0") + 5
    return data[:at] + struct.pack("<HH", side, side) + data[at + 4 :]


def _gif_comment(data: bytes) -> bytes:
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    return data[:at] + b"\x21\xfe\x10/*<script>alert(\0" + data[at:]


def _gif_noise() -> bytes:
    data, rng = bytearray(vips(".gif")), random.Random(5)
    for at in range(2000, len(data) - 2000, 97):
        data[at] = rng.randrange(256)
    return bytes(data)


# ---------------------------------------------------------------- TIFF

case("tiff: a good one", "eligible", name="mug.tif")(lambda: vips(".tif"))
case("tiff: named .tiff", "eligible", name="mug.tiff")(lambda: vips(".tif"))
for _packing in ("lzw", "deflate", "jpeg", "packbits"):
    case(f"tiff: packed by {_packing}", "eligible")(lambda p=_packing: vips(".tif", compression=p))
case("tiff: tiled", "eligible")(lambda: vips(".tif", tile=True, compression="lzw"))
case("tiff: 16 bit", "eligible")(lambda: vips(".tif", pictures.product().astype(np.uint16) * 257))
case("tiff: floating point", "eligible")(lambda: _float_tiff())
case("tiff: grey of 16 bit", "eligible")(
    lambda: vips(".tif", cv2.cvtColor(pictures.product(), cv2.COLOR_RGB2GRAY).astype(np.uint16) * 257)
)
case("tiff: CMYK with a profile", "eligible", "not_srgb")(
    lambda: (
        pyvips.Image.new_from_array(pictures.product())
        .copy(interpretation="srgb")
        .icc_export(output_profile="cmyk")
        .tiffsave_buffer(compression="lzw")
    )
)
case("tiff: with transparency", "eligible")(
    lambda: vips(".tif", np.dstack([pictures.product(), pictures.outline(1000, fill=0.9, shape="ellipse")]))
)
case("tiff: two pages", "rejected", "multi_page")(lambda: _pages())
case("tiff: cut off", "unreadable", "corrupt_pixels")(lambda: vips(".tif")[:200_000])
case("tiff: BigTIFF", "unreadable", "not_an_image")(lambda: vips(".tif", bigtiff=True))
case("tiff: directories in a circle", "unreadable", "corrupt_pixels")(
    lambda: tiff([(256, 3, 1, 10), (257, 3, 1, 10)], following=8)
)
case("tiff: directory outside", "unreadable", "corrupt_pixels")(lambda: b"II*\0" + struct.pack("<I", 0x7FFFFFFF))
case("tiff: no directory", "unreadable", "corrupt_pixels")(lambda: b"II*\0" + struct.pack("<I", 0))
case("tiff: 30,000² deflated", "rejected", "too_large")(
    lambda: tiff([(256, 4, 1, 30_000), (257, 4, 1, 30_000), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1)])
)
case("tiff: one strip of 81 megapixels", "rejected", "too_large")(
    lambda: tiff([(256, 4, 1, 9000), (257, 4, 1, 9000), (258, 3, 1, 8), (277, 3, 1, 3), (278, 4, 1, 9000)])
)
case("tiff: tiles of 60,000²", "rejected", "too_large")(
    lambda: tiff([(256, 4, 1, 900), (257, 4, 1, 900), (258, 3, 1, 8), (322, 4, 1, 60_000), (323, 4, 1, 60_000)])
)
case("tiff: a thousand entries of noise", "unreadable", "corrupt_pixels")(
    lambda: b"II*\0" + struct.pack("<IH", 8, 1000) + random.Random(6).randbytes(12_000)
)


def _float_tiff() -> bytes:
    linear = (pictures.product(800).astype(np.float32) / 255) ** 2.2
    return pyvips.Image.new_from_array(linear).copy(interpretation="scrgb").tiffsave_buffer()


def _pages() -> bytes:
    page = pyvips.Image.new_from_array(pictures.product())
    both = pyvips.Image.arrayjoin([page, page], across=1).copy()
    both.set_type(pyvips.GValue.gint_type, "page-height", 1000)
    return both.tiffsave_buffer(compression="lzw")


# ---------------------------------------------------------------- WebP, AVIF, HEIC, BMP

case("webp: a good one", "rejected", "format_not_accepted")(lambda: vips(".webp"))
case("webp: lossless", "rejected", "format_not_accepted")(lambda: vips(".webp", lossless=True))
case("webp: named .jpg", "rejected", "format_not_accepted", "extension_mismatch", name="mug.jpg")(lambda: vips(".webp"))
case("webp: cut off", "unreadable", "corrupt_pixels")(lambda: vips(".webp")[:3000])
case("webp: 16,000² of one colour", "rejected", "too_large")(
    lambda: (
        b"RIFF"
        + struct.pack("<I", 30)
        + b"WEBPVP8L"
        + struct.pack("<I", 18)
        + b"\x2f"
        + struct.pack("<I", 15_999 | 15_999 << 14)
        + bytes(13)
    )
)
case("webp: lossless of 81 megapixels", "rejected", "too_large")(
    lambda: (
        b"RIFF"
        + struct.pack("<I", 30)
        + b"WEBPVP8L"
        + struct.pack("<I", 18)
        + b"\x2f"
        + struct.pack("<I", 8_999 | 8_999 << 14)
        + bytes(13)
    )
)
case("webp: no picture in it", "unreadable", "corrupt_pixels")(lambda: b"RIFF" + struct.pack("<I", 4) + b"WEBP")
case("webp: animated", "rejected", "animated")(lambda: _animated_webp())
case("avif: a good one", "rejected", "format_not_accepted")(lambda: vips(".avif", effort=0))
case("avif: cut off", "unreadable", "corrupt_pixels")(lambda: vips(".avif", effort=0)[:-2000])
case("heic: a phone's format", "rejected", "format_not_accepted", "too_small")(lambda: HEIC)
case("heic: cut off", "unreadable", "corrupt_pixels")(lambda: HEIC[:-40])
case("heic: no tiles", "unreadable", "corrupt_pixels")(lambda: HEIC.replace(b"dimg", b"dimh"))
case("heic: a tile that is not there", "unreadable", "corrupt_pixels")(
    lambda: HEIC.replace(b"dimg\0\x02\0\x01\0\x01", b"dimg\0\x02\0\x01\0\x09")
)
case("heic: boxes only", "unreadable", "corrupt_pixels")(lambda: HEIC[:28])
case("bmp: a good one", "rejected", "format_not_accepted")(
    lambda: cv2.imencode(".bmp", pictures.product()[:, :, ::-1])[1].tobytes()
)
case("bmp: cut off", "unreadable", "corrupt_pixels")(
    lambda: cv2.imencode(".bmp", pictures.product()[:, :, ::-1])[1].tobytes()[:9000]
)
case("bmp: claims 40,000²", "unreadable", "corrupt_pixels", "too_large")(
    lambda: (
        b"BM"
        + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 40_000, 40_000, 1, 1, 0, 0, 0, 0, 0, 0)
        + bytes(200_000_054 // 1000)
    )
)


def _animated_webp() -> bytes:
    page = pyvips.Image.new_from_array(pictures.product(200))
    other = pyvips.Image.new_from_array(pictures.product(200, seed=2))
    both = pyvips.Image.arrayjoin([page, other], across=1).copy()
    both.set_type(pyvips.GValue.gint_type, "page-height", 200)
    return both.webpsave_buffer()


# ---------------------------------------------------------------- no pictures at all

case("empty file", "unreadable", "not_an_image")(lambda: b"")
case("one byte", "unreadable", "not_an_image")(lambda: b"\xff")
case("text", "unreadable", "not_an_image", name="mug.jpg")(lambda: b"This is not a picture.")
case("web page named .jpg", "unreadable", "not_an_image", name="mug.jpg")(
    lambda: b"<!DOCTYPE html><html><body>Sign in</body></html>"
)
case("drawing (SVG) named .png", "unreadable", "not_an_image", name="mug.png")(
    lambda: b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
)
case("PDF", "unreadable", "not_an_image")(lambda: b"%PDF-1.7\n1 0 obj<<>>endobj")
case("zip", "unreadable", "not_an_image")(archive)
case("zip of itself named .gif", "unreadable", "not_an_image", name="mug.gif")(archive)
case("film", "unreadable", "not_an_image")(lambda: box(b"ftyp", b"mp42" + bytes(12)) + bytes(500))
case("Photoshop file", "unreadable", "not_an_image")(lambda: b"8BPS\0\x01" + bytes(40))
case("icon", "unreadable", "not_an_image")(lambda: b"\0\0\1\0\1\0" + bytes(40))
case("JPEG XL", "unreadable", "not_an_image")(lambda: b"\xff\x0a" + bytes(40))
case("libvips' own format", "unreadable", "not_an_image")(lambda: b"\xb6\xa6\xf2\x08" + bytes(90))
case("matrix of numbers", "unreadable", "not_an_image")(lambda: b"3 3\n1 2 3\n4 5 6\n7 8 9\n")
case("noise", "unreadable", "not_an_image")(lambda: random.Random(7).randbytes(100_000))
case("40 MB of zeros", "unreadable", "not_an_image")(lambda: bytes(40_000_000))
