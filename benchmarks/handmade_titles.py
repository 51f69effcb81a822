"""Titles of handmade goods in English, Vietnamese and Chinese, and what people type to find them.

Each word stands in many titles and each title is made of several, so that a search narrows a few hundred listings to
one, as in a shop. `titles(count)` gives them evenly in the three languages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

_WORDS = {
    "en": (
        ("Half-dipped", "Hand-thrown", "Ash-glazed", "Salt-fired", "Carved", "Woven", "Felted", "Block-printed"),
        ("stoneware", "porcelain", "walnut", "linen", "silver", "wool", "leather", "willow"),
        ("vase", "teapot", "serving bowl", "cushion cover", "brooch", "lampshade", "satchel", "basket"),
        ("with moss rim", "in tide blue", "for two", "with a foot", "with brass pin", "signed below", "in ochre"),
    ),
    "vi": (
        ("Bình gốm", "Ấm trà", "Chén sứ", "Khăn lụa", "Giỏ mây", "Đèn giấy", "Túi da", "Vòng bạc"),
        ("men rạn", "vuốt tay", "thêu hoa sen", "đan lát", "chạm khắc", "nhuộm chàm", "nung củi", "vẽ lam"),
        ("Bát Tràng", "Phù Lãng", "Vạn Phúc", "Hội An", "Chu Đậu", "Bàu Trúc", "Phước Tích", "Thanh Hà"),
        ("cao 24 cm", "cho hai người", "màu rêu", "viền đồng", "có chữ ký", "màu đất son", "khổ lớn"),
    ),
    "zh": (
        ("手工", "柴燒", "手拉坯", "手織", "手刻", "手染", "手縫", "古法"),
        ("青瓷", "粗陶", "胡桃木", "亞麻", "純銀", "羊毛", "牛皮", "柳條"),
        ("花瓶", "茶壺", "飯碗", "靠枕套", "胸針", "燈罩", "肩背包", "提籃"),
        ("半浸釉", "潮汐藍", "雙人用", "圈足", "黃銅扣", "底部落款", "赭石色"),
    ),
}


@dataclass(frozen=True, slots=True)
class Titled:
    """A title in a language, and words of it that a buyer would type."""

    language: str
    title: str
    asked: str


def titles(count: int) -> list[Titled]:
    """So many titles, no two alike."""
    each = -(-count // len(_WORDS))
    found = [list(_of(language))[:each] for language in _WORDS]
    return [titled for row in zip(*found, strict=True) for titled in row][:count]


def _of(language: str) -> Iterator[Titled]:
    space = "" if language == "zh" else " "
    parts = _WORDS[language]
    every = [(*words, n) for n in range(1, 40) for words in product(*parts)]
    step = 1_009  # a prime: neighbours in the list share few words
    for at in range(len(every)):
        first, second, third, fourth, number = every[at * step % len(every)]
        title = f"{space.join((first, second, third, fourth))} No. {number}"
        yield Titled(language, title, f"{second}{space}{third} {fourth} {number}")
