"""Groups of what looks alike, against comparing everything with everything."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pyarrow.parquet as pq
import pytest
import simplejpeg
from hypothesis import given, settings
from hypothesis import strategies as st

from fondaco.demo.pictures import pixels
from fondaco.images.audit import cli
from fondaco.images.audit.summary.alike import components, near_pairs

from .audit_catalogue import fill, jpeg

MADE = st.tuples(st.integers(0, 2**64 - 1), st.lists(st.integers(0, 63), max_size=9))


@given(st.lists(MADE, min_size=1, max_size=12), st.integers(0, 8))
@settings(max_examples=60, deadline=None)
def test_finds_every_pair_that_is_near_and_no_other(made: list[tuple[int, list[int]]], bits: int) -> None:
    some = {base for base, _ in made} | {base ^ sum(1 << bit for bit in set(flips)) for base, flips in made}
    distinct = np.array(sorted(some), np.uint64)
    one, other = near_pairs(distinct, bits)
    found = {frozenset((int(distinct[a]), int(distinct[b]))) for a, b in zip(one, other)}
    assert found == {frozenset((a, b)) for a in some for b in some if a < b and (a ^ b).bit_count() <= bits}


@given(st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=40))
def test_components_are_what_hangs_together(edges: list[tuple[int, int]]) -> None:
    expected = {n: {n} for n in range(30)}
    for a, b in edges:
        joined = expected[a] | expected[b]
        for n in joined:
            expected[n] = joined
    one, other = (np.array([e[k] for e in edges], np.int64) for k in (0, 1))
    label = components(30, one, other)
    assert [int(n) for n in label] == [min(expected[n]) for n in range(30)]


def test_a_long_chain_hangs_together() -> None:
    one = np.arange(4_999)
    assert set(components(5_000, one, one + 1)) == {0}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = fill(tmp_path / "in", 8)
    (folder / "copy of 3.jpg").write_bytes(jpeg(3))
    mug, _cover = pixels("mug", seed=5, size=800)
    (folder / "mug.jpg").write_bytes(simplejpeg.encode_jpeg(mug, quality=92))
    smaller = cv2.resize(mug, (610, 610), interpolation=cv2.INTER_AREA)
    (folder / "smaller mug.jpg").write_bytes(simplejpeg.encode_jpeg(smaller, quality=70))
    for n in range(2):  # alike in having nothing on them, which is no likeness
        blank = np.full((200 + n, 200, 3), 255, np.uint8)
        (folder / f"blank {n}.jpg").write_bytes(simplejpeg.encode_jpeg(blank))
    (folder / "note.txt").write_text("one")
    assert cli.run([str(folder), "--out", str(tmp_path / "out"), "--engine", "plain"]) == 0
    return tmp_path / "out"


def test_copies_and_smaller_versions_stand_in_groups_and_blanks_in_none(out: Path) -> None:
    found: dict[int, set[str]] = {}
    for row in pq.read_table(out / "duplicates.parquet").to_pylist():
        found.setdefault(row["group"], set()).add(row["path"])
    assert sorted(found.values(), key=sorted) == [{"00/003.jpg", "copy of 3.jpg"}, {"mug.jpg", "smaller mug.jpg"}]


def test_groups_say_how_far_they_are_from_their_first(out: Path) -> None:
    rows = pq.read_table(out / "duplicates.parquet").to_pylist()
    bits = {row["path"]: row["differing_bits"] for row in rows}
    assert bits["00/003.jpg"] == bits["copy of 3.jpg"] == 0
    assert bits["smaller mug.jpg"] <= 6
