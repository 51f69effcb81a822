"""Refunds by customer service: once, within what was paid, borne by whom the rules say, told to both sides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail

from fondaco.engine import clock
from fondaco.fulfilment.models import Label
from fondaco.fulfilment.tests.label_factories import make_label, rate_request
from fondaco.history.models import Event
from fondaco.kit.errors import Denied, NotFound
from fondaco.kit.money import Money
from fondaco.ledger.models import Posting
from fondaco.ledger.rules import AccountKind
from fondaco.ledger.tests.factories import assert_books_in_order, balance, owed, proceeds
from fondaco.orders import operations as orders
from fondaco.orders.models import Order, Parcel, PayBack
from fondaco.orders.tests.factories import caller_of_buyer, caller_of_seller
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_member, make_seller, owner_of
from fondaco.service.models import Remedy
from fondaco.service.operations import addresses, remedies
from fondaco.service.operations.refusals import (
    AlreadyShipped,
    LabelProtects,
    LateRefundGiven,
    NotForLate,
    SellerNotCharged,
    WhyNeeded,
)
from fondaco.service.rules.remedies import AboveWhatIsLeft, NothingLeftToRefund, NotLate, RemedyKind
from fondaco.service.tests.factories import ARRIVED, NOW, give, make_desk, make_order, units_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    clock.set_to(at=NOW)
    yield
    clock.reset()


@pytest.mark.spec("PRIME-22", "PRIME-23", "Q-34")
def test_a_refund_is_charged_to_the_seller_who_reads_amount_reason_and_author():
    order = make_order()
    before = proceeds(order.seller)
    desk = make_desk()
    remedy = give(order, desk, why="It never came.")
    assert remedy.amount_minor == 1999
    assert proceeds(order.seller) == before - 1999
    posting = Posting.objects.get(pk=remedy.parts.get().payback.posting_id)
    assert (posting.reason, posting.clause) == ("not_received_refund", "PRIME-41")
    assert posting.policy_version == "claim.label_protection@US#0"
    told = {message.to[0]: message.body for message in mail.outbox[-2:]}
    to_seller = told[owner_of(order.seller).email]
    assert "$19.99" in to_seller
    assert "It never came." in to_seller
    assert str(desk.person) in to_seller
    assert "$19.99" in told[order.buyer.email]
    event = Event.objects.get(verb="service.refunded")
    assert (event.why, event.clause) == ("It never came.", "PRIME-41")
    assert_books_in_order()


@pytest.mark.spec("PRIME-22", "PRIME-23")
def test_the_marketplace_can_bear_it_instead():
    order = make_order()
    before = proceeds(order.seller)
    remedy = give(order, charge_seller=False, kind=RemedyKind.REFUND)
    assert not remedy.charges_seller
    assert proceeds(order.seller) == before
    assert balance(AccountKind.REIMBURSEMENTS) == -1999
    assert_books_in_order()


def test_the_same_request_gives_one_refund():
    order, desk = make_order(), make_desk()
    first = give(order, desk, request_key="once")
    assert give(order, desk, request_key="once").pk == first.pk
    assert PayBack.objects.count() == 1


@pytest.mark.spec("PRIME-48", "PRIME-49")
def test_a_hazmat_item_that_cannot_be_returned_is_refunded_at_discretion_and_charged():
    order = make_order()
    order.items.update(hazmat_class="hazmat")
    remedy = give(order, kind=RemedyKind.NON_RETURNABLE, amount=Money(1000, "USD"))
    assert (remedy.amount_minor, remedy.clause, remedy.charges_seller) == (1000, "PRIME-48", True)
    assert Posting.objects.filter(reason="non_returnable_refund").count() == 1


def test_amounts_go_over_units_and_never_above_what_was_paid():
    order = make_order(quantity=3)
    units = [unit.pk for unit in units_of(order)]
    remedy = give(order, units=units, amount=Money(2500, "USD"))
    assert sorted(remedy.parts.values_list("amount_minor", flat=True)) == [501, 1999]
    with pytest.raises(AboveWhatIsLeft):
        give(order, units=units, amount=Money(3 * 1999 - 2499, "USD"))
    give(order, units=units)
    with pytest.raises(NothingLeftToRefund):
        give(order, units=units)
    assert sum(PayBack.objects.values_list("amount_minor", flat=True)) == 3 * 1999


def test_other_refunds_of_the_unit_count():
    order = make_order()
    (unit,) = units_of(order)
    orders.record_refund(order=order, unit=unit, amount=Money(1500, "USD"), key="return:1", reason="refund")
    assert give(order).amount_minor == 499
    again = make_order()
    orders.record_refund(order=again, amount=Money(1900, "USD"), key="return:2", reason="refund")
    assert give(again).amount_minor == 99


@pytest.mark.parametrize("amount", [Money(0, "USD"), Money(-5, "USD"), Money(500, "EUR")])
def test_impossible_amounts_are_refused_and_change_nothing(amount):
    from fondaco.kit.errors import Refusal

    order = make_order()
    with pytest.raises(Refusal):
        give(order, amount=amount)
    assert not Remedy.objects.exists()
    assert not PayBack.objects.exists()


def test_a_reason_is_needed():
    with pytest.raises(WhyNeeded):
        give(make_order(), why="  \n ")


@pytest.mark.spec("PRIME-23")
def test_a_seller_is_charged_at_discretion_for_programme_items_only():
    order = make_order(prime=False)
    with pytest.raises(SellerNotCharged):
        give(order)
    assert give(order, charge_seller=False).amount_minor == 1999


def test_who_may_refund():
    order = make_order()
    staff = owner_of(make_seller("Own"))
    answers = {}
    for name, caller in {
        "buyer": caller_of_buyer(order),
        "seller": caller_of_seller(order),
        "support": make_caller(role=Role.SUPPORT),
        "stranger": make_caller(staff),
    }.items():
        with pytest.raises((Denied, NotFound)) as refused:
            give(order, caller)
        answers[name] = refused.value.CODE
    assert set(answers.values()) == {"not_permitted"}
    desk = make_desk()
    make_member(desk.person, order.seller)
    with pytest.raises(Denied):
        give(order, make_caller(desk.person))
    assert not Remedy.objects.exists()


@pytest.mark.spec("PRIME-26")
def test_a_late_delivery_gives_the_full_shipping_cost_back_once():
    order = make_order(shipping_minor=799)
    before, desk = proceeds(order.seller), make_desk()
    options = {"number": order.number, "item": order.items.get().pk, "why": "A day late."}
    remedy = remedies.refund_late_delivery(desk, **options, request_key="late-1")
    assert (remedy.amount_minor, remedy.clause) == (799, "PRIME-26")
    assert proceeds(order.seller) == before - 799
    assert remedies.refund_late_delivery(desk, **options, request_key="late-1").pk == remedy.pk
    with pytest.raises(LateRefundGiven):
        remedies.refund_late_delivery(desk, **options, request_key="late-2")
    assert give(order).amount_minor == 1999  # and then the price itself, no more
    assert_books_in_order()


@pytest.mark.spec("Q-37")
def test_free_shipping_that_was_late_is_on_record_with_zero():
    order = make_order()
    before = proceeds(order.seller)
    remedy = remedies.refund_late_delivery(
        make_desk(), number=order.number, item=order.items.get().pk, why="Late.", request_key="late"
    )
    assert (remedy.amount_minor, remedy.clause, remedy.charges_seller) == (0, "Q-37", False)
    assert not remedy.parts.exists()
    assert proceeds(order.seller) == before
    assert Event.objects.filter(verb="service.nothing_to_refund").count() == 1
    concession = give(order, kind=RemedyKind.CONCESSION, amount=Money(300, "USD"), charge_seller=False)
    assert concession.amount_minor == 300


@pytest.mark.spec("Q-36")
def test_late_is_the_day_at_the_destination():
    # Half past midnight in Ohio on the 10th is still the 9th in Chicago; at the buyer's it is the 10th: late.
    order = make_order(shipping_minor=500, delivered=ARRIVED.replace(hour=4, minute=30))
    assert remedies.refund_late_delivery(
        make_desk(), number=order.number, item=order.items.get().pk, why="Late.", request_key="late"
    ).amount_minor == 500  # fmt: skip
    in_time = make_order(shipping_minor=500, delivered=ARRIVED.replace(hour=3, minute=30))
    with pytest.raises(NotLate):
        remedies.refund_late_delivery(
            make_desk(), number=in_time.number, item=in_time.items.get().pk, why="Late.", request_key="late-2"
        )


def test_late_refunds_are_for_programme_items():
    order = make_order(prime=False, shipping_minor=500)
    with pytest.raises(NotForLate):
        remedies.refund_late_delivery(
            make_desk(), number=order.number, item=order.items.get().pk, why="Late.", request_key="late"
        )


def protect(order: Order, **changes) -> Label:
    """The order's parcel went with a label bought here, protected and scanned in time."""
    label = make_label(seller=order.seller, request=rate_request(ship_at=NOW))
    values = {
        "is_protected": True, "ship_by_date": date(2022, 6, 7), "first_scan_at": ARRIVED - timedelta(days=3), **changes
    }  # fmt: skip
    Label.objects.filter(pk=label.pk).update(**values)
    Parcel.objects.filter(order=order).update(label_id=label.pk)
    return label


