"""The troubleshooter's pages: choosing, the two trees, and the case that they begin."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fondaco.cases.models import Case
from fondaco.catalogue.models import Offer
from fondaco.catalogue.operations import create_offer
from fondaco.catalogue.tests.factories import make_image, make_jpeg, make_offer, shown_image
from fondaco.engine import clock
from fondaco.engine.testing import forget_tasks, run_tasks
from fondaco.feeds.tests.factories import send
from fondaco.web import dates

pytestmark = pytest.mark.django_db
HERE = "/seller/images/troubleshoot/"
BAD = {"ground": 205, "fill": 0.6}
HEAD = "TemplateType=fondaco.inventory\tVersion=2026.1\nsku\titem-name\tproduct-type\tprice\tquantity\tcolor\tmain-image-url\n"


@pytest.fixture
def browser(harbor, client: Client) -> Client:
    client.force_login(harbor.person)
    return client


def text_of(response) -> str:
    return response.content.decode()


def tree(browser: Client, asin: str, **query: str):
    answer = browser.get(HERE, {"asin": asin, **query})
    assert answer.status_code == 200
    return answer


def codes(answer) -> list[str]:
    return [step.result.check.code for step in answer.context["steps"]]


@pytest.mark.spec("IMG-01", "IMG-02")
def test_method_and_product_are_chosen_among_those_without_an_own_picture(harbor, browser):
    fine = make_offer(harbor, title="Fine mug").product
    shown_image(harbor, fine)
    make_offer(harbor, title="Bare mug")
    page = text_of(browser.get(HERE))
    assert "Bare mug" in page
    assert "Fine mug" not in page
    assert 'value="portal"' in page
    assert 'value="feed"' in page
    assert "Fine mug" in text_of(browser.get(HERE, {"q": "fine"}))
    assert "None of your offers answers to" in text_of(browser.get(HERE, {"q": "nothing"}))
    Offer.objects.all().update(image_status="shown")
    assert "Every page shows your picture" in text_of(browser.get(HERE))


@pytest.mark.spec("IMG-12", "Q-16")
def test_before_its_time_the_exact_time_to_look_again_is_told(harbor, browser, mug):
    image = make_image(harbor, mug)
    forget_tasks()
    clock.set_to(at=image.submitted_at + timedelta(hours=2))
    answer = tree(browser, mug.asin)
    assert answer.context["end"]["until"] == image.due_at
    with timezone.override(harbor.zone):
        assert answer.context["end"]["title"] == f"Check again after {dates.at(image.due_at)}"
    assert codes(answer)[-1] == "had_time"


@pytest.mark.spec("IMG-13", "IMG-14", "IMG-05")
def test_after_it_the_reasons_are_drawn_and_the_way_leads_to_manage_images(harbor, browser, mug):
    image = shown_image(harbor, mug, data=make_jpeg(**BAD))
    clock.set_to(at=image.submitted_at + timedelta(hours=25))
    answer = tree(browser, mug.asin)
    said = text_of(answer)
    assert said.count('<g class="region region--error"') == 2
    assert "Not every reason may be listed" in said
    assert reverse("help:article", args=["image-requirements"]) in said
    assert answer.context["end"]["button"][1] == reverse("catalogue:manage_images", args=[mug.asin])
    assert not answer.context["end"].get("to_support")


@pytest.mark.spec("IMG-15", "IMG-28", "IMG-29", "IMG-30", "IMG-31")
def test_a_selection_that_seems_wrong_leads_to_a_case_with_the_steps_taken(harbor, swift, browser, mug):
    shown_image(harbor, mug)
    create_offer(swift, asin=mug.asin, sku="S-1", price_minor=1)
    for variant in ("MAIN", "PT01", "PT02"):
        make_image(swift, mug, data=make_jpeg(size=1600), variant=variant)
    run_tasks()
    answer = tree(browser, mug.asin)
    assert answer.context["end"]["to_support"]
    contact = answer.context["contact"]
    form = browser.get(contact)
    initial = form.context["form"].initial
    assert initial["steps_taken"].startswith("1. Does the product stand in Manage Inventory? You sell this product")
    assert "%(" not in initial["steps_taken"]
    assert (initial["method"], initial["asins"]) == ("portal", mug.asin)
    token = parse_qs(urlsplit(contact).query)["from"][0]
    data = {name: initial[name] for name in ("steps_taken", "method", "asins", "origin")}
    browser.post(contact, {**data, "type": "missing_image", "from": token, "request_key": "k"})
    case = Case.objects.get()
    assert case.contents["asins"] == [mug.asin]
    assert case.origin == f"diagnosis:missing_image:{mug.asin}"


def test_yes_ends_the_tree_and_a_rejected_newer_picture_is_named_beside_it(harbor, browser, mug):
    shown_image(harbor, mug)
    answer = tree(browser, mug.asin)
    assert codes(answer)[-1] == "shown"
    assert "There is a picture on the page" in text_of(answer)
    shown_image(harbor, mug, data=make_jpeg(**BAD))
    assert "is not the one that is shown" in text_of(tree(browser, mug.asin))


@pytest.mark.spec("IMG-23", "IMG-24", "IMG-25", "IMG-26", "IMG-27")
def test_inventory_data_lead_from_the_report_to_the_corrected_file(harbor, browser):
    row = "MUG-9\tMug nine\tmug\t12.90\t5\twhite\t{}\n"
    batch = send(harbor, HEAD + row.format("http://127.0.0.1:9/a.jpg"))
    asin = Offer.objects.get(sku="MUG-9").product.asin
    answer = tree(browser, asin)  # the method is known: the picture came by a file
    assert answer.context["method"] == "feed"
    assert codes(answer)[:3] == ["report", "corrected", "sent_again"]
    said = text_of(answer)
    assert batch.number in said
    assert reverse("feeds:batch", args=[batch.number]) in said
    assert answer.context["end"]["button"][1] == reverse("feeds:uploads")
    assert [step["state"] for step in answer.context["data_steps"]] == ["now", "todo", "todo", "todo", "todo"]


def test_without_a_file_the_data_steps_are_not_asked(harbor, browser, mug):
    answer = tree(browser, mug.asin, method="feed")
    assert codes(answer)[:2] == ["report", "shown"]
    assert "No inventory file of yours names this product." in text_of(answer)


def test_a_product_of_others_is_not_in_the_inventory_and_an_unknown_one_not_found(swift, browser):
    theirs = make_offer(swift).product
    answer = tree(browser, theirs.asin)
    assert codes(answer) == ["in_inventory"]
    assert answer.context["end"]["button"][1] == reverse("catalogue:inventory")
    assert browser.get(HERE, {"asin": "F000000000"}).status_code == 404
