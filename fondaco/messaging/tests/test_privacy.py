"""Nobody's address leaks: not in headers, words, names, notes, file names or what a file says of itself (B-PHOTO-03, Q-50)."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from fondaco import history
from fondaco.engine import files
from fondaco.engine.testing import run_tasks
from fondaco.messaging import letters, operations
from fondaco.messaging.mail.accept import accept
from fondaco.messaging.models import Attachment, Message, PhotoRequest
from fondaco.messaging.operations import evidence_file
from fondaco.messaging.operations.errors import ContentBlocked
from fondaco.messaging.operations.files import safe_name
from fondaco.messaging.operations.labels import label_of_name
from fondaco.messaging.queries import access
from fondaco.messaging.rules.privacy import public_name
from fondaco.messaging.rules.words import Outcome, Side, Subject
from fondaco.messaging.tests.factories import begun, kept, photo_bytes
from fondaco.messaging.tests.with_exif import with_location
from fondaco.orders.tests.factories import caller_of_buyer, caller_of_seller, make_buyer, placed_order
from fondaco.sellers.models import Person
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_staff, owner_of

pytestmark = [pytest.mark.django_db, pytest.mark.spec("B-PHOTO-03", "Q-50")]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("mara@home.example.jpg", "photo.jpg"),
        ("Mug from mara@home.example.jpg", "Mug from.jpg"),
        ("mara@home.jpg", "photo.jpg"),
        ("ProductDefect_FrontView.jpg", "ProductDefect_FrontView.jpg"),
        ("C:\\Users\\mara@home.example\\mug.png", "mug.png"),
    ],
)
def test_an_address_in_a_files_name_stays_behind(name: str, safe: str) -> None:
    assert safe_name(name) == safe
    assert "home" not in label_of_name(name).lower()
    assert "mara" not in label_of_name(name).lower()


def test_a_name_that_is_an_address_is_no_name() -> None:
    assert public_name("mara@home.example", instead="A buyer") == "A buyer"
    assert public_name("  ", instead="A buyer") == "A buyer"
    assert public_name("Mara Lindqvist", instead="A buyer") == "Mara Lindqvist"


def test_people_without_a_name_are_nowhere_called_by_their_address() -> None:
    buyer = make_buyer("", email="secret-buyer@home.example")
    order = placed_order(buyer=buyer)
    Person.objects.filter(pk=owner_of(order.seller).pk).update(name="", email="secret-seller@shop.example")
    owner = owner_of(order.seller)
    told = begun(order, photos=operations.ASK)
    seller = make_caller(owner)
    mail.outbox.clear()
    operations.ask_for_photos(seller, number=told.number, photo_type="product_defect", text="Three angles, please.")
    operations.send(
        caller_of_buyer(order), number=told.number, text="Here.", kept=[kept(view="FrontView")], confirmed=True
    )
    run_tasks()
    client = Client()
    client.force_login(owner)
    for page in ("seller_conversation", "seller_list"):
        args = [told.number] if page == "seller_conversation" else []
        shown = client.get(f"{reverse(f'messaging:{page}', args=args)}?show=all").content.decode()
        assert "secret-buyer" not in shown, page
    operations.review_photos(seller, number=told.number)
    operations.close(seller, number=told.number, outcome=Outcome.REPLACEMENT, text="A new one leaves tomorrow.")
    client.force_login(order.buyer)
    assert "secret-seller" not in client.get(reverse("messaging:conversation", args=[told.number])).content.decode()
    service = make_staff(Role.CUSTOMER_SERVICE)
    client.force_login(service)
    desk = client.get(reverse("messaging:contact", args=[told.number])).content.decode()
    assert "secret-" not in desk
    for sent in mail.outbox:
        whole = sent.message().as_string()
        mine = {"secret-buyer@home.example", "secret-seller@shop.example"} & set(sent.to)
        theirs = {"secret-buyer@home.example", "secret-seller@shop.example"} - mine
        assert not any(address in whole for address in theirs)
    assert history.events_for(told).exists()


def test_the_evidence_file_names_nobody_by_their_address(monkeypatch) -> None:
    buyer = make_buyer("", email="secret-buyer@home.example")
    order = placed_order(buyer=buyer)
    owner = owner_of(order.seller)
    Person.objects.filter(pk=owner.pk).update(name="")
    told = begun(order)
    operations.send(
        caller_of_buyer(order), number=told.number, text="Here.", kept=[kept(view="FrontView")], confirmed=True
    )
    seller = make_caller(owner_of(order.seller))
    evidence_file.make(seller, access.conversation_for(seller, told.number))  # now it was seen
    written: list[dict] = []
    compile_paper = evidence_file.compile_paper

    def remembered(source, data, pictures):
        written.append(data)
        return compile_paper(source, data, pictures)

    monkeypatch.setattr(evidence_file, "compile_paper", remembered)
    for caller in (seller, caller_of_buyer(order), make_caller(role=Role.CUSTOMER_SERVICE)):
        made = evidence_file.make(caller, access.conversation_for(caller, told.number))
        assert made.startswith(b"%PDF")
    assert len(written) == 3
    assert "@" not in repr(written)


@pytest.mark.parametrize("field", ["note", "labelling"])
def test_a_sellers_wishes_carry_no_address(field: str) -> None:
    order = placed_order()
    told, seller = begun(order), caller_of_seller(order)
    wishes = {field: "Send them to ines@harbor.example please"}
    with pytest.raises(ContentBlocked):
        operations.ask_for_photos(
            seller, number=told.number, photo_type="product_defect", text="Three.", preferences=wishes
        )
    with pytest.raises(ContentBlocked):
        operations.wish_photos(seller, wishes=wishes)
    assert not PhotoRequest.objects.exists()


def test_customer_services_instructions_carry_none_either() -> None:
    order = placed_order(item={"is_prime": True})
    told = begun(order, subject=Subject.PRODUCT_DEFECT)
    service = make_caller(role=Role.CUSTOMER_SERVICE)
    operations.ask_for_photos(
        service, number=told.number, photo_type="product_defect", text="Send them to amir@staff.example please.",
        preferences={"note": "or to amir@staff.example"},
    )  # fmt: skip
    request = PhotoRequest.objects.get()
    assert "amir@" not in f"{request.instructions} {request.preferences}"
    assert all("amir@staff" not in m.message().as_string() for m in mail.outbox)


def test_a_mail_leaves_no_address_in_words_quotes_names_or_pictures() -> None:
    order = placed_order()
    told = begun(order)
    alias = letters.alias_for(buyer=order.buyer, seller=order.seller, stands_for=Side.SELLER)
    from email.message import EmailMessage

    letter = EmailMessage()
    letter["From"] = f"Mara <{order.buyer.email}>"
    letter["To"] = letters.address_of(alias)
    letter["Subject"] = f"Re: [#{told.number}]"
    letter["Message-ID"] = "<privacy@phone>"
    letter.set_content(
        f"Write me at {order.buyer.email} or mailto:{order.buyer.email}.\n\n> From: {order.buyer.email}\n"
    )
    picture = with_location(photo_bytes(seed=901), owner=order.buyer.email)
    letter.add_attachment(picture, maintype="image", subtype="jpeg", filename=f"{order.buyer.email}.jpg")
    mail.outbox.clear()
    accept(letter.as_bytes(), sender=order.buyer.email, recipients=[letters.address_of(alias)], source="smtp")
    run_tasks()
    message = Message.objects.get(channel="email")
    photo = Attachment.objects.get()
    told.refresh_from_db()
    for words in (message.text, told.last_text, photo.label, photo.file_name, photo.view, repr(photo.findings)):
        assert order.buyer.email not in words
        assert order.buyer.email.split("@")[0] not in words.lower()
    for name in (photo.copy, photo.preview, photo.thumb):
        data = files.read("documents", name)
        assert b"Exif" not in data
        assert order.buyer.email.encode() not in data
    assert order.buyer.email.encode() in files.read("originals", photo.sha256)  # kept unaltered
    (to_seller,) = [m for m in mail.outbox if m.to == [owner_of(order.seller).email]]
    assert order.buyer.email not in to_seller.message().as_string()
