"""Customisation as buyers meet it: the form, the picture that is drawn, cart, checkout, order, and what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fondaco.catalogue.models import Offer
from fondaco.catalogue.operations import add_product
from fondaco.catalogue.tests.factories import make_jpeg
from fondaco.engine import clock
from fondaco.makers.models import HandmadeListing
from fondaco.makers.operations import choosing, listing
from fondaco.makers.tests.factories import VASE, make_maker_of, photo
from fondaco.orders.models import CartLine, OrderItem
from fondaco.orders.operations import Line, carts, place_order
from fondaco.orders.tests.factories import OHIO, make_buyer
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller

pytestmark = [pytest.mark.django_db, pytest.mark.spec("B-HAND-11")]

NAME = {"kind": "text", "label": "Initials", "required": True, "max": 3, "box": [40, 45, 20, 12], "colour": "#1b3a5c"}
GLAZE = {
    "kind": "configuration",
    "label": "Glaze",
    "required": True,
    "options": [{"label": "Clear"}, {"label": "Gold", "more_minor": 450}],
}
DRAWING = {"kind": "image", "label": "Your drawing", "required": False, "box": [10, 60, 30, 30]}


@pytest.fixture
def june(db: Any) -> Any:
    person = make_person("June Clay")
    seller = make_seller("Juniper Clay", owner=person)
    make_maker_of(seller, person)
    return make_caller(person, seller=seller)


def customised(june: Any, *items: dict[str, Any]) -> Offer:
    """A vase on which these things can be customised now."""
    added = add_product(june, **VASE, sku="VASE-1")
    front = listing.take_surface_picture(data=make_jpeg(size=600), name="front.jpg", store="US")
    surfaces = [{"name": "Front", "picture": front.pk, "items": list(items or (NAME, GLAZE, DRAWING))}]
    row = listing.save_customisation(june, asin=added.product.asin, definition={"surfaces": surfaces})
    listing.activate_customisation(row.pk)
    return added.offer


def page(client: Client, offer: Offer) -> str:
    return client.get(reverse("catalogue:product", args=[offer.product.asin])).content.decode()


def send(client: Client, offer: Offer, **fields: Any) -> Any:
    values = {key.replace("_", "."): value for key, value in fields.items() if key != "headers"}
    url = reverse("makers:choose", args=[offer.product.asin])
    return client.post(url, {"offer": str(offer.pk), "quantity": "1", **values}, headers=fields.get("headers", {}))


def test_the_product_page_has_the_form_and_the_whole_way_shows_what_was_asked_for(client: Client, june: Any) -> None:
    offer = customised(june)
    shown = page(client, offer)
    assert 'name="c1.1"' in shown
    assert "Gold (+$4.50)" in shown
    assert reverse("orders:cart_add") not in shown  # the plain button would leave the choices out

    upload = SimpleUploadedFile("drawing.jpg", photo(), content_type="image/jpeg")
    done = send(client, offer, **{"c1_1": "ANA", "c1_2": "1", "c1.3-file": upload})
    assert (done.status_code, done["Location"]) == (302, reverse("orders:cart"))
    line = CartLine.objects.get()
    assert [c["value"] for c in line.customisation["choices"]][:2] == ["ANA", "Gold"]
    assert line.unit_minor == VASE["price_minor"] + 450
    marks = line.customisation["drawn"][0]["marks"]
    assert [m["kind"] for m in marks] == ["text", "image"]
    cart = client.get(reverse("orders:cart")).content.decode()
    assert ">ANA</text>" in cart
    assert "$52.50" in cart

    buyer = make_buyer()
    client.force_login(buyer)  # the session's cart moves along
    assert "ANA" in client.get(reverse("orders:checkout")).content.decode()
    (order,) = place_order(
        make_caller(buyer),
        lines=[Line(offer.pk, customisation=line.customisation, seen_price_minor=line.unit_minor)],
        address=OHIO,
        request_key="made",
    )
    item = OrderItem.objects.get()
    assert (item.price_minor, item.customisation) == (VASE["price_minor"] + 450, line.customisation)
    bought = client.get(reverse("orders:order", args=[order.number])).content.decode()
    assert ">ANA</text>" in bought
    maker = Client()
    maker.force_login(june.person)
    theirs = maker.get(reverse("orders:seller_order", args=[order.number])).content.decode()
    assert ">ANA</text>" in theirs
    assert "<dd>Gold</dd>" in theirs
    assert reverse("makers:guidance") in theirs


def test_the_order_keeps_what_was_drawn_when_the_maker_changes_the_definition(client: Client, june: Any) -> None:
    offer = customised(june, NAME)
    send(client, offer, c1_1="ANA")
    asked = CartLine.objects.get().customisation
    buyer = make_buyer()
    (order,) = place_order(
        make_caller(buyer), lines=[Line(offer.pk, customisation=asked)], address=OHIO, request_key="a"
    )
    moved = {**NAME, "label": "Monogram", "box": [0, 0, 50, 20]}
    front = HandmadeListing.objects.get().customisation["surfaces"][0]["picture"]
    surfaces = [{"name": "Back", "picture": front, "items": [moved]}]
    row = listing.save_customisation(june, asin=offer.product.asin, definition={"surfaces": surfaces})
    listing.activate_customisation(row.pk)
    client.force_login(buyer)
    bought = client.get(reverse("orders:order", args=[order.number])).content.decode()
    assert "<dt>Initials</dt>" in bought
    assert "Back" not in bought
    with pytest.raises(choosing.ChoicesOutdated):  # and who still has it in the cart chooses again
        place_order(make_caller(buyer), lines=[Line(offer.pk, customisation=asked)], address=OHIO, request_key="b")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"c1_2": "0"}, "The maker needs this."),
        ({"c1_1": "ANNA", "c1_2": "0"}, "At most 3 characters"),
        ({"c1_1": "A\u202eNNA", "c1_2": "0"}, "At most 3 characters"),
        ({"c1_1": "ANA", "c1_2": "7"}, "Choose this again."),
        ({"c1_1": "ANA"}, "The maker needs this."),
    ],
)
def test_what_cannot_be_made_is_refused_beside_its_field_and_the_rest_is_kept(
    client: Client, june: Any, fields: dict[str, str], words: str
) -> None:
    offer = customised(june)
    upload = SimpleUploadedFile("drawing.jpg", photo(), content_type="image/jpeg")
    answer = send(client, offer, **fields, **{"c1.3-file": upload})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert not CartLine.objects.exists()
    if fields.get("c1_1") == "ANA":
        assert 'value="ANA"' in text
    token = re.search(r'name="c1\.3" value="([^"]+)"', text)
    assert token, "the picture is kept, without being sent again"
    assert send(client, offer, c1_1="ANA", c1_2="0", c1_3=token[1]).status_code == 302
    assert len(CartLine.objects.get().customisation["choices"]) == 3


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a not a picture", b"<svg onload=alert(1)>", photo(size=120), b"\xff\xd8\xff" + b"0" * 200]
)
def test_a_picture_goes_through_the_inspector(client: Client, june: Any, data: bytes) -> None:
    offer = customised(june)
    upload = SimpleUploadedFile("a.jpg", data, content_type="image/jpeg")
    answer = send(client, offer, **{"c1_1": "ANA", "c1_2": "0", "c1.3-file": upload})
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert not CartLine.objects.exists()


def test_a_picture_of_somebody_else_cannot_be_named(client: Client, june: Any) -> None:
    offer = customised(june)
    front = HandmadeListing.objects.get().customisation["surfaces"][0]["picture"]
    assert send(client, offer, c1_1="ANA", c1_2="0", c1_3=front).status_code == 302
    assert [c["kind"] for c in CartLine.objects.get().customisation["choices"]] == ["text", "configuration"]


def test_the_preview_follows_while_typing(client: Client, june: Any) -> None:
    offer = customised(june)
    asked = {"verb": "preview", "headers": {"HX-Request": "true"}}
    text = send(client, offer, c1_1="LOU", c1_2="1", **asked).content.decode()
    assert text.lstrip().startswith('<div id="custom-preview"')
    assert ">LOU</text>" in text
    assert "$52.50" in text
    assert "<form" not in text
    assert not CartLine.objects.exists()
    assert ">&lt;b&gt;</text>" in send(client, offer, c1_1="<b>", **asked).content.decode()


def test_nobody_buys_past_the_form(june: Any) -> None:
    offer = customised(june)
    buyer = make_caller(make_buyer())
    with pytest.raises(choosing.ChoicesMissing):
        carts.put_in(buyer, token="", offer_id=offer.pk, address=OHIO)
    with pytest.raises(choosing.ChoicesMissing):
        place_order(buyer, lines=[Line(offer.pk)], address=OHIO, request_key="x")
    fair = choosing.choose(offer, given={"1.1": "ANA", "1.2": "1"}, at=clock.now())
    for forged in (
        {**fair, "more_minor": 0},
        {**fair, "choices": fair["choices"][:1]},
        {"choices": "x"},
        {"text": "A"},
    ):
        with pytest.raises(choosing.ChoicesOutdated):
            carts.put_in(buyer, token="", offer_id=offer.pk, address=OHIO, customisation=forged)
    assert carts.put_in(buyer, token="", offer_id=offer.pk, address=OHIO, customisation=fair).unit_minor == 5250


def test_what_is_optional_may_stay_away_and_two_wishes_are_two_lines(client: Client, june: Any) -> None:
    offer = customised(june, {**NAME, "required": False})
    assert send(client, offer).status_code == 302
    assert CartLine.objects.get().customisation == {}
    for name in ("ANA", "LOU", "ANA"):
        send(client, offer, c1_1=name)
    assert sorted((c.quantity, len(c.customisation)) for c in CartLine.objects.all()) == [(1, 0), (1, 3), (2, 3)]


def test_in_another_store_options_that_cost_more_are_left_out(june: Any) -> None:
    offer = customised(june)
    abroad = listing.list_in_store(
        june, asin=offer.product.asin, store="CA", sku="VASE-CA", price_minor=6400, quantity=2, handling_days=5
    )
    (surface,) = choosing.offered_with(abroad, at=clock.now())["surfaces"]
    assert [o["label"] for o in surface["items"][1]["options"]] == ["Clear"]


def test_a_customisation_that_is_still_being_prepared_is_not_offered(client: Client, june: Any) -> None:
    offer = customised(june)
    row = HandmadeListing.objects.get()
    HandmadeListing.objects.update(customisation_at=None)
    assert choosing.offered_with(offer, at=clock.now()) == {}
    assert 'name="c1.1"' not in page(client, offer)
    assert choosing.offered_with(offer, at=row.customisation_due_at)  # at the latest after the hours of policy


def test_strangers_to_customisation_are_not_touched(client: Client, june: Any) -> None:
    plain = add_product(june, **VASE, sku="PLAIN").offer
    assert reverse("orders:cart_add") in page(client, plain)
    assert send(client, plain, c1_1="x")["Location"] == reverse("catalogue:product", args=[plain.product.asin])
    buyer = make_caller(make_buyer())
    with pytest.raises(choosing.ChoicesOutdated):
        carts.put_in(buyer, token="", offer_id=plain.pk, address=OHIO, customisation={"choices": [], "a": 1})
    assert client.post(reverse("makers:choose", args=["F000000000"])).status_code == 404
