"""Any bytes at all get an answer: the right one for every hostile or odd file we know, within time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import time

import pytest

from fondaco.images import inspect
from fondaco.images.pipeline.findings import CATALOGUE
from fondaco.kit.findings import Severity

from . import hostile

SECONDS, MEGABYTES = 2.0, 100


def test_there_are_at_least_68_kinds() -> None:
    assert len(hostile.CASES) >= 68


@pytest.mark.parametrize("title", hostile.CASES)
def test_says_what_is_wrong_with(title: str) -> None:
    case = hostile.CASES[title]
    data = case.make()
    began = time.process_time()
    report = inspect(data, name=case.name)
    spent = time.process_time() - began

    assert spent < SECONDS
    assert case.verdict in (None, report.verdict), report.codes()
    assert set(case.codes) <= set(report.codes()), report.codes()
    assert report.bytes == len(data)
    assert (report.verdict == "unreadable") == any(
        CATALOGUE[f.code].unreadable and f.severity is Severity.FATAL for f in report.findings
    )
    if report.verdict == "rejected":
        assert report.errors()
    json.dumps(report.as_dict())


@pytest.mark.spec("IMG-20", "B-IMG-03")
@pytest.mark.parametrize(
    ("title", "accepted"),
    [
        ("jpeg: named .jpeg", True),
        ("jpeg: a good one", True),
        ("tiff: a good one", True),
        ("gif: a good one", True),
        ("png: named .jpg", False),
        ("webp: named .jpg", False),
        ("heic: a phone's format", False),
        ("avif: a good one", False),
        ("bmp: a good one", False),
    ],
)
def test_accepts_jpg_tif_gif_by_content_and_nothing_else(title: str, accepted: bool) -> None:
    case = hostile.CASES[title]
    assert ("format_not_accepted" not in inspect(case.make(), name=case.name).codes()) is accepted


WORST = (
    "jpeg: progressive of 100 megapixels",
    "jpeg: progressive with 500 scans",
    "jpeg: a scan for each component, 100 megapixels",
    "jpeg: 30 MB of comment segments",
    "png: 60,000² of one bit",
    "png: 300 MB of text inflated",
    "png: 300 MB of colour profile inflated",
    "png: interlaced 9,000²",
    "gif: 500 frames",
    "gif: three million one-byte blocks",
    "gif: frame of 60,000²",
    "tiff: 30,000² deflated",
    "tiff: one strip of 81 megapixels",
    "tiff: tiles of 60,000²",
    "webp: 16,000² of one colour",
    "webp: lossless of 81 megapixels",
)


@pytest.mark.parametrize("title", WORST)
def test_stays_within_memory_and_time(title: str) -> None:
    added, spent = _in_a_child(f"hostile.CASES[{title!r}].make()")
    assert added < MEGABYTES
    assert spent < SECONDS


@pytest.mark.parametrize("mode", ["half", "full"])
def test_a_picture_of_100_megapixels_adds_under_60_megabytes(mode: str) -> None:
    added, spent = _in_a_child("pictures.jpeg(np.tile(pictures.product(), (10, 10, 1)))", mode=mode)
    assert added < 60
    assert spent < SECONDS


def _in_a_child(expression: str, *, mode: str = "full") -> tuple[float, float]:
    """Megabytes added to the peak and CPU seconds of inspecting what `expression` makes, in a process of its own.

    The file is made by another process still, so that making it does not raise the peak."""
    maker = subprocess.run(
        [sys.executable, "-c", _MAKE % expression], capture_output=True, check=True, timeout=120
    ).stdout
    told = subprocess.run(
        [sys.executable, "-c", _INSPECT % mode], input=maker, capture_output=True, check=True, timeout=60
    ).stdout
    answer = json.loads(told)
    return answer["added"], answer["spent"]


_MAKE = textwrap.dedent("""
    import sys
    import numpy as np
    from fondaco.images.tests import hostile, pictures
    sys.stdout.buffer.write(%s)
""")
_INSPECT = textwrap.dedent("""
    import json, sys, time
    from fondaco.images import inspect
    from fondaco.images.tests.memory import peak_kb
    from fondaco.images.tests import pictures
    inspect(pictures.jpeg(pictures.product(600)), mode="full")
    data = sys.stdin.buffer.read()
    before = peak_kb()
    began = time.process_time()
    inspect(data, mode=%r)
    spent = time.process_time() - began
    added = (peak_kb() - before) / 1000
    print(json.dumps({"added": added, "spent": spent}))
""")
