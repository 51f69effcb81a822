"""Search: what a reader types finds what a reader means."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from fondaco.help import queries
from fondaco.help.search import Document, Index, snippet, terms_of


def first(query: str, language: str, *, within: int = 1) -> list[str]:
    with override(language):
        return [result.url.rpartition("/")[2] for result in queries.find(query, language=language)][:within]


@pytest.mark.parametrize(
    ("query", "language", "slug"),
    [
        ("missing product images", "en", "missing-product-images"),
        ("image not showing", "en", "missing-product-images"),
        ("processing report", "en", "processing-report"),
        ("redirect", "en", "invalid-image-urls"),
        ("batch id", "en", "processing-report"),
        ("hazmat", "en", "prime-requirements"),
        ("CANCEL imaging", "en", "imaging-faq"),
        ("daily order limit", "en", "prime-order-volume"),
        ("thieu hinh anh", "vi", "missing-product-images"),
        ("Thiếu hình ảnh", "vi", "missing-product-images"),
        ("bao cao xu ly", "vi", "processing-report"),
        ("trả hàng nhãn", "vi", "prime-requirements"),
        ("ho so nghe nhan", "vi", "handmade-maker-profile"),
        ("圖片遺失", "zh-hant", "missing-product-images"),
        ("處理報告", "zh-hant", "processing-report"),
        ("標章未顯示", "zh-hant", "prime-badge-not-showing"),
        ("創作者檔案", "zh-hant", "handmade-maker-profile"),
        ("手作商品找不到", "zh-hant", "handmade-not-found"),
        ("Missing product images", "zh-hant", "missing-product-images"),
    ],
)
def test_finds(query: str, language: str, slug: str) -> None:
    assert slug in first(query, language, within=3), first(query, language, within=5)


def test_a_title_comes_before_a_mention() -> None:
    assert first("image requirements", "en") == ["image-requirements"]


def test_decomposed_vietnamese_finds_the_same() -> None:
    assert first("Thie\u0302\u0301u hi\u0300nh a\u0309nh", "vi") == first("Thiếu hình ảnh", "vi")


def test_an_exact_requirement_comes_first() -> None:
    with override("en"):
        found = queries.find("what is img-22?", language="en")
    assert found[0].kind == "clause"
    assert found[0].url == "/help/clauses/IMG-22"


def test_a_code_comes_first() -> None:
    with override("en"):
        found = queries.find("format_not_accepted", language="en")
    assert (found[0].kind, found[0].url) == ("code", "/help/errors/format_not_accepted")


@pytest.mark.parametrize("query", ["", "   ", "!!! ??", "qqxzzyw"])
def test_nothing_is_found_for_nothing(query: str) -> None:
    with override("en"):
        assert queries.find(query, language="en") == []


def test_a_long_question_still_finds() -> None:
    assert "missing-product-images" in first(
        "why is my picture still missing after 24 hours please help", "en", within=4
    )


def test_terms_part_chinese_from_latin() -> None:
    assert terms_of("ASIN編號 IMG-22") == ["asin", "編號", "img-22"]


def test_a_snippet_marks_words_with_their_accents() -> None:
    parts = snippet(Document("x", {"body": "Bạn có thể xem Hình Ảnh tại đây."}), ["hinh", "anh"])
    assert [text for text, marked in parts if marked] == ["Hình", "Ảnh"]
    assert "".join(text for text, _ in parts) == "Bạn có thể xem Hình Ảnh tại đây."


def test_documents_that_hold_every_word_win() -> None:
    index = Index([Document("one", {"title": "red kettle"}), Document("two", {"title": "red"})])
    assert [hit.key for hit in index.find("red kettle")] == ["one"]
    assert [hit.key for hit in index.find("red teapot")] == ["two", "one"] or [
        hit.key for hit in index.find("red teapot")
    ] == ["one", "two"]


def test_every_article_is_found_by_its_own_title() -> None:
    for language in ("en", "vi", "zh-hant"):
        for slug in queries.library.slugs():
            card = queries.card_of(slug, language)
            assert card is not None
            assert slug in first(card.title, language, within=2), (slug, language, card.title)
