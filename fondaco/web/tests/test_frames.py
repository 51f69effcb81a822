"""A part that is rendered once and filled often says what its template would say."""

from __future__ import annotations

import pytest
from django.utils import translation
from django.utils.safestring import mark_safe

from fondaco.web.frames import fill

ROW = "catalogue/inventory_row.html"


def row(**changed: object) -> dict[str, object]:
    names = (
        "offer product_url images_url edit_url close_url reopen_url troubleshoot_url back thumb title asin status sku "
    )
    names += "condition channel image pill held sellable more_stock price choose_words change_words"
    return dict.fromkeys(names.split(), "-") | changed


def test_text_is_escaped_and_safe_text_is_not():
    html = fill(ROW, row(title='<b>"Tom & Jerry"</b>', thumb=mark_safe("<img>")), may_edit=True, status="active")
    assert "&lt;b&gt;&quot;Tom &amp; Jerry&quot;&lt;/b&gt;" in html
    assert "<img>" in html
    assert "\ue000" not in html


def test_each_row_has_its_own_values():
    first, second = (fill(ROW, row(sku=sku), may_edit=True, status="active") for sku in ("A-1", "B-2"))
    assert "A-1" in first
    assert "B-2" not in first
    assert "B-2" in second


@pytest.mark.parametrize(("language", "words"), [("en", "Manage Images"), ("vi", "Quản lý"), ("zh-hant", "管理")])
def test_each_language_has_its_own_words(language, words):
    with translation.override(language):
        assert words in fill(ROW, row(), may_edit=True, status="active")


def test_the_shape_decides_what_stands():
    assert "select-cell" in fill(ROW, row(), may_edit=True, status="active")
    assert "select-cell" not in fill(ROW, row(), may_edit=False, status="active")


def test_a_value_is_never_taken_for_a_place():
    assert "\ue000sku\ue001" in fill(ROW, row(title="\ue000sku\ue001", sku="S"), may_edit=True, status="active")
