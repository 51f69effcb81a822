"""Reading events. Access is the caller's business: who may see the thing may see what happened to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from fondaco.history.models import Event, EventQuerySet
from fondaco.history.rules import ActorKind, sentence_of, subject_of

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
"""Events of earlier versions called people without a name by their e-mail address."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a timeline, as `web/components/timeline.html` takes it. `title` is in the reader's language."""

    at: datetime
    title: str
    by: str
    text: str
    tone: str
    verb: str
    clause: str
    policy_version: str
    icon: str = ""


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
        title=_filled(gettext(sentence.words), event.about),
        by=_who(event),
        text=event.why,
        tone=sentence.tone,
        verb=event.verb,
        clause=event.clause,
        policy_version=event.policy_version,
    )


def _who(event: Event) -> str:
    if event.actor_kind == ActorKind.SYSTEM:
        return event.actor_name or gettext("The marketplace")
    if event.actor_id and (not event.actor_name or _ADDRESS.fullmatch(event.actor_name)):
        return gettext("Someone without a name")
    return event.actor_name or gettext("A visitor")


class _Facts(dict[str, Any]):
    """Facts in which what is missing reads as an ellipsis: an old event must not break a new sentence."""

    def __missing__(self, name: str) -> str:
        return "…"


def _filled(words: str, facts: Mapping[str, Any]) -> str:
    try:
        return words % _Facts(facts)
    except (TypeError, ValueError):
        return words
