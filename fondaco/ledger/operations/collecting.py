"""Collecting what is due: from proceeds that have come since, else from the card on file.

Three steps, each safe to be killed after: the question is written with its key; the gateway is asked, outside any
transaction; the answer is written with its posting. Asked again with the same key, a gateway answers the same and
charges once. While a question is open, nothing else settles the same debt.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.engine import clock
from fondaco.kit.errors import Refusal
from fondaco.kit.money import Money
from fondaco.ledger import locks, nudges
from fondaco.ledger.models import Account, CardTry, Due, Posting
from fondaco.ledger.operations.posting import Spec, once, post, write
from fondaco.ledger.rules import (
    AccountKind,
    Cause,
    Line,
    PostingKind,
    TryState,
    fingerprint,
    lease_of_question,
    pause_before_next_try,
)
from fondaco.sellers.access import Caller
from fondaco.sellers.cards import ChargeOutcome, gateway
from fondaco.sellers.models import Card
from fondaco.sellers.queries import default_card_of
from fondaco.sellers.rules import Capability

NO_CARD, EXPIRED = "no_card", "card_expired"
_SOONEST_AGAIN = timedelta(minutes=10)


class TriedJustNow(Refusal):
    CODE = "ledger_card_tried_just_now"
    WORDS = N_("The card was asked a moment ago, or nothing is due.")
    FIX = N_("Add another card and charge it first, or wait ten minutes.")
    CLAUSE = "IMG-SVC-04"


def collect(*, due_id: UUID) -> None:
    """Collect what is due now. Safe to run twice at once and to be killed anywhere."""
    question = _ask(due_id, at=clock.now())
    if question is None:
        return
    outcome = gateway().charge(
        token=question.card.token,
        amount_minor=question.amount_minor,
        currency=question.due.currency,
        key=question.key,
    )
    _answer(question, outcome, at=clock.now())


def dues_to_collect(*, at: datetime, limit: int = 500) -> list[UUID]:
    """What a sweep nudges: the card's time has come, or proceeds have."""
    money = Account.objects.filter(
        kind=AccountKind.SELLER_PROCEEDS.value,
        seller=OuterRef("seller"),
        currency=OuterRef("currency"),
        balance_minor__gt=F("held_minor"),
    )
    asked = CardTry.objects.filter(due=OuterRef("pk"), state=TryState.ASKED.value)
    has_proceeds = Q(Exists(money), ~Exists(asked), from_proceeds=True)
    due = Due.objects.filter(Q(next_try_at__lte=at) | has_proceeds, open_minor__gt=0)
    return list(due.order_by("next_try_at", "id").values_list("pk", flat=True)[:limit])


def try_card_again(caller: Caller) -> int:
    """Ask the card for what is due now instead of later; how many. For who may manage the account's cards.

    A card that has just declined is left alone for ten minutes. Raises Denied, TriedJustNow.
    """
    seller, now = caller.require_seller(Capability.MANAGE_CARDS), clock.now()
    card = default_card_of(seller)
    count = 0
    for due_id in Due.objects.filter(seller=seller, open_minor__gt=0).order_by("id").values_list("pk", flat=True)[:500]:
        with transaction.atomic():
            due = locks.due(due_id)
            if not due.open_minor or not _may_be_asked(due, card, now):
                continue
            due.next_try_at = now
            due.save(update_fields=["next_try_at"])
            history.record(actor=caller, verb="due.tried_again", subject=due)
            nudges.collect(due.pk)
            count += 1
    if not count:
        raise TriedJustNow
    return count


def _ask(due_id: UUID, *, at: datetime) -> CardTry | None:
    """Step one: settle from proceeds what can be, and write down the question for the rest. None: nothing to ask."""
    with transaction.atomic():
        due = locks.due(due_id)
        if not due.open_minor:
            return None
        if question := due.tries.select_related("card", "due").filter(state=TryState.ASKED).first():
            return _asked_again(due, question, at)
        if due.from_proceeds:
            _settle_from_proceeds(due, at)
        if not due.open_minor or due.next_try_at > at:
            return None
        card = default_card_of(due.seller) if due.from_card else None
        if card is None or _is_expired(card, at):
            _put_off(due, EXPIRED if card else NO_CARD, at)
            return None
        return _first_asked(due, card, at)


def _first_asked(due: Due, card: Card, at: datetime) -> CardTry:
    number = due.tries.count() + 1
    question = CardTry.objects.create(
        due=due, number=number, key=f"card:{due.pk}:{number}", card=card, amount_minor=due.open_minor, asked_at=at
    )
    due.next_try_at = at + lease_of_question(1)
    due.save(update_fields=["next_try_at"])
    return question


