"""Photo requests: what must be shown, how photographs are labelled, what a seller asked for.

The types come from policy (`photo.types`): each has shots; of those that share a group one is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fondaco.kit.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Shot:
    """One thing to show. `title` is an English msgid of policy."""

    view: str
    title: str
    required: bool
    min_angles: int
    group: str | None


@dataclass(frozen=True, slots=True)
class PhotoType:
    """A kind of photograph that can be asked for."""

    code: str
    label: str
    title: str
    purpose: str
    asked_by: tuple[str, ...]
    shots: tuple[Shot, ...]

    def shot(self, view: str) -> Shot | None:
        return next((s for s in self.shots if s.view == view), None)


@dataclass(frozen=True, slots=True)
class Labels:
    """How labels are written (`photo.label_pattern`)."""

    pattern: str
    separator: str
    required_from: int


def photo_types(rows: Iterable[Mapping[str, Any]]) -> dict[str, PhotoType]:
    """The rows of `photo.types` by code."""
    made = {}
    for row in rows:
        shots = tuple(
            Shot(s["view"], s["title"], s["required"], s.get("min_angles", 1), s.get("group")) for s in row["shots"]
        )
        made[row["code"]] = PhotoType(
            row["code"], row["label"], row["title"], row["purpose"], tuple(row["asked_by"]), shots
        )
    return made


def suggest_label(kind: PhotoType, view: str, *, labels: Labels, taken: Iterable[str]) -> str:
    """`ProductDefect_FrontView`, with a number behind when that is taken: `ProductDefect_FrontView2`."""
    used = {label.casefold() for label in taken}
    stem = f"{kind.label}{labels.separator}{view or 'Detail'}"
    label, number = stem, 1
    while label.casefold() in used:
        number += 1
        label = f"{stem}{number}"
    return label


def check_labels(given: Sequence[str], *, labels: Labels) -> tuple[Finding, ...]:
    """Labels of one request: needed from two photographs on, of the pattern, each only once (Q-50)."""
    faults = []
    for place, label in enumerate(given):
        if not label and len(given) >= labels.required_from:
            faults.append(_fault("photo_label_missing", place))
        elif label and not re.fullmatch(labels.pattern, label):
            faults.append(_fault("photo_label_not_valid", place))
        elif label and label.casefold() in {other.casefold() for other in given[:place]}:
            faults.append(_fault("photo_label_twice", place))
    return tuple(faults)


def missing_shots(kind: PhotoType, views: Iterable[str]) -> tuple[Shot, ...]:
    """The required shots that no photograph shows. Advice: a buyer who insists may send without them.

    A group counts as shown when one of its shots is; `min_angles` asks for that many photographs of a shot.
    """
    given = list(views)
    met = {shot.group for shot in kind.shots if shot.group and given.count(shot.view) >= shot.min_angles}
    missing = []
    for shot in kind.shots:
        if not shot.required or shot.group in met:
            continue
        if shot.group:
            met.add(shot.group)  # named once for the whole group
            missing.append(shot)
        elif given.count(shot.view) < shot.min_angles:
            missing.append(shot)
    return tuple(missing)


def angles(views: Iterable[str]) -> int:
    """How many different views there are (PHOTO-11: the form counts angles)."""
    return len({view for view in views if view})


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a seller asks of photographs (PHOTO-29); empty values ask nothing. Sizes are of the longer side."""

    formats: tuple[str, ...] = ()
    min_px: int = 0
    count: int = 0
    labelling: str = ""
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "formats": list(self.formats),
            "min_px": self.min_px,
            "count": self.count,
            "labelling": self.labelling,
            "note": self.note,
        }


def preferences_of(kept: Mapping[str, Any]) -> Preferences:
    return Preferences(
        formats=tuple(kept.get("formats", ())),
        min_px=int(kept.get("min_px", 0)),
        count=int(kept.get("count", 0)),
        labelling=str(kept.get("labelling", "")),
        note=str(kept.get("note", "")),
    )


def against_preferences(
    wanted: Preferences, photos: Sequence[tuple[str, int]], *, views: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Advice where photographs (format as in `photo.formats`, longer side in px) differ from what was asked."""
    found = []
    for place, (format_code, long_px) in enumerate(photos):
        if wanted.formats and format_code not in wanted.formats:
            found.append(_advice("photo_format_not_preferred", format_code, list(wanted.formats), place))
        if wanted.min_px and 0 < long_px < wanted.min_px:
            found.append(_advice("photo_smaller_than_asked", long_px, wanted.min_px, place))
    if wanted.count and len(photos) < wanted.count:
        found.append(_advice("fewer_photos_than_asked", len(photos), wanted.count, -1))
    return tuple(found)


def _fault(code: str, place: int) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, clause="Q-50", measured=place)


def _advice(code: str, measured: Any, limit: Any, place: int) -> Finding:
    return Finding(
        code=code,
        severity=Severity.WARNING,
        clause="PHOTO-29",
        measured={"value": measured, "place": place},
        limit=limit,
    )
