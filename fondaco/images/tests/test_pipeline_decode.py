"""Decoders: what may open what, which way is up, and what the colours become."""

from __future__ import annotations

import subprocess
import sys

import cv2
import numpy as np
import pytest

from fondaco.images import inspect
from fondaco.images.pipeline import header, native
from fondaco.images.pipeline.bounds import Deadline
from fondaco.images.pipeline.decode import Pixels, decode
from fondaco.images.pipeline.measure import ground, subject
from fondaco.images.pipeline.measure.levels import Levels

from . import hostile, pictures
from .hostile import case, exif, good, vips, with_segment  # noqa: F401
from .pictures import Array, product


def pixels(data: bytes, mode: str = "full") -> Array:
    known = header.read(data)
    assert known is not None
    return decode(data, known, mode=mode, deadline=Deadline.after(20)).array


def test_only_photo_loaders_may_open_anything() -> None:
    """The list is pinned: a loader added here opens the door to every file that comes in."""
    assert native.ALLOWED_LOADERS == (
        "VipsForeignLoadJpegBuffer",
        "VipsForeignLoadPngBuffer",
        "VipsForeignLoadNsgifBuffer",
        "VipsForeignLoadTiffBuffer",
        "VipsForeignLoadWebpBuffer",
        "VipsForeignLoadHeifBuffer",
    )


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        b"P6 2 2 255\n" + bytes(12),
        b"%PDF-1.4",
        b"3 3\n1 2 3\n4 5 6\n7 8 9\n",
    ],
)
def test_other_loaders_are_blocked_even_when_asked_directly(data: bytes) -> None:
    with pytest.raises(native.pyvips.Error):
        native.pyvips.Image.new_from_buffer(data, "").avg()


def test_needs_no_django() -> None:
    code = "import sys; from fondaco.images import inspect; inspect(b''); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


MARKED = product(640, shape="bottle").copy()
MARKED[40:120, 40:200] = (200, 30, 30)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_turns_all_eight_orientations_upright(orientation: int, kind: str) -> None:
    """Stored the way a camera held so would store it, read back as it was seen."""
    upright = MARKED[:, :480]
    stored = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: a.transpose(1, 0, 2)[::-1],
        7: lambda a: a.transpose(1, 0, 2)[::-1, ::-1],
        8: lambda a: a.transpose(1, 0, 2)[:, ::-1],
    }[orientation](upright)
    data = _stored(np.ascontiguousarray(stored), kind, orientation)
    assert np.abs(pixels(data).astype(int) - upright).mean() < 6
    report = inspect(data, "evidence")
    assert (report.width, report.height) == (480, 640)


def _stored(array: Array, kind: str, orientation: int) -> bytes:
    if kind == "jpeg":
        return with_segment(pictures.jpeg(array, 95, "444"), 0xE1, b"Exif\0\0" + exif(orientation))
    if kind == "png":
        return hostile.into_png(vips(".png", array), hostile.chunk(b"eXIf", exif(orientation)))
    image = native.pyvips.Image.new_from_array(array).copy()
    image.set_type(native.pyvips.GValue.gint_type, "orientation", orientation)
    return image.webpsave_buffer(lossless=True)


@pytest.mark.spec("B-IMG-04")
@pytest.mark.parametrize("title", ["jpeg: CMYK with a profile", "tiff: CMYK with a profile"])
def test_cmyk_is_accepted_and_read_by_its_profile(title: str) -> None:
    data = hostile.CASES[title].make()
    assert np.abs(pixels(data).astype(int) - product()).mean() < 9
    report = inspect(data)
    assert report.eligible
    assert report.colour == "cmyk"
    assert "not_srgb" in report.codes()


@pytest.mark.parametrize(
    "title",
    [
        "tiff: 16 bit",
        "png: 16 bit",
        "tiff: packed by lzw",
        "tiff: tiled",
        "png: interlaced",
        "webp: lossless",
        "bmp: a good one",
    ],
)
def test_reads_other_layouts_exactly(title: str) -> None:
    assert np.abs(pixels(hostile.CASES[title].make()).astype(int) - product()).max() <= 1


def test_transparency_is_laid_on_white() -> None:
    cover = pictures.outline(400, fill=0.8, shape="ellipse")
    data = vips(".png", np.dstack([pictures.texture(400, 1), cover]))
    read = pixels(data)
    assert (read[cover == 0] == 255).all()


def test_heic_is_read() -> None:
    assert pixels(hostile.HEIC).shape == (48, 64, 3)


@pytest.mark.parametrize(("mode", "longest"), [("full", 3000), ("half", 1500), ("tiny", 375)])
def test_reads_less_where_less_is_asked(mode: str, longest: int) -> None:
    data = pictures.jpeg(cv2.resize(product(), (3000, 1500)))
    assert max(pixels(data, mode).shape) == longest


def test_quality_is_read_from_the_tables() -> None:
    for quality in (20, 40, 60, 75, 85, 90, 95):
        known = header.read(pictures.jpeg(product(200), quality))
        assert known is not None
        assert known.quality == pytest.approx(quality, abs=2)


def test_stops_when_the_time_is_used_up() -> None:
    report = inspect(good(), budget_s=0.0)
    assert report.verdict == "unreadable"
    assert report.codes() == ("too_slow",)


@pytest.mark.parametrize("suffix", [".png", ".tif", ".gif", ".webp", ".avif"])
def test_measures_pixels_that_a_decoder_gives_only_to_be_read(suffix: str) -> None:
    """A small picture is measured as it was decoded; a ground that changes slowly is looked for in it by filling."""
    array = pictures.product(300, ground="gradient")
    assert "background_not_white" in inspect(hostile.vips(suffix, array)).codes()


def test_measures_a_phones_picture_that_may_only_be_read() -> None:
    fog = np.broadcast_to(np.linspace(190, 235, 320, dtype=np.uint8)[:, None, None], (320, 320, 3))
    fog.setflags(write=False)
    levels = Levels.of(Pixels(fog, 1))
    assert subject.measure(levels, ground.measure(levels)).mask.shape == (320, 320)
