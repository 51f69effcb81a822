"""One client of the benchmark of orders and returns, a process of its own: told what to do by a line of JSON.

`{"what": "place" | "deliver" | "ask" | "check_in" | "refund" | "pay_back", …}`: it looks up what it needs, says "ready", waits for a
line so that all clients begin together, and answers seconds, processor seconds and how many.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any


def main() -> None:
    given = json.loads(sys.stdin.readline())
    import django

    django.setup()
    _as_a_process_that_serves()
    acts = list(_WHAT[given["what"]](given))
    print("ready", flush=True)
    sys.stdin.readline()
    began, worked = time.perf_counter(), time.process_time()
    for act in acts:
        act()
    took = {"seconds": time.perf_counter() - began, "processor_s": time.process_time() - worked, "count": len(acts)}
    print(json.dumps(took), flush=True)


def _as_a_process_that_serves() -> None:
    """Load what a web process or a worker has loaded once, before it took up anything: the site's addresses (with all pages and
    API models behind them) and the books of public holidays. 1.5 s of processor time a process, however many orders it takes."""
    from django.urls import reverse

    from fondaco.kit.calendar import public_holidays

    reverse("orders:order", args=["000-0000000-0000000"])
    public_holidays("US", "", 2026)


def place(given: dict[str, Any]) -> Sequence[Callable[[], Any]]:
    """One order after another: each of its own buyer's request."""
    from uuid import UUID

    from fondaco.orders import operations
    from fondaco.orders.operations import Line
    from fondaco.sellers.access import caller_for
    from fondaco.sellers.addresses import PostalAddress
    from fondaco.sellers.models import Person

    address = PostalAddress(**given["address"])
    people = list(Person.objects.filter(pk__in=given["buyers"]))
    offers = [UUID(each) for each in given["offers"]]

    def one(n: int) -> Callable[[], Any]:
        offer, key = offers[(n + given["client"]) % len(offers)], f"{given['key']}-{n}"
        return lambda: operations.place_order(
            caller_for(people[n % len(people)]),  # as each request of a page or of the API does
            lines=[Line(offer, 1, speed="two_day")],
            address=address,
            request_key=key,
        )

    return [one(n) for n in range(given["count"])]


def deliver(given: dict[str, Any]) -> Sequence[Callable[[], Any]]:
    """The parcel of each order, confirmed and delivered: preparation, no figure."""
    from fondaco.engine import clock
    from fondaco.kit.ids import new_id
    from fondaco.orders import operations
    from fondaco.orders.models import Order

    def one(order: Order) -> None:
        parcel = operations.record_shipment(
            order=order,
            carrier="Parcel Simulator",
            tracking=f"SIM{order.number}",
            key=f"ship-{order.number}",
            label_id=new_id(),
        )
        operations.record_delivered(parcel=parcel, at=clock.now())

    return [lambda order=order: one(order) for order in Order.objects.filter(pk__in=given["rows"])]


def ask(given: dict[str, Any]) -> Sequence[Callable[[], Any]]:
    """A return of one unit: the caller looked up, judged by policy, authorised, its label wished for, a mail to the buyer."""
    from fondaco.orders.models import OrderUnit
    from fondaco.returns.operations.request import Wanted, request_return
    from fondaco.sellers.access import caller_for

    units = OrderUnit.objects.filter(item__order__in=given["rows"]).select_related("item__order__buyer")

    def one(unit: OrderUnit) -> Callable[[], Any]:
        order = unit.item.order
        wanted = [Wanted(unit.pk, "NO_LONGER_NEEDED")]
        return lambda: request_return(
            caller_for(order.buyer), order_number=order.number, wanted=wanted, request_key="bench"
        )

    return [one(unit) for unit in units]


def check_in(given: dict[str, Any]) -> Sequence[Callable[[], Any]]:
    """The parcel in the seller's hands."""
    from fondaco.returns.operations import warehouse
    from fondaco.sellers.access import caller_for

    return [
        lambda row=row, person=person: warehouse.check_in(caller_for(person), number=row.number)
        for row, person in _returns(given)
    ]


def refund(given: dict[str, Any]) -> Sequence[Callable[[], Any]]:
    """The refund of one unit: planned, booked in double entry, charged to the seller, queued for the card, told to the buyer."""
    from fondaco.returns.operations import refund as refunds
    from fondaco.sellers.access import caller_for

    return [
        lambda row=row, person=person: refunds.refund_unit(caller_for(person), number=row.number, unit=1)
        for row, person in _returns(given)
    ]


def pay_back(given: dict[str, Any]) -> Sequence[Callable[[], Any]]:
    """The card gateway (simulated) told, as the worker does."""
    from fondaco.orders.models import PayBack
    from fondaco.orders.operations import give_back

    rows = PayBack.objects.filter(order__in=given["rows"]).values_list("pk", flat=True)
    return [lambda pk=pk: give_back(payback_id=pk) for pk in rows]


def _returns(given: dict[str, Any]) -> list[tuple[Any, Any]]:
    """The client's returns, each with somebody who owns the seller account."""
    from fondaco.returns.models import Return
    from fondaco.sellers.models import Membership

    owners = {m.seller_id: m.person for m in Membership.objects.select_related("person")}
    rows = Return.objects.filter(order__in=given["rows"])
    return [(row, owners[row.seller_id]) for row in rows.only("number", "seller")]


_WHAT: dict[str, Callable[[dict[str, Any]], Sequence[Callable[[], Any]]]] = {
    each.__name__: each for each in (place, deliver, ask, check_in, refund, pay_back)
}


if __name__ == "__main__":
    main()
