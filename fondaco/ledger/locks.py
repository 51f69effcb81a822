"""The ledger's locks, and the one order in which they are taken: due, then accounts by ascending id, then holds.

Whatever touches a seller locks the seller's proceeds in that currency, even if nothing moves there: so the seller's
statement period and its sums need no lock of their own. On SQLite the transaction itself is the lock (IMMEDIATE).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from fondaco.engine.slots import Prepared
from fondaco.kit.errors import NotFound
from fondaco.ledger.models import Account, Due
from fondaco.ledger.rules import SELLER_KINDS, AccountKind, Line, shard_of


class Place(NamedTuple):
    """What an account is found by. Accounts of sellers have the shard 0."""

    kind: AccountKind
    currency: str
    seller_id: UUID | None = None
    shard: int = 0


type Accounts = Mapping[Place, Account]


def place_of(line: Line, *, key: str) -> Place:
    """Where a line of the posting with this key stands."""
    return place(line.account, line.amount.currency, line.seller_id, key=key)


def place(kind: AccountKind, currency: str, seller_id: UUID | None, *, key: str) -> Place:
    """The account of this kind that a posting with this key uses."""
    if kind in SELLER_KINDS:
        return Place(kind, currency, seller_id)
    return Place(kind, currency, None, shard_of(key))


def accounts(places: Iterable[Place]) -> Accounts:
    """These accounts, locked until the transaction ends, made where they are missing."""
    _require_transaction()
    wanted = set(places)
    wanted |= {Place(AccountKind.SELLER_PROCEEDS, p.currency, p.seller_id) for p in wanted if p.seller_id}
    found = _locked(wanted)
    if missing := sorted(wanted - found.keys(), key=str):
        Account.objects.bulk_create([_new(p) for p in missing], ignore_conflicts=True)
        found = _locked(wanted)
    return found


def due(due_id: UUID) -> Due:
    """What is due, locked. Raises NotFound."""
    _require_transaction()
    row = Due.objects.select_for_update(no_key=True).filter(pk=due_id).first()
    if row is None:
        raise NotFound
    return row


def _locked(places: set[Place]) -> dict[Place, Account]:
    ordered = sorted(places, key=lambda p: p.seller_id is None)
    values = [value for p in ordered for value in (p.kind.value, p.currency, p.shard, p.seller_id) if value is not None]
    rows = _locking(tuple(p.seller_id is not None for p in ordered)).all(*values)
    return {Place(AccountKind(row.kind), row.currency, row.seller_id, row.shard): row for row in rows}


@functools.cache
def _locking(of_seller: tuple[bool, ...]) -> Prepared[Account]:
    """The one query that locks so many accounts, of sellers or of the marketplace."""

    def queryset(*values: Any) -> QuerySet[Account]:
        given = iter(values)
        places = [
            Q(kind=next(given), currency=next(given), shard=next(given), seller=next(given) if has_seller else None)
            for has_seller in of_seller
        ]
        return Account.objects.filter(reduce(or_, places)).order_by("id").select_for_update(no_key=True)

    return Prepared(queryset)


def _new(p: Place) -> Account:
    return Account(
        kind=p.kind.value,
        currency=p.currency,
        seller_id=p.seller_id,
        shard=p.shard,
        never_below_zero=p.kind is AccountKind.SELLER_PROCEEDS,
    )


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a lock outside a transaction holds nothing")
