"""Buy Shipping: from the order to the parcel, once, with both terms, and never from elsewhere where Prime is in it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine import clock
from fondaco.engine.sweeps import run_all
from fondaco.engine.testing import run_tasks
from fondaco.fulfilment.carriers import simulator
from fondaco.fulfilment.models import Label, OfferPackage, SimulatedParcel, TermsAccepted
from fondaco.fulfilment.models.carrier import FaultKind, ParcelState
from fondaco.fulfilment.operations import buying
from fondaco.fulfilment.operations.labels import ask_carrier, void_label
from fondaco.fulfilment.operations.tracking import look_at_tracking
from fondaco.fulfilment.queries.packages import package_for
from fondaco.fulfilment.rules.labels import MARKETPLACE_TERMS, LabelState
from fondaco.fulfilment.rules.parcels import Package
from fondaco.fulfilment.tests.label_factories import MONDAY, MUG_BOX
from fondaco.kit.errors import Denied, NotFound
from fondaco.ledger.rules import AccountKind
from fondaco.ledger.tests.factories import assert_books_in_order, balance, proceeds
from fondaco.orders import operations as orders
from fondaco.orders.models import Order, OrderUnit, Parcel
from fondaco.orders.operations.ship import LabelElsewhere, NothingToShip
from fondaco.orders.tests.factories import caller_of_buyer, caller_of_seller, placed_order
from fondaco.sellers.rules import MemberRole
from fondaco.sellers.tests.factories import make_caller, make_member, make_person, make_seller

pytestmark = pytest.mark.django_db

TODAY = date(2022, 6, 6)
GROUND = {"carrier": "meridian", "service": "ground"}
BOTH_TERMS = (MARKETPLACE_TERMS, "meridian-2022-01", "swiftline-2022-01")


@pytest.fixture(autouse=True)
def monday():
    clock.set_to(at=MONDAY)
    yield
    clock.reset()


def make_order(*, prime: bool = False, quantity: int = 1, **fields) -> Order:
    seller = fields.pop("seller", None) or make_seller(return_to="IL")
    caller = make_caller(seller=seller)
    offer = make_offer(caller, quantity=20)
    item = {"is_prime": prime, "promised_date": TODAY + timedelta(days=4), "ship_by": TODAY, **fields.pop("item", {})}
    return placed_order(offer=offer, quantity=quantity, item=item, **fields)


def buy(order: Order, **options) -> Label:
    values = {
        "units": [u.pk for u in OrderUnit.objects.filter(item__order=order)],
        "package": MUG_BOX,
        "ship_date": TODAY,
        "request_key": "buy-1",
        "accepted": BOTH_TERMS,
        **GROUND,
        **options,
    }
    label = buying.buy_shipping(caller_of_seller(order), order=order, **values)
    run_tasks()
    label.refresh_from_db()
    return label


def units_of(order: Order) -> list[OrderUnit]:
    return list(OrderUnit.objects.filter(item__order=order).order_by("item__position", "number"))


def status_of(order: Order) -> str:
    return Order.objects.get(pk=order.pk).status


@pytest.mark.spec("PRIME-19", "PRIME-20")
def test_a_bought_label_confirms_the_shipment_and_its_scans_move_the_order():
    order = make_order(prime=True)
    before = proceeds(order.seller)
    label = buy(order)
    parcel = Parcel.objects.get()
    assert (parcel.tracking_number, parcel.label_id) == (label.tracking_number, label.pk)
    assert status_of(order) == "shipped"
    assert parcel.shipped_at is None  # confirmed is not shipped: that is the carrier's first scan
    assert proceeds(order.seller) == before - label.price_minor
    clock.set_to(at=MONDAY + timedelta(days=10))
    run_all()
    run_tasks()
    parcel.refresh_from_db()
    label.refresh_from_db()
    assert parcel.shipped_at == label.first_scan_at
    assert parcel.delivered_at == label.delivered_at
    assert status_of(order) == "delivered"
    assert parcel.scans.count() == label.events.count() == 5
    assert_books_in_order()


@pytest.mark.spec("PRIME-20")
def test_both_terms_are_accepted_with_version_and_asked_for_once():
    order = make_order()
    for accepted in ((), (MARKETPLACE_TERMS,), ("meridian-2022-01",), (MARKETPLACE_TERMS, "swiftline-2022-01")):
        with pytest.raises(buying.TermsNotAccepted):
            buy(order, accepted=accepted)
    assert not Label.objects.exists()
    assert not TermsAccepted.objects.exists()
    label = buy(order)
    assert label.terms == {"marketplace": MARKETPLACE_TERMS, "carrier": "meridian-2022-01"}
    kept = TermsAccepted.objects.values_list("party", "version", "at", "accepted_by__name")
    assert sorted(kept)[0][:2] == ("marketplace", MARKETPLACE_TERMS)
    assert len(kept) == 2
    second = make_order(seller=order.seller)
    assert buy(second, accepted=(), request_key="buy-2").state == LabelState.BOUGHT


@pytest.mark.spec("PRIME-19", "Q-38")
def test_an_order_with_one_prime_item_takes_no_label_from_elsewhere_for_any_parcel():
    order = make_order(quantity=2)
    first, second = units_of(order)
    order.items.update(is_prime=True)
    Order.objects.filter(pk=order.pk).update(has_prime=True)
    order.refresh_from_db()
    for key, unit in enumerate((first, second)):
        with pytest.raises(LabelElsewhere) as refused:
            buying.confirm_own_shipment(
                caller_of_seller(order), order=order, units=[unit], carrier="Other", tracking="X1", key=f"own-{key}"
            )
        assert refused.value.CLAUSE == "PRIME-19"
    assert not Parcel.objects.exists()
    assert status_of(order) == "placed"


def test_an_order_without_prime_items_takes_the_sellers_own_tracking_once():
    order = make_order(quantity=2)
    caller, unit = caller_of_seller(order), units_of(order)[0]
    given = {"order": order, "units": [unit], "carrier": "Other Post", "tracking": "X1", "key": "own-1"}
    parcel = buying.confirm_own_shipment(caller, **given)
    assert buying.confirm_own_shipment(caller, **given).pk == parcel.pk
    assert parcel.label_id is None
    with pytest.raises(NothingToShip):
        buying.confirm_own_shipment(caller, **{**given, "key": "own-2"})


def test_a_unit_is_never_in_two_labels():
    order = make_order(quantity=2)
    first, second = units_of(order)
    buy(order, units=[first.pk])
    with pytest.raises((buying.UnitsHaveLabel, NothingToShip)):
        buy(order, units=[first.pk, second.pk], request_key="buy-2")
    simulator.fail(kind=FaultKind.OUTAGE, call="buy")
    waiting = buy(order, units=[second.pk], request_key="buy-3")
    assert waiting.state == LabelState.ASKED
    with pytest.raises(buying.UnitsHaveLabel):
        buy(order, units=[second.pk], request_key="buy-4")
    with pytest.raises(buying.UnitsHaveLabel):
        buying.confirm_own_shipment(
            caller_of_seller(order), order=order, units=[second], carrier="Other", tracking="X", key="own"
        )
    assert buying.waiting_units(order) == []


def test_the_same_request_buys_one_label():
    order = make_order()
    assert buy(order).pk == buy(order).pk
    assert SimulatedParcel.objects.count() == 1


def test_a_voided_label_takes_the_shipment_and_the_charge_back():
    order = make_order()
    before, stock = proceeds(order.seller), order.items.get().offer
    stock.refresh_from_db()
    reserved = stock.units_reserved
    label = buy(order)
    void_label(label_id=label.pk)
    run_tasks()
    assert status_of(order) == "placed"
    assert not Parcel.objects.exists()
    assert proceeds(order.seller) == before
    stock.refresh_from_db()
    assert stock.units_reserved == reserved
    again = buy(order, request_key="buy-2")
    assert again.state == LabelState.BOUGHT
    assert_books_in_order()


def test_an_order_cancelled_while_the_carrier_is_asked_gives_the_label_back():
    order = make_order()
    simulator.fail(kind=FaultKind.LOST_ANSWER, call="buy", times=1)
    label = buy(order)
    assert label.state == LabelState.ASKED
    orders.cancel_order(caller_of_buyer(order), number=order.number, reason="buyer_changed_mind")
    clock.set_to(at=clock.now() + timedelta(hours=3))
    run_all()
    run_tasks()
    label.refresh_from_db()
    assert label.state == LabelState.VOIDED
    assert SimulatedParcel.objects.get().state == ParcelState.VOIDED
    assert balance(AccountKind.LABELS) == 0
    assert not Parcel.objects.exists()
    assert_books_in_order()


@pytest.mark.spec("B-PRIME-25")
def test_a_label_that_would_be_late_is_marked_and_not_protected():
    order = make_order(item={"promised_date": TODAY + timedelta(days=2)})
    plan = buying.rates_for(
        caller_of_seller(order), order=order, units=units_of(order), package=MUG_BOX, ship_date=TODAY
    )
    by_service = {o.rate.service: o for o in plan.offered}
    assert by_service["ground"].has_late_risk
    assert not by_service["ground"].is_protected
    assert by_service["ground"].late_days > 0
    assert by_service["next_day"].is_protected
    assert not by_service["next_day"].has_late_risk
    prices = [o.rate.price.minor for o in plan.offered]
    assert prices == sorted(prices)
    label = buy(order)
    assert (label.has_late_risk, label.is_protected) == (True, False)
    assert label.policy_version == "claim.label_protection@US#0"


def test_the_price_that_was_seen_is_the_price_that_is_paid():
    order = make_order()
    with pytest.raises(buying.RateChanged):
        buy(order, seen_price_minor=1)
    assert not Label.objects.exists()


@pytest.mark.parametrize("days", [-1, 15, 400])
def test_a_ship_date_out_of_range_is_refused(days):
    with pytest.raises(buying.ShipDateWrong):
        buy(make_order(), ship_date=TODAY + timedelta(days=days))


def test_without_a_ship_from_address_nothing_can_be_bought():
    with pytest.raises(buying.NoShipFrom):
        buy(make_order(seller=make_seller()))


def test_foreign_units_and_no_units_are_refused():
    mine, other = make_order(), make_order()
    with pytest.raises(NotFound):
        buy(mine, units=[units_of(other)[0].pk])
    with pytest.raises(NothingToShip):
        buy(mine, units=[])


def test_who_may_buy():
    order = make_order()
    answers = {}
    viewer, warehouse = make_person(), make_person()
    make_member(viewer, order.seller, MemberRole.VIEWER)
    make_member(warehouse, order.seller, MemberRole.WAREHOUSE)
    for name, caller in {
        "viewer": make_caller(viewer, seller=order.seller),
        "warehouse": make_caller(warehouse, seller=order.seller),
        "stranger": make_caller(seller=make_seller("Other")),
        "buyer": caller_of_buyer(order),
    }.items():
        try:
            buying.buy_shipping(
                caller, order=order, units=units_of(order), package=MUG_BOX, ship_date=TODAY,
                request_key=name, accepted=BOTH_TERMS, **GROUND,
            )  # fmt: skip
        except (Denied, NotFound) as refusal:
            answers[name] = refusal.CODE
    assert answers == {
        "viewer": "not_permitted",
        "warehouse": "not_permitted",
        "stranger": "not_found",
        "buyer": "not_found",
    }
    assert not Label.objects.exists()


def test_a_parcel_of_one_unit_is_remembered_for_the_next_time():
    order = make_order()
    item = order.items.get()
    assert package_for([(item, 1)]) != Package(655, 200, 110, 90)
    buy(order, package=Package(655, 110, 200, 90))
    assert OfferPackage.objects.get().offer_id == item.offer_id
    assert package_for([(item, 1)]) == Package(655, 200, 110, 90)
    assert package_for([(item, 3)]) == Package(1965, 200, 110, 270)


# The pages.


def client_of(order: Order) -> Client:
    client = Client()
    client.force_login(caller_of_seller(order).person)
    return client


def test_the_page_asks_rates_takes_terms_buys_prints_and_voids():
    order = make_order(prime=True)
    client = client_of(order)
    url = reverse("fulfilment:buy", args=[order.number])
    page = client.get(url).content.decode()
    assert "Show rates" in page
    assert "bought here" in page
    parcel = {
        "units": [str(u.pk) for u in units_of(order)], "system": "imperial", "weight": "1.5", "length": "8",
        "width": "6", "height": "5", "ship_date": "2022-06-06",
    }  # fmt: skip
    page = client.get(url, parcel).content.decode()
    assert "Meridian Post" in page
    assert "Claims protected" in page
    refused = client.post(url, {**parcel, "rate": "meridian/ground", "request_key": "page-1"})
    assert refused.status_code == 422
    assert "accepting the terms" in refused.content.decode()
    done = client.post(
        url, {**parcel, "rate": "meridian/ground", "request_key": "page-1", "accept": list(BOTH_TERMS)}, follow=True
    )
    label = Label.objects.get()
    assert label.state == LabelState.BOUGHT
    assert (label.weight_g, label.length_mm) == (680, 203)
    page = done.content.decode()
    assert label.tracking_number in page
    assert client.get(reverse("fulfilment:label_file", args=[label.pk, "pdf"])).content[:4] == b"%PDF"
    assert label.tracking_number in client.get(reverse("fulfilment:labels")).content.decode()
    voided = client.post(reverse("fulfilment:label_void", args=[label.pk]), follow=True).content.decode()
    assert "The label is voided" in voided
    assert status_of(order) == "placed"


@pytest.mark.parametrize(
    "wrong",
    [{"weight": "-1"}, {"weight": "NaN"}, {"weight": "9999999"}, {"length": "0"}, {"ship_date": "2022-13-01"},
     {"ship_date": "1999-01-01"}, {"units": "not-a-unit"}, {"system": "cubits"}, {"height": "99999"}],
)  # fmt: skip
def test_nonsense_in_the_form_is_answered_in_the_form(wrong):
    order = make_order()
    parcel = {
        "units": [str(u.pk) for u in units_of(order)], "system": "metric", "weight": "1", "length": "20",
        "width": "10", "height": "10", "ship_date": "2022-06-06", **wrong,
    }  # fmt: skip
    assert client_of(order).get(reverse("fulfilment:buy", args=[order.number]), parcel).status_code == 422


@pytest.mark.spec("PRIME-19")
def test_the_page_refuses_a_label_from_elsewhere_with_its_clause():
    order = make_order(prime=True)
    client = client_of(order)
    url = reverse("fulfilment:confirm", args=[order.number])
    assert "PRIME-19" in client.get(url).content.decode()
    answer = client.post(
        url, {"units": [str(units_of(order)[0].pk)], "carrier": "Other", "tracking": "X1", "request_key": "k1"}
    )
    assert answer.status_code == 422
    assert "Buy Shipping" in answer.content.decode()
    assert not Parcel.objects.exists()


def test_another_seller_finds_neither_order_nor_label():
    order = make_order()
    label = buy(order)
    other = make_order()
    client = client_of(other)
    for url in (
        reverse("fulfilment:buy", args=[order.number]),
        reverse("fulfilment:confirm", args=[order.number]),
        reverse("fulfilment:label", args=[label.pk]),
    ):
        assert client.get(url).status_code == 404
    assert client.post(reverse("fulfilment:label_void", args=[label.pk])).status_code == 404


def test_a_scan_that_is_told_twice_moves_the_order_once():
    order = make_order()
    label = buy(order)
    simulator.scan_now(SimulatedParcel.objects.get().pk)
    assert look_at_tracking(label_id=label.pk) == 1
    assert look_at_tracking(label_id=label.pk) == 0
    assert Parcel.objects.get().scans.count() == 1
    assert ask_carrier(label_id=label.pk) is None
