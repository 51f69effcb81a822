"""Fonts of makers: by content, within bounds, one's own, and drawn on the buyer's picture (B-HAND-11)."""

from __future__ import annotations

import random
import struct
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fondaco.catalogue.operations import add_product
from fondaco.catalogue.tests.factories import make_jpeg
from fondaco.makers.models import HandmadeListing, MakerFont
from fondaco.makers.operations import listing
from fondaco.makers.rules.font import MOST_BYTES, font_kind
from fondaco.makers.tests.factories import VASE, make_maker_of
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller

pytestmark = pytest.mark.spec("B-HAND-11")

NEEDED = (b"cmap", b"head", b"hhea", b"hmtx", b"maxp", b"glyf")


def ttf(*, tables: tuple[bytes, ...] = NEEDED, count: int | None = None, offset: int | None = None) -> bytes:
    """A file with the directory of a TrueType font; its tables are empty."""
    start = 12 + 16 * len(tables)
    head = b"\x00\x01\x00\x00" + struct.pack(">HHHH", len(tables) if count is None else count, 0, 0, 0)
    rows = b"".join(struct.pack(">4sLLL", t, 0, start if offset is None else offset, 4) for t in tables)
    return head + rows + b"\0" * 8


def woff(*, tables: tuple[bytes, ...] = NEEDED, unpacked: int = 4, length: int | None = None) -> bytes:
    start = 44 + 20 * len(tables)
    body = b"".join(struct.pack(">4sLLLL", t, start, 4, max(4, unpacked), 0) for t in tables) + b"\0" * 8
    size = 44 + len(body) if length is None else length
    head = b"wOFF" + struct.pack(">4sLHHL", b"\x00\x01\x00\x00", size, len(tables), 0, unpacked)
    return head.ljust(44, b"\0") + body


def test_knows_fonts_by_their_content() -> None:
    assert (font_kind(ttf()), font_kind(woff())) == ("ttf", "woff")
    assert font_kind(ttf(), formats=["woff"]) == ""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"<svg/>" * 10,
        b"wOF2" + b"\0" * 100,
        ttf()[:60],
        ttf(count=60_000),
        ttf(offset=10**9),
        ttf(offset=4),
        ttf(tables=(b"cmap", b"head")),
        woff(length=10),
        woff(unpacked=2**31),
        woff()[:50],
        ttf() + b"\0" * MOST_BYTES,
    ],
)
def test_refuses_what_is_no_font(data: bytes) -> None:
    assert font_kind(data) == ""


def test_random_damage_is_never_a_crash() -> None:
    rng = random.Random(11)
    for good in (ttf(), woff()):
        for _n in range(500):
            data = bytearray(good)
            for _m in range(rng.randint(1, 8)):
                data[rng.randrange(len(data))] = rng.randrange(256)
            font_kind(bytes(data[: rng.randint(0, len(data))]))


@pytest.fixture
def june(db: Any) -> Any:
    person = make_person("June Clay")
    seller = make_seller("Juniper Clay", owner=person)
    make_maker_of(seller, person)
    return make_caller(person, seller=seller)


def form(**more: Any) -> dict[str, Any]:
    fields = {
        "s1-name": "Front",
        "s1i1-kind": "text",
        "s1i1-label": "Name",
        "s1i1-max": "12",
        "s1i1-x": "10",
        "s1i1-y": "10",
        "s1i1-w": "50",
        "s1i1-h": "20",
        "s1i2-kind": "configuration",
        "s1i2-label": "Glaze",
        "s1i2-options": "Moss\nGold | 4.50",
        "verb": "save",
    }
    return fields | more


@pytest.mark.django_db
def test_a_maker_draws_with_a_font_of_their_own_and_prices_an_option(client: Client, june: Any) -> None:
    asin = add_product(june, **VASE, sku="V").product.asin
    client.force_login(june.person)
    url = reverse("makers:customise", args=[asin])
    front = listing.take_surface_picture(data=make_jpeg(size=600), name="front.jpg", store="US")
    wrong = form(**{"s1-picture": front.pk, "s1i1-font-file": SimpleUploadedFile("a.ttf", b"MZ" * 30)})
    refused = client.post(url, wrong)
    assert refused.status_code == 422
    assert "is no font that browsers can use" in refused.content.decode()
    upload = SimpleUploadedFile("Brush.ttf", ttf())
    assert client.post(url, form(**{"s1-picture": front.pk, "s1i1-font-file": upload})).status_code == 302
    font = MakerFont.objects.get()
    assert (font.name, font.kind, font.seller) == ("Brush", "ttf", june.seller)
    row = HandmadeListing.objects.get()
    text, glaze = row.customisation["surfaces"][0]["items"]
    assert text["font"] == font.sha256
    assert [o["more_minor"] for o in glaze["options"]] == [0, 450]
    for typed in ({"s1i1-max": "", "s1i1-x": ""}, {"s1i1-max": "many", "s1i1-w": "-5"}):  # half filled in, drawn anew
        drawn = client.post(url, form(**{"s1-picture": front.pk, "verb": "preview", **typed}))
        assert drawn.status_code == 200
        assert "surface-preview" in drawn.content.decode()
    assert "Gold | 4.50" in client.get(url).content.decode()

    listing.activate_customisation(row.pk)
    client.logout()
    answer = client.post(reverse("makers:choose", args=[asin]), {"verb": "preview", "c1.1": "Ana"})
    assert f'font-family="maker-{font.sha256[:16]}, serif"' in answer.content.decode()
    css = client.get(reverse("makers:font_css", args=[font.sha256]))
    assert css["Content-Type"].startswith("text/css")
    assert reverse("makers:font", args=[font.sha256]) in css.content.decode()
    file = client.get(reverse("makers:font", args=[font.sha256]))
    assert (file["Content-Type"], file.content) == ("font/ttf", ttf())
    assert client.get(reverse("makers:font", args=["a" * 64])).status_code == 404


@pytest.mark.django_db
def test_another_makers_font_and_a_price_that_is_none_are_refused(client: Client, june: Any) -> None:
    asin = add_product(june, **VASE, sku="V").product.asin
    other = make_person("Ada Brook")
    basket = make_seller("Brook & Basket", owner=other)
    make_maker_of(basket, other)
    theirs = listing.add_font(make_caller(other, seller=basket), data=woff(), name="theirs.woff")
    client.force_login(june.person)
    url = reverse("makers:customise", args=[asin])
    assert client.post(url, form(**{"s1i1-font": theirs.sha256})).status_code == 422
    priced = client.post(url, form(**{"s1i2-options": "Moss\nGold | much"}))
    assert priced.status_code == 422
    assert "Gold | much" in priced.content.decode()
    assert HandmadeListing.objects.get().customisation == {}
