"""The third tier: what small neural networks see. Optional (`fondaco[vision]`), loaded when first asked for.

    from fondaco.images.pipeline import vision
    vision.present()                     # ("faces", "people", "words", "nudity", "likeness"), or fewer
    seen = vision.look(array, core=box)  # Seen

What they see is a question to a person and never a rejection by itself: a face may be printed on a book's cover, and
words may stand on the product. Without the extra, or with some of its packages only, what is missing is left out.
Costs on one core: faces 3 ms, likeness 10, words 13, people 14, and nudity 17 where it is asked.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .seen import Face, Person, Seen, Words
from .weights import MODELS, Model, missing, present

if TYPE_CHECKING:
    from .look import look

__all__ = ["MODELS", "Face", "Model", "Person", "Seen", "Words", "look", "missing", "present"]


def __getattr__(name: str) -> Any:
    if name != "look":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(".look", __name__), name)
