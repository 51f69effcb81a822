"""Real files with their bytes changed: no crash, no hang, always a report. Longer runs by `python -m ... SECONDS`."""

from __future__ import annotations

import json
import random
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fondaco.images import inspect
from fondaco.images.pipeline import header
from fondaco.images.pipeline.inspect import Report

from . import hostile, pictures
from .pictures import product

SMALL = product(160)
SEEDS = {
    "jpeg": lambda: pictures.jpeg(SMALL),
    "jpeg with EXIF": lambda: hostile.with_segment(pictures.jpeg(SMALL), 0xE1, b"Exif\0\0" + hostile.exif(6, gps=True)),
    "jpeg with profile": lambda: hostile.with_segment(pictures.jpeg(SMALL), 0xE2, b"ICC_PROFILE\0\1\1" + bytes(300)),
    "progressive": lambda: hostile.vips(".jpg", SMALL, interlace=True),
    "png": lambda: hostile.vips(".png", SMALL),
    "gif": lambda: hostile.vips(".gif", SMALL),
    "tiff": lambda: hostile.vips(".tif", SMALL, compression="lzw"),
    "webp": lambda: hostile.vips(".webp", SMALL),
    "lossless webp": lambda: hostile.vips(".webp", SMALL, lossless=True),
    "avif": lambda: hostile.vips(".avif", SMALL, effort=0),
    "heic": lambda: hostile.HEIC,
}
MADE = {name: make() for name, make in SEEDS.items()}
SECONDS = 2.0


def answered(data: bytes) -> Report:
    began = time.process_time()
    report = inspect(data)
    assert time.process_time() - began < SECONDS
    assert report.verdict in ("eligible", "rejected", "unreadable")
    json.dumps(report.as_dict())
    return report


changes = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12)


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=changes, head=st.booleans(), cut=st.floats(0, 1), insert=st.binary(max_size=8))
def test_changed_bytes_are_answered(
    name: str, changes: list[tuple[float, int]], head: bool, cut: float, insert: bytes
) -> None:
    """Most changes fall into the first 700 bytes, where the structure is."""
    data = bytearray(MADE[name])
    reach = min(len(data), 700) if head else len(data)
    for place, value in changes:
        data[min(reach - 1, int(place * reach))] = value
    at = int(cut * reach)
    answered(bytes(data[:at] + insert + data[at:]))


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300), start=st.sampled_from([MADE[name][:16] for name in SEEDS]))
def test_noise_behind_a_signature_is_answered(data: bytes, start: bytes) -> None:
    answered(start + data)


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=2000))
def test_headers_raise_only_what_they_say(data: bytes) -> None:
    for made in MADE.values():
        try:
            header.read(made[:12] + data)
        except header.BrokenHeader:
            pass


def main(seconds: float) -> None:
    """`python -m fondaco.images.tests.test_pipeline_mutation 1800`: the long run, with a seed that it prints."""
    seed = random.SystemRandom().randrange(1 << 32)
    rng, runs, ends = random.Random(seed), 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        data = bytearray(MADE[rng.choice(list(MADE))])
        reach = rng.choice([64, 700, len(data)])
        for _ in range(rng.randrange(1, 20)):
            at = rng.randrange(min(reach, len(data)))
            how = rng.randrange(4)
            if how == 0:
                data[at] = rng.randrange(256)
            elif how == 1:
                data[at : at + 4] = rng.choice([b"\xff\xff\xff\xff", bytes(4), b"\x7f\xff\xff\xff", b"\0\0\0\1"])
            elif how == 2:
                del data[at : at + rng.randrange(40)]
            else:
                data[at:at] = bytes(data[at : at + rng.randrange(60)])
            if not data:
                data = bytearray(b"\xff")
        try:
            answered(bytes(data))
        except Exception:
            sys.stderr.write(f"seed {seed}, run {runs}: {bytes(data[:80])!r}\n")
            raise
        runs += 1
    sys.stdout.write(f"{runs} files in {seconds:g} s, seed {seed}: nothing broke\n")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60)
