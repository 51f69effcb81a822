"""Two-phase money: set aside first, then posted or let go. Each ends once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as N_

from fondaco.engine import clock
from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.money import Money
from fondaco.ledger import locks
from fondaco.ledger.models import Account, Hold, Posting
from fondaco.ledger.operations.posting import KeyReused, Spec, once, write
from fondaco.ledger.rules import (
    AccountKind,
    Cause,
    HoldState,
    Line,
    NotAPositiveAmount,
    NotEnoughMoney,
    PostingKind,
    fingerprint,
    require_within_limit,
)
from fondaco.sellers.models import SellerAccount


class HoldEnded(Refusal):
    CODE = "ledger_hold_ended"
    WORDS = N_("This hold has ended already: it was %(state)s.")


class BeyondHold(Refusal):
    CODE = "ledger_beyond_hold"
    WORDS = N_("This is more than what is held.")


def hold(
    *,
    seller: SellerAccount,
    amount: Money,
    cause: Cause,
    reason: str,
    key: str,
    at: datetime | None = None,
) -> Hold:
    """Set proceeds aside, so that nothing else uses them. The same key again answers the same hold.

    Raises NotAPositiveAmount, NotEnoughMoney, KeyReused.
    """
    if amount.minor <= 0:
        raise NotAPositiveAmount
    require_within_limit(amount.minor)
    asked = fingerprint({"seller": seller.pk, "amount": amount, "cause": cause, "reason": reason})
    place = locks.Place(AccountKind.SELLER_PROCEEDS, amount.currency, seller.pk)
    try:
        with transaction.atomic():
            account = locks.accounts([place])[place]
            if earlier := _earlier(key, asked):
                return earlier
            if account.available_minor < amount.minor:
                there = Money(account.available_minor, amount.currency)
                raise NotEnoughMoney(available=str(there), needed=str(amount))
            _move_held(account, amount.minor)
            return Hold.objects.create(
                key=key,
                request_hash=asked,
                account=account,
                amount_minor=amount.minor,
                cause_kind=cause.kind,
                cause_id=cause.id,
                reason=reason,
                at=at or clock.now(),
            )
    except IntegrityError:
        if earlier := _earlier(key, asked):
            return earlier
        raise


def settle_hold(
    *,
    hold_id: UUID,
    to: AccountKind,
    kind: PostingKind,
    amount: Money | None = None,
    clause: str = "",
    policy_version: str = "",
    at: datetime | None = None,
) -> Posting:
    """Post what is held, or less, and let the rest go. Settled before with the same amount: the same posting.

    Raises NotFound, HoldEnded, BeyondHold, KeyReused.
    """
    row, moment = _find(hold_id), at or clock.now()
    taken = amount or Money(row.amount_minor, row.account.currency)
    if taken.minor > row.amount_minor:
        raise BeyondHold
    cause, key = Cause(row.cause_kind, row.cause_id), f"hold:{row.pk}"
    asked = fingerprint({"hold": row.pk, "amount": taken, "to": to, "kind": kind})
    spec = Spec(key, asked, kind, cause, row.reason, moment, clause, policy_version)
    lines = [Line(AccountKind.SELLER_PROCEEDS, -taken, row.account.seller_id), Line(to, taken)]

    def posted(accounts: locks.Accounts) -> Posting:
        pending = _pending(row.pk)
        _move_held(accounts[places[0]], -pending.amount_minor)
        posting = write(spec, lines, accounts)
        pending.state, pending.posting, pending.ended_at = HoldState.POSTED, posting, moment
        pending.save(update_fields=["state", "posting", "ended_at"])
        return posting

    places = [locks.place_of(line, key=key) for line in lines]
    return once(spec, places=places, write=posted)


def void_hold(*, hold_id: UUID, at: datetime | None = None) -> Hold:
    """Let what is held go. Void before: nothing changes. Raises NotFound, HoldEnded."""
    row = _find(hold_id)
    place = locks.Place(AccountKind.SELLER_PROCEEDS, row.account.currency, row.account.seller_id)
    with transaction.atomic():
        account = locks.accounts([place])[place]
        row = _find(hold_id)
        if row.state == HoldState.VOID:
            return row
        row = _pending(hold_id)
        _move_held(account, -row.amount_minor)
        row.state, row.ended_at = HoldState.VOID, at or clock.now()
        row.save(update_fields=["state", "ended_at"])
    return row


def _earlier(key: str, asked: str) -> Hold | None:
    earlier = Hold.objects.filter(key=key).first()
    if earlier is not None and earlier.request_hash != asked:
        raise KeyReused
    return earlier


def _find(hold_id: UUID) -> Hold:
    row = Hold.objects.select_related("account").filter(pk=hold_id).first()
    if row is None:
        raise NotFound
    return row


def _pending(hold_id: UUID) -> Hold:
    row = Hold.objects.select_for_update(no_key=True).get(pk=hold_id)
    if row.state != HoldState.PENDING:
        raise HoldEnded(state=row.state)
    return row


def _move_held(account: Account, by_minor: int) -> None:
    account.held_minor += by_minor
    account.save(update_fields=["held_minor"])
