"""Contrast of the palette, computed from the tokens themselves: every pair that meets on a page, in both schemes."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parent.parent / "static/web/css/tokens.css").read_text()
READ = 4.5
SEE = 3.0

GROUNDS = ("paper", "surface", "raised", "sunk", "hover", "selected")
DYES = ("neutral", "progress", "good", "warn", "bad")
PAIRS = [
    *((text, ground, READ) for text in ("ink", "ink-soft", "lagoon", "lagoon-deep") for ground in GROUNDS),
    *(("ink-faint", ground, READ) for ground in ("paper", "surface", "raised", "sunk")),
    *((f"{dye}-ink", f"{dye}-wash", READ) for dye in DYES),
    *((f"{dye}-ink", ground, READ) for dye in DYES for ground in ("paper", "surface", "raised")),
    *(("ink", f"{dye}-wash", READ) for dye in DYES),
    ("on-lagoon", "lagoon", READ),
    ("on-lagoon", "lagoon-deep", READ),
    ("lagoon", "lagoon-wash", READ),
    ("lagoon-deep", "lagoon-wash", READ),
    ("on-night", "night", READ),
    ("on-night", "night-2", READ),
    ("on-night-soft", "night", READ),
    ("on-night-soft", "night-2", READ),
    ("brass-bright", "night", READ),
    ("warn-ink", "brass-wash", READ),
    *(("line-strong", ground, SEE) for ground in ("paper", "surface", "raised")),
    *(("ring", ground, SEE) for ground in GROUNDS),
    *(("brass", ground, SEE) for ground in ("paper", "surface")),
]


def colour(name, scheme):
    value = re.search(rf"--{name}: ([^;]+);", TOKENS)[1]
    shades = re.findall(r"#[0-9a-f]{6}", value)
    return shades[scheme if len(shades) == 2 else 0]


def luminance(shade):
    parts = [int(shade[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS, ids=lambda v: str(v))
def test_what_stands_on_a_ground_can_be_read(text, ground, least, scheme):
    assert contrast(colour(text, scheme), colour(ground, scheme)) >= least
