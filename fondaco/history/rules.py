"""What an event is made of: who, which thing, and sentences for verbs. Plain Python.

History stands below people and everything they act on, so it knows actors and subjects by shape only and
keeps ids instead of foreign keys: an event outlives what it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from fondaco.kit.errors import Invalid
from fondaco.kit.facts import plain
from fondaco.kit.text import shorten

NAME_LIMIT = 120


class ActorKind(StrEnum):
    """Who acts: a person on a page, the marketplace itself, or a program with a person's or seller's key."""

    PERSON = "person"
    SYSTEM = "system"
    API = "api"


class NotASubject(Invalid):
    """Something that has no kind and id."""

    CODE = "not_a_subject"
    WORDS = "An event needs a thing with an identity, not %(given)s."


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it. `name` is kept as it was then; `id` leads to the person, if it was one."""

    kind: ActorKind = ActorKind.SYSTEM
    id: UUID | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What it was done to: `kind` such as `catalogue.product`, and its id as text."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """How a verb reads on a timeline: an English msgid with placeholders from the facts, and a tone."""

    words: str
    tone: str = "neutral"


SYSTEM = Actor()

_sentences: dict[str, Sentence] = {}


def speak(verbs: Mapping[str, str | Sentence]) -> None:
    """Teach the timeline how verbs read: `speak({"policy.published": gettext_noop("Published %(version)s.")})`.

    Called by a domain once, when it is loaded. A verb nobody has taught is shown by its name.
    """
    for verb, sentence in verbs.items():
        _sentences[verb] = sentence if isinstance(sentence, Sentence) else Sentence(sentence)


def sentence_of(verb: str) -> Sentence:
    """How a verb reads; its own name if it was never taught."""
    return _sentences.get(verb) or Sentence(verb.replace("%", "%%"))


def actor_of(who: Any) -> Actor:
    """An `Actor` from what the caller has at hand.

    None is the marketplace itself; a caller (with `.person`) or a person (with `.pk`) becomes that person,
    a program if the caller says so (`via == "api"`). A caller whom nobody knows is a person without a name.
    """
    if isinstance(who, Actor):
        return who
    if who is None:
        return SYSTEM
    person = getattr(who, "person", who)
    kind = ActorKind.API if getattr(who, "via", "") == "api" else ActorKind.PERSON
    if person is None:
        return Actor(kind)
    identity = getattr(person, "pk", None)
    return Actor(kind, identity if isinstance(identity, UUID) else None, shorten(_name_of(person), NAME_LIMIT))


def subject_of(thing: Any) -> Subject:
    """A `Subject` from a row, a `(kind, id)` pair or a subject."""
    if isinstance(thing, Subject):
        return thing
    if isinstance(thing, tuple) and len(thing) == 2:
        return Subject(str(thing[0]), str(thing[1]))
    meta, identity = getattr(thing, "_meta", None), getattr(thing, "pk", None)
    if meta is None or identity is None:
        raise NotASubject(given=type(thing).__name__)
    return Subject(meta.label_lower, str(identity))


def facts_of(about: Mapping[str, Any] | Iterable[Any] | None) -> dict[str, Any]:
    """The facts of an event as plain JSON.

    A mapping stands as it is (rows in it become `{"kind", "id"}`); a list of rows becomes `{"things": […]}`.
    """
    if about is None:
        return {}
    if isinstance(about, Mapping):
        return {str(name): _fact(value) for name, value in about.items()}
    return {"things": [_fact(thing) for thing in about]}


def _fact(value: Any) -> Any:
    if isinstance(value, Subject) or (hasattr(value, "_meta") and hasattr(value, "pk")):
        subject = subject_of(value)
        return {"kind": subject.kind, "id": subject.id}
    return plain(value)


def _name_of(person: Any) -> str:
    """Never an e-mail address: what happened to a thing is read by everybody who may see the thing."""
    for attribute in ("display_name", "name"):
        found = getattr(person, attribute, "")
        if isinstance(found, str) and found:
            return found
    return ""
