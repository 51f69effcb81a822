"""Claims of sellers and buyers: filed in time, decided once, paid once, appealed once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fondaco.catalogue.tests.factories import make_jpeg
from fondaco.engine import clock
from fondaco.engine.sweeps import run_all
from fondaco.engine.testing import run_tasks
from fondaco.fulfilment.models import Label
from fondaco.fulfilment.tests.label_factories import make_label, rate_request
from fondaco.kit.errors import Denied, NotFound
from fondaco.kit.money import Money
from fondaco.ledger.models import Posting
from fondaco.ledger.tests.factories import assert_books_in_order, proceeds
from fondaco.orders import operations as orders
from fondaco.orders.models import Order, Parcel, PayBack
from fondaco.orders.tests.factories import caller_of_buyer, caller_of_seller
from fondaco.sellers.tests.factories import make_caller, make_seller
from fondaco.service.models import ClaimNote, GuaranteeClaim, Reimbursement, Remedy
from fondaco.service.operations import guarantees, reimbursements
from fondaco.service.operations.refusals import (
    AmountBeyondClaim,
    CannotBeClaimed,
    EvidenceMissing,
    NotThatState,
    TooLateToAppeal,
)
from fondaco.service.queries import facts
from fondaco.service.rules.claims import Fault, Ground
from fondaco.service.rules.remedies import RemedyKind
from fondaco.service.tests.factories import ARRIVED, NOW, give, make_desk, make_order, units_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    clock.set_to(at=NOW)
    yield
    clock.reset()


@pytest.fixture
def wrote(monkeypatch):
    """When the buyer first wrote about the order."""
    moments = {"at": ARRIVED}
    monkeypatch.setattr(facts, "_contacts", [lambda order: moments["at"]])
    return moments


def later(**by) -> None:
    clock.set_to(at=clock.now() + timedelta(**by))


def refunded(*, ground_label: bool = False, **options) -> tuple[Order, PayBack]:
    """An order with a refund by customer service that was charged to its seller."""
    order = make_order(**options)
    if ground_label:
        label = make_label(seller=order.seller, request=rate_request(ship_at=NOW))
        Label.objects.filter(pk=label.pk).update(is_protected=False)
        Parcel.objects.filter(order=order).update(label_id=label.pk)
    return order, give(order).parts.get().payback


def file(order: Order, payback: PayBack, **options) -> Reimbursement:
    values = {"ground": Ground.POLICY_ABUSE, "text": "Third time this year.", "request_key": "file-1", **options}
    return reimbursements.file(caller_of_seller(order), payback_id=payback.pk, **values)


@pytest.mark.spec("B-PRIME-22", "Q-34")
def test_a_claim_with_the_delivery_proof_is_granted_and_paid_once():
    order, payback = refunded(ground_label=True)
    before = proceeds(order.seller)
    claim = file(order, payback, ground=Ground.DELIVERED_CLAIMED_LOST, text="Scanned at the door.")
    assert (claim.state, claim.asked_minor) == ("under_investigation", 1999)
    assert claim.terms["claim.reimbursement.window_days"] == "claim.reimbursement.window_days@US#0"
    desk = make_desk()
    for _again in range(2):
        claim = reimbursements.decide(desk, number=claim.number, grant=True, why="Proof is clear.", request_key="d1")
    assert (claim.state, claim.verdict, claim.granted_minor) == ("resolved", "granted", 1999)
    assert proceeds(order.seller) == before + 1999
    posting = Posting.objects.get(key=f"reimbursement:{claim.pk}:1")
    assert (posting.reason, posting.clause) == ("reimbursement", "B-PRIME-22")
    with pytest.raises(NotThatState):
        reimbursements.decide(desk, number=claim.number, grant=True, why="Again", request_key="d2")
    assert_books_in_order()


@pytest.mark.spec("B-PRIME-22")
def test_only_a_marketplace_refund_that_was_charged_can_be_claimed():
    order = make_order(quantity=2)
    first, second = units_of(order)
    own = orders.record_refund(order=order, unit=first, amount=Money(1999, "USD"), key="r:1", reason="refund").payback
    with pytest.raises(CannotBeClaimed) as refused:
        file(order, own)
    assert refused.value.facts["code"] == "seller_refunded"
    free = give(order, units=[second.pk], charge_seller=False).parts.get().payback
    with pytest.raises(CannotBeClaimed) as refused:
        file(order, free)
    assert refused.value.facts["code"] == "not_charged"
    assert not Reimbursement.objects.exists()


@pytest.mark.spec("B-PRIME-22")
def test_a_refund_is_claimed_once():
    order, payback = refunded()
    first = file(order, payback)
    assert file(order, payback).pk == first.pk
    with pytest.raises(CannotBeClaimed) as refused:
        file(order, payback, request_key="file-2")
    assert refused.value.facts["code"] == "claimed_before"
    assert ClaimNote.objects.count() == 1


@pytest.mark.spec("B-PRIME-23")
@pytest.mark.parametrize(("at", "days"), [(NOW, 60), (datetime(2026, 6, 20, 15, tzinfo=UTC), 30)])
def test_the_window_to_file_depends_on_the_date(at, days):
    from datetime import date

    clock.set_to(at=at)
    arrived = at - timedelta(days=10)
    order, payback = refunded(delivered=arrived, promised=date(2022, 6, 9))
    later(days=days + 2)
    with pytest.raises(CannotBeClaimed) as refused:
        file(order, payback)
    assert refused.value.facts["code"] == "too_late"
    clock.set_to(at=at + timedelta(days=days))
    assert file(order, payback).state == "under_investigation"


def test_photos_are_needed_where_the_ground_is_about_the_thing(monkeypatch):
    order, payback = refunded()
    monkeypatch.setattr(facts, "_returns", [lambda payback: (True, NOW)])
    options = {"ground": Ground.UNSELLABLE_OR_DIFFERENT, "text": "Came back broken."}
    with pytest.raises(EvidenceMissing):
        file(order, payback, **options)
    photo = make_jpeg()
    with pytest.raises(EvidenceMissing):
        file(order, payback, **options, documents=[("item_photos", "a.jpg", photo)])
    with pytest.raises(EvidenceMissing):
        file(
            order, payback, **options,
            documents=[("item_photos", "a.jpg", photo), ("packaging_photos", "b.jpg", b"not a picture")],
        )  # fmt: skip
    claim = file(
        order, payback, **options,
        documents=[("item_photos", "a.jpg", photo), ("packaging_photos", "b.jpg", make_jpeg())],
    )  # fmt: skip
    assert [d["kind"] for d in claim.notes.get().documents] == ["item_photos", "packaging_photos"]


@pytest.mark.spec("B-PRIME-23")
def test_a_question_has_a_due_time_and_no_answer_ends_the_claim():
    order, payback = refunded()
    claim = file(order, payback)
    claim = reimbursements.ask(make_desk(), number=claim.number, text="Which buyer abuse?", request_key="a1")
    assert claim.state == "awaiting_seller"
    # Monday 20 June and three business days: Thursday 23 June, to the end of the day in Chicago.
    assert claim.reply_due_at == datetime(2022, 6, 24, 4, 59, 59, tzinfo=UTC)
    clock.set_to(at=claim.reply_due_at - timedelta(minutes=2))
    run_all()
    run_tasks()
    claim.refresh_from_db()
    assert claim.state == "awaiting_seller"
    later(minutes=3)
    run_all()
    run_tasks()
    run_all()
    run_tasks()
    claim.refresh_from_db()
    assert (claim.state, claim.verdict, claim.round) == ("resolved", "declined", 1)


def test_an_answer_goes_back_to_the_desk():
    order, payback = refunded()
    claim = file(order, payback)
    with pytest.raises(NotThatState):
        reimbursements.reply(caller_of_seller(order), number=claim.number, text="Nobody asked.")
    reimbursements.ask(make_desk(), number=claim.number, text="Which?", request_key="a1")
    claim = reimbursements.reply(caller_of_seller(order), number=claim.number, text="These.", request_key="r1")
    assert (claim.state, claim.reply_due_at) == ("under_investigation", None)
    assert [note.act for note in claim.notes.order_by("id")] == ["filed", "asked", "replied"]


@pytest.mark.spec("B-PRIME-23")
def test_a_decision_is_appealed_once_and_the_rest_is_paid_once():
    order, payback = refunded()
    before, desk = proceeds(order.seller), make_desk()
    claim = file(order, payback)
    reimbursements.decide(
        desk, number=claim.number, grant=True, why="Half.", amount=Money(1000, "USD"), request_key="1"
    )
    claim = reimbursements.appeal(caller_of_seller(order), number=claim.number, text="All of it.", request_key="2")
    assert claim.state == "under_investigation"
    with pytest.raises(AmountBeyondClaim):
        reimbursements.decide(desk, number=claim.number, grant=True, why="Less?", amount=Money(500, "USD"))
    claim = reimbursements.decide(desk, number=claim.number, grant=True, why="Yes.", request_key="3")
    assert (claim.granted_minor, claim.round) == (1999, 2)
    assert proceeds(order.seller) == before + 1999
    with pytest.raises(TooLateToAppeal):
        reimbursements.appeal(caller_of_seller(order), number=claim.number, text="More!")
    assert_books_in_order()


def test_an_appeal_in_vain_keeps_what_was_granted_and_time_ends_it():
    order, payback = refunded()
    before, desk = proceeds(order.seller), make_desk()
    claim = file(order, payback)
    reimbursements.decide(desk, number=claim.number, grant=True, why="Half.", amount=Money(1000, "USD"))
    reimbursements.appeal(caller_of_seller(order), number=claim.number, text="All of it.")
    claim = reimbursements.decide(desk, number=claim.number, grant=False, why="No more.")
    assert (claim.granted_minor, proceeds(order.seller)) == (1000, before + 1000)
    other, back = refunded()
    second = file(other, back)
    second = reimbursements.decide(desk, number=second.number, grant=False, why="No.")
    clock.set_to(at=second.appeal_due_at + timedelta(seconds=1))
    with pytest.raises(TooLateToAppeal):
        reimbursements.appeal(caller_of_seller(other), number=second.number, text="Late.")


def test_who_may_claim_and_decide():
    order, payback = refunded()
    claim = file(order, payback)
    stranger = make_caller(seller=make_seller("Other"))
    with pytest.raises(NotFound):
        reimbursements.file(stranger, payback_id=payback.pk, ground=Ground.POLICY_ABUSE, text="x", request_key="s")
    for verb in (
        lambda: reimbursements.decide(caller_of_seller(order), number=claim.number, grant=True, why="Me."),
        lambda: reimbursements.ask(caller_of_buyer(order), number=claim.number, text="?"),
    ):
        with pytest.raises(Denied):
            verb()
    with pytest.raises(NotFound):
        reimbursements.reply(stranger, number=claim.number, text="x")
    with pytest.raises(NotFound):
        reimbursements.appeal(caller_of_buyer(order), number=claim.number, text="x")


# Guarantee claims.


def open_(order: Order, **options) -> GuaranteeClaim:
    values = {"unit": units_of(order)[0].pk, "fault": Fault.NOT_AS_DESCRIBED, "text": "It is blue.", **options}
    return guarantees.open_claim(caller_of_buyer(order), number=order.number, **values)


@pytest.mark.spec("B-PRIME-24")
def test_a_buyer_waits_for_the_seller_first(wrote):
    order = make_order(prime=False)
    wrote["at"] = None
    with pytest.raises(CannotBeClaimed) as refused:
        open_(order)
    assert refused.value.facts["code"] == "write_first"
    wrote["at"] = NOW - timedelta(hours=47, minutes=59)
    with pytest.raises(CannotBeClaimed) as refused:
        open_(order)
    assert refused.value.facts["opens_at"] == NOW + timedelta(minutes=1)
    wrote["at"] = NOW - timedelta(hours=48)
    claim = open_(order)
    assert claim.seller_due_at == claim.opened_at + timedelta(hours=72)
    assert open_(order).pk == claim.pk


@pytest.mark.spec("B-PRIME-24")
def test_without_an_answer_in_72_hours_customer_service_decides_and_charges(wrote):
    order = make_order(prime=False)
    before = proceeds(order.seller)
    claim = open_(order)
    with pytest.raises(NotThatState):
        guarantees.decide(make_desk(), number=claim.number, grant=True, why="Too soon.")
    later(hours=72, seconds=1)
    run_all()
    run_tasks()
    claim = guarantees.decide(make_desk(), number=claim.number, grant=True, why="No answer.")
    assert (claim.state, claim.verdict) == ("resolved", "granted")
    assert claim.remedy.kind == RemedyKind.GUARANTEE
    assert proceeds(order.seller) == before - 1999
    assert_books_in_order()


def test_the_seller_refunds_a_claim_and_it_ends(wrote):
    order = make_order()
    claim = open_(order)
    claim = guarantees.answer(caller_of_seller(order), number=claim.number, accept=True, text="Sorry.")
    assert (claim.verdict, claim.appeal_due_at) == ("granted", None)
    assert PayBack.objects.get().amount_minor == 1999


@pytest.mark.spec("B-PRIME-24")
def test_a_seller_who_lost_appeals_within_30_days_and_gets_the_charge_back_once(wrote):
    order = make_order()
    before, desk = proceeds(order.seller), make_desk()
    claim = open_(order)
    guarantees.answer(caller_of_seller(order), number=claim.number, accept=False, text="It is as shown.")
    claim = guarantees.decide(desk, number=claim.number, grant=True, why="The photo differs.")
    assert (claim.appeal_due_at.date() - NOW.date()).days in (30, 31)
    with pytest.raises(TooLateToAppeal):
        guarantees.appeal(caller_of_buyer(order), number=claim.number, text="I won, but still.")
    guarantees.appeal(caller_of_seller(order), number=claim.number, text="Look at the listing of May.")
    claim = guarantees.decide(desk, number=claim.number, grant=False, why="Right: it was shown.")
    assert proceeds(order.seller) == before
    assert PayBack.objects.get().amount_minor == 1999  # the buyer keeps the refund
    with pytest.raises(TooLateToAppeal):
        guarantees.appeal(caller_of_buyer(order), number=claim.number, text="Again.")
    assert_books_in_order()


def test_a_buyer_who_lost_appeals_and_wins_once(wrote):
    order, desk = make_order(), make_desk()
    claim = open_(order)
    guarantees.answer(caller_of_seller(order), number=claim.number, accept=False, text="As shown.")
    claim = guarantees.decide(desk, number=claim.number, grant=False, why="As shown.")
    guarantees.appeal(caller_of_buyer(order), number=claim.number, text="See the colour.")
    claim = guarantees.decide(desk, number=claim.number, grant=True, why="Indeed.")
    assert (claim.verdict, claim.round) == ("granted", 2)
    assert PayBack.objects.count() == 1


@pytest.mark.spec("B-PRIME-25")
def test_a_protected_label_lets_the_marketplace_bear_a_claim_for_a_lost_parcel(wrote):
    from datetime import date

    order = make_order()
    label = make_label(seller=order.seller, request=rate_request(ship_at=NOW))
    Label.objects.filter(pk=label.pk).update(
        is_protected=True, ship_by_date=date(2022, 6, 7), first_scan_at=ARRIVED - timedelta(days=3)
    )
    Parcel.objects.filter(order=order).update(label_id=label.pk)
    before = proceeds(order.seller)
    claim = open_(order, fault=Fault.NOT_RECEIVED, text="Nothing here.")
    guarantees.answer(caller_of_seller(order), number=claim.number, accept=False, text="Delivered.")
    claim = guarantees.decide(make_desk(), number=claim.number, grant=True, why="Lost at the door.")
    assert proceeds(order.seller) == before
    assert claim.remedy.is_protected
    assert claim.appeal_due_at is None


@pytest.mark.spec("B-PRIME-22")
def test_after_a_granted_guarantee_claim_there_is_no_reimbursement(wrote):
    order = make_order()
    claim = open_(order)
    guarantees.answer(caller_of_seller(order), number=claim.number, accept=False, text="No.")
    guarantees.decide(make_desk(), number=claim.number, grant=True, why="Yes.")
    with pytest.raises(CannotBeClaimed) as refused:
        file(order, PayBack.objects.get())
    assert refused.value.facts["code"] == "guarantee_claim_granted"


def test_a_withdrawn_claim_pays_nothing(wrote):
    order = make_order()
    claim = open_(order)
    with pytest.raises(Denied):
        guarantees.withdraw(caller_of_seller(order), number=claim.number)
    claim = guarantees.withdraw(caller_of_buyer(order), number=claim.number)
    assert claim.state == "withdrawn"
    assert not Remedy.objects.exists()
    with pytest.raises(NotThatState):
        guarantees.answer(caller_of_seller(order), number=claim.number, accept=True, text="Late.")
