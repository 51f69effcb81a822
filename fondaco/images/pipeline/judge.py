"""Measures and a profile in, findings out. No pixels here: every rule reads figures and limits.

Rules stand in the order in which a person would name the faults: the file, its size, the ground and the
product, sharpness, light. A rule yields `(code, measured, limit, region)`; the profile says how severe it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fondaco.kit.findings import Finding, Severity

from .findings import CATALOGUE, make
from .header import Header
from .measure import Measures
from .profiles import Profile, normalise_format

Box = tuple[int, int, int, int]
Fault = tuple[str, Any, Any, Box | None]

BLOCKY_QUALITY = 25  # what seams of blocks in a file of good quality tell of an earlier saving
BLOCKS_ALONE = 0.5
MAX_TINTED = 0.03  # of the ring: a pale remnant or a shadow that reaches the frame
BLANK = 6  # levels of contrast: below, nothing is shown that could be flat
FOG = 6.0  # beyond this enlargement only blur makes sense
SHOWN_FORMATS = {"jpeg": "JPEG", "tiff": "TIFF", "heic": "HEIC", "webp": "WebP", "pdf": "PDF"}


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything known about one file before it is judged: a stopped reading leaves `header` or `measures` None."""

    size_bytes: int
    name: str | None
    kind: str
    header: Header | None
    measures: Measures | None
    stopped: tuple[Fault, ...] = ()


def judge(picture: Picture, profile: Profile) -> tuple[Finding, ...]:
    """Every finding that applies in this profile, the file's own first."""
    faults = [*picture.stopped, *_file(picture, profile)]
    if picture.header:
        faults += [*_header(picture.header, picture, profile), *_size(picture.header, profile)]
    if picture.header and picture.measures:
        whole = (0, 0, *picture.header.upright_size)
        for rule in (_ground, _product, _sharpness, _light, _content):
            faults += list(rule(picture.measures, picture.header, profile, whole))
    first = {fault[0]: fault for fault in reversed(faults)}  # what stopped the reading says more than a limit
    return tuple(finding for fault in faults if fault is first[fault[0]] and (finding := _finding(fault, profile)))


def verdict(findings: tuple[Finding, ...]) -> str:
    """eligible, rejected, or unreadable when no judgement of the content was possible."""
    if any(CATALOGUE[f.code].unreadable and f.severity is Severity.FATAL for f in findings):
        return "unreadable"
    stops = any(f.severity in (Severity.FATAL, Severity.ERROR) and not CATALOGUE[f.code].flag for f in findings)
    return "rejected" if stops else "eligible"


def format_name(kind: str) -> str:
    """The format as it stands in a sentence."""
    return SHOWN_FORMATS.get(kind, kind.upper() if len(kind) <= 4 else kind)


def _finding(fault: Fault, profile: Profile) -> Finding | None:
    code, measured, limit, region = fault
    severity = profile.severity(code)
    if severity is None:
        return None
    clause = profile.clauses.get(code, "")
    return make(code, severity=severity, measured=measured, limit=limit, region=region, clause=clause)


def _file(picture: Picture, profile: Profile) -> Iterator[Fault]:
    if picture.size_bytes > profile.max_bytes:
        yield "file_too_big", picture.size_bytes, profile.max_bytes, None
    if picture.header is None:
        return
    if picture.kind not in profile.formats:
        accepted = [format_name(name) for name in sorted(profile.formats)]
        yield "format_not_accepted", format_name(picture.kind), accepted, None
    extension = _extension(picture.name)
    if extension and normalise_format(extension) != picture.kind:
        yield "extension_mismatch", format_name(picture.kind), "." + extension, None


def _extension(name: str | None) -> str:
    """In lower case, without the dot; "" when the name has none."""
    base = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return base.rsplit(".", 1)[1].lower() if "." in base.strip(".") else ""


def _header(header: Header, picture: Picture, profile: Profile) -> Iterator[Fault]:
    if header.frames > 1:
        yield "animated", header.frames, 1, None
    if header.pages > 1:
        yield "multi_page", header.pages, 1, None
    if header.trailing and header.trailing != "phone" and header.trailing_bytes > profile.max_trailing_bytes:
        yield "bytes_after_image", header.trailing_bytes, profile.max_trailing_bytes, None
    elif header.trailing in ("archive", "markup"):
        yield "bytes_after_image", header.trailing_bytes, 0, None
    if header.has_location:
        yield "location_data", None, None, None
    if header.density_dpi is not None and header.density_dpi < profile.min_dpi:
        yield "low_density", header.density_dpi, profile.min_dpi, None
    if colours := _other_colours(header):
        yield "not_srgb", colours, "sRGB", None
    if header.quality is not None and header.quality < profile.min_quality:
        yield "over_compressed", header.quality, profile.min_quality, None


def _other_colours(header: Header) -> str:
    """The name of a colour space other than sRGB or grey, "" otherwise."""
    if header.colour == "cmyk" or header.profile == "CMYK":
        return "CMYK"
    name = header.profile_name
    usual = not name or "srgb" in name.lower() or header.profile == "GRAY"
    return "" if usual else name


