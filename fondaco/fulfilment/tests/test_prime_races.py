"""Fifty buyers at once for twenty places; double clicks; twins of an offer. Real threads, both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from fondaco.catalogue.models import Offer
from fondaco.engine import clock
from fondaco.fulfilment.models import CountedOrder, PrimeDay
from fondaco.fulfilment.tests.factories import TWO_DAY, prime_offer, prime_seller
from fondaco.kit.errors import Refusal
from fondaco.ledger.tests.factories import assert_books_in_order, proceeds
from fondaco.orders import operations
from fondaco.orders.models import Order, OrderItem
from fondaco.orders.operations import Line
from fondaco.orders.tests.factories import OHIO, make_buyer
from fondaco.sellers.models import SimulatedCharge
from fondaco.sellers.tests.factories import make_caller

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _tuesday() -> None:
    clock.set_to(at=datetime(2022, 3, 1, 15, 0, tzinfo=UTC))


def at_once(acts: list[Callable[[], Any]], *, workers: int) -> list[Any]:
    """Run these in so many threads, all starting together; returns answers or exceptions."""
    barrier, answers, waiting = threading.Barrier(workers), [None] * len(acts), list(enumerate(acts))
    lock = threading.Lock()

    def work() -> None:
        barrier.wait()
        while True:
            with lock:
                if not waiting:
                    break
                number, act = waiting.pop()
            try:
                answers[number] = act()
            except Refusal as error:
                answers[number] = error
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.spec("Q-39", "PRIME-27", "B-PRIME-10")
def test_fifty_buyers_against_a_limit_of_twenty_count_twenty() -> None:
    caller = prime_seller(limit=20)
    offers = [prime_offer(caller, quantity=60, options=TWO_DAY if n == 0 else None) for n in range(2)]
    buyers = [make_caller(make_buyer(member=True)) for _ in range(50)]

    def buy(n: int) -> list[Order]:
        line = Line(offers[n % 2].pk, speed="two_day", seen_prime=True, seen_shipping_minor=0)
        return operations.place_order(buyers[n], lines=[line], address=OHIO, request_key="once")

    # SQLite lets one writer in at a time and the others wait their turn: fewer threads there, the same fifty buyers.
    workers = 50 if connection.vendor == "postgresql" else 10
    answers = at_once([lambda n=n: buy(n) for n in range(50)], workers=workers)
    placed = [a for a in answers if isinstance(a, list)]
    refused = [a for a in answers if isinstance(a, Refusal)]
    assert (len(placed), len(refused)) == (20, 30)
    assert {type(r).__name__ for r in refused} <= {"LimitReached", "PrimeOfferOff"}
    assert PrimeDay.objects.get().taken == CountedOrder.objects.count() == 20
    assert OrderItem.objects.filter(is_prime=True).count() == Order.objects.count() == 20
    assert SimulatedCharge.objects.count() == 20
    assert sum(o.units_reserved for o in Offer.objects.all()) == 20
    assert caller.seller
    assert proceeds(caller.seller) == 20 * 1999
    assert_books_in_order()


def test_one_request_sent_eight_times_at_once_is_one_order() -> None:
    offer = prime_offer(prime_seller(limit=20), options=TWO_DAY)
    buyer = make_caller(make_buyer(member=True))

    def buy() -> list[Order]:
        return operations.place_order(
            buyer, lines=[Line(offer.pk, 2, speed="two_day")], address=OHIO, request_key="double click"
        )

    answers = at_once([buy] * 8, workers=8)
    assert {o.pk for answer in answers for o in answer} == {Order.objects.get().pk}
    assert SimulatedCharge.objects.count() == PrimeDay.objects.get().taken == 1
    offer.refresh_from_db()
    assert (offer.units_sellable, offer.units_reserved) == (48, 2)


@pytest.mark.spec("Q-04")
def test_the_last_units_are_sold_once() -> None:
    offer = prime_offer(prime_seller(limit=20), quantity=3, options=TWO_DAY)
    buyers = [make_caller(make_buyer(member=True)) for _ in range(8)]
    acts = [
        lambda b=b: operations.place_order(b, lines=[Line(offer.pk, speed="standard")], address=OHIO, request_key="k")
        for b in buyers
    ]
    answers = at_once(acts, workers=8)
    assert sum(isinstance(a, list) for a in answers) == 3
    offer.refresh_from_db()
    assert (offer.units_sellable, offer.units_reserved) == (0, 3)


def test_orders_of_two_sellers_at_once_do_not_end_each_other() -> None:
    offers = [prime_offer(prime_seller(name, limit=99), quantity=60) for name in ("Swift", "Brisk")]
    buyers = [make_caller(make_buyer(member=True)) for _ in range(12)]

    def buy(n: int) -> list[Order]:
        chosen = offers if n % 2 else offers[::-1]
        lines = [Line(o.pk, speed="two_day") for o in chosen]
        return operations.place_order(buyers[n], lines=lines, address=OHIO, request_key="k")

    answers = at_once([lambda n=n: buy(n) for n in range(12)], workers=12 if connection.vendor == "postgresql" else 6)
    assert all(isinstance(a, list) and len(a) == 2 for a in answers), answers
    assert Order.objects.count() == 24
    assert_books_in_order()
