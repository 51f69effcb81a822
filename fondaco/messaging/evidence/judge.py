"""One door for every handed-in file, from a page, an API or a mail: content decides, never the name (Q-50).

Advice (too dark, blurred, too small, hard shadow) stops nobody. What is hostile, unreadable or too large is refused
with its reason. The original is kept as it came; what leaves are the copies made here, without any metadata.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pi_heif
import simplejpeg

from fondaco.images.develop import develop
from fondaco.images.pipeline import header as headers
from fondaco.images.pipeline.bounds import BUDGET_S, FULL_PIXELS, Deadline
from fondaco.images.pipeline.header import exif
from fondaco.images.pipeline.native import cv2
from fondaco.images.pipeline.profiles import load_profile
from fondaco.images.pipeline.render import encode, pixels_at
from fondaco.kit.findings import Finding, Severity
from fondaco.messaging.evidence import look, pdf_pages

FORMATS = {
    "jpeg": "jpg",
    "png": "png",
    "gif": "gif",
    "tiff": "tif",
    "heic": "heic",
    "webp": "webp",
    "avif": "avif",
    "pdf": "pdf",
}
"""The inspector's names of formats → those of policy."""

HIDDEN = frozenset({"archive", "markup"})
"""What lies behind a picture's end and is no phone's: a second file that hides in the first."""

STOPS = frozenset({"not_an_image", "corrupt_pixels", "too_slow", "too_large", "file_too_big"})
"""The inspector's findings that bar a file: hostile or unreadable. All else it finds is advice here."""

ADVICE_OFF = frozenset(
    {"location_data", "person_present", "no_subject", "near_duplicate_of", "format_not_accepted", "too_small"}
)
BLURRED = 60.0
BURNT = 0.4
CLEAN_QUALITY, PREVIEW_PX, THUMB_PX = 90, 1280, 320


@dataclass(frozen=True, slots=True)
class Judged:
    """One file: what it is, what speaks against it, and its copies.

    `refused`: it may not be sent. `clean`, `preview`, `thumb` are JPEG (of a PDF: its pages, `pages`); empty when refused.
    `format`: as in policy; `had_location`: it said where it was taken.
    """

    sha256: str
    size_bytes: int
    format: str
    width: int = 0
    height: int = 0
    findings: tuple[Finding, ...] = ()
    clean: bytes = b""
    preview: bytes = b""
    thumb: bytes = b""
    pages: tuple[bytes, ...] = field(default=())
    shot_hash: int | None = None
    had_location: bool = False

    @property
    def refused(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity in (Severity.ERROR, Severity.FATAL))

    @property
    def advice(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.WARNING)


def judge_file(data: bytes, *, name: str, formats: Collection[str], max_bytes: int) -> Judged:
    """Judge one file and make its copies. `formats` and `max_bytes` are policy (`photo.formats`, `photo.max_bytes`)."""
    sha256 = hashlib.sha256(data).hexdigest()
    if not data:
        return Judged(sha256, 0, "", findings=(_refusal("file_empty"),))
    if len(data) > max_bytes:
        found = _refusal("attachment_too_large", measured=len(data), limit=max_bytes, clause="B-PHOTO-01")
        return Judged(sha256, len(data), "", findings=(found,))
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return _pdf(data, sha256, formats)
    return _picture(data, sha256, name, formats)


def _picture(data: bytes, sha256: str, name: str, formats: Collection[str]) -> Judged:
    profile = load_profile("evidence")
    done = develop(data, [profile], name=name or None, sha256=sha256)
    report = done.reports[0]
    format_code = FORMATS.get(report.format, report.format)
    findings = _findings(report.findings, format_code, formats)
    try:
        header = headers.read(data)
    except headers.BrokenHeader:
        header = None
    if header is not None and header.trailing in HIDDEN:
        findings.insert(0, _refusal("hidden_content", measured=header.trailing, clause="Q-50"))
    made: dict[str, Any] = {}
    if header is not None and report.measures and not any(_stops(f) for f in findings):
        width, height = header.upright_size
        clean = _clean(data, header, width, height)
        preview = _fitted(clean, PREVIEW_PX)
        small = _fitted(preview, THUMB_PX)
        if (share := look.harsh_shadow(small)) >= 0.15:
            findings.append(_advice("harsh_shadow", measured=round(100 * share), clause="PHOTO-09"))
        if (share := look.burnt_out(small)) > BURNT and not any(f.code == "too_bright" for f in findings):
            findings.append(_advice("photo_too_bright", measured=round(100 * share), clause="PHOTO-09"))
        if look.sharpness(preview) < BLURRED and not any(f.code in ("out_of_focus", "motion_blur") for f in findings):
            findings.append(_advice("photo_blurred", clause="PHOTO-12"))
        made = {
            "clean": simplejpeg.encode_jpeg(clean, quality=CLEAN_QUALITY, colorsubsampling="420"),
            "preview": encode(preview, "jpeg", 82),
            "thumb": encode(small, "jpeg", 78),
            "shot_hash": look.shot_hash(small),
        }
        if max(width, height) < profile.min_px * 2.5:
            findings.append(
                _advice("photo_small", measured=max(width, height), limit=int(profile.min_px * 2.5), clause="PHOTO-13")
            )
    return Judged(
        sha256,
        len(data),
        format_code,
        width=report.width or 0,
        height=report.height or 0,
        findings=tuple(findings),
        had_location=any(f.code == "location_data" for f in report.findings)
        or (report.format == "heic" and _heic_says_where(data)),
        **made,
    )


