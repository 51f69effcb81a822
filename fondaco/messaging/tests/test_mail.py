"""Mail in: a hundred real-shaped mails, each in the right thread or refused by name; the listener; killed workers."""

from __future__ import annotations

import contextlib
import smtplib
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail

from fondaco import history
from fondaco.engine import files, sweeps
from fondaco.engine.testing import forget_tasks, run_tasks
from fondaco.messaging import letters, operations, wording
from fondaco.messaging.mail import accept as door
from fondaco.messaging.mail import filing
from fondaco.messaging.mail.accept import accept
from fondaco.messaging.mail.listener import controller
from fondaco.messaging.mail.parse import Unreadable, parse
from fondaco.messaging.models import Alias, Attachment, Conversation, InboundMail, Message
from fondaco.messaging.rules.words import Side, Subject
from fondaco.messaging.tests.factories import begun
from fondaco.messaging.tests.mail_corpus import FILED, Setting, corpus
from fondaco.orders.tests.factories import caller_of_seller, placed_order
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, owner_of


def setting(order=None) -> tuple[Setting, Conversation]:
    order = order or placed_order()
    conversation = begun(order)
    answer = operations.send(caller_of_seller(order), number=conversation.number, text="Which lid do you mean?")
    to_buyer = next(m for m in mail.outbox if m.to == [order.buyer.email] and "Which lid" in m.body)
    alias = Alias.objects.get(buyer=order.buyer, seller=order.seller, stands_for=Side.BUYER)
    made = Setting(
        buyer=order.buyer.email,
        seller=owner_of(order.seller).email,
        to_seller=to_buyer.reply_to[0],
        to_buyer=letters.address_of(alias),
        subject=to_buyer.subject,
        answered_id=letters.mail_id_of(answer, Side.BUYER),
        thread_id=to_buyer.extra_headers["References"],
        number=conversation.number,
        order=order.number,
    )
    return made, conversation


@pytest.mark.django_db
@pytest.mark.spec("PHOTO-26", "PHOTO-27", "B-PHOTO-03", "Q-50")
def test_a_hundred_mails_each_end_in_the_right_thread_or_a_named_refusal() -> None:
    where, conversation = setting()
    cases = corpus(where)
    assert len(cases) >= 100
    wrong = []
    for case in cases:
        before = Message.objects.count()
        (row,) = accept(case.raw, sender=case.sender, recipients=[case.to], source="smtp")
        run_tasks()
        row.refresh_from_db()
        got = FILED if row.state == InboundMail.FILED else row.reason
        said = row.message
        faults = []
        if got != case.outcome:
            faults.append(f"{got} instead of {case.outcome} {row.facts}")
        if got != FILED and Message.objects.count() != before:
            faults.append("wrote a message all the same")
        if got != FILED and row.reason not in wording.MAIL_REFUSALS:
            faults.append(f"{row.reason} has no words")
        if got == FILED and said:
            if said.conversation_id != conversation.pk:
                faults.append("another thread")
            if said.side != case.side:
                faults.append(f"written as {said.side}")
            if case.text is not None and said.text != case.text:
                faults.append(f"says {said.text!r}")
            if case.photos is not None and said.attachments.count() != case.photos:
                faults.append(f"{said.attachments.count()} files")
            labels = set(said.attachments.values_list("label", flat=True))
            faults += [f"no label {label}: {labels}" for label in case.labels if label not in labels]
            faults += [f"holds {word}" for word in (*case.without, where.buyer, where.seller) if word in said.text]
        wrong += [f"{case.name}: {fault}" for fault in faults]
    assert not wrong, "\n".join(wrong)
    leaked = [m for m in mail.outbox if m.to == [where.seller] and where.buyer in m.message().as_string()]
    leaked += [m for m in mail.outbox if m.to == [where.buyer] and where.seller in m.message().as_string()]
    assert leaked == []
    for photo in Attachment.objects.all():
        copies = b"".join(files.read("documents", name) for name in (photo.copy, photo.preview, photo.thumb))
        assert b"Exif" not in copies
        assert where.buyer.encode() not in copies
        assert where.buyer not in photo.file_name
        assert where.buyer.split("@")[0] not in f"{photo.file_name} {photo.label}".lower()
    assert "mail.bounced" in [e.verb for e in history.events_for(conversation)]


