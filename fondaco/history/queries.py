"""Reading events. Access is the caller's business: who may see the thing may see what happened to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from fondaco.history.models import Event, EventQuerySet
from fondaco.history.rules import ActorKind, sentence_of, subject_of


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a timeline, ready for `history/timeline.html`. `words` is in the reader's language."""

    at: datetime
    words: str
    who: str
    why: str
    clause: str
    policy_version: str
    tone: str
    verb: str


def events_for(subject: Any, *, verbs: Iterable[str] = ()) -> EventQuerySet:
    """What happened to a row or `(kind, id)` pair, newest first; only those verbs, if any are named."""
    thing = subject_of(subject)
    found = Event.objects.about(thing.kind, thing.id).newest_first()
    wanted = list(verbs)
    return found.filter(verb__in=wanted) if wanted else found


def events_of(correlation: UUID) -> EventQuerySet:
    """Everything that one request or task did, in order."""
    return Event.objects.filter(correlation=correlation).order_by("at", "id")


def timeline(subject: Any, *, limit: int = 100) -> list[Row]:
    """The newest events of a thing as lines to show, newest first."""
    return [row_of(event) for event in events_for(subject)[:limit]]


def row_of(event: Event) -> Row:
    """One event as a line, in the language that is active."""
    sentence = sentence_of(event.verb)
    return Row(
        at=event.at,
        words=_filled(gettext(sentence.words), event.about),
        who=_who(event),
        why=event.why,
        clause=event.clause,
        policy_version=event.policy_version,
        tone=sentence.tone,
        verb=event.verb,
    )


def _who(event: Event) -> str:
    return gettext("The marketplace") if event.actor_kind == ActorKind.SYSTEM else event.actor_name


def _filled(words: str, facts: Mapping[str, Any]) -> str:
    try:
        return words % facts
    except (KeyError, TypeError, ValueError):
        return words
