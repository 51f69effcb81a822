"""Barcodes as rows of modules: drawn in whole dots for printers, as rectangles for PDF. Quiet zones are the drawer's."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import zint

type Modules = tuple[tuple[bool, ...], ...]


@lru_cache(maxsize=256)
def code128(text: str) -> Modules:
    """One row of modules."""
    return _encoded(zint.Symbology.CODE128, text)


@lru_cache(maxsize=256)
def gs1_routing(postal_code: str) -> Modules:
    """GS1-128 with the ship-to postal code (AI 420)."""
    return _encoded(zint.Symbology.GS1_128, f"[420]{postal_code}", gs1=True)


@lru_cache(maxsize=256)
def qr(text: str) -> Modules:
    """A square."""
    return _encoded(zint.Symbology.QRCODE, text)


def svg_of(modules: Modules, *, wide: int = 1, high: int = 1) -> str:
    """An SVG without a quiet zone: a module is `wide` × `high` units."""
    width, height = len(modules[0]) * wide, len(modules) * high
    bars = "".join(
        f"M{start * wide} {y * high}h{length * wide}v{high}h-{length * wide}z"
        for y, row in enumerate(modules)
        for start, length in _runs(row)
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f'{head} shape-rendering="crispEdges"><path d="{bars}"/></svg>'


def _encoded(symbology: zint.Symbology, text: str, *, gs1: bool = False) -> Modules:
    symbol = zint.Symbol()
    symbol.symbology = symbology
    if gs1:
        symbol.input_mode = zint.InputMode.GS1
    symbol.show_text = False
    symbol.encode(text)
    symbol.scale = 0.5  # one dot a module: every row of a bitmap below is the row of modules
    symbol.buffer()
    picture = np.asarray(symbol.bitmap)
    dark = (picture[..., 0] if picture.ndim == 3 else picture) < 128
    rows = dark[:1] if symbol.rows == 1 else dark
    return tuple(tuple(bool(dot) for dot in row) for row in rows)


def _runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs
