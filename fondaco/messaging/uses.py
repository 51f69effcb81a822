"""One click puts photographs into something else: a support case, a return, a claim.

A domain above (or one that is told by one above) offers a place once, from its application's `ready`:

    @uses.place("return")
    class IntoReturn:
        def targets(self, caller, seen, photos): yield Target("return", str(r.pk), _("Return of …"), url="… once they are there")
        def put(self, caller, seen, target, photos): …; return Where(title, url)

`photos` are copies without metadata, with label and hash of the original. Our own place is the support case; `service`
adds returns and reimbursement claims.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from fondaco import history
from fondaco.cases import operations as cases
from fondaco.cases.models import Case
from fondaco.cases.rules import CaseType
from fondaco.engine import files
from fondaco.kit.errors import NotFound
from fondaco.messaging.models import Attachment
from fondaco.messaging.operations import evidence_file
from fondaco.messaging.queries.access import Seen
from fondaco.messaging.rules.words import Side
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability

MOST_PHOTOS = 60


@dataclass(frozen=True, slots=True)
class PhotoCopy:
    """A photograph as it may leave: its label and view, the hash of the original, and the copy without metadata by the
    name of its document (`copy`). `pk` is the attachment's."""

    pk: UUID
    label: str
    view: str
    sha256: str
    content_type: str
    copy: str

    @property
    def is_picture(self) -> bool:
        return self.content_type == "image/jpeg"

    @property
    def data(self) -> bytes:
        return files.read("documents", self.copy)


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that photographs can be put into. `url`: where they stand, once all of them are there."""

    into: str
    pk: str
    title: Any
    url: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """Where they went. `is_draft`: they are in a form that must still be sent."""

    title: Any
    url: str = ""
    is_draft: bool = False


class PlaceOfUse(Protocol):
    def targets(self, caller: Caller, seen: Seen, photos: Sequence[PhotoCopy]) -> Iterable[Target]: ...

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
    photos = copies_of(seen)
    return tuple(t for each in _places.values() for t in each.targets(caller, seen, photos)) if photos else ()


def put(caller: Caller, seen: Seen, *, into: str, target: str) -> Where:
    """Put the photographs of the buyer into one of what was offered. Raises NotFound."""
    wanted = next((t for t in offered(caller, seen) if (t.into, t.pk) == (into, target)), None)
    if wanted is None:
        raise NotFound(what="place")
    where = _places[into].put(caller, seen, target, copies_of(seen))
    if not wanted.url and not where.is_draft:  # a second click changes nothing
        history.record(actor=caller, verb="photos.used", subject=seen.conversation, about={"into": str(where.title)})
    return where


def copies_of(seen: Seen) -> list[PhotoCopy]:
    """The buyer's photographs of a conversation that was found by its caller, as they may leave."""
    photos = Attachment.objects.filter(message__conversation=seen.conversation, message__side=Side.BUYER)
    if seen.only_shared:
        photos = photos.filter(shared_at__isnull=False)
    return [
        PhotoCopy(
            pk=photo.pk,
            label=photo.label or photo.file_name,
            view=photo.view,
            sha256=photo.sha256,
            content_type="image/jpeg" if photo.is_picture else "application/pdf",
            copy=photo.copy,
        )
        for photo in photos.order_by("message_id", "place")[:MOST_PHOTOS]
    ]


def key_of(seen: Seen, photos: Sequence[PhotoCopy]) -> str:
    """The same for the same photographs of the same conversation: a second click finds what the first one made."""
    hashes = hashlib.sha256("".join(sorted(p.sha256 for p in photos)).encode()).hexdigest()
    return f"photos:{seen.conversation.pk.hex}:{hashes[:16]}"


@place("case")
class IntoCase:
    """A support case of the seller with the evidence file: a new one for each set of photographs."""

    def targets(self, caller: Caller, seen: Seen, photos: Sequence[PhotoCopy]) -> Iterable[Target]:
        if seen.only_shared:
            return  # the evidence file holds the words, and these stay with customer service
        if seen.side is Side.SELLER and caller.may(Capability.OPEN_CASES, seller=seen.conversation.seller):
            key = key_of(seen, photos)
            made = Case.objects.filter(opened_by=caller.require_person(), request_key=key).first()
            if made:
                yield Target("case", "new", *_case(made))
            else:
                yield Target("case", "new", _("A new support case"))

    def put(self, caller: Caller, seen: Seen, target: str, photos: Sequence[PhotoCopy]) -> Where:
        conversation, key = seen.conversation, key_of(seen, photos)
        made = Case.objects.filter(opened_by=caller.require_person(), request_key=key).first()
        if made is None:
            name = f"evidence-{conversation.number}.pdf"
            document = cases.keep_document(name=name, data=evidence_file.make(caller, seen))
            about = conversation.order_number or (conversation.product.asin if conversation.product else "")
            hashes = "\n".join(f"{p.label}: {p.sha256}" for p in photos)
            made = cases.open_case(
                caller,
                case_type=CaseType.OTHER,
                contents={
                    "subject": _("Photos from conversation %(number)s") % {"number": conversation.number},
                    "details": f"{about}\n\n{hashes}".strip(),
                    "document": document,
                },
                request_key=key,
                origin=f"conversation:{conversation.number}",
            )
        return Where(*_case(made))


def _case(case: Case) -> tuple[str, str]:
    return _("Case %(number)s") % {"number": case.number}, reverse("cases:case", args=[case.number])
