"""The pages of conversations: what each shows, what each refuses, and that strangers find nothing."""

from __future__ import annotations

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from fondaco.catalogue.tests.factories import make_offer
from fondaco.messaging import operations, wording
from fondaco.messaging.models import Attachment, Conversation, Message, Sighting
from fondaco.messaging.rules.words import Outcome, RequestState, Subject
from fondaco.messaging.signing import signed_url
from fondaco.messaging.tests.factories import begun, kept, photo_bytes
from fondaco.orders.tests.factories import caller_of_buyer, caller_of_seller, make_buyer, placed_order
from fondaco.sellers.models import Person
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_seller, make_staff, owner_of

pytestmark = pytest.mark.django_db


def at_desk_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def order():
    return placed_order()


@pytest.fixture
def buyer(order) -> Client:
    return at_desk_of(order.buyer)


@pytest.fixture
def seller(order) -> Client:
    return at_desk_of(owner_of(order.seller))


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def told(order):
    """A conversation with photographs that were asked for and sent."""
    conversation = begun(order, photos=operations.ASK)
    operations.ask_for_photos(
        caller_of_seller(order), number=conversation.number, photo_type="product_defect", text="JPEG, three angles.",
        preferences={"formats": ["jpg"], "count": 3},
    )  # fmt: skip
    photos = [kept(label=f"ProductDefect_{v}", view=v) for v in ("FrontView", "SideView")]
    operations.send(caller_of_buyer(order), number=conversation.number, text="Here.", kept=photos, confirmed=True)
    return conversation


@pytest.mark.parametrize("language", ["en", "vi", "zh-hant"])
def test_every_page_opens_in_every_language(order, told, language) -> None:
    service_order = placed_order(item={"is_prime": True})
    contact = begun(service_order)
    operations.send(caller_of_buyer(service_order), number=contact.number, text="See", kept=[kept()])
    service = make_staff(Role.CUSTOMER_SERVICE)
    operations.share_photos(make_caller(service), number=contact.number)
    Person.objects.update(language=language)
    photo = Attachment.objects.filter(message__conversation=told).first()
    pages = {
        order.buyer: [
            reverse("messaging:list"), reverse("messaging:new"), f"{reverse('messaging:new')}?order={order.number}",
            reverse("messaging:conversation", args=[told.number]), reverse("messaging:capture", args=[told.number]),
            reverse("messaging:thread", args=[told.number]),
        ],
        owner_of(order.seller): [
            reverse("messaging:seller_list"), *(f"{reverse('messaging:seller_list')}?show={f}" for f in wording.FILTERS),
            f"{reverse('messaging:seller_new')}?order={order.number}", reverse("messaging:photo_wishes"),
            reverse("messaging:shared"), reverse("messaging:seller_conversation", args=[told.number]),
            reverse("messaging:seller_compare", args=[told.number, photo.pk]),
            reverse("messaging:seller_evidence", args=[told.number]),
        ],
        owner_of(service_order.seller): [reverse("messaging:shared"), reverse("messaging:shared_conversation", args=[contact.number]),
                                         reverse("messaging:seller_conversation", args=[contact.number])],
        service: [
            reverse("messaging:contacts"), reverse("messaging:reports"), reverse("messaging:contact", args=[contact.number]),
        ],
    }  # fmt: skip
    for person, paths in pages.items():
        client = at_desk_of(person)
        for path in paths:
            assert client.get(path).status_code == 200, path
    with translation.override(language):
        assert str(wording.SUBJECTS[Subject.PRODUCT_DEFECT]) in text_of(
            at_desk_of(order.buyer).get(reverse("messaging:list"))
        )


@pytest.mark.spec("PRIME-21", "PRIME-41", "Q-42")
def test_a_seller_who_tries_to_answer_reads_directed_to_customer_service() -> None:
    order = placed_order(item={"is_prime": True})
    contact = begun(order, subject=Subject.DELIVERY, text="It says delivered, but nothing came.")
    desk = at_desk_of(owner_of(order.seller))
    path = reverse("messaging:seller_conversation", args=[contact.number])
    page = desk.get(path)
    assert page.status_code == 200
    assert "Directed to customer service" in text_of(page)
    assert "nothing came" not in text_of(page)
    assert "<textarea" not in text_of(page)
    refused = desk.post(path, {"verb": "reply", "reply-text": "We sent it.", "reply-request_key": "k"})
    assert refused.status_code == 403
    assert "Not sent." in text_of(refused)
    assert contact.messages.count() == 1
    assert desk.get(reverse("messaging:seller_thread", args=[contact.number])).status_code == 403
    stranger = at_desk_of(owner_of(placed_order().seller))
    assert stranger.get(path).status_code == 404


