"""Proposed mends: what can be set right without a new photograph, to be accepted or not by the seller.

    fixes = propose(data, report)
    better = apply(data, fixes)        # an sRGB JPEG without metadata

A mend never enlarges and never invents: it crops, turns, lifts a nearly white ground to white, and converts. What
would need a real cut-out says so (`needs_cutout`) and does nothing. The steps run in the order of `ORDER`, whatever
order they are given in, on the upright picture at its native size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from . import header as headers
from .arrays import Array
from .bounds import BUDGET_S, Deadline
from .colour import to_srgb
from .decode import CorruptPixels, Pixels, decode_at
from .findings import _
from .inspect import Report
from .measure import frame, ground, subject
from .measure.levels import Levels, without_border
from .mend import straight, whiten
from .render import encode, resized

QUALITY = 90
FILL = 0.9  # of the frame, for a product that must reach 85 %
MAX_SIDE = 4000
CONVERSION_MENDS = {
    "format_not_accepted",
    "extension_mismatch",
    "not_srgb",
    "bytes_after_image",
    "animated",
    "multi_page",
    "too_large",
    "file_too_big",
    "location_data",
}

TITLES = {
    "straighten": _("Straighten"),
    "cut_border": _("Cut the border away"),
    "white_ground": _("Make the ground white"),
    "crop_to_fill": _("Crop to the product"),
    "convert": _("Convert to JPEG"),
    "cutout": _("Needs a cut-out"),
}
WHAT = {
    "straighten": _("Turns the picture so that the product stands straight."),
    "cut_border": _("Cuts off the border that is drawn around the picture."),
    "white_ground": _("Lifts the nearly white ground to pure white; the product stays as it is."),
    "crop_to_fill": _("Crops to a square in which the product fills 90 % of the frame. Nothing is enlarged."),
    "convert": _("Saves the picture as an sRGB JPEG without hidden data."),
    "cutout": _("The ground is too dark or uneven to be made white: the product has to be cut out by hand or program."),
}


@dataclass(frozen=True)
class Fix:
    """One proposed mend. `mends`: the finding codes it is meant to remove. `before`, the bytes it starts from.

    `needs_cutout`: it cannot be done here. `result` is this mend alone as a JPEG, made when first asked for.
    """

    kind: str
    mends: tuple[str, ...]
    needs_cutout: bool = False
    value: float = 0.0
    before: bytes = field(default=b"", repr=False, compare=False)

    @property
    def title(self) -> str:
        return TITLES[self.kind]

    @property
    def what(self) -> str:
        return WHAT[self.kind]

    @cached_property
    def result(self) -> bytes:
        """JPEG bytes; b"" where a cut-out would be needed."""
        return b"" if self.needs_cutout else apply(self.before, [self])


def propose(data: bytes, report: Report) -> list[Fix]:
    """The mends for what `report` found, in the order in which they are applied. Empty for what cannot be read."""
    codes = set(report.codes())
    if not report.measures:
        return []
    fixes = [*_turning(data, report), *_border(data, codes), *_grounds(data, report, codes), *_cropping(data, codes)]
    if converted := tuple(sorted(codes & CONVERSION_MENDS)):
        fixes.append(Fix("convert", converted, before=data))
    return fixes


def apply(data: bytes, fixes: Iterable[Fix], *, budget_s: float = 4 * BUDGET_S) -> bytes:
    """The picture with these mends, as an sRGB JPEG without metadata. Raises CorruptPixels, TooSlow.

    Applying none at all converts only. Those that need a cut-out are passed over.
    """
    wanted = {fix.kind: fix for fix in fixes if not fix.needs_cutout}
    pixels = _pixels(data, Deadline.after(budget_s))
    for kind in ORDER:
        if kind in wanted:
            pixels = STEPS[kind](pixels, wanted[kind])
    return encode(_within(pixels), "jpeg", QUALITY)


def _turning(data: bytes, report: Report) -> list[Fix]:
    """Where the product's outline leans by a little, as a hand-held picture of a box does."""
    lean = straight.lean(_levels(data)) if report.measures.get("subject_known") else 0.0
    return [Fix("straighten", (), value=lean, before=data)] if lean else []


def _border(data: bytes, codes: set[str]) -> list[Fix]:
    return [Fix("cut_border", ("border",), before=data)] if "border" in codes else []