def _heic_says_where(data: bytes) -> bool:
    """Whether a phone's HEIC says where it was taken: its EXIF lies where the header's reader does not look."""
    try:
        block = pi_heif.open_heif(data).info.get("exif") or b""
    except (ValueError, RuntimeError, EOFError, OSError):
        return False
    return exif.read(block.removeprefix(b"Exif\0\0")).has_location


def _findings(found: Collection[Finding], format_code: str, formats: Collection[str]) -> list[Finding]:
    """The inspector's, less what does not concern evidence, with the format judged by policy."""
    kept = [
        f if f.code in STOPS else replace(f, severity=Severity.WARNING)
        for f in found
        if f.code not in ADVICE_OFF and f.severity is not Severity.INFO
    ]
    convertible = format_code == "heic" and "jpg" in formats  # becomes JPEG
    is_known = any(f.code == "not_an_image" for f in kept)
    if format_code not in formats and not convertible and not is_known:
        kept.insert(0, _refusal("photo_format_refused", measured=format_code, limit=list(formats), clause="B-PHOTO-01"))
    return kept


def _stops(finding: Finding) -> bool:
    return finding.severity in (Severity.ERROR, Severity.FATAL)


def _clean(data: bytes, header: headers.Header, width: int, height: int) -> Any:
    """Upright sRGB pixels as they are, or shrunk below the bound of memory."""
    scale = min(1.0, (FULL_PIXELS / (width * height)) ** 0.5)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.ascontiguousarray(pixels_at(data, header, *size, above=None, deadline=Deadline.after(4 * BUDGET_S)))


def _fitted(pixels: Any, long_px: int) -> Any:
    scale = long_px / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def _pdf(data: bytes, sha256: str, formats: Collection[str]) -> Judged:
    if "pdf" not in formats:
        found = _refusal("photo_format_refused", measured="pdf", limit=list(formats), clause="B-PHOTO-01")
        return Judged(sha256, len(data), "pdf", findings=(found,))
    findings = (
        [_advice("pdf_parts_removed", measured=", ".join(parts), clause="Q-50")]
        if (parts := pdf_pages.active_parts(data))
        else []
    )
    try:
        pages = pdf_pages.pages_of(data)
        first = simplejpeg.decode_jpeg(pages[0])
    except (pdf_pages.UnreadablePdf, ValueError) as error:
        refused = _refusal("pdf_unreadable", measured=str(error)[:120], clause="Q-50")
        return Judged(sha256, len(data), "pdf", findings=(refused,))
    small = _fitted(first, THUMB_PX)
    return Judged(
        sha256,
        len(data),
        "pdf",
        width=first.shape[1],
        height=first.shape[0],
        findings=tuple(findings),
        preview=encode(_fitted(first, PREVIEW_PX), "jpeg", 82),
        thumb=encode(small, "jpeg", 78),
        pages=tuple(pages),
        shot_hash=look.shot_hash(small),
    )


def _refusal(code: str, *, measured: Any = None, limit: Any = None, clause: str = "") -> Finding:
    return Finding(code=code, severity=Severity.ERROR, clause=clause, measured=measured, limit=limit)


def _advice(code: str, *, measured: Any = None, limit: Any = None, clause: str = "") -> Finding:
    return Finding(code=code, severity=Severity.WARNING, clause=clause, measured=measured, limit=limit)
