"""Inspection: bytes in, a report out. The steps are the list `STEPS`, with a clock check between them.

    from fondaco.images import inspect
    report = inspect(data, "listing-main", name="mug.jpg")
    report.verdict            # "eligible", "rejected" or "unreadable"
    report.as_dict()          # JSON-ready

Any bytes are answered with a report; nothing is raised for what a file holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from fondaco.kit.findings import Finding, Severity

from . import bounds, header, judge
from .decode import CorruptPixels, Pixels, decode
from .header.sniff import sniff
from .measure import Measures, measure
from .measure.levels import Level, shrunk
from .profiles import Profile, load_profile
from .vision.seen import Seen

MODES = ("header", "half", "full", "tiny")


@dataclass(frozen=True, slots=True)
class Report:
    """What one picture is, measures, and lacks. Sizes are of the upright picture; `bytes` is the file's length.

    `verdict`: eligible, rejected (a finding is an error) or unreadable (no judgement possible).
    `measures` is empty where no pixel was read.
    """

    path: str | None
    sha256: str
    format: str
    width: int | None
    height: int | None
    frames: int | None
    bytes: int
    colour: str | None
    profile: str
    verdict: str
    findings: tuple[Finding, ...]
    measures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def eligible(self) -> bool:
        return self.verdict == "eligible"

    def codes(self) -> tuple[str, ...]:
        return tuple(finding.code for finding in self.findings)

    def finding(self, code: str) -> Finding | None:
        """The first finding of this code."""
        return next((finding for finding in self.findings if finding.code == code), None)

    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity in (Severity.ERROR, Severity.FATAL))

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; the keys are those of `fondaco inspect --json`."""
        return {
            "path": self.path,
            "sha256": self.sha256,
            "format": self.format,
            "width": self.width,
            "height": self.height,
            "frames": self.frames,
            "bytes": self.bytes,
            "colour": self.colour,
            "profile": self.profile,
            "verdict": self.verdict,
            "findings": [finding.as_dict() for finding in self.findings],
            "measures": dict(self.measures),
        }


def inspect(
    data: bytes,
    profile: str | Profile = "listing-main",
    *,
    name: str | None = None,
    mode: str | None = None,
    on: date | None = None,
    sha256: str = "",
    budget_s: float = bounds.BUDGET_S,
    models: bool = False,
) -> Report:
    """Inspects one picture against one profile.

    `name` is the file's name, compared with the content. `mode`: "header" (no pixel; the end of a long JPEG is not made sure of), "half" (long side about
    1,000 px), "full" (native up to 16.8 megapixels) or None for the profile's own. `on` picks a dated version of the
    profile, today's otherwise. `sha256` spares the hashing where the caller knows it. `models`: also ask those of the
    optional models that are installed (`fondaco.images.pipeline.vision`); what they see are questions, never errors
    that reject. Raises UnknownProfile, and ValueError for an unknown mode.
    """
    return inspect_all(data, (profile,), name=name, mode=mode, on=on, sha256=sha256, budget_s=budget_s, models=models)[
        0
    ]


def inspect_all(
    data: bytes,
    profiles: Iterable[str | Profile],
    *,
    name: str | None = None,
    mode: str | None = None,
    on: date | None = None,
    sha256: str = "",
    budget_s: float = bounds.BUDGET_S,
    models: bool = False,
) -> list[Report]:
    """Inspects one picture against several profiles; its pixels are read once, at the largest size any of them asks."""
    loaded = [p if isinstance(p, Profile) else load_profile(p, on=on) for p in profiles]
    chosen = mode or ("full" if any(p.mode == "full" for p in loaded) else "half")
    if chosen not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, not {chosen!r}")
    picture, digest = read(data, name=name, mode=chosen, sha256=sha256, budget_s=budget_s, models=models)
    return [report_on(picture, digest, profile) for profile in loaded]


@dataclass(slots=True)
class Reading:
    """What the steps hand on. A step that finds the way barred fills `stopped`; later steps are then left out."""

    data: bytes
    name: str | None
    mode: str
    deadline: bounds.Deadline
    digest: str = ""
    kind: str = ""
    header: header.Header | None = None
    pixels: Pixels | None = None
    measures: Measures | None = None
    stopped: list[judge.Fault] = field(default_factory=list)
    models: bool = False


def read(
    data: bytes,
    *,
    name: str | None = None,
    mode: str = "half",
    sha256: str = "",
    budget_s: float = bounds.BUDGET_S,
    models: bool = False,
) -> tuple[judge.Picture, str]:
    """Everything that does not depend on a profile, and the sha-256 of the bytes."""
    reading = Reading(data, name, mode, bounds.Deadline.after(budget_s), digest=sha256, models=models)
    for step in STEPS:
        run_step(step, reading)
        if reading.stopped:
            break
    return picture_of(reading)


