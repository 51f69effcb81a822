"""One click puts photographs into something else: a support case, a return, a claim.

A domain above (or one that is told by one above) offers a place once, from its application's `ready`:

    @uses.place("return")
    class IntoReturn:
        def targets(self, caller, seen): yield Target("return", str(r.pk), _("Return of …"))
        def put(self, caller, seen, target, photos): …; return Where(title, url)

`photos` are copies without metadata, with label and hash of the original. Our own place is the support case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.urls import reverse
from django.utils.translation import gettext as _

from fondaco import history
from fondaco.cases import operations as cases
from fondaco.cases.rules import CaseType
from fondaco.engine import files
from fondaco.kit.errors import NotFound
from fondaco.messaging.models import Attachment
from fondaco.messaging.operations import evidence_file
from fondaco.messaging.queries.access import Seen
from fondaco.messaging.rules.words import Side
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability


@dataclass(frozen=True, slots=True)
class PhotoCopy:
    """A photograph as it may leave: the copy's bytes and type, its label, and the hash of the original."""

    label: str
    sha256: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that photographs can be put into."""

    into: str
    pk: str
    title: Any


@dataclass(frozen=True, slots=True)
class Where:
    """Where they went."""

    title: Any
    url: str = ""


class PlaceOfUse(Protocol):
    def targets(self, caller: Caller, seen: Seen) -> Iterable[Target]: ...

    def put(self, caller: Caller, seen: Seen, target: str, photos: Sequence[PhotoCopy]) -> Where: ...


_places: dict[str, PlaceOfUse] = {}


def place[P: PlaceOfUse](name: str) -> Callable[[type[P]], type[P]]:
    """Register a place under its name."""

    def add(made: type[P]) -> type[P]:
        _places[name] = made()
        return made

    return add


def offered(caller: Caller, seen: Seen) -> tuple[Target, ...]:
    """Everything that the photographs of this conversation can be put into by this caller."""
    return tuple(t for each in _places.values() for t in each.targets(caller, seen))


def put(caller: Caller, seen: Seen, *, into: str, target: str) -> Where:
    """Put the photographs of the buyer into one of what was offered. Raises NotFound."""
    wanted = next((t for t in offered(caller, seen) if (t.into, t.pk) == (into, target)), None)
    if wanted is None:
        raise NotFound(what="place")
    where = _places[into].put(caller, seen, target, copies_of(seen))
    history.record(actor=caller, verb="photos.used", subject=seen.conversation, about={"into": str(wanted.title)})
    return where


def copies_of(seen: Seen) -> list[PhotoCopy]:
    """The buyer's photographs of a conversation that was found by its caller, as they may leave."""
    photos = Attachment.objects.filter(message__conversation=seen.conversation, message__side=Side.BUYER)
    return [
        PhotoCopy(
            photo.label or photo.file_name,
            photo.sha256,
            "image/jpeg" if photo.is_picture else "application/pdf",
            files.read("documents", photo.copy),
        )
        for photo in photos.order_by("message_id", "place")[:60]
    ]


@place("case")
class IntoCase:
    """A support case of the seller with the evidence file."""

    def targets(self, caller: Caller, seen: Seen) -> Iterable[Target]:
        if seen.side is Side.SELLER and caller.may(Capability.OPEN_CASES, seller=seen.conversation.seller):
            yield Target("case", "new", _("A new support case"))

    def put(self, caller: Caller, seen: Seen, target: str, photos: Sequence[PhotoCopy]) -> Where:
        conversation = seen.conversation
        name = f"evidence-{conversation.number}.pdf"
        document = cases.keep_document(name=name, data=evidence_file.make(caller, seen))
        about = conversation.order_number or (conversation.product.asin if conversation.product else "")
        hashes = "\n".join(f"{p.label}: {p.sha256}" for p in photos)
        case = cases.open_case(
            caller,
            case_type=CaseType.OTHER,
            contents={
                "subject": _("Photos from conversation %(number)s") % {"number": conversation.number},
                "details": f"{about}\n\n{hashes}".strip(),
                "document": document,
            },
            request_key=f"photos:{conversation.pk.hex}",
            origin=f"conversation:{conversation.number}",
        )
        return Where(_("case %(number)s") % {"number": case.number}, reverse("cases:case", args=[case.number]))
