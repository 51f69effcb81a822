"""Requests, carriers, the warehouse and refunds, on the database: rows, money, and what must not happen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from fondaco import history
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.fulfilment.models import Label
from fondaco.kit.errors import Denied, NotFound, Refusal
from fondaco.ledger.tests.factories import assert_books_in_order, proceeds
from fondaco.orders.models import PayBack
from fondaco.orders.operations import record_refund, refundable
from fondaco.policy.operations import publish
from fondaco.returns import labels, refusals, tasks
from fondaco.returns.models import Refund, Return, ReturnUnit
from fondaco.returns.models.request import LabelState
from fondaco.returns.operations import carrier, decide, reasons, refund, warehouse
from fondaco.returns.operations.request import Wanted, request_return
from fondaco.returns.operations.warehouse import NewPhoto
from fondaco.returns.rules import life
from fondaco.returns.rules.reasons import UnknownReason
from fondaco.returns.rules.refund import DeductionTooHigh, Grade, ImpossibleAmount, PhotoAndGradeNeeded
from fondaco.returns.tests.factories import (
    WEDNESDAY,
    arrived_order,
    ask,
    label_price,
    make_return,
    make_returning_seller,
    make_ware,
    service,
    units_of,
)
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import MemberRole, Role
from fondaco.sellers.tests.factories import make_caller, make_member, make_person

pytestmark = pytest.mark.django_db

JUNE_1 = datetime(2022, 6, 1, 18, 0, tzinfo=UTC)


def june(day: int, *, month: int = 6) -> datetime:
    return datetime(2022, month, day, 18, 0, tzinfo=UTC)


def jpeg() -> bytes:
    from fondaco.catalogue.tests.factories import make_jpeg

    return make_jpeg(size=600)


@pytest.fixture
def shop() -> SellerAccount:
    return make_returning_seller()


def of(seller: SellerAccount):
    return make_caller(seller=seller)


@pytest.mark.spec("PRIME-31", "PRIME-33", "PRIME-34", "PRIME-30")
def test_a_request_in_the_window_is_authorised_at_once_with_a_label_home(shop: SellerAccount) -> None:
    row = make_return(arrived_order(shop), "NO_LONGER_NEEDED")
    assert (row.acceptance, row.label_state) == ("authorised", LabelState.BOUGHT)
    label = Label.objects.get(pk=row.label_id)
    assert label.to_address["street"] == shop.return_address.street
    assert label.purpose == "return"
    assert row.tracking_number == label.tracking_number
    assert any(row.number in m.subject for m in mail.outbox)


@pytest.mark.spec("PRIME-35", "PRIME-36", "PRIME-37", "PRIME-43", "Q-21")
def test_a_buyer_paid_return_and_the_two_business_days(shop: SellerAccount) -> None:
    clock.set_to(at=WEDNESDAY - timedelta(days=10))
    order = arrived_order(shop, delivered_at=WEDNESDAY - timedelta(days=11))
    row = make_return(order, 10, received_at=WEDNESDAY)
    unit = row.units.get()
    assert row.label_minor == 7_25
    assert unit.due_at == datetime(2022, 11, 29, 5, 59, 59, tzinfo=UTC)  # end of Monday 28 November in Chicago
    clock.set_to(at=WEDNESDAY + timedelta(hours=2))
    warehouse.grade(of(shop), number=row.number, unit=1, found=Grade.ORIGINAL)
    before = proceeds(shop)
    done = refund.refund_unit(of(shop), number=row.number, unit=1)
    assert done.amount_minor == 32_75
    assert before - proceeds(shop) == 32_75
    assert PayBack.objects.get().amount_minor == 32_75
    row.refresh_from_db()
    assert row.closed_at
    assert_books_in_order()


@pytest.mark.spec("Q-22", "B-PRIME-16")
def test_at_the_due_time_the_marketplace_refunds_once_and_records_the_breach(shop: SellerAccount) -> None:
    clock.set_to(at=WEDNESDAY - timedelta(days=10))
    row = make_return(arrived_order(shop, delivered_at=WEDNESDAY - timedelta(days=11)), 10, received_at=WEDNESDAY)
    unit = row.units.get()
    clock.set_to(at=unit.due_at - timedelta(minutes=1))
    tasks.returns_due()
    run_tasks()
    assert not Refund.objects.exists()  # the last moment is still in time
    clock.set_to(at=unit.due_at + timedelta(seconds=2))
    for _ in range(3):
        tasks.returns_due()
        run_tasks()
        refund.refund_due(unit_id=unit.pk)
    done = Refund.objects.get()
    assert (done.amount_minor, done.refunded_by, done.is_breach) == (32_75, "due_time", True)
    assert PayBack.objects.count() == 1
    assert refund.refund_unit(of(shop), number=row.number, unit=1, deduct_pct=0) == done
    assert [e.clause for e in history.events_for(row, verbs=["return.refunded_due_time"])] == ["Q-22"]


@pytest.mark.spec("Q-22")
def test_after_the_due_time_nothing_can_be_kept(shop: SellerAccount) -> None:
    row = make_return(arrived_order(shop), 10, received_at=clock.now())
    warehouse.grade(of(shop), number=row.number, unit=1, found=Grade.USED, photos=[NewPhoto(jpeg(), "a.jpg")])
    clock.set_to(at=row.units.get().due_at + timedelta(seconds=5))
    with pytest.raises(refusals.NothingLeft):
        refund.refund_unit(of(shop), number=row.number, unit=1, deduct_pct=20)
    assert refund.refund_unit(of(shop), number=row.number, unit=1).is_breach


@pytest.mark.spec("Q-28", "PRIME-45")
def test_two_shirts_cost_the_buyer_nothing(shop: SellerAccount) -> None:
    order = arrived_order(shop, offer=make_ware(shop, "shirt", price_minor=25_00), quantity=2)
    row = make_return(order, 2, 2, received_at=clock.now())
    assert row.label_minor == 6_10
    paid = [refund.refund_unit(of(shop), number=row.number, unit=n) for n in (1, 2)]
    assert sum(p.amount_minor for p in paid) == 50_00
    assert sum(p.label_on_seller_minor for p in paid) == 6_10


@pytest.mark.spec("Q-29", "Q-31")
def test_one_parcel_two_goods_and_a_changed_reason(shop: SellerAccount) -> None:
    label_price(8_00)
    wares = [make_ware(shop, "headphones", price_minor=60_00), make_ware(shop, "shirt", price_minor=25_00)]
    order = arrived_order(shop, offers=wares)
    row = make_return(order, 2, 2)
    buyer = make_caller(order.buyer)
    assert row.label_minor == 8_00
    number = row.units.get(price_minor=60_00).number
    choice = reasons.change_reason(buyer, number=row.number, unit=number, reason=8, comment="No sound")
    assert [c.reason for c in choice.unit.reasons.order_by("version")] == ["BETTER_PRICE", "DEFECTIVE"]
    reasons.change_reason(buyer, number=row.number, unit=number, reason=2)
    carrier.record_scan(return_id=row.pk, at=clock.now())
    with pytest.raises(life.AlreadyScanned):
        reasons.change_reason(buyer, number=row.number, unit=number, reason=8)
    carrier.record_delivered(return_id=row.pk, at=clock.now())
    paid = [refund.refund_unit(of(shop), number=row.number, unit=n) for n in (1, 2)]
    assert sum(p.amount_minor for p in paid) == 81_00
    assert sum(p.label_on_seller_minor for p in paid) == 4_00


@pytest.mark.spec("Q-32")
def test_customer_service_recodes_after_the_scan_and_says_why(shop: SellerAccount) -> None:
    row = make_return(arrived_order(shop), 8, received_at=clock.now())
    with pytest.raises(refusals.WhyNeeded):
        reasons.change_reason(service(), number=row.number, unit=1, reason=10, by_service=True)
    with pytest.raises(Denied):
        reasons.change_reason(of(shop), number=row.number, unit=1, reason=10, by_service=True, comment="x")
    reasons.change_reason(
        service(), number=row.number, unit=1, reason=10, by_service=True, comment="Photos show no fault"
    )
    assert refund.refund_unit(of(shop), number=row.number, unit=1).amount_minor == 40_00 - 7_25


@pytest.mark.spec("PRIME-38", "Q-23")
@pytest.mark.parametrize(("day", "highest"), [(16, 0), (17, 20)])
def test_the_late_fee_begins_on_day_sixteen(shop: SellerAccount, day: int, highest: int) -> None:
    clock.set_to(at=june(30))
    label_price(0)
    order = arrived_order(shop, delivered_at=JUNE_1, offer=make_ware(shop, price_minor=100_00))
    row = make_return(order, 10)
    clock.set_to(at=june(day, month=7))
    warehouse.check_in(of(shop), number=row.number)
    warehouse.grade(of(shop), number=row.number, unit=1, found=Grade.ORIGINAL, photos=[NewPhoto(jpeg(), "a.jpg")])
    with pytest.raises(DeductionTooHigh) as no:
        refund.refund_unit(of(shop), number=row.number, unit=1, deduct_pct=highest + 1)
    assert no.value.facts["cap"] == highest
    assert (
        refund.refund_unit(of(shop), number=row.number, unit=1, deduct_pct=highest).amount_minor
        == 10_000 - highest * 100
    )


@pytest.mark.spec("PRIME-39", "B-PRIME-16", "Q-24")
def test_a_used_item_needs_grade_and_photo_from_twenty_percent(shop: SellerAccount) -> None:
    label_price(0)
    row = make_return(arrived_order(shop, offer=make_ware(shop, price_minor=100_00)), 10, received_at=clock.now())
    warehouse.grade(of(shop), number=row.number, unit=1, found=Grade.USED)
    with pytest.raises(PhotoAndGradeNeeded):
        refund.refund_unit(of(shop), number=row.number, unit=1, deduct_pct=20)
    assert not Refund.objects.exists()
    warehouse.add_photos(of(shop), number=row.number, unit=1, photos=[NewPhoto(jpeg(), "used.jpg")])
    assert refund.refund_unit(of(shop), number=row.number, unit=1, deduct_pct=50).amount_minor == 50_00


@pytest.mark.spec("PRIME-40")
def test_opened_software_may_come_to_nothing(shop: SellerAccount) -> None:
    label_price(0)
    row = make_return(
        arrived_order(shop, offer=make_ware(shop, "software", price_minor=100_00)), 10, received_at=clock.now()
    )
    warehouse.grade(of(shop), number=row.number, unit=1, found=Grade.OPENED, photos=[NewPhoto(jpeg(), "a.jpg")])
    done = refund.refund_unit(of(shop), number=row.number, unit=1, deduct_pct=100)
    assert done.amount_minor == 0
    assert not PayBack.objects.exists()
    assert_books_in_order()


@pytest.mark.spec("PRIME-32", "PRIME-42")
def test_an_exception_of_customer_service_counts_as_in_time(shop: SellerAccount) -> None:
    clock.set_to(at=june(10, month=7))
    label_price(0)
    order = arrived_order(shop, delivered_at=JUNE_1, offer=make_ware(shop, price_minor=100_00))
    (row,) = ask(order, 10)
    assert (row.acceptance, row.label_state) == ("out_of_window", LabelState.NONE)
    for stranger in (of(shop), make_caller(order.buyer), make_caller(role=Role.SUPPORT)):
        with pytest.raises((Denied, NotFound)):
            decide.decide_exception(stranger, number=row.number, accept=True, why="please")
    decide.decide_exception(service(), number=row.number, accept=True, why="A loyal customer")
    with pytest.raises(life.NotWaiting):
        decide.decide_exception(service(), number=row.number, accept=False, why="No")
    labels.settle_now(row.pk)
    clock.set_to(at=june(25, month=7))
    warehouse.grade(of(shop), number=row.number, unit=1, found=Grade.ORIGINAL, photos=[NewPhoto(jpeg(), "a.jpg")])
    with pytest.raises(DeductionTooHigh):
        refund.refund_unit(of(shop), number=row.number, unit=1, deduct_pct=1)
    assert refund.refund_unit(of(shop), number=row.number, unit=1).amount_minor == 100_00


def test_a_declined_exception_can_be_asked_for_again(shop: SellerAccount) -> None:
    clock.set_to(at=june(10, month=7))
    order = arrived_order(shop, delivered_at=JUNE_1)
    (row,) = ask(order, 10)
    decide.decide_exception(service(), number=row.number, accept=False, why="Too late")
    (again,) = ask(order, 10)
    assert again.pk != row.pk
    assert ReturnUnit.objects.filter(is_live=True).count() == 1


@pytest.mark.spec("PRIME-46", "PRIME-47", "Q-33")
@pytest.mark.parametrize("hazard", ["hazmat", "potential"])
def test_dangerous_goods_are_blocked_unless_excepted(shop: SellerAccount, hazard: str) -> None:
    order = arrived_order(shop, offer=make_ware(shop, hazmat_class=hazard))
    with pytest.raises(refusals.NotReturnable) as no:
        ask(order, 10)
    assert "customer service" in no.value.FIX
    assert not Return.objects.exists()
    asin = order.items.get().asin
    value = {"classes": ["hazmat", "potential"], "exceptions": [asin]}
    publish(key="return.hazmat_blocked", store="US", value=value, author=make_person("Grete Holm"))
    assert ask(order, 10)[0].acceptance == "authorised"


@pytest.mark.spec("Q-33")
def test_a_class_that_changes_voids_the_label_unless_it_was_scanned(shop: SellerAccount) -> None:
    waiting, sent = make_return(arrived_order(shop), 10), make_return(arrived_order(shop), 10)
    carrier.record_scan(return_id=sent.pk, at=clock.now())
    for row in (waiting, sent):
        product = row.units.get().unit.item.product
        product.hazmat_class = "hazmat"
        product.save()
    tasks.returns_due()
    run_tasks()
    waiting.refresh_from_db()
    sent.refresh_from_db()
    assert (waiting.acceptance, waiting.label_state) == ("blocked", LabelState.VOIDED)
    assert Label.objects.get(pk=waiting.label_id).state == "voided"
    assert (sent.acceptance, sent.label_state) == ("authorised", LabelState.BOUGHT)
    assert any("Do not send" in m.subject for m in mail.outbox)


@pytest.mark.spec("Q-30")
def test_a_partial_receipt_pays_what_came_and_keeps_the_rest_open(shop: SellerAccount) -> None:
    order = arrived_order(shop, offer=make_ware(shop, "shirt", price_minor=25_00), quantity=2)
    row = make_return(order, 2, 2, received_at=clock.now())
    warehouse.check_in(of(shop), number=row.number, units=[1], missing=[2])
    one, two = row.units.order_by("number")
    assert (one.place, two.place, two.due_at) == ("arrived", "missing", None)
    refund.refund_unit(of(shop), number=row.number, unit=1)
    with pytest.raises(life.NotArrived):
        refund.refund_unit(of(shop), number=row.number, unit=2)
    clock.set_to(at=clock.now() + timedelta(days=10))
    tasks.returns_due()
    run_tasks()
    assert Refund.objects.count() == 1
    with pytest.raises(refusals.TooEarlyForService):
        refund.settle_missing(service(), number=row.number, unit=2, refund=True, why="Carrier lost it")
    clock.set_to(at=clock.now() + timedelta(days=6))
    refund.settle_missing(service(), number=row.number, unit=2, refund=True, why="Carrier lost it")
    assert Refund.objects.get(unit=two).refunded_by == "service"
    row.refresh_from_db()
    assert row.closed_at


@pytest.mark.spec("Q-21")
def test_arrival_is_the_earlier_of_carrier_and_warehouse_in_any_order(shop: SellerAccount) -> None:
    row = make_return(arrived_order(shop), 10)
    first = clock.now()
    clock.set_to(at=first + timedelta(hours=9))
    warehouse.check_in(of(shop), number=row.number)
    late = row.units.get()
    carrier.record_delivered(return_id=row.pk, at=first)
    unit = row.units.get()
    assert unit.arrived_at == first < late.arrived_at
    assert unit.due_at <= late.due_at


@pytest.mark.spec("B-PRIME-21")
def test_refunds_at_the_first_scan_where_policy_says_so(shop: SellerAccount) -> None:
    publish(key="refund.at_first_scan", store="US", value=True, author=make_person("Grete Holm"))
    row = make_return(arrived_order(shop), 10)
    run_tasks()
    assert not Refund.objects.exists()
    carrier.record_scan(return_id=row.pk, at=clock.now())
    run_tasks()
    tasks.returns_due()
    run_tasks()
    done = Refund.objects.get()
    assert (done.refunded_by, done.amount_minor) == ("first_scan", 40_00 - 7_25)
    carrier.record_delivered(return_id=row.pk, at=clock.now())
    assert row.units.get().due_at is None


@pytest.mark.spec("PRIME-31")
def test_an_item_outside_the_programme_waits_for_its_seller(shop: SellerAccount) -> None:
    order = arrived_order(shop, is_prime=False)
    (row,) = ask(order, 10)
    assert row.acceptance == "requested"
    with pytest.raises(refusals.WithinPolicy):
        decide.answer_request(of(shop), number=row.number, accept=False, why="I do not want to")
    decide.answer_request(of(shop), number=row.number, accept=True)
    labels.settle_now(row.pk)
    row.refresh_from_db()
    assert (row.acceptance, row.label_state, row.accepted_on) == ("authorised", LabelState.BOUGHT, None)


def test_what_was_given_before_lowers_the_refund(shop: SellerAccount) -> None:
    order = arrived_order(shop)
    (unit,) = units_of(order)
    from fondaco.kit.money import Money

    record_refund(order=order, unit=unit, amount=Money(1500, "USD"), key="goodwill", reason="concession")
    row = make_return(order, 8, received_at=clock.now())
    assert refund.refund_unit(of(shop), number=row.number, unit=1).amount_minor == 25_00
    assert refundable(order, unit).minor == 0


@pytest.mark.spec("PRIME-44")
def test_refuses_bad_requests_and_changes_nothing(shop: SellerAccount) -> None:
    order, other = arrived_order(shop), arrived_order(shop)
    (unit,), (foreign,) = units_of(order), units_of(other)
    buyer = make_caller(order.buyer)

    def refused(kind: type[Refusal], wanted: list[Wanted]) -> None:
        with pytest.raises(kind) as no:
            request_return(buyer, order_number=order.number, wanted=wanted, request_key="k")
        assert no.value.CODE
        assert no.value.CLAUSE

    refused(refusals.NothingChosen, [])
    refused(UnknownReason, [Wanted(unit.pk, "BECAUSE")])
    refused(UnknownReason, [Wanted(unit.pk, 19)])
    refused(refusals.UnitNotInOrder, [Wanted(foreign.pk, 8)])
    refused(refusals.UnitNotInOrder, [Wanted("nonsense", 8)])
    refused(refusals.UnitChosenTwice, [Wanted(unit.pk, 8), Wanted(unit.pk, 9)])
    with pytest.raises(NotFound):
        request_return(
            make_caller(other.buyer), order_number=order.number, wanted=[Wanted(unit.pk, 8)], request_key="k"
        )
    assert not Return.objects.exists()
    ask(order, 8)
    refused(refusals.UnitInReturn, [Wanted(unit.pk, 8)])


@pytest.mark.parametrize("bad", [-1, 101, 10**12, "20", 3.5, True])
def test_refuses_impossible_percentages(shop: SellerAccount, bad: object) -> None:
    row = make_return(arrived_order(shop), 10, received_at=clock.now())
    with pytest.raises(ImpossibleAmount):
        refund.refund_unit(of(shop), number=row.number, unit=1, deduct_pct=bad)  # type: ignore[arg-type]
    assert not Refund.objects.exists()


def test_refuses_another_currency_another_plan_and_a_unit_that_is_not_there(shop: SellerAccount) -> None:
    row = make_return(arrived_order(shop), 10)
    with pytest.raises(life.NotArrived):
        refund.refund_unit(of(shop), number=row.number, unit=1)
    carrier.record_delivered(return_id=row.pk, at=clock.now())
    with pytest.raises(refusals.OtherCurrency):
        refund.refund_unit(of(shop), number=row.number, unit=1, currency="CAD")
    with pytest.raises(refusals.PlanMoved):
        refund.refund_unit(of(shop), number=row.number, unit=1, expected_minor=40_00)
    with pytest.raises(life.UnknownUnit):
        refund.refund_unit(of(shop), number=row.number, unit=7)
    assert not Refund.objects.exists()


def test_the_same_request_twice_is_one_return(shop: SellerAccount) -> None:
    order = arrived_order(shop)
    assert ask(order, 8, key="twice") == ask(order, 8, key="twice")
    assert Return.objects.count() == 1


def test_a_return_that_is_cancelled_frees_the_unit_and_voids_the_label(shop: SellerAccount) -> None:
    order = arrived_order(shop)
    row = make_return(order, 10)
    buyer = make_caller(order.buyer)
    decide.cancel_return(buyer, number=row.number)
    decide.cancel_return(buyer, number=row.number)
    run_tasks()
    row.refresh_from_db()
    assert (row.acceptance, row.label_state) == ("cancelled", LabelState.VOIDED)
    assert ask(order, 8)[0].acceptance == "authorised"


@pytest.mark.parametrize(
    ("who", "outcome"),
    [("owner", None), ("warehouse", None), ("viewer", Denied), ("stranger", NotFound), ("buyer", Refusal)],
)
def test_who_may_refund(shop: SellerAccount, who: str, outcome: type[Exception] | None) -> None:
    order = arrived_order(shop)
    row = make_return(order, 10, received_at=clock.now())
    callers = {
        "owner": lambda: of(shop),
        "warehouse": lambda: _member(shop, MemberRole.WAREHOUSE),
        "viewer": lambda: _member(shop, MemberRole.VIEWER),
        "stranger": lambda: make_caller(seller=make_returning_seller("Other")),
        "buyer": lambda: make_caller(order.buyer),
    }
    caller = callers[who]()
    if outcome is None:
        assert refund.refund_unit(caller, number=row.number, unit=1).amount_minor == 32_75
        return
    with pytest.raises(outcome):
        refund.refund_unit(caller, number=row.number, unit=1)
    assert not Refund.objects.exists()


def _member(shop: SellerAccount, role: MemberRole):
    person = make_person(f"Member {role}")
    make_member(person, shop, role)
    return make_caller(person, seller=shop)


def test_a_photo_must_be_a_picture(shop: SellerAccount) -> None:
    row = make_return(arrived_order(shop), 10, received_at=clock.now())
    with pytest.raises(refusals.NotAPhoto):
        warehouse.grade(
            of(shop), number=row.number, unit=1, found=Grade.USED, photos=[NewPhoto(b"%PDF-1.7 no", "a.jpg")]
        )
    assert row.units.get().grade == ""


def test_windows_of_several_categories_and_the_zone_of_the_return_address(shop: SellerAccount) -> None:
    clock.set_to(at=june(20))
    late_evening = datetime(2022, 6, 2, 3, 30, tzinfo=UTC)  # still 1 June in Chicago
    row = make_return(arrived_order(shop, delivered_at=late_evening), 10)
    assert row.units.get().last_day == date(2022, 7, 1)


@pytest.mark.spec("B-HAND-15")
def test_a_personalised_item_is_refused_for_a_change_of_mind_and_taken_for_damage(shop: SellerAccount) -> None:
    asked = {"choices": [{"place": "1.1", "label": "Name", "kind": "text", "value": "Ana"}], "more_minor": 0}
    order = arrived_order(shop, item={"customisation": asked})
    buyer, unit = make_caller(order.buyer), order.items.get().units.get()
    wanted = [Wanted(unit.pk, "NO_LONGER_NEEDED")]
    with pytest.raises(refusals.MadeForTheBuyer):
        request_return(buyer, order_number=order.number, wanted=wanted, request_key="mind")
    assert not Return.objects.exists()
    (row,) = request_return(
        buyer, order_number=order.number, wanted=[Wanted(unit.pk, "DEFECTIVE", "It has a crack")], request_key="crack"
    )
    assert row.units.get().unit == unit