def run_step(step: Callable[[Reading], None], reading: Reading) -> None:
    """One step; what bars the way becomes a fault in `stopped`."""
    try:
        reading.deadline.check()
        step(reading)
    except bounds.TooSlow:
        seconds = round(reading.deadline.budget_s, 1)
        reading.stopped.append(("too_slow", seconds, seconds, None))
    except CorruptPixels:
        reading.stopped.append(("corrupt_pixels", None, None, None))


def picture_of(reading: Reading) -> tuple[judge.Picture, str]:
    """What was read, ready to be judged, and the sha-256 of the bytes."""
    digest = reading.digest or hashlib.sha256(reading.data).hexdigest()
    picture = judge.Picture(
        len(reading.data), reading.name, reading.kind, reading.header, reading.measures, tuple(reading.stopped)
    )
    return picture, digest


def _fingerprint(reading: Reading) -> None:
    if not reading.digest:
        reading.digest = hashlib.sha256(reading.data).hexdigest()


def _recognise(reading: Reading) -> None:
    reading.kind = sniff(reading.data)


def _read_header(reading: Reading) -> None:
    try:
        reading.header = header.read(reading.data, whole=False)
    except header.BrokenHeader:
        reading.stopped.append(("corrupt_pixels", None, None, None))
        return
    if reading.header is not None and reading.header.truncated:
        reading.stopped.append(("corrupt_pixels", None, None, None))
    elif reading.header is None:
        reading.stopped.append(("not_an_image", judge.format_name(reading.kind), None, None))


def _look_behind(reading: Reading) -> None:
    """The exact end of the picture, where the header's tier took the file's word for it."""
    if reading.mode == "header" or reading.header is None:
        return
    try:
        header.look_behind(reading.data, reading.header)
    except header.BrokenHeader:
        reading.stopped.append(("corrupt_pixels", None, None, None))
        return
    if reading.header.truncated:
        reading.stopped.append(("corrupt_pixels", None, None, None))


def _refuse_by_size(reading: Reading) -> None:
    """What a worker cannot bear is refused from the header; a profile's own limits are judged later."""
    known = reading.header
    assert known is not None
    pixels = known.width * known.height
    limit = min(bounds.MAX_PIXELS, bounds.MAX_DECODED.get(known.format, bounds.MAX_PIXELS))
    if len(reading.data) > bounds.MAX_BYTES:
        reading.stopped.append(("file_too_big", len(reading.data), bounds.MAX_BYTES, None))
    elif pixels > limit or max(known.width, known.height) > bounds.MAX_SIDE:
        reading.stopped.append(("too_large", list(known.upright_size), f"{limit // 1_000_000} megapixels", None))
    elif known.scans > bounds.MAX_SCANS or (known.progressive and known.scans * pixels > bounds.MAX_PASSES):
        reading.stopped.append(("too_large", list(known.upright_size), f"{bounds.MAX_SCANS} scans", None))
    elif known.working_bytes > bounds.MAX_WORKING_BYTES:
        reading.stopped.append(
            ("too_large", list(known.upright_size), "what a progressive or interlaced file may have", None)
        )


def _decode(reading: Reading) -> None:
    if reading.mode != "header" and reading.header is not None:
        reading.deadline = reading.deadline.longer(bounds.SLOW_FORMATS.get(reading.kind, 1.0))
        reading.pixels = decode(reading.data, reading.header, mode=reading.mode, deadline=reading.deadline)


def _measure(reading: Reading) -> None:
    if reading.pixels is not None:
        reading.measures = measure(reading.pixels, reading.deadline)
        if reading.models:
            reading.measures = replace(reading.measures, seen=_seen(reading.pixels, reading.measures))
        reading.pixels = None


def _seen(pixels: Pixels, measures: Measures) -> Seen:
    """The third tier, from a copy of about 500 to 900 px on the long side."""
    from .vision.look import look

    level = shrunk(Level(pixels.array, pixels.shrink), 500)
    return look(level.array, scale=level.scale, core=measures.subject.core)


STEPS: tuple[Callable[[Reading], None], ...] = (
    _fingerprint,
    _recognise,
    _read_header,
    _refuse_by_size,
    _look_behind,
    _decode,
    _measure,
)


def report_on(picture: judge.Picture, digest: str, profile: Profile) -> Report:
    findings = judge.judge(picture, profile)
    known = picture.header
    width, height = known.upright_size if known else (None, None)
    return Report(
        path=picture.name,
        sha256=digest,
        format=picture.kind,
        width=width,
        height=height,
        frames=max(known.frames, known.pages) if known else None,
        bytes=picture.size_bytes,
        colour=known.colour if known else None,
        profile=profile.name,
        verdict=judge.verdict(findings),
        findings=findings,
        measures=picture.measures.as_dict() if picture.measures else {},
    )


def at_path(report: Report, path: str) -> Report:
    """The report under the path it was read from."""
    return replace(report, path=path)
