"""Manage Images: slots, uploads by file, name and address, reasons drawn, mends, history and ranking."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fondaco.catalogue.models import ListingImage
from fondaco.catalogue.operations import create_offer
from fondaco.catalogue.tests.factories import make_image, make_jpeg, shown_image
from fondaco.engine.testing import run_tasks

pytestmark = pytest.mark.django_db
XHR = {"X-Requested-With": "XMLHttpRequest"}
BAD = {"ground": 205, "fill": 0.6}


@pytest.fixture
def browser(harbor, client: Client) -> Client:
    client.force_login(harbor.person)
    return client


@pytest.fixture
def stranger(swift) -> Client:
    client = Client()
    client.force_login(swift.person)
    return client


def text_of(response) -> str:
    return response.content.decode()


def url(name: str, *args: object) -> str:
    return reverse(f"catalogue:{name}", args=args)


def a_file(name: str = "IMG_2041.jpg", **look: object) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make_jpeg(**look), "image/jpeg")


def send(browser: Client, asin: str, *files: SimpleUploadedFile, **data: object):
    return browser.post(url("images_upload", asin), {"pictures": list(files), **data})


@pytest.mark.spec("IMG-07", "IMG-03", "IMG-05")
def test_an_upload_is_processing_with_the_time_it_is_due(browser, mug):
    page = text_of(browser.get(url("manage_images", mug.asin)))
    assert reverse("help:article", args=["image-requirements"]) in page
    assert "does not guarantee display" in page
    answer = browser.post(url("images_upload", mug.asin), {"pictures": [a_file()]}, follow=True)
    assert "1 picture is being processed. It is due by" in text_of(answer)
    assert "every 2s" in text_of(answer)  # the page follows by itself
    run_tasks()
    page = text_of(browser.get(url("manage_images", mug.asin)))
    assert "every 2s" not in page
    assert "Displayed" in page


@pytest.mark.spec("B-IMG-06")
def test_a_file_name_names_the_slot_and_others_take_the_free_ones(browser, mug):
    send(browser, mug.asin, a_file("IMG_1.jpg"), a_file(f"{mug.asin}.PT03.jpg"), a_file("two words (1).jpg"))
    slots = dict(ListingImage.objects.values_list("file_name", "variant"))
    assert slots == {"IMG_1.jpg": "MAIN", f"{mug.asin}.PT03.jpg": "PT03", "two words (1).jpg": "PT01"}
    send(browser, mug.asin, a_file(f"{mug.asin.lower()}.jpg"))
    assert ListingImage.objects.get(file_name=f"{mug.asin.lower()}.jpg").variant == "MAIN"


@pytest.mark.spec("B-IMG-06")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("{asin}.PT99.jpg", "There is no slot called “PT99”."),
        ("{asin} PT01.jpg", "may not stand in it"),
        ("{asin}-PT01.jpg", "may not stand in it"),
        ("{asin}.PT01.bak.jpg", "It has 4 parts between full stops."),
        ("{asin}.PT01.png", "Files that end in “png” are not accepted."),
        ("F0AAAAAAAA.PT01.jpg", "is for the product F0AAAAAAAA"),
    ],
)
def test_a_name_that_names_a_slot_wrongly_blocks_the_upload_and_says_how(browser, mug, name, words):
    answer = send(browser, mug.asin, a_file(name.format(asin=mug.asin)))
    assert answer.status_code == 422
    assert words in answer.context["upload_form"].errors["pictures"][0]
    assert not ListingImage.objects.exists()


def test_a_rejected_picture_gives_its_slot_to_the_next_upload(harbor, browser, mug):
    shown_image(harbor, mug, data=make_jpeg(**BAD))
    send(browser, mug.asin, a_file())
    assert [i.variant for i in ListingImage.objects.all()] == ["MAIN", "MAIN"]


def test_the_drop_zone_sends_one_form_for_each_file_and_twice_changes_nothing(browser, mug):
    picture = make_jpeg()
    for data in (picture, make_jpeg(), picture):
        file = SimpleUploadedFile("a.jpg", data, "image/jpeg")
        answer = browser.post(url("images_upload", mug.asin), {"pictures": file, "request_key": "k"}, headers=XHR)
        assert answer.json()["ok"]
    assert sorted(ListingImage.objects.values_list("variant", flat=True)) == ["MAIN", "PT01"]
    assert "Due by" in answer.json()["words"]
    refused = browser.post(url("images_upload", mug.asin), {"request_key": "k"}, headers=XHR)
    assert (refused.status_code, refused.json()["ok"]) == (422, False)


@pytest.mark.spec("B-IMG-03")
def test_a_file_over_the_limit_is_refused(browser, mug):
    big = SimpleUploadedFile("big.jpg", b"\xff\xd8" + b"0" * 10_000_001, "image/jpeg")
    answer = send(browser, mug.asin, big)
    assert answer.status_code == 422
    assert not ListingImage.objects.exists()


@pytest.mark.spec("IMG-16", "IMG-22")
def test_a_picture_is_fetched_from_its_address_and_a_redirect_is_a_reason(browser, mug, host):
    form = url("images_by_address", mug.asin)
    wrong = browser.post(form, {"picture_url": "javascript:alert(1)", "slot": ""})
    assert wrong.status_code == 422
    assert "picture_url" in wrong.context["address_form"].errors
    assert not ListingImage.objects.exists()
    browser.post(form, {"picture_url": host.put("/a.jpg", make_jpeg()), "slot": ""})
    browser.post(form, {"picture_url": host.put("/moved.jpg", 302), "slot": "PT02"})
    run_tasks()
    states = dict(ListingImage.objects.values_list("variant", "state"))
    assert states == {"MAIN": "displayed", "PT02": "rejected"}
    said = text_of(browser.get(url("manage_images", mug.asin)))
    assert "redirect_refused" in said
    assert "IMG-22" in said


def test_the_region_answers_only_when_something_changed(harbor, browser, mug):
    make_image(harbor, mug)
    page = browser.get(url("manage_images", mug.asin))
    region = f"{url('images_slots', mug.asin)}?seen={page.context['seen']}"
    assert browser.get(region).status_code == 204
    run_tasks()
    answer = text_of(browser.get(region))
    assert "Displayed" in answer
    assert 'hx-swap-oob="true"' in answer
    assert "<html" not in answer


@pytest.mark.spec("IMG-14", "IMG-13")
def test_reasons_are_drawn_on_the_picture_with_limit_clause_and_fix(harbor, browser, mug):
    image = shown_image(harbor, mug, data=make_jpeg(**BAD))
    for page in (browser.get(url("manage_images", mug.asin)), browser.get(url("image", mug.asin, image.pk))):
        said = text_of(page)
        assert said.count('<g class="region region--error"') == 2
        assert "The product fills 60 % of the frame; at least 85 % are needed." in said
        assert "Crop the picture closer to the product." in said
        assert "B-IMG-01" in said
        assert "Not every reason may be listed" in said


def test_removing_and_bringing_back(harbor, browser, mug):
    first = shown_image(harbor, mug)
    second = shown_image(harbor, mug)
    first.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "displayed")
    assert "Bring back" in text_of(browser.get(url("manage_images", mug.asin)))
    browser.post(url("image_restore", mug.asin, first.pk))
    run_tasks()
    first.refresh_from_db()
    assert first.state == "displayed"
    browser.post(url("image_remove", mug.asin, first.pk))
    first.refresh_from_db()
    assert first.state == "removed"


def test_another_sellers_pictures_read_as_not_there(harbor, stranger, mug):
    image = shown_image(harbor, mug, data=make_jpeg(**BAD))
    for method, name in (("get", "image"), ("post", "image_remove"), ("post", "image_restore"), ("get", "image_mend")):
        assert getattr(stranger, method)(url(name, mug.asin, image.pk)).status_code == 404, name
    image.refresh_from_db()
    assert image.state == "rejected"
    # The product is everybody's, so its page opens, without the other's submissions.
    assert str(image.pk) not in text_of(stranger.get(url("manage_images", mug.asin)))


def test_a_picture_belongs_to_the_page_of_its_product(harbor, browser, mug):
    image = shown_image(harbor, mug)
    assert browser.get(url("image", "F000000000", image.pk)).status_code == 404
    assert browser.get(url("manage_images", "F000000000")).status_code == 404


@pytest.mark.spec("IMG-13")
def test_a_proposed_mend_is_shown_and_only_then_submitted(harbor, browser, mug):
    image = shown_image(harbor, mug, data=make_jpeg(size=1600, **BAD))
    page = browser.get(url("image_mend", mug.asin, image.pk))
    assert {fix["kind"] for fix in page.context["fixes"]} == {"white_ground", "crop_to_fill"}
    assert page.context["is_clean"]
    assert "<fo-compare>" in text_of(page)
    assert ListingImage.objects.count() == 1
    part = browser.get(url("image_mend", mug.asin, image.pk), {"chosen": "1", "fix": "crop_to_fill"})
    assert [f.code for f in part.context["left"]] == ["background_not_white"]

    data = {"picture": page.context["token"], "request_key": page.context["request_key"]}
    for _twice in range(2):
        browser.post(url("image_mend", mug.asin, image.pk), data)
    run_tasks()
    mended = ListingImage.objects.exclude(pk=image.pk).get()
    assert (mended.state, mended.variant, mended.file_name) == ("displayed", "MAIN", f"{mug.asin}.MAIN.jpg")
    assert mended.picture_id != image.picture_id


def test_a_forged_mend_submits_nothing(harbor, browser, mug):
    image = shown_image(harbor, mug, data=make_jpeg(**BAD))
    assert browser.post(url("image_mend", mug.asin, image.pk), {"picture": "forged"}).status_code == 404
    assert ListingImage.objects.count() == 1


@pytest.mark.spec("IMG-SVC-50", "IMG-SVC-51", "IMG-04", "IMG-15", "Q-15")
def test_the_ranking_tab_compares_the_score_sheets_with_the_published_weights(harbor, swift, browser, mug):
    create_offer(swift, asin=mug.asin, sku="S-1", price_minor=1)
    shown_image(harbor, mug)
    for variant in ("MAIN", "PT01", "PT02"):
        make_image(swift, mug, data=make_jpeg(size=1600), variant=variant)
    run_tasks()
    page = browser.get(url("images_ranking", mug.asin))
    assert [factor["weight"] for factor in page.context["factors"]] == [400, 200, 150, 200, 50]
    assert (page.context["mine"].displayed, page.context["displayed"].is_mine) == (False, False)
    said = text_of(page)
    assert "Another group is displayed" in said
    assert "Display is not guaranteed" in said
    assert "Swift" not in said  # whose the other group is stays theirs
    images = text_of(browser.get(url("manage_images", mug.asin)))
    assert "Your picture was not selected" in images


def test_the_history_says_codes_in_words(harbor, browser, mug):
    shown_image(harbor, mug, data=make_jpeg(**BAD))
    said = text_of(browser.get(url("images_history", mug.asin)))
    assert "Rejected: Background not white, Product too small in the frame." in said
    assert "Picture submitted for the slot MAIN." in said
    assert "Seller portal" in said


def test_each_finding_leads_to_its_page_in_the_error_reference(harbor, browser, mug):
    shown_image(harbor, mug, data=make_jpeg(**BAD))
    said = text_of(browser.get(url("manage_images", mug.asin)))
    for code in ("background_not_white", "product_too_small"):
        page = reverse("help:error", args=[code])
        assert f'href="{page}"' in said
        assert browser.get(page).status_code == 200
