"""Writing events: in the transaction of what they tell about, so that both are true or neither."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from fondaco.engine import clock, rows
from fondaco.history.models import CLAUSE_LIMIT, ID_LIMIT, KIND_LIMIT, VERSION_LIMIT, WHY_LIMIT, Event
from fondaco.history.rules import actor_of, facts_of, subject_of
from fondaco.kit.text import line, paragraphs, require_storable, shorten

_VERB = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_BATCH = 1000


def record(
    *,
    actor: Any,
    verb: str,
    subject: Any,
    about: Mapping[str, Any] | Iterable[Any] | None = None,
    why: str = "",
    clause: str = "",
    policy_version: str = "",
    correlation: UUID | None = None,
    at: datetime | None = None,
) -> Event:
    """Write one event now.

    `actor`: a caller, a person, an `Actor`, or None for the marketplace itself. `verb`: `noun.done`, lower case.
    `subject`: a row or a `(kind, id)` pair. `about`: facts as a mapping, or a list of rows. `why`: a person's
    reason, cut at 2,000 characters. `correlation` defaults to the id of the request.
    """
    event = build(
        actor=actor,
        verb=verb,
        subject=subject,
        about=about,
        why=why,
        clause=clause,
        policy_version=policy_version,
        correlation=correlation,
        at=at,
    )
    rows.insert(event)
    return event


def build(
    *,
    actor: Any,
    verb: str,
    subject: Any,
    about: Mapping[str, Any] | Iterable[Any] | None = None,
    why: str = "",
    clause: str = "",
    policy_version: str = "",
    correlation: UUID | None = None,
    at: datetime | None = None,
) -> Event:
    """An event that is not written yet: for `record_all`. Arguments as for `record`."""
    if not _VERB.fullmatch(verb):
        raise ValueError(f"a verb reads like 'order.placed', not {verb!r}")
    who, thing = actor_of(actor), subject_of(subject)
    return Event(
        at=at or clock.now(),
        actor_id=who.id,
        actor_name=line(who.name, limit=1000)[:120],
        actor_kind=who.kind.value,
        verb=verb,
        subject_kind=line(thing.kind, limit=KIND_LIMIT, required=True),
        subject_id=line(thing.id, limit=ID_LIMIT, required=True),
        about=facts_of(about),
        why=shorten(paragraphs(require_storable(str(why)), limit=1_000_000), WHY_LIMIT),
        clause=line(clause, limit=CLAUSE_LIMIT),
        policy_version=line(policy_version, limit=VERSION_LIMIT),
        correlation=correlation or _request_id(),
    )


def record_all(events: Iterable[Event]) -> int:
    """Write many at once, in batches; returns how many. For feeds and sweeps."""
    return len(Event.objects.bulk_create(events, batch_size=_BATCH))


def _request_id() -> UUID | None:
    found = structlog.contextvars.get_contextvars().get("request_id")
    try:
        return UUID(str(found)) if found else None
    except ValueError:
        return None