def _size(header: Header, profile: Profile) -> Iterator[Fault]:
    width, height = header.upright_size
    long_side, short_side = max(width, height), min(width, height)
    if long_side > profile.max_px or width * height > profile.max_megapixels * 1e6:
        limit = profile.max_px if long_side > profile.max_px else f"{profile.max_megapixels:g} megapixels"
        yield "too_large", [width, height], limit, None
    if short_side < profile.min_short_px or long_side > profile.max_aspect * short_side:
        yield "odd_size", [width, height], profile.min_short_px, None
    elif long_side > profile.max_shape * short_side:
        yield "not_square", round(long_side / short_side, 3), profile.max_shape, None
    if long_side < profile.min_px:
        yield "too_small", long_side, profile.min_px, None
    elif long_side < profile.zoom_px:
        yield "no_zoom", long_side, profile.zoom_px, None


def _ground(m: Measures, header: Header, profile: Profile, whole: Box) -> Iterator[Fault]:
    ground = m.ground
    if m.frame.has_border:
        yield "border", max(m.frame.border_px), 0, whole
    not_white = not ground.white or ground.tinted > MAX_TINTED or 100 * ground.pure < profile.ground_pure_pct
    if not_white:
        yield "background_not_white", list(ground.colour), list(profile.background), whole


def _product(m: Measures, header: Header, profile: Profile, whole: Box) -> Iterator[Fault]:
    subject = m.subject
    if subject.box is None:
        yield "no_subject", None, None, whole
        return
    if subject.touches:
        yield "touches_edge", len(subject.touches), 0, subject.box
    if subject.known and 100 * subject.fill < profile.min_fill_pct:
        yield "product_too_small", round(100 * subject.fill, 1), profile.min_fill_pct, subject.box
    if subject.inset:
        *_corner, w, h = subject.inset
        yield "inset_rectangle", round(100 * w * h / (whole[2] * whole[3]), 1), 0, subject.inset
    if subject.writing:
        yield "text_or_mark", None, None, subject.writing


def _sharpness(m: Measures, header: Header, profile: Profile, whole: Box) -> Iterator[Fault]:
    """One cause each: a mosaic is not also blurred, a shaken picture not also out of focus. Between about 1.4 and
    2.5 px nobody can tell blur from enlarging by looking at the pixels, so both are said."""
    detail, region = m.detail, m.subject.box or whole
    if m.subject.box is None:
        return
    # The blocks of a strong compression are no mosaic unless nearly all change sits on them.
    blocky = detail.blocks > profile.max_blocks or (header.quality or 100) < profile.min_quality
    if detail.grid > max(profile.max_grid, BLOCKS_ALONE if blocky else 0):
        yield "pixelated", detail.period_px, 1, region
        return
    if detail.blocks > profile.max_blocks and (header.quality or 100) >= profile.min_quality:
        yield "over_compressed", BLOCKY_QUALITY, profile.min_quality, region
    limit = profile.max_blur_px * max(1.0, 0.75 * detail.scale)
    if detail.shake_px and detail.blur_px < 2 * limit:
        yield "motion_blur", round(detail.shake_px, 1), 0, region
        return
    if detail.blur_px > limit:
        yield "out_of_focus", round(detail.blur_px, 1), round(limit, 1), region
    if profile.max_enlargement < detail.enlargement < FOG:
        yield "enlarged", round(detail.enlargement, 1), profile.max_enlargement, region


def _light(m: Measures, header: Header, profile: Profile, whole: Box) -> Iterator[Fault]:
    light = m.light
    if light.frame_p99 < profile.min_highlight:
        yield "too_dark", light.frame_p99, profile.min_highlight, whole
    elif BLANK <= light.frame_p99 - light.frame_p1 < profile.min_contrast:
        yield "low_contrast", light.frame_p99 - light.frame_p1, profile.min_contrast, whole
    if 100 * light.burnt > profile.max_burnt_pct and m.subject.known:
        yield "too_bright", round(100 * light.burnt, 1), profile.max_burnt_pct, m.subject.box


def _content(m: Measures, header: Header, profile: Profile, whole: Box) -> Iterator[Fault]:
    """What the optional models saw, where they were asked."""
    if m.seen is None:
        return
    faces = [(face.score, face.box) for face in m.seen.faces if face.score >= profile.person_score]
    people = [(person.score, person.box) for person in m.seen.people if person.score >= profile.people_score]
    if faces or people:
        score, _best = (faces or people)[0]
        limit = profile.person_score if faces else profile.people_score
        yield "person_present", round(100 * score), round(100 * limit), _around([box for _s, box in (*faces, *people)])
    beside = [line.box for line in m.seen.words if line.beside]
    share = 100 * sum(w * h for _x, _y, w, h in beside) / (whole[2] * whole[3])
    if beside and share >= profile.text_pct:
        yield "text_or_mark", round(share, 2), profile.text_pct, _around(beside)
    if m.seen.nudity is not None and m.seen.nudity >= profile.nudity_score:
        yield "nudity", round(100 * m.seen.nudity), round(100 * profile.nudity_score), whole


def _around(boxes: list[Box]) -> Box:
    left, top = min(x for x, *_ in boxes), min(y for _, y, *_ in boxes)
    right, bottom = max(x + w for x, _, w, _ in boxes), max(y + h for _, y, _, h in boxes)
    return left, top, right - left, bottom - top