def test_the_hundred_hold_every_kind_that_mail_really_has() -> None:
    names = [case.name for case in corpus(Setting(*(f"x{n}@y.example" for n in range(9))))]
    assert len(names) == len(set(names)) >= 100
    kinds = {
        "multipart": "multipart", "inline images": "inline photo", "forwarded": "forwarded", "winmail": "winmail",
        "wrong charset": "wrong charset", "30 MB": "thirty megabytes", "no text": "a photo without words", "top quoting": "top quoting",
        "bottom quoting": "quoting, bottom", "spoofed sender": "forged", "unknown alias": "unknown alias", "loops": "our own mail",
        "bounces": "bounce", "auto-replies": "automatic answer", "an address as file name": "called after",
    }  # fmt: skip
    missing = [kind for kind, word in kinds.items() if not any(word in name for name in names)]
    assert not missing, (missing, names)


@pytest.mark.django_db
@pytest.mark.spec("PHOTO-26")
def test_a_buyers_first_mail_begins_a_conversation_about_the_order_it_names() -> None:
    order = placed_order()
    alias = letters.alias_for(buyer=order.buyer, seller=order.seller, stands_for=Side.SELLER)
    raw = f"From: {order.buyer.email}\nTo: x\nSubject: Chipped mug\nMessage-ID: <first@phone>\n\nOrder {order.number}: the rim came chipped. How do I send photos?\n".encode()
    accept(raw, sender=order.buyer.email, recipients=[letters.address_of(alias)], source="smtp")
    run_tasks()
    made = Conversation.objects.get()
    assert made.order == order
    assert made.messages.get().channel == "email"


def _letter(order, text: str, *, alias: Alias, **headers: str) -> None:
    """A mail of the order's buyer, accepted and filed."""
    lines = {
        "From": order.buyer.email,
        "To": "x",
        "Message-ID": f"<{len(text)}-{text[:9].split()[0]}@phone>",
        **headers,
    }
    raw = "\n".join(f"{name}: {value}" for name, value in lines.items()) + f"\n\n{text}\n"
    accept(raw.encode(), sender=order.buyer.email, recipients=[letters.address_of(alias)], source="smtp")
    run_tasks()


@pytest.mark.django_db
@pytest.mark.spec("Q-42", "PHOTO-26")
def test_a_mail_about_a_prime_order_goes_to_customer_service_and_stays_in_one_thread() -> None:
    order = placed_order(item={"is_prime": True})
    alias = letters.alias_for(buyer=order.buyer, seller=order.seller, stands_for=Side.SELLER)
    _letter(order, f"Order {order.number}: the rim came chipped.", alias=alias)
    made = Conversation.objects.get()
    assert (made.audience, made.route_reason, made.order) == ("service", "prime_item", order)
    _letter(order, f"Again about {order.number}: nobody answered.", alias=alias)
    _letter(order, "And it leaks.", alias=alias)  # names none: the last order there
    assert Conversation.objects.count() == 1
    assert made.messages.count() == 3
    to_seller = [m for m in mail.outbox if m.to == [owner_of(order.seller).email]]
    assert not [m for m in to_seller if "chipped" in m.body]  # the seller reads nothing of it


@pytest.mark.django_db
@pytest.mark.spec("Q-42")
def test_naming_a_prime_order_leads_past_the_talk_about_the_product() -> None:
    order = placed_order(item={"is_prime": True})
    question = begun(order, subject=Subject.PRODUCT_QUESTION)
    assert question.audience == "seller"
    alias = letters.alias_for(buyer=order.buyer, seller=order.seller, stands_for=Side.SELLER)
    _letter(order, f"Order {order.number}: it came broken.", alias=alias, Subject="My order")
    contact = Conversation.objects.exclude(pk=question.pk).get()
    assert contact.audience == "service"
    _letter(order, f"About the glaze of {order.number}.", alias=alias, Subject=f"Re: [#{question.number}]")
    assert question.messages.count() == 2  # an answer stays where it belongs