@pytest.mark.spec("B-PRIME-25")
def test_a_protected_label_scanned_in_time_lets_the_marketplace_bear_it():
    order = make_order()
    protect(order)
    before = proceeds(order.seller), owed(order.seller)
    with pytest.raises(LabelProtects):
        give(order)
    remedy = give(order, charge_seller=False)
    assert remedy.is_protected
    assert (proceeds(order.seller), owed(order.seller)) == before


@pytest.mark.spec("B-PRIME-25")
@pytest.mark.parametrize(
    "changes",
    [{"first_scan_at": ARRIVED}, {"is_protected": False}, {"has_late_risk": True}, {"first_scan_at": None}],
)
def test_without_protection_the_seller_is_charged(changes):
    order = make_order()
    protect(order, **changes)
    assert give(order).charges_seller


NEW_HOME = PostalAddress(
    name="Mara Lindqvist", street="77 Elm Street", city="Dayton", region="OH", postal_code="45402", country="US"
)


@pytest.mark.spec("B-PRIME-04")
def test_customer_service_changes_an_address_before_anything_is_sent():
    order = make_order(delivered=None)
    addresses.change_address(make_desk(), number=order.number, address=NEW_HOME, why="Moved.")
    order.refresh_from_db()
    assert order.postal.city == "DAYTON"
    assert order.status == "placed"
    assert Event.objects.get(verb="service.address_changed").why == "Moved."
    sent = make_order()
    with pytest.raises(AlreadyShipped):
        addresses.change_address(make_desk(), number=sent.number, address=NEW_HOME, why="Moved.")
    with pytest.raises(Denied):
        addresses.change_address(caller_of_seller(order), number=order.number, address=NEW_HOME, why="Moved.")
