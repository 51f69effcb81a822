"""Buying and voiding: nothing lost, nothing doubled, wherever the process dies."""

from __future__ import annotations

import pytest

from fondaco.engine import clock
from fondaco.engine.sweeps import run_all
from fondaco.engine.testing import forget_tasks, run_tasks
from fondaco.fulfilment.carriers import simulator
from fondaco.fulfilment.carriers.port import CarrierSilent, TooLateToVoid
from fondaco.fulfilment.listeners import Listener, _listeners, listen
from fondaco.fulfilment.models import Label, LabelStep, SimulatedCall, SimulatedParcel
from fondaco.fulfilment.models.carrier import FaultKind, ParcelState
from fondaco.fulfilment.operations import labels as operations
from fondaco.fulfilment.operations.labels import LabelNotVoidable, NoServiceTakesIt
from fondaco.fulfilment.operations.tracking import look_at_tracking
from fondaco.fulfilment.rules.labels import LabelState, ScanCode, TrackingState
from fondaco.fulfilment.rules.parcels import Package
from fondaco.fulfilment.tests.label_factories import MONDAY, make_label, make_return_label, rate_request
from fondaco.ledger.models import Posting
from fondaco.ledger.rules import AccountKind
from fondaco.ledger.tests.factories import assert_books_in_order, balance, give, owed, proceeds
from fondaco.sellers.tests.factories import make_seller

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process is gone: nothing catches this but the test."""


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    clock.set_to(at=MONDAY)
    yield
    clock.reset()


def later(**by):
    from datetime import timedelta

    clock.set_to(at=clock.now() + timedelta(**by))


def steps_of(label: Label) -> list[str]:
    return list(LabelStep.objects.filter(label=label).order_by("at", "id").values_list("step", flat=True))


def test_a_bought_label_has_a_number_and_is_charged_once():
    seller = make_seller()
    give(seller, 5000)
    label = make_label(seller=seller)
    assert label.state == LabelState.BOUGHT
    assert label.tracking_number == SimulatedParcel.objects.get().tracking_number
    assert steps_of(label) == ["asked", "bought", "charged"]
    assert proceeds(seller) == 5000 - label.price_minor
    assert balance(AccountKind.LABELS) == label.price_minor
    operations.ask_carrier(label_id=label.pk)  # again: nothing is open
    assert SimulatedParcel.objects.count() == 1
    assert proceeds(seller) == 5000 - label.price_minor


def test_the_same_request_key_gives_the_same_label():
    seller = make_seller()
    first = make_label(seller=seller, request_key="twice")
    assert make_label(seller=seller, request_key="twice").pk == first.pk
    assert SimulatedParcel.objects.count() == 1


#: Where the process dies: a function of ours, and whether before or after its work.
DEATHS_WHILE_BUYING = [
    ("fondaco.fulfilment.operations.labels._take_up", "before"),
    ("fondaco.fulfilment.operations.labels._take_up", "after"),
    ("fondaco.fulfilment.carriers.simulator.SimulatedCarriers.buy", "before"),
    ("fondaco.fulfilment.carriers.simulator._sell", "after"),
    ("fondaco.fulfilment.carriers.simulator.SimulatedCarriers.buy", "after"),
    ("fondaco.fulfilment.operations.labels._write_bought", "before"),
    ("fondaco.fulfilment.operations.labels._step", "after"),
    ("fondaco.fulfilment.operations.labels.charge_label", "before"),
    ("fondaco.fulfilment.operations.labels.charge_label", "after"),
    ("fondaco.fulfilment.operations.labels._write_bought", "after"),
]
DEATHS_WHILE_VOIDING = [
    ("fondaco.fulfilment.operations.labels._take_up", "after"),
    ("fondaco.fulfilment.carriers.simulator.SimulatedCarriers.void", "before"),
    ("fondaco.fulfilment.carriers.simulator.SimulatedCarriers.void", "after"),
    ("fondaco.fulfilment.operations.labels._write_voided", "before"),
    ("fondaco.fulfilment.operations.labels.books.reverse", "before"),
    ("fondaco.fulfilment.operations.labels.books.reverse", "after"),
    ("fondaco.fulfilment.operations.labels._write_voided", "after"),
]


def die_at(monkeypatch, where: str, when: str):
    """The first call of `where` kills the process, before or after its work."""
    from importlib import import_module

    parts = where.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            holder = import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        break
    for name in parts[cut:-1]:
        holder = getattr(holder, name)
    real = getattr(holder, parts[-1])

    def dying(*args, **kwargs):
        if when == "after":
            real(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(holder, parts[-1], dying)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("where", "when"), DEATHS_WHILE_BUYING)
def test_killed_anywhere_while_buying_there_is_one_label_and_one_charge(where, when, monkeypatch):
    seller = make_seller()
    give(seller, 5000)
    label = make_label(seller=seller, bought=False)
    forget_tasks()  # the queue is lost too
    with monkeypatch.context() as broken:
        die_at(broken, where, when)
        with pytest.raises(Killed):
            operations.ask_carrier(label_id=label.pk)
    assert_books_in_order()
    later(hours=3)
    run_all()
    run_tasks()
    label.refresh_from_db()
    assert label.state == LabelState.BOUGHT
    assert SimulatedParcel.objects.count() == 1
    assert Posting.objects.filter(key=f"{label.key}:charge").count() == 1
    assert proceeds(seller) == 5000 - label.price_minor
    assert steps_of(label).count("bought") == 1
    assert_books_in_order()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("where", "when"), DEATHS_WHILE_VOIDING)
def test_killed_anywhere_while_voiding_the_charge_comes_back_once(where, when, monkeypatch):
    seller = make_seller()
    give(seller, 5000)
    label = make_label(seller=seller, service="two_day")
    operations.void_label(label_id=label.pk)
    forget_tasks()
    with monkeypatch.context() as broken:
        die_at(broken, where, when)
        with pytest.raises(Killed):
            operations.ask_carrier(label_id=label.pk)
    later(hours=3)
    run_all()
    run_tasks()
    label.refresh_from_db()
    assert label.state == LabelState.VOIDED
    assert SimulatedParcel.objects.get().state == ParcelState.VOIDED
    assert proceeds(seller) == 5000
    assert balance(AccountKind.LABELS) == 0
    assert_books_in_order()


@pytest.mark.django_db(transaction=True)
def test_killed_while_a_first_scan_is_written_a_return_is_charged_once(monkeypatch):
    seller = make_seller()
    give(seller, 5000)
    label = make_return_label(seller=seller)
    assert proceeds(seller) == 5000
    later(days=1)
    for where in (
        "fondaco.fulfilment.operations.tracking._summarise",
        "fondaco.fulfilment.operations.tracking.charge_label",
    ):
        with monkeypatch.context() as broken:
            die_at(broken, where, "after")
            with pytest.raises(Killed):
                look_at_tracking(label_id=label.pk)
        assert proceeds(seller) == 5000
    look_at_tracking(label_id=label.pk)
    look_at_tracking(label_id=label.pk)
    assert proceeds(seller) == 5000 - 725  # 700 g: the second band of return.label_rates


@pytest.mark.parametrize("kind", [FaultKind.OUTAGE, FaultKind.LOST_ANSWER])
def test_a_silent_carrier_is_asked_again_with_the_same_key(kind):
    simulator.fail(kind=kind, call="buy", times=2)
    label = make_label()
    assert label.state == LabelState.ASKED
    later(minutes=30)
    run_all()
    run_tasks()
    later(hours=3)
    run_all()
    run_tasks()
    label.refresh_from_db()
    assert label.state == LabelState.BOUGHT
    assert SimulatedParcel.objects.count() == 1
    assert set(SimulatedCall.objects.filter(call="buy").values_list("key", flat=True)) == {label.key}


def test_a_refused_label_costs_nothing():
    seller = make_seller()
    give(seller, 5000)
    label = make_label(seller=seller, bought=False)
    simulator.fail(kind=FaultKind.REFUSAL, call="buy", times=1)
    run_tasks()
    label.refresh_from_db()
    assert (label.state, label.refusal) == (LabelState.REFUSED, "not_accepted")
    assert proceeds(seller) == 5000
    with pytest.raises(LabelNotVoidable):
        operations.void_label(label_id=label.pk)


def test_a_seller_without_proceeds_owes_the_label():
    seller = make_seller()
    label = make_label(seller=seller)
    assert owed(seller) == label.price_minor


def test_a_label_that_is_still_asked_for_is_voided_as_soon_as_it_is_bought():
    seller = make_seller()
    give(seller, 5000)
    label = make_label(seller=seller, bought=False)
    operations.void_label(label_id=label.pk)
    run_tasks()
    label.refresh_from_db()
    assert label.state == LabelState.VOIDED
    assert proceeds(seller) == 5000


def test_a_scanned_label_can_no_longer_be_voided():
    label = make_label()
    simulator.scan_now(SimulatedParcel.objects.get().pk)
    operations.void_label(label_id=label.pk)  # we have not heard of the scan yet; the carrier has
    run_tasks()
    label.refresh_from_db()
    assert label.state == LabelState.BOUGHT
    assert "void_refused" in steps_of(label)
    look_at_tracking(label_id=label.pk)
    with pytest.raises(LabelNotVoidable):
        operations.void_label(label_id=label.pk)


def test_void_and_first_scan_cannot_both_be_true():
    label = make_label()
    carrier = simulator.SimulatedCarriers()
    simulator.scan_now(SimulatedParcel.objects.get().pk)
    with pytest.raises(TooLateToVoid):
        carrier.void(key=label.key)


@pytest.mark.spec("B-PRIME-04")
def test_scans_happen_as_the_clock_goes_on_and_the_first_is_the_shipping():
    label = make_label()
    assert label.tracking == TrackingState.NOT_SCANNED
    later(days=9)
    run_all()
    run_tasks()
    label.refresh_from_db()
    assert label.tracking == TrackingState.DELIVERED
    events = list(label.events.order_by("at").values_list("code", flat=True))
    assert events == ["accepted", "departed", "arrived", "out_for_delivery", "delivered"]
    assert label.first_scan_at == label.events.get(code="accepted").at > MONDAY
    assert label.delivered_at == label.events.get(code="delivered").at
    assert label.next_look_at is None
    assert look_at_tracking(label_id=label.pk) == 0


def test_the_operator_delays_and_loses_parcels():
    label = make_label()
    parcel = SimulatedParcel.objects.get()
    simulator.scan_now(parcel.pk)
    simulator.delay(parcel.pk, days=3)
    look_at_tracking(label_id=label.pk)
    assert set(label.events.values_list("code", flat=True)) == {ScanCode.ACCEPTED, ScanCode.DELAYED}
    simulator.lose(parcel.pk)
    later(days=30)
    look_at_tracking(label_id=label.pk)
    label.refresh_from_db()
    assert label.tracking == TrackingState.LOST
    assert not label.events.filter(code="delivered").exists()


def test_who_listens_hears_of_every_step_once():
    heard = []
    listen(
        "test.heard",
        Listener(
            bought=lambda label: heard.append(("bought", label.tracking_number)),
            scanned=lambda label, event: heard.append(("scanned", event.code)),
        ),
    )
    try:
        from fondaco.ledger.rules import Cause

        label = make_label(cause=Cause("test.heard", "1", "Heard"))
        later(days=9)
        look_at_tracking(label_id=label.pk)
        look_at_tracking(label_id=label.pk)
    finally:
        del _listeners["test.heard"]
    assert heard[0] == ("bought", label.tracking_number)
    assert [word for kind, word in heard if kind == "scanned"] == [
        "accepted", "departed", "arrived", "out_for_delivery", "delivered",
    ]  # fmt: skip


@pytest.mark.spec("B-PRIME-18")
def test_a_return_label_costs_what_the_policy_says_and_is_charged_at_the_first_scan():
    seller = make_seller()
    give(seller, 5000)
    label = make_return_label(seller=seller, package=Package(3000, 300, 200, 100))
    assert (label.price_minor, label.policy_version) == (1040, "return.label_rates@US#0")
    assert proceeds(seller) == 5000
    simulator.scan_now(SimulatedParcel.objects.get().pk)
    look_at_tracking(label_id=label.pk)
    assert proceeds(seller) == 5000 - 1040


def test_nothing_takes_a_parcel_beyond_every_limit():
    with pytest.raises(NoServiceTakesIt):
        make_return_label(package=Package(1_000_000, 6000, 6000, 6000))


def test_rates_in_an_outage_say_try_later():
    simulator.fail(kind=FaultKind.OUTAGE, call="rates")
    with pytest.raises(CarrierSilent):
        simulator.SimulatedCarriers().rates(rate_request())
    simulator.heal()
    assert simulator.SimulatedCarriers().rates(rate_request())
