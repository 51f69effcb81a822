"""Mends: what they mend is gone afterwards, what they must not touch is the same, and a cut-out is never faked."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fondaco.images import inspect
from fondaco.images.pipeline import header
from fondaco.images.pipeline.compare import compare
from fondaco.images.pipeline.fixes import QUALITY, TITLES, WHAT, Fix, apply, propose

from . import hostile, pictures
from .pictures import WHITE, product
from .test_pipeline_decode import pixels


def mended(data: bytes, profile: str = "listing-main") -> tuple[list[Fix], bytes]:
    fixes = propose(data, inspect(data, profile))
    return fixes, apply(data, fixes)


@pytest.mark.parametrize(
    ("picture", "kinds"),
    [
        (product(1200, fill=0.6), ["crop_to_fill"]),
        (product(1200, ground=(240, 240, 240)), ["white_ground"]),
        (product(1200, ground=(228, 222, 210)), ["white_ground"]),
        (product(1200, ground="gradient"), ["white_ground"]),
        (product(1200, fill=0.6, ground=(228, 228, 228)), ["white_ground", "crop_to_fill"]),
        (pictures.bordered(product(1200), 12), ["cut_border"]),
    ],
    ids=["small", "off-white", "beige", "gradient", "grey and small", "border"],
)
def test_a_mended_picture_is_eligible(picture: np.ndarray, kinds: list[str]) -> None:
    fixes, result = mended(pictures.jpeg(picture))
    assert [fix.kind for fix in fixes] == kinds
    assert inspect(result).verdict == "eligible"


def test_never_enlarges() -> None:
    """The product keeps its pixels; the frame gets smaller around it."""
    data = pictures.jpeg(product(1200, fill=0.5))
    _, result = mended(data)
    before, after = inspect(data).measures["subject_box"], inspect(result).measures["subject_box"]
    assert after[2] == pytest.approx(before[2], abs=5)
    assert pixels(result).shape[0] < 1200


def test_whitening_leaves_the_product_alone() -> None:
    ground = (238, 238, 238)
    data = pictures.jpeg(product(1200, ground=ground), 95)
    result = pixels(mended(data)[1]).astype(int)
    cover = pictures.outline(1200, fill=0.9, shape="ellipse")
    inner = cv2.erode(cover, np.ones((25, 25), np.uint8)) == 255
    outer = cv2.dilate(cover, np.ones((25, 25), np.uint8)) == 0
    saved_again = pixels(pictures.jpeg(pixels(data), QUALITY)).astype(int)
    assert np.abs(result - saved_again)[inner].mean() < 0.5
    assert (result[outer].min(axis=1) >= 254).mean() > 0.999


@pytest.mark.parametrize(
    "picture",
    [
        product(1000, ground=(90, 120, 160)),
        pictures.scene(1000),
        pictures.pasted(product(1200, ground=(225, 214, 190))),
    ],
    ids=["blue", "scene", "pasted"],
)
def test_says_when_a_cut_out_would_be_needed(picture: np.ndarray) -> None:
    data = pictures.jpeg(picture)
    fixes = propose(data, inspect(data))
    needs = [fix for fix in fixes if fix.needs_cutout]
    assert len(needs) == 1
    assert needs[0].result == b""
    assert inspect(apply(data, fixes)).verdict == inspect(data).verdict


def test_straightens_a_box_that_leans() -> None:
    turn = cv2.getRotationMatrix2D((600, 600), -3, 0.85)
    leaning = cv2.warpAffine(product(1200, shape="box"), turn, (1200, 1200), borderValue=WHITE, flags=cv2.INTER_CUBIC)
    data = pictures.jpeg(leaning)
    fixes, result = mended(data)
    assert fixes[0].kind == "straighten"
    assert fixes[0].value == pytest.approx(3, abs=0.3)
    assert "straighten" not in [fix.kind for fix in propose(result, inspect(result))]


@pytest.mark.parametrize(
    "title", ["png: a good one", "webp: a good one", "jpeg: CMYK with a profile", "jpeg: zip behind the end"]
)
def test_converts_to_a_clean_jpeg(title: str) -> None:
    data = hostile.CASES[title].make()
    fixes, result = mended(data)
    assert [fix.kind for fix in fixes] == ["convert"]
    known = header.read(result)
    assert known is not None
    assert (known.format, known.colour, known.profile, known.trailing) == ("jpeg", "rgb", "", "")
    assert inspect(result).eligible


def test_proposes_nothing_for_a_good_picture_or_none_at_all() -> None:
    for data in (pictures.jpeg(product()), b"", hostile.CASES["jpeg: cut off at 60 %"].make()):
        assert propose(data, inspect(data)) == []


def test_every_mend_has_words() -> None:
    assert set(TITLES) == set(WHAT)


def test_compare_sees_what_changed_and_only_that() -> None:
    before = product(800).copy()
    after = before.copy()
    after[300:500, 300:500] = (255, 0, 0)
    same = compare(pictures.jpeg(before, 98, "444"), pictures.jpeg(before, 98, "444"))
    other = compare(pictures.jpeg(before, 98, "444"), pictures.jpeg(after, 98, "444"))
    assert same.changed == 0
    assert other.changed == pytest.approx(200 * 200 / 800 / 800, abs=0.01)
    assert other.mean > same.mean
    assert header.read(other.picture) is not None
