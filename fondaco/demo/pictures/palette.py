"""Colours with the names sellers write, and invented words for labels and covers."""

from __future__ import annotations

import numpy as np

COLOURS = {
    "white": "#f1efea", "cream": "#eadfc8", "grey": "#8d9094", "charcoal": "#3b3d41", "black": "#222224", "navy": "#22304f",
    "blue": "#2f6ca3", "sky": "#8fbcd8", "teal": "#1f7a78", "green": "#3f7d4e", "olive": "#6d6f3d", "mint": "#a9d3bd",
    "yellow": "#e3b23c", "mustard": "#c08a2b", "orange": "#d9732f", "terracotta": "#b75d3f", "red": "#b3312f", "burgundy": "#6d2433",
    "pink": "#dc9aa8", "rose": "#c06a78", "lilac": "#a795c4", "purple": "#5f4384", "brown": "#6e4a33", "tan": "#b98f66",
}  # fmt: skip

_MAKERS = (
    "Harrow & Finch",
    "Lumen Works",
    "Ostra",
    "Kettleby",
    "Norrland",
    "Fenmoor",
    "Alder Street",
    "Juniper Row",
    "Calloway",
    "Pemberly",
)
_TITLES = (
    "The Quiet Harbour", "Salt and Cinder", "A Field Guide to Rain", "Northern Light", "The Glass Orchard", "Letters from Tam Coc",
    "Seven Winters", "The Paper Bridge", "Low Tide", "A House of Small Rooms",
)  # fmt: skip
_AUTHORS = (
    "Mai Linh Tran",
    "Oskar Brandt",
    "Adaeze Obi",
    "Chen Yu-ting",
    "Rosalind Hart",
    "Ines Carvalho",
    "Pavel Novak",
    "Amina Diallo",
)


def pick(rng: np.random.Generator, options: tuple[str, ...] | list[str]) -> str:
    return options[int(rng.integers(len(options)))]


def colour(rng: np.random.Generator, asked: str | None, *usual: str) -> str:
    """`#rrggbb` of the asked colour name (or the code itself), else one of the usual names."""
    drawn = pick(rng, usual or tuple(COLOURS))
    if asked is None:
        return COLOURS[drawn]
    return asked if asked.startswith("#") else COLOURS[asked]


def maker(rng: np.random.Generator) -> str:
    return pick(rng, _MAKERS)


def title(rng: np.random.Generator) -> str:
    return pick(rng, _TITLES)


def author(rng: np.random.Generator) -> str:
    return pick(rng, _AUTHORS)
