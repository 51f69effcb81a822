"""What the demo's buyers have sent back, so that nobody who handles returns looks at an empty page: one return in each state.

Like the purchases, each step is done by its operation, on the day it claims to be of. Doing it again adds only what is missing.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from fondaco.demo.pictures import render
from fondaco.demo.purchases import _buy, _clock_at, _noon, _owner, _send
from fondaco.engine import clock
from fondaco.fulfilment.operations import tracking
from fondaco.kit.errors import Refusal
from fondaco.orders import operations as orders
from fondaco.orders.models import Checkout, Order, OrderUnit
from fondaco.returns import labels
from fondaco.returns.models import Return
from fondaco.returns.operations import decide, refund, warehouse
from fondaco.returns.operations.request import Wanted, request_return
from fondaco.returns.operations.warehouse import NewPhoto
from fondaco.returns.rules.refund import Grade
from fondaco.sellers.access import caller_for
from fondaco.sellers.models import Person


@dataclass(frozen=True, slots=True)
class _SentBack:
    """Bought so many days ago, delivered two days later, asked for after so many days, and what came of it."""

    bought: int
    title: str
    kind: str
    reason: str
    becomes: str
    asked_after: int = 3
    quantity: int = 1
    comment: str = ""


_SENT_BACK = (
    _SentBack(4, "Bath towel", "towel", "NO_LONGER_NEEDED", "authorised"),
    _SentBack(8, "Yoga mat", "yoga_mat", "BETTER_PRICE", "on_the_way", asked_after=5),
    _SentBack(
        11, "Day pack", "backpack", "DEFECTIVE", "arrived", asked_after=4, comment="The zip came off on the first day."
    ),
    _SentBack(12, "Canvas sneaker", "sneaker", "NOT_COMPATIBLE", "graded", asked_after=5),
    _SentBack(18, "Sunglasses", "sunglasses", "QUALITY", "kept"),
    _SentBack(23, "Merino sweater", "sweater", "NO_LONGER_NEEDED", "refunded"),
    _SentBack(26, "Phone case", "phone_case", "ACCIDENTAL_ORDER", "due_time"),
    _SentBack(13, "Heavy cotton T-shirt", "t_shirt", "BETTER_PRICE", "missing", asked_after=6, quantity=2),
    _SentBack(
        48, "Bicycle helmet", "bike_helmet", "INSTALLATION", "exception", asked_after=44, comment="It was a gift."
    ),
    _SentBack(7, "Dog collar", "pet_collar", "WRONG_ITEM", "cancelled"),
    _SentBack(10, "Eau de parfum", "perfume", "NO_LONGER_NEEDED", "hazmat"),
)


def ensure_sendbacks() -> int:
    """Their orders and returns; returns how many were made."""
    buyer = Person.objects.get(email_folded="prime-buyer@fondaco.example")
    made = 0
    for number, each in enumerate(_SENT_BACK, start=1):
        key = f"demo:return:{number}"
        if Checkout.objects.filter(person=buyer, request_key=key).exists():
            continue
        when = _noon(each.bought, number)
        with _clock_at(when):
            bought = _buy(buyer, ((each.title, each.quantity),), "two_day", key)
        for order in bought:
            made += _let_come_back(order, each, when, key)
    return made


def _let_come_back(order: Order, each: _SentBack, when: datetime, key: str) -> int:
    arrived = when + timedelta(days=2)
    parcel = _send(order, when + timedelta(hours=4))
    if parcel is None:
        return 0
    orders.record_delivered(parcel=parcel, at=arrived)
    if each.becomes == "hazmat":
        return 0  # it can be looked at in the Online Returns Center, and goes no further
    asked = min(arrived + timedelta(days=each.asked_after), clock.now() - timedelta(hours=2))
    with _clock_at(asked):
        units = OrderUnit.objects.filter(item__order=order).order_by("number")
        wanted = [Wanted(unit.pk, each.reason, each.comment) for unit in units]
        try:
            (row,) = request_return(caller_for(order.buyer), order_number=order.number, wanted=wanted, request_key=key)
        except Refusal:
            return 0
        labels.settle_now(row.pk)
    _let_become(row, each, asked)
    return 1


def _let_become(row: Return, each: _SentBack, asked: datetime) -> None:
    """Go on from there as far as the demo wants it, never past the present. The carrier's own scans count."""
    if each.becomes in ("authorised", "exception", "on_the_way"):
        _look(row, clock.now())
        return
    if each.becomes == "cancelled":
        with _clock_at(asked + timedelta(minutes=50)):
            decide.cancel_return(caller_for(row.buyer), number=row.number)
            labels.settle_now(row.pk)
        return
    here = _look(row, clock.now()) or clock.now()
    seller = _owner(row.seller.display_name)
    with _clock_at(min(here + timedelta(hours=3), clock.now())):
        if each.becomes == "missing":
            warehouse.check_in(seller, number=row.number, units=[1], missing=[2])
        elif each.becomes in ("graded", "refunded", "kept"):
            found = Grade.USED if each.becomes == "kept" else Grade.ORIGINAL
            photos = [] if found is Grade.ORIGINAL else [_photo(each)]
            warehouse.grade(seller, number=row.number, unit=1, found=found, photos=photos)
        if each.becomes == "refunded":
            refund.refund_unit(seller, number=row.number, unit=1)
        elif each.becomes == "kept":
            refund.refund_unit(seller, number=row.number, unit=1, deduct_pct=30)
    if each.becomes == "due_time":
        unit = row.units.get()
        if unit.due_at and unit.due_at < clock.now() - timedelta(minutes=2):
            with _clock_at(unit.due_at + timedelta(minutes=1)):
                refund.refund_due(unit_id=unit.pk)


def _look(row: Return, at: datetime) -> datetime | None:
    """What the carrier says by then; when it was delivered, if it was."""
    row.refresh_from_db()
    if row.label_id is None:
        return None
    with _clock_at(at), suppress(Refusal):
        tracking.look_at_tracking(label_id=row.label_id)
    row.refresh_from_db()
    return row.delivered_at


def _photo(each: _SentBack) -> NewPhoto:
    data = render(each.kind, seed=7, size=900, variant="MAIN", colour=None, damage=None)
    return NewPhoto(data, f"{each.kind}.jpg")
