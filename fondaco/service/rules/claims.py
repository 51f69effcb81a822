"""Claims of sellers against the marketplace, and of buyers against sellers: when, by when, and through which states.

Sources: B-PRIME-22…24. No clock and no policy look-up: both come as arguments.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from fondaco.kit.calendar import BusinessCalendar, add_calendar_days, end_of_day, local_date


class ClaimState(StrEnum):
    """Of a reimbursement claim, as policy `claim.reimbursement.statuses` names them."""

    AWAITING_SELLER = "awaiting_seller"
    UNDER_INVESTIGATION = "under_investigation"
    RESOLVED = "resolved"


class Verdict(StrEnum):
    NONE = ""
    GRANTED = "granted"
    DECLINED = "declined"


class Ground(StrEnum):
    """As policy `claim.reimbursement.grounds` lists them."""

    POLICY_ABUSE = "policy_abuse"
    UNSELLABLE_OR_DIFFERENT = "unsellable_or_different"
    NOT_RETURNED = "not_returned"
    DELIVERED_CLAIMED_LOST = "delivered_claimed_lost"
    OUTSIDE_WINDOW = "outside_window"


@dataclass(frozen=True, slots=True)
class ReimbursementFacts:
    """A refund as the seller would claim it back. Times are aware; None: it never happened."""

    by_marketplace: bool
    charged_to_seller: bool
    refunded_at: datetime
    returned_at: datetime | None = None
    last_scan_at: datetime | None = None
    delivered_at: datetime | None = None
    has_label: bool = False
    guarantee_granted: bool = False
    has_claim: bool = False


@dataclass(frozen=True, slots=True)
class Filing:
    """Whether this can be claimed on that ground now; `code` says why not, `due_at` until when."""

    is_open: bool
    due_at: datetime
    code: str = ""
    clause: str = "B-PRIME-22"


def filing(
    facts: ReimbursementFacts,
    *,
    ground: Ground,
    window_days: int,
    starts: Mapping[str, str],
    excluded_when: Collection[str],
    zone: ZoneInfo,
    at: datetime,
) -> Filing:
    """By policy `claim.reimbursement.*`. The last day counts to its end on the seller's clock."""
    due = add_calendar_days(_start(facts, ground, starts), window_days, zone)
    if not facts.by_marketplace or not facts.charged_to_seller:
        code = "seller_refunded" if not facts.by_marketplace and "seller_refunded" in excluded_when else "not_charged"
        return Filing(False, due, code)
    if facts.has_claim:
        return Filing(False, due, "claimed_before")
    if facts.guarantee_granted and "guarantee_claim_granted" in excluded_when:
        return Filing(False, due, "guarantee_claim_granted")
    if ground is Ground.DELIVERED_CLAIMED_LOST and not (facts.has_label and facts.delivered_at):
        return Filing(False, due, "no_delivery_by_our_label")
    if ground is Ground.NOT_RETURNED and facts.returned_at is not None:
        return Filing(False, due, "was_returned")
    if ground is Ground.UNSELLABLE_OR_DIFFERENT and facts.returned_at is None:
        return Filing(False, due, "never_returned")
    if at > due:
        return Filing(False, due, "too_late", "B-PRIME-23")
    return Filing(True, due)


def missing_evidence(*, needs_photos: bool, kinds: Collection[str]) -> tuple[str, ...]:
    """What evidence is still missing: grounds about the thing itself need photos of item and packaging."""
    wanted = ("item_photos", "packaging_photos") if needs_photos else ()
    return tuple(kind for kind in wanted if kind not in kinds)


def business_due(*, since: datetime, business_days: int, calendar: BusinessCalendar, zone: ZoneInfo) -> datetime:
    """The end of the n-th business day after the day of `since`."""
    return end_of_day(calendar.add(local_date(since, zone), business_days), zone)


def may_appeal(
    *, state: str, decided_at: datetime | None, appeal_due_at: datetime | None, rounds: int, at: datetime
) -> bool:
    """Once, after a decision, until the appeal's time is over."""
    return (
        state == ClaimState.RESOLVED
        and bool(decided_at)
        and rounds < 2
        and appeal_due_at is not None
        and at <= appeal_due_at
    )


def _start(facts: ReimbursementFacts, ground: Ground, starts: Mapping[str, str]) -> datetime:
    if ground is Ground.DELIVERED_CLAIMED_LOST and starts["lost"] == "last_scan" and facts.last_scan_at:
        # The later of both: a refund weeks after the last scan would otherwise have no time left to be claimed.
        return max(facts.last_scan_at, facts.refunded_at)
    if starts["returned"] == "later_of_return_scan_and_refund" and facts.returned_at:
        return max(facts.returned_at, facts.refunded_at)
    return facts.refunded_at


class GuaranteeState(StrEnum):
    """A buyer's claim: the seller answers first, then customer service decides."""

    AWAITING_SELLER = "awaiting_seller"
    UNDER_REVIEW = "under_review"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


class Fault(StrEnum):
    """What the buyer says is wrong."""

    NOT_RECEIVED = "not_received"
    NOT_AS_DESCRIBED = "not_as_described"


@dataclass(frozen=True, slots=True)
class GuaranteeFacts:
    """A bought unit and what its buyer did so far. `contacted_at`: the first time the buyer wrote about the order.
    `personalised_delivered_at`: when it arrived, if it was made for this buyer."""

    contacted_at: datetime | None
    promised_end: datetime
    delivered: bool
    left_minor: int
    has_claim: bool = False
    cancelled: bool = False
    personalised_delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a guarantee claim can be opened now. `opens_at`: from when, once the seller has been written to."""

    is_open: bool
    latest_at: datetime
    opens_at: datetime | None = None
    code: str = ""
    clause: str = "B-PRIME-24"


def opening(
    facts: GuaranteeFacts,
    *,
    fault: Fault,
    wait_hours: int,
    latest_days: int,
    zone: ZoneInfo,
    at: datetime,
    handmade_notice_days: int = 14,
) -> Opening:
    """By policy `claim.guarantee.*`: after the seller had `wait_hours`, at most `latest_days` after the promise. A fault of
    a personalised item was told the seller within `handmade_notice_days` of its receipt (B-HAND-15)."""
    if fault is Fault.NOT_AS_DESCRIBED and facts.personalised_delivered_at and not facts.cancelled:
        until = add_calendar_days(facts.personalised_delivered_at, handmade_notice_days, zone)
        if (facts.contacted_at or at) > until:
            return Opening(False, until, None, "notice_too_late", "B-HAND-15")
    latest = add_calendar_days(facts.promised_end, latest_days, zone)
    opens = facts.contacted_at.astimezone(UTC) + timedelta(hours=wait_hours) if facts.contacted_at else None
    if facts.cancelled:
        code = "cancelled"
    elif facts.has_claim:
        code = "claimed_before"
    elif facts.left_minor <= 0:
        code = "refunded_already"
    elif fault is Fault.NOT_RECEIVED and at <= facts.promised_end:
        code = "not_due_yet"
    elif fault is Fault.NOT_AS_DESCRIBED and not facts.delivered:
        code = "not_delivered"
    elif at > latest:
        code = "too_late"
    elif opens is None:
        code = "write_first"
    elif at < opens:
        code = "wait"
    else:
        return Opening(True, latest, opens)
    return Opening(False, latest, opens, code)
