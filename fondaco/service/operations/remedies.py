"""Refunds by customer service: with full discretion, within what was paid, charged to the seller or not (PRIME-22, 23).

Every one goes the same way: lock the order, plan, book each unit's part through `orders.record_refund`, write one row,
tell both sides. The same `request_key` answers the same remedy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fondaco import history
from fondaco.engine import clock, outbox
from fondaco.kit.errors import NotFound
from fondaco.kit.money import Money
from fondaco.kit.text import paragraphs
from fondaco.ledger.rules import Cause
from fondaco.orders import locks
from fondaco.orders import operations as orders
from fondaco.orders.models import Order, OrderItem, OrderUnit
from fondaco.sellers.access import Caller
from fondaco.sellers.models import Membership, Person
from fondaco.sellers.rules import MemberRole
from fondaco.service.models import Remedy, RemedyPart
from fondaco.service.operations.refusals import LabelProtects, LateRefundGiven, NotForLate, SellerNotCharged, WhyNeeded
from fondaco.service.queries.access import order_at_desk, require_stranger
from fondaco.service.queries.facts import late_facts, protection_facts
from fondaco.service.rules.remedies import CLAUSES, REASONS, RemedyKind, Share, late_refund, protection, shares
from fondaco.service.terms import Terms

WHY_LIMIT = 2000
AT_DISCRETION = (RemedyKind.REFUND, RemedyKind.NOT_RECEIVED, RemedyKind.NON_RETURNABLE, RemedyKind.CONCESSION)


@dataclass(frozen=True, slots=True)
class Decision:
    """A remedy as it is decided, before it is booked."""

    order: Order
    kind: RemedyKind
    parts: tuple[Share, ...]
    charges_seller: bool
    is_protected: bool
    why: str
    clause: str
    policy_version: str
    key: str
    author: Person | None
    item: OrderItem | None = None
    return_number: str = ""


def refund(
    caller: Caller,
    *,
    number: str,
    units: Sequence[UUID | str],
    kind: RemedyKind,
    why: str,
    request_key: str,
    amount: Money | None = None,
    charge_seller: bool = True,
    return_number: str = "",
) -> Remedy:
    """Refund units of an order, in all or `amount` over them; without `amount` all that is left of each.

    Raises SignInRequired, Denied, NotFound, WhyNeeded, SellerNotCharged, LabelProtects, NothingLeftToRefund,
    AboveWhatIsLeft, RefundCurrency, RefundAbovePaid.
    """
    found = order_at_desk(caller, number)
    require_stranger(caller, found)
    said = _said(why)
    if kind not in AT_DISCRETION:
        raise NotFound
    with transaction.atomic():
        order = locks.order(found.pk)
        if earlier := Remedy.objects.filter(request_key=request_key).first():
            return earlier
        if amount is not None and amount.currency != order.currency:
            raise orders.RefundCurrency(paid=order.currency, given=amount.currency)
        chosen = _units(order, units)
        _may_charge(chosen, charge_seller)
        bears, version = marketplace_bears(chosen, kind=kind, at=clock.now())
        if bears and charge_seller:
            raise LabelProtects
        left = _left(order, chosen)
        parts = shares(left, amount=amount.minor if amount is not None else None)
        return carry_out(
            Decision(
                order, kind, parts, charge_seller, bears and not charge_seller, said, CLAUSES[kind], version,
                request_key, caller.require_person(), return_number=return_number,
            )
        )  # fmt: skip


def refund_late_delivery(
    caller: Caller, *, number: str, item: UUID | str, why: str, request_key: str, charge_seller: bool = True
) -> Remedy:
    """The full shipping cost of a programme item that came late, or has not come (PRIME-26). It was free: $0.00, on record
    (Q-37). Raises NotLate, NotForLate, LateRefundGiven, LabelProtects, WhyNeeded, NotFound, Denied."""
    found = order_at_desk(caller, number)
    require_stranger(caller, found)
    said, now = _said(why), clock.now()
    with transaction.atomic():
        order = locks.order(found.pk)
        if earlier := Remedy.objects.filter(request_key=request_key).first():
            return earlier
        row = order.items.filter(pk=str(item)).first()
        if row is None:
            raise NotFound(what="item")
        if not row.is_prime:
            raise NotForLate
        if Remedy.objects.filter(item=row, kind=RemedyKind.LATE_DELIVERY).exists():
            raise LateRefundGiven
        plan = late_refund(late_facts(row, at=now))
        units = [unit for unit in row.units.select_related("parcel").order_by("number") if unit.state != "cancelled"]
        bears, version = marketplace_bears(units, kind=RemedyKind.LATE_DELIVERY, at=now)
        if bears and charge_seller and plan.refund_minor:
            raise LabelProtects
        most = min(plan.refund_minor, orders.refundable(order).minor)
        parts = _over_units(order, row, units, most)
        return carry_out(
            Decision(
                order, RemedyKind.LATE_DELIVERY, parts, charge_seller and bool(parts), bears and not charge_seller, said,
                plan.clause, version, request_key, caller.require_person(), item=row,
            )
        )  # fmt: skip


def carry_out(decision: Decision) -> Remedy:
    """Book it: one row, one refund a unit, both sides told. Call it with the order locked."""
    order, now = decision.order, clock.now()
    total = sum(part.minor for part in decision.parts)
    remedy = Remedy.objects.create(
        order=order,
        seller=order.seller,
        item=decision.item,
        kind=decision.kind,
        amount_minor=total,
        currency=order.currency,
        charges_seller=decision.charges_seller,
        is_protected=decision.is_protected,
        return_number=decision.return_number,
        why=decision.why,
        author=decision.author,
        clause=decision.clause,
        policy_version=decision.policy_version[:120],
        request_key=decision.key,
        made_at=now,
    )
    units = {str(unit.pk): unit for unit in OrderUnit.objects.filter(pk__in=[part.unit for part in decision.parts])}
    for part in decision.parts:
        unit = units[part.unit]
        back = orders.record_refund(
            order=order,
            unit=unit,
            amount=Money(part.minor, order.currency),
            key=f"remedy:{remedy.pk}:{unit.pk}",
            reason=REASONS[decision.kind],
            charge_seller=decision.charges_seller,
            cause=Cause("service.remedy", str(remedy.pk), order.number),
            clause=decision.clause,
            policy_version=decision.policy_version,
            at=now,
            actor=decision.author,
        )
        RemedyPart.objects.create(remedy=remedy, unit=unit, amount_minor=part.minor, payback=back.payback)
    _tell(remedy)
    return remedy


def marketplace_bears(units: Sequence[OrderUnit], *, kind: RemedyKind, at: datetime) -> tuple[bool, str]:
    """Whether the labels of all these units' parcels protect the seller, and the policy version asked (B-PRIME-25)."""
    terms = Terms(units[0].item.order.store, at=at)
    value = terms("claim.label_protection")
    found = [
        protection(protection_facts(unit.parcel), kind=kind, needs=value["needs"], excluded=value["excluded_labels"])
        for unit in units
    ]
    return all(each.marketplace_bears for each in found), terms.versions["claim.label_protection"]


