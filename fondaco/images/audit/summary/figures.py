"""Counts and histograms of an audit, as values. Read column by column, so that millions of rows fit into memory."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fondaco.images.audit.dataset import Dataset
from fondaco.images.pipeline.findings import CATALOGUE
from fondaco.images.pipeline.profiles import Profile

from . import worst
from .alike import Groups
from .histogram import Histogram, Scale, histogram, reach

VERDICTS = ("eligible", "rejected", "unreadable")
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Found:
    """How many pictures have one finding; `stops` of them it bars."""

    code: str
    title: str
    why: str
    fix: str
    clause: str
    count: int
    stops: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything the page and the terminal say. `size_bytes` is the sum over all pictures."""

    source: str
    profile: str
    profile_title: str
    profile_valid_from: str
    mode: str
    pictures: int
    size_bytes: int
    verdicts: dict[str, int]
    formats: dict[str, int]
    errors: dict[str, int]
    findings: list[Found]
    histograms: list[Histogram]
    offenders: list[worst.Offender]
    groups: Groups = field(repr=False)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready: without pictures, and the groups as counts."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        return {
            **plain,
            "findings": [asdict(found) for found in self.findings],
            "histograms": [asdict(one) for one in self.histograms],
            "duplicates": {"groups": self.groups.count, "pictures": self.groups.pictures, "copies": self.groups.copies},
        }


_PLAIN = (
    "source",
    "profile",
    "profile_title",
    "profile_valid_from",
    "mode",
    "pictures",
    "size_bytes",
    "verdicts",
    "formats",
    "errors",
)


def sum_up(dataset: Dataset, profile: Profile, *, source: str, mode: str, groups: Groups) -> Summary:
    """Reads the dataset once a subject."""
    about = dataset.read(["verdict", "format", "bytes", "error"])
    verdicts = _counts(about["verdict"])
    return Summary(
        source=source,
        profile=profile.name,
        profile_title=profile.title,
        profile_valid_from=profile.valid_from.isoformat(),
        mode=mode,
        pictures=about.num_rows,
        size_bytes=pc.sum(about["bytes"]).as_py() or 0,
        verdicts={name: verdicts.get(name, 0) for name in VERDICTS},
        formats=_counts(about["format"]),
        errors=_counts(about["error"]),
        findings=_findings(dataset),
        histograms=_histograms(dataset, profile),
        offenders=worst.choose(dataset, groups),
        groups=groups,
    )


def _counts(column: pa.ChunkedArray) -> dict[str, int]:
    """Most frequent first; nulls left out."""
    pairs = [(pair["values"], pair["counts"]) for pair in pc.value_counts(column.drop_null()).to_pylist()]
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def _findings(dataset: Dataset) -> list[Found]:
    lists = dataset.read(["codes", "stops"])
    codes, stops = (_counts(pc.list_flatten(lists[name])) for name in ("codes", "stops"))
    return [_found(code, count, stops.get(code, 0)) for code, count in codes.items() if code in CATALOGUE]


def _found(code: str, count: int, stops: int) -> Found:
    kind = CATALOGUE[code]
    return Found(code, kind.title, kind.why, kind.fix, kind.clause, count, stops)


def _histograms(dataset: Dataset, profile: Profile) -> list[Histogram]:
    drawn = [_sides(dataset, profile), _bytes(dataset, profile), _fill(dataset, profile)]
    return [*drawn, _sharpness(dataset, profile), _background(dataset)]


def _sides(dataset: Dataset, profile: Profile) -> Histogram:
    sides = dataset.read(["width", "height"])
    longer = _numbers(pc.max_element_wise(sides["width"], sides["height"]))
    marks = [(profile.min_px, "smallest accepted"), (profile.zoom_px, "zoom from here")]
    scale = Scale("px", top=reach(longer, least=1.25 * max(profile.zoom_px, profile.min_px)))
    return histogram("sides", "Longer side", longer, scale, [m for m in marks if m[0] > 1], bad_below=profile.min_px)


def _bytes(dataset: Dataset, profile: Profile) -> Histogram:
    sizes = _numbers(dataset.read(["bytes"])["bytes"]) / 1e6
    limit = profile.max_bytes / 1e6
    return histogram(
        "bytes",
        "File size",
        sizes,
        Scale("MB", top=reach(sizes, least=limit / 20)),
        [(limit, "largest accepted")],
        bad_above=limit,
    )


def _fill(dataset: Dataset, profile: Profile) -> Histogram:
    known = dataset.read(["subject_fill"], where=_is_true("subject_known"))
    marks = [(profile.min_fill_pct, "least fill")] if profile.min_fill_pct else []
    fill = 100 * _numbers(known["subject_fill"])
    return histogram(
        "fill", "Product's share of the frame", fill, Scale("%", top=100), marks, bad_below=profile.min_fill_pct
    )


def _sharpness(dataset: Dataset, profile: Profile) -> Histogram:
    """Blur in pixels of a picture 2,000 px wide, since that is how it looks; the limit is the same for all then."""
    known = dataset.read(["detail_blur_px", "detail_scale"], where=_is_true("detail_judged"))
    blur = _numbers(known["detail_blur_px"]) / np.maximum(1.0, 0.75 * _numbers(known["detail_scale"]))
    limit = profile.max_blur_px
    return histogram(
        "sharpness",
        "Blur of the sharpest edges",
        blur,
        Scale("px", top=4),
        [(limit, "blurred from here")],
        bad_above=limit,
    )


def _background(dataset: Dataset) -> Histogram:
    """The darkest of red, green and blue of the ground: 255 is pure white."""
    known = dataset.read(["ground_colour"])["ground_colour"].drop_null()
    colours = _numbers(pc.list_flatten(known)).reshape(-1, 3) if len(known) else np.empty((0, 3))
    scale = Scale("", bottom=175, top=255)
    return histogram("background", "Background, 255 is pure white", colours.min(axis=1), scale, [(255, "white")])


def _is_true(column: str) -> Any:
    return pc.field(column) == True  # noqa: E712  an expression, not a comparison


def _numbers(column: Any) -> Numbers:
    """Without nulls."""
    return np.asarray(pc.drop_null(column).to_numpy(), dtype=np.float64)
