"""Processing reports."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco.feeds import report
from fondaco.feeds.report import Counts, Line


def parsed(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.spec("B-IMG-12", "IMG-23")
def test_counts_stand_on_top_and_then_one_line_an_error():
    lines = [Line(record=3, sku="KETTLE-3", code="15", type="error", message="Invalid image URL.")]
    text = "".join(report.tab_delimited(counts=Counts(processed=1045, successful=1030), lines=lines))
    rows = parsed(text)
    assert rows[0] == ["Feed Processing Summary:"]
    assert [r[-1] for r in rows[1:3]] == ["1045", "1030"]
    assert rows[4] == ["original-record-number", "sku", "error-code", "error-type", "error-message"]
    assert rows[5] == ["3", "KETTLE-3", "15", "error", "Invalid image URL."]


@pytest.mark.parametrize("sku", ["=1+1", "+A1", "-A1", "@x", "  =1", "＝1", " =cmd()"])
def test_a_spreadsheet_sees_text_and_no_formula(sku):
    text = "".join(
        report.tab_delimited(
            counts=Counts(processed=1, successful=0),
            lines=[Line(record=1, sku=sku, code="15", type="error", message=sku)],
        )
    )
    row = parsed(text)[-1]
    assert len(row) == 5
    assert row[1].startswith("'")
    assert row[4].startswith("'")


@given(st.text(max_size=40), st.text(max_size=80))
def test_any_text_stays_in_its_cell(sku, message):
    line = Line(record=1, sku=sku, code="15", type="error", message=message)
    rows = "".join(report.tab_delimited(counts=Counts(processed=1, successful=0), lines=[line])).split("\r\n")
    assert len(rows) == 7
    assert rows[5].count("\t") == 4
    assert not set(rows[5]) & {"\n", "\r", "\x0b", "\x0c", "\u2028", "\x85"}


def test_the_json_report_follows_the_published_schema():
    lines = [
        Line(record=0, sku="", code="LOCAL-FILE-07", type="warning", message="left out"),
        Line(record=4, sku="A", code="90220", type="error", message="“price” is required.", attribute="price"),
    ]
    counts = Counts(processed=4, successful=3, errors=1, warnings=1)
    made = json.loads("".join(report.json_report(seller_id="A1", feed_id="7", counts=counts, lines=lines)))
    assert made["header"] == {"sellerId": "A1", "version": "2.0", "feedId": "7"}
    assert made["summary"] == {
        "errors": 1,
        "warnings": 1,
        "messagesProcessed": 4,
        "messagesAccepted": 3,
        "messagesInvalid": 1,
    }
    assert "messageId" not in made["issues"][0]
    assert made["issues"][1] == {
        "code": "90220",
        "severity": "ERROR",
        "message": "“price” is required.",
        "messageId": 4,
        "sku": "A",
        "attributeName": "price",
    }
    assert "items" not in made


def test_items_are_there_when_asked_for():
    made = json.loads(
        "".join(
            report.json_report(
                seller_id="A",
                feed_id="1",
                counts=Counts(processed=0, successful=0),
                lines=[],
                items=[{"sku": "A"}, {"sku": "B"}],
            )
        )
    )
    assert [i["sku"] for i in made["items"]] == ["A", "B"]
