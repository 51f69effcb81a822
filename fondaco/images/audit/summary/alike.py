"""Which pictures are the same file, and which look alike, over the whole audit at once.

Two hashes of 64 bits that differ in at most `bits` agree wholly in at least three of `bits + 3` pieces of them. So
for every choice of three pieces the hashes are sorted by those, and only neighbours with equal pieces are compared:
complete, and five million pictures take about a minute instead of 12 million million comparisons.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from fondaco.images.audit.dataset import Dataset

AGREEING = 3
FARTHEST = 64
"""Neighbours compared in one run of equal pieces. Longer runs are one look with small changes, and hang together anyway."""

Hashes = NDArray[np.uint64]
Numbers = NDArray[np.int64]
COLUMNS = pa.schema(
    [("group", pa.int64()), ("path", pa.string()), ("sha256", pa.string()), ("differing_bits", pa.int32())]
)


@dataclass(frozen=True, slots=True)
class Groups:
    """`rows` under COLUMNS, the largest group first; `differing_bits` counts from the group's first picture.

    `copies`: pictures beyond the first of each content. `bits`: how many of 64 may differ in a group.
    """

    rows: pa.Table
    copies: int
    bits: int

    @property
    def count(self) -> int:
        return int(pc.max(self.rows["group"]).as_py() or 0)

    @property
    def pictures(self) -> int:
        return int(self.rows.num_rows)

    def of(self, paths: Any) -> dict[str, int]:
        """The group of each of these paths that is in one."""
        some = self.rows.filter(pc.is_in(self.rows["path"], value_set=pa.array(paths)))
        return dict(zip(some["path"].to_pylist(), some["group"].to_pylist(), strict=True))

    def largest(self, most: int) -> list[list[dict[str, Any]]]:
        """The first groups, each as its rows."""
        some = self.rows.filter(pc.less_equal(self.rows["group"], most)).to_pylist()
        found: dict[int, list[dict[str, Any]]] = {}
        for row in some:
            found.setdefault(row["group"], []).append(row)
        return list(found.values())

    def save(self, target: Path) -> None:
        part = target.with_name(f".{target.name}.tmp")
        pq.write_table(self.rows, part, compression="zstd")
        part.replace(target)


def groups(dataset: Dataset, *, bits: int) -> Groups:
    """Pictures without a product to look at belong to none, but the same content is the same content."""
    known = dataset.read(["path", "sha256", "looks_hash", "subject_box"])
    known = known.filter(pc.is_valid(known["sha256"])).sort_by("path")
    if not known.num_rows:
        return Groups(COLUMNS.empty_table(), 0, bits)
    contents = known["sha256"].combine_chunks().dictionary_encode()
    same = contents.indices.to_numpy().astype(np.int64)
    seen = pc.and_(pc.is_valid(known["looks_hash"]), pc.is_valid(known["subject_box"])).to_numpy()
    hashes = np.zeros(known.num_rows, np.uint64)
    hashes[seen] = [int(text, 16) for text in known["looks_hash"].filter(pa.array(seen)).to_pylist()]
    label = _joined(same, seen, hashes, bits)
    copies = known.num_rows - len(contents.dictionary)
    return Groups(_table(known, label, hashes), copies, bits)


def _joined(same: Numbers, seen: NDArray[np.bool_], hashes: Hashes, bits: int) -> Numbers:
    """A label a picture: equal for what hangs together by content or by looks."""
    distinct, which = np.unique(hashes[seen], return_inverse=True)
    one, other = near_pairs(distinct, bits)
    contents = int(same.max()) + 1
    looks = contents + which  # nodes: first the contents, then the looks
    edges_a = np.concatenate([same[seen], contents + one])
    edges_b = np.concatenate([looks, contents + other])
    return components(contents + len(distinct), edges_a, edges_b)[same]


def near_pairs(distinct: Hashes, bits: int) -> tuple[Numbers, Numbers]:
    """Indices of pairs that differ in at most `bits`; `distinct` is ascending and without repetitions."""
    edges = np.linspace(0, 64, bits + AGREEING + 1).round().astype(int)
    masks = [((1 << int(high)) - 1) ^ ((1 << int(low)) - 1) for low, high in pairwise(edges)]
    found = [_agreeing(distinct, np.uint64(sum(chosen)), bits) for chosen in combinations(masks, AGREEING)]
    one = np.concatenate([pair[0] for pair in found])
    other = np.concatenate([pair[1] for pair in found])
    return one, other


def _agreeing(distinct: Hashes, mask: np.uint64, bits: int) -> tuple[Numbers, Numbers]:
    """Pairs near enough among the hashes that are equal under `mask`."""
    key = distinct & mask
    order = np.argsort(key)
    key, value = key[order], distinct[order]
    ones, others = [], []
    begins = np.arange(len(key))
    for step in range(1, FARTHEST + 1):
        begins = begins[begins + step < len(key)]
        begins = begins[key[begins] == key[begins + step]]
        if not len(begins):
            break
        near = begins[np.bitwise_count(value[begins] ^ value[begins + step]) <= bits]
        ones.append(order[near])
        others.append(order[near + step])
    nothing = np.empty(0, np.int64)
    return np.concatenate([nothing, *ones]), np.concatenate([nothing, *others])


def components(count: int, one: Numbers, other: Numbers) -> Numbers:
    """The smallest node that each of `count` nodes hangs together with, by the edges `one`–`other`."""
    label = np.arange(count)
    while True:
        least = np.minimum(label[one], label[other])
        before = label.copy()
        np.minimum.at(label, label[one], least)
        np.minimum.at(label, label[other], least)
        label = label[label]  # halves the way to the smallest
        if np.array_equal(label, before):
            return label


def _table(known: pa.Table, label: Numbers, hashes: Hashes) -> pa.Table:
    """Groups of two and more, numbered from 1 by falling size, each in order of path."""
    _, number, size = np.unique(label, return_inverse=True, return_counts=True)
    rank = np.empty(len(size), np.int64)
    rank[np.lexsort((np.arange(len(size)), -size))] = np.arange(1, len(size) + 1)
    member = np.flatnonzero(size[number] > 1)
    group = rank[number[member]]
    order = np.argsort(group, kind="stable")  # `known` is in order of path already
    group, member = group[order], member[order]
    _, first = np.unique(group, return_index=True)
    leader = member[first][np.searchsorted(group[first], group)]
    bits = np.bitwise_count(hashes[member] ^ hashes[leader]).astype(np.int32)
    rows = known.select(["path", "sha256"]).take(member)
    return pa.table([pa.array(group), rows["path"], rows["sha256"], pa.array(bits)], schema=COLUMNS)
