"""Chunks: every byte once, every record numbered as in the file."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fondaco.feeds import plan, table
from fondaco.feeds.tests.tables import kettle, layout_of, line, text_of


def planned(text: str, *, per_chunk: int = 10, block: int | None = None, monkeypatch=None):
    file = io.BytesIO(text.encode())
    lines, start = plan.header_lines(file=file)
    layout = table.read_layout(lines=lines)
    return file, start, layout, plan.plan(file=file, start=start, layout=layout, rows_per_chunk=per_chunk)


def reread(file, layout, span):
    file.seek(span.offset)
    return table.read_rows(raw=file.read(span.length), first_record=span.first_record, width=layout.width)


def test_every_chunk_can_be_read_again_by_offset_and_length():
    text = text_of(kettle(sku=f"S{n}") for n in range(35))
    file, start, layout, made = planned(text)
    assert [s.records for s in made.chunks] == [10, 10, 10, 5]
    assert made.chunks[0].offset == start
    assert all(a.offset + a.length == b.offset for a, b in zip(made.chunks, made.chunks[1:]))
    skus = [cells[0] for span in made.chunks for cells in reread(file, layout, span).cells]
    assert skus == [f"S{n}" for n in range(35)]
    assert reread(file, layout, made.chunks[3]).numbers == [31, 32, 33, 34, 35]


def test_record_one_is_line_three():
    file, _start, layout, made = planned(text_of([kettle()]))
    assert reread(file, layout, made.chunks[0]).numbers == [1]


@settings(max_examples=60, deadline=None)
@given(
    cells=st.lists(st.text(st.sampled_from('ab"\t\nüö '), max_size=9), max_size=60),
    block=st.integers(30, 300),
    per_chunk=st.integers(1, 7),
)
def test_chunks_cover_the_file_whatever_the_quoting_and_the_blocks(cells, block, per_chunk):
    rows = "".join('S\t"' + c.replace('"', '""') + '"\tx\n' for c in cells)
    file = io.BytesIO(rows.encode())
    layout = layout_of("x\nsku\titem-name\tbrand\n")
    old = plan.BLOCK_BYTES
    plan.BLOCK_BYTES = block
    try:
        made = plan.plan(file=file, start=0, layout=layout, rows_per_chunk=per_chunk)
    finally:
        plan.BLOCK_BYTES = old
    assert made.records == len(cells)
    assert sum(s.length for s in made.chunks) == len(rows.encode())
    back = [row[1] for span in made.chunks for row in reread(file, layout, span).cells]
    assert back == cells


def test_finds_skus_that_stand_twice_across_chunks():
    text = text_of(kettle(sku=sku) for sku in ["A", "B", "C", " A ", "D", "B", "A"])
    _, _, _, made = planned(text, per_chunk=3)
    assert [made.again_in(span) for span in made.chunks] == [[], [(4, 1), (6, 2)], [(7, 1)]]


def test_finds_twice_standing_skus_behind_quotation_marks():
    rows = ['"A"\tx', 'A\t"y, ""z"""', "B\tz"]
    file = io.BytesIO(("x\nsku\titem-name\n" + "\n".join(rows) + "\n").encode())
    layout = layout_of("x\nsku\titem-name")
    made = plan.plan(file=file, start=16, layout=layout)
    assert made.again_in(made.chunks[0]) == [(2, 1)]


def test_parents_are_known_before_their_children():
    text = text_of(
        [kettle(sku="P", parentage="parent"), kettle(sku="C", parentage="child"), kettle(sku="Q", parentage=" Parent")]
    )
    file, _, layout, made = planned(text)
    assert [s.first_record for s in made.parents] == [1, 3]
    assert reread(file, layout, made.parents[1]).cells[0][0] == "Q"


@pytest.mark.parametrize("length", [plan.MAX_RECORD_BYTES + 1, 3 * plan.BLOCK_BYTES])
@pytest.mark.parametrize("newline", ["\n", ""])
def test_a_record_too_long_to_be_true_is_left_out_and_the_rest_goes_on(length, newline):
    good = line(kettle())
    text = text_of([]) + good + "\n" + "x" * length + "\n" + good.replace("KETTLE-1", "K3") + newline
    file, _, layout, made = planned(text)
    assert [(i.record, i.fault) for i in made.issues] == [(2, "row-too-long")]
    rows = [reread(file, layout, span) for span in made.chunks]
    assert [(r.numbers, [c[0] for c in r.cells]) for r in rows] == [([1], ["KETTLE-1"]), ([3], ["K3"])]


def test_a_last_line_without_a_line_feed_is_a_record():
    text = text_of([kettle(), kettle(sku="K2")]).removesuffix("\n")
    file, _, layout, made = planned(text)
    assert made.records == 2
    assert reread(file, layout, made.chunks[0]).cells[1][0] == "K2"


def test_carriage_returns_before_line_feeds_vanish():
    file, _, layout, made = planned(text_of([kettle(description="x")]).replace("\n", "\r\n"))
    assert reread(file, layout, made.chunks[0]).cells[0][-1] == ""
    assert "\r" not in "".join(reread(file, layout, made.chunks[0]).cells[0])