@pytest.mark.spec("PHOTO-18", "PHOTO-19", "PHOTO-28", "PHOTO-03")
def test_a_buyer_begins_from_the_order_with_order_and_product_filled_in(order, buyer) -> None:
    page = text_of(buyer.get(reverse("messaging:new"), {"order": order.number}))
    assert order.number in page
    assert "Stoneware mug, 350 ml" in page
    for kind in ("Product defect", "Shipping damage", "Mismatched product", "Proof of purchase", "Customisation"):
        assert kind in page
    assert "Natural daylight is best" in page
    data = {
        "order": order.number,
        "subject": "product_defect",
        "text": "The rim is chipped.",
        "photos": "ask",
        "request_key": "k",
    }
    response = buyer.post(reverse("messaging:new"), data)
    made = Conversation.objects.get()
    assert response.url == reverse("messaging:conversation", args=[made.number])
    buyer.post(reverse("messaging:new"), data)
    assert Conversation.objects.count() == 1
    page = text_of(buyer.get(response.url))
    assert "Waiting for instructions" in page
    assert 'id="attach"' not in page  # the control comes with the instructions
    refused = buyer.get(reverse("messaging:capture", args=[made.number]))
    assert refused.status_code == 302


@pytest.mark.spec("PHOTO-17", "PHOTO-21", "PHOTO-14")
def test_the_order_and_the_messages_lead_to_the_seller_under_every_name(order, buyer) -> None:
    page = text_of(buyer.get(reverse("orders:order", args=[order.number])))
    assert "Contact Seller" in page
    assert "Get Product Support" in page
    support = page.split("Get Product Support")[0].rpartition('href="')[2].split('"')[0]
    form = buyer.get(unescape(support))
    assert form.status_code == 200
    assert order.number in text_of(form)
    page = text_of(buyer.get(reverse("messaging:list")))
    assert "Contact Seller Support" in page
    start = page.split("Contact Seller Support")[0].rpartition('href="')[2].split('"')[0]
    assert order.items.get().title in text_of(buyer.get(start))  # which order is it about?


@pytest.mark.spec("PHOTO-01", "B-PHOTO-01")
def test_a_sellers_photo_stands_in_the_buyers_thread_and_opens(order, buyer) -> None:
    number = begun(order).number
    operations.send(caller_of_seller(order), number=number, text="This lid is meant.", kept=[kept(label="Lid_Front")])
    page = text_of(buyer.get(reverse("messaging:conversation", args=[number])))
    photo = Attachment.objects.get()
    assert "Lid_Front" in page
    for kind in ("thumb", "preview", "copy"):
        address = reverse("messaging:photo", args=[photo.pk, kind])
        assert address in page
        assert buyer.get(address).status_code == 200


@pytest.mark.spec("PHOTO-20", "PHOTO-29")
def test_with_the_instructions_comes_the_attach_control_and_what_the_seller_asks_for(order, told, buyer) -> None:
    page = text_of(buyer.get(reverse("messaging:conversation", args=[told.number])))
    assert 'id="attach"' in page
    page = text_of(buyer.get(reverse("messaging:capture", args=[told.number])))
    assert "JPEG, three angles." in page
    assert "Format: JPEG" in page
    assert "Number of photos: 3" in page
    assert 'value="ProductDefect_FrontView"' in page


