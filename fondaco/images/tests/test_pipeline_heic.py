"""A phone's HEIC: read tile by tile, turned as it says, and never from memory that is gone."""

from __future__ import annotations

import numpy as np
import pytest

from fondaco.images import inspect
from fondaco.images.pipeline import header
from fondaco.images.pipeline.bounds import Deadline, TooSlow
from fondaco.images.pipeline.decode import CorruptPixels, heic

from .heic_grid import TILE, grid
from .hostile import HEIC


def decoded(data: bytes, shrink: int, budget_s: float = 30.0) -> np.ndarray:
    known = header.read(data)
    assert known is not None
    return heic.decode(data, known, shrink, Deadline.after(budget_s))


@pytest.mark.parametrize("shrink", [1, 2, 4])
@pytest.mark.parametrize(("turn", "mirror"), [(None, None), (1, None), (3, None), (None, 0), (None, 1), (1, 1)])
def test_tile_by_tile_is_the_same_as_all_at_once(turn: int | None, mirror: int | None, shrink: int) -> None:
    data = grid(5, 3, turn=turn, mirror=mirror)
    tiled, whole = decoded(data, shrink), heic._colours(data, shrink)
    assert tiled.shape == whole.shape
    assert np.array_equal(tiled, whole)


def test_the_header_knows_the_upright_size_and_the_tiles() -> None:
    known = header.read(grid(5, 3, turn=1))
    assert known is not None
    assert known.upright_size == (3 * TILE, 5 * TILE)
    assert len(known.facts["grid"].tiles) == 15
    assert known.working_bytes < 100_000


def test_pixels_stay_when_the_decoder_is_gone() -> None:
    """libheif's memory ends with its picture: other work must not show up in the pixels."""
    pixels = decoded(HEIC, 1)
    before = pixels.copy()
    for _ in range(50):
        decoded(grid(2, 2), 1)
    assert np.array_equal(pixels, before)


def test_the_clock_stops_it_between_two_tiles() -> None:
    with pytest.raises(TooSlow):
        decoded(grid(10, 10), 2, budget_s=0.0)


def test_tiles_that_are_not_there_are_damage() -> None:
    data = grid(3, 2)
    for broken in (data[:-40], data.replace(b"hvc1", b"hvc9", 1)):
        assert inspect(broken, "evidence").verdict == "unreadable"
    with pytest.raises(CorruptPixels):
        decoded(data.replace(b"hvc1", b"hvc9", 1), 2)


def test_one_piece_beyond_what_may_be_held_is_refused_from_the_header() -> None:
    """A grid of very many tiles is read at once, and counts as one piece."""
    assert "too_large" in inspect(grid(75, 50), "evidence").codes()
    assert "too_large" not in inspect(grid(16, 16), "evidence").codes()
