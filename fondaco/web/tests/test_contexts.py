"""One English word, two meanings: each part shows its own translation, whichever app stands first."""

from __future__ import annotations

import pytest
from django.utils import translation
from django.utils.translation import gettext, pgettext


@pytest.mark.parametrize(
    ("word", "context", "vietnamese", "chinese"),
    [
        ("Books", "of an accountant", "Sổ sách", "帳簿"),
        ("Books", "", "Sách", "書籍"),
        ("Cleared", "announcement", "Đã thông qua", "已放行"),
        ("Cleared", "", "Đã gỡ", "已解除"),
        ("Suspended", "seller account", "Bị đình chỉ", "已停權"),
        ("Author", "", "Tác giả", "作者"),
        ("Name", "", "Tên", "名稱"),
        ("Note", "", "Ghi chú", "備註"),
        ("Report", "to the marketplace", "Báo cáo", "檢舉"),
        ("New", "", "Mới", "全新"),
        ("Lighting", "", "Ánh sáng", "光線"),
    ],
)
def test_a_word_is_what_it_means_there(word: str, context: str, vietnamese: str, chinese: str) -> None:
    for language, wanted in (("vi", vietnamese), ("zh-hant", chinese)):
        with translation.override(language):
            assert (pgettext(context, word) if context else gettext(word)) == wanted
