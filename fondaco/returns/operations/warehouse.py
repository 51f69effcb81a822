"""What the seller's warehouse does: check in, report missing, photograph, grade (PRIME-36, Q-21, Q-30)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from fondaco import history, policy
from fondaco.engine import clock
from fondaco.images import operations as images
from fondaco.images.models import Picture
from fondaco.images.pipeline.header import BrokenHeader
from fondaco.kit.text import line, paragraphs
from fondaco.returns import nudges, refusals
from fondaco.returns.keeping import keep
from fondaco.returns.locks import Held, hold
from fondaco.returns.models import Return, ReturnPhoto, ReturnUnit
from fondaco.returns.queries.access import return_to_handle
from fondaco.returns.rules import life
from fondaco.returns.rules.refund import Grade
from fondaco.sellers.access import Caller

MOST_PHOTOS = 12
NOTE_LIMIT = 1000
FORMATS = frozenset({"jpeg", "png", "gif", "tiff", "heic", "webp"})


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A file of the associate's camera."""

    data: bytes
    name: str = ""


def check_in(caller: Caller, *, number: str, units: Collection[int] = (), missing: Collection[int] = ()) -> Return:
    """These units are in hand now, and those were not in the parcel. Without `units`, all that are not missing.

    Again, it changes nothing. Raises NotFound, Denied, NotAuthorised, UnknownUnit, CheckedInAlready, AlreadyRefunded.
    """
    now = clock.now()
    with transaction.atomic():
        held = _held(caller, number)
        here = set(units) or {u.number for u in held.parcel.units if u.number not in missing and not u.is_settled}
        moved = life.check_in(held.parcel, here - set(missing), at=now)
        if missing:
            moved = life.report_missing(moved, missing, at=now)
        if moved == held.parcel:
            return held.row
        fresh = [
            u.number
            for u, was in zip(moved.units, held.parcel.units, strict=True)
            if u.checked_in_at != was.checked_in_at
        ]
        lost = [
            u.number
            for u, was in zip(moved.units, held.parcel.units, strict=True)
            if u.place is life.Place.MISSING and was.place is not u.place
        ]
        keep(held, moved, at=now)
        if fresh:
            history.record(
                actor=caller, verb="return.checked_in", subject=held.row, about={"units": fresh}, clause="Q-21", at=now
            )
        if lost:
            history.record(
                actor=caller, verb="return.unit_missing", subject=held.row, about={"units": lost}, clause="Q-30", at=now
            )
    return held.row


def grade(
    caller: Caller, *, number: str, unit: int, found: Grade, note: str = "", photos: Sequence[NewPhoto] = ()
) -> ReturnUnit:
    """What the unit is like, with photos. May be said again until it is refunded.

    A unit that was not checked in yet is checked in by being graded. Raises NotFound, Denied, NotArrived,
    AlreadyRefunded, TooManyPhotos, NotAPhoto.
    """
    now = clock.now()
    pictures = [_picture(photo, at=now) for photo in photos]
    said = paragraphs(note, limit=NOTE_LIMIT)
    with transaction.atomic():
        held = _held(caller, number)
        row = held.unit(unit)
        moved = life.check_in(held.parcel, [unit], at=now) if not row.checked_in_at else held.parcel
        moved = life.grade(moved, unit, found)
        row.graded_at, row.graded_by, row.grade_note = now, caller.require_person(), said
        row.save(update_fields=["graded_at", "graded_by", "grade_note"])
        keep(held, moved, at=now)
        _add(caller, row, pictures, at=now)
        history.record(
            actor=caller,
            verb="return.graded",
            subject=held.row,
            about={"unit": unit, "grade": found.value, "photos": len(pictures)},
            why=said,
            clause="B-PRIME-16",
            at=now,
        )
    return row


def add_photos(caller: Caller, *, number: str, unit: int, photos: Sequence[NewPhoto]) -> list[ReturnPhoto]:
    """Photographs of what came back; the same picture again is the same photo. Raises as `grade`."""
    now = clock.now()
    pictures = [_picture(photo, at=now) for photo in photos]
    with transaction.atomic():
        held = _held(caller, number)
        row = held.unit(unit)
        if row.place not in life.RECEIVED:
            raise life.NotArrived
        made = _add(caller, row, pictures, at=now)
        if made:
            history.record(
                actor=caller,
                verb="return.photographed",
                subject=held.row,
                about={"unit": unit, "photos": len(made)},
                clause="B-PRIME-16",
                at=now,
            )
    return made


def look_at(picture: Picture, *, at: datetime) -> None:
    """What the evidence profile finds in it: the same intake as every other door. Safe to repeat."""
    found = policy.value("photo.max_bytes", at=at)
    rules = images.rules_for("evidence", limits={}, policy_version=found.version, at=at)
    images.inspect_picture(picture, rules=rules, at=at)


def _held(caller: Caller, number: str) -> Held:
    found = return_to_handle(caller, number)
    return hold(found.pk, order_id=found.order_id)


def _picture(photo: NewPhoto, *, at: datetime) -> tuple[Picture, str]:
    name = line(photo.name, limit=1000)[-255:]
    try:
        picture = images.take_in(photo.data, at=at)
    except BrokenHeader as broken:
        raise refusals.NotAPhoto(name=name, why=str(broken)) from broken
    if picture.format not in FORMATS or not picture.width:
        raise refusals.NotAPhoto(name=name or "?", why=picture.format or "?")
    return picture, name


def _add(
    caller: Caller, row: ReturnUnit, pictures: Sequence[tuple[Picture, str]], *, at: datetime
) -> list[ReturnPhoto]:
    have = set(row.photos.values_list("picture_id", flat=True))
    fresh = {picture.pk: (picture, name) for picture, name in pictures if picture.pk not in have}
    if len(have) + len(fresh) > MOST_PHOTOS:
        raise refusals.TooManyPhotos(most=MOST_PHOTOS)
    made = [
        ReturnPhoto(unit=row, picture=picture, file_name=name, by=caller.require_person(), added_at=at)
        for picture, name in fresh.values()
    ]
    ReturnPhoto.objects.bulk_create(made)
    for photo in made:
        nudges.look(photo.picture_id)
    return made
