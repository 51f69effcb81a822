"""Every finding of the catalogue: one picture that has it, and a clean one, judged by the same profile, that has it not.

`duplicate_of` and `near_duplicate_of` compare with other pictures; the catalogue's tests show them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
import pytest

from fondaco.images import inspect
from fondaco.images.pipeline.findings import CATALOGUE
from fondaco.images.pipeline.inspect import Report, read, report_on
from fondaco.images.pipeline.profiles import load_profile
from fondaco.images.pipeline.vision.seen import Face, Seen

from . import hostile, pictures
from .pictures import jpeg, product

COMPARED = {"duplicate_of", "near_duplicate_of"}


@dataclass(frozen=True)
class Example:
    make: Callable[[], bytes]
    profile: str = "listing-main"
    name: str | None = None
    seen: Seen | None = None
    budget_s: float = 20.0


def of(title: str, **more: str) -> Example:
    case = hostile.CASES[title]
    return Example(case.make, name=case.name, **more)


def drawn(make: Callable[[], np.ndarray], quality: int = 90, **more: object) -> Example:
    return Example(lambda: jpeg(make(), quality), **more)  # type: ignore[arg-type]


def with_words() -> np.ndarray:
    array = product(1600, fill=0.86, shape="bottle").copy()
    cv2.putText(array, "BEST PRICE", (60, 200), cv2.FONT_HERSHEY_SIMPLEX, 2.4, (0, 0, 0), 6, cv2.LINE_AA)
    return array


def burnt() -> np.ndarray:
    """A product photographed on grey whose light side is gone."""
    array = product(1200, ground=(200, 200, 200)).copy()
    array[300:900, 250:900] = 255
    return array


def few_dots() -> bytes:
    data = bytearray(jpeg(product(1200)))
    at = data.index(b"JFIF\0") + 7
    data[at : at + 5] = b"\1\0\x1e\0\x1e"  # 30 pixels an inch
    return bytes(data)


EXAMPLES: dict[str, Example] = {
    "not_an_image": of("web page named .jpg"),
    "format_not_accepted": of("png: a good one"),
    "extension_mismatch": of("jpeg: named .png"),
    "animated": of("gif: animated"),
    "multi_page": of("tiff: two pages"),
    "corrupt_pixels": of("jpeg: cut off at 60 %"),
    "bytes_after_image": of("jpeg: zip behind the end"),
    "too_large": of("jpeg: 12,000 px long"),
    "file_too_big": Example(lambda: hostile.good() + bytes(11_000_000)),
    "too_slow": Example(hostile.good, budget_s=0.0),
    "too_small": drawn(lambda: product(400)),
    "no_zoom": drawn(lambda: product(800)),
    "odd_size": of("jpeg: 10,000 × 10"),
    "not_square": drawn(lambda: product(2400)[:1200], profile="walmart"),
    "background_not_white": drawn(lambda: product(1200, ground=(250, 250, 250))),
    "product_too_small": drawn(lambda: product(1200, fill=0.7)),
    "touches_edge": drawn(lambda: product(1400)[200:-200, 200:-200]),
    "no_subject": of("jpeg: all white"),
    "border": drawn(lambda: pictures.bordered(product(1200), 10)),
    "inset_rectangle": drawn(lambda: pictures.pasted(product(1200, ground=(225, 214, 190)))),
    "out_of_focus": drawn(lambda: pictures.blurred(product(1200), 4)),
    "motion_blur": drawn(lambda: pictures.shaken(pictures.scene(1600, seed=9), 24, 30), profile="listing-other"),
    "enlarged": drawn(lambda: pictures.enlarged(product(1200), 4)),
    "pixelated": drawn(lambda: pictures.enlarged(product(1200), 8, cv2.INTER_NEAREST)),
    "over_compressed": drawn(lambda: product(1200), quality=20),
    "too_dark": drawn(lambda: (product(1200) * 0.15).astype(np.uint8)),
    "too_bright": drawn(burnt),
    "low_contrast": drawn(lambda: (pictures.scene(1000, 2) // 7 + 140).astype(np.uint8), profile="listing-other"),
    "text_or_mark": drawn(with_words),
    "person_present": Example(hostile.good, seen=Seen(("faces",), faces=(Face((10, 10, 90, 90), 0.95),))),
    "nudity": Example(hostile.good, seen=Seen(("nudity",), nudity=0.97)),
    "location_data": of("jpeg: location in EXIF"),
    "low_density": Example(few_dots),
    "not_srgb": of("jpeg: CMYK with a profile"),
}
UNSURE = Seen(("faces", "nudity"), faces=(Face((10, 10, 90, 90), 0.2),), nudity=0.02)


def judged(data: bytes, example: Example, seen: Seen | None) -> Report:
    picture, digest = read(data, name=example.name, mode="full", budget_s=example.budget_s)
    if seen is not None and picture.measures is not None:
        picture = replace(picture, measures=replace(picture.measures, seen=seen))
    return report_on(picture, digest, load_profile(example.profile))


@cache
def clean(profile: str) -> bytes:
    """What nothing speaks against in this profile."""
    return jpeg(product(2400 if profile == "walmart" else 1200, seed=7), 95)


def test_the_table_holds_every_code() -> None:
    assert set(EXAMPLES) | COMPARED == set(CATALOGUE)


@pytest.mark.spec("B-IMG-08", "B-IMG-09")
@pytest.mark.parametrize("code", EXAMPLES)
def test_the_fault_is_found_and_says_everything(code: str) -> None:
    example = EXAMPLES[code]
    finding = judged(example.make(), example, example.seen).finding(code)
    assert finding is not None
    assert finding.message
    assert finding.fix
    assert "%(" not in finding.message + finding.fix
    if CATALOGUE[code].flag:
        assert finding.severity in ("info", "warning"), "a question for a person rejects nothing by itself"


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_clean_picture_has_it_not(code: str) -> None:
    example = replace(EXAMPLES[code], name="mug.jpg", budget_s=20.0)
    report = judged(clean(example.profile), example, UNSURE)
    assert code not in report.codes()
    assert report.verdict == "eligible"


@pytest.mark.parametrize("code", ["person_present", "nudity", "text_or_mark"])
def test_a_flag_alone_never_rejects(code: str) -> None:
    example = EXAMPLES[code]
    report = judged(example.make(), example, example.seen)
    assert code in report.codes()
    assert report.verdict == "eligible"


def test_words_are_flagged_without_any_model() -> None:
    assert "text_or_mark" in inspect(jpeg(with_words()), models=False).codes()
