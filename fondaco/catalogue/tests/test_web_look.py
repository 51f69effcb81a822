"""The seller's pages in a real browser: no barrier in light and dark, nothing wider than a phone, whole without script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from fondaco.catalogue.models import ListingImage, Offer
from fondaco.catalogue.operations import create_offer
from fondaco.catalogue.tests.factories import make_image, make_jpeg, make_offer, shown_image
from fondaco.engine.testing import run_tasks
from tests.browser import PHONE, overflow_px

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def paths(harbor: Any, swift: Any) -> dict[str, str]:
    """Name → page of a store in which everything has happened."""
    bad = make_offer(harbor, title="Stoneware mug with a long name that has to break somewhere, 350 ml").product
    image = shown_image(harbor, bad, data=make_jpeg(ground=205, fill=0.6))
    lost = make_offer(harbor, title="Teapot").product
    shown_image(harbor, lost)
    create_offer(swift, asin=lost.asin, sku="S-1", price_minor=1)
    for variant in ("MAIN", "PT01"):
        make_image(swift, lost, data=make_jpeg(size=1600), variant=variant)
    run_tasks()
    make_image(harbor, make_offer(harbor, title="Bowl").product)
    return {
        "overview": reverse("catalogue:portal"),
        "inventory": reverse("catalogue:inventory"),
        "edit": reverse("catalogue:edit_offer", args=[bad.offers.get().pk]),
        "add": reverse("catalogue:add_product"),
        "add-new": f"{reverse('catalogue:add_new')}?type=sweater",
        "images": reverse("catalogue:manage_images", args=[bad.asin]),
        "history": reverse("catalogue:images_history", args=[bad.asin]),
        "ranking": reverse("catalogue:images_ranking", args=[lost.asin]),
        "image": reverse("catalogue:image", args=[bad.asin, image.pk]),
        "mend": reverse("catalogue:image_mend", args=[bad.asin, image.pk]),
        "choose": reverse("catalogue:troubleshoot"),
        "tree": f"{reverse('catalogue:troubleshoot')}?asin={bad.asin}",
        "selection": f"{reverse('catalogue:troubleshoot')}?asin={lost.asin}",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_barriers(harbor, paths, signed_in_page: Callable, check_axe: Callable, shoot: Callable, scheme):
    page = signed_in_page(harbor.person, color_scheme=scheme)
    for name, path in paths.items():
        assert page.goto(path).status == 200, name
        check_axe(page)
        if name in ("inventory", "mend"):
            shoot(page, f"{name}-{scheme}")
    assert page.troubles == []


def test_nothing_is_wider_than_a_phone(harbor, paths, signed_in_page: Callable):
    page = signed_in_page(harbor.person, viewport=PHONE)
    for name, path in paths.items():
        page.goto(path)
        assert overflow_px(page) == 0, name


def test_everything_can_be_done_without_script(harbor, signed_in_page: Callable, tmp_path: Path):
    for name, data in {"grey": make_jpeg(ground=205, fill=0.6), "good": make_jpeg()}.items():
        (tmp_path / f"{name}.jpg").write_bytes(data)
    page = signed_in_page(harbor.person, java_script_enabled=False)
    page.goto(f"{reverse('catalogue:add_new')}?type=mug")
    page.get_by_label("Title").fill("Stoneware mug")
    page.get_by_label("Color").fill("blue")
    page.get_by_label("SKU").fill("RIM-1")
    page.get_by_label("Price in USD").fill("18.90")
    page.get_by_label("Quantity").fill("3")
    page.set_input_files("input[name=pictures]", tmp_path / "grey.jpg")
    page.get_by_role("button", name="Save and finish").click()
    assert "Stoneware mug is listed as" in page.locator("body").inner_text()
    run_tasks()
    page.reload()
    assert page.locator("#rejected-MAIN").is_visible()
    page.set_input_files("aside input[name=pictures]", [tmp_path / "good.jpg", tmp_path / "grey.jpg"])
    page.get_by_role("button", name="Upload").click()
    run_tasks()
    assert sorted(ListingImage.objects.filter(state="displayed").values_list("variant", flat=True)) == ["MAIN", "PT01"]
    page.goto(reverse("catalogue:inventory"))
    page.get_by_role("checkbox", name="Choose RIM-1").check()
    page.get_by_role("button", name="Close", exact=True).click()
    assert Offer.objects.get().status == "closed"


def test_a_dialog_changes_the_price_over_the_list(harbor, signed_in_page: Callable):
    make_offer(harbor, sku="RIM-1", price_minor=1890)
    page = signed_in_page(harbor.person)
    page.goto(reverse("catalogue:inventory"))
    page.get_by_role("link", name="change price or quantity of RIM-1").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Price in USD").fill("no price")
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_text("is not an amount").first.wait_for()
    dialog.get_by_label("Price in USD").fill("21.50")
    dialog.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="$21.50").wait_for()
    assert Offer.objects.get().price_minor == 2150
    assert page.troubles == []
