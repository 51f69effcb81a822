"""Barcodes for transfer labels, as SVG."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from zint import Symbol, Symbology


@lru_cache(maxsize=512)
def code128_svg(text: str) -> bytes:
    """Code 128 of a label, with a quiet zone on both sides."""
    symbol = Symbol()
    symbol.symbology = Symbology.CODE128
    symbol.height = 40
    symbol.show_text = False
    symbol.encode(text)
    symbol.buffer_vector(0)
    drawn = symbol.vector
    quiet = drawn.width * 0.08
    bars = "".join(
        f'<rect x="{bar.x + quiet:.2f}" y="{bar.y:.2f}" width="{bar.width:.2f}" height="{bar.height:.2f}"/>'
        for bar in drawn.rectangles
    )
    width = drawn.width + 2 * quiet
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.2f} {drawn.height:.2f}" role="img" '
        f'aria-label="{escape(text)}"><rect width="100%" height="100%" fill="#fff"/><g fill="#000">{bars}</g></svg>'
    ).encode()
