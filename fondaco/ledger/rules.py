"""What a posting, a charge and a statement are: facts in, decision out. Plain Python.

Amounts are signed minor units seen from the account's owner: a seller's proceeds of +5000 are $50.00 that the
marketplace owes the seller; `seller_due` is never above zero and says what the seller owes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fondaco.kit.calendar import local_date, start_of_day
from fondaco.kit.errors import Invalid, Refusal
from fondaco.kit.facts import plain
from fondaco.kit.money import Money

MOST_MINOR = 10**15
"""The largest amount of one entry: a thousand of them still fit a balance, a thousand balances still fit a sum."""

SHARDS = 8
"""Accounts of the marketplace that every posting touches exist this many times, or all sellers would wait in one line."""

PERIOD_DAYS = 14
_FIRST_PERIOD = date(2022, 1, 3)  # a Monday: every store's fortnights begin on the same days


class AccountKind(StrEnum):
    """Whose money stands on an account. The first two belong to a seller, the others to the marketplace."""

    SELLER_PROCEEDS = "seller_proceeds"  # what the marketplace owes the seller; never below zero
    SELLER_DUE = "seller_due"  # what the seller owes, as a negative balance; never above zero
    MARKETPLACE_FEES = "marketplace_fees"  # what services earned
    CARD_CLEARING = "card_clearing"  # on its way from sellers' cards
    BUYER_PAYMENTS = "buyer_payments"  # came from buyers
    BUYER_REFUNDS = "buyer_refunds"  # went back to buyers
    LABELS = "labels"  # owed to carriers
    REIMBURSEMENTS = "reimbursements"  # what the marketplace itself bears
    PAYOUT = "payout"  # on its way to sellers' banks


SELLER_KINDS = frozenset({AccountKind.SELLER_PROCEEDS, AccountKind.SELLER_DUE})


class PostingKind(StrEnum):
    """What happened."""

    SALE = "sale"
    REFUND = "refund"
    CHARGE = "charge"
    CREDIT = "credit"
    REIMBURSEMENT = "reimbursement"
    CARD_PAYMENT = "card_payment"
    DUE_SETTLED = "due_settled"
    PAYOUT = "payout"
    REVERSAL = "reversal"


class Section(StrEnum):
    """The parts of the Statement View, in their order."""

    SALES = "sales"
    REFUNDS = "refunds"
    OTHER = "other"
    PAYMENTS = "payments"
    PAYOUTS = "payouts"


_SECTION_OF = {
    PostingKind.SALE: Section.SALES,
    PostingKind.REFUND: Section.REFUNDS,
    PostingKind.CHARGE: Section.OTHER,
    PostingKind.CREDIT: Section.OTHER,
    PostingKind.REIMBURSEMENT: Section.OTHER,
    PostingKind.CARD_PAYMENT: Section.PAYMENTS,
    PostingKind.DUE_SETTLED: Section.PAYMENTS,
    PostingKind.PAYOUT: Section.PAYOUTS,
}

REVERSIBLE = frozenset(PostingKind) - {PostingKind.REVERSAL, PostingKind.CARD_PAYMENT, PostingKind.DUE_SETTLED}
"""Money that a card paid goes back by another posting, not by undoing the card's."""


class HoldState(StrEnum):
    PENDING = "pending"
    POSTED = "posted"
    VOID = "void"


class TryState(StrEnum):
    """One question to the card gateway. Asked without an answer is asked again, with the same key."""

    ASKED = "asked"
    PAID = "paid"
    DECLINED = "declined"


class Source(StrEnum):
    """What charges are taken from, as policy `billing.sources` names it."""

    PROCEEDS = "sales_proceeds"
    CARD = "card_on_file"


class NotBalanced(Invalid):
    """The lines of a posting do not sum to zero in each currency, or are no lines."""

    CODE = "ledger_not_balanced"
    WORDS = "A posting needs lines that sum to zero in %(currency)s; these sum to %(sum)s."


class NotAPositiveAmount(Invalid):
    CODE = "ledger_amount_not_positive"
    WORDS = "An amount above zero is needed."


class AmountBeyondLimit(Invalid):
    CODE = "ledger_amount_beyond_limit"
    WORDS = "This amount is beyond what one posting may move."


class WrongOwner(Invalid):
    CODE = "ledger_wrong_owner"
    WORDS = "An account of the kind %(kind)s does not belong to that owner."


class NotEnoughMoney(Refusal):
    """An account that may not fall below zero would."""

    CODE = "ledger_not_enough_money"
    WORDS = "There is not enough money for this: %(available)s available, %(needed)s needed."
    CLAUSE = "IMG-SVC-03"


@dataclass(frozen=True, slots=True)
class Line:
    """One side of a posting. `section` overrides where a seller reads it; else the posting's kind decides."""

    account: AccountKind
    amount: Money
    seller_id: UUID | None = None
    section: Section | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """What a posting rests on: the kind and id of a row, and what people call it."""

    kind: str
    id: str
    label: str = ""


