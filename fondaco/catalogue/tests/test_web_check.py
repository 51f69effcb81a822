"""One picture against five marketplaces, and where nearly the same one stands already."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import simplejpeg
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fondaco.catalogue.queries.alike import alike_images
from fondaco.catalogue.queries.same_product import closer_elsewhere
from fondaco.catalogue.tests.factories import make_image, make_jpeg, make_product, shown_image
from fondaco.images.models import Inspection, Picture
from fondaco.images.pipeline import vision
from fondaco.images.tests import pictures

pytestmark = pytest.mark.django_db
NAMES = ("This marketplace", "eBay", "Walmart Marketplace", "Google Merchant Center", "Etsy")


@pytest.fixture
def browser(harbor, client: Client) -> Client:
    client.force_login(harbor.person)
    return client


def check(browser: Client, data: bytes, name: str = "mug.jpg"):
    upload = SimpleUploadedFile(name, data, "image/jpeg")
    return browser.post(reverse("catalogue:check_image"), {"picture": upload})


def test_one_file_is_judged_by_five_marketplaces_and_forgotten(browser):
    answer = check(browser, pictures.jpeg(pictures.product(1200)))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert all(name in page for name in NAMES)
    assert "of 5 marketplaces accept" in page
    assert not Picture.objects.exists()
    assert not Inspection.objects.exists()


def test_a_grey_ground_is_refused_where_white_is_asked_and_nowhere_else(browser):
    answer = check(browser, pictures.jpeg(pictures.product(2400, ground=(200, 200, 200))))
    by_name = {each["verdict"].profile.name: each for each in answer.context["verdicts"]}
    assert by_name["listing-main"]["verdict"].verdict == "rejected"
    assert by_name["walmart"]["verdict"].verdict == "rejected"
    assert by_name["ebay"]["verdict"].verdict == "eligible"
    assert by_name["etsy"]["verdict"].verdict == "eligible"


def test_sources_and_dates_of_foreign_rules_are_told(browser):
    page = check(browser, pictures.jpeg(pictures.product(1200))).content.decode()
    assert "ebay.com/help/policies" in page
    assert "Rules in force since" in page


@pytest.mark.parametrize("data", [b"no picture at all", b"\xff\xd8\xff\xe0" + bytes(50)])
def test_what_is_no_picture_is_answered_too(browser, data):
    answer = check(browser, data)
    assert answer.status_code == 200
    assert {each["verdict"].verdict for each in answer.context["verdicts"]} <= {"unreadable", "rejected"}


def test_an_empty_file_and_none_are_refused_with_words(browser):
    assert check(browser, b"").status_code == 422
    assert browser.post(reverse("catalogue:check_image"), {}).status_code == 422
    assert browser.get(reverse("catalogue:check_image")).status_code == 200


def test_a_submitted_picture_is_shown_to_its_seller_only(browser, harbor, swift, mug):
    image = shown_image(harbor, mug)
    url = reverse("catalogue:image_marketplaces", args=[mug.asin, image.pk])
    page = browser.get(url).content.decode()
    assert all(name in page for name in NAMES)
    other = Client()
    other.force_login(swift.person)
    assert other.get(url).status_code == 404
    assert Client().get(url).status_code == 302


def padded(data: bytes, share: float = 0.02) -> bytes:
    """The same product with a wider margin, saved again: another file, another frame."""
    array = simplejpeg.decode_jpeg(data)
    edge = int(share * len(array))
    wide = cv2.copyMakeBorder(array, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    return simplejpeg.encode_jpeg(np.ascontiguousarray(wide), 80)


def test_nearly_the_same_picture_is_found_among_ones_own_and_with_other_sellers(browser, harbor, swift, mug):
    data = pictures.jpeg(pictures.product(1200))
    lamp, copy = make_product(harbor, title="Lamp"), make_product(swift, title="Copied mug")
    first = shown_image(harbor, mug, data=data)
    own, others = shown_image(harbor, lamp, data=padded(data)), shown_image(swift, copy, data=data)
    assert {own.state, others.state} == {"displayed"}
    found = alike_images(first)
    assert [each.image.pk for each in found.mine] == [own.pk]
    assert [each.image.pk for each in found.others] == [others.pk]
    assert (found.mine[0].same_file, found.others[0].same_file) == (False, True)
    page = browser.get(reverse("catalogue:image", args=[mug.asin, first.pk])).content.decode()
    assert "Nearly the same picture elsewhere" in page
    assert "Another seller shows the very same file" in page
    assert "Swift" not in page


def test_another_sellers_picture_that_is_not_shown_is_not_told(harbor, swift, mug):
    data = make_jpeg()
    first = shown_image(harbor, mug, data=data)
    make_image(swift, make_product(swift, title="Copied mug"), data=padded(data))
    assert alike_images(first).others == ()


def test_different_goods_do_not_look_alike(harbor, mug):
    first = shown_image(harbor, mug)
    shown_image(harbor, make_product(harbor, title="Lamp"))
    assert alike_images(first).mine == ()


@pytest.mark.spec("B-IMG-08")
def test_the_same_file_twice_on_one_page_is_a_finding_and_a_look_alike_elsewhere_another(browser, harbor, mug):
    data = pictures.jpeg(pictures.product(1200))
    first = shown_image(harbor, mug, data=data)
    assert alike_images(first).findings == ()
    shown_image(harbor, make_product(harbor, title="Lamp"), data=padded(data))
    assert [f.code for f in alike_images(first).findings] == ["near_duplicate_of"]
    shown_image(harbor, mug, data=data, variant="PT01")
    (finding,) = alike_images(first).findings
    assert (finding.code, finding.clause, finding.severity) == ("duplicate_of", "B-IMG-08", "warning")
    page = browser.get(reverse("catalogue:image", args=[mug.asin, first.pk])).content.decode()
    assert "The very same file is already there." in page


needs_likeness = pytest.mark.skipif("likeness" not in vision.present(), reason="the weights are not installed")


@needs_likeness
def test_a_mirrored_copy_is_found_where_the_optional_model_looks(harbor, mug, settings):
    settings.VISION = True
    array = pictures.product(1200, shape="leaf", seed=4)
    first = shown_image(harbor, mug, data=pictures.jpeg(array))
    lamp = make_product(harbor, title="Lamp")
    mirrored = shown_image(harbor, lamp, data=pictures.jpeg(array[:, ::-1]))
    assert first.picture.likeness_hash is not None
    assert [each.image.pk for each in alike_images(first).mine] == [mirrored.pk]


@needs_likeness
def test_a_picture_of_another_product_of_the_seller_asks_whether_it_is_the_same(browser, harbor, mug, settings):
    settings.VISION = True

    def view(seed: int, shape: str, **turned: bool) -> bytes:
        array = pictures.product(1200, shape=shape, seed=seed)
        return pictures.jpeg(array[:, ::-1] if turned else array)

    shown_image(harbor, mug, data=view(11, "ellipse"))
    lamp = make_product(harbor, title="Brass lamp")
    shown_image(harbor, lamp, data=view(23, "bottle"))
    strange = shown_image(harbor, mug, data=view(23, "bottle", mirrored=True), variant="PT01")
    found = closer_elsewhere(strange)
    assert found is not None
    assert found.product == lamp
    assert found.score > found.own_score
    page = browser.get(reverse("catalogue:image", args=[mug.asin, strange.pk])).content.decode()
    assert "Is it the same product?" in page
    fitting = shown_image(harbor, mug, data=view(11, "ellipse", mirrored=True), variant="PT02")
    assert closer_elsewhere(fitting) is None


def test_without_the_model_nothing_is_asked(harbor, mug):
    first = shown_image(harbor, mug)
    assert first.picture.likeness_hash is None
    assert closer_elsewhere(first) is None
