"""Any order of carts, purchases, declines, deaths, cancellations, parcels and scans: units and money stay in order.

The long form: FONDACO_MACHINE_EXAMPLES=2000.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fondaco.catalogue.models import Offer, StockMovement
from fondaco.catalogue.operations import change_offer
from fondaco.engine import clock
from fondaco.engine.testing import forget_tasks, run_tasks
from fondaco.fulfilment.models import CountedOrder, PrimeDay
from fondaco.fulfilment.operations import volume
from fondaco.fulfilment.tests.factories import TWO_DAY, prime_offer, prime_seller
from fondaco.kit.errors import Refusal
from fondaco.kit.ids import new_id
from fondaco.ledger.audit import audit
from fondaco.ledger.tests.factories import owed, proceeds
from fondaco.orders import operations
from fondaco.orders.models import Checkout, Order, OrderUnit, PayBack
from fondaco.orders.operations import Line, carts, place
from fondaco.orders.tests.factories import OHIO, make_buyer
from fondaco.sellers.models import SimulatedCharge
from fondaco.sellers.tests.factories import make_caller, make_card, make_person

EXAMPLES = int(os.environ.get("FONDACO_MACHINE_EXAMPLES", "25"))


class Died(Exception):
    """The process, between two steps."""


class Trade(RuleBasedStateMachine):
    """Two Prime offers of one seller with a limit, a member, a buyer whose card declines."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.requests: list[tuple[Any, dict[str, Any]]] = []
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    @initialize()
    def a_market(self) -> None:
        clock.set_to(at=datetime(2022, 3, 1, 15, 0, tzinfo=UTC))
        self.seller = prime_seller(limit=2)
        self.offers = [prime_offer(self.seller, quantity=6, options=TWO_DAY), prime_offer(self.seller, quantity=4)]
        poor = make_person()
        make_card(person=poor, declines=True)
        self.callers = [make_caller(make_buyer(member=True)), make_caller(make_buyer()), make_caller(poor)]
        self.stated = 10

    @rule(who=st.integers(0, 2), which=st.integers(0, 1), quantity=st.integers(1, 3))
    def put_into_the_cart(self, who: int, which: int, quantity: int) -> None:
        try:
            carts.put_in(self.callers[who], token="", offer_id=self.offers[which].pk, quantity=quantity, address=OHIO)
        except Refusal:
            pass

    @rule(
        who=st.integers(0, 2),
        lines=st.lists(st.tuples(st.integers(0, 1), st.integers(1, 3)), min_size=1, max_size=3),
        speed=st.sampled_from(["two_day", "standard", ""]),
        kept=st.booleans(),
        dies=st.sampled_from(["", "", "", "_ask_card", "_finish"]),
    )
    def buy(self, who: int, lines: list[tuple[int, int]], speed: str, kept: bool, dies: str) -> None:
        self.count += 1
        request = {
            "lines": [Line(self.offers[n].pk, q, speed=speed, keeps_prime=kept) for n, q in lines],
            "address": OHIO,
            "request_key": f"r{self.count}",
        }
        self.requests.append((self.callers[who], request))
        self._send(self.callers[who], request, dies)

    @precondition(lambda self: self.requests)
    @rule(data=st.data())
    def send_it_again(self, data: Any) -> None:
        self._send(*data.draw(st.sampled_from(self.requests)), "")

    @precondition(lambda self: Order.objects.exists())
    @rule(data=st.data(), some=st.booleans())
    def cancel(self, data: Any, some: bool) -> None:
        order = data.draw(st.sampled_from(list(Order.objects.order_by("pk"))))
        units = list(OrderUnit.objects.filter(item__order=order).order_by("pk"))[:1] if some else None
        try:
            operations.cancel_order(
                make_caller(order.buyer), number=order.number, reason="buyer_changed_mind", units=units
            )
        except Refusal:
            pass

    @precondition(lambda self: Order.objects.exists())
    @rule(data=st.data(), scan=st.sampled_from(["", "accepted", "delivered", "lost"]))
    def send(self, data: Any, scan: str) -> None:
        order = data.draw(st.sampled_from(list(Order.objects.order_by("pk"))))
        try:
            parcel = operations.record_shipment(order=order, carrier="S", tracking="T", key="one", label_id=new_id())
        except Refusal:
            return
        if scan:
            operations.record_scan(parcel=parcel, kind=scan, key=scan)

    @rule(which=st.integers(0, 1), quantity=st.integers(0, 6))
    def restock(self, which: int, quantity: int) -> None:
        change_offer(self.seller, offer_id=self.offers[which].pk, quantity=quantity)

    @rule(limit=st.integers(1, 4), off=st.booleans())
    def control(self, limit: int, off: bool) -> None:
        volume.control_volume(self.seller, limit_per_day=limit)
        volume.switch_all(self.seller, off=off)

    @rule(hours=st.sampled_from([1, 6, 24]))
    def time_passes(self, hours: int) -> None:
        clock.set_to(at=clock.now() + timedelta(hours=hours))

    @rule()
    def the_worker_runs(self) -> None:
        from fondaco.orders.tasks import finish_checkouts, give_back_what_is_due

        finish_checkouts()
        give_back_what_is_due()
        run_tasks()

    def _send(self, caller: Any, request: dict[str, Any], dies: str) -> None:
        real = getattr(place, dies) if dies else None
        if dies:
            setattr(place, dies, _die)
        try:
            operations.place_order(caller, **request)
        except (Refusal, Died):
            pass
        finally:
            if dies:
                setattr(place, dies, real)

    @invariant()
    def no_unit_is_lost_or_doubled(self) -> None:
        if not hasattr(self, "offers"):
            return
        for offer in Offer.objects.filter(pk__in=[o.pk for o in self.offers]):
            asked = sum(
                line["item"]["quantity"]
                for checkout in Checkout.objects.filter(state="asked")
                for line in checkout.plan
                if line["offer"] == str(offer.pk)
            )
            ordered = OrderUnit.objects.filter(item__offer=offer, state="ordered").count()
            assert offer.units_reserved == ordered + asked
            into = sum(StockMovement.objects.filter(offer=offer, from_bucket="outside").values_list("units", flat=True))
            out = sum(StockMovement.objects.filter(offer=offer, to_bucket="outside").values_list("units", flat=True))
            assert offer.units_sellable + offer.units_reserved == into - out
            sent = OrderUnit.objects.filter(item__offer=offer, state__in=["shipped", "delivered", "lost"]).count()
            shipped = StockMovement.objects.filter(offer=offer, kind="ship").values_list("units", flat=True)
            assert sum(shipped) == sent

    @invariant()
    def money_is_where_it_belongs(self) -> None:
        if not hasattr(self, "offers"):
            return
        report = audit()
        assert report.is_clean, report.faults
        paid = sum(o.total_minor for o in Order.objects.prefetch_related("items"))
        back = sum(PayBack.objects.values_list("amount_minor", flat=True))
        assert self.seller.seller
        assert proceeds(self.seller.seller) - owed(self.seller.seller) == paid - back
        charged = SimulatedCharge.objects.filter(reason="", amount_minor__gt=0, key__startswith="checkout:")
        placed = set(Checkout.objects.filter(state="placed", total_minor__gt=0).values_list("pk", flat=True))
        assert {c.key for c in charged} >= {f"checkout:{pk}" for pk in placed}
        waiting = {f"checkout:{pk}" for pk in Checkout.objects.filter(state="asked").values_list("pk", flat=True)}
        assert {c.key for c in charged} - waiting == {f"checkout:{pk}" for pk in placed}

    @invariant()
    def the_count_is_the_orders(self) -> None:
        for day in PrimeDay.objects.all():
            assert day.taken == CountedOrder.objects.filter(day=day, released_at=None).count()
            within = CountedOrder.objects.filter(day=day, beyond_limit=False, released_at=None).count()
            assert within <= 4

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        forget_tasks()


def _die(*_: Any, **__: Any) -> None:
    raise Died


@pytest.mark.django_db
@pytest.mark.spec("Q-39", "Q-41")
def test_trade_in_any_order() -> None:
    run_state_machine_as_test(
        Trade,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
