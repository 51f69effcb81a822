"""Text at the edge and in search columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco.kit.text import (
    TextMissing,
    TextTooLong,
    UnstorableText,
    fold,
    line,
    paragraphs,
    require_storable,
    same_note,
    shorten,
    storable,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Áo Sơ-mi  ĐẸP", "ao so-mi dep"),
        ("STRASSE Straße", "strasse strasse"),
        ("Crème brûlée", "creme brulee"),
        ("Ｆｕｌｌ　Ｗｉｄｔｈ", "full width"),
        ("陶瓷 花瓶", "陶瓷 花瓶"),
        ("ガラス", "ガラス"),
        ("İstanbul ışık", "istanbul isik"),
        ("smørrebrød Æble", "smorrebrod aeble"),
        ("  \t a\n b ", "a b"),
    ],
)
def test_folds_case_accents_and_width(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_folding_twice_changes_nothing_and_case_never_matters(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="aáàăâbcdđeéêghikơưxyz ABCĐ", max_size=30))
def test_folding_does_not_see_case(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


@pytest.mark.parametrize(("text", "position"), [("a\x00b", 2), ("\ud83d", 1), ("ab\udc00", 3)])
def test_refuses_what_no_database_keeps(text: str, position: int) -> None:
    assert not storable(text)
    with pytest.raises(UnstorableText) as refused:
        require_storable(text)
    assert refused.value.facts["position"] == position
    with pytest.raises(UnstorableText):
        line(text, limit=10)


def test_a_line_is_one_line_without_disguises() -> None:
    assert line("  red\r\n\tvase ", limit=20) == "red vase"
    assert line("gpj.\u202eexe", limit=20) == "gpj.exe"
    assert line("e\u0301", limit=1) == "é"


def test_paragraphs_keep_their_breaks() -> None:
    assert paragraphs(" a\r\n\r\n  b\rc \x07", limit=20) == "a\n\n  b\nc"


def test_refuses_too_much_and_nothing() -> None:
    with pytest.raises(TextTooLong) as refused:
        line("abcdef", limit=5)
    assert (refused.value.facts["length"], refused.value.facts["limit"]) == (6, 5)
    with pytest.raises(TextMissing):
        line(" \t", limit=5, required=True)
    assert line("", limit=5) == ""


def test_notes_are_the_same_whatever_case_spaces_and_punctuation() -> None:
    assert same_note("Like new, in box!", "like  NEW in-box")
    assert not same_note("Like new, in box", "Like new, no box")


def test_shortens_with_an_ellipsis() -> None:
    assert shorten("abcdef", 4) == "abc…"
    assert shorten("abcd", 4) == "abcd"
