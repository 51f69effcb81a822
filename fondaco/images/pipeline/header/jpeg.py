"""JPEG: markers, quality from the tables, the number of scans, and the exact end of the picture.

Where a picture of one scan ends is known for certain only by reading every byte of the scan, 0.2 ms for two megabytes: more than
all else that a header costs. `read(whole=False)` believes a file whose last bytes are an end marker; `look_behind` makes sure.
"""

from __future__ import annotations

import re

import numpy as np

from . import exif, trailing
from .model import BrokenHeader, Header, unpack

# In entropy-coded data FF is followed by 00 or a restart marker; the next other FF xx is a marker.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_STAND_ALONE = {0x01, *range(0xD0, 0xD8)}
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_COLOURS = {1: "grey", 3: "rgb", 4: "cmyk"}
MAX_MARKERS = 20_000
NEAR, STRETCH = 16_384, 262_144
PADDING = 4096  # bytes of zeros or line ends behind an end marker that are looked through from the file's end
# First entries of the IJG luminance table in zigzag order; their mean ratio gives the quality scale.
_BASE_LUMA = (16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40)


def read(data: bytes, *, whole: bool = True) -> Header:
    """Raises BrokenHeader when there is no frame header or the marker chain breaks before the first scan.

    Not `whole`: a long scan is not read where the file ends as a picture does; what `look_behind` is for."""
    header = Header("jpeg", scans=0)
    at = _walk(data, 2, header, whole=whole)
    _finish(data, at, header)
    return header


def look_behind(data: bytes, header: Header) -> None:
    """Makes sure of the end that `read` believed: fills `end`, `truncated`, `trailing` anew where there is another one."""
    scan = header.facts.pop("unread_scan", None)
    if scan is None or _first_end(data, scan) == header.end - 2:
        return
    at = _walk(data, _next_marker(data, scan), header, whole=True)
    header.trailing, header.trailing_bytes = "", 0
    _finish(data, at, header)


def _walk(data: bytes, at: int, header: Header, *, whole: bool) -> int:
    """From marker to marker; returns the offset behind the end marker."""
    size = len(data)
    for _ in range(MAX_MARKERS):
        if at + 2 > size:
            header.truncated = True
            break
        if data[at] != 0xFF:
            if not header.scans:
                raise BrokenHeader("jpeg", "no marker where one must be")
            at = _next_marker(data, at)
            continue
        marker = data[at + 1]
        if marker == 0xFF or marker in _STAND_ALONE:
            at += 1 if marker == 0xFF else 2
        elif marker == 0xD9:
            at += 2
            break
        else:
            at = _segment(data, at, marker, header, whole=whole)
    else:
        raise BrokenHeader("jpeg", "too many markers")
    return at


def _segment(data: bytes, at: int, marker: int, header: Header, *, whole: bool) -> int:
    """Reads one segment and returns where the next marker stands."""
    (length,) = unpack(">H", data, at + 2)
    start, stop = at + 4, at + 2 + length
    if length < 2:
        raise BrokenHeader("jpeg", "segment without length")
    if marker in _FRAMES:
        _frame(data, start, marker, header)
    elif marker == 0xDA:
        header.scans += 1
        return _past_scan(data, start, stop, header, whole=whole)
    elif marker == 0xE1 and data[start : start + 6] == b"Exif\0\0":
        found = exif.read(data[start + 6 : stop])
        header.orientation = found.orientation
        header.has_location = header.has_location or found.has_location
    elif marker == 0xE0 and data[start : start + 5] == b"JFIF\0" and stop - start >= 12:
        header.density_dpi = _density(data, start + 7)
    elif marker == 0xE2:
        _app2(data, start, stop, header)
    elif marker == 0xEE and data[start : start + 5] == b"Adobe":
        header.facts["adobe_transform"] = unpack("B", data, start + 11)[0]
    elif marker == 0xDB and header.quality is None:
        header.quality = quality_of(data[start:stop])
    return stop


def _past_scan(data: bytes, start: int, stop: int, header: Header, *, whole: bool) -> int:
    """Where the marker behind a scan stands. `start`, `stop`: of the scan's own segment, whose first byte counts the
    components that it holds."""
    if header.scans == 1 and data[start] < header.channels:
        _held_whole(header)
    elif header.scans == 1 and not header.progressive and len(data) - stop > NEAR:
        believed = _plain_end(data)
        if believed > stop and not whole:
            header.facts["unread_scan"] = stop
            return believed
        if believed > stop and _first_end(data, stop) == believed:
            return believed
    return _next_marker(data, stop)


def _plain_end(data: bytes) -> int:
    """Where the end marker stands in a file that ends with one, padding left out; -1 in another."""
    foot = data[-PADDING:].rstrip(b"\0\r\n\t ")
    return max(0, len(data) - PADDING) + len(foot) - 2 if foot.endswith(b"\xff\xd9") else -1


