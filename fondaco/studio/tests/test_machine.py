"""Whatever is done, in whatever order: no unit is on sale twice, none disappears, and nothing is billed twice.

The machine orders, buys, cancels, returns, loses and finds units of one offer, refuses what cannot be, and counts
after each step. `FONDACO_LONG=1` runs it for longer.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from fondaco.cases.operations import open_case
from fondaco.cases.rules import CaseType
from fondaco.catalogue.models import Offer, StockMovement
from fondaco.catalogue.operations import move_units
from fondaco.catalogue.rules.stock import MovementKind
from fondaco.engine.testing import forget_tasks
from fondaco.kit.errors import Refusal
from fondaco.ledger.models import Posting
from fondaco.ledger.tests.factories import assert_books_in_order
from fondaco.studio import operations
from fondaco.studio.models import ImagingOrder
from fondaco.studio.operations import publish as publishing
from fondaco.studio.rules.states import AWAY, NEVER_BILLED, OPEN, OrderState
from fondaco.studio.tests.factories import crew, here, make_studio_seller, studio_jpeg

UNITS = 3


class Imaging(RuleBasedStateMachine):
    """One offer with a few units, many orders one after the other, several hands on the floors."""

    @initialize()
    def begin(self) -> None:
        self.seller, self.caller = make_studio_seller()
        self.people = crew()
        self.offer = here(self.caller, quantity=UNITS)
        self.bought = self.shipped = self.returned = 0
        self.clicks = 0
        forget_tasks()

    # the seller and the buyers

    @rule()
    def order(self) -> None:
        self.clicks += 1
        with suppress(Refusal):
            operations.place_order(self.caller, asin=self.offer.product.asin, request_key=f"click-{self.clicks}")

    @rule()
    def click_again(self) -> None:
        before = ImagingOrder.objects.count()
        if ImagingOrder.objects.filter(request_key=f"click-{self.clicks}").exists():
            operations.place_order(self.caller, asin=self.offer.product.asin, request_key=f"click-{self.clicks}")
            assert ImagingOrder.objects.count() == before

    @rule()
    def buy(self) -> None:
        with suppress(Refusal):
            move_units(offer_id=self.offer.pk, kind=MovementKind.RESERVE, units=1)
            self.bought += 1

    @rule()
    def ship(self) -> None:
        with suppress(Refusal):
            move_units(offer_id=self.offer.pk, kind=MovementKind.SHIP, units=1)
            self.bought, self.shipped = self.bought - 1, self.shipped + 1

    @rule()
    def buyer_cancels(self) -> None:
        with suppress(Refusal):
            move_units(offer_id=self.offer.pk, kind=MovementKind.RELEASE, units=1)
            self.bought -= 1

    @rule()
    def buyer_returns(self) -> None:
        if self.shipped:
            move_units(offer_id=self.offer.pk, kind=MovementKind.RESTOCK, units=1)
            self.shipped, self.returned = self.shipped - 1, self.returned + 1

    # the floors, on any order whatever its state: most of it is refused

    @rule(
        which=st.integers(0, 5),
        verb=st.sampled_from(["pick", "dispatch", "cannot_locate", "check_in", "found", "give_up"]),
    )
    def fulfilment_centre(self, which: int, verb: str) -> None:
        if order := self._any(which):
            fc = self.people["fc_associate"]
            does: dict[str, Any] = {
                "pick": lambda: operations.pick(fc, label=order.label, scanned=order.label),
                "dispatch": lambda: operations.dispatch(fc, labels=[order.label]),
                "cannot_locate": lambda: operations.cannot_locate(fc, label=order.label),
                "check_in": lambda: operations.check_in(fc, label=order.label),
                "found": lambda: operations.found_again(fc, label=order.label),
                "give_up": lambda: operations.give_up(fc, label=order.label),
            }
            with suppress(Refusal):
                does[verb]()

    @rule(which=st.integers(0, 5), verb=st.sampled_from(["receive", "send_back", "lost", "damaged", "turn_away"]))
    def studio(self, which: int, verb: str) -> None:
        if order := self._any(which):
            by = self.people["photographer"]
            does: dict[str, Any] = {
                "receive": lambda: operations.receive(by, label=order.label),
                "send_back": lambda: operations.send_back(by, label=order.label),
                "lost": lambda: operations.report_harm(by, label=order.label, is_loss=True),
                "damaged": lambda: operations.report_harm(by, label=order.label, is_loss=False),
                "turn_away": lambda: operations.turn_away(by, order_id=str(order.pk)),
            }
            with suppress(Refusal):
                does[verb]()

    @rule(which=st.integers(0, 5))
    def shoot_and_finish(self, which: int) -> None:
        if order := self._any(which):
            by = self.people["photographer"]
            with suppress(Refusal):
                operations.decide(by, order_id=str(order.pk), shoot_with="tabletop")
                operations.note_research(by, order_id=str(order.pk), text="Three quarters.")
                for n in (1, 2):
                    operations.take_shot(by, order_id=str(order.pk), data=studio_jpeg(n), request_key=f"s{n}")
                operations.finish(by, order_id=str(order.pk))

    @rule(which=st.integers(0, 5))
    def release(self, which: int) -> None:
        if order := self._any(which):
            with suppress(Refusal):
                for shot in order.shots.all():
                    operations.pass_shot(self.people["retoucher"], shot_id=str(shot.pk))
                operations.release(self.people["retoucher"], order_id=str(order.pk))

    @rule(which=st.integers(0, 5))
    def publish_and_bill(self, which: int) -> None:
        if order := self._any(which):
            publishing.publish(order.pk)
            publishing.bill(order.pk)

    @rule(accept=st.booleans())
    def ask_to_cancel(self, accept: bool) -> None:
        self.clicks += 1
        with suppress(Refusal):
            case = open_case(
                self.caller,
                case_type=CaseType.IMAGING_CANCELLATION,
                contents={"asin": self.offer.product.asin, "reason": "changed our mind"},
                request_key=f"case-{self.clicks}",
            )
            operations.decide_cancellation(self.people["support"], number=case.number, accept=accept)

    # what holds after every step

    @invariant()
    def units_are_counted(self) -> None:
        if not hasattr(self, "offer"):
            return
        offer = Offer.objects.get(pk=self.offer.pk)
        away = ImagingOrder.objects.filter(where__in=[w.value for w in AWAY]).count()
        gone = ImagingOrder.objects.filter(where__in=["lost", "damaged"]).count()
        assert offer.units_away == away
        assert offer.units_reserved == self.bought
        assert offer.units_sellable + offer.units_reserved + offer.units_away + self.shipped + gone == UNITS
        back = ImagingOrder.objects.filter(where="back").count()
        assert away + gone + back == ImagingOrder.objects.count()

    @invariant()
    def movements_sum_to_the_counts(self) -> None:
        if not hasattr(self, "offer"):
            return
        offer = Offer.objects.get(pk=self.offer.pk)
        counts = {"sellable": 0, "reserved": 0, "away": 0, "outside": 0}
        for from_bucket, to_bucket, units in StockMovement.objects.filter(offer=offer).values_list(
            "from_bucket", "to_bucket", "units"
        ):
            counts[from_bucket] -= units
            counts[to_bucket] += units
        assert (counts["sellable"], counts["reserved"], counts["away"]) == (
            offer.units_sellable,
            offer.units_reserved,
            offer.units_away,
        )

    @invariant()
    def bills_are_those_of_billed_orders(self) -> None:
        if not hasattr(self, "offer"):
            return
        billed = ImagingOrder.objects.filter(state=OrderState.BILLED).count()
        assert Posting.objects.filter(reason="imaging_service").count() == billed
        never = ImagingOrder.objects.filter(state__in=[s.value for s in NEVER_BILLED])
        assert not Posting.objects.filter(key__in=[f"imaging:{o.pk}:bill" for o in never]).exists()
        assert ImagingOrder.objects.filter(state__in=[s.value for s in OPEN]).count() <= 1

    def teardown(self) -> None:
        if hasattr(self, "offer"):
            assert_books_in_order()

    def _any(self, which: int) -> ImagingOrder | None:
        """An order, the newest more often than the others."""
        rows = list(ImagingOrder.objects.select_related("product").order_by("-placed_at", "-id")[:4])
        return rows[min(which // 2, len(rows) - 1)] if rows else None


@pytest.mark.django_db(transaction=False)
@pytest.mark.spec("IMG-SVC-01", "IMG-SVC-30", "IMG-SVC-33", "Q-03", "Q-04", "Q-05", "Q-56")
def test_no_unit_is_on_sale_twice_and_none_disappears() -> None:
    long = bool(os.environ.get("FONDACO_LONG"))
    from django.db import transaction

    class InTransactions(Imaging):
        def __init__(self) -> None:
            self._outer = transaction.atomic()
            self._outer.__enter__()
            super().__init__()

        def teardown(self) -> None:
            try:
                super().teardown()
            finally:
                transaction.set_rollback(True)
                self._outer.__exit__(None, None, None)

    run_state_machine_as_test(
        InTransactions,
        settings=settings(
            max_examples=400 if long else 25,
            stateful_step_count=60 if long else 30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
