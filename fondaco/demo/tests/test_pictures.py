"""The picture generator: what it promises is measured here with arithmetic of its own, never with the inspector's."""

from __future__ import annotations

import struct
from functools import cache

import cv2
import numpy as np
import pytest
import pyvips
import simplejpeg

from fondaco.demo.pictures import DAMAGES, FORMATS, KINDS, VARIANTS, encode, pixels, render

SIZE = 640


def decoded(data: bytes) -> np.ndarray:
    return simplejpeg.decode_jpeg(data, "RGB", strict=True)


@cache
def damaged(name: str, kind: str = "mug") -> np.ndarray:
    return decoded(render(kind, seed=3, size=SIZE, damage=name))


def ring(image: np.ndarray, share: float = 0.012) -> np.ndarray:
    k = max(1, round(min(image.shape[:2]) * share))
    return np.concatenate([p.reshape(-1, 3) for p in (image[:k], image[-k:], image[:, :k], image[:, -k:])])


def box_share(image: np.ndarray, ground: int = 200) -> float:
    """Longer side of what is clearly darker than the ground, over the frame: thin shadows do not count."""
    dark = image.min(2) < ground
    rows, cols = np.flatnonzero(dark.mean(1) > 0.004), np.flatnonzero(dark.mean(0) > 0.004)
    return max((rows[-1] - rows[0] + 1) / image.shape[0], (cols[-1] - cols[0] + 1) / image.shape[1])


