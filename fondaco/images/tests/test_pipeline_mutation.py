"""Real files with their bytes changed: no crash, no hang, always a report. Longer runs by `python -m ... SECONDS`."""

from __future__ import annotations

import json
import multiprocessing
import random
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fondaco.images import inspect
from fondaco.images.pipeline import header
from fondaco.images.pipeline.inspect import Report

from . import hostile, pictures
from .memory import peak_kb
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
SECONDS, MEGABYTES = 2.0, 100


def answered(data: bytes, mode: str | None = None) -> Report:
    began = time.process_time()
    report = inspect(data, mode=mode)
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


def mutated(rng: random.Random) -> bytes:
    """A sound file with some of its bytes changed, dropped or doubled, most often near its start; sometimes spliced
    onto another."""
    data = bytearray(MADE[rng.choice(list(MADE))])
    if rng.random() < 0.1:
        other = MADE[rng.choice(list(MADE))]
        data[rng.randrange(len(data)) :] = other[rng.randrange(len(other)) :]
    reach = rng.choice([64, 700, len(data)])
    for _ in range(rng.randrange(1, 20)):
        at = rng.randrange(min(reach, len(data)))
        how = rng.randrange(4)
        if how == 0:
            data[at] = rng.randrange(256)
        elif how == 1:
            data[at : at + 4] = rng.choice(
                [b"\xff\xff\xff\xff", bytes(4), b"\x7f\xff\xff\xff", b"\0\0\0\1", b"\0\0\x27\x10"]
            )
        elif how == 2:
            del data[at : at + rng.randrange(40)]
        else:
            data[at:at] = bytes(data[at : at + rng.randrange(60)])
        data = data or bytearray(b"\xff")
    return bytes(data)


def keep_answering(seconds: float, seed: int, last: Path) -> None:
    """Each file is written to `last` before it is inspected, so that a crash of the process leaves it behind."""
    for mode in ("full", "half"):
        inspect(pictures.jpeg(product(1000)), mode=mode)
    base = peak_kb()
    rng, runs, ends = random.Random(seed), 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        data = mutated(rng)
        last.write_bytes(data)
        answered(data, mode=rng.choice(["full", "half"]))
        added = (peak_kb() - base) / 1000
        assert added < MEGABYTES, f"{added:.0f} MB"
        runs += 1
    sys.stdout.write(f"{runs} files in {seconds:g} s, seed {seed}: nothing broke\n")


def main(seconds: float) -> int:
    """`python -m fondaco.images.tests.test_pipeline_mutation 1800`: the long run. What crashes, hangs, or takes too much
    memory stays in the file that it names."""
    seed = random.SystemRandom().randrange(1 << 32)
    last = Path(tempfile.mkdtemp()) / "last.bin"
    process = multiprocessing.get_context("spawn").Process(target=keep_answering, args=(seconds, seed, last))
    process.start()
    changed, seen = time.monotonic(), b""
    while process.is_alive():
        process.join(5)
        now = last.read_bytes() if last.exists() else b""
        changed, seen = (time.monotonic(), now) if now != seen else (changed, seen)
        if process.is_alive() and time.monotonic() - changed > 120:
            sys.stderr.write("hangs\n")
            process.kill()
    if process.exitcode:
        sys.stderr.write(f"seed {seed}, exit {process.exitcode}: see {last}\n")
    return int(bool(process.exitcode))


if __name__ == "__main__":
    raise SystemExit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60))
