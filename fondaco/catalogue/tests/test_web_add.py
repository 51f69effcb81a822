"""Add a Product: new or joined, with pictures that are judged as they arrive, once however often it is sent."""

from __future__ import annotations

from hashlib import sha256

import cv2
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fondaco.catalogue.models import ListingImage, Offer, Product
from fondaco.catalogue.operations import sweeping
from fondaco.catalogue.tests.factories import make_jpeg, make_offer, shown_image
from fondaco.catalogue.tests.test_operations_looking import later
from fondaco.engine import files
from fondaco.images.models import Picture

pytestmark = pytest.mark.django_db
XHR = {"X-Requested-With": "XMLHttpRequest"}
NEW = {
    "type": "mug",
    "title": "Stoneware mug",
    "brand": "Harbor",
    "hazmat_class": "none",
    "attribute_color": "blue",
    "sku": "RIM-1",
    "price_minor": "18.90",
    "quantity": "12",
    "handling_days": "1",
    "channel": "seller",
    "condition": "new",
    "request_key": "k1",
}


@pytest.fixture
def browser(harbor, client: Client) -> Client:
    client.force_login(harbor.person)
    return client


@pytest.fixture
def url() -> str:
    return reverse("catalogue:add_new")


def text_of(response) -> str:
    return response.content.decode()


def a_file(data: bytes, name: str = "IMG_2041.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


def png() -> bytes:
    return cv2.imencode(".png", np.full((900, 900, 3), 255, np.uint8))[1].tobytes()


def test_the_types_are_offered_by_department_in_the_readers_words(browser):
    page = text_of(browser.get(reverse("catalogue:add_product")))
    assert "Clothing and bags" in page
    assert f'{reverse("catalogue:add_new")}?type=sweater">Sweaters</a>' in page
    assert browser.get(reverse("catalogue:add_new"), {"type": "no such"}).url == reverse("catalogue:add_product")


@pytest.mark.spec("IMG-06", "IMG-03", "IMG-05")
def test_a_product_is_made_with_its_picture_and_leads_to_manage_images(browser, url):
    assert reverse("help:article", args=["image-requirements"]) in text_of(browser.get(url, {"type": "mug"}))
    answer = browser.post(url, {**NEW, "pictures": a_file(make_jpeg())}, follow=True)
    product = Product.objects.get()
    assert answer.redirect_chain == [(reverse("catalogue:manage_images", args=[product.asin]), 302)]
    image = ListingImage.objects.get()
    assert (image.variant, image.state, image.method, image.file_name) == (
        "MAIN",
        "submitted",
        "portal",
        "IMG_2041.jpg",
    )
    said = text_of(answer)
    assert "due within 24 hours" in said
    assert "Due by" in said
    assert (product.attributes, Offer.objects.get().price_minor) == ({"color": "blue"}, 1890)


def test_sending_the_form_twice_makes_one_product(browser, url):
    picture = make_jpeg()
    first = browser.post(url, {**NEW, "pictures": a_file(picture)})
    again = browser.post(url, {**NEW, "pictures": a_file(picture)})
    assert first.url == again.url
    assert (Product.objects.count(), Offer.objects.count(), ListingImage.objects.count()) == (1, 1, 1)


def test_every_fault_stands_beside_its_field(harbor, browser, url):
    make_offer(harbor, sku="RIM-1")
    wrong = browser.post(url, {**NEW, "title": "", "attribute_color": "", "price_minor": "1.999", "quantity": "x"})
    assert wrong.status_code == 422
    assert list(wrong.context["form"].errors) == ["title", "attribute_color", "price_minor", "quantity"]
    taken = browser.post(url, NEW)
    assert taken.status_code == 422
    assert "You already use the SKU RIM-1 for another offer." in taken.context["form"].errors["sku"][0]
    assert Product.objects.count() == 1


@pytest.mark.spec("IMG-20")
def test_a_file_that_can_never_be_used_is_told_before_anything_is_saved(browser, url):
    answer = browser.post(url, {**NEW, "pictures": a_file(png(), "photo.jpg")})
    assert answer.status_code == 422
    assert "photo.jpg: " in answer.context["form"].errors["pictures"][0]
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("data", "name", "status", "tone"),
    [
        (make_jpeg(seed=1), "a.jpg", 200, None),
        (make_jpeg(ground=205, fill=0.6, seed=2), "grey.jpg", 200, "warn"),
        (png(), "a.jpg", 422, None),
        (b"<html>", "a.jpg", 422, None),
        (b"", "a.jpg", 422, None),
    ],
)
def test_a_dropped_file_is_judged_as_it_arrives(browser, url, data, name, status, tone):
    answer = browser.post(url, {"type": "mug", "pictures": a_file(data, name)}, headers=XHR)
    assert (answer.status_code, answer.json()["ok"], answer.json().get("tone")) == (status, status == 200, tone)
    assert answer.json()["words"]
    assert ("keep" in answer.json()) == (status == 200)
    if tone:
        assert "The background is not pure white" in answer.json()["words"]
    assert not ListingImage.objects.exists()