def fine_detail(image: np.ndarray) -> float:
    """Energy of the finest octave over that of the next, in the middle of the product."""
    h, w = image.shape[:2]
    g = cv2.cvtColor(image[h // 5 : -h // 5, w // 5 : -w // 5], cv2.COLOR_RGB2GRAY).astype(np.float32)
    g = g[: g.shape[0] // 4 * 4, : g.shape[1] // 4 * 4]
    half, quarter = (
        cv2.resize(g, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
        cv2.resize(g, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA),
    )
    fine = g - cv2.resize(half, g.shape[::-1])
    coarse = half - cv2.resize(quarter, half.shape[::-1])
    return float((fine**2).mean() / ((coarse**2).mean() + 1e-3))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_stands_on_pure_white_and_fills_the_frame(kind):
    size = 600
    raw, cover = pixels(kind, seed=11, size=size)
    image = decoded(encode(raw))
    assert image.shape == (size, size, 3)
    assert (ring(image) == 255).all()
    rows, cols = np.flatnonzero((cover > 0.5).any(1)), np.flatnonzero((cover > 0.5).any(0))
    fill = max(rows[-1] - rows[0] + 1, cols[-1] - cols[0] + 1) / size
    assert 0.87 <= fill <= 0.94
    assert image[cover > 0.9].mean() < 250


@pytest.mark.parametrize("kind", ["mug", "sweater"])
def test_the_same_seed_gives_the_same_bytes(kind):
    assert render(kind, seed=5, size=300) == render(kind, seed=5, size=300)
    assert render(kind, seed=5, size=300) != render(kind, seed=6, size=300)


def test_a_colour_may_be_asked_for():
    red, blue = (pixels("sweater", seed=2, size=400, colour=c) for c in ("red", "blue"))
    r, b = red[0][red[1] > 0.9].mean(0), blue[0][blue[1] > 0.9].mean(0)
    assert r[0] > r[2] + 40
    assert b[2] > b[0] + 20


@pytest.mark.parametrize("variant", sorted(VARIANTS))
@pytest.mark.parametrize("kind", ["mug", "sweater", "ring", "scarf"])
def test_every_variant_renders(kind, variant):
    image = decoded(render(kind, seed=1, size=300, variant=variant))
    assert image.std() > 8


def test_pictures_have_detail_as_photographs_have():
    for kind in ("mug", "sweater", "book", "wooden_spoon"):
        assert fine_detail(decoded(render(kind, seed=4, size=1600))) > 0.28, kind


@pytest.mark.parametrize(
    ("name", "ground"),
    [("grey_ground", (200, 200, 200)), ("beige_ground", (236, 222, 196)), ("ground_250", (250, 250, 250))],
)
def test_a_coloured_ground_has_its_colour(name, ground):
    assert np.abs(np.median(ring(damaged(name)), 0) - ground).max() <= 2


def test_a_gradient_ground_falls():
    image = damaged("gradient_ground").astype(int)
    assert image[4, 4].min() - image[-5, -5].max() > 40


@pytest.mark.parametrize("percent", [60, 70, 82])
def test_a_small_product_is_small(percent):
    assert abs(box_share(damaged(f"small_fill_{percent}")) - percent / 100) < 0.02


def test_a_cropped_product_touches_the_edge():
    image = damaged("cropped")
    touching = [(side.min(1) < 235).sum() for side in (image[0], image[-1], image[:, 0], image[:, -1])]
    assert max(touching) > SIZE // 20


def test_a_border_is_dark_ten_pixels_deep():
    image = damaged("border_10")
    assert image[:9].max() < 60
    assert image[14:30, 14:-14].min() > 225


@pytest.mark.parametrize("name", ["blur_3", "blur_6", "enlarged_4x", "motion"])
def test_blur_takes_the_finest_detail_away(name):
    sharp = fine_detail(decoded(render("sweater", seed=3, size=SIZE)))
    assert fine_detail(damaged(name, "sweater")) < 0.6 * sharp


def test_pixelation_repeats_blocks_of_eight():
    image = damaged("pixelated_8x", "sweater").astype(int)
    dx = np.abs(np.diff(image.sum(2), axis=1)).sum(0)[: SIZE - 8]
    by_phase = np.array([dx[p::8].mean() for p in range(8)])
    assert by_phase[7] > 3 * np.delete(by_phase, 7).max()


def test_exposure_and_contrast():
    clean, cover = pixels("mug", seed=3, size=SIZE)
    on = cover > 0.98
    assert np.median(damaged("dark")[on]) < 0.2 * np.median(clean[on])
    assert damaged("dark").max() < 60
    bright = damaged("bright").max(2)
    assert np.median(bright[on]) > 230
    assert (bright[on] > 250).mean() > 0.25 > (clean.max(2)[on] > 250).mean() + 0.2
    spread = lambda a: np.subtract(*np.percentile(a[on].mean(1), (95, 5)))  # noqa: E731
    assert spread(damaged("low_contrast")) < 0.2 * spread(clean)


def test_quality_twenty_has_coarse_tables():
    data = render("mug", seed=3, size=SIZE, damage="q20")
    at = data.index(b"\xff\xdb")
    assert data[at + 5] >= 35  # 16 at quality 50, times 2.5


def test_words_lie_on_the_ground():
    clean, marked = decoded(render("mug", seed=3, size=SIZE)), damaged("text_overlay")
    red = (marked[..., 0] > 150) & (marked[..., 1] < 90) & (np.abs(clean.astype(int) - marked).max(2) > 90)
    rows = np.flatnonzero(red.any(1))
    assert red.mean() > 0.005
    assert rows[-1] < SIZE * 0.2
    assert np.abs(clean[SIZE // 3 :].astype(int) - marked[SIZE // 3 :]).mean() < 1


def test_a_watermark_is_faint_and_everywhere():
    clean, marked = decoded(render("mug", seed=3, size=SIZE)).astype(int), damaged("watermark").astype(int)
    changed = np.abs(clean - marked).max(2) > 15
    assert 0.01 < changed.mean() < 0.2
    assert all(part.mean() > 0.002 for part in np.array_split(changed, 3))


def test_an_inset_is_a_rectangle_with_a_straight_frame():
    image = damaged("inset").min(2)
    dark_runs = (image < 110).sum(0)
    assert (dark_runs > SIZE * 0.27).sum() >= 2


def test_two_products_are_two_islands():
    dark = (damaged("two_products").min(2) < 225).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark)
    big = [s for s in stats[1:] if s[cv2.CC_STAT_AREA] > 0.05 * SIZE * SIZE]
    assert len(big) == 2


def test_a_person_has_skin():
    image = damaged("person_silhouette").astype(int)
    r, g, b = image[..., 0], image[..., 1], image[..., 2]
    skin = (r > 120) & (r > g + 15) & (g > b + 10) & (b > 70)
    assert skin[: SIZE // 2].mean() > 0.02


def test_files_are_damaged_as_named():
    whole = render("mug", seed=3, size=SIZE)
    assert decoded(render("mug", seed=3, damage="tiny_400px")).shape[0] == 400
    cut = render("mug", seed=3, size=SIZE, damage="truncated")
    assert whole.startswith(cut)
    with pytest.raises(ValueError):
        decoded(cut)
    assert render("mug", seed=3, size=SIZE, damage="bytes_after").startswith(whole)
    assert render("mug", seed=3, size=SIZE, damage="png_named_jpg").startswith(b"\x89PNG\r\n")
    assert render("mug", seed=3, size=SIZE, damage="empty") == b""


def test_pages_and_frames_are_there():
    gif = pyvips.Image.new_from_buffer(render("mug", seed=3, size=SIZE, damage="gif_animated"), "")
    assert (gif.get("n-pages"), gif.height) == (3, SIZE)
    tiff = pyvips.Image.new_from_buffer(render("mug", seed=3, size=SIZE, damage="multipage_tiff"), "")
    assert (tiff.get("n-pages"), tiff.height) == (2, SIZE)


def test_colour_spaces():
    cmyk = pyvips.Image.new_from_buffer(render("mug", seed=3, size=SIZE, damage="cmyk"), "")
    assert (cmyk.interpretation, cmyk.bands) == ("cmyk", 4)
    wide = pyvips.Image.new_from_buffer(render("mug", seed=3, size=SIZE, damage="wide_gamut"), "")
    assert len(wide.get("icc-profile-data")) > 300
    back = wide.icc_transform("srgb", embedded=True).numpy().astype(int)
    assert np.abs(back - pixels("mug", seed=3, size=SIZE)[0]).mean() < 3


def test_metadata():
    gps = pyvips.Image.new_from_buffer(render("mug", seed=3, size=SIZE, damage="gps_exif"), "")
    assert gps.get("exif-ifd3-GPSLatitude").startswith("21/1 1/1 42/1")
    lying = render("mug", seed=3, size=SIZE, damage="rotated_exif")
    turned = pyvips.Image.new_from_buffer(lying, "")
    assert turned.get("orientation") == 6
    upright = turned.autorot().numpy().astype(int)
    assert np.abs(upright - pixels("mug", seed=3, size=SIZE)[0]).mean() < 3


def test_every_damage_is_measured_here():
    measured = {
        "grey_ground", "beige_ground", "ground_250", "gradient_ground", "small_fill_60", "small_fill_70", "small_fill_82", "cropped",
        "border_10", "blur_3", "blur_6", "motion", "enlarged_4x", "pixelated_8x", "dark", "bright", "low_contrast", "q20", "text_overlay",
        "watermark", "inset", "two_products", "person_silhouette", "tiny_400px", "truncated", "bytes_after", "png_named_jpg",
        "gif_animated", "multipage_tiff", "cmyk", "wide_gamut", "gps_exif", "rotated_exif", "empty",
    }  # fmt: skip
    assert set(DAMAGES) == measured
    assert all(d.expected or d.note for d in DAMAGES.values())


def test_every_format_reads_back():
    image, _ = pixels("bowl", seed=1, size=300)
    for kind in FORMATS:
        back = pyvips.Image.new_from_buffer(encode(image, kind=kind), "").numpy()[..., :3].astype(int)
        assert back.shape == image.shape
        assert np.abs(back - image).mean() < 6, kind


def test_a_gps_block_is_well_formed():
    data = render("mug", seed=3, size=SIZE, damage="gps_exif")
    length = struct.unpack(">H", data[4:6])[0]
    assert data[2:4] == b"\xff\xe1"
    assert data[4 + length : 6 + length] in (b"\xff\xe0", b"\xff\xdb")
