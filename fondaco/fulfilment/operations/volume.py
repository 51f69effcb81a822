"""“Control Prime order volume”: the limit, the cut-offs, everything off (PRIME-27…29, B-PRIME-08, B-PRIME-10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history, policy
from fondaco.engine import clock
from fondaco.fulfilment.models import Enrolment, VolumeControl
from fondaco.fulfilment.models.limits import MOST_A_DAY
from fondaco.fulfilment.queries.sides import WEEKDAYS
from fondaco.fulfilment.rules.enrolment import RUNNING
from fondaco.kit.errors import Invalid, Refusal
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability


class WrongLimit(Invalid):
    CODE = "prime_limit_wrong"
    WORDS = N_("A daily limit is a whole number from 1 to %(most)s.")
    CLAUSE = "PRIME-27"


class WrongCutoff(Invalid):
    CODE = "prime_cutoff_wrong"
    WORDS = N_("A cut-off is a time of day like 14:00.")
    CLAUSE = "B-PRIME-08"


class CutoffTooEarly(Refusal):
    CODE = "prime_cutoff_too_early"
    WORDS = N_("On this day orders count as same-day until %(earliest)s at least.")
    FIX = N_("Choose %(earliest)s or later.")
    CLAUSE = "B-PRIME-08"


class LimitStillNeeded(Refusal):
    CODE = "prime_limit_still_needed"
    WORDS = N_("An active enrolment cannot be without a daily limit.")
    FIX = N_("Set another number, or switch all offers off.")
    CLAUSE = "PRIME-28"


def control_volume(
    caller: Caller, *, limit_per_day: int | None, cutoffs: Mapping[str, str] | None = None
) -> VolumeControl:
    """Set the daily limit and, by weekday (`mon`…`sun`), the cut-offs on the ship-from clock; empty takes one back.

    Orders that were taken stay taken. Raises WrongLimit, WrongCutoff, CutoffTooEarly, LimitStillNeeded, Denied.
    """
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    if limit_per_day is not None and (
        isinstance(limit_per_day, bool) or not isinstance(limit_per_day, int) or not 1 <= limit_per_day <= MOST_A_DAY
    ):
        raise WrongLimit(most=MOST_A_DAY)
    at = clock.now()
    earliest = policy.value("prime.cutoff", seller.store, at=at)
    clean = {day: _cutoff(day, text, earliest.value) for day, text in (cutoffs or {}).items() if str(text).strip()}
    with transaction.atomic():
        row = _locked(seller)
        active = Enrolment.objects.filter(seller=seller, state__in=[s.value for s in RUNNING]).exists()
        needed = policy.value("prime.limit.required", seller.store, at=at)
        if limit_per_day is None and active and needed.value:
            raise LimitStillNeeded
        before = {"limit": row.limit_per_day, "cutoffs": row.cutoffs}
        row.limit_per_day, row.updated_at = limit_per_day, at
        if cutoffs is not None:
            row.cutoffs = clean
        row.save()
        about = {"limit": limit_per_day, "cutoffs": row.cutoffs, "before": before}
        history.record(actor=caller, verb="prime.volume_changed", subject=row, about=about, clause="PRIME-29", at=at)
    return row


def switch_all(caller: Caller, *, off: bool) -> VolumeControl:
    """Switch all Prime offers off, or on again. Metrics pause meanwhile. Again, nothing changes."""
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    at = clock.now()
    with transaction.atomic():
        row = _locked(seller)
        if (row.all_off_since is not None) != off:
            row.all_off_since, row.updated_at = at if off else None, at
            row.save()
            verb = "prime.all_off" if off else "prime.all_on"
            history.record(actor=caller, verb=verb, subject=row, clause="B-PRIME-10", at=at)
    return row


def _cutoff(day: str, text: Any, earliest: Mapping[str, Any]) -> str:
    if day not in WEEKDAYS:
        raise WrongCutoff
    try:
        chosen = time.fromisoformat(str(text).strip())
    except ValueError:
        raise WrongCutoff from None
    least = earliest[day]
    if least:
        floor = least if isinstance(least, time) else time.fromisoformat(str(least))
        if chosen < floor:
            raise CutoffTooEarly(earliest=floor.strftime("%H:%M"), day=day)
    return chosen.strftime("%H:%M")


def _locked(seller: SellerAccount) -> VolumeControl:
    VolumeControl.objects.get_or_create(seller=seller)
    return VolumeControl.objects.select_for_update(no_key=True).get(seller=seller)
