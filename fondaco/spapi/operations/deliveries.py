"""Notices on their way: one task a destination sends what is due, in order, and knows when to leave it alone.

At least once: a notice is taken off only after the other side said 2xx, so a sender that is killed in between sends it
again, with the same id.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Q
from django.utils.translation import gettext_noop as N_

from fondaco.engine import clock
from fondaco.kit.errors import NotFound, Refusal
from fondaco.sellers.access import Caller
from fondaco.sellers.queries import as_id
from fondaco.sellers.rules import Capability
from fondaco.spapi import nudges, senders
from fondaco.spapi.models import Destination, Notice, NoticeState
from fondaco.spapi.operations import notices
from fondaco.spapi.rules import notices as rules
from fondaco.spapi.senders import Outcome

RUN_S = 20.0
LEASE = timedelta(minutes=2)
"""Longer than a run and one last slow answer."""
KEEP = timedelta(days=30)
LONGEST_PAUSE = timedelta(hours=1)
_SOON = timedelta(minutes=1)
_AT_ONCE = 20


class NoticeUnderway(Refusal):
    CODE = "notification_underway"
    WORDS = N_("This notification is still being tried.")
    FIX = N_("Wait for the next try, or mend the destination first.")


def deliver(destination_id: UUID) -> int:
    """Send what is due to a destination, for at most `RUN_S`; returns how many were taken. Run twice at once, one does it."""
    destination = _claim(destination_id)
    if destination is None:
        return 0
    taken = 0
    try:
        taken = _run(destination)
    finally:
        Destination.objects.filter(pk=destination_id, claimed_until=destination.claimed_until).update(
            claimed_until=None
        )
    _come_back(destination_id)
    return taken


def _claim(destination_id: UUID) -> Destination | None:
    at = clock.now()
    with transaction.atomic():
        found = Destination.objects.select_for_update(no_key=True).filter(pk=destination_id).first()
        if found is None:
            return None
        if found.ended_at:
            _end(Q(destination=found), N_("The destination was removed."), at)
            return None
        if (found.claimed_until and found.claimed_until > at) or (found.paused_until and found.paused_until > at):
            return None
        if found.failures:
            old = Q(destination=found, trying_since__lt=at - rules.GIVE_UP_AFTER)
            _end(old, N_("The destination could not be reached for three days."), at, keep_error=True)
        found.claimed_until = at + LEASE
        found.save(update_fields=["claimed_until"])
    return found


def _end(which: Q, why: str, at: datetime, *, keep_error: bool = False) -> None:
    waiting = Notice.objects.filter(which, state=NoticeState.WAITING.value)
    if keep_error:
        waiting.exclude(last_error="").update(state=NoticeState.DEAD.value, settled_at=at)
    waiting.update(state=NoticeState.DEAD.value, settled_at=at, last_error=why)


def _run(destination: Destination) -> int:
    taken, until = 0, time.monotonic() + RUN_S
    while time.monotonic() < until:
        due = Notice.objects.filter(
            destination=destination, state=NoticeState.WAITING.value, next_at__lte=clock.now()
        ).order_by("id")[:_AT_ONCE]
        rows = list(due)
        if not rows:
            break
        speaking = set(notices.standing().filter(pk__in=[r.subscription_id for r in rows]).values_list("pk", flat=True))
        for row in rows:
            if row.subscription_id and row.subscription_id not in speaking:
                _end(Q(pk=row.pk), N_("The subscription or the access of the program ended."), clock.now())
                continue
            outcome = senders.send(destination, row.body, message_id=str(row.pk), at=clock.now())
            _settle(destination.pk, row.pk, outcome)
            taken += outcome.taken
            if outcome.breaks_line or time.monotonic() > until:
                return taken
    return taken


def _settle(destination_id: UUID, notice_id: UUID, outcome: Outcome) -> None:
    at = clock.now()
    with transaction.atomic():
        destination = Destination.objects.select_for_update(no_key=True).get(pk=destination_id)
        notice = Notice.objects.select_for_update().get(pk=notice_id)
        notice.attempts = min(notice.attempts + 1, 30_000)
        if outcome.taken:
            notice.state, notice.settled_at, notice.last_error = NoticeState.SENT.value, at, ""
            destination.failures, destination.paused_until = 0, None
        else:
            notice.last_error = outcome.error[:300]
            wait = None if outcome.never else rules.next_try(notice.attempts, asked_s=outcome.asked_s)
            if wait is None:
                notice.state, notice.settled_at = NoticeState.DEAD.value, at
            else:
                notice.next_at = at + wait
            if outcome.breaks_line:
                destination.failures += 1
                pause = rules.next_try(min(destination.failures, len(rules.WAITS)), asked_s=outcome.asked_s)
                destination.paused_until = at + min(pause or LONGEST_PAUSE, LONGEST_PAUSE)
        notice.save(update_fields=["attempts", "state", "settled_at", "last_error", "next_at"])
        destination.save(update_fields=["failures", "paused_until"])


def _come_back(destination_id: UUID) -> None:
    """The next run, if it is soon; what is later the sweep finds."""
    at = clock.now()
    waiting = Notice.objects.filter(destination=destination_id, state=NoticeState.WAITING.value)
    first = waiting.aggregate(at=Min("next_at"))["at"]
    if first is None:
        return
    paused = Destination.objects.values_list("paused_until", flat=True).get(pk=destination_id)
    wait = max(first, paused or first) - at
    if wait <= _SOON:
        nudges.deliver(destination_id, after=max(wait, timedelta(0)))


def due(*, at: datetime) -> list[UUID]:
    """Destinations for which something is due: what the sweep nudges."""
    idle = Q(destination__claimed_until__isnull=True) | Q(destination__claimed_until__lte=at)
    ready = Q(destination__paused_until__isnull=True) | Q(destination__paused_until__lte=at)
    rows = Notice.objects.filter(idle, ready, state=NoticeState.WAITING.value, next_at__lte=at)
    return list(rows.order_by().values_list("destination_id", flat=True).distinct()[:500])


def resend(caller: Caller, *, notice_id: str | UUID) -> Notice:
    """Try a notification again from the beginning, with the same id. Raises NotFound, Denied, NoticeUnderway."""
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    with transaction.atomic():
        owned = Q(seller=seller) | Q(destination__application__seller=seller)
        seen = Notice.objects.filter(owned, pk=as_id(notice_id)).first()
        if seen is None:
            raise NotFound(what="notification")
        destination = Destination.objects.select_for_update(no_key=True).get(pk=seen.destination_id)
        found = Notice.objects.select_for_update().get(pk=seen.pk)
        if found.state == NoticeState.WAITING:
            raise NoticeUnderway
        at = clock.now()
        found.state, found.attempts, found.settled_at = NoticeState.WAITING.value, 0, None
        found.next_at = found.trying_since = at
        found.save(update_fields=["state", "attempts", "settled_at", "next_at", "trying_since"])
        destination.paused_until = None
        destination.save(update_fields=["paused_until"])
        nudges.deliver(destination.pk)
    return found


def forget_old(*, at: datetime) -> int:
    """Notices that were settled long ago."""
    gone, _ = Notice.objects.filter(created_at__lt=at - KEEP).exclude(state=NoticeState.WAITING.value).delete()
    return gone