@pytest.mark.django_db
@pytest.mark.spec("Q-42")
def test_an_answer_to_customer_service_finds_its_thread_and_an_order_it_names_a_new_one() -> None:
    order = placed_order(item={"is_prime": True})
    contact = begun(order)
    service = make_caller(role=Role.CUSTOMER_SERVICE)
    operations.send(service, number=contact.number, text="Which side is it on?")
    told = next(m for m in mail.outbox if "Which side" in m.body)
    alias = Alias.objects.get(buyer=order.buyer, stands_for=Side.SERVICE)
    assert told.reply_to == [letters.address_of(alias)]
    _letter(order, "On the left.", alias=alias, **{"In-Reply-To": told.extra_headers["Message-ID"]})
    assert contact.messages.filter(text="On the left.").exists()
    other = placed_order(buyer=order.buyer, offer=order.items.get().offer, item={"is_prime": True})
    _letter(order, f"Order {other.number} did not come.", alias=alias, Subject="Another one")
    assert Conversation.objects.get(order=other).audience == "service"


@pytest.mark.django_db
@pytest.mark.spec("Q-42", "B-PHOTO-03")
def test_a_sellers_mail_never_gets_into_what_customer_service_answers() -> None:
    order = placed_order(item={"is_prime": True})
    contact = begun(order)
    begun(order, subject=Subject.PRODUCT_QUESTION)
    alias = letters.alias_for(buyer=order.buyer, seller=order.seller, stands_for=Side.BUYER)
    message = contact.messages.get()
    raw = (
        f"From: {owner_of(order.seller).email}\nSubject: [#{contact.number}] {order.number}\nMessage-ID: <s@shop>\n"
        f"In-Reply-To: {letters.mail_id_of(message, Side.SELLER)}\n\nThe lid is sold apart.\n"
    )
    accept(raw.encode(), sender=owner_of(order.seller).email, recipients=[letters.address_of(alias)], source="smtp")
    run_tasks()
    assert contact.messages.count() == 1


@pytest.mark.django_db
def test_the_same_mail_twice_is_one_message_and_another_copy_is_named() -> None:
    where, _ = setting()
    raw = f"From: {where.buyer}\nSubject: [#{where.number}]\nMessage-ID: <once@phone>\n\nOnce.\n".encode()
    for copy in (raw, raw, b"Received: from mx.example\n" + raw):
        accept(copy, sender=where.buyer, recipients=[where.to_seller], source="smtp")
        run_tasks()
    assert Message.objects.filter(text="Once.").count() == 1
    assert sorted(InboundMail.objects.values_list("state", "reason")) == [("filed", ""), ("refused", "mail_twice")]


@pytest.mark.django_db
def test_who_sent_a_file_that_cannot_be_taken_is_told_why_once() -> None:
    where, _ = setting()
    case = next(c for c in corpus(where) if c.name == "words and a program")
    mail.outbox.clear()
    accept(case.raw, sender=case.sender, recipients=[case.to], source="smtp")
    run_tasks()
    told = [m for m in mail.outbox if m.to == [where.buyer]]
    assert len(told) == 1
    assert "setup.jpg" in told[0].body
    assert told[0].extra_headers["Auto-Submitted"] == "auto-replied"


@pytest.mark.django_db
def test_no_task_no_loss_the_sweep_files_what_was_accepted() -> None:
    where, _ = setting()
    for n in range(20):
        raw = f"From: {where.buyer}\nSubject: [#{where.number}]\nMessage-ID: <k{n}@phone>\n\nNumber {n}.\n".encode()
        accept(raw, sender=where.buyer, recipients=[where.to_seller], source="smtp")
    forget_tasks()  # the worker died, and with it the queue
    assert InboundMail.objects.filter(state=InboundMail.RECEIVED).count() == 20
    sweeps.run_all()
    run_tasks()
    assert Message.objects.filter(text__startswith="Number").count() == 20


@pytest.mark.django_db
def test_mails_that_came_together_are_filed_together_and_one_that_fails_holds_up_no_other(monkeypatch) -> None:
    where, _ = setting()
    raws = [
        f"From: {where.buyer}\nSubject: [#{where.number}]\nMessage-ID: <t{n}@phone>\n\nTogether {n}.\n".encode()
        for n in range(20)
    ]
    mails = [
        door.Incoming(files.put("documents", raw), len(raw), where.buyer, (where.to_seller,), "smtp") for raw in raws
    ]
    assert [len(rows) for rows in door.accept_all(mails)] == [1] * 20
    assert (
        door.accept_all(mails)[3][0].pk == InboundMail.objects.get(sha256=mails[3].sha256).pk
    )  # sent again: the same rows
    assert InboundMail.objects.count() == 20
    file_mail, failed = filing.file_mail, []

    def fails_once(pk, **options):
        if not failed and pk == InboundMail.objects.get(sha256=mails[5].sha256).pk:
            failed.append(pk)
            raise OSError("the disk was away")
        return file_mail(pk, **options)

    monkeypatch.setattr(filing, "file_mail", fails_once)
    run_tasks()
    assert failed
    texts = list(Message.objects.filter(text__startswith="Together").values_list("text", flat=True))
    assert sorted(texts) == sorted(f"Together {n}." for n in range(20))


