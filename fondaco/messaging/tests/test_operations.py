"""Conversations and photo requests: exact rows, and what must not happen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from fondaco import history
from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine import clock
from fondaco.kit.errors import Denied, NotFound
from fondaco.messaging import operations, queries
from fondaco.messaging.models import Attachment, Conversation, Message, PhotoRequest
from fondaco.messaging.operations import About
from fondaco.messaging.operations.errors import (
    AttachmentsTooLarge,
    ContentBlocked,
    LabelsRefused,
    NotAboutThis,
    OptedOut,
    PleaseCheck,
    TooLateToWrite,
)
from fondaco.messaging.queries import access, lists
from fondaco.messaging.rules.words import Audience, Filter, Outcome, ReportReason, RequestState, Side, Subject
from fondaco.messaging.tests.factories import begun, kept
from fondaco.orders.tests.factories import caller_of_buyer, caller_of_seller, delivered_order, make_buyer, placed_order
from fondaco.sellers.rules import MemberRole, Role
from fondaco.sellers.tests.factories import make_caller, make_member, make_person, make_seller

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return placed_order()


@pytest.fixture
def buyer(order):
    return caller_of_buyer(order)


@pytest.fixture
def seller(order):
    return caller_of_seller(order)


@pytest.fixture
def service():
    return make_caller(role=Role.CUSTOMER_SERVICE)


@pytest.mark.spec("Q-42")
@pytest.mark.parametrize(
    ("is_prime", "subject", "audience"),
    [
        (False, Subject.PRODUCT_DEFECT, Audience.SELLER),
        (False, Subject.PRODUCT_QUESTION, Audience.SELLER),
        (True, Subject.PRODUCT_QUESTION, Audience.SELLER),
        (True, Subject.PRODUCT_DEFECT, Audience.SERVICE),
        (True, Subject.DELIVERY, Audience.SERVICE),
    ],
)
def test_a_contact_goes_to_who_answers_it(is_prime, subject, audience) -> None:
    order = placed_order(item={"is_prime": is_prime})
    conversation = begun(order, subject=subject)
    assert conversation.audience == audience
    in_sellers_list = access.conversations_of_seller(caller_of_seller(order)).filter(pk=conversation.pk).exists()
    assert in_sellers_list == (audience is Audience.SELLER)


@pytest.mark.spec("Q-42", "PRIME-24")
def test_before_buying_the_seller_answers_and_only_some_subjects_fit() -> None:
    offer = make_offer()
    buyer = make_caller(make_person("Teo"))
    about = About(asin=offer.product.asin, seller=offer.seller.number)
    conversation = operations.begin(
        buyer, about=about, subject=Subject.PRODUCT_QUESTION, text="Does the lid fit the small one?"
    )
    assert (conversation.audience, conversation.seller, conversation.order) == (Audience.SELLER, offer.seller, None)
    with pytest.raises(NotAboutThis):
        operations.begin(buyer, about=about, subject=Subject.PRODUCT_DEFECT, text="It is broken.")


@pytest.mark.spec("PHOTO-19", "PHOTO-28")
def test_beginning_twice_with_one_key_begins_once(order, buyer) -> None:
    first = begun(order, request_key="k", photos=operations.ASK)
    again = begun(order, request_key="k", photos=operations.ASK)
    assert first == again
    assert Message.objects.count() == PhotoRequest.objects.count() == 1
    assert (first.order, first.item.title) == (order, "Stoneware mug, 350 ml")  # pre-filled: order and product
    assert first.photo_requests.get().state == RequestState.OPEN


@pytest.mark.spec("PHOTO-20", "PHOTO-33")
def test_a_request_goes_from_open_to_resolved(order, buyer, seller) -> None:
    number = begun(order, photos=operations.ASK).number
    operations.ask_for_photos(
        seller, number=number, photo_type="product_defect", text="JPEG please, from three angles.",
        preferences={"formats": ["jpg"], "count": 3},
    )  # fmt: skip
    request = PhotoRequest.objects.get()
    assert request.state == RequestState.INSTRUCTED
    assert request.preferences["count"] == 3
    photos = [kept(label=f"ProductDefect_{v}", view=v) for v in ("FrontView", "SideView", "CloseUp")]
    message = operations.send(buyer, number=number, text="Here they are.", kept=photos)
    request.refresh_from_db()
    assert request.state == RequestState.SUBMITTED
    assert [a.label for a in request.photos.order_by("place")] == [p.label for p in photos]
    assert message.due_at is not None
    operations.review_photos(seller, number=number)
    operations.review_photos(seller, number=number)
    operations.close(seller, number=number, outcome=Outcome.REPLACEMENT, text="A new mug leaves tomorrow.")
    request.refresh_from_db()
    conversation = Conversation.objects.get(number=number)
    assert request.state == RequestState.RESOLVED
    assert (conversation.outcome, conversation.due_at) == (Outcome.REPLACEMENT, None)
    verbs = [e.verb for e in history.events_for(conversation)]
    assert verbs.count("photos.reviewed") == 1
    assert "conversation.closed" in verbs


@pytest.mark.spec("PHOTO-30", "Q-50")
def test_two_equal_or_missing_labels_are_refused(order, buyer) -> None:
    number = begun(order).number
    twice = [kept(label="ProductDefect_FrontView"), kept(label="productdefect_frontview")]
    with pytest.raises(LabelsRefused) as refused:
        operations.send(buyer, number=number, text="", kept=twice)
    assert {f["code"] for f in refused.value.facts["faults"]} >= {"photo_label_not_valid"}
    with pytest.raises(LabelsRefused) as refused:
        operations.send(buyer, number=number, text="", kept=[kept(label="A_B"), kept(label="A_B")])
    assert refused.value.facts["faults"] == [{"place": 1, "code": "photo_label_twice"}]
    operations.send(buyer, number=number, text="", kept=[kept()])  # one alone needs none
    assert Attachment.objects.count() == 1


@pytest.mark.spec("B-PHOTO-01")
def test_the_files_of_one_message_have_a_limit_together(order, buyer, monkeypatch) -> None:
    number = begun(order).number
    photos = [kept(label="A_One"), kept(label="A_Two")]
    for each in photos:
        each.facts["size_bytes"] = 6_000_000  # type: ignore[index]
    with pytest.raises(AttachmentsTooLarge):
        operations.send(buyer, number=number, text="Both", kept=photos)
    assert not Attachment.objects.exists()


@pytest.mark.spec("B-PHOTO-02")
def test_the_clock_runs_from_the_message_and_stops_with_the_answer(order, buyer, seller) -> None:
    start = clock.now()
    conversation = begun(order, at=start)
    assert conversation.due_at == start + timedelta(hours=24)
    operations.send(buyer, number=conversation.number, text="Are you there?", at=start + timedelta(hours=20))
    operations.send(seller, number=conversation.number, text="Yes, sorry.", at=start + timedelta(hours=30))
    conversation.refresh_from_db()
    assert conversation.due_at is None
    rates = lists.late_rates_of(order.seller, at=start + timedelta(hours=31))
    assert [(r.days, r.counted, r.late) for r in rates] == [(7, 2, 1), (30, 2, 1), (90, 2, 1)]


@pytest.mark.spec("B-PHOTO-02")
def test_each_message_is_counted_in_its_windows_once_it_is_settled(order) -> None:
    at = clock.now()
    conversation = begun(order, at=at - timedelta(days=200))
    Message.objects.all().delete()
    day, hour = timedelta(days=1), timedelta(hours=1)
    rows = [  # asked so long ago, answered so long after it, excused
        (2 * day, 3 * hour, False),  # in time
        (2 * day, 24 * hour, False),  # at the last moment: in time
        (2 * day, 25 * hour, False),  # late
        (2 * day, None, False),  # overdue
        (5 * hour, None, False),  # can still be answered: does not count yet
        (5 * hour, 1 * hour, False),
        (3 * day, None, True),  # no response needed
        (20 * day, 30 * hour, False),  # late, not in seven days
        (80 * day, None, False),
        (95 * day, 40 * hour, False),  # in no window
    ]
    for ago, after, excused in rows:
        asked = at - ago
        Message.objects.create(
            conversation=conversation, author=order.buyer, side=Side.BUYER, text="?", created_at=asked,
            due_at=asked + 24 * hour, answered_at=asked + after if after else None,
            excused_at=asked + hour if excused else None,
        )  # fmt: skip
    rates = lists.late_rates_of(order.seller, at=at)
    assert [(r.days, r.counted, r.late) for r in rates] == [(7, 5, 2), (30, 6, 3), (90, 7, 4)]
    assert [r.share for r in lists.late_rates_of(make_seller("Swift"), at=at)] == [None, None, None]


@pytest.mark.spec("B-PHOTO-02")
def test_no_response_needed_leaves_the_message_out(order, buyer, seller) -> None:
    start = clock.now()
    conversation = begun(order, at=start, text="Thank you, all is well.")
    operations.excuse(seller, number=conversation.number)
    operations.excuse(seller, number=conversation.number)
    conversation.refresh_from_db()
    assert conversation.due_at is None
    assert lists.late_rates_of(order.seller, at=start + timedelta(days=3))[0].counted == 0
    with pytest.raises(NotFound):
        operations.excuse(buyer, number=conversation.number)


@pytest.mark.spec("B-PHOTO-05")
def test_lists_default_to_what_needs_a_response_and_find_by_order(order, buyer, seller) -> None:
    waiting, answered = begun(order), begun(placed_order(offer=order.items.get().offer))
    operations.send(seller, number=answered.number, text="Which one do you mean?")
    rows = access.conversations_of_seller(seller)
    assert next(iter(Filter)) is Filter.RESPONSE_NEEDED
    assert list(lists.filtered(rows, Filter.RESPONSE_NEEDED)) == [waiting]
    assert list(access.with_order(rows, answered.order_number)) == [answered]
    assert list(access.with_order(rows, answered.order_number[:7])) == [answered]
    assert list(lists.filtered(rows, Filter.UNREAD)) == [waiting]
    operations.mark_read(access.conversation_for(seller, waiting.number))
    assert list(lists.filtered(rows, Filter.UNREAD)) == []


@pytest.mark.spec("PHOTO-31")
def test_a_buyer_is_reminded_at_the_hours_of_policy_and_no_longer_once_photos_came(order, buyer, seller) -> None:
    start = clock.now()
    number = begun(order, at=start).number
    operations.ask_for_photos(
        seller, number=number, photo_type="customisation", text="Please show the engraving.", at=start
    )
    request = PhotoRequest.objects.get()
    assert [r.pk for r in lists.open_requests_of_buyer(buyer)] == [request.pk]
    mail.outbox.clear()
    assert not operations.remind(request.pk, at=start + timedelta(hours=23))
    assert operations.remind(request.pk, at=start + timedelta(hours=24))
    assert not operations.remind(request.pk, at=start + timedelta(hours=24))  # once
    (told,) = mail.outbox
    assert told.to == [order.buyer.email]
    operations.send(buyer, number=number, text="", kept=[kept(view="Customisation")])
    assert not operations.remind(request.pk, at=start + timedelta(days=30))
    assert lists.open_requests_of_buyer(buyer) == []


@pytest.mark.spec("Q-51", "PHOTO-32")
def test_an_insult_is_reminded_of_once_and_sent_when_one_insists(order, buyer) -> None:
    number = begun(order).number
    with pytest.raises(PleaseCheck) as asked:
        operations.send(buyer, number=number, text="You idiots sent the wrong mug.")
    assert asked.value.facts["reminders"][0]["code"] == "tone"
    assert operations.send(buyer, number=number, text="You idiots sent the wrong mug.", confirmed=True)


@pytest.mark.spec("PHOTO-05", "PHOTO-03")
def test_sending_only_one_of_two_required_shots_is_warned_of_and_not_stopped(order, buyer) -> None:
    number = begun(order, subject=Subject.SHIPPING_DAMAGE, photos=operations.SEND).number
    photos = [kept(label="ShippingDamage_Packaging", view="Packaging")]
    with pytest.raises(PleaseCheck) as asked:
        operations.send(buyer, number=number, text="The box was torn.", kept=photos)
    assert [r["view"] for r in asked.value.facts["reminders"]] == ["Product"]
    assert operations.send(buyer, number=number, text="The box was torn.", kept=photos, confirmed=True)


@pytest.mark.spec("B-PHOTO-04")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Please see https://mugs.example.com/offer for more.", "external_links"),
        ("Write to me at ines@harbor.example and we solve it.", "contact_details"),
        ("Call +1 312 555 0199 and we talk.", "contact_details"),
        ("Leave us a five star review and we refund you.", "review_pressure"),
        ("Use the coupon MUG20 on your next order.", "marketing"),
        ("Thank you very much for your purchase!", "thanks_only"),
        ("Cảm ơn bạn đã mua hàng!", "thanks_only"),
    ],
)
def test_a_seller_may_not_send_what_is_blocked_and_reads_why(order, seller, text, code) -> None:
    number = begun(order).number
    with pytest.raises(ContentBlocked) as refused:
        operations.send(seller, number=number, text=text)
    assert code in [b["code"] for b in refused.value.facts["blocked"]]
    assert not Message.objects.filter(side=Side.SELLER).exists()


@pytest.mark.spec("B-PHOTO-04")
def test_a_seller_writes_first_only_within_thirty_days_of_completion() -> None:
    arrived = clock.now() - timedelta(days=29)
    order = delivered_order(delivered_at=arrived)
    seller = caller_of_seller(order)
    text = "The glaze of this batch needs a first rinse with cold water only, order mentioned above."
    made = operations.begin_as_seller(seller, order=order.number, subject=Subject.OTHER, text=text)
    assert made.order == order
    with pytest.raises(TooLateToWrite):
        operations.begin_as_seller(
            seller, order=order.number, subject=Subject.OTHER, text=text, at=arrived + timedelta(days=31)
        )
    with pytest.raises(ContentBlocked):
        operations.begin_as_seller(
            seller, order=order.number, subject=Subject.OTHER, text="Your order has shipped, it comes on Friday."
        )


@pytest.mark.spec("B-PHOTO-03")
def test_a_buyer_who_opted_out_gets_critical_letters_only(order, seller, buyer) -> None:
    operations.wish_contact(buyer, only_critical=True)
    text = "We cannot engrave this name: one letter is missing in the font. Which may we use instead?"
    with pytest.raises(OptedOut):
        operations.begin_as_seller(seller, order=order.number, subject=Subject.CUSTOMISATION, text=text)
    mail.outbox.clear()
    operations.begin_as_seller(seller, order=order.number, subject=Subject.CUSTOMISATION, text=text, is_critical=True)
    (told,) = mail.outbox
    assert told.subject.startswith("[Important] ")


@pytest.mark.spec("PHOTO-25", "B-PHOTO-03")
def test_a_sellers_message_reaches_the_buyers_mail_through_an_alias(order, seller, buyer) -> None:
    number = begun(order).number
    mail.outbox.clear()
    operations.send(seller, number=number, text="Which lid do you mean?")
    operations.send(buyer, number=number, text="The blue one.")
    to_buyer, to_seller = mail.outbox
    assert to_buyer.to == [order.buyer.email]
    for sent, addresses in ((to_buyer, [seller.person.email]), (to_seller, [order.buyer.email])):
        whole = sent.message().as_string()
        assert not any(address in whole for address in addresses)
        assert "@messages.fondaco.example" in sent.from_email
    assert to_buyer.from_email != to_seller.from_email
    mail.outbox.clear()
    operations.send(seller, number=number, text="That one is sold apart.")
    assert mail.outbox[0].from_email == to_buyer.from_email  # lasting


@pytest.mark.spec("Q-42")
def test_service_shares_photos_with_the_seller_who_reads_them_and_nothing_else(service) -> None:
    order = placed_order(item={"is_prime": True})
    conversation = begun(order, text="My street is Maple Street 212, the mug came broken.")
    operations.send(caller_of_buyer(order), number=conversation.number, text="See.", kept=[kept(view="FrontView")])
    photo = Attachment.objects.get()
    seller = caller_of_seller(order)
    with pytest.raises(NotFound):
        access.attachment_for(seller, photo.pk)
    assert operations.share_photos(service, number=conversation.number) == 1
    assert operations.share_photos(service, number=conversation.number) == 0
    assert access.attachment_for(seller, photo.pk)[1] is Side.SELLER
    assert access.shared_conversation(seller, conversation.number) == conversation
    with pytest.raises(access.DirectedToService):
        access.conversation_for(seller, conversation.number)  # the words stay with customer service
    with pytest.raises(access.DirectedToService):
        operations.send(seller, number=conversation.number, text="Hello")
    assert conversation.messages.filter(side=Side.SELLER).count() == 0
    stranger = make_caller(seller=make_seller("Someone Else"))
    with pytest.raises(NotFound):
        access.conversation_for(stranger, conversation.number)


@pytest.mark.spec("Q-51")
def test_a_received_message_can_be_reported_once_and_nothing_is_deleted(order, seller, buyer, service) -> None:
    number = begun(order).number
    message = operations.send(seller, number=number, text="Which lid do you mean?")
    operations.report(buyer, message_id=message.pk, reason=ReportReason.ABUSE)
    operations.report(buyer, message_id=message.pk, reason=ReportReason.ABUSE)
    with pytest.raises(Denied):
        operations.report(seller, message_id=message.pk, reason=ReportReason.ABUSE)
    (row,) = lists.open_reports(service)
    assert Message.objects.filter(pk=message.pk).exists()
    assert access.conversation_for(service, number).may_write is False
    operations.settle_report(service, report_id=row.pk)
    assert lists.open_reports(service) == []


@pytest.mark.spec("PHOTO-01", "PHOTO-02")
def test_strangers_find_nothing(order, buyer) -> None:
    number = begun(order).number
    operations.send(buyer, number=number, text="", kept=[kept()])
    photo = Attachment.objects.get()
    warehouse = make_person("Paul")
    make_member(warehouse, order.seller, MemberRole.AGENCY)
    strangers = [
        make_caller(make_buyer("Other")), make_caller(seller=make_seller("Swift")), make_caller(warehouse),
        make_caller(role=Role.SUPPORT),
    ]  # fmt: skip
    for stranger in strangers:
        with pytest.raises(NotFound):
            access.conversation_for(stranger, number)
        with pytest.raises(NotFound):
            access.attachment_for(stranger, photo.pk)
        with pytest.raises(NotFound):
            operations.send(stranger, number=number, text="Hello")
    assert queries is not None


def test_a_viewer_reads_and_does_not_write(order) -> None:
    number = begun(order).number
    viewer = make_person("Vera")
    make_member(viewer, order.seller, MemberRole.VIEWER)
    assert access.conversation_for(make_caller(viewer), number).side is Side.SELLER
    with pytest.raises(Denied):
        operations.send(make_caller(viewer), number=number, text="Hello")
