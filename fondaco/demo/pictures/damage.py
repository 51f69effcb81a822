"""Known damage: each name makes one defect and says which findings an inspector should report.

`expected` are codes of the findings catalogue; every one must be reported for the picture judged as MAIN
(the exception stands in `note`). A damage may draw more findings than these: a dark picture has no white ground.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import pyvips

from .encode import encode, vips
from .printed import lettered
from .shapes import Array


class Shoot(Protocol):
    """Takes the undamaged picture; `fill`, `size` and `seed` may be asked otherwise."""

    def __call__(self, **more: object) -> tuple[Array, Array]: ...


@dataclass(frozen=True, slots=True)
class Damage:
    """`make` photographs and spoils; `expected` finding codes; `what` was done, in words."""

    what: str
    expected: tuple[str, ...]
    make: Callable[[Shoot], bytes]
    note: str = ""


DAMAGES: dict[str, Damage] = {}


def _add(
    name: str, what: str, *expected: str, note: str = ""
) -> Callable[[Callable[[Shoot], bytes]], Callable[[Shoot], bytes]]:
    def register(make: Callable[[Shoot], bytes]) -> Callable[[Shoot], bytes]:
        DAMAGES[name] = Damage(what, expected, make, note)
        return make

    return register


def _pixelwise(
    name: str, what: str, change: Callable[[Array, Array], Array], *expected: str, quality: int = 90, note: str = ""
) -> None:
    """A damage done to the pixels (height × width × 3 and cover), then saved as JPEG."""

    def make(shoot: Shoot) -> bytes:
        image, cover = shoot()
        return encode(np.clip(change(image, cover), 0, 255).astype(np.uint8), quality=quality)

    DAMAGES[name] = Damage(what, expected, make, note)


# ---------------------------------------------------------------- ground


def _multiply(image: Array, ground: Array) -> Array:
    """The picture as if taken before `ground` (broadcastable, 0 … 255) instead of white; the product keeps its light."""
    return image.astype(np.float32) * (np.asarray(ground, np.float32) / 255)


def _before(ground: Callable[[int, int], Array]) -> Callable[[Array, Array], Array]:
    def change(image: Array, cover: Array) -> Array:
        h, w = cover.shape
        behind = _multiply(image, ground(h, w))
        return behind + cover[..., None] * (image - behind)

    return change


def _plain(*rgb: int) -> Callable[[int, int], Array]:
    return lambda h, w: np.array(rgb, np.float32)


def _gradient(h: int, w: int) -> Array:
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    return (255 - 70 * (0.65 * y / h + 0.35 * x / w))[..., None]


_pixelwise(
    "grey_ground", "ground of 200, 200, 200 instead of white", _before(_plain(200, 200, 200)), "background_not_white"
)
_pixelwise(
    "beige_ground", "ground of 236, 222, 196 instead of white", _before(_plain(236, 222, 196)), "background_not_white"
)
_pixelwise(
    "ground_250",
    "ground of 250, 250, 250: white to the eye only",
    _before(_plain(250, 250, 250)),
    "background_not_white",
)
_pixelwise("gradient_ground", "ground falling from white to grey", _before(_gradient), "background_not_white")


# ---------------------------------------------------------------- framing


def _small(fill: float) -> Callable[[Shoot], bytes]:
    return lambda shoot: encode(shoot(fill=fill)[0])


for _share in (60, 70, 82):
    DAMAGES[f"small_fill_{_share}"] = Damage(
        f"the product's longer side takes {_share} % of the frame", ("product_too_small",), _small(_share / 100)
    )


@_add("cropped", "the frame cuts into the product", "touches_edge")
def _cropped(shoot: Shoot) -> bytes:
    image, cover = shoot()
    rows, cols = np.flatnonzero((cover > 0.5).any(1)), np.flatnonzero((cover > 0.5).any(0))
    h, w = image.shape[:2]
    dx, dy = round((cols[-1] - cols[0]) * 0.16), round((rows[-1] - rows[0]) * 0.16)
    cut = image[: rows[-1] - dy, : cols[-1] - dx] if cols[-1] - cols[0] > 0.3 * w else image[: rows[-1] - dy]
    side = min(cut.shape[:2])
    cut = cut[cut.shape[0] - side :, cut.shape[1] - side :]
    return encode(cv2.resize(cut, (w, h), interpolation=cv2.INTER_AREA if side > w else cv2.INTER_LANCZOS4))


def _border(image: Array, _: Array) -> Array:
    out = image.copy()
    k = 10
    out[:k], out[-k:], out[:, :k], out[:, -k:] = 20, 20, 20, 20
    return out


_pixelwise("border_10", "a black border of 10 pixels", _border, "border")


# ---------------------------------------------------------------- sharpness


def _blurred(sigma: float) -> Callable[[Array, Array], Array]:
    return lambda image, _: cv2.GaussianBlur(image, (0, 0), sigma)


def _moved(image: Array, _: Array) -> Array:
    k = max(9, round(max(image.shape) / 60)) | 1
    kernel = np.zeros((k, k), np.float32)
    cv2.line(kernel, (0, k // 2 + k // 6), (k - 1, k // 2 - k // 6), 1.0, 1, cv2.LINE_AA)
    return cv2.filter2D(image, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)


def _enlarged(image: Array, _: Array) -> Array:
    h, w = image.shape[:2]
    small = cv2.resize(image, (w // 4, h // 4), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (w, h), interpolation=cv2.INTER_CUBIC)


def _pixelated(image: Array, _: Array) -> Array:
    h, w = image.shape[:2]
    small = cv2.resize(image, (w // 8, h // 8), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (w, h), interpolation=cv2.INTER_NEAREST)


_pixelwise("blur_3", "Gauss blur of 3 pixels", _blurred(3), "out_of_focus")
_pixelwise("blur_6", "Gauss blur of 6 pixels", _blurred(6), "out_of_focus")
_pixelwise(
    "motion",
    "moved during exposure by one sixtieth of the frame",
    _moved,
    "motion_blur",
    note="out_of_focus is right as well",
)
_pixelwise("enlarged_4x", "made four times smaller and enlarged again", _enlarged, "enlarged")
_pixelwise("pixelated_8x", "enlarged eight times without smoothing", _pixelated, "pixelated")


# ---------------------------------------------------------------- light and compression

_pixelwise("dark", "exposed to 15 %", lambda i, _: i.astype(np.float32) * 0.15, "too_dark")


def _bright(image: Array, cover: Array) -> Array:
    """Exposed for the product's middle tone to come out at 240: what was brighter is gone."""
    middle = float(np.median(image[cover > 0.9].max(1)))
    return image.astype(np.float32) * (240 / max(middle, 8))