def check_lines(lines: Sequence[Line]) -> None:
    """Raises NotBalanced, NotAPositiveAmount, AmountBeyondLimit, WrongOwner."""
    sums: dict[str, int] = {}
    for line in lines:
        if not line.amount:
            raise NotAPositiveAmount
        require_within_limit(line.amount.minor)
        if (line.account in SELLER_KINDS) != (line.seller_id is not None):
            raise WrongOwner(kind=line.account.value)
        sums[line.amount.currency] = sums.get(line.amount.currency, 0) + line.amount.minor
    wrong = next(((currency, total) for currency, total in sums.items() if total), None)
    if wrong or len(lines) < 2:
        raise NotBalanced(currency=wrong[0] if wrong else "", sum=wrong[1] if wrong else 0)


def require_within_limit(minor: int) -> None:
    """Raises AmountBeyondLimit."""
    if abs(minor) > MOST_MINOR:
        raise AmountBeyondLimit


def is_reason(text: str) -> bool:
    """Whether this can be the code of a reason: lower case, at most 40 characters, as it stands in addresses."""
    return re.fullmatch(r"[a-z][a-z0-9_]{0,39}", text) is not None


def section_of(kind: PostingKind) -> Section:
    """Where a seller reads a posting of this kind. IMG-SVC-20: what a service costs is an "Other transaction"."""
    return _SECTION_OF[kind]


@dataclass(frozen=True, slots=True)
class ChargePlan:
    """Where the money of a charge comes from; the three sum to the charge. `unpaid` waits for a card or proceeds."""

    from_proceeds: Money
    from_card: Money
    unpaid: Money

    @property
    def due(self) -> Money:
        """What the proceeds do not cover."""
        return self.from_card + self.unpaid


def charge_plan(
    *, amount: Money, proceeds: Money, has_card: bool, sources: Sequence[str] = (Source.PROCEEDS, Source.CARD)
) -> ChargePlan:
    """Proceeds first, then the card on file (IMG-SVC-03, IMG-SVC-04); `sources` is policy `billing.sources`.

    `proceeds`: what is there and not held; below zero counts as nothing. Raises NotAPositiveAmount.
    """
    if amount.minor <= 0:
        raise NotAPositiveAmount
    zero = Money.zero(amount.currency)
    there = proceeds.at_least(zero)
    taken = {Source.PROCEEDS: zero, Source.CARD: zero}
    rest = amount
    for source in map(Source, sources):
        limit = there if source is Source.PROCEEDS else amount if has_card else zero
        taken[source] = taken[source] + rest.at_most(limit)
        there = there if source is Source.CARD else zero
        rest = amount - taken[Source.PROCEEDS] - taken[Source.CARD]
    return ChargePlan(from_proceeds=taken[Source.PROCEEDS], from_card=taken[Source.CARD], unpaid=rest)


def pause_before_next_try(tries: int) -> timedelta:
    """How long to wait after that many declined tries: an hour, doubled each time, at most three days."""
    return min(timedelta(hours=1) * 2 ** min(max(0, tries - 1), 10), timedelta(days=3))


def lease_of_question(asks: int) -> timedelta:
    """How long an unanswered question to the gateway is left alone before it is asked again, with the same key."""
    return min(timedelta(minutes=2) * 2 ** min(max(0, asks - 1), 10), timedelta(hours=6))


def period_of(*, at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The statement period that an instant falls into: first moment, and the first moment after it, aware UTC.

    Fortnights that begin on Monday, midnight in the seller's zone.
    """
    day = local_date(at, zone)
    first = day - timedelta(days=(day - _FIRST_PERIOD).days % PERIOD_DAYS)
    return start_of_day(first, zone), start_of_day(first + timedelta(days=PERIOD_DAYS), zone)


def shard_of(key: str) -> int:
    """Which copy of a marketplace account a posting with this key uses: the same every time."""
    return hashlib.sha256(key.encode()).digest()[0] % SHARDS


def fingerprint(request: Mapping[str, Any]) -> str:
    """The hash of what was asked: the same key with another fingerprint is refused."""
    return hashlib.sha256(json.dumps(plain(request), sort_keys=True).encode()).hexdigest()


def reversal_lines(lines: Sequence[Line], *, still_due_minor: int) -> list[Line]:
    """The mirror of a posting's lines.

    Of a charge, only what is still owed stops being owed; what the card has paid since goes to the proceeds.
    """
    mirrored = []
    for line in lines:
        back = -line.amount
        if line.account is AccountKind.SELLER_DUE:
            stops = back.at_most(Money(still_due_minor, back.currency))
            mirrored.append(Line(AccountKind.SELLER_DUE, stops, line.seller_id, line.section))
            back = back - stops
            line = Line(AccountKind.SELLER_PROCEEDS, line.amount, line.seller_id, line.section)
        mirrored.append(Line(line.account, back, line.seller_id, line.section))
    return [line for line in mirrored if line.amount]


def payable(*, available_minor: int, due_minor: int) -> int:
    """What can be paid out: what is there and not held, less what is still owed; never below zero."""
    return max(0, available_minor - due_minor)
