"""Charges and credits: what a seller pays for a service, and what a seller is given."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fondaco import history, policy
from fondaco.engine import clock
from fondaco.engine.slots import prepared
from fondaco.kit.money import Money
from fondaco.ledger import locks, nudges
from fondaco.ledger.models import Due, Posting
from fondaco.ledger.operations.posting import Spec, once, post, write
from fondaco.ledger.rules import (
    AccountKind,
    Cause,
    ChargePlan,
    Line,
    NotAPositiveAmount,
    PostingKind,
    Source,
    charge_plan,
    fingerprint,
    require_within_limit,
)
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.queries import default_card_of


def charge_seller(
    *,
    seller: SellerAccount,
    amount: Money,
    cause: Cause,
    reason: str,
    key: str,
    clause: str = "IMG-SVC-03",
    policy_version: str = "",
    kind: PostingKind = PostingKind.CHARGE,
    to: AccountKind = AccountKind.MARKETPLACE_FEES,
    at: datetime | None = None,
    actor: Any = None,
) -> Posting:
    """Charge a seller: proceeds first, the rest from the card on file by a task (IMG-SVC-03, IMG-SVC-04, PRIME-23).

    The whole amount is booked now, whatever the card will say. `to` receives it. `policy_version` is what set the
    amount; by default the version of `billing.sources`. The same key again answers the same posting.
    Raises NotAPositiveAmount, AmountBeyondLimit, KeyReused.
    """
    if amount.minor <= 0:
        raise NotAPositiveAmount
    require_within_limit(amount.minor)
    moment = at or clock.now()
    sources = policy.value("billing.sources", seller.store, at=moment)
    asked = {"seller": seller.pk, "amount": amount, "cause": cause, "reason": reason, "kind": kind, "to": to}
    spec = Spec(key, fingerprint(asked), kind, cause, reason, moment, clause, policy_version or sources.version)

    def booked(accounts: locks.Accounts) -> Posting:
        proceeds = accounts[locks.Place(AccountKind.SELLER_PROCEEDS, amount.currency, seller.pk)]
        there = Money(proceeds.available_minor, amount.currency)
        is_covered = there >= amount and sources.value[0] == Source.PROCEEDS
        plan = charge_plan(
            amount=amount,
            proceeds=there,
            has_card=not is_covered and default_card_of(seller) is not None,
            sources=sources.value,
        )
        posting = write(spec, _lines(plan, seller, to), accounts)
        if plan.due:
            _open_due(posting, seller, plan.due, sources.value)
        _tell(posting, amount, plan, actor)
        return posting

    wanted = [(AccountKind.SELLER_PROCEEDS, seller.pk), (AccountKind.SELLER_DUE, seller.pk), (to, None)]
    return once(spec, places=[locks.place(k, amount.currency, s, key=key) for k, s in wanted], write=booked)


def credit_seller(
    *,
    seller: SellerAccount,
    amount: Money,
    cause: Cause,
    reason: str,
    key: str,
    clause: str = "",
    policy_version: str = "",
    kind: PostingKind = PostingKind.CREDIT,
    source: AccountKind = AccountKind.REIMBURSEMENTS,
    at: datetime | None = None,
) -> Posting:
    """Give a seller money: a sale (`kind=SALE, source=BUYER_PAYMENTS`), a reimbursement, a credit.

    What the seller still owes is then taken from it by a task. Raises NotAPositiveAmount, KeyReused.
    """
    if amount.minor <= 0:
        raise NotAPositiveAmount
    posting = post(
        key=key,
        kind=kind,
        lines=[Line(source, -amount), Line(AccountKind.SELLER_PROCEEDS, amount, seller.pk)],
        cause=cause,
        reason=reason,
        clause=clause,
        policy_version=policy_version,
        at=at,
    )
    for (due_id,) in _open_dues.all(seller.pk, amount.currency):
        nudges.collect(due_id)
    return posting


def _lines(plan: ChargePlan, seller: SellerAccount, to: AccountKind) -> list[Line]:
    lines = [
        Line(AccountKind.SELLER_PROCEEDS, -plan.from_proceeds, seller.pk),
        Line(AccountKind.SELLER_DUE, -plan.due, seller.pk),
        Line(to, plan.from_proceeds + plan.due),
    ]
    return [line for line in lines if line.amount]


def _open_due(posting: Posting, seller: SellerAccount, due: Money, sources: Any) -> None:
    row = Due.objects.create(
        posting=posting,
        seller=seller,
        currency=due.currency,
        amount_minor=due.minor,
        open_minor=due.minor,
        from_proceeds=Source.PROCEEDS in sources,
        from_card=Source.CARD in sources,
        next_try_at=posting.at,
        created_at=posting.at,
    )
    nudges.collect(row.pk)


def _tell(posting: Posting, amount: Money, plan: ChargePlan, actor: Any) -> None:
    about = {
        "amount": str(amount),
        "from_proceeds": str(plan.from_proceeds),
        "due": str(plan.due),
        "posting": posting,
    }
    history.record(
        actor=actor,
        verb="charge.made",
        subject=(posting.cause_kind, posting.cause_id),
        about=about,
        clause=posting.clause,
        policy_version=posting.policy_version,
        at=posting.at,
    )


@prepared
def _open_dues(seller: Any, currency: Any) -> QuerySet[Due, tuple[UUID]]:
    dues = Due.objects.filter(seller=seller, currency=currency, open_minor__gt=0)
    return dues.order_by("created_at", "id").values_list("pk")[:100]
