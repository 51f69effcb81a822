"""Rows: what a record must hold, and that one bad record leaves the others alone."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fondaco.feeds.check import Context
from fondaco.feeds.columns import CLEAR
from fondaco.feeds.errors import CATALOGUE, words
from fondaco.feeds.tests.tables import COLUMNS, checked, checked_text, faults, kettle, line, text_of

STORE = Context(
    product_types=frozenset({"kettle", "shirt"}),
    required={"kettle": ("material",), "shirt": ("size", "color")},
    themes={"shirt": ("size", "color", "size_color"), "kettle": ("color",)},
    theme_attributes={"size_color": ("size", "color"), "size": ("size",), "color": ("color",)},
)


def test_a_sound_record_becomes_values():
    outcome = checked(kettle(item_condition="New", handling_days="2", restock_date="2026-12-01", colour="blue"))
    assert not outcome.issues
    get = {k: column[0] for k, column in outcome.columns.items()}
    assert (get["sku"], get["price"], get["quantity"], get["item-condition"]) == ("KETTLE-1", 3990, 5, "new")
    assert (get["handling-days"], get["restock-date"].isoformat(), get["operation"]) == (2, "2026-12-01", "update")
    assert outcome.attributes["color"] == ("blue",)
    assert (outcome.processed, outcome.failed) == (1, 0)


@pytest.mark.parametrize(
    ("changed", "fault", "column"),
    [
        ({"sku": ""}, "sku-missing", "sku"),
        ({"sku": "x" * 41}, "value-too-long", "sku"),
        ({"item-name": ""}, "value-missing", "item-name"),
        ({"item-name": "x" * 201}, "value-too-long", "item-name"),
        ({"product-type": ""}, "value-missing", "product-type"),
        ({"price": ""}, "value-missing", "price"),
        ({"price": "cheap"}, "price-unreadable", "price"),
        ({"quantity": ""}, "value-missing", "quantity"),
        ({"quantity": "-1"}, "value-range", "quantity"),
        ({"item-condition": "shiny"}, "value-not-allowed", "item-condition"),
        ({"handling-days": "31"}, "value-range", "handling-days"),
        ({"restock-date": "soon"}, "date-unreadable", "restock-date"),
        ({"product-id": "123", "product-id-type": "ean"}, "product-id-wrong", "product-id"),
        ({"operation": "explode"}, "value-not-allowed", "operation"),
        ({"item-name": "bell\x07"}, "row-control", "item-name"),
        ({"item-name": "nul\x00"}, "row-control", "item-name"),
        ({"item-name": "caf\udce9"}, "row-bytes", "item-name"),
    ],
)
def test_a_fault_names_its_column_and_leaves_out_only_its_row(changed, fault, column):
    outcome = checked(kettle(sku="GOOD-1"), kettle() | changed, kettle(sku="GOOD-2"))
    assert faults(outcome) == [(2, fault, column)]
    assert outcome.columns["sku"] == ["GOOD-1", "GOOD-2"]
    assert outcome.numbers == [1, 3]
    assert (outcome.processed, outcome.failed) == (3, 1)


def test_every_fault_of_a_row_is_told():
    outcome = checked(kettle(price="x", quantity="y", item_name=""))
    assert {f for _, f, _ in faults(outcome)} == {"price-unreadable", "value-not-number", "value-missing"}
    assert outcome.failed == 1


def test_an_unknown_product_type_is_told():
    assert faults(checked(kettle(product_type="teapot"), context=STORE)) == [
        (1, "product-type-unknown", "product-type")
    ]


def test_product_types_are_read_whatever_their_case():
    outcome = checked(kettle(product_type="Kettle"), context=STORE)
    assert outcome.columns["product-type"] == ["kettle"]


def test_an_offer_on_an_existing_product_needs_no_name_and_no_type():
    assert not checked(kettle(product_id="F0ABCDE123", item_name="", product_type=""), context=STORE).issues


def test_units_in_our_own_centre_are_counted_by_us():
    assert not checked(kettle(fulfilment_channel="marketplace", quantity="")).issues
    outcome = checked(kettle(fulfilment_channel="marketplace", quantity="4"))
    assert faults(outcome) == [(1, "quantity-ignored", "quantity")]
    assert outcome.columns["quantity"] == [None]
    assert outcome.failed == 0


def test_prices_are_in_the_currency_of_the_store():
    columns = [*COLUMNS, "currency"]
    assert not checked(kettle(currency="usd"), columns=columns).issues
    assert faults(checked(kettle(currency="EUR"), columns=columns)) == [(1, "currency-wrong", "currency")]


def test_a_note_on_a_new_item_is_dropped_with_a_warning():
    outcome = checked(kettle(condition_note="a scratch"))
    assert faults(outcome) == [(1, "note-ignored", "condition-note")]
    assert outcome.columns["condition-note"] == [""]


def test_the_first_record_of_a_sku_counts():
    outcome = checked(kettle(), kettle(sku="B"), kettle(price="1.00"))
    assert faults(outcome) == [(3, "sku-twice", "sku")]
    assert outcome.issues[0].args == {"first": 1}
    assert outcome.columns["price"] == [3990, 3990]


def test_a_partial_update_needs_only_the_sku_and_keeps_what_is_empty():
    outcome = checked({"sku": "A", "price": "3.00", "operation": "partial"}, {"sku": "B", "operation": "delete"})
    assert not outcome.issues
    assert outcome.columns["price"] == [300, None]
    assert outcome.columns["operation"] == ["partial", "delete"]


def test_line_one_may_set_the_operation_of_all_records():
    outcome = checked({"sku": "A", "price": "3.00"}, settings="Operation=partial")
    assert outcome.columns["operation"] == ["partial"]


def test_the_mark_for_empty_empties():
    outcome = checked(
        {"sku": "A", "brand": CLEAR, "restock-date": CLEAR, "colour": CLEAR, "operation": "partial"},
        {"sku": "B", "price": CLEAR, "operation": "partial"},
        kettle(sku="C", brand=CLEAR, restock_date=CLEAR),
    )
    assert faults(outcome) == [(2, "value-missing", "price")]
    assert outcome.columns["brand"] == [CLEAR, ""]
    assert outcome.columns["restock-date"] == [CLEAR, None]
    assert outcome.attributes["color"] == [CLEAR, ""]


@pytest.mark.spec("IMG-16", "IMG-17", "B-IMG-07")
def test_addresses_of_pictures_go_to_their_slots_and_a_bad_one_stops_only_itself():
    outcome = checked(
        kettle(main_image_url="https://pictures.example/a.jpg", other_image_url1="kettle.jpg"),
    )
    assert outcome.images == {0: {"MAIN": "https://pictures.example/a.jpg"}}
    assert faults(outcome) == [(1, "image-url-invalid", "other-image-url1")]
    assert len(outcome) == 1


def test_pictures_keep_to_their_rows_when_others_are_left_out():
    outcome = checked(kettle(price="x"), kettle(sku="B", main_image_url="https://p.example/b.jpg"))
    assert outcome.columns["sku"] == ["B"]
    assert outcome.images == {0: {"MAIN": "https://p.example/b.jpg"}}


def test_attributes_a_type_should_state_are_counted_not_told():
    outcome = checked_text(
        text_of([kettle(), kettle(sku="B"), kettle(sku="C", product_id="F0ABCDE123")]), context=STORE
    )
    assert not outcome.issues
    assert outcome.lacking == {("kettle", "material"): 2}


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"parentage": "child"}, "parent-missing"),
        ({"parentage": "parent"}, "theme-missing"),
        ({"parent-sku": "KETTLE-1"}, "parent-self"),
        ({"parent-sku": "P", "variation-theme": "Size-Colour", "size": "M"}, "theme-value-missing"),
        ({"parentage": "parent", "variation-theme": "flavour"}, "theme-unknown"),
    ],
)
def test_families_must_be_whole(changed, fault):
    outcome = checked(kettle(product_type="shirt") | changed, context=STORE)
    assert [f for _, f, _ in faults(outcome)] == [fault]


def test_a_parent_needs_no_price():
    outcome = checked(
        kettle(parentage="parent", variation_theme="SizeColor", price="", quantity="", product_type="shirt"),
        context=STORE,
    )
    assert not outcome.issues
    assert outcome.columns["variation-theme"] == ["size_color"]


def test_spaces_at_the_edges_go_and_breaks_in_names_become_spaces():
    cell = '"Enamel\nkettle "'
    rows = text_of([kettle(sku=" KETTLE-1 ")]).replace("Enamel kettle", cell)
    outcome = checked_text(rows)
    assert (outcome.columns["sku"][0], outcome.columns["item-name"][0]) == ("KETTLE-1", "Enamel kettle")


NAUGHTY = [
    base64.b64decode(b).decode("utf-8", "surrogateescape")
    for b in (
        b"77u/",
        b"4oCu4oCuZXZpbA==",
        b"8J+RqOKAjfCfkanigI3wn5Gn",
        b"wqBubyBicmVha8Kg",
        b"zIPMhMyF",
        b"PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
        b"JHtqbmRpOmxkYXA6Ly94fQ==",
        b"JTAw",
        b"Jzsgc2VsZWN0IDE7LS0=",
        b"4oCL4oCL",
        b"77+9",
        b"PWNtZHwnIC9DIGNhbGMnIUEw",
        b"wq3CrQ==",
        b"8J2UqPCdlKnwnZSq",
    )
] + [
    "NULL",
    "None",
    "nan",
    "\\N",
    "\\.",
    "\\t",
    "%s",
    "%(sku)s",
    "{0}",
    "../../etc/passwd",
    "٣٤",
    "ﷺ",
    "Ⅷ",
    "0x10",
    "1E3",
    "1/0",
    "TRUE",
    "İ",
    "ß",
]


@pytest.mark.parametrize("nasty", NAUGHTY)
@pytest.mark.parametrize(
    "column", ["sku", "item-name", "price", "quantity", "item-condition", "main-image-url", "description"]
)
def test_naughty_text_is_a_value_or_a_fault_and_harms_no_neighbour(nasty, column):
    outcome = checked_text(text_of([kettle(sku="GOOD"), kettle() | {column: nasty}, kettle(sku="ALSO")]))
    assert {"GOOD", "ALSO"} <= set(outcome.columns["sku"])
    for issue in outcome.issues:
        assert issue.record == 2
        assert words(issue)


DAMAGED = st.integers(0xDC80, 0xDCFF).map(chr)  # bytes that were no text
CELL = st.text(st.characters(codec="utf-8", exclude_characters="\t\n\r") | DAMAGED, max_size=15)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), CELL, max_size=8), min_size=1, max_size=6))
def test_any_cells_give_values_and_known_faults(rows):
    text = text_of([], columns=COLUMNS) + "".join(line({"sku": "S"} | row) + "\n" for row in rows)
    outcome = checked_text(text, context=STORE)
    lengths = {len(column) for column in outcome.columns.values()} | {len(outcome.numbers)}
    assert len(lengths) <= 2
    assert outcome.processed == len(outcome.numbers) + outcome.failed
    for issue in outcome.issues:
        assert issue.fault in CATALOGUE
        assert "%(" not in words(issue), issue


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_after_a_sound_header_end_in_rows_or_findings(raw):
    text = text_of([kettle(sku="GOOD")]) + raw.decode("utf-8", "surrogateescape").replace("\r", "") + "\n"
    outcome = checked_text(text)
    assert "GOOD" in outcome.columns["sku"]