def _asked_again(due: Due, question: CardTry, at: datetime) -> CardTry:
    question.asks += 1
    question.save(update_fields=["asks"])
    due.next_try_at = at + lease_of_question(question.asks)
    due.save(update_fields=["next_try_at"])
    return question


def _put_off(due: Due, reason: str, at: datetime) -> None:
    """Nothing to ask: look again later. Not counted as declined, but the pause grows as if it were."""
    due.declined += 1
    due.last_reason, due.next_try_at = reason, at + pause_before_next_try(due.declined)
    due.save(update_fields=["declined", "last_reason", "next_try_at"])


def _answer(question: CardTry, outcome: ChargeOutcome, *, at: datetime) -> None:
    """Step three: what the gateway said, and the posting. Written before: nothing changes."""
    with transaction.atomic():
        due = locks.due(question.due_id)
        fresh = CardTry.objects.select_related("card").get(pk=question.pk)
        if fresh.state != TryState.ASKED:
            return
        fresh.answered_at, fresh.reason = at, outcome.reason[:40]
        fresh.state = TryState.PAID if outcome.is_paid else TryState.DECLINED
        fresh.save(update_fields=["state", "reason", "answered_at"])
        if outcome.is_paid:
            _paid(due, fresh, at)
        else:
            _declined(due, fresh, at)


def _paid(due: Due, question: CardTry, at: datetime) -> None:
    amount = Money(question.amount_minor, due.currency)
    post(
        key=question.key,
        kind=PostingKind.CARD_PAYMENT,
        lines=[Line(AccountKind.CARD_CLEARING, -amount), Line(AccountKind.SELLER_DUE, amount, due.seller_id)],
        cause=_cause_of(due),
        reason="card_payment",
        clause="IMG-SVC-04",
        policy_version=due.posting.policy_version,
        at=at,
    )
    due.open_minor -= amount.minor
    due.save(update_fields=["open_minor"])
    _tell(due, "due.paid_by_card", at, amount=str(amount), card=str(question.card))


def _declined(due: Due, question: CardTry, at: datetime) -> None:
    due.declined += 1
    due.last_reason = question.reason
    due.next_try_at = at + pause_before_next_try(due.declined)
    due.save(update_fields=["declined", "last_reason", "next_try_at"])
    _tell(due, "due.declined", at, card=str(question.card), reason=question.reason)


def _settle_from_proceeds(due: Due, at: datetime) -> None:
    """Take what proceeds there are now. The amount owed before is part of the key, so each step happens once."""
    places = [
        locks.Place(k, due.currency, due.seller_id) for k in (AccountKind.SELLER_PROCEEDS, AccountKind.SELLER_DUE)
    ]
    there = locks.accounts(places)[places[0]].available_minor
    amount = Money(min(there, due.open_minor), due.currency)
    if amount.minor <= 0:
        return
    key = f"settle:{due.pk}:{due.open_minor}"
    spec = Spec(
        key,
        fingerprint({"due": due.pk, "open": due.open_minor}),
        PostingKind.DUE_SETTLED,
        _cause_of(due),
        "due_settled",
        at,
        "IMG-SVC-03",
        due.posting.policy_version,
    )
    lines = [
        Line(AccountKind.SELLER_PROCEEDS, -amount, due.seller_id),
        Line(AccountKind.SELLER_DUE, amount, due.seller_id),
    ]
    once(spec, places=places, write=lambda accounts: write(spec, lines, accounts))
    due.open_minor -= amount.minor
    due.save(update_fields=["open_minor"])
    _tell(due, "due.settled", at, amount=str(amount))


def _may_be_asked(due: Due, card: Card | None, now: datetime) -> bool:
    last = due.tries.order_by("-number").first()
    if last is None:
        return card is not None
    if last.state == TryState.ASKED:
        return False
    return last.card_id != (card.pk if card else None) or last.asked_at + _SOONEST_AGAIN <= now


def _is_expired(card: Card, at: datetime) -> bool:
    return (card.expiry_year, card.expiry_month) < (at.year, at.month)


def _cause_of(due: Due) -> Cause:
    posting: Posting = due.posting
    return Cause(posting.cause_kind, posting.cause_id, posting.cause_label)


def _tell(due: Due, verb: str, at: datetime, **about: Any) -> None:
    subject = (due.posting.cause_kind, due.posting.cause_id)
    history.record(actor=None, verb=verb, subject=subject, about={**about, "due": due}, clause="IMG-SVC-04", at=at)
