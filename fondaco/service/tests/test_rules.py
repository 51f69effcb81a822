"""The rules of remedies and claims: tables of cases, and random search for what must always hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco import policy
from fondaco.kit.calendar import BusinessCalendar
from fondaco.service.rules.claims import (
    Fault,
    Ground,
    GuaranteeFacts,
    ReimbursementFacts,
    business_due,
    filing,
    may_appeal,
    missing_evidence,
    opening,
)
from fondaco.service.rules.remedies import (
    AboveWhatIsLeft,
    LateFacts,
    NothingLeftToRefund,
    NotLate,
    ProtectionFacts,
    RemedyKind,
    late_refund,
    protection,
    shares,
)

CHICAGO = ZoneInfo("America/Chicago")
AT = datetime(2022, 6, 1, 12, tzinfo=UTC)
PROTECTION = policy.shipped("claim.label_protection", at=AT).value


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=8), st.one_of(st.none(), st.integers(1, 60_000)))
def test_shares_sum_to_the_amount_and_stay_within_each_unit(left, amount):
    rows = [(str(i), minor) for i, minor in enumerate(left)]
    try:
        found = shares(rows, amount=amount)
    except NothingLeftToRefund:
        assert sum(left) == 0
        return
    except AboveWhatIsLeft:
        assert amount > sum(left)
        return
    assert sum(part.minor for part in found) == (sum(left) if amount is None else amount)
    assert all(0 < part.minor <= dict(rows)[part.unit] for part in found)


LATE = LateFacts(
    is_prime=True, promised=date(2022, 6, 9), delivered=date(2022, 6, 10), today=date(2022, 6, 20), shipping_minor=799
)


@pytest.mark.spec("PRIME-26", "Q-37")
@pytest.mark.parametrize(
    ("facts", "refund", "days", "clause"),
    [
        (LATE, 799, 1, "PRIME-26"),
        (replace(LATE, refunded_minor=300), 499, 1, "PRIME-26"),
        (replace(LATE, refunded_minor=799), 0, 1, "PRIME-26"),
        (replace(LATE, shipping_minor=0), 0, 1, "Q-37"),
        (replace(LATE, delivered=None), 799, 11, "PRIME-26"),
    ],
)
def test_late_delivery_gives_the_full_shipping_cost_less_what_went_back(facts, refund, days, clause):
    plan = late_refund(facts)
    assert (plan.refund_minor, plan.days_late, plan.clause) == (refund, days, clause)


@pytest.mark.spec("Q-36")
@pytest.mark.parametrize(
    "facts", [replace(LATE, delivered=date(2022, 6, 9)), replace(LATE, delivered=None, today=date(2022, 6, 9))]
)
def test_the_promised_day_itself_is_not_late(facts):
    with pytest.raises(NotLate):
        late_refund(facts)


SAFE = ProtectionFacts(has_label=True, is_protected=True, has_late_risk=False, first_scan_on_time=True)


@pytest.mark.spec("B-PRIME-25")
@pytest.mark.parametrize(
    ("facts", "kind", "bears"),
    [
        (SAFE, RemedyKind.NOT_RECEIVED, True),
        (SAFE, RemedyKind.LATE_DELIVERY, True),
        (SAFE, RemedyKind.REFUND, False),
        (SAFE, RemedyKind.NON_RETURNABLE, False),
        (replace(SAFE, first_scan_on_time=False), RemedyKind.NOT_RECEIVED, False),
        (replace(SAFE, is_protected=False), RemedyKind.NOT_RECEIVED, False),
        (replace(SAFE, has_late_risk=True), RemedyKind.NOT_RECEIVED, False),
        (ProtectionFacts(), RemedyKind.NOT_RECEIVED, False),
    ],
)
def test_who_bears_it_because_of_the_label(facts, kind, bears):
    found = protection(facts, kind=kind, needs=PROTECTION["needs"], excluded=PROTECTION["excluded_labels"])
    assert found.marketplace_bears is bears
    assert bool(found.missing) is not bears


REFUNDED = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLAIMABLE = ReimbursementFacts(by_marketplace=True, charged_to_seller=True, refunded_at=REFUNDED)


def may_file(facts, ground=Ground.POLICY_ABUSE, *, at=REFUNDED + timedelta(days=1), refunded=REFUNDED):
    terms = {key: policy.shipped(f"claim.reimbursement.{key}", at=refunded).value
             for key in ("window_days", "window_start", "excluded_when")}  # fmt: skip
    return filing(
        facts, ground=ground, window_days=terms["window_days"], starts=terms["window_start"],
        excluded_when=terms["excluded_when"], zone=CHICAGO, at=at,
    )  # fmt: skip


@pytest.mark.spec("B-PRIME-22")
@pytest.mark.parametrize(
    ("facts", "ground", "code"),
    [
        (CLAIMABLE, Ground.POLICY_ABUSE, ""),
        (CLAIMABLE, Ground.NOT_RETURNED, ""),
        (CLAIMABLE, Ground.OUTSIDE_WINDOW, ""),
        (replace(CLAIMABLE, by_marketplace=False), Ground.POLICY_ABUSE, "seller_refunded"),
        (replace(CLAIMABLE, charged_to_seller=False), Ground.POLICY_ABUSE, "not_charged"),
        (replace(CLAIMABLE, has_claim=True), Ground.POLICY_ABUSE, "claimed_before"),
        (replace(CLAIMABLE, guarantee_granted=True), Ground.POLICY_ABUSE, "guarantee_claim_granted"),
        (replace(CLAIMABLE, returned_at=REFUNDED), Ground.NOT_RETURNED, "was_returned"),
        (CLAIMABLE, Ground.UNSELLABLE_OR_DIFFERENT, "never_returned"),
        (replace(CLAIMABLE, returned_at=REFUNDED), Ground.UNSELLABLE_OR_DIFFERENT, ""),
        (CLAIMABLE, Ground.DELIVERED_CLAIMED_LOST, "no_delivery_by_our_label"),
        (replace(CLAIMABLE, delivered_at=REFUNDED), Ground.DELIVERED_CLAIMED_LOST, "no_delivery_by_our_label"),
        (replace(CLAIMABLE, delivered_at=REFUNDED, has_label=True), Ground.DELIVERED_CLAIMED_LOST, ""),
    ],
)
def test_what_can_be_claimed_back(facts, ground, code):
    answer = may_file(facts, ground)
    assert answer.code == code
    assert answer.is_open is not bool(code)


@pytest.mark.spec("B-PRIME-23")
@pytest.mark.parametrize(("refunded", "days"), [(datetime(2022, 6, 1, 12, tzinfo=UTC), 60), (REFUNDED, 30)])
def test_the_time_to_file_is_that_of_the_refund_and_ends_with_its_last_day(refunded, days):
    facts = replace(CLAIMABLE, refunded_at=refunded)
    answer = may_file(facts, at=refunded, refunded=refunded)
    assert (answer.due_at.astimezone(CHICAGO).date() - refunded.astimezone(CHICAGO).date()).days == days
    assert may_file(facts, at=answer.due_at, refunded=refunded).is_open
    late = may_file(facts, at=answer.due_at + timedelta(seconds=1), refunded=refunded)
    assert (late.code, late.clause) == ("too_late", "B-PRIME-23")


@pytest.mark.spec("B-PRIME-23")
def test_the_time_to_file_begins_with_the_later_of_return_and_refund():
    later = REFUNDED + timedelta(days=20)
    assert may_file(replace(CLAIMABLE, returned_at=later)).due_at > may_file(CLAIMABLE).due_at
    assert may_file(replace(CLAIMABLE, returned_at=REFUNDED - timedelta(days=9))).due_at == may_file(CLAIMABLE).due_at


@pytest.mark.spec("B-PRIME-22")
def test_grounds_about_the_thing_need_photos_of_item_and_packaging():
    assert missing_evidence(needs_photos=True, kinds=["item_photos"]) == ("packaging_photos",)
    assert missing_evidence(needs_photos=True, kinds=["packaging_photos", "item_photos", "documents"]) == ()
    assert missing_evidence(needs_photos=False, kinds=[]) == ()


def test_business_days_leave_out_weekends_and_holidays():
    calendar = BusinessCalendar(country="US")
    wednesday = datetime(2022, 11, 23, 18, tzinfo=UTC)
    due = business_due(since=wednesday, business_days=2, calendar=calendar, zone=CHICAGO)
    assert due.astimezone(CHICAGO).date() == date(2022, 11, 28)


def test_an_appeal_is_once_and_in_time():
    shared = {"state": "resolved", "decided_at": AT, "appeal_due_at": AT, "rounds": 1, "at": AT}
    assert may_appeal(**shared)
    for wrong in (
        {"rounds": 2},
        {"state": "awaiting_seller"},
        {"appeal_due_at": None},
        {"at": AT + timedelta(seconds=1)},
    ):
        assert not may_appeal(**{**shared, **wrong})


PROMISED_END = datetime(2022, 6, 10, 4, 59, 59, tzinfo=UTC)
WROTE = PROMISED_END + timedelta(days=3)
BOUGHT = GuaranteeFacts(contacted_at=WROTE, promised_end=PROMISED_END, delivered=True, left_minor=1999)


def may_open(facts, fault=Fault.NOT_AS_DESCRIBED, *, at=WROTE + timedelta(hours=48)):
    terms = {key: policy.shipped(f"claim.guarantee.{key}", at=at).value for key in ("wait_hours", "latest_days")}
    return opening(facts, fault=fault, zone=CHICAGO, at=at, **terms)


@pytest.mark.spec("B-PRIME-24")
@pytest.mark.parametrize(
    ("facts", "fault", "at", "code"),
    [
        (BOUGHT, Fault.NOT_AS_DESCRIBED, WROTE + timedelta(hours=48), ""),
        (BOUGHT, Fault.NOT_AS_DESCRIBED, WROTE + timedelta(hours=48, seconds=-1), "wait"),
        (replace(BOUGHT, contacted_at=None), Fault.NOT_AS_DESCRIBED, WROTE, "write_first"),
        (replace(BOUGHT, left_minor=0), Fault.NOT_AS_DESCRIBED, WROTE + timedelta(days=5), "refunded_already"),
        (replace(BOUGHT, has_claim=True), Fault.NOT_AS_DESCRIBED, WROTE + timedelta(days=5), "claimed_before"),
        (replace(BOUGHT, cancelled=True), Fault.NOT_RECEIVED, WROTE + timedelta(days=5), "cancelled"),
        (replace(BOUGHT, delivered=False), Fault.NOT_AS_DESCRIBED, WROTE + timedelta(days=5), "not_delivered"),
        (replace(BOUGHT, delivered=False), Fault.NOT_RECEIVED, WROTE + timedelta(days=5), ""),
        (replace(BOUGHT, delivered=False), Fault.NOT_RECEIVED, PROMISED_END, "not_due_yet"),
        (BOUGHT, Fault.NOT_RECEIVED, PROMISED_END + timedelta(days=90), ""),
        (BOUGHT, Fault.NOT_RECEIVED, PROMISED_END + timedelta(days=90, seconds=1), "too_late"),
    ],
)
def test_when_a_guarantee_claim_opens(facts, fault, at, code):
    answer = may_open(facts, fault, at=at)
    assert answer.code == code
    assert answer.is_open is not bool(code)


@pytest.mark.spec("B-HAND-15")
@pytest.mark.parametrize(
    ("wrote", "fault", "code"),
    [
        (timedelta(days=13), Fault.NOT_AS_DESCRIBED, ""),
        (timedelta(days=15), Fault.NOT_AS_DESCRIBED, "notice_too_late"),
        (None, Fault.NOT_AS_DESCRIBED, "notice_too_late"),
        (timedelta(days=15), Fault.NOT_RECEIVED, ""),
    ],
)
def test_the_fault_of_a_personalised_item_is_told_within_two_weeks(wrote, fault, code):
    arrived = PROMISED_END
    contacted = arrived + wrote if wrote else None
    facts = replace(BOUGHT, personalised_delivered_at=arrived, contacted_at=contacted)
    answer = may_open(facts, fault, at=arrived + timedelta(days=20))
    assert (answer.code, answer.is_open) == (code, not code)
    assert not code or answer.clause == "B-HAND-15"