def test_pictures_sent_ahead_come_with_the_form_the_first_as_the_main_one(browser, url):
    tokens = [
        browser.post(url, {"type": "mug", "pictures": a_file(make_jpeg(), f"{n}.jpg")}, headers=XHR).json()["keep"][
            "value"
        ]
        for n in range(2)
    ]
    shown_again = browser.post(url, {**NEW, "title": "", "kept": tokens})
    assert [each.name for each in shown_again.context["kept"]] == ["0.jpg", "1.jpg"]
    browser.post(url, {**NEW, "kept": [*tokens, "forged"]})
    images = ListingImage.objects.order_by("variant")
    assert [(i.variant, i.file_name) for i in images] == [("MAIN", "0.jpg"), ("PT01", "1.jpg")]


def test_a_picture_whose_product_was_never_saved_is_forgotten_after_days(
    browser, url, django_capture_on_commit_callbacks
):
    data = [make_jpeg(seed=n) for n in range(2)]
    tokens = [
        browser.post(url, {"type": "mug", "pictures": a_file(each)}, headers=XHR).json()["keep"]["value"]
        for each in data
    ]
    saved, unsaved = (sha256(each).hexdigest() for each in data)
    browser.post(url, {**NEW, "kept": tokens[:1]})
    later(days=2)
    assert sweeping.forget_staged_pictures() == 0
    later(days=4)
    folder = files.local_path("renditions", "x").parent
    assert list(folder.rglob(f"{unsaved}*"))
    with django_capture_on_commit_callbacks(execute=True):
        assert sweeping.forget_staged_pictures() == 2
    assert [p.pk for p in Picture.objects.all()] == [saved]
    assert (files.exists("originals", saved), files.exists("originals", unsaved)) == (True, False)
    assert not list(folder.rglob(f"{unsaved}*"))
    assert sweeping.forget_staged_pictures() == 0


def test_a_token_of_another_seller_brings_nothing(swift, browser, url):
    other = Client()
    other.force_login(swift.person)
    token = other.post(url, {"type": "mug", "pictures": a_file(make_jpeg())}, headers=XHR).json()["keep"]["value"]
    browser.post(url, {**NEW, "kept": [token]})
    assert Product.objects.count() == 1
    assert not ListingImage.objects.exists()


def test_an_address_that_can_never_be_fetched_is_told_at_its_field(browser, url):
    for wrong in ("ftp://host.example/a.jpg", "not an address", "https://user:pass@host.example/a.jpg"):
        answer = browser.post(url, {**NEW, "picture_url": wrong})
        assert answer.status_code == 422
        assert "picture_url" in answer.context["form"].errors
    browser.post(url, {**NEW, "picture_url": "https://pictures.example/mug.jpg"})
    assert ListingImage.objects.get().source_url == "https://pictures.example/mug.jpg"


def test_an_existing_product_is_found_and_joined(harbor, swift, browser):
    theirs = make_offer(swift, title="Enamel teapot").product
    shown_image(swift, theirs)
    for wanted in ("enamel teapot", theirs.asin):
        page = text_of(browser.get(reverse("catalogue:add_product"), {"q": wanted}))
        assert reverse("catalogue:add_offer", args=[theirs.asin]) in page
    offer = {k: v for k, v in NEW.items() if k not in ("type", "title", "brand", "hazmat_class", "attribute_color")}
    answer = browser.post(reverse("catalogue:add_offer", args=[theirs.asin]), offer)
    assert answer.url == reverse("catalogue:manage_images", args=[theirs.asin])
    assert Product.objects.count() == 1
    assert Offer.objects.get(seller=harbor.seller).product == theirs
    assert browser.get(reverse("catalogue:add_offer", args=["F000000000"])).status_code == 404
    page = text_of(browser.get(reverse("catalogue:add_product"), {"q": theirs.asin}))
    assert "you offer it as RIM-1" in page
