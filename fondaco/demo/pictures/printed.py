"""Printed matter: covers, labels and boxes, typeset with the fonts that come inside typst, so that no machine's own fonts matter."""

from __future__ import annotations

import json
from functools import lru_cache

import cv2
import numpy as np
import typst

from .shapes import Array

_HEAD = """#let d = json(bytes(sys.inputs.d))
#set page(width: d.w * 1pt, height: d.h * 1pt, margin: 0pt, fill: rgb(d.paper))
#set text(font: "Libertinus Serif", fill: rgb(d.ink), lang: "en", hyphenate: false)
#set par(leading: 0.5em, spacing: 0.7em)
"""

_BODIES = {
    "cover": """
#place(top + left, rect(width: 100%, height: 100%, fill: gradient.linear(rgb(d.paper), rgb(d.second), angle: 70deg)))
#for i in range(9) { place(bottom + center, dy: -i * 5%, ellipse(width: 140% - i * 11%, height: 20%,
  fill: rgb(d.accent).transparentize(84%), stroke: 0.4pt + rgb(d.ink).transparentize(60%))) }
#place(top + center, dy: 9%, block(width: 82%, align(center, text(size: d.h * 0.088pt, weight: 700, d.title))))
#place(top + center, dy: 46%, line(length: 22%, stroke: 1.2pt + rgb(d.ink)))
#place(top + center, dy: 50%, block(width: 80%, align(center, text(size: d.h * 0.036pt, style: "italic", d.sub))))
#place(bottom + center, dy: -7%, text(size: d.h * 0.045pt, tracking: 1.5pt, upper(d.by)))
""",
    "spine": """
#place(center + horizon, rotate(90deg, reflow: true, box(width: d.h * 0.86pt, text(size: d.w * 0.42pt)[*#d.title* #h(1fr) #d.by])))
""",
    "label": """
#place(center + horizon, rect(width: 93%, height: 88%, stroke: 1.4pt + rgb(d.accent)))
#place(center + horizon, rect(width: 90%, height: 83%, stroke: 0.5pt + rgb(d.accent)))
#align(center + horizon, block(width: 84%)[
  #text(size: d.h * 0.075pt, tracking: 2pt, fill: rgb(d.accent), upper(d.by))
  #v(d.h * 0.015pt)
  #text(size: d.h * 0.19pt, weight: 700, d.title)
  #v(d.h * 0.01pt) #line(length: 30%, stroke: 0.8pt + rgb(d.accent)) #v(d.h * 0.01pt)
  #text(size: d.h * 0.075pt, style: "italic", d.sub)
])
""",
    "panel": """
#place(top + left, rect(width: 100%, height: 27%, fill: rgb(d.accent)))
#place(top + left, dx: 7%, dy: 7%, block(width: 86%, text(size: d.h * 0.092pt, weight: 700, fill: rgb(d.paper), d.title)))
#place(top + left, dx: 7%, dy: 33%, block(width: 80%, text(size: d.h * 0.045pt, d.sub)))
#for i in range(4) { place(top + left, dx: 8% + i * 22%, dy: 52%, rect(width: 18%, height: 16%, radius: 3pt,
  fill: gradient.linear(rgb(d.second), rgb(d.accent), angle: i * 55deg + 20deg))) }
#for i in range(5) { place(top + left, dx: 8%, dy: 73% + i * 3.4%, rect(width: 62% - calc.rem(i * 17, 29) * 1%, height: 1%, fill: rgb(d.ink).transparentize(45%))) }
#place(bottom + right, dx: -7%, dy: -5%, text(size: d.h * 0.035pt, tracking: 1pt, upper(d.by)))
""",
    "disc": """
#place(center + horizon, circle(radius: d.h * 0.5pt, fill: rgb(d.second)))
#place(top + center, dy: 15%, block(width: 60%, align(center, text(size: d.h * 0.085pt, weight: 700, d.title))))
#place(bottom + center, dy: -20%, text(size: d.h * 0.055pt, d.by))
#place(left + horizon, dx: 9%, text(size: d.h * 0.05pt)[33⅓])
#place(right + horizon, dx: -9%, text(size: d.h * 0.05pt)[Side A])
""",
    "dial": """
#place(center + horizon, circle(radius: d.h * 0.48pt, stroke: d.h * 0.006pt + rgb(d.accent)))
#for i in range(60) { place(center + horizon, rotate(i * 6deg, box(width: 0pt, height: d.h * 0.9pt,
  place(top + center, rect(width: if calc.rem(i, 5) == 0 { d.h * 0.022pt } else { d.h * 0.006pt }, height: if calc.rem(i, 5) == 0 { d.h * 0.075pt } else { d.h * 0.03pt }, fill: rgb(d.ink)))))) }
#place(center + horizon, dy: -19%, text(size: d.h * 0.052pt, weight: 700, d.title))
#place(center + horizon, dy: 22%, text(size: d.h * 0.03pt, d.sub))
#place(center + horizon, rotate(-54deg, box(width: 0pt, height: d.h * 0.5pt, place(top + center, rect(width: d.h * 0.032pt, height: d.h * 0.27pt, radius: 2pt, fill: rgb(d.ink))))))
#place(center + horizon, rotate(60deg, box(width: 0pt, height: d.h * 0.78pt, place(top + center, rect(width: d.h * 0.022pt, height: d.h * 0.41pt, radius: 2pt, fill: rgb(d.ink))))))
#place(center + horizon, rotate(190deg, box(width: 0pt, height: d.h * 0.8pt, place(top + center, rect(width: d.h * 0.006pt, height: d.h * 0.46pt, fill: rgb(d.accent))))))
#place(center + horizon, circle(radius: d.h * 0.024pt, fill: rgb(d.accent)))
""",
    "words": """
#align(center + horizon, text(size: d.h * 0.6pt, weight: 700, d.title))
""",
}


