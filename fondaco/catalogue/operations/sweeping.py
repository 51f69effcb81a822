"""What is due and not done, found by the rows alone: losing every queued task loses no picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import batched

from django.conf import settings
from django.db import transaction

from fondaco import policy
from fondaco.catalogue import nudges
from fondaco.catalogue.models import ListingImage, Product, StagedPicture
from fondaco.catalogue.operations import looking
from fondaco.catalogue.rules import states
from fondaco.catalogue.rules.states import ImageState
from fondaco.engine import clock, holders, stopping
from fondaco.images.models import Picture
from fondaco.images.operations import forget, render_picture

MOST_A_SWEEP = 5_000
TOGETHER = 200
#: A fresh submission has its own nudge on the way; the sweep looks after those whose nudge is late.
GRACE = timedelta(seconds=30)
MOST_STAGED_A_SWEEP = 100
LEAN_TOGETHER = 20
MOST_LEAN_A_SWEEP = 400
LEAN_CAN_WAIT = timedelta(hours=1)
"""So long pictures that wait to be inspected go before the WebP of those that are shown already."""


def nudge_waiting_images() -> int:
    """Nudge waiting pictures whose `next_try_at` has passed; returns how many. Those that a worker died over go alone."""
    at = clock.now() - GRACE
    waiting = ListingImage.objects.filter(state__in=[s.value for s in states.WAITING])
    due = waiting.filter(next_try_at__lte=at).order_by("next_try_at")
    rows = list(due.values_list("pk", "state", "picture_id")[:MOST_A_SWEEP])
    alone = [(pk, sha) for pk, state, sha in rows if state == ImageState.PROCESSING or len(rows) < TOGETHER]
    for pk, sha in alone:
        nudges.look_at(pk, by_address=sha is None)
    apart = {pk for pk, _ in alone}
    for chunk in batched((pk for pk, _, _ in rows if pk not in apart), TOGETHER):
        nudges.look_at_many(chunk)
    return len(rows)


def free_images_of_the_dead() -> int:
    """Claims of processes that have surely ended are over now; returns how many. Each is looked at alone: one of them
    may be what the process died over."""
    at = clock.now()
    claimed = ListingImage.objects.filter(state=ImageState.PROCESSING.value, next_try_at__gt=at)
    freed = 0
    for holder in claimed.order_by().values_list("holder", flat=True).distinct():
        if not holders.is_gone(holder):
            continue
        with transaction.atomic():
            held = claimed.filter(holder=holder).select_for_update(no_key=True).order_by("pk")
            rows = list(held.values_list("pk", "picture_id"))
            for some in batched((pk for pk, _ in rows), TOGETHER):
                ListingImage.objects.filter(pk__in=some).update(next_try_at=at, holder="")
            for pk, sha in rows:
                nudges.look_at(pk, by_address=sha is None)
        freed += len(rows)
    return freed


def nudge_undecided_galleries() -> int:
    """Nudge products with an eligible picture that is neither displayed nor left out; returns how many."""
    found = ListingImage.objects.filter(state=ImageState.ELIGIBLE.value, decided_at__lte=clock.now() - GRACE)
    ids = list(found.values_list("product_id", flat=True).distinct()[:MOST_A_SWEEP])
    for pk in ids:
        nudges.publish(pk)
    return len(ids)


def nudge_lean_pictures() -> int:
    """Nudge the WebP renditions of pictures that are shown without; returns how many. Young ones wait while others have
    to be inspected."""
    found = Picture.objects.filter(rendered__gt=0, lean=0).order_by("pk")
    if _somebody_waits():
        found = found.filter(created_at__lte=clock.now() - LEAN_CAN_WAIT)
    ids = list(found.values_list("pk", flat=True)[:MOST_LEAN_A_SWEEP])
    for chunk in batched(ids, LEAN_TOGETHER):
        nudges.make_lean(list(chunk))
    return len(ids)


def make_lean(sha256s: Sequence[str]) -> None:
    """WebP beside JPEG and the sizes for zoom. Stops when pictures come that wait to be inspected, and with the process: the
    sweep finds what is left."""
    old = set(
        Picture.objects.filter(pk__in=list(sha256s), created_at__lte=clock.now() - LEAN_CAN_WAIT).values_list(
            "pk", flat=True
        )
    )
    for sha256 in sha256s:
        if stopping.is_asked():
            return
        if sha256 in old or not _somebody_waits():
            render_picture(sha256, completely=True)


def forget_staged_pictures() -> int:
    """Pictures that were sent ahead of a product which nobody saved are removed when their time is over (policy
    `image.staged_days`), unless the same picture came in by another way; returns how many rows were settled."""
    at = clock.now()
    keep = timedelta(days=policy.value("image.staged_days", store=settings.FONDACO_DEFAULT_STORE, at=at).value)
    due = list(StagedPicture.objects.filter(staged_at__lte=at - keep).order_by("staged_at")[:MOST_STAGED_A_SWEEP])
    for row in due:
        # What a product shows was submitted for it: the submissions alone are asked.
        if not forget(row.picture_id, apart_from=(StagedPicture, Product)):
            row.delete()
    return len(due)


def _somebody_waits() -> bool:
    waiting = ListingImage.objects.filter(state__in=[s.value for s in states.WAITING])
    return waiting.filter(next_try_at__lte=clock.now() + looking.CLAIM_HOLDS).exists()
