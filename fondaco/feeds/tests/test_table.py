"""Header lines, records and quoting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco.feeds import table
from fondaco.feeds.tests.tables import checked_text, faults, kettle, layout_of, line, text_of


def test_reads_settings_and_columns_in_any_order_and_spelling():
    layout = table.read_layout(
        lines=["TemplateType=x\tDecimal=,\tfor people", "Quantity\tItem Name\tSELLER_SKU\tprice"]
    )
    assert layout.is_usable
    assert layout.settings.decimal == ","
    assert layout.places == {"quantity": 0, "item-name": 1, "sku": 2, "price": 3}


@pytest.mark.parametrize("title", ["Mã SKU", "賣家 SKU"])
def test_reads_column_names_in_every_language(title):
    assert table.read_layout(lines=["x", f"{title}\tprice"]).places["sku"] == 0


def test_takes_attributes_of_the_catalogue_as_columns():
    layout = table.read_layout(lines=["x", "sku\tShoe Size\tMaterial"], attributes=["material", "shoe_size"])
    assert layout.places == {"sku": 0, "attribute:shoe_size": 1, "attribute:material": 2}


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["sku\titem-name\tprice", "A\tKettle\t3.00"], "file-header-missing"),
        (["x", "name of thing\tprice"], "file-columns-missing"),
        (["x", "sku\tprice\tSKU"], "file-column-twice"),
        (["x", "sku,item-name,price"], "file-separator"),
        (["x", "sku;item-name;price"], "file-separator"),
        (["", ""], "file-empty"),
    ],
)
def test_refuses_a_file_without_two_good_header_lines(lines, fault):
    layout = table.read_layout(lines=lines)
    assert not layout.is_usable
    assert layout.issues[0].fault == fault
    assert layout.issues[0].record == 0


def test_an_unknown_column_or_setting_is_a_warning_and_left_out():
    layout = table.read_layout(lines=["Frobnicate=1", "sku\tfrobnicate\tprice"])
    assert layout.is_usable
    assert [i.fault for i in layout.issues] == ["file-setting-unknown", "file-column-unknown"]
    assert layout.places == {"sku": 0, "price": 2}


@pytest.mark.parametrize(
    ("text", "cells", "unclosed"),
    [
        ("a\tb\tc", ["a", "b", "c"], []),
        ('a\t"b\tc"\td', ["a", "b\tc", "d"], []),
        ('24" monitor\tb', ['24" monitor', "b"], []),
        ('"say ""hi"""\tb', ['say "hi"', "b"], []),
        ('"Best" mug\tb', ['"Best" mug', "b"], []),
        ('""\tb', ["", "b"], []),
        ('"open\tb', ['"open', "b"], [0]),
        ('a\t"', ["a", '"'], [1]),
        ("", [""], []),
    ],
)
def test_splits_a_record(text, cells, unclosed):
    assert table.split_record(text) == (cells, unclosed)


def test_a_quoted_field_runs_over_lines():
    assert list(table.records('A\t"one\ntwo"\tx\nB\ty\n')) == ['A\t"one\ntwo"\tx', "B\ty"]


def test_a_quotation_mark_that_is_never_closed_swallows_nothing():
    text = 'A\t"open\tx\nB\ty\nC\t"closed"\tz\n'
    assert len(list(table.records(text))) == 3


def test_a_missing_mark_costs_one_row_at_most_however_long_the_file():
    rows = [line(kettle(sku="BAD", item_name='"never closed'))]
    rows += [line(kettle(sku=f"S{n}")) for n in range(500)]
    outcome = checked_text(text_of([]) + "\n".join(rows) + "\n")
    assert len(outcome) == 501
    assert faults(outcome) == [(1, "row-quote", "item-name")]


def test_records_of_marks_in_every_line_take_linear_time():
    text = "".join(f'S{n}\t"open {n}\tx\n' for n in range(20_000))
    assert sum(1 for _ in table.records(text)) == 20_000


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


CELL = st.text(st.sampled_from('ab"\t\nü '), max_size=12)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_a_spreadsheet_quotes_comes_back_whole(rows):
    text = "".join("\t".join(quoted(c) for c in row) + "\n" for row in rows)
    back = [table.split_record(r)[0] for r in table.records(text)]
    assert back == rows


@given(st.text(st.sampled_from('ab"\t\n'), max_size=60))
def test_no_text_is_lost_whatever_the_marks(text):
    assert "\n".join(table.records(text)) == text.removesuffix("\n")
    for record in table.records(text):
        cells, _ = table.split_record(record)
        assert sum(map(len, cells)) <= len(record)


def test_blank_lines_count_but_are_no_records():
    outcome = checked_text(text_of([kettle()]) + "\n\n" + line(kettle(sku="K2", price="x")) + "\n")
    assert outcome.processed == 2
    assert faults(outcome) == [(4, "price-unreadable", "price")]


def test_missing_cells_at_the_end_are_empty_and_superfluous_ones_must_be():
    short = "\t".join(list(kettle().values())[:6])
    text = text_of([], columns=["sku", "item-name", "product-type", "brand", "price", "quantity", "colour"])
    outcome = checked_text(
        text
        + short
        + "\n"
        + short.replace("KETTLE-1", "K2")
        + "\t\t\t\n"
        + short.replace("KETTLE-1", "K3")
        + "\t\t\tx\n"
    )
    assert outcome.columns["sku"] == ["KETTLE-1", "K2"]
    assert faults(outcome) == [(3, "row-too-many-fields", "")]


def test_layout_survives_being_stored():
    layout = layout_of(text_of([], settings="Decimal=,\tOperation=partial\tRefetch=yes"))
    again = table.Layout.from_json(layout.as_json())
    assert (again.places, again.width) == (layout.places, layout.width)
    assert (again.settings.decimal, again.settings.operation, again.settings.refetch) == (",", "partial", True)
