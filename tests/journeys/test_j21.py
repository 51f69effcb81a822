"""J21: photographs of a defect, from the order page to a replacement. An order without Prime items."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from fondaco.catalogue.tests.factories import make_offer, shown_image
from fondaco.engine import files
from fondaco.messaging.models import Attachment, Conversation, PhotoRequest
from fondaco.messaging.rules.words import Audience, RequestState
from fondaco.messaging.tests.factories import photo_bytes
from fondaco.messaging.tests.with_exif import with_location
from fondaco.orders.tests.factories import delivered_order
from fondaco.sellers.access import caller_for
from fondaco.sellers.demo import ensure_personas
from tests.browser import PHONE

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("PHOTO-01", "PHOTO-02", "PHOTO-03", "PHOTO-04", "PHOTO-09", "PHOTO-10", "PHOTO-11", "PHOTO-12"),
    pytest.mark.spec("PHOTO-13", "PHOTO-14", "PHOTO-15", "PHOTO-16", "PHOTO-17", "PHOTO-18", "PHOTO-19", "PHOTO-20"),
    pytest.mark.spec("PHOTO-28", "PHOTO-29", "PHOTO-30", "PHOTO-33", "B-PHOTO-01"),
]

PASSWORD = "a long way to the quay"


@pytest.fixture
def photos(tmp_path: Path) -> dict[str, Path]:
    """Three good photographs, one with a place in it; one of 11 MB; and a program that calls itself a picture."""
    made = {
        "front": with_location(photo_bytes(seed=1)),
        "side": photo_bytes(seed=2),
        "close": photo_bytes(seed=3),
        "large": photo_bytes(seed=4) + b"\0" * 11_000_000,
        "program": b"MZ\x90\0" + b"This program cannot be run in DOS mode." * 400,
    }
    for name, data in made.items():
        (tmp_path / f"{name}.jpg").write_bytes(data)
    return {name: tmp_path / f"{name}.jpg" for name in made}


def words(page: Any) -> str:
    return " ".join(page.locator("main").inner_text().split())


def tile(page: Any, view: str) -> Any:
    return page.locator(f".shot[data-view={view}]")


def arrived(page: Any, view: str) -> None:
    tile(page, view).locator("input[name=upload]").wait_for(state="attached")


def test_j21_from_a_chipped_rim_to_a_replacement(signed_in_page, new_context, shoot, photos) -> None:
    people = ensure_personas()
    ines, teo = people["harbor"], people["buyer"]
    teo.set_password(PASSWORD)
    teo.save()
    caller = caller_for(ines)
    offer = make_offer(caller, title="Stoneware mug with a blue rim", quantity=5)
    shown_image(caller, offer.product)
    order = delivered_order(buyer=teo, offer=offer)
    mail.outbox.clear()

    # 1. Sign in → Your Orders → order → Contact Seller → "Product defect", short text, "request photo instructions"
    from tests.browser import watched

    page = watched(new_context(viewport=PHONE).new_page())
    page.goto(reverse("orders:list"))
    page.fill("input[name=login]", teo.email)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/orders/**")
    page.goto(reverse("orders:list"))
    page.get_by_role("article").filter(has_text=order.number).get_by_role("link").first.click()
    page.get_by_role("link", name="Contact Seller").first.click()
    page.wait_for_url("**/messages/new/**")
    assert order.number in words(page)  # pre-filled
    assert "Stoneware mug with a blue rim" in words(page)
    assert "Natural daylight is best" in words(page)  # tips
    assert "Use a tripod" in words(page)
    page.get_by_label("Subject").select_option(label="Product defect")
    assert page.locator(".photo-type:visible").count() == 1
    assert "several angles" in page.locator(".photo-type:visible").inner_text()
    page.get_by_label("What is it about?").fill("The rim came chipped.")
    page.get_by_role("radio", name="Request photo instructions first").check()
    shoot(page, "contact-seller", whole=True)
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/messages/*/")
    conversation = Conversation.objects.get()
    assert (conversation.audience, conversation.order) == (Audience.SELLER, order)
    assert "Waiting for instructions" in words(page)
    assert page.locator("#attach").count() == 0

    # 2. Seller replies with instructions (JPEG, three angles) → buyer notified, attach control with these preferences
    desk = signed_in_page(ines)
    desk.goto(reverse("messaging:seller_list"))
    assert desk.locator(".tabs [aria-current=page]").inner_text().startswith("Response needed")
    desk.get_by_role("link", name="Product defect").click()
    desk.locator("[name=instruct-text]").fill("Please send three photos in daylight, from three angles.")
    desk.locator("[name=instruct-formats][value=jpg]").check()
    desk.locator("[name=instruct-count]").fill("3")
    desk.get_by_role("button", name="Ask the buyer for photos").click()
    desk.get_by_text("The buyer is asked for photos.").wait_for()
    to_buyer = [m for m in mail.outbox if m.to == [teo.email]]
    assert len(to_buyer) == 1
    assert "three angles" in to_buyer[0].body
    page.locator("#attach").wait_for()  # without a reload
    assert "Format: JPEG" in words(page)
    assert "Number of photos: 3" in words(page)
    page.locator("#attach").click()
    page.wait_for_url("**/photos/")
    assert "Please send three photos in daylight" in words(page)
    assert "Format: JPEG" in page.locator("#wishes").inner_text()

    # 3. Three JPEGs → labels suggested; two equal labels are refused
    for view, name in (("FrontView", "front"), ("SideView", "side"), ("CloseUp", "close")):
        page.set_input_files(f"#file-{view}", photos[name])
        arrived(page, view)
    assert tile(page, "FrontView").locator(".field input").input_value() == "ProductDefect_FrontView"
    assert tile(page, "SideView").locator(".field input").input_value() == "ProductDefect_SideView"
    assert page.locator("[data-angles]").inner_text() == "3"
    assert "Where it was taken is removed" in tile(page, "FrontView").inner_text()
    shoot(page, "capture", whole=True)
    tile(page, "SideView").locator(".field input").fill("ProductDefect_FrontView")
    page.get_by_role("button", name="Send the photos").click()
    page.get_by_text("Every photo needs a label of its own").first.wait_for()
    assert not Attachment.objects.exists()
    second = page.locator("#kept .upload").nth(1)
    assert "Another photo has this label already." in second.inner_text()
    second.locator("input[name^=label-]").fill("ProductDefect_SideView")

    # 4. An 11 MB file and a renamed program → both refused with reasons
    page.set_input_files("#file-Detail1", photos["large"])
    page.get_by_text("The file is larger than").first.wait_for()
    page.set_input_files("#file-Detail2", photos["program"])
    tile(page, "Detail2").get_by_text("The file is not a picture").wait_for()
    assert page.locator("input[name=upload]").count() == 3

    # 5. Sends → seller sees labelled photos beside the order, without location data
    page.get_by_role("button", name="Send the photos").click()
    page.wait_for_url(f"**/messages/{conversation.number}/")
    assert PhotoRequest.objects.get().state == RequestState.SUBMITTED
    desk.goto(reverse("messaging:seller_conversation", args=[conversation.number]))
    aside = desk.locator("aside")
    for label in ("ProductDefect_FrontView", "ProductDefect_SideView", "ProductDefect_CloseUp"):
        assert aside.get_by_text(label).first.is_visible()
    assert aside.get_by_text(order.number).first.is_visible()
    shoot(desk, "seller-conversation", whole=True)
    photo = Attachment.objects.get(label="ProductDefect_FrontView")
    assert photo.had_location
    assert b"Exif" in files.read("originals", photo.sha256)  # the original stays as it was
    with desk.expect_download() as download:
        desk.locator(f"a[href*='{photo.pk}/copy']").first.click()
    copy = Path(download.value.path()).read_bytes()
    assert copy.startswith(b"\xff\xd8")
    assert b"Exif" not in copy
    assert b"GPS" not in copy
    assert io.BytesIO(copy).read(2) == b"\xff\xd8"
    desk.goto(reverse("orders:seller_order", args=[order.number]))
    assert desk.locator(f"img[alt='{photo.label}']").count() >= 1  # beside the order
    desk.goto(reverse("messaging:seller_compare", args=[conversation.number, photo.pk]))
    assert "Only a hint" in words(desk)
    assert desk.locator("#similarity").is_visible()

    # 6. Seller marks reviewed and offers a replacement → buyer sees the outcome; the request is resolved
    desk.goto(reverse("messaging:seller_conversation", args=[conversation.number]))
    desk.get_by_role("button", name="Mark the photos as reviewed").click()
    desk.get_by_text("The photos are marked as reviewed.").wait_for()
    desk.get_by_label("Outcome").select_option(label="A replacement is on its way")
    desk.get_by_label("A word to the buyer").fill("A new mug leaves tomorrow.")
    desk.get_by_role("button", name="Close the conversation").click()
    desk.get_by_text("The conversation is closed with an outcome.").wait_for()
    page.get_by_text("A replacement is on its way").first.wait_for()  # without a reload
    page.get_by_text("A new mug leaves tomorrow.").first.wait_for()
    assert PhotoRequest.objects.get().state == RequestState.RESOLVED
    assert page.troubles == []
    assert desk.troubles == []