def _grounds(data: bytes, report: Report, codes: set[str]) -> list[Fix]:
    """The ground is lifted where it is pale and even; any other needs a cut-out."""
    mended = tuple(sorted({"background_not_white", "inset_rectangle"} & codes))
    if not mended:
        return []
    if whiten.can(ground.measure(_levels(data))) and "inset_rectangle" not in codes:
        return [Fix("white_ground", mended, before=data)]
    return [Fix("cutout", mended, needs_cutout=True)]


def _cropping(data: bytes, codes: set[str]) -> list[Fix]:
    """Only where the product can be told from the ground and lies wholly in the frame."""
    if not {"product_too_small", "not_square"} & codes:
        return []
    levels = _levels(data)
    found = subject.measure(levels, ground.measure(levels))
    if not found.known or found.box is None or found.touches:
        return []
    return [Fix("crop_to_fill", tuple(sorted({"product_too_small", "not_square"} & codes)), before=data)]


def _levels(data: bytes) -> Levels:
    """At about 500 px, without the border: enough to decide what can be mended."""
    header = _header(data)
    width, height = header.upright_size
    scale = min(1.0, 1000 / max(width, height))
    small = decode_at(
        data,
        header,
        at_least=(max(1, int(width * scale)), max(1, int(height * scale))),
        deadline=Deadline.after(BUDGET_S),
    )
    return Levels.of(Pixels(_without_border(small, None), 1))


def _header(data: bytes) -> headers.Header:
    try:
        header = headers.read(data)
    except headers.BrokenHeader as error:
        raise CorruptPixels(str(error)) from error
    if header is None:
        raise CorruptPixels("not a picture")
    return header


def _pixels(data: bytes, deadline: Deadline) -> Array:
    """Native size, or just above `MAX_SIDE` for what is far beyond it."""
    header = _header(data)
    width, height = header.upright_size
    scale = min(1.0, MAX_SIDE / max(width, height))
    at_least = (max(1, int(width * scale)), max(1, int(height * scale)))
    return to_srgb(decode_at(data, header, at_least=at_least, deadline=deadline), data, header)


def _within(pixels: Array) -> Array:
    """At most `MAX_SIDE` on the long side."""
    long_side = max(pixels.shape[:2])
    if long_side <= MAX_SIDE:
        return pixels
    scale = MAX_SIDE / long_side
    return resized(pixels, max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))


def _straightened(pixels: Array, fix: Fix) -> Array:
    levels = Levels.of(Pixels(pixels, 1))
    return straight.turned(pixels, fix.value, ground.measure(levels).colour)


def _without_border(pixels: Array, fix: Fix | None) -> Array:
    levels = Levels.of(Pixels(pixels, 1))
    drawn = frame.measure(levels)
    return without_border(levels, drawn.border_px).top.array if drawn.has_border else pixels


def _whitened(pixels: Array, fix: Fix) -> Array:
    return whiten.lifted(pixels, ground.measure(Levels.of(Pixels(pixels, 1))))


def _cropped(pixels: Array, fix: Fix) -> Array:
    """A square around the product. Ground is added where the frame is too narrow, in the ground's own colour."""
    levels = Levels.of(Pixels(pixels, 1))
    around = ground.measure(levels)
    found = subject.measure(levels, around)
    if found.box is None:
        return pixels
    x, y, w, h = found.box
    side = int(np.ceil(max(w, h) / FILL))
    canvas = np.empty((side, side, 3), np.uint8)
    canvas[:] = around.colour
    left, top = x + w // 2 - side // 2, y + h // 2 - side // 2
    from_x, from_y = max(0, left), max(0, top)
    part = pixels[from_y : max(0, top + side), from_x : max(0, left + side)]
    canvas[from_y - top : from_y - top + part.shape[0], from_x - left : from_x - left + part.shape[1]] = part
    return canvas


def _converted(pixels: Array, fix: Fix) -> Array:
    return pixels


STEPS: dict[str, Callable[[Array, Fix], Array]] = {
    "cut_border": _without_border,
    "straighten": _straightened,
    "white_ground": _whitened,
    "crop_to_fill": _cropped,
    "convert": _converted,
}
ORDER: Sequence[str] = tuple(STEPS)
