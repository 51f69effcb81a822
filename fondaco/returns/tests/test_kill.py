"""kill -9 of web and worker between any two steps of buying a label, refunding and settling: real processes, both databases.

For each step a child does the whole thing and kills itself there (`engine.killing`). Its queue is lost with it. Then what a
restarted store does: the person sends the form again, the sweeps look, time passes. Each time: one label, one refund, one charge.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fondaco.catalogue.models import Offer
from fondaco.engine import clock
from fondaco.engine.killing import dies_at
from fondaco.engine.sweeps import run_all
from fondaco.engine.testing import forget_tasks, run_tasks
from fondaco.fulfilment.models import Label, SimulatedParcel
from fondaco.fulfilment.operations import buying
from fondaco.fulfilment.rules.labels import MARKETPLACE_TERMS
from fondaco.fulfilment.rules.parcels import Package
from fondaco.history.models import Event
from fondaco.ledger import operations as ledger
from fondaco.ledger.models import CardTry, Due, Period, Posting
from fondaco.ledger.operations.periods import sum_of
from fondaco.ledger.rules import PostingKind
from fondaco.ledger.tasks import ended_periods
from fondaco.ledger.tests.factories import assert_books_in_order, bill, give, owed, proceeds
from fondaco.ledger.tests.factories import order as cause
from fondaco.orders.models import Order, OrderUnit, Parcel, PayBack
from fondaco.orders.tests.factories import placed_order
from fondaco.returns.models import Refund, Return
from fondaco.returns.tests.factories import arrived_order, make_return, make_returning_seller, make_ware, units_of
from fondaco.sellers.models import SellerAccount, SimulatedCharge
from fondaco.sellers.tests.factories import make_caller, make_card, make_seller, owner_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1200)]

BOX = Package(700, 200, 150, 120)
MOST = 400  # more steps than anything here has


def _at_every_step(prepare: Callable[[int], Any], act: Callable[[Any], Any], check: Callable[[Any], None]) -> int:
    """`prepare(n)` makes something new, `act` is what is killed at step n, `check` what must be true afterwards."""
    for nth in range(1, MOST):
        made = prepare(nth)
        forget_tasks()
        at = clock.now()
        killed = dies_at(nth, lambda made=made: act(made))
        forget_tasks()  # the queue was the child's
        act(made)
        for hours in (0, 3):  # a question whose answer was lost rests before it is asked again
            clock.set_to(at=at + timedelta(hours=hours))
            run_all()
            run_tasks()
        check(made)
        clock.set_to(at=at)
        if not killed:
            return nth - 1
    raise AssertionError("it never came to its end")


def _as(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def _shop() -> tuple[SellerAccount, Offer]:
    shop = make_returning_seller()
    return shop, make_ware(shop, quantity=MOST)


def _one_refund(row: Return) -> None:
    refund = Refund.objects.get(parcel=row)
    unit_id = refund.unit_id
    assert refund.amount_minor == 32_75
    (back,) = PayBack.objects.filter(key=f"return:{unit_id}")
    assert (back.amount_minor, back.done_at is not None) == (32_75, True)
    assert SimulatedCharge.objects.filter(key=f"payback:{back.pk}").count() == 1
    assert Posting.objects.filter(key=f"refund:return:{unit_id}").count() == 1


@pytest.mark.spec("PRIME-37", "Q-22")
def test_web_killed_at_every_step_of_a_refund_by_the_seller() -> None:
    shop, ware = _shop()
    client = _as(owner_of(shop))

    def click(row: Return) -> None:
        url = reverse("returns:refund", args=[row.number, 1])
        answer = client.post(url, {"verb": "refund", "deduct_pct": "0", "shown": "3275"})
        assert answer.status_code == 302
        run_tasks()

    def prepare(_nth: int) -> Return:
        return make_return(arrived_order(shop, offer=ware), 10, received_at=clock.now())

    steps = _at_every_step(prepare, click, _one_refund)
    assert steps > 30
    assert_books_in_order()


@pytest.mark.spec("Q-22", "B-PRIME-16")
def test_worker_killed_at_every_step_of_a_refund_at_the_due_time() -> None:
    from fondaco.returns.tasks import returns_due

    shop, ware = _shop()
    start = clock.now()

    def prepare(_nth: int) -> Return:
        clock.set_to(at=start)
        row = make_return(arrived_order(shop, offer=ware), 10, received_at=clock.now())
        clock.set_to(at=row.units.get().due_at + timedelta(seconds=5))
        return row

    def work(_row: Return) -> None:
        returns_due()
        run_tasks()

    def check(row: Return) -> None:
        _one_refund(row)
        refund = Refund.objects.get(parcel=row)
        assert (refund.refunded_by, refund.is_breach) == ("due_time", True)

    assert _at_every_step(prepare, work, check) > 25
    assert_books_in_order()


@pytest.mark.spec("PRIME-33", "PRIME-35")
def test_web_killed_at_every_step_of_asking_for_a_return_with_its_label() -> None:
    shop, ware = _shop()

    def prepare(_nth: int) -> Order:
        return arrived_order(shop, offer=ware)

    def ask(order: Order) -> None:
        (unit,) = units_of(order)
        given = {f"take_{unit.pk.hex}": "on", f"reason_{unit.pk.hex}": "DEFECTIVE", "request_key": "once"}
        url = reverse("returns:start", args=[order.number])
        assert client_of[order.pk].post(url, {**given, "verb": "send"}).status_code == 302
        run_tasks()

    client_of: dict[Any, Client] = {}

    def prepared(nth: int) -> Order:
        order = prepare(nth)
        client_of[order.pk] = _as(order.buyer)
        return order

    def check(order: Order) -> None:
        row = Return.objects.get(order=order)
        label = Label.objects.get(request_key=f"return:{row.pk}")
        assert (row.label_state, row.label_id, label.state) == ("bought", label.pk, "bought")
        assert SimulatedParcel.objects.filter(key=label.key).count() == 1

    assert _at_every_step(prepared, ask, check) > 20
    assert_books_in_order()


@pytest.mark.spec("PRIME-19")
def test_web_and_worker_killed_at_every_step_of_buying_a_label() -> None:
    shop = make_seller(return_to="IL")
    ware = make_ware(shop, quantity=MOST)
    give(shop, 1_000_00)

    def buy(order: Order) -> None:
        buying.buy_shipping(
            make_caller(seller=shop),
            order=order,
            units=[u.pk for u in OrderUnit.objects.filter(item__order=order)],
            package=BOX,
            ship_date=clock.now().date(),
            request_key=f"buy-{order.number}",
            accepted=(MARKETPLACE_TERMS, "meridian-2022-01", "swiftline-2022-01"),
            carrier="meridian",
            service="ground",
        )
        run_tasks()

    def check(order: Order) -> None:
        label = Label.objects.get(request_key=f"buy-{order.number}")
        assert label.state == "bought"
        assert SimulatedParcel.objects.filter(key=label.key).count() == 1
        assert Parcel.objects.filter(order=order).count() == 1
        assert Posting.objects.filter(key=f"{label.key}:charge").count() == 1

    assert _at_every_step(lambda _nth: placed_order(offer=ware), buy, check) > 20
    assert_books_in_order()


@pytest.mark.spec("IMG-SVC-04", "PRIME-23")
@pytest.mark.parametrize("declines", [False, True], ids=["paid", "declined"])
def test_worker_killed_at_every_step_of_charging_and_collecting(declines: bool) -> None:
    def prepare(nth: int) -> tuple[SellerAccount, Any, str]:
        seller = make_seller(f"Harbor {nth}")
        make_card(seller=seller, declines=declines)
        give(seller, 300)
        return seller, cause(), f"charge {nth}"

    def settle(made: tuple[SellerAccount, Any, str]) -> None:
        seller, why, key = made
        bill(seller, 1000, key=key, cause=why)
        run_tasks()

    def check(made: tuple[SellerAccount, Any, str]) -> None:
        seller, _why, key = made
        assert Posting.objects.filter(key=key).count() == 1
        assert (proceeds(seller), owed(seller)) == (0, 700 if declines else 0)
        paid = CardTry.objects.filter(due__seller=seller, state="paid")
        assert [t.amount_minor for t in paid] == ([] if declines else [700])
        assert SimulatedCharge.objects.filter(key__in=[t.key for t in paid], amount_minor=700).count() == len(paid)
        assert Due.objects.get(seller=seller).open_minor == (700 if declines else 0)

    assert _at_every_step(prepare, settle, check) > 20
    assert_books_in_order()


@pytest.mark.spec("PRIME-23")
def test_killed_at_every_step_of_a_payout() -> None:
    def prepare(nth: int) -> tuple[SellerAccount, str]:
        seller = make_seller(f"Payee {nth}")
        give(seller, 5000)
        return seller, f"payout {nth}"

    def pay(made: tuple[SellerAccount, str]) -> None:
        seller, key = made
        ledger.payout(seller=seller, currency="USD", key=key)
        run_tasks()

    def check(made: tuple[SellerAccount, str]) -> None:
        seller, key = made
        (posting,) = Posting.objects.filter(key=key)
        assert posting.kind == PostingKind.PAYOUT
        assert proceeds(seller) == 0

    assert _at_every_step(prepare, pay, check) > 5
    assert_books_in_order()


@pytest.mark.spec("PRIME-23")
@pytest.mark.parametrize("by", ["sweep", "posting"])
def test_killed_at_every_step_of_closing_a_statement(by: str) -> None:
    """By the worker after its end, or on the way of the first posting after it: closed once, nothing of it lost."""
    start = clock.now()

    def prepare(nth: int) -> SellerAccount:
        clock.set_to(at=start)
        seller = make_seller(f"Ledger {nth}")
        give(seller, 5000)
        bill(seller, 1200, key=f"service {nth}")
        clock.set_to(at=Period.objects.get(seller=seller).ends_at + timedelta(minutes=1))
        return seller

    def settle(seller: SellerAccount) -> None:
        if by == "posting":
            give(seller, 700, key=f"next {seller.pk}")
        ended_periods()
        run_tasks()

    def check(seller: SellerAccount) -> None:
        ended, running = Period.objects.filter(seller=seller).order_by("number")
        assert (ended.number, ended.opening_minor, ended.closing_minor) == (1, 0, 3800)
        assert (running.number, running.opening_minor, running.closed_at) == (2, 3800, None)
        assert ended.ends_at == running.starts_at
        assert Event.objects.filter(verb="period.closed", subject_id=str(ended.pk)).count() == 1
        assert proceeds(seller) == (4500 if by == "posting" else 3800)
        assert sum_of(running) == (700 if by == "posting" else 0)

    assert _at_every_step(prepare, settle, check) > 8
    assert_books_in_order()
