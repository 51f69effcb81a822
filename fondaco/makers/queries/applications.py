"""Applications: the applicant's own, and the review desk's queue."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from fondaco.images.models import Picture
from fondaco.images.queries import looking_like
from fondaco.kit.errors import NotFound
from fondaco.makers.models import Application, ApplicationMessage, ApplicationPhoto, Maker
from fondaco.makers.rules.application import AT_DESK, UNDER_WAY, State
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.queries import as_id
from fondaco.sellers.rules import Role, fold_email

DESK = (Role.HANDMADE_REVIEWER, Role.OPERATOR)

NEAR_BITS = 8
"""Of 64: a stock picture that was made smaller or saved again still counts as the same."""


def my_application(caller: Caller) -> Application | None:
    """The caller's own application that is under way, else the newest one; None when there never was one."""
    if caller.person is None:
        return None
    mine = Application.objects.filter(applicant=caller.person).select_related("seller", "reviewer", "applicant")
    return mine.filter(state__in=list(UNDER_WAY)).first() or mine.order_by("-created_at").first()


def own_application(caller: Caller, application_id: str | uuid.UUID) -> Application:
    """One of the caller's own applications. Raises SignInRequired, NotFound."""
    person = caller.require_person()
    found = Application.objects.filter(pk=as_id(application_id), applicant=person).select_related("applicant").first()
    if found is None:
        raise NotFound
    return found


def application_at_desk(caller: Caller, application_id: str | uuid.UUID) -> Application:
    """Any application that was sent, for reviewers. Raises Denied, NotFound."""
    caller.require_role(*DESK)
    sent = Application.objects.exclude(state=State.DRAFT).select_related("applicant", "seller", "reviewer")
    found = sent.filter(pk=as_id(application_id)).first()
    if found is None:
        raise NotFound
    return found


def queue(caller: Caller, *, states: Iterable[State] = AT_DESK) -> QuerySet[Application]:
    """What was sent and is in these states; the longest in its state stands first."""
    caller.require_role(*DESK)
    found = Application.objects.filter(state__in=[s.value for s in states]).exclude(state=State.DRAFT)
    return found.select_related("applicant", "seller", "reviewer").order_by("since", "id")


def earlier_of(application: Application) -> list[Application]:
    """Other applications of the same person or with the same address, newest first; for the desk."""
    same = Application.objects.exclude(pk=application.pk).exclude(state=State.DRAFT)
    by_person = same.filter(applicant=application.applicant_id)
    by_email = same.filter(email_folded=application.email_folded) if application.email_folded else same.none()
    found = {a.pk: a for a in [*by_person, *by_email]}
    return sorted(found.values(), key=lambda a: a.created_at, reverse=True)


def photos_of(application: Application) -> list[ApplicationPhoto]:
    """The photos, in the order in which they came."""
    return list(application.photos.select_related("picture").order_by("kind", "created_at", "id"))


def thread_of(application: Application) -> list[ApplicationMessage]:
    """Questions and answers in order."""
    return list(application.messages.select_related("author").order_by("id"))


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A photo of another applicant that shows the same: `bits` of 64 differ, 0 with `is_same` is the same file."""

    photo: ApplicationPhoto
    bits: int
    is_same: bool


def lookalikes(application: Application) -> dict[uuid.UUID, list[Lookalike]]:
    """By photo: the same or nearly the same picture in applications of other people (stock pictures)."""
    photos = photos_of(application)
    near: defaultdict[str, list[tuple[uuid.UUID, int]]] = defaultdict(list)
    for photo in photos:
        near[photo.picture_id].append((photo.pk, 0))
        for alike, bits in looking_like(photo.picture, bits=NEAR_BITS):
            near[alike.pk].append((photo.pk, bits))
    others = ApplicationPhoto.objects.filter(picture_id__in=list(near)).exclude(
        application__applicant=application.applicant_id
    )
    found: defaultdict[uuid.UUID, list[Lookalike]] = defaultdict(list)
    for other in others.select_related("application__applicant", "picture").order_by("created_at")[:200]:
        for photo_id, bits in near[other.picture_id]:
            mine = next(p for p in photos if p.pk == photo_id)
            found[photo_id].append(Lookalike(other, bits, mine.picture_id == other.picture_id))
    return found


def invited_with(caller: Caller, email: str) -> list[Application]:
    """Applications bound to this address, letter case aside, that were sent: for Handmade Support (HAND-12)."""
    caller.require_role(Role.SUPPORT, *DESK)
    found = Application.objects.filter(email_folded=fold_email(email)).exclude(state=State.DRAFT)
    return list(found.select_related("applicant").order_by("-created_at")[:20])


def maker_of(seller: SellerAccount | None) -> Maker | None:
    """The handmade store of an account, if it has one."""
    return Maker.objects.filter(seller=seller).select_related("application").first() if seller else None


def maker_for(caller: Caller) -> Maker:
    """The handmade store of the account being worked in. Raises what `require_seller` raises, NotFound."""
    seller = caller.require_seller()
    found = maker_of(seller)
    if found is None:
        raise NotFound
    return found


def approved_for(caller: Caller) -> Application | None:
    """An application of the caller that led to a store in some region already: opens other regions (Q-44)."""
    if caller.person is None:
        return None
    return Application.objects.filter(applicant=caller.person, state=State.REGISTERED).order_by("decided_at").first()


def picture_of(sha256: str) -> Picture | None:
    """A picture by content; for showing what an operation has already let through."""
    return Picture.objects.filter(pk=sha256).first()
