"""ZPL II: one label as a compressed graphic field, which every printer of that language understands."""

from __future__ import annotations

import numpy as np

_MOST = 400  # the largest repeat that two count letters can say: z (400) and Y (19)


def zpl_of(dots: np.ndarray, *, dpi: int) -> str:
    """Height × width, true is black. Rows are padded to whole bytes; repeats are written once, as the language lets."""
    height, width = dots.shape
    row_bytes = -(-width // 8)
    rows = np.packbits(dots, axis=1)
    lines: list[str] = []
    before = ""
    for row in rows:
        text = row.tobytes().hex().upper()
        lines.append(":" if text == before else _packed(text))
        before = text
    total = row_bytes * height
    graphic = f"^GFA,{total},{total},{row_bytes},{''.join(lines)}"
    return f"^XA\n^FX {dpi} dpi ^FS\n^PW{width}\n^LL{height}\n^LH0,0\n^FO0,0\n{graphic}\n^FS\n^XZ\n"


def _packed(text: str) -> str:
    """Hex digits with repeats counted: G…Y for 1…19, g…z for 20…400; a comma fills the row with white, ! with black."""
    for fill, sign in (("0", ","), ("F", "!")):
        kept = text.rstrip(fill)
        if len(kept) < len(text):
            return _counted(kept) + sign
    return _counted(text)


def _counted(text: str) -> str:
    out, start = [], 0
    while start < len(text):
        end = start
        while end < len(text) and text[end] == text[start] and end - start < _MOST + 19:
            end += 1
        out.append(_count(end - start) + text[start])
        start = end
    return "".join(out)


def _count(repeats: int) -> str:
    if repeats == 1:
        return ""
    twenties, ones = divmod(repeats, 20)
    big = chr(ord("g") + twenties - 1) if twenties else ""
    return big + (chr(ord("G") + ones - 1) if ones else "")
