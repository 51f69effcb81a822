"""Who saw a photograph, and when: kept with the evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from fondaco.engine import clock
from fondaco.messaging.models import Attachment, Sighting
from fondaco.sellers.access import Caller

PREVIEW, COPY, ORIGINAL, FILE = "preview", "copy", "original", "file"


def saw_all(caller: Caller, photos: Iterable[Attachment], *, at: datetime | None = None) -> None:
    """The caller looked at these on a page: one row a photograph and day. Their sender's looks are not counted."""
    person, at = caller.require_person(), at or clock.now()
    by_pk = {photo.pk: photo for photo in photos if photo.message.author_id != person.pk}
    if not by_pk:
        return
    seen = Sighting.objects.filter(attachment__in=by_pk, person=person, kind=PREVIEW, on_date=at.date())
    fresh = set(by_pk) - set(seen.values_list("attachment_id", flat=True))
    Sighting.objects.bulk_create(
        [
            Sighting(attachment=by_pk[pk], person=person, kind=PREVIEW, on_date=at.date(), first_at=at, last_at=at)
            for pk in fresh
        ],
        ignore_conflicts=True,
    )


def saw(caller: Caller, photo: Attachment, *, kind: str, at: datetime | None = None) -> None:
    """The caller opened or took one photograph; `kind`: preview, copy, original, or file (the evidence file)."""
    person, at = caller.require_person(), at or clock.now()
    if photo.message.author_id == person.pk:
        return
    wanted = {"attachment": photo, "person": person, "kind": kind, "on_date": at.date()}
    if Sighting.objects.filter(**wanted).update(last_at=at, times=F("times") + 1):
        return
    try:
        with transaction.atomic():
            Sighting.objects.create(**wanted, first_at=at, last_at=at)
    except IntegrityError:
        Sighting.objects.filter(**wanted).update(last_at=at, times=F("times") + 1)
