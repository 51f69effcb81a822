"""Asking for a return: by unit, each with its reason; approved at once where policy says so (PRIME-31, PRIME-33)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from fondaco import history
from fondaco.engine import clock, rows
from fondaco.engine.slots import prepared
from fondaco.kit.errors import NotFound, Refusal
from fondaco.orders import locks as order_locks
from fondaco.orders.models import Order
from fondaco.returns import mail, nudges, refusals
from fondaco.returns.models import ReasonChoice, Return, ReturnUnit
from fondaco.returns.models.request import LabelState
from fondaco.returns.queries.judging import COMMENT_LIMIT, Judged, Wanted, judge, kinds_of
from fondaco.returns.rules.authorise import Answer
from fondaco.returns.rules.life import Acceptance
from fondaco.returns.terms import Terms, terms_for
from fondaco.sellers.access import Caller
from fondaco.sellers.models import Address
from fondaco.sellers.rules import Role

__all__ = ["COMMENT_LIMIT", "Judged", "Wanted", "request_return"]

_BECOMES = {
    Answer.AUTHORISED: Acceptance.AUTHORISED,
    Answer.WAITS_FOR_SELLER: Acceptance.REQUESTED,
    Answer.OUT_OF_WINDOW: Acceptance.OUT_OF_WINDOW,
}


def request_return(caller: Caller, *, order_number: str, wanted: Sequence[Wanted], request_key: str) -> list[Return]:
    """Ask to return these units. Units that are answered alike travel in one parcel; usually that is all of them.

    The buyer, or customer service for them. The same `request_key` of an order answers the same returns. Raises
    NotFound, NothingChosen, UnitNotInOrder, UnitChosenTwice, UnknownReason, UnitInReturn, NotReturnable,
    NotDelivered, NoReturnAddress.
    """
    found = _order_for(caller, order_number)
    now = clock.now()
    with transaction.atomic():
        order = order_locks.order(found.pk)
        if earlier := _of_request(order, request_key):
            return earlier
        if not wanted:
            raise refusals.NothingChosen
        address = _return_address(order)
        zone = address.time_zone
        terms = terms_for(order.store, placed_at=order.placed_at, requested_at=now)
        judged = judge(order, wanted, terms=terms, zone=zone, now=now)
        for each in judged:
            _require_answerable(each)
        made = [
            _make(caller, order, group, acceptance, address, terms, request_key=f"{request_key}:{acceptance}", now=now)
            for acceptance, group in _groups(judged)
        ]
    return made


_BLOCKED_BY: dict[str, type[Refusal]] = {
    "B-PRIME-14": refusals.KindNotReturnable,
    "B-HAND-15": refusals.MadeForTheBuyer,
}


def _require_answerable(each: Judged) -> None:
    title = each.item.title
    if each.decision.answer is Answer.BLOCKED:
        raise _BLOCKED_BY.get(each.decision.clause, refusals.NotReturnable)(title=title)
    if each.decision.answer is Answer.NOT_DELIVERED:
        raise refusals.NotDelivered(title=title)


def _groups(judged: Sequence[Judged]) -> list[tuple[Acceptance, list[Judged]]]:
    """One parcel for each answer. Outside the window a seller without the programme decides, not customer service."""
    groups: dict[Acceptance, list[Judged]] = defaultdict(list)
    for each in judged:
        acceptance = _BECOMES[each.decision.answer]
        if acceptance is Acceptance.OUT_OF_WINDOW and not each.item.is_prime:
            acceptance = Acceptance.REQUESTED
        groups[acceptance].append(each)
    return sorted(groups.items())


def _make(
    caller: Caller,
    order: Order,
    group: Sequence[Judged],
    acceptance: Acceptance,
    address: Address,
    terms: Terms,
    *,
    request_key: str,
    now: datetime,
) -> Return:
    authorised = acceptance is Acceptance.AUTHORISED
    has_label = not any(terms.without_label & kinds_of(each.item) for each in group)
    row = Return(
        order=order,
        buyer=order.buyer,
        seller=order.seller,
        store=order.store,
        currency=order.currency,
        is_prime=any(each.item.is_prime for each in group),
        acceptance=acceptance.value,
        requested_at=now,
        requested_by=caller.person,
        decided_at=now if authorised else None,
        address=asdict(address.postal),
        zone=address.time_zone,
        terms=dict(terms.versions),
        label_state=LabelState.WANTED if authorised and has_label else LabelState.NONE,
        label_note="" if has_label else "exempt",
        request_key=request_key,
    )
    units = [_unit(row, number, each) for number, each in enumerate(group, 1)]
    choices = [
        ReasonChoice(
            unit=unit, version=1, reason=each.reason, comment=each.comment, by=caller.require_person(), at=now,
            by_service=order.buyer_id != caller.require_person().pk,
        )
        for unit, each in zip(units, group, strict=True)
    ]  # fmt: skip
    rows.insert(row, *units, *choices)
    history.record(
        actor=caller,
        verb="return.authorised_at_once" if authorised else f"return.{acceptance.value}",
        subject=row,
        about={"number": row.number, "units": len(units), "reasons": [str(e.reason) for e in group]},
        clause=group[0].decision.clause,
        policy_version=terms.versions["return.auto_authorise"],
        at=now,
    )
    if authorised:
        mail.tell_authorised(row)
        if row.label_state == LabelState.WANTED:
            nudges.label(row.pk)
    else:
        mail.tell_waiting(row)
    return row


def _unit(row: Return, number: int, each: Judged) -> ReturnUnit:
    assert each.window is not None
    payment = each.decision.payment
    return ReturnUnit(
        parcel=row,
        unit=each.unit,
        number=number,
        reason=each.reason,
        payer=payment.payer.value if payment else "seller",
        price_minor=each.item.price_minor,
        tax_minor=each.item.tax_minor,
        shipping_minor=each.shipping_minor,
        categories=list(each.item.categories),
        first_day=each.window.first_day,
        last_day=each.window.last_day,
    )


def _order_for(caller: Caller, number: str) -> Order:
    person = caller.require_person()
    orders = Order.objects.filter(number=number.replace("\0", "").strip()[:19])
    if not caller.has(Role.CUSTOMER_SERVICE):
        orders = orders.filter(buyer=person)
    order = orders.first()
    if order is None:
        raise NotFound(what="order")
    return order


def _of_request(order: Order, request_key: str) -> list[Return]:
    return _requested.all(order.pk, *(f"{request_key}:{acceptance}" for acceptance in _BECOMES.values()))


@prepared
def _requested(order: Any, *keys: Any) -> QuerySet[Return]:
    return Return.objects.filter(order=order, request_key__in=keys).order_by("acceptance")


def _return_address(order: Order) -> Address:
    """Where all returns go (PRIME-34): Settings → Account info; an account without one uses where it ships from."""
    address = order.seller.return_address or order.seller.ship_from
    if address is None:
        raise refusals.NoReturnAddress
    return address
