"""Markdown to HTML: safe, anchored, framed."""

from __future__ import annotations

import pytest

from fondaco.help import rendering
from fondaco.help.placeholders import Filler, UnknownPlaceholder, simple

AROUND = rendering.Surroundings(
    link=lambda target: {"help:there": "/help/there"}.get(target),
    block=lambda kind, name: f"<table>{kind} {name}</table>",
    callouts={"note": "Note", "tip": "Tip", "warning": "Careful"},
    table_label="Table",
)


def html(markdown: str) -> str:
    return rendering.render(markdown, around=AROUND).html


def test_headings_carry_their_anchor_and_are_listed() -> None:
    made = rendering.render("## Find **it** {#find}\n\n### More {#more}\n", around=AROUND)
    assert made.headings == (rendering.Heading(2, "find", "Find it"), rendering.Heading(3, "more", "More"))
    assert '<h2 id="find">Find <strong>it</strong></h2>' in made.html
    assert "{#" not in made.html


def test_links_lead_to_pages_or_become_words() -> None:
    assert '<a href="/help/there">go</a>' in html("[go](help:there)")
    lost = html("[go](help:nowhere)")
    assert "<a" not in lost
    assert "go" in lost


@pytest.mark.parametrize("bad", ["<script>x</script>", '<img src=x onerror="y">', "[x](javascript:alert(1))"])
def test_nothing_dangerous_gets_through(bad: str) -> None:
    made = html(bad)
    assert "<script" not in made
    assert "<img" not in made
    assert "href" not in made


def test_tables_are_framed_and_their_cells_labelled() -> None:
    made = html("| | Yes | No |\n|---|---|---|\n| Way | a | b |\n")
    assert '<div class="table-frame"' in made
    assert made.count("<td data-label=") == 2
    assert '<th scope="row"><span>Way</span></th>' in made
    assert '<td data-label="Yes"><span>a</span></td>' in made
    assert "<th></th>" not in made
    assert '<th scope="col"></th>' not in made


def test_a_callout_has_its_title() -> None:
    made = html("> [!warning]\n> Mind the step.\n")
    assert '<aside class="help-callout help-callout--warning" role="note">' in made
    assert "<strong>Careful</strong>" in made
    assert "Mind the step." in made
    assert "[!" not in made


def test_a_plain_quotation_stays_one() -> None:
    assert html("> as she said\n").startswith("<blockquote>")


def test_blocks_are_put_in_after_cleaning() -> None:
    assert html("before\n\nBLOCK:table:image-errors\n") == "<p>before</p>\n<table>table image-errors</table>\n"


def test_chinese_has_no_gap_around_names() -> None:
    assert "開啟<strong>管理庫存</strong>並選擇" in html("開啟 **管理庫存** 並選擇")
    assert "使用 <strong>Buy</strong> 購買" in html("使用 **Buy** 購買")


FILLER = Filler(
    {"prime": "Swift*", "marketplace": "Quay"},
    policy={"image.hours": "24"}.get,
    screen=lambda word: f"«{word}»",
)


def test_placeholders_are_filled() -> None:
    assert FILLER.text("{{ marketplace }}: {{ policy:image.hours|9 }} h") == "Quay: 24 h"
    assert FILLER.text("{{ policy:unknown.key|.jpg, .tif }}") == ".jpg, .tif"
    assert FILLER.text("{{ ui:Manage Images }}") == "«Manage Images»"


def test_values_cannot_become_markdown() -> None:
    assert FILLER.markdown("{{ prime }}") == r"Swift\*"
    assert html(FILLER.markdown("**{{ prime }}**")) == "<p><strong>Swift*</strong></p>\n"


def test_an_unknown_placeholder_is_a_bug() -> None:
    with pytest.raises(UnknownPlaceholder):
        FILLER.text("{{ prise }}")


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (24, "hours", "24"),
        (10_000_000, "bytes", "10 MB"),
        (2_500_000, "bytes", "2.5 MB"),
        (999, "bytes", "999 B"),
        (("docx", "doc"), "", "docx, doc"),
        (True, "", None),
        (None, "", None),
        ({"a": 1}, "", None),
        ((), "", None),
    ],
)
def test_only_simple_values_stand_in_a_sentence(value: object, unit: str, said: str | None) -> None:
    assert simple(value, unit) == said