@pytest.mark.spec("PHOTO-30", "Q-50")
def test_the_plain_form_sends_files_and_keeps_what_was_typed_when_labels_are_equal(order, buyer) -> None:
    number = begun(order, photos=operations.SEND).number
    url = reverse("messaging:capture", args=[number])

    def data(second: str) -> dict:
        return {
            "type": "product_defect", "text": "See the rim", "request_key": "k", "confirmed": "1",
            "file-FrontView": SimpleUploadedFile("a.jpg", photo_bytes(seed=1)), "label-FrontView": "ProductDefect_FrontView",
            "file-SideView": SimpleUploadedFile("b.jpg", photo_bytes(seed=2)), "label-SideView": second,
        }  # fmt: skip

    refused = buyer.post(url, data("ProductDefect_FrontView"))
    assert refused.status_code == 422
    assert "needs a label of its own" in text_of(refused)
    assert "See the rim" in text_of(refused)
    assert not Attachment.objects.exists()
    assert buyer.post(url, data("ProductDefect_SideView")).status_code == 302
    assert sorted(Attachment.objects.values_list("label", flat=True)) == [
        "ProductDefect_FrontView",
        "ProductDefect_SideView",
    ]
    assert Conversation.objects.get().photo_requests.get().state == RequestState.SUBMITTED


@pytest.mark.spec("B-PHOTO-01", "Q-50")
def test_uploads_come_in_parts_go_on_where_they_broke_and_refuse_what_is_too_large(order, buyer) -> None:
    number = begun(order, photos=operations.SEND).number
    url = reverse("messaging:uploads")
    large = buyer.post(url, {"name": "big.jpg", "size": 11_000_000, "number": number})
    assert large.status_code == 422
    assert "10" in large.json()["words"]
    data = photo_bytes(seed=3)
    state = buyer.post(url, {"name": "rim.jpg", "size": len(data), "number": number, "view": "FrontView"}).json()
    cut = len(data) // 2

    def part(begin: int, end: int):
        return buyer.post(f"{state['url']}?offset={begin}", data[begin:end], content_type="application/octet-stream")

    assert part(0, cut).json()["received_bytes"] == cut
    assert part(0, cut).json()["received_bytes"] == cut  # the answer was lost, the part comes again
    gap = part(cut + 10, len(data))
    assert (gap.status_code, gap.json()["received_bytes"]) == (409, cut)
    assert buyer.get(state["url"]).json()["received_bytes"] == cut
    done = part(cut, len(data)).json()
    assert (done["state"], done["ok"]) == ("ready", True)
    sent = buyer.post(
        reverse("messaging:capture", args=[number]),
        {
            "type": "product_defect",
            "text": "",
            "upload": done["id"],
            f"label-{done['id']}": "ProductDefect_FrontView",
            "confirmed": "1",
            f"view-{done['id']}": "FrontView",
        },
    )
    assert sent.status_code == 302
    photo = Attachment.objects.get()
    assert (photo.label, photo.view) == ("ProductDefect_FrontView", "FrontView")


def test_another_persons_upload_is_not_found(order, buyer) -> None:
    number = begun(order, photos=operations.SEND).number
    state = buyer.post(reverse("messaging:uploads"), {"name": "a.jpg", "size": 10, "number": number}).json()
    stranger = at_desk_of(make_buyer("Other"))
    assert stranger.get(state["url"]).status_code == 404
    assert (
        stranger.post(f"{state['url']}?offset=0", b"0123456789", content_type="application/octet-stream").status_code
        == 404
    )
    assert (
        stranger.post(reverse("messaging:uploads"), {"name": "a.jpg", "size": 10, "number": number}).status_code == 404
    )


@pytest.mark.spec("PHOTO-01", "PHOTO-02", "Q-50")
def test_strangers_find_neither_thread_nor_photo_nor_signed_address(order, told) -> None:
    photo = Attachment.objects.first()
    address = signed_url(caller_of_buyer(order), photo, "preview")
    assert Client().get(address).status_code == 200
    strangers = [make_buyer("Other"), owner_of(make_seller("Swift")), make_staff(Role.SUPPORT)]
    pages = [
        reverse("messaging:conversation", args=[told.number]), reverse("messaging:thread", args=[told.number]),
        reverse("messaging:capture", args=[told.number]), reverse("messaging:seller_conversation", args=[told.number]),
        reverse("messaging:seller_evidence", args=[told.number]), reverse("messaging:original", args=[photo.pk]),
        *(reverse("messaging:photo", args=[photo.pk, kind]) for kind in ("thumb", "preview", "copy", "match")),
        address,
    ]  # fmt: skip
    for person in strangers:
        client = at_desk_of(person)
        for page in pages:
            assert client.get(page).status_code == 404, (person, page)
    assert Client().get(address[:-8] + "x" * 7 + "/").status_code == 404
    nobody = Client().get(pages[0])
    assert nobody.status_code == 302
    assert "login" in nobody.url


