"""Known damage on generated pictures is found, and nothing is found on clean ones. Larger sets: benchmarks."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from fondaco.images import inspect
from fondaco.images.pipeline.inspect import Report

from . import pictures
from .pictures import Array, product

SETS = [(2000, "ellipse", 1), (2000, "box", 2), (1200, "bottle", 3), (1200, "leaf", 4), (800, "ellipse", 5)]
HARMLESS = {"no_zoom"}


def picture(spec: tuple[int, str, int], **options: object) -> Array:
    side, shape, seed = spec
    return product(side, shape=shape, seed=seed, **options)  # type: ignore[arg-type]


def look(array: Array, *, quality: int = 90, mode: str = "full", profile: str = "listing-main") -> Report:
    return inspect(pictures.jpeg(array, quality), profile, mode=mode)


@pytest.mark.parametrize("spec", SETS, ids=str)
@pytest.mark.parametrize("quality", [75, 90, 95])
@pytest.mark.parametrize("mode", ["full", "half"])
def test_finds_nothing_on_a_clean_picture(spec: tuple[int, str, int], quality: int, mode: str) -> None:
    report = look(picture(spec), quality=quality, mode=mode)
    assert set(report.codes()) <= HARMLESS
    assert report.eligible


DAMAGE: dict[str, tuple[Callable[[Array], Array], set[str]]] = {
    "blurred by 3 px": (lambda a: pictures.blurred(a, 3), {"out_of_focus"}),
    "blurred by 6 px": (lambda a: pictures.blurred(a, 6), {"out_of_focus"}),
    "blurred by 12 px": (lambda a: pictures.blurred(a, 12), {"out_of_focus"}),
    "enlarged 4 times, linear": (lambda a: pictures.enlarged(a, 4, cv2.INTER_LINEAR), {"enlarged"}),
    "enlarged 4 times, cubic": (lambda a: pictures.enlarged(a, 4), {"enlarged"}),
    "enlarged 4 times, Lanczos": (lambda a: pictures.enlarged(a, 4, cv2.INTER_LANCZOS4), {"enlarged"}),
    "pixelated 8 times": (lambda a: pictures.enlarged(a, 8, cv2.INTER_NEAREST), {"pixelated"}),
    "pixelated 5 times": (lambda a: pictures.enlarged(a, 5, cv2.INTER_NEAREST), {"pixelated"}),
    "dark": (lambda a: (a * 0.15).astype(np.uint8), {"too_dark", "background_not_white"}),
    "black border of 10 px": (lambda a: pictures.bordered(a, 10), {"border"}),
    "red border of 20 px": (lambda a: pictures.bordered(a, 20, (200, 20, 20)), {"border"}),
    "cropped into the product": (lambda a: a[int(0.2 * len(a)) : int(0.8 * len(a))], {"touches_edge"}),
}


@pytest.mark.spec("B-IMG-08", "B-IMG-09")
@pytest.mark.parametrize("spec", SETS, ids=str)
@pytest.mark.parametrize("damage", DAMAGE)
def test_finds(damage: str, spec: tuple[int, str, int]) -> None:
    harm, expected = DAMAGE[damage]
    report = look(harm(picture(spec)))
    assert expected <= set(report.codes())
    assert report.verdict == "rejected"


@pytest.mark.spec("B-IMG-01")
@pytest.mark.parametrize("spec", SETS, ids=str)
@pytest.mark.parametrize(
    "ground", [(250, 250, 250), (245, 245, 245), (225, 214, 190), (200, 200, 200), (40, 40, 60), "gradient"], ids=str
)
@pytest.mark.parametrize("mode", ["full", "half"])
def test_finds_a_ground_that_is_not_white(spec: tuple[int, str, int], ground: object, mode: str) -> None:
    report = look(picture(spec, ground=ground), mode=mode)
    finding = report.finding("background_not_white")
    assert finding is not None
    assert finding.limit == [255, 255, 255]
    if isinstance(ground, tuple):
        assert np.abs(np.array(finding.measured) - ground).max() <= 2


@pytest.mark.spec("B-IMG-01")
@pytest.mark.parametrize("spec", SETS, ids=str)
@pytest.mark.parametrize(("fill", "small"), [(0.60, True), (0.70, True), (0.82, True), (0.88, False), (0.95, False)])
@pytest.mark.parametrize("ground", [pictures.WHITE, (228, 228, 228)], ids=["white", "grey"])
def test_measures_how_much_of_the_frame_is_filled(
    spec: tuple[int, str, int], fill: float, small: bool, ground: tuple[int, int, int]
) -> None:
    report = look(picture(spec, fill=fill, ground=ground))
    assert ("product_too_small" in report.codes()) is small
    assert report.measures["subject_fill"] == pytest.approx(fill, abs=0.012)
    if small:
        finding = report.finding("product_too_small")
        assert finding is not None
        assert finding.region is not None
        x, _, w, h = finding.region
        assert max(w, h) / spec[0] == pytest.approx(fill, abs=0.012)
        assert x + w / 2 == pytest.approx(spec[0] / 2, rel=0.03)


@pytest.mark.parametrize("spec", SETS, ids=str)
def test_finds_strong_compression_in_the_tables(spec: tuple[int, str, int]) -> None:
    finding = look(picture(spec), quality=20).finding("over_compressed")
    assert finding is not None
    assert finding.measured == pytest.approx(20, abs=2)


def test_finds_blocks_of_an_earlier_saving() -> None:
    """Saved at 8, then again at 92: the tables say nothing any more, the seams do."""
    poor = cv2.imdecode(np.frombuffer(pictures.jpeg(product(2000), 6), np.uint8), cv2.IMREAD_COLOR)[:, :, ::-1]
    assert "over_compressed" in look(poor, quality=92).codes()


@pytest.mark.parametrize("degrees", [0, 30, 60, 90])
def test_tells_shake_from_blur(degrees: float) -> None:
    report = look(pictures.shaken(pictures.scene(1600, seed=9), 24, degrees), profile="listing-other")
    assert "motion_blur" in report.codes()
    assert "out_of_focus" not in report.codes()


@pytest.mark.parametrize("times", [8, 5, 3])
@pytest.mark.parametrize("side", [1500, 1741, 1999])
def test_finds_a_mosaic_whose_steps_are_not_whole_pixels(side: int, times: int) -> None:
    array = cv2.resize(product(2000), (side, side), interpolation=cv2.INTER_AREA)
    small = cv2.resize(array, (side // times,) * 2, interpolation=cv2.INTER_AREA)
    assert "pixelated" in look(cv2.resize(small, (side, side), interpolation=cv2.INTER_NEAREST)).codes()


@pytest.mark.parametrize("seed", range(6))
def test_soft_compressed_and_striped_pictures_are_no_mosaic(seed: int) -> None:
    array = pictures.scene(1200, seed).copy()
    array[:, (np.arange(1200) // 7) % 2 == 0] //= 2
    for quality in (45, 60, 85):
        assert "pixelated" not in look(array, quality=quality, profile="listing-other").codes()


def test_finds_a_coloured_border_through_the_ringing_of_its_colour() -> None:
    assert "border" in look(pictures.bordered(product(1741), 10, (180, 30, 40))).codes()


def test_finds_a_pasted_photograph() -> None:
    report = look(pictures.pasted(product(1200, ground=(225, 214, 190))))
    finding = report.finding("inset_rectangle")
    assert finding is not None
    assert finding.region is not None
    assert finding.region[2] == pytest.approx(0.88 * 1200, rel=0.02)


def test_a_plain_box_is_no_inset() -> None:
    assert "inset_rectangle" not in look(product(1200, shape="box")).codes()


def test_flags_writing_beside_the_product() -> None:
    array = product(1600, fill=0.86, shape="bottle").copy()
    cv2.putText(array, "BEST PRICE", (60, 200), cv2.FONT_HERSHEY_SIMPLEX, 2.4, (0, 0, 0), 6, cv2.LINE_AA)
    finding = look(array).finding("text_or_mark")
    assert finding is not None
    assert finding.severity == "warning"


def test_shallow_focus_is_not_blur() -> None:
    """A third of the picture sharp, the rest far out of focus, as a lens draws it."""
    sharp = pictures.scene(1600, seed=4)
    soft = pictures.blurred(sharp, 12)
    weight = np.clip((np.abs(np.arange(1600) - 800) - 220) / 120, 0, 1)[None, :, None]
    report = look(np.rint(sharp * (1 - weight) + soft * weight).astype(np.uint8), profile="listing-other")
    assert not {"out_of_focus", "motion_blur", "enlarged"} & set(report.codes())


def test_a_black_product_on_white_is_not_too_dark() -> None:
    array = np.full((1200, 1200, 3), 255, np.uint8)
    array[80:1120, 200:1000] = (pictures.texture(1200, 6)[80:1120, 200:1000] // 8) + 4
    assert "too_dark" not in look(array).codes()


def test_fog_over_a_product_is_flat_contrast() -> None:
    array = (product(1200).astype(np.uint16) // 7 + 150).astype(np.uint8)
    assert "low_contrast" in look(array).codes()


def test_a_blank_picture_is_not_flat_but_empty() -> None:
    codes = look(np.full((800, 800, 3), 255, np.uint8)).codes()
    assert "no_subject" in codes
    assert "low_contrast" not in codes


def test_fog_is_flat_contrast() -> None:
    array = (pictures.scene(1000, 2) // 7 + 140).astype(np.uint8)
    assert "low_contrast" in look(array, profile="listing-other").codes()
