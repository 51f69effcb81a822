"""Product photographs made from nothing: rendered objects, seeded, with known defects on demand.

    render("mug", seed=7)                                    a JPEG of 1600 × 1600 pixels on pure white
    render("mug", seed=7, variant="PT03")                    the same mug on a wooden table
    render("mug", seed=7, damage="blur_6")                   out of focus, and DAMAGES["blur_6"].expected says so

Plain Python: NumPy, OpenCV and libvips; words are set with the fonts inside typst. No Django, no downloads.
"""

from __future__ import annotations

from .damage import DAMAGES, Damage
from .encode import FORMATS, encode
from .registry import KINDS
from .render import VARIANTS, pixels, render

__all__ = ["DAMAGES", "FORMATS", "KINDS", "VARIANTS", "Damage", "encode", "pixels", "render"]