@pytest.mark.spec("Q-50")
def test_originals_are_downloads_in_a_box_and_only_copies_leave_for_the_seller(order, told, buyer, seller) -> None:
    photo = Attachment.objects.first()
    original = reverse("messaging:original", args=[photo.pk])
    response = buyer.get(original)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert seller.get(original).status_code in (403, 404)
    copy = seller.get(reverse("messaging:photo", args=[photo.pk, "copy"]))
    assert copy.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in copy.headers["Content-Security-Policy"]
    kinds = set(Sighting.objects.filter(person=owner_of(order.seller)).values_list("kind", flat=True))
    assert "copy" in kinds
    assert not Sighting.objects.filter(person=order.buyer).exists()  # one's own looks are no sightings


@pytest.mark.spec("Q-51", "PHOTO-32")
def test_the_reminder_stands_before_sending_and_a_second_press_sends(order, buyer) -> None:
    number = begun(order).number
    url = reverse("messaging:conversation", args=[number])
    first = buyer.post(url, {"text": "You idiots.", "request_key": "k"})
    assert first.status_code == 422
    assert "Some words may hurt" in text_of(first)
    assert 'name="confirmed" value="1"' in text_of(first)
    assert buyer.post(url, {"text": "You idiots.", "request_key": "k", "confirmed": "1"}).status_code == 302
    assert Message.objects.filter(text="You idiots.").count() == 1


@pytest.mark.spec("B-PHOTO-04")
def test_the_seller_reads_why_something_cannot_be_sent(order, seller) -> None:
    number = begun(order).number
    url = reverse("messaging:seller_conversation", args=[number])
    refused = seller.post(
        url, {"verb": "reply", "reply-text": "Please leave us a 5 star review!", "reply-request_key": "k"}
    )
    assert refused.status_code == 422
    assert "Incentives or pressure for reviews" in text_of(refused)
    assert not Message.objects.filter(side="seller").exists()


@pytest.mark.spec("PHOTO-33")
def test_the_buyer_sees_the_outcome(order, told, buyer, seller) -> None:
    url = reverse("messaging:seller_conversation", args=[told.number])
    assert seller.post(url, {"verb": "review"}).status_code == 302
    closed = seller.post(
        url,
        {
            "verb": "close",
            "close-outcome": "replacement",
            "close-text": "A new mug leaves tomorrow.",
            "close-request_key": "c",
        },
    )
    assert closed.status_code == 302
    page = text_of(buyer.get(reverse("messaging:conversation", args=[told.number])))
    assert "A replacement is on its way" in page
    assert Conversation.objects.get().outcome == Outcome.REPLACEMENT


def test_the_thread_answers_nothing_when_nothing_is_new(order, buyer, seller) -> None:
    number = begun(order).number
    page = text_of(buyer.get(reverse("messaging:conversation", args=[number])))
    asked = page.split('hx-get="')[1].split('"')[0]
    assert buyer.get(asked).status_code == 204
    operations.send(caller_of_seller(order), number=number, text="Which lid do you mean?")
    fresh = buyer.get(asked)
    assert fresh.status_code == 200
    assert "Which lid do you mean?" in text_of(fresh)


def test_a_question_before_buying(client) -> None:
    offer = make_offer()
    client.force_login(make_buyer("Teo"))
    about = {"asin": offer.product.asin, "seller": offer.seller.number}
    page = text_of(client.get(reverse("messaging:new"), about))
    assert offer.product.title in page
    assert 'value="product_defect"' not in page
    client.post(
        reverse("messaging:new"),
        {**about, "subject": "product_question", "text": "Is it dishwasher safe?", "request_key": "k"},
    )
    assert Conversation.objects.get().product == offer.product


@pytest.mark.spec("PHOTO-33", "PHOTO-02")
def test_one_click_puts_the_photos_into_a_support_case(order, told, seller) -> None:
    page = text_of(seller.get(reverse("messaging:seller_conversation", args=[told.number])))
    assert "A new support case" in page
    response = seller.post(reverse("messaging:seller_use", args=[told.number]), {"into": "case", "target": "new"})
    case = text_of(seller.get(response.url))
    assert f"evidence-{told.number}.pdf" in case
    assert Attachment.objects.first().sha256 in case