def _first_end(data: bytes, at: int) -> int:
    """The first FF D9 from `at` on, the file's length without one. In a scan FF D9 is nothing but the end.

    Twice as fast as looking for any marker: one byte turned so that D9 is FF, and both taken together."""
    whole = np.frombuffer(data, np.uint8)
    into = np.empty(STRETCH, np.uint8)
    while at < len(data) - 1:
        ends = whole[at + 1 : at + 1 + STRETCH]
        hits = np.bitwise_xor(ends, 0xFF ^ 0xD9, out=into[: len(ends)])
        hits &= whole[at : at + len(ends)]
        if hits.max() == 0xFF:
            return at + int(hits.argmax())
        at += STRETCH
    return len(data)


def _next_marker(data: bytes, at: int) -> int:
    """Short ways by the expression, which a file of thousands of markers needs; long ones, which are most of a
    photograph, in a third of its time by whole arrays. An array that meets a restart marker hands back."""
    near = _MARKER.search(data, at, at + NEAR)
    if near:
        return near.start()
    start, last = at + NEAR - 1, len(data) - 1
    while start < last:
        part = np.frombuffer(data, np.uint8, min(STRETCH, last - start) + 1, start)
        hits = (part[1:] - 1) < 0xFE  # neither 00 nor FF, which wraps
        hits &= part[:-1] == 0xFF
        first = int(hits.argmax())
        if hits[first]:
            found = _MARKER.search(data, start + first)
            return found.start() if found else len(data)
        start += STRETCH
    return len(data)


def _frame(data: bytes, at: int, marker: int, header: Header) -> None:
    header.bits, header.height, header.width, header.channels = unpack(">BHHB", data, at)
    header.colour = _COLOURS.get(header.channels, "other")
    header.progressive = marker in (0xC2, 0xC6, 0xCA, 0xCE)
    header.facts["lossless"] = marker in (0xC3, 0xC7, 0xCB, 0xCF)
    factors = [unpack("B", data, at + 7 + 3 * i)[0] for i in range(min(header.channels, 4))]
    samples = [(factor >> 4) * (factor & 15) for factor in factors]
    if not samples or not all(samples):
        raise BrokenHeader("jpeg", "no components")
    header.subsampling = f"{factors[0] >> 4}x{factors[0] & 15}"
    header.facts["samples"] = sum(samples) / max(samples)  # of all components for each pixel
    if header.progressive:
        _held_whole(header)


def _held_whole(header: Header) -> None:
    """A file of several scans is held whole as 16-bit coefficients by every libjpeg, whatever the shrink: a progressive
    one, and one with a scan for each component."""
    header.working_bytes = int(2 * header.width * header.height * header.facts.get("samples", 3))


def _density(data: bytes, at: int) -> int | None:
    """Pixels an inch along the less dense side; None where the file states proportions only, or nonsense."""
    unit, across, down = unpack(">BHH", data, at)
    least = min(across, down)
    if unit not in (1, 2) or not least:
        return None
    return least if unit == 1 else round(least * 2.54)


def _app2(data: bytes, start: int, stop: int, header: Header) -> None:
    if data[start : start + 12] == b"ICC_PROFILE\0" and data[start + 12] == 1:
        header.profile = data[start + 30 : start + 34].decode("latin-1").strip() or "?"
        header.profile_name = profile_name(data[start + 14 : stop])
    elif data[start : start + 4] == b"MPF\0":
        header.facts["multi_picture"] = True


def profile_name(profile: bytes) -> str:
    """The description of an ICC profile, "" when it is not to be found in the first kilobytes."""
    try:
        (count,) = unpack(">I", profile, 128)
        for i in range(min(count, 64)):
            tag, at, size = unpack(">4sII", profile, 132 + 12 * i)
            if tag == b"desc":
                text = profile[at : at + min(size, 256)]
                if text[:4] == b"mluc":
                    length, offset = unpack(">II", text, 20)
                    return text[offset : offset + length].decode("utf-16-be", "ignore").strip("\0 ")
                return text[12:].split(b"\0")[0].decode("latin-1").strip()
    except ValueError:
        pass
    return ""


def quality_of(segment: bytes) -> int | None:
    """Quality 1-100 on the IJG scale from a DQT segment's body, by its luminance table (identifier 0)."""
    if len(segment) < 65 or segment[0] != 0:
        return None
    ratios = [100.0 * value / base for value, base in zip(segment[1:17], _BASE_LUMA, strict=True)]
    scale = sum(ratios) / len(ratios)
    quality = (200 - scale) / 2 if scale <= 100 else 5000 / scale
    return min(100, max(1, round(quality)))


def _finish(data: bytes, at: int, header: Header) -> None:
    if not header.width or not header.scans:
        raise BrokenHeader("jpeg", "no frame or no scan")
    header.end = at
    if not header.truncated and data[at - 2 : at] != b"\xff\xd9":
        header.truncated = True
    if not header.truncated:
        trailing.describe(data, at, header)