_pixelwise("bright", "overexposed until half of the product is nearly white", _bright, "too_bright")


def _flat(image: Array, cover: Array) -> Array:
    dull = 176 + (image.astype(np.float32) - 176) * 0.08
    return image + cover[..., None] * (dull - image)


_pixelwise("low_contrast", "the product's tones pressed into 8 % of their range", _flat, "low_contrast")
_pixelwise("q20", "saved as JPEG of quality 20", lambda i, _: i, "over_compressed", quality=20)


# ---------------------------------------------------------------- things that do not belong on a main picture


def _overlay(image: Array, _: Array) -> Array:
    return lettered(image, "BEST PRICE -50%", x=0.5, y=0.09, wide=0.86, colour=(214, 24, 32), strength=1.0)


def _watermark(image: Array, _: Array) -> Array:
    out = image.astype(np.float32)
    for y in (0.25, 0.5, 0.75):
        out = lettered(out, "my-photo-shop", x=0.5, y=y, wide=0.8, colour=(110, 110, 116), strength=0.55, turn=25)
    return out


_pixelwise("text_overlay", "red advertising words over the top of the frame", _overlay, "text_or_mark")
_pixelwise("watermark", "a half transparent name, three times, slanted", _watermark, "text_or_mark")


@_add("inset", "a second picture of the product in a framed corner", "inset_rectangle")
def _inset(shoot: Shoot) -> bytes:
    image, _ = shoot()
    close, _ = shoot(fill=1.8, size=image.shape[0] // 2)
    h, w = image.shape[:2]
    k = round(w * 0.3)
    small = cv2.resize(close, (k, k), interpolation=cv2.INTER_AREA)
    small = (small.astype(np.float32) * np.array([0.86, 0.9, 0.93])).astype(np.uint8)
    small[:4], small[-4:], small[:, :4], small[:, -4:] = 60, 60, 60, 60
    out = image.copy()
    m = round(w * 0.02)
    out[h - k - m : h - m, m : m + k] = small
    return encode(out)


@_add(
    "two_products",
    "the product twice, side by side",
    note="whether it is a pair or an extra is for a person to say: no finding of its own",
)
def _two(shoot: Shoot) -> bytes:
    image, _ = shoot(fill=0.86)
    h, w = image.shape[:2]
    half = cv2.resize(image, (w // 2, h // 2), interpolation=cv2.INTER_AREA)
    out = np.full_like(image, 255)
    y = h // 4
    out[y : y + h // 2, : w // 2] = half
    out[y : y + h // 2, w - w // 2 :] = half[:, ::-1]
    return encode(out)


def _person(image: Array, _: Array) -> Array:
    """A head-and-shoulders figure in skin and cloth tones beside the product."""
    h, w = image.shape[:2]
    mask = np.zeros((h, w), np.uint8)
    cv2.ellipse(
        mask, (round(w * 0.78), round(h * 0.26)), (round(w * 0.085), round(h * 0.115)), 0, 0, 360, 255, -1, cv2.LINE_AA
    )
    cv2.rectangle(mask, (round(w * 0.745), round(h * 0.33)), (round(w * 0.815), round(h * 0.44)), 255, -1)
    body = np.zeros((h, w), np.uint8)
    cv2.ellipse(
        body, (round(w * 0.78), round(h * 0.78)), (round(w * 0.19), round(h * 0.37)), 0, 180, 360, 255, -1, cv2.LINE_AA
    )
    hair = np.zeros((h, w), np.uint8)
    cv2.ellipse(
        hair, (round(w * 0.78), round(h * 0.225)), (round(w * 0.094), round(h * 0.1)), 0, 175, 365, 255, -1, cv2.LINE_AA
    )
    out = image.astype(np.float32)
    for m, colour in ((body, (74, 92, 118)), (mask, (204, 158, 130)), (hair, (52, 38, 32))):
        soft = cv2.GaussianBlur(m, (0, 0), 1.2).astype(np.float32)[..., None] / 255
        shade = 0.82 + 0.18 * np.linspace(1, 0, w, dtype=np.float32)[None, :, None]
        out += soft * (np.array(colour, np.float32) * shade - out)
    return out


_pixelwise(
    "person_silhouette",
    "a figure with head and shoulders beside the product",
    _person,
    "person_present",
    note="only with the optional models; a flag, never a rejection",
)


# ---------------------------------------------------------------- files


@_add("tiny_400px", "400 pixels on the longer side", "too_small")
def _tiny(shoot: Shoot) -> bytes:
    return encode(shoot(size=400)[0])


@_add("truncated", "the file ends after 60 % of its bytes", "corrupt_pixels")
def _truncated(shoot: Shoot) -> bytes:
    data = encode(shoot()[0])
    return data[: len(data) * 6 // 10]


@_add("bytes_after", "4 kB of foreign bytes after the end of the image", "bytes_after_image")
def _after(shoot: Shoot) -> bytes:
    return encode(shoot()[0]) + b"PK\x03\x04" + bytes(range(256)) * 16


@_add("png_named_jpg", "a PNG that is sent under a .jpg name", "extension_mismatch", "format_not_accepted")
def _png(shoot: Shoot) -> bytes:
    return encode(shoot()[0], kind="png")


@_add("gif_animated", "a GIF of three frames", "animated")
def _animated(shoot: Shoot) -> bytes:
    image, _ = shoot()
    frames = [image, image[:, ::-1], image]
    return _paged(frames).write_to_buffer(".gif", dither=0.4, effort=2)  # type: ignore[no-any-return]


@_add("multipage_tiff", "a TIFF of two pages", "multi_page")
def _pages(shoot: Shoot) -> bytes:
    image, _ = shoot()
    return _paged([image, image[:, ::-1]]).write_to_buffer(".tif", compression="lzw", page_height=image.shape[0])  # type: ignore[no-any-return]


def _paged(frames: list[Array]) -> pyvips.Image:
    joined = vips(np.concatenate(frames)).copy()
    joined.set_type(pyvips.GValue.gint_type, "page-height", frames[0].shape[0])
    joined.set_type(pyvips.GValue.array_int_type, "delay", [400] * len(frames))
    return joined


@_add("cmyk", "a CMYK JPEG with a press profile", note="accepted and converted; the measured colour is cmyk")
def _cmyk(shoot: Shoot) -> bytes:
    image = vips(shoot()[0]).icc_transform("cmyk", input_profile="srgb", embedded=False)
    return image.write_to_buffer(".jpg", Q=90)  # type: ignore[no-any-return]


@_add(
    "wide_gamut",
    "a JPEG in the Display P3 space, profile inside",
    note="accepted and converted; renditions must be sRGB",
)
def _wide(shoot: Shoot) -> bytes:
    image = vips(shoot()[0]).icc_transform("p3", input_profile="srgb", embedded=False)
    return image.write_to_buffer(".jpg", Q=90)  # type: ignore[no-any-return]


@_add("gps_exif", "the place of exposure in the metadata", "location_data", note="removed from renditions")
def _gps(shoot: Shoot) -> bytes:
    return _with_exif(encode(shoot()[0]), exif(latitude=(21, 1, 42), longitude=(105, 51, 15)))


@_add("rotated_exif", "saved lying down, orientation 6 in the metadata", note="upright when read rightly: no finding")
def _rotated(shoot: Shoot) -> bytes:
    image, _ = shoot()
    return _with_exif(encode(cv2.rotate(image, cv2.ROTATE_90_COUNTERCLOCKWISE)), exif(orientation=6))


@_add("empty", "no bytes at all", "not_an_image")
def _empty(_: Shoot) -> bytes:
    return b""


# ---------------------------------------------------------------- EXIF


def exif(
    *, orientation: int = 1, latitude: tuple[int, int, int] | None = None, longitude: tuple[int, int, int] | None = None
) -> bytes:
    """A little-endian EXIF block with an orientation and, if asked, a place north and east (degrees, minutes, seconds)."""
    entries = [struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)]
    if latitude is None or longitude is None:
        return b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entries[0] + struct.pack("<I", 0)
    gps_at = 8 + 2 + 2 * 12 + 4
    entries.append(struct.pack("<HHII", 0x8825, 4, 1, gps_at))
    data_at = gps_at + 2 + 4 * 12 + 4
    gps = struct.pack("<H", 4)
    gps += struct.pack("<HHI4s", 1, 2, 2, b"N\0\0\0") + struct.pack("<HHII", 2, 5, 3, data_at)
    gps += struct.pack("<HHI4s", 3, 2, 2, b"E\0\0\0") + struct.pack("<HHII", 4, 5, 3, data_at + 24)
    gps += struct.pack("<I", 0)
    gps += b"".join(struct.pack("<II", v, 1) for v in (*latitude, *longitude))
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, 2) + b"".join(entries) + struct.pack("<I", 0) + gps


def _with_exif(jpeg: bytes, block: bytes) -> bytes:
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + jpeg[2:]
