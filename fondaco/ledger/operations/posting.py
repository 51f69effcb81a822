"""Writing postings: once a key, whole or not at all, balances and statement sums in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.engine import clock, rows
from fondaco.engine.slots import prepared
from fondaco.kit.errors import NotFound, Refusal, TryLater
from fondaco.kit.money import Money
from fondaco.kit.text import line as one_line
from fondaco.ledger import locks
from fondaco.ledger.models import (
    ID_LIMIT,
    KEY_LIMIT,
    KIND_LIMIT,
    LABEL_LIMIT,
    Account,
    Due,
    Entry,
    Period,
    Posting,
)
from fondaco.ledger.operations.periods import open_period
from fondaco.ledger.rules import (
    REVERSIBLE,
    AccountKind,
    Cause,
    Line,
    NotEnoughMoney,
    PostingKind,
    Section,
    TryState,
    check_lines,
    fingerprint,
    is_reason,
    require_within_limit,
    reversal_lines,
    section_of,
)


class KeyReused(Refusal):
    """The idempotency key stands for another request."""

    CODE = "ledger_key_reused"
    WORDS = N_("This request was made before with other contents.")
    FIX = N_("Make a new request.")


class NotOwed(Refusal):
    CODE = "ledger_not_owed"
    WORDS = N_("This is more than what is owed.")


class NotReversible(Refusal):
    CODE = "ledger_not_reversible"
    WORDS = N_("A posting of this kind is not taken back; post the opposite with its own cause.")


class AlreadyReversed(Refusal):
    CODE = "ledger_already_reversed"
    WORDS = N_("This posting was taken back already, for another reason.")


class CardIsBeingAsked(TryLater):
    CODE = "ledger_card_is_being_asked"
    WORDS = N_("The card is being charged for this right now. Try again in a few minutes.")


@dataclass(frozen=True, slots=True)
class Spec:
    """A posting to be written. `request_hash` covers what was asked for, not what it led to."""

    key: str
    request_hash: str
    kind: PostingKind
    cause: Cause
    reason: str
    at: datetime
    clause: str = ""
    policy_version: str = ""
    reverses: Posting | None = None
    default_section: Section | None = None


def post(
    *,
    key: str,
    kind: PostingKind,
    lines: Sequence[Line],
    cause: Cause,
    reason: str,
    clause: str = "",
    policy_version: str = "",
    at: datetime | None = None,
) -> Posting:
    """Book these lines, or answer what the same key booked before.

    `key` is made by the caller before the first try. `reason` is a stable code (`reasons.teach` gives it words).
    Raises KeyReused, NotEnoughMoney, NotOwed, and what `rules.check_lines` refuses.
    """
    check_lines(lines)
    asked = {
        "kind": kind,
        "lines": [(line.account, line.amount.minor, line.amount.currency, line.seller_id) for line in lines],
        "cause": cause,
        "reason": reason,
    }
    spec = Spec(key, fingerprint(asked), kind, cause, reason, at or clock.now(), clause, policy_version)
    return once(
        spec,
        places=[locks.place_of(line, key=key) for line in lines],
        write=lambda accounts: write(spec, lines, accounts),
    )


def once(spec: Spec, *, places: Iterable[locks.Place], write: Callable[[locks.Accounts], Posting]) -> Posting:
    """Lock the accounts and write, unless the key has been written already. Raises KeyReused."""
    try:
        with transaction.atomic():
            accounts = locks.accounts(places)
            # Asked only now: a twin of this request may have been at work until the locks came free.
            return _earlier(spec) or write(accounts)
    except IntegrityError:
        if earlier := _earlier(spec):  # the twin used other accounts, so no lock kept us apart
            return earlier
        raise


def write(spec: Spec, lines: Sequence[Line], accounts: locks.Accounts) -> Posting:
    """Entries first, then the posting that seals them, then the sums. The accounts are locked."""
    check_lines(lines)
    posting = _posting(spec)
    periods = _periods(accounts, lines, spec.at)
    default = spec.default_section or section_of(spec.kind)
    entries = [_entry(posting, accounts[locks.place_of(line, key=spec.key)], line, periods, default) for line in lines]
    rows.insert(*entries, posting)
    for entry in entries:
        if entry.period:
            _add_up(entry, entry.period, posting.reason)
    return posting


def reverse(*, posting_id: UUID, why: str, at: datetime | None = None, actor: Any = None) -> Posting:
    """Take a posting back by its mirror, once. What a card has paid for it since goes to the proceeds.

    Raises NotFound, NotReversible, AlreadyReversed (for another reason), CardIsBeingAsked, NotEnoughMoney.
    """
    moment = at or clock.now()
    with transaction.atomic():
        original = Posting.objects.filter(pk=posting_id).first()
        if original is None:
            raise NotFound
        if PostingKind(original.kind) not in REVERSIBLE:
            raise NotReversible
        due = _lock_due_of(original)
        spec = _reversal(original, why, moment)
        if earlier := Posting.objects.filter(reverses=original).first():
            if earlier.request_hash != spec.request_hash:
                raise AlreadyReversed
            return earlier
        lines = reversal_lines(_lines_of(original), still_due_minor=due.open_minor if due else 0)
        posting = once(
            spec,
            places=[locks.place_of(line, key=spec.key) for line in lines],
            write=lambda accounts: write(spec, lines, accounts),
        )
        if due:
            Due.objects.filter(pk=due.pk).update(open_minor=0)
        history.record(
            actor=actor,
            verb="charge.reversed",
            subject=posting,
            about={"why_code": why, "posting": original},
            at=moment,
        )
    return posting


def _earlier(spec: Spec) -> Posting | None:
    earlier = _with_key.first(spec.key)
    if earlier is not None and earlier.request_hash != spec.request_hash:
        raise KeyReused
    return earlier


@prepared
def _with_key(key: Any) -> QuerySet[Posting]:
    return Posting.objects.filter(key=key)


def _posting(spec: Spec) -> Posting:
    if not is_reason(spec.reason):
        raise ValueError(f"a reason is a code like 'imaging_service', not {spec.reason!r}")
    return Posting(
        key=one_line(spec.key, limit=KEY_LIMIT, required=True),
        request_hash=spec.request_hash,
        kind=spec.kind.value,
        cause_kind=one_line(spec.cause.kind, limit=KIND_LIMIT, required=True),
        cause_id=one_line(spec.cause.id, limit=ID_LIMIT, required=True),
        cause_label=one_line(spec.cause.label, limit=LABEL_LIMIT),
        reason=spec.reason,
        clause=spec.clause,
        policy_version=spec.policy_version,
        at=spec.at,
        reverses=spec.reverses,
    )


def _periods(accounts: locks.Accounts, lines: Sequence[Line], at: datetime) -> dict[tuple[UUID, str], Period]:
    sides = sorted({(line.seller_id, line.amount.currency) for line in lines if line.seller_id}, key=str)
    return {(seller_id, currency): open_period(seller_id, currency, at=at) for seller_id, currency in sides}


def _entry(
    posting: Posting, account: Account, line: Line, periods: dict[tuple[UUID, str], Period], default: Section
) -> Entry:
    previous, amount = account.balance_minor, line.amount.minor
    account.balance_minor, account.version = previous + amount, account.version + 1
    _refuse_overdraft(account, line.amount)
    require_within_limit(account.balance_minor // 1000)
    period = periods[line.seller_id, line.amount.currency] if line.seller_id else None
    return Entry(
        posting=posting,
        account=account,
        account_version=account.version,
        amount_minor=amount,
        currency=line.amount.currency,
        previous_minor=previous,
        current_minor=account.balance_minor,
        at=posting.at,
        seller_id=line.seller_id,
        period=period,
        section=(line.section or default).value if period else "",
    )


def _refuse_overdraft(account: Account, amount: Money) -> None:
    if account.never_below_zero and account.available_minor < 0:
        available = Money(account.available_minor, account.currency) - amount
        raise NotEnoughMoney(available=str(available), needed=str(-amount))
    if account.kind == AccountKind.SELLER_DUE and account.balance_minor > 0:
        raise NotOwed


def _add_up(entry: Entry, period: Period, reason: str) -> None:
    """The statement's sums; the seller's proceeds are locked, so nobody else is at them."""
    received, given = max(entry.amount_minor, 0), min(entry.amount_minor, 0)
    period_id = Period._meta.pk.get_db_prep_value(period.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(_SUM, [period_id, entry.section, reason, received, given])


_SUM = """
INSERT INTO ledger_periodtotal AS t (period_id, section, reason, in_minor, out_minor, lines) VALUES (%s, %s, %s, %s, %s, 1)
ON CONFLICT (period_id, section, reason) DO UPDATE
   SET in_minor = t.in_minor + excluded.in_minor, out_minor = t.out_minor + excluded.out_minor, lines = t.lines + 1
"""


def _lock_due_of(original: Posting) -> Due | None:
    due = Due.objects.select_for_update(no_key=True).filter(posting=original).first()
    if due and due.tries.filter(state=TryState.ASKED).exists():
        raise CardIsBeingAsked
    return due


def _reversal(original: Posting, why: str, at: datetime) -> Spec:
    return Spec(
        key=f"reverse:{original.pk}",
        request_hash=fingerprint({"reverses": original.pk, "why": why}),
        kind=PostingKind.REVERSAL,
        cause=Cause(original.cause_kind, original.cause_id, original.cause_label),
        reason=original.reason,
        at=at,
        clause=original.clause,
        policy_version=original.policy_version,
        reverses=original,
        default_section=section_of(PostingKind(original.kind)),
    )


def _lines_of(original: Posting) -> list[Line]:
    return [
        Line(
            AccountKind(entry.account.kind),
            Money(entry.amount_minor, entry.currency),
            entry.seller_id,
            Section(entry.section) if entry.section else None,
        )
        for entry in original.entries.select_related("account").order_by("id")
    ]
