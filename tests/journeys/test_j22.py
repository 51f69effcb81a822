"""J22: messages and e-mail as channels for photographs, reminders, tone, and customer service for Prime orders."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine import clock, sweeps
from fondaco.engine.testing import run_tasks
from fondaco.messaging.mail.accept import accept
from fondaco.messaging.models import Attachment, Conversation, PhotoRequest
from fondaco.messaging.rules.words import Audience, RequestState, Subject
from fondaco.messaging.tests.factories import begun, photo_bytes
from fondaco.orders.tests.factories import delivered_order
from fondaco.sellers.access import caller_for
from fondaco.sellers.demo import ensure_personas

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("PHOTO-05", "PHOTO-06", "PHOTO-07", "PHOTO-08", "PHOTO-21", "PHOTO-22", "PHOTO-23", "PHOTO-24"),
    pytest.mark.spec("PHOTO-25", "PHOTO-26", "PHOTO-27", "PHOTO-29", "PHOTO-31", "PHOTO-32", "Q-42", "Q-50", "Q-51"),
    pytest.mark.spec("B-PHOTO-03"),
]


@pytest.fixture
def photos(tmp_path: Path) -> dict[str, Path]:
    for seed, name in enumerate(("box", "mug", "receipt"), 10):
        (tmp_path / f"{name}.jpg").write_bytes(photo_bytes(seed=seed))
    return {name: tmp_path / f"{name}.jpg" for name in ("box", "mug", "receipt")}


def words(page: Any) -> str:
    return " ".join(page.locator("main").inner_text().split())


def attach(page: Any, view: str, path: Path) -> None:
    page.set_input_files(f"#file-{view}", path)
    page.locator(f".shot[data-view={view}] input[name=upload]").wait_for(state="attached")


def answer_by_mail(received: Any, *, author: str, text: str, files: dict[str, bytes]) -> bytes:
    """What a mail program sends when somebody answers this mail with files."""
    made = EmailMessage()
    made["From"], made["To"] = author, received.reply_to[0]
    made["Subject"] = f"Re: {received.subject}"
    made["Message-ID"] = "<answer-1@phone.example>"
    made["In-Reply-To"] = received.extra_headers["Message-ID"]
    made["References"] = f"{received.extra_headers['References']} {received.extra_headers['Message-ID']}"
    quoted = "\n".join(f"> {line}" for line in received.body.splitlines())
    made.set_content(
        f"{text}\n\nOn Tue, 3 Mar 2026 at 10:12, Harbor Goods <{parseaddr(received.from_email)[1]}> wrote:\n{quoted}\n"
    )
    for name, data in files.items():
        made.add_attachment(data, maintype="image", subtype="jpeg", filename=name)
    return made.as_bytes()


def test_j22_photos_by_page_and_by_mail(signed_in_page, shoot, photos) -> None:
    people = ensure_personas()
    ines, teo, amir = people["harbor"], people["buyer"], people["service"]
    offer = make_offer(caller_for(ines), title="Stoneware mug with a blue rim", quantity=20)
    order = delivered_order(buyer=teo, offer=offer)
    damage = begun(order, subject=Subject.SHIPPING_DAMAGE, text="The parcel came crushed.")
    page, desk = signed_in_page(teo), signed_in_page(ines)

    # 1. Messages → finds the conversation, asks how to send photos for shipping damage → packaging and product
    page.goto(reverse("messaging:list"))
    page.get_by_label("Order or conversation number").fill(order.number)
    page.get_by_role("button", name="Search", exact=True).last.click()
    page.get_by_role("link", name="Damaged in shipping").click()
    page.get_by_label("Your message").fill("How do I submit photos of the damage?")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Your message is sent.").wait_for()
    page.get_by_role("link", name="Send photos").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Shipping damage"  # as the subject says
    page.get_by_role("link", name="Another kind of photos").click()
    page.get_by_role("link", name="Shipping damage").click()
    page.wait_for_url("**type=shipping_damage")
    assert page.locator(".shot[data-view=Packaging]").get_by_text("needed").is_visible()
    assert page.locator(".shot[data-view=Product]").get_by_text("needed").is_visible()
    attach(page, "Packaging", photos["box"])
    page.get_by_role("button", name="Send the photos").click()
    page.locator("#reminders").wait_for()
    assert "One of the required photos is missing: The product itself" in words(page)
    shoot(page, "capture-warning", whole=True)
    attach(page, "Product", photos["mug"])
    page.locator("button.button--primary[type=submit]").last.click()
    page.wait_for_url(f"**/messages/{damage.number}/")
    labels = set(Attachment.objects.values_list("label", flat=True))
    assert labels == {"ShippingDamage_Packaging", "ShippingDamage_Product"}

    # 2. New conversation of type proof of purchase → product plus receipt or order number
    page.goto(reverse("messaging:list"))
    page.get_by_role("link", name="Contact Seller Support").click()
    page.get_by_role("link", name="Stoneware mug with a blue rim").first.click()
    page.get_by_label("Subject").select_option(label="Proof of purchase")
    shown = page.locator(".photo-type:visible").inner_text()
    assert "The product together with the receipt" in shown
    assert "The product together with the order number" in shown
    assert "one of these" in shown
    page.get_by_label("What is it about?").fill("For the warranty of the glaze.")
    page.get_by_role("radio", name="Send photos now").check()
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/photos/")
    attach(page, "WithReceipt", photos["receipt"])
    page.get_by_role("button", name="Send the photos").click()
    page.wait_for_url("**/messages/*/")  # one of the two is enough: no reminder
    assert Attachment.objects.filter(label="ProofOfPurchase_WithReceipt").exists()

    # 3. Seller requests customisation photos on a personalised order → appears with age; after a day a reminder
    personal = delivered_order(buyer=teo, offer=offer, item={"customisation": {"engraving": "Teo"}})
    mail.outbox.clear()
    desk.goto(f"{reverse('messaging:seller_new')}?order={personal.number}")
    desk.get_by_label("Subject").select_option(label="Customisation")
    desk.get_by_label("Your message").fill("Please show the engraving so that we can check it against your order.")
    desk.get_by_label("Ask for photos of").select_option(label="Customisation")
    desk.get_by_role("button", name="Send", exact=True).click()
    desk.wait_for_url("**/seller/messages/*/")
    request = PhotoRequest.objects.get(type="customisation")
    assert request.state == RequestState.INSTRUCTED
    (first,) = [m for m in mail.outbox if m.to == [teo.email]]
    clock.set_to(at=request.instructed_at + timedelta(hours=25))
    page.goto(reverse("messaging:list"))
    line = page.locator(".open-requests li").filter(has_text="Customisation")
    assert "yesterday" in line.inner_text() or "1 day" in line.inner_text() or "25 hours" in line.inner_text()
    sweeps.run_all()
    run_tasks()
    reminders = [m for m in mail.outbox if m.subject.startswith("Reminder: photos requested")]
    assert len(reminders) == 1
    sweeps.run_all()
    run_tasks()
    assert len([m for m in mail.outbox if m.subject.startswith("Reminder: photos requested")]) == 1

    # 4. Buyer gets the message by email, replies with two labelled attachments → same thread; no address seen
    assert "Please show the engraving" in first.body
    files = {
        "Customisation_Customisation.jpg": photos["mug"].read_bytes(),
        "Customisation_WholeProduct.jpg": photos["box"].read_bytes(),
    }
    raw = answer_by_mail(first, author=f"Teo <{teo.email}>", text=f"Here it is.\nTeo, {teo.email}", files=files)
    mail.outbox.clear()
    accept(raw, sender=teo.email, recipients=[first.reply_to[0]], source="smtp")
    run_tasks()
    thread = Conversation.objects.get(order=personal)
    photos_in = Attachment.objects.filter(message__conversation=thread).order_by("place")
    assert [p.label for p in photos_in] == ["Customisation_Customisation", "Customisation_WholeProduct"]
    request.refresh_from_db()
    assert request.state == RequestState.SUBMITTED
    desk.goto(reverse("messaging:seller_conversation", args=[thread.number]))
    assert "by e-mail" in words(desk)
    assert "Customisation_WholeProduct" in words(desk)
    assert teo.email not in desk.content()
    (to_seller,) = [m for m in mail.outbox if m.to == [ines.email]]
    assert teo.email not in to_seller.message().as_string()
    page.goto(reverse("messaging:conversation", args=[thread.number]))
    assert ines.email not in page.content()
    assert ines.email not in first.message().as_string()

    # 5. An insult in the draft → reminder of respectful tone before sending; report control on received messages
    page.get_by_label("Your message").fill("You idiots, answer me!")
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator("#reminders").wait_for()
    assert "A respectful, professional tone leads to a solution sooner." in words(page)
    page.get_by_label("Your message").fill("Please answer me soon.")
    page.get_by_role("button", name="Send it as it is").click()
    page.get_by_text("Your message is sent.").wait_for()
    page.get_by_text("Report this message").first.click()
    page.get_by_role("button", name="Report", exact=True).first.click()
    page.get_by_text("You reported this message.").first.wait_for()

    # 6. The same contact on a Prime order → goes to CS; CS shares photos with the seller read-only
    prime = delivered_order(buyer=teo, offer=offer, item={"is_prime": True})
    page.goto(f"{reverse('messaging:new')}?order={prime.number}")
    page.get_by_label("Subject").select_option(label="Product defect")
    page.get_by_label("What is it about?").fill("The rim came chipped.")
    page.get_by_role("radio", name="Send photos now").check()
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/photos/")
    attach(page, "FrontView", photos["mug"])
    attach(page, "SideView", photos["box"])
    page.get_by_role("button", name="Send the photos").click()
    page.wait_for_url("**/messages/*/")
    contact = Conversation.objects.get(order=prime)
    assert contact.audience == Audience.SERVICE
    desk.goto(f"{reverse('messaging:seller_list')}?q={prime.number}")
    assert desk.get_by_role("link", name="Product defect").count() == 0
    service = signed_in_page(amir)
    service.goto(reverse("messaging:contacts"))
    service.locator(f"a[href='{reverse('messaging:contact', args=[contact.number])}']").click()
    service.get_by_role("button", name="Share the photos with the seller").click()
    service.get_by_text("2 photos are shared with the seller").wait_for()
    shoot(service, "service-contact", whole=True)
    desk.goto(reverse("messaging:seller_list"))
    desk.get_by_role("link", name="Shared by customer service").click()
    desk.get_by_role("link", name="Product defect").click()
    assert desk.locator(".photo-grid img").count() == 2
    assert "To look at only" in words(desk)
    assert "The rim came chipped." not in words(desk)  # the words stay with customer service
    assert desk.locator("textarea").count() == 0
    for each in (page, desk, service):
        assert each.troubles == []
