"""All models that are present, on one picture: cheapest first."""

from __future__ import annotations

from fondaco.images.pipeline.arrays import Array

from . import faces, likeness, nudity, people, words
from .seen import Box, Face, Person, Seen, Words
from .weights import present

MARGIN = 0.02  # of the core's sides: words that reach out so little stand on the product
OUTSIDE = 0.5  # of a line's area beyond the core: then it stands beside the product


def look(array: Array, *, scale: float = 1.0, core: Box | None = None) -> Seen:
    """`array`: height × width × 3, 8-bit RGB, about 500 to 1,000 px on the long side; `scale`: native pixels a pixel;
    `core`: the product's own box in native pixels, None where it is the whole frame."""
    models = present()
    found = tuple(Face(_native(box, scale), score) for box, score in (faces.find(array) if "faces" in models else ()))
    whole = tuple(Person(_native(b, scale), score) for b, score in (people.find(array) if "people" in models else ()))
    lines = words.find(array) if "words" in models else ()
    asked = "nudity" in models and ("people" not in models or bool(found or whole) or nudity.may_be(array))
    part = _part(array, scale, core)
    return Seen(
        models=models,
        faces=found,
        people=whole,
        words=tuple(Words(_native(box, scale), score, _beside(_native(box, scale), core)) for box, score in lines),
        nudity=nudity.score(array) if asked else None,
        likeness=likeness.packed(likeness.embedding(part)) if "likeness" in models else "",
        colours=likeness.packed(likeness.colours(part, likeness.not_white(part))) if "likeness" in models else "",
    )


def _native(box: tuple[float, float, float, float], scale: float) -> Box:
    x, y, w, h = (round(value * scale) for value in box)
    return max(0, x), max(0, y), w, h


def _part(array: Array, scale: float, core: Box | None) -> Array:
    if core is None:
        return array
    x, y, w, h = (int(value / scale) for value in core)
    part = array[y : y + max(h, 1), x : x + max(w, 1)]
    return part if part.size else array


def _beside(box: Box, core: Box | None) -> bool:
    if core is None:
        return False
    x, y, w, h = core
    left, top = x - MARGIN * w, y - MARGIN * h
    right, bottom = x + w * (1 + MARGIN), y + h * (1 + MARGIN)
    across = min(box[0] + box[2], right) - max(box[0], left)
    down = min(box[1] + box[3], bottom) - max(box[1], top)
    shared = max(0.0, across) * max(0.0, down)
    return shared < (1 - OUTSIDE) * box[2] * box[3]
