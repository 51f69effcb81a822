"""The pages of inventory files in a real browser: no barriers, nothing sticks out, and they move by themselves."""

from __future__ import annotations

import os
import re

import pytest
from django.urls import reverse

from fondaco.engine.testing import run_tasks
from fondaco.feeds.models import Batch
from fondaco.feeds.tests.factories import send
from fondaco.feeds.tests.tables import kettle, text_of
from fondaco.sellers.tests.factories import make_caller, make_seller, owner_of
from tests.browser import PHONE, WIDE, overflow_px

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def seller():
    return make_seller()


def look(page, path: str, name: str, check_axe) -> None:
    page.goto(path)
    if folder := os.environ.get("FONDACO_LOOK"):
        page.screenshot(path=f"{folder}/feeds-{name}-{page.viewport_size['width']}.png", full_page=True)
    check_axe(page)
    assert overflow_px(page) == 0, name
    assert page.troubles == [], name


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_pages_have_no_barriers_and_fit(signed_in_page, check_axe, seller, viewport):
    caller = make_caller(seller=seller)
    rows = [kettle(sku=f"K{n}", price="x" if n % 3 == 0 else "4.00", main_image_url="kettle.jpg") for n in range(9)]
    done = send(caller, text_of(rows), name="spring-kettles-with-a-rather-long-name-2026.txt")
    fatal = send(caller, b"PK\x03\x04", name="goods.xlsx")
    waiting = send(caller, text_of([kettle()]), run=False)
    pages = {"upload": reverse("feeds:upload"), "uploads": reverse("feeds:uploads")}
    pages |= {
        name: reverse("feeds:batch", args=[b.number])
        for name, b in {"done": done, "fatal": fatal, "waiting": waiting}.items()
    }
    page = signed_in_page(owner_of(seller), viewport=viewport)
    for name, path in pages.items():
        look(page, path, name, check_axe)


def test_a_file_is_dropped_followed_and_retried(signed_in_page, seller, tmp_path):
    path = tmp_path / "goods.txt"
    path.write_text(text_of([kettle(), kettle(sku="K2", price="cheap")]))
    page = signed_in_page(owner_of(seller))
    page.goto(reverse("feeds:upload"))
    page.locator("input[type=file]").set_input_files(str(path))
    page.wait_for_url(re.compile(r"/files/$"))
    batch = Batch.objects.get()
    page.get_by_role("link", name=batch.number).click()
    page.get_by_text("Request submitted").first.wait_for()
    run_tasks()
    page.get_by_text("Retry failed rows").wait_for()
    assert page.get_by_text("“cheap” is not a price.").first.is_visible()
    page.get_by_role("button", name="Retry failed rows").click()
    again = Batch.objects.get(retry_of=batch)
    page.get_by_role("heading", name=again.number).wait_for()
    assert page.troubles == []
