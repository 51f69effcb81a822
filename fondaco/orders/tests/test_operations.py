"""Placing, paying, cancelling and sending: rows, units, money."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from fondaco.catalogue.models import Offer, StockMovement
from fondaco.catalogue.operations import change_offer, close
from fondaco.catalogue.rules.stock import NotEnoughUnits
from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine import clock
from fondaco.engine.models import DemoClock
from fondaco.engine.testing import run_tasks
from fondaco.kit.errors import Denied, NotFound, Refusal
from fondaco.kit.ids import new_id
from fondaco.ledger.tests.factories import assert_books_in_order, proceeds
from fondaco.orders import operations
from fondaco.orders.models import Checkout, Order, OrderUnit
from fondaco.orders.operations import Line
from fondaco.orders.operations.place import RequestReused
from fondaco.orders.queries import order_of_buyer, order_of_seller
from fondaco.orders.tests.factories import (
    OHIO,
    caller_of_buyer,
    caller_of_seller,
    delivered_order,
    make_buyer,
    placed_order,
    ship,
    shipped_order,
)
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.models import SimulatedCharge
from fondaco.sellers.tests.factories import make_caller, make_card, make_person, make_seller, owner_of

pytestmark = pytest.mark.django_db


def buy(offer: Offer, *, buyer: Any = None, key: str = "k1", **line: Any) -> list[Order]:
    return operations.place_order(
        make_caller(buyer or make_buyer()),
        lines=[Line(offer.pk, **line)],
        address=OHIO,
        request_key=key,
    )


def test_an_order_is_paid_counted_and_told() -> None:
    offer = make_offer(quantity=5, price_minor=1999)
    buyer = make_buyer()
    (order,) = buy(offer, buyer=buyer, quantity=2, tax_minor=100)
    offer.refresh_from_db()
    assert (offer.units_sellable, offer.units_reserved) == (3, 2)
    assert order.total_minor == 2 * (1999 + 100)
    assert proceeds(order.seller) == 4198
    assert SimulatedCharge.objects.get().amount_minor == 4198
    assert order.status == "placed"
    assert order.number.count("-") == 2
    item = order.items.get()
    assert [u.number for u in item.units.order_by("number")] == [1, 2]
    assert (item.title, item.asin, item.sku) == (offer.product.title, offer.product.asin, offer.sku)
    assert item.terms["return.window_days"].startswith("return.window_days@")
    to = {m.to[0] for m in mail.outbox}
    assert to == {buyer.email, owner_of(order.seller).email}
    assert_books_in_order()


def test_the_same_request_places_one_order() -> None:
    offer, buyer = make_offer(quantity=5), make_buyer()
    first, second = buy(offer, buyer=buyer, quantity=2), buy(offer, buyer=buyer, quantity=2)
    assert [o.pk for o in first] == [o.pk for o in second]
    assert Order.objects.count() == SimulatedCharge.objects.count() == 1
    offer.refresh_from_db()
    assert offer.units_sellable == 3
    with pytest.raises(RequestReused):
        buy(offer, buyer=buyer, quantity=3)


@pytest.mark.parametrize("quantity", [0, -1, 1000, 10**12, True, 1.5, "2"])
def test_refuses_quantities_out_of_range(quantity: Any) -> None:
    offer = make_offer(quantity=5)
    with pytest.raises(operations.WrongQuantity):
        buy(offer, quantity=quantity)
    offer.refresh_from_db()
    assert offer.units_sellable == 5
    assert not Checkout.objects.exists()


def test_refuses_more_units_than_there_are() -> None:
    offer = make_offer(quantity=1)
    with pytest.raises(NotEnoughUnits):
        buy(offer, quantity=2)
    assert not Checkout.objects.exists()
    assert not SimulatedCharge.objects.exists()


def test_refuses_what_is_not_sold() -> None:
    seller = make_seller()
    caller = make_caller(seller=seller)
    closed, open_offer = make_offer(caller), make_offer(caller)
    close(caller, offer_id=closed.pk)
    with pytest.raises(operations.NotSellable):
        buy(closed)
    with pytest.raises(operations.OwnOffer):
        buy(closed, buyer=owner_of(seller))
    with pytest.raises(operations.OwnOffer):
        buy(open_offer, buyer=owner_of(seller))
    for status in ("under_review", "suspended", "closed"):
        seller.status = status
        seller.save()
        with pytest.raises(operations.NotSellable):
            buy(open_offer)
    seller.status, seller.vacation_from_date = "active", clock.now().date() - timedelta(days=2)
    seller.save()
    with pytest.raises(operations.NotSellable):
        buy(open_offer)
    assert not Checkout.objects.exists()


def test_refuses_two_currencies_at_once() -> None:
    left = make_offer()
    right = make_offer()
    Offer.objects.filter(pk=right.pk).update(currency="CAD")
    with pytest.raises(operations.OtherCurrency):
        operations.place_order(
            make_caller(make_buyer()), lines=[Line(left.pk), Line(right.pk)], address=OHIO, request_key="k"
        )


def test_refuses_a_price_that_the_buyer_has_not_seen() -> None:
    offer = make_offer(price_minor=1999)
    change_offer(make_caller(seller=offer.seller), offer_id=offer.pk, price_minor=2999)
    with pytest.raises(operations.PriceChanged):
        buy(offer, seen_price_minor=1999)
    assert not Checkout.objects.exists()


def test_a_declined_card_buys_nothing() -> None:
    offer, buyer = make_offer(quantity=5), make_person()
    make_card(person=buyer, declines=True)
    for _ in range(2):
        with pytest.raises(operations.CardDeclined):
            buy(offer, buyer=buyer)
    offer.refresh_from_db()
    assert (offer.units_sellable, offer.units_reserved) == (5, 0)
    assert not Order.objects.exists()
    assert SimulatedCharge.objects.count() == 1


def test_no_card_no_order() -> None:
    with pytest.raises(operations.CardNeeded):
        buy(make_offer(), buyer=make_person())
    assert not Checkout.objects.exists()


def test_several_sellers_get_an_order_each_and_the_card_is_charged_once() -> None:
    offers = [make_offer(price_minor=1000), make_offer(price_minor=500)]
    orders = operations.place_order(
        make_caller(make_buyer()), lines=[Line(o.pk) for o in offers], address=OHIO, request_key="k"
    )
    assert len(orders) == 2
    assert len({o.checkout_id for o in orders}) == 1
    assert {proceeds(o.seller) for o in orders} == {1000, 500}
    assert SimulatedCharge.objects.get().amount_minor == 1500
    assert_books_in_order()


@pytest.mark.parametrize("step", ["asked", "answered"])
def test_killed_between_two_steps_it_is_finished_once(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from fondaco.orders.operations import place

    offer, buyer = make_offer(quantity=5), make_buyer()

    def die(*_: Any, **__: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as killed:
        killed.setattr(place, "_ask_card" if step == "asked" else "_finish", die)
        with pytest.raises(RuntimeError):
            buy(offer, buyer=buyer)
    assert not Order.objects.exists()
    assert SimulatedCharge.objects.count() == (0 if step == "asked" else 1)
    DemoClock.objects.all().delete()
    clock.set_to(at=clock.now() + timedelta(minutes=5))
    from fondaco.orders.tasks import finish_checkouts

    finish_checkouts()
    run_tasks()
    finish_checkouts()
    run_tasks()
    assert Order.objects.count() == SimulatedCharge.objects.count() == 1
    assert [o.pk for o in buy(offer, buyer=buyer)] == [Order.objects.get().pk]
    offer.refresh_from_db()
    assert (offer.units_sellable, offer.units_reserved) == (4, 1)
    assert_books_in_order()


def test_a_card_world_out_of_reach_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from fondaco.sellers.cards import SimulatedCards

    offer, buyer = make_offer(quantity=5), make_buyer()

    def unreachable(*_: Any, **__: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as away:
        away.setattr(SimulatedCards, "charge", unreachable)
        with pytest.raises(operations.PaymentPending):
            buy(offer, buyer=buyer)
    run_tasks(include_delayed=True)
    assert Order.objects.count() == 1


def test_cancelling_gives_units_and_money_back() -> None:
    order = placed_order(quantity=3, tax_minor=50)
    offer = order.items.get().offer
    before = offer.units_sellable
    operations.cancel_order(caller_of_buyer(order), number=order.number, reason="buyer_changed_mind")
    run_tasks()
    offer.refresh_from_db()
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert (offer.units_sellable, offer.units_reserved) == (before + 3, 0)
    assert proceeds(order.seller) == 0
    assert sum(c.amount_minor for c in SimulatedCharge.objects.all()) == 0
    with pytest.raises(operations.NotCancellable):
        operations.cancel_order(caller_of_buyer(order), number=order.number, reason="buyer_changed_mind")
    assert_books_in_order()


def test_some_units_can_be_cancelled() -> None:
    order = placed_order(quantity=3)
    unit = OrderUnit.objects.filter(item__order=order).order_by("number").last()
    assert unit
    operations.cancel_order(caller_of_seller(order), number=order.number, reason="no_stock", units=[unit])
    order.refresh_from_db()
    assert order.status == "placed"
    assert proceeds(order.seller) == 2 * 1999
    with pytest.raises(operations.NotCancellable):
        operations.cancel_order(caller_of_seller(order), number=order.number, reason="no_stock", units=[unit])
    with pytest.raises(NotFound):
        operations.cancel_order(caller_of_seller(order), number=order.number, reason="no_stock", units=[new_id()])


def test_what_was_sent_is_not_cancelled() -> None:
    order = shipped_order(quantity=2)
    with pytest.raises(operations.NotCancellable):
        operations.cancel_order(caller_of_buyer(order), number=order.number, reason="buyer_changed_mind")
    assert proceeds(order.seller) == 2 * 1999


def test_a_parcel_takes_its_units_out_of_stock_once() -> None:
    order = placed_order(quantity=2)
    offer = order.items.get().offer
    first = operations.record_shipment(order=order, carrier="Parcel Simulator", tracking="T1", key="a")
    again = operations.record_shipment(order=order, carrier="Parcel Simulator", tracking="T1", key="a")
    assert first.pk == again.pk
    offer.refresh_from_db()
    order.refresh_from_db()
    assert offer.units_reserved == 0
    assert order.status == "shipped"
    assert first.shipped_at is None
    assert StockMovement.objects.filter(kind="ship").count() == 1
    with pytest.raises(operations.NothingToShip):
        operations.record_shipment(order=order, carrier="Parcel Simulator", tracking="T2", key="b")


@pytest.mark.spec("B-PRIME-04")
def test_the_first_scan_is_the_moment_of_shipping() -> None:
    order = placed_order()
    confirmed = clock.now()
    parcel = ship(order, at=confirmed)
    operations.record_scan(parcel=parcel, kind="accepted", key="1", at=confirmed + timedelta(hours=3))
    operations.record_scan(parcel=parcel, kind="in_transit", key="2", at=confirmed + timedelta(hours=9))
    operations.record_scan(parcel=parcel, kind="in_transit", key="2", at=confirmed + timedelta(hours=99))
    parcel.refresh_from_db()
    assert parcel.shipped_at == confirmed + timedelta(hours=3)
    assert parcel.scans.count() == 2


def test_delivery_ends_the_way_and_a_late_loss_does_not_undo_it() -> None:
    order = delivered_order(quantity=2)
    assert order.status == "delivered"
    parcel = order.parcels.get()
    operations.record_lost(parcel=parcel)
    order.refresh_from_db()
    assert order.status == "delivered"
    assert set(OrderUnit.objects.values_list("state", flat=True)) == {"delivered"}


def test_a_lost_parcel_that_turns_up_is_delivered() -> None:
    order = shipped_order()
    parcel = order.parcels.get()
    operations.record_lost(parcel=parcel)
    assert set(OrderUnit.objects.values_list("state", flat=True)) == {"lost"}
    operations.record_delivered(parcel=parcel)
    order.refresh_from_db()
    assert order.status == "delivered"


def test_a_shipment_is_taken_back_until_the_carrier_has_it() -> None:
    order = placed_order(quantity=2)
    offer = order.items.get().offer
    operations.void_shipment(parcel=ship(order))
    offer.refresh_from_db()
    order.refresh_from_db()
    assert order.status == "placed"
    assert offer.units_reserved == 2
    parcel = ship(order)
    operations.record_scan(parcel=parcel, kind="accepted", key="1")
    with pytest.raises(Refusal):
        operations.void_shipment(parcel=parcel)


@pytest.mark.spec("PRIME-19", "Q-38")
def test_an_order_with_a_prime_item_takes_no_label_from_elsewhere() -> None:
    seller = make_caller(seller=make_seller())
    order = placed_order(offers=[make_offer(seller), make_offer(seller)])
    prime, normal = order.items.order_by("position")
    type(prime).objects.filter(pk=prime.pk).update(is_prime=True)
    Order.objects.filter(pk=order.pk).update(has_prime=True)
    for item in (prime, normal):
        with pytest.raises(operations.LabelElsewhere) as refused:
            operations.record_shipment(
                order=order, units=list(item.units.all()), carrier="Elsewhere", tracking="X", key=str(item.pk)
            )
        assert refused.value.CLAUSE == "PRIME-19"
    assert order.parcels.count() == 0
    operations.record_shipment(order=order, carrier="Simulator", tracking="T", key="ok", label_id=new_id())
    assert order.parcels.count() == 1


def test_who_may_do_what_with_an_order() -> None:
    order = placed_order()
    stranger, rival = make_caller(make_person()), make_caller(seller=make_seller("Rival"))
    for caller in (stranger, rival):
        with pytest.raises(NotFound):
            order_of_buyer(caller, order.number)
        with pytest.raises(NotFound):
            operations.cancel_order(caller, number=order.number, reason="no_stock")
    with pytest.raises(NotFound):
        order_of_seller(rival, order.number)
    assert order_of_buyer(caller_of_buyer(order), order.number).pk == order.pk
    assert order_of_seller(caller_of_seller(order), order.number).pk == order.pk
    from fondaco.sellers.rules import MemberRole
    from fondaco.sellers.tests.factories import make_member

    helper = make_person("Viewer")
    make_member(helper, order.seller, MemberRole.VIEWER)
    with pytest.raises(Denied):
        operations.cancel_order(make_caller(helper), number=order.number, reason="no_stock")
    with pytest.raises(Denied):
        operations.record_shipment(order=order, carrier="X", tracking="1", key="v", caller=make_caller(helper))


def test_an_unknown_zip_is_served_and_an_unreadable_address_is_not() -> None:
    offer, buyer = make_offer(quantity=9), make_buyer()
    odd = PostalAddress(name="M", street="1 Main St", city="Columbus", region="OH", postal_code="99999", country="US")
    (order,) = operations.place_order(make_caller(buyer), lines=[Line(offer.pk)], address=odd, request_key="odd")
    assert order.postal.postal_code == "99999"
    from fondaco.sellers.operations.addresses import AddressRefused

    for bad in (PostalAddress(name="", street="1 Main St"), PostalAddress(name="M", street="x", country="QQ")):
        with pytest.raises(AddressRefused):
            operations.place_order(make_caller(buyer), lines=[Line(offer.pk)], address=bad, request_key="bad")
