"""Which letters are these."""

from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco.feeds import encoding

VIETNAMESE = (
    "Ấm đun nước tráng men màu xanh, dung tích hai lít, phù hợp mọi loại bếp",
    "Bát gốm thủ công nung củi, mỗi chiếc một sắc men khác nhau",
    "Khăn lụa tơ tằm dệt tay, họa tiết hoa sen, hộp quà tặng kèm theo",
    "Đèn bàn gỗ sồi, ánh sáng ấm, có công tắc cảm ứng ở chân đế",
)
CHINESE = (
    "藍色琺瑯水壺，容量兩公升，適用各種爐具",
    "手工柴燒陶碗，每一件的釉色都不相同",
    "手織蠶絲圍巾，蓮花圖案，附贈禮盒",
    "橡木檯燈，溫暖光線，底座有觸控開關",
)
WESTERN = (
    "Émaillierter Kessel für jede Küche – größer als üblich, 2 Liter",
    "Bol en grès émaillé, façonné à la main à Liège, pièce unique",
    "Pañuelo de seda tejido a mano con diseño de corazón, edición pequeña",
    "Lámpara de mesa señorial, luz cálida, interruptor en el pie",
)


def file_of(titles, encode) -> io.BytesIO:
    rows = [f"SKU-{n}\t{title}\tkettle\t39.90\t5" for n, title in enumerate(titles * 3)]
    return io.BytesIO(
        encode("TemplateType=x\nsku\titem-name\tproduct-type\tprice\tquantity\n" + "\n".join(rows) + "\n")
    )


def windows_1258(text: str) -> bytes:
    """As Windows writes Vietnamese: a base letter it has, then the tone as a mark of its own."""
    out = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            whole = unicodedata.normalize("NFD", letter)
            tone = next(c for c in whole if c in "\u0300\u0301\u0303\u0309\u0323")
            out += unicodedata.normalize("NFC", whole.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
    return out


@pytest.mark.parametrize(
    ("titles", "encode", "name"),
    [
        (VIETNAMESE, lambda t: t.encode(), "utf-8"),
        (VIETNAMESE, lambda t: t.encode("utf-8-sig"), "utf-8"),
        (CHINESE, lambda t: t.encode("utf-16"), "utf-16-le"),
        (CHINESE, lambda t: "\ufeff".encode("utf-16-be") + t.encode("utf-16-be"), "utf-16-be"),
        (VIETNAMESE, lambda t: t.encode("utf-16-le"), "utf-16-le"),
        (WESTERN, lambda t: t.encode("utf-16-be"), "utf-16-be"),
        (WESTERN, lambda t: t.encode("cp1252"), "cp1252"),
        (VIETNAMESE, windows_1258, "cp1258"),
        (CHINESE, lambda t: t.encode("cp950"), "cp950"),
        (("plain ASCII",), lambda t: t.encode(), "utf-8"),
    ],
)
def test_recognises_the_encoding_and_gives_the_text_back(titles, encode, name):
    file = file_of(titles, encode)
    found = encoding.detect(file=file)
    assert (found.name, found.is_sure) == (name, True)
    text = "".join(encoding.text_blocks(file=file, encoding=found.name, bom_bytes=found.bom_bytes))
    for title in titles:
        assert title in text
    assert text.startswith("TemplateType")


@pytest.mark.parametrize("title", [*VIETNAMESE, *CHINESE, *WESTERN])
def test_recognises_each_line_alone(title):
    if title in VIETNAMESE:
        raw, name = windows_1258(title), "cp1258"
    elif title in CHINESE:
        raw, name = title.encode("cp950"), "cp950"
    else:
        raw, name = title.encode("cp1252"), "cp1252"
    found = encoding.detect(file=io.BytesIO(raw))
    assert (found.name, found.is_sure) == (name, True), found


def test_sees_a_letter_after_a_million_plain_rows():
    file = io.BytesIO(b"SKU\tkettle\n" * 400_000 + "SKU\tBouilloire émaillée\n".encode("cp1252"))
    assert encoding.detect(file=file).name == "cp1252"


def test_damaged_utf8_is_still_utf8_and_says_how_much():
    good = ("ấm đun nước\n" * 200).encode()
    found = encoding.detect(file=io.BytesIO(good + b"caf\xe9\n" + good))
    assert (found.name, found.damaged) == ("utf-8", 1)
    text = "".join(encoding.text_blocks(file=io.BytesIO(good + b"caf\xe9\n"), encoding="utf-8"))
    assert "caf\udce9" in text


@pytest.mark.parametrize(
    "raw", [bytes(range(0x80, 0x100)) * 3, b"\x81\x8d\x9d\xff\xfe" * 20, b"x\xf7\xd7\xac\xa4\xbe" * 9]
)
def test_says_it_is_not_sure_about_noise(raw):
    assert not encoding.detect(file=io.BytesIO(raw)).is_sure


def test_utf32_is_named_and_refused():
    found = encoding.detect(file=io.BytesIO("sku\n".encode("utf-32")))
    assert (found.name, found.is_sure) == ("UTF-32", False)


def test_half_a_letter_at_the_end_of_utf16_is_told():
    raw = "sku\titem\n".encode("utf-16-le") + b"\x41"
    with pytest.raises(encoding.Undecodable):
        list(encoding.text_blocks(file=io.BytesIO(raw), encoding="utf-16-le"))


@pytest.mark.parametrize("name", ["UTF8", "latin_1", "Big5", "windows-1258", "UTF-16"])
def test_knows_the_names_people_give(name):
    assert encoding.canonical(name) in encoding.ACCEPTED


def test_does_not_know_a_name_it_cannot_read():
    assert encoding.canonical("ebcdic") is None


@given(st.binary(max_size=400))
def test_any_bytes_get_an_answer(raw):
    found = encoding.detect(file=io.BytesIO(raw))
    assert 0 <= found.confidence <= 1


@given(st.text(max_size=200))
def test_utf8_of_any_text_is_utf8(text):
    raw = text.encode("utf-8", "surrogatepass" if False else "ignore")
    if b"\0" not in raw and raw[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        assert encoding.detect(file=io.BytesIO(raw)).name == "utf-8"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=300), st.integers(1, 40))
def test_blocks_join_to_the_composed_text_whatever_their_size(text, block):
    old = encoding.BLOCK_BYTES
    encoding.BLOCK_BYTES = block
    try:
        blocks = list(encoding.text_blocks(file=io.BytesIO(text.encode()), encoding="utf-8"))
    finally:
        encoding.BLOCK_BYTES = old
    lines = "".join(blocks).split("\n")
    assert lines == [unicodedata.normalize("NFC", part) for part in text.split("\n")]