@pytest.mark.django_db
@pytest.mark.spec("B-PHOTO-03")
def test_a_provider_hands_mail_in_by_its_webhook() -> None:
    from anymail.inbound import AnymailInboundMessage
    from anymail.signals import AnymailInboundEvent, inbound

    where, conversation = setting()
    message = AnymailInboundMessage.parse_raw_mime(
        f"From: {where.buyer}\nTo: {where.to_seller}\nSubject: Re: hello\nMessage-ID: <p@x>\nIn-Reply-To: {where.answered_id}\n\nBy webhook.\n"
    )
    message.envelope_recipient, message.envelope_sender = where.to_seller, where.buyer
    event = AnymailInboundEvent(event_type="inbound", message=message)
    inbound.send(sender=object, event=event, esp_name="Postmark")
    run_tasks()
    assert conversation.messages.filter(text="By webhook.").exists()
    assert InboundMail.objects.get().source == "postmark"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"x",
        b"\0" * 100,
        b"From: x\n",
        b"Content-Type: multipart/mixed; boundary=\n\n--\n",
        b"Subject: =?x?y?z?=\n\n",
    ],
)
def test_the_reader_of_mails_survives_anything(raw: bytes) -> None:
    with contextlib.suppress(Unreadable):  # and nothing else
        parse(raw)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.mark.django_db(transaction=True)
@pytest.mark.spec("B-PHOTO-03")
def test_the_listener_stores_before_it_says_so_and_refuses_by_name() -> None:
    where, _ = setting()
    listening = controller("127.0.0.1", free_port())
    listening.start()
    try:
        with smtplib.SMTP("127.0.0.1", listening.port, timeout=20) as client:
            raw = f"From: {where.buyer}\r\nSubject: [#{where.number}]\r\nMessage-ID: <l@phone>\r\n\r\nBy SMTP.\r\n"
            assert client.sendmail(where.buyer, [where.to_seller], raw) == {}
            assert InboundMail.objects.get().state == InboundMail.RECEIVED  # stored when the 250 was said
            with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                client.sendmail(where.buyer, ["nobody@messages.fondaco.example"], raw)
            assert b"alias_unknown" in next(iter(refused.value.recipients.values()))[1]
            client.rset()
            with pytest.raises(smtplib.SMTPResponseException) as too_large:
                client.sendmail(
                    where.buyer,
                    [where.to_seller],
                    raw + "A" * (door.MOST_BYTES + 1000),
                    mail_options=[f"SIZE={door.MOST_BYTES + 5000}"],
                )
            assert too_large.value.smtp_code == 552
    finally:
        listening.stop()
    run_tasks()
    assert Message.objects.filter(text="By SMTP.").exists()


@pytest.mark.django_db(transaction=True)
def test_the_listener_takes_mails_over_several_connections_and_loses_none() -> None:
    """How many a second: `benchmarks.message_bench`."""
    where, _ = setting()
    listening = controller("127.0.0.1", free_port())
    listening.start()

    def send(connection: int) -> None:
        with smtplib.SMTP("127.0.0.1", listening.port, timeout=60) as client:
            for n in range(25):
                raw = f"From: {where.buyer}\r\nSubject: [#{where.number}]\r\nMessage-ID: <r{connection}-{n}@phone>\r\n\r\nMail {connection}-{n}.\r\n"
                client.sendmail(where.buyer, [where.to_seller], raw)

    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(send, range(4)))
    finally:
        listening.stop()
    assert InboundMail.objects.filter(state=InboundMail.RECEIVED).count() == 100
    forget_tasks()  # the worker was killed
    sweeps.run_all()
    run_tasks()
    assert Message.objects.filter(text__startswith="Mail ").count() == 100
