"""Everything but plain JPEG by libvips: streamed, colour-managed, failing on errors.

`fail_on` is given to the loader itself: `thumbnail_buffer` ignores its own (libvips issue 5195), and a level
of "warning" would refuse sound photographs of some phones (libvips issue 2309).
"""

from __future__ import annotations

from fondaco.images.pipeline.arrays import Array
from fondaco.images.pipeline.bounds import Deadline, TooSlow
from fondaco.images.pipeline.header import Header
from fondaco.images.pipeline.native import pyvips

from .errors import CorruptPixels

LOADERS = {
    "jpeg": "jpegload_buffer",
    "png": "pngload_buffer",
    "gif": "gifload_buffer",
    "tiff": "tiffload_buffer",
    "webp": "webpload_buffer",
    "avif": "heifload_buffer",
}


def decode(data: bytes, header: Header, shrink: int, deadline: Deadline) -> Array:
    """Height × width × 3, as stored (not turned); the first frame or page."""
    if header.truncated:
        raise CorruptPixels("no end of picture")
    try:
        image = plain_srgb(load(data, header.format, shrink))
        if shrink > 1 and not _shrinks_itself(header.format):
            image = image.shrink(shrink, shrink)
        return _pixels(image.cast("uchar"), deadline)
    except pyvips.Error as error:
        if deadline.passed:
            raise TooSlow from error
        raise CorruptPixels(str(error)) from error


def load(data: bytes, format: str, shrink: int = 1) -> pyvips.Image:
    """The lazy image by exactly the loader of the format that was sniffed, never by libvips' own choice."""
    options: dict[str, object] = {"access": "sequential", "fail_on": "error"}
    if format == "jpeg":
        options["shrink"] = shrink
    elif format == "webp" and shrink > 1:
        options["scale"] = 1 / shrink
    return pyvips.Operation.call(LOADERS[format], data, **options)


def _shrinks_itself(format: str) -> bool:
    return format in ("jpeg", "webp")


def plain_srgb(image: pyvips.Image) -> pyvips.Image:
    """8-bit sRGB in three bands on white, by the embedded profile where the colours are not sRGB already."""
    if image.interpretation not in ("srgb", "b-w") or image.format != "uchar":
        image = _converted(image)
    if image.hasalpha():
        image = image.flatten(background=[255] * (image.bands - 1))
    if image.bands == 1:
        image = image.bandjoin([image, image])
    return image.extract_band(0, n=3) if image.bands > 3 else image


def _converted(image: pyvips.Image) -> pyvips.Image:
    """Through the colour engine; a broken profile falls back to the plain conversion."""
    if image.get_typeof("icc-profile-data") and image.interpretation in ("cmyk", "rgb16", "grey16", "lab"):
        return image.icc_transform("srgb", embedded=True, depth=8)
    return image.colourspace("srgb")


def _pixels(image: pyvips.Image, deadline: Deadline) -> Array:
    """Evaluates the pipeline; stops it when the time is up."""

    def watch(running: pyvips.Image, _progress: object) -> None:
        if deadline.passed:
            running.set_kill(True)

    image.set_progress(True)
    image.signal_connect("eval", watch)
    return image.numpy()
