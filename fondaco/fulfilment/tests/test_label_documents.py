"""What is printed can be read: by scanners, by people of every script, on printers of two densities."""

from __future__ import annotations

import re

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from fondaco.fulfilment.documents.label import FORMATS, render
from fondaco.fulfilment.documents.zpl import zpl_of
from fondaco.fulfilment.tests.label_factories import make_label, make_return_label, rate_request
from fondaco.sellers.addresses import PostalAddress

pytestmark = pytest.mark.django_db

TAIPEI = PostalAddress(
    name="陳怡君", street="信義路五段7號", city="臺北市", region="", postal_code="110", country="TW"
)  # fmt: skip
SAIGON = PostalAddress(
    name="Nguyễn Thị Mỹ Hạnh", street="125 Hai Bà Trưng, phường Bến Nghé", city="Thành phố Hồ Chí Minh", country="VN"
)
LONG = PostalAddress(
    name="A" * 60, company="B" * 60, street=f"{'C' * 60}\n{'D' * 60}", city="E" * 60, region="TX", postal_code="78701-1234"
)  # fmt: skip


def pixels(form: str, data: bytes) -> Image.Image:
    import io

    if form in ("pdf", "a4"):
        return pypdfium2.PdfDocument(data)[0].render(scale=3).to_pil().convert("L")
    if form == "png":
        return Image.open(io.BytesIO(data)).convert("L")
    return Image.fromarray(np.where(dots_of_zpl(data.decode()), 0, 255).astype(np.uint8))


def dots_of_zpl(text: str) -> np.ndarray:
    """An independent reading of ^GFA with counted repeats, as the printer does it."""
    total, _, per_row, body = re.search(r"\^GFA,(\d+),(\d+),(\d+),([^\^]*)", text).groups()
    wide = int(per_row) * 2
    rows, row, count = [], "", 0
    for sign in body.strip():
        if "G" <= sign <= "Y":
            count += ord(sign) - ord("G") + 1
        elif "g" <= sign <= "z":
            count += (ord(sign) - ord("g") + 1) * 20
        elif sign == ":":
            rows.append(rows[-1])
        elif sign in ",!":
            rows.append(row + ("0" if sign == "," else "F") * (wide - len(row)))
            row = ""
        else:
            row, count = row + sign * (count or 1), 0
            if len(row) == wide:
                rows.append(row)
                row = ""
    assert not row
    assert len(rows) * int(per_row) == int(total)
    data = np.frombuffer(bytes.fromhex("".join(rows)), dtype=np.uint8).reshape(len(rows), int(per_row))
    return np.unpackbits(data, axis=1).astype(bool)


@pytest.mark.spec("PRIME-33")
@pytest.mark.parametrize("form", FORMATS)
def test_a_scanner_reads_number_routing_and_square_of_a_return_label(form):
    label = make_return_label()
    found = zxingcpp.read_barcodes(pixels(form, render(label, FORMATS[form])))
    texts = {barcode.text for barcode in found}
    assert label.tracking_number in texts
    assert "(420)60601" in texts  # GS1-128: the return address
    assert f"{label.tracking_number}|meridian|ground|60601|US" in texts


@pytest.mark.parametrize("form", FORMATS)
def test_a_scanner_reads_a_label_to_a_very_long_address(form):
    label = make_label(request=rate_request(destination=LONG))
    assert label.tracking_number in {b.text for b in zxingcpp.read_barcodes(pixels(form, render(label, FORMATS[form])))}


@pytest.mark.parametrize(
    ("to", "words"),
    [
        (TAIPEI, ["陳怡君", "信義路五段7號"]),
        (SAIGON, ["Nguyễn Thị Mỹ Hạnh", "125 Hai Bà Trưng, phường Bến Nghé"]),
    ],
)
def test_every_script_stands_in_the_pdf_as_text_and_no_glyph_is_missing(to, words):
    label = make_label(request=rate_request(destination=to), service="priority")
    page = pypdfium2.PdfDocument(render(label, FORMATS["pdf"]))[0]
    text = page.get_textpage().get_text_range()
    read = "".join(text.split())
    assert [word for word in words if "".join(word.split()) not in read] == []
    assert "\ufffe" not in text
    assert "\x00" not in text


def test_markup_in_an_address_stays_text():
    evil = PostalAddress(
        name='#read("/etc/passwd")', street="$ sum $ *bold* `x` \\ <tag>", city="Austin", region="TX", postal_code="78701"
    )  # fmt: skip
    label = make_label(request=rate_request(destination=evil))
    text = pypdfium2.PdfDocument(render(label, FORMATS["pdf"]))[0].get_textpage().get_text_range()
    assert '#read("/etc/passwd")' in text
    assert "*bold*" in text


def test_sizes_are_four_by_six_inches_and_a4():
    label = make_label()
    sizes = {form: pypdfium2.PdfDocument(render(label, FORMATS[form]))[0].get_size() for form in ("pdf", "a4")}
    assert tuple(map(round, sizes["pdf"])) == (288, 432)
    assert tuple(map(round, sizes["a4"])) == (595, 842)
    assert dots_of_zpl(render(label, FORMATS["zpl203"]).decode()).shape == (1218, 816)  # 812 in whole bytes
    assert dots_of_zpl(render(label, FORMATS["zpl300"]).decode()).shape == (1800, 1200)


def test_bars_are_whole_dots_wide():
    label = make_label()
    dots = dots_of_zpl(render(label, FORMATS["zpl203"]).decode())
    row = dots[round(350 * 203 / 72)].astype(int)
    edges = np.flatnonzero(np.diff(row))
    widths = set(np.diff(edges).tolist())
    assert widths <= {width * min(widths) for width in range(1, 5)}


@pytest.mark.parametrize("shape", [(1, 1), (3, 7), (5, 812), (2, 4000)])
def test_zpl_says_exactly_the_dots(shape):
    rng = np.random.default_rng(7)
    dots = rng.random(shape) < 0.1
    read = dots_of_zpl(zpl_of(dots, dpi=203))
    assert (read[:, : shape[1]] == dots).all()
    assert not read[:, shape[1] :].any()
