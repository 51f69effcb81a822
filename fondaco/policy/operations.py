"""Publishing and withdrawing policy: the operator's verbs.

A change never rewrites the past: a version begins now or later, and what has begun cannot be withdrawn,
only followed by another version.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from fondaco import history
from fondaco.engine import clock
from fondaco.history.rules import actor_of
from fondaco.kit.text import paragraphs
from fondaco.policy import cache
from fondaco.policy.models import NOTE_LIMIT, PolicyMark, PolicyVersion
from fondaco.policy.rules import AlreadyInForce, NothingChanges, UnknownVersion, check_new, parse_version
from fondaco.policy.shipped import key_of
from fondaco.policy.stores import store_of


@transaction.atomic
def publish(
    *,
    key: str,
    store: str,
    value: Any,
    author: Any,
    effective_from: datetime | None = None,
    effective_to: datetime | None = None,
    note: str = "",
) -> PolicyVersion:
    """A new version of a key in one store, from `effective_from` (aware; None: now) on.

    `value` is plain JSON of the key's type; `author` a caller or person; after `effective_to` the version
    beneath counts again. Refuses unknown keys and stores, values that do not fit (`WrongValue`), the past
    (`RewritesThePast`), an end before the beginning, and what would change nothing.
    """
    definition, place = key_of(key), store_of(store)
    fitting = definition.type.read(value)
    _lock()
    now = clock.now()
    begins = effective_from or now
    check_new(begins=begins, ends=effective_to, now=now)
    if effective_to is None and _as_it_is(key, place.code, begins) == fitting:
        raise NothingChanges(key=key, store=place.code)
    row = PolicyVersion.objects.create(
        key=key,
        store=place.code,
        number=_next_number(key, place.code),
        value=definition.type.write(fitting),
        effective_from=begins,
        effective_to=effective_to,
        note=paragraphs(note, limit=NOTE_LIMIT),
        author_id=actor_of(author).id,
        author_name=actor_of(author).name,
        created_at=now,
    )
    _tell(row, actor=author, verb="policy.published", why=row.note)
    return row


@transaction.atomic
def withdraw(*, version: str, author: Any, why: str = "") -> PolicyVersion:
    """Take back a published version that has not begun. Doing it again changes nothing.

    Refuses names that no published version has, and versions in force (`AlreadyInForce`).
    """
    _lock()
    row = _row_named(version)
    now = clock.now()
    if row.withdrawn_at is not None:
        return row
    if row.effective_from <= now:
        raise AlreadyInForce(version=str(row))
    row.withdrawn_at, row.withdrawn_by_name = now, actor_of(author).name
    row.save(update_fields=["withdrawn_at", "withdrawn_by_name"])
    _tell(row, actor=author, verb="policy.withdrawn", why=why)
    return row


def _lock() -> None:
    """One change at a time: the mark's row is locked first, by whoever changes anything."""
    try:
        with transaction.atomic():
            PolicyMark.objects.get_or_create(pk=1)
    except IntegrityError:  # another transaction made the row this very moment
        pass
    PolicyMark.objects.select_for_update().get(pk=1)


def _as_it_is(key: str, store: str, at: datetime) -> Any:
    return cache.current().value(key, store, at=at).value


def _next_number(key: str, store: str) -> int:
    last = PolicyVersion.objects.filter(key=key, store=store).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _row_named(version: str) -> PolicyVersion:
    name = parse_version(version)
    row = PolicyVersion.objects.filter(key=name.key, store=name.store, number=name.number).first()
    if row is None:
        raise UnknownVersion(version=version)
    return row


def _tell(row: PolicyVersion, *, actor: Any, verb: str, why: str) -> None:
    PolicyMark.objects.filter(pk=1).update(mark=uuid.uuid4())
    cache.changed_here()
    transaction.on_commit(cache.forget)
    history.record(
        actor=actor,
        verb=verb,
        subject=("policy.key", row.key),
        about={"version": str(row), "store": row.store, "from": row.effective_from, "until": row.effective_to},
        why=why,
        clause="Q-52",
        policy_version=str(row),
    )