@lru_cache(maxsize=48)
def _typeset(body: str, data: str, dpi: int) -> Array:
    png = typst.compile(
        (_HEAD + _BODIES[body]).encode(), format="png", ppi=float(dpi), sys_inputs={"d": data}, ignore_system_fonts=True
    )
    image = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    a = image[..., ::-1].astype(np.float32) / 255
    a = np.ascontiguousarray((a * a).transpose(2, 0, 1))
    a.flags.writeable = False
    return a


def art(
    body: str, *, width: int, height: int, title: str, by: str = "", sub: str = "",
    paper: str = "#ffffff", ink: str = "#1d1d1f", accent: str = "#a33b2f", second: str = "#dddddd",
) -> Array:  # fmt: skip
    """A typeset design as linear light, 3 × height × width (pixels, within one)."""
    points = 400.0
    w, h = points, points * height / width
    data = {
        "w": w,
        "h": h,
        "title": title,
        "by": by,
        "sub": sub,
        "paper": paper,
        "ink": ink,
        "accent": accent,
        "second": second,
    }
    return _typeset(body, json.dumps(data, sort_keys=True), max(18, round(72 * width / points)))


def read(design: Array, u: Array, v: Array) -> Array:
    """`design` at u (0 left … 1 right) and v (0 top … 1 bottom): 3 × h × w."""
    _, h, w = design.shape
    mu, mv = (u * w - 0.5).astype(np.float32), (v * h - 0.5).astype(np.float32)
    return np.stack([cv2.remap(c, mu, mv, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) for c in design])


def lettered(
    image: Array,
    text: str,
    *,
    x: float,
    y: float,
    wide: float,
    colour: tuple[int, int, int],
    strength: float,
    turn: float = 0.0,
) -> Array:
    """Sets words into the picture; x, y the middle and `wide` the width as shares of the frame."""
    h, w = image.shape[:2]
    pw = round(w * wide)
    design = art("words", width=pw, height=round(pw * 0.2), title=text, paper="#ffffff", ink="#000000")
    ink = 1 - np.sqrt(design[0])
    mask = np.zeros((h, w), np.float32)
    rows = np.flatnonzero(ink.max(1) > 0.02)
    ink = ink[max(rows[0] - 2, 0) : rows[-1] + 3]
    dh, dw = ink.shape
    centre = cv2.getRotationMatrix2D((dw / 2, dh / 2), turn, 1.0)
    centre[:, 2] += [x * w - dw / 2, y * h - dh / 2]
    cv2.warpAffine(ink, centre, (w, h), dst=mask, flags=cv2.INTER_LINEAR)
    return image + (mask * strength)[..., None] * (np.array(colour, np.float32) - image)
