"""The header's tier believes the end of a long JPEG; the pixels' tier makes sure of it."""

from __future__ import annotations

import pytest

from fondaco.images import inspect
from fondaco.images.pipeline import header

from . import pictures
from .hostile import archive


@pytest.fixture(scope="module")
def long() -> bytes:
    return pictures.jpeg(pictures.scene(1000), 95)


def test_both_tiers_say_the_same_of_a_sound_file(long: bytes) -> None:
    quick, whole = header.read(long, whole=False), header.read(long)
    assert quick is not None
    assert "unread_scan" in quick.facts
    header.look_behind(long, quick)
    assert quick == whole
    assert whole.end == len(long)


@pytest.mark.parametrize("tail", [archive(), b"<script>alert(1)</script>", b"MZ" + bytes(900)])
def test_a_tail_that_does_not_end_as_a_picture_is_seen_in_the_header(long: bytes, tail: bytes) -> None:
    assert "bytes_after_image" in inspect(long + tail, mode="header").codes()


def test_a_second_picture_is_seen_with_the_pixels(long: bytes) -> None:
    assert "bytes_after_image" in inspect(long + long, mode="half").codes()
    found = header.read(long + long, whole=False)
    assert found is not None
    header.look_behind(long + long, found)
    assert (found.end, found.trailing_bytes) == (len(long), len(long))


@pytest.mark.parametrize("padding", [b"", b"\0" * 4000, b"\r\n"])
def test_padding_behind_the_end_is_no_finding(long: bytes, padding: bytes) -> None:
    for mode in ("header", "half"):
        assert "bytes_after_image" not in inspect(long + padding, "listing-other", mode=mode).codes()


def test_a_long_file_without_its_end_is_cut_off_in_both_tiers(long: bytes) -> None:
    for mode in ("header", "half"):
        assert inspect(long[:-2], mode=mode).verdict == "unreadable"
        assert inspect(long[: len(long) // 2], mode=mode).verdict == "unreadable"


def test_a_marker_in_the_middle_is_no_end(long: bytes) -> None:
    """Where the first FF D9 is not the last, the markers are followed one by one."""
    middle = len(long) // 2
    cut = long[:middle] + b"\xff\xd9" + long[middle:]
    found = header.read(cut)
    assert found is not None
    assert found.end == middle + 2