def _said(why: str) -> str:
    said = paragraphs(why, limit=WHY_LIMIT)
    if not said:
        raise WhyNeeded
    return said


def _units(order: Order, given: Sequence[UUID | str]) -> list[OrderUnit]:
    ids = {str(each) for each in given}
    units = OrderUnit.objects.filter(item__order=order).select_related("item__order", "parcel")
    found = [unit for unit in units.order_by("item__position", "number") if str(unit.pk) in ids]
    if not found or len(found) != len(ids) or any(unit.state == "cancelled" for unit in found):
        raise NotFound(what="unit")
    return found


def _may_charge(units: Sequence[OrderUnit], charge_seller: bool) -> None:
    if charge_seller and not all(unit.item.is_prime for unit in units):
        raise SellerNotCharged


def _left(order: Order, units: Sequence[OrderUnit]) -> list[tuple[str, int]]:
    """What is left of each unit, and of the order: a refund without a unit may have used some of it."""
    of_order, found = orders.refundable(order).minor, []
    for unit in units:
        part = min(of_order, orders.refundable(order, unit).minor)
        of_order -= part
        found.append((str(unit.pk), part))
    return found


def _over_units(order: Order, item: OrderItem, units: Sequence[OrderUnit], minor: int) -> tuple[Share, ...]:
    """The shipping cost over the item's units, as it was paid for them; never above what is left of one."""
    each = item.shipping_minor // item.quantity
    paid = [each if unit.number < item.quantity else item.shipping_minor - each * (item.quantity - 1) for unit in units]
    left = [min(share, orders.refundable(order, unit).minor) for share, unit in zip(paid, units, strict=True)]
    most = min(minor, sum(left))
    if not most:
        return ()
    return shares([(str(unit.pk), part) for unit, part in zip(units, left, strict=True)], amount=most)


def _tell(remedy: Remedy) -> None:
    order = remedy.order
    about = {
        "amount": str(remedy.amount),
        "kind": remedy.kind,
        "charged": "seller" if remedy.charges_seller else "marketplace",
    }
    verb = "service.refunded" if remedy.amount_minor else "service.nothing_to_refund"
    history.record(
        actor=remedy.author, verb=verb, subject=order, about=about, why=remedy.why, clause=remedy.clause,
        policy_version=remedy.policy_version, at=remedy.made_at,
    )  # fmt: skip
    if remedy.amount_minor:
        _mail_buyer(remedy)
        _mail_seller(remedy)


def _mail_buyer(remedy: Remedy) -> None:
    order: Any = remedy.order
    with translation.override(order.language or order.buyer.language or settings.LANGUAGE_CODE):
        money = remedy.amount.format(translation.get_language() or "en")
        outbox.post(
            to=order.buyer.email,
            subject=_("Your refund for order %(number)s") % {"number": order.number},
            text=_("%(amount)s goes back to the card that you paid with.") % {"amount": money},
            key=f"remedy:{remedy.pk}:buyer",
        )


def _mail_seller(remedy: Remedy) -> None:
    """The owner reads amount, reason and author (Q-34)."""
    owner = Membership.objects.select_related("person").filter(seller=remedy.seller, role=MemberRole.OWNER).first()
    if owner is None:
        return
    with translation.override(owner.person.language or settings.LANGUAGE_CODE):
        money = remedy.amount.format(translation.get_language() or "en")
        said = (
            _("Customer service refunded %(amount)s for order %(number)s and charged your account.")
            if remedy.charges_seller
            else _("Customer service refunded %(amount)s for order %(number)s. The marketplace bears it.")
        ) % {"amount": money, "number": remedy.order.number}
        by = _("Decided by %(author)s: %(why)s") % {"author": str(remedy.author or ""), "why": remedy.why}
        outbox.post(
            to=owner.person.email,
            subject=_("Refund for order %(number)s") % {"number": remedy.order.number},
            text=f"{said}\n\n{by}",
            key=f"remedy:{remedy.pk}:seller",
        )
