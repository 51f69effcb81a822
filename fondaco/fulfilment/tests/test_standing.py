"""Trials, evaluation, notices, exemptions and plans of action (B-PRIME-01, B-PRIME-02, B-PRIME-05, B-PRIME-12)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fondaco import policy
from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.fulfilment import tasks
from fondaco.fulfilment.models import Enrolment, Notice, PlanOfAction, Trial
from fondaco.fulfilment.operations import enrolment, items, sanctions, standing, views, volume
from fondaco.fulfilment.queries.metrics import performance_of
from fondaco.fulfilment.rules import metrics
from fondaco.fulfilment.rules import standing as rules
from fondaco.fulfilment.rules.metrics import Code, Rate
from fondaco.fulfilment.rules.parcels import SizeTier
from fondaco.fulfilment.rules.standing import Step, Told, TrialMeasured
from fondaco.fulfilment.tests.factories import TWO_DAY, prime_offer, prime_seller, with_options
from fondaco.kit.errors import Denied
from fondaco.orders import delivery
from fondaco.orders.tests.factories import delivered_order, make_buyer, placed_order
from fondaco.policy.operations import publish
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller
from tests.journeys.trading import OHIO

OLD, NEW = datetime(2022, 6, 1, tzinfo=UTC), datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TERMS = policy.shipped("prime.metrics.notices", at=NEW).value
CONSEQUENCES = policy.shipped("prime.metrics.consequences", at=NEW).value
TODAY = date(2026, 3, 2)


def enforce() -> None:
    operator = make_caller(role=Role.OPERATOR)
    publish(key="prime.metrics.mode", store="US", value="enforce", author=operator, note="For this test")


@pytest.fixture
def operator() -> Caller:
    return make_caller(role=Role.OPERATOR)


@pytest.fixture
def now():
    clock.set_to(at=NEW)
    yield NEW
    clock.reset()


# -- rules ----------------------------------------------------------------------------------------------------------


@pytest.mark.spec("B-PRIME-02")
@pytest.mark.parametrize(
    ("found", "passed"),
    [
        (TrialMeasured(100, Rate(935, 1000), Rate(99, 100), Rate(5, 1000)), True),
        (TrialMeasured(99, Rate(935, 1000), Rate(99, 100), Rate(5, 1000)), False),
        (TrialMeasured(100, Rate(934, 1000), Rate(99, 100), Rate(5, 1000)), False),
        (TrialMeasured(100, Rate(935, 1000), Rate(98, 100), Rate(5, 1000)), False),
        (TrialMeasured(100, Rate(935, 1000), Rate(99, 100), Rate(6, 1000)), False),
        (TrialMeasured(0, Rate(0, 0), Rate(0, 0), Rate(0, 0)), False),  # nothing measured is nothing reached
    ],
)
def test_a_trial_is_passed_when_every_target_is_met(found, passed):
    targets = policy.shipped("prime.trial.targets", at=NEW)
    assert rules.is_passed(rules.trial_measures(found, targets.value, version=targets.version)) is passed


@pytest.mark.spec("B-PRIME-05")
def test_no_trial_is_judged_in_the_days_before_a_major_event():
    event = date(2026, 7, 14)
    for ends, expected in [
        (date(2026, 6, 13), date(2026, 6, 13)),  # 31 days before
        (date(2026, 6, 14), event),  # 30 days before
        (date(2026, 7, 13), event),
        (event, event),
        (date(2026, 7, 15), date(2026, 7, 15)),
    ]:
        assert rules.judged_on(ends, events=[event], freeze_days=30) == expected
    assert rules.judged_on(date(2026, 7, 1), events=[event], freeze_days=0) == date(2026, 7, 1)


@pytest.mark.spec("B-PRIME-05")
def test_three_trials_a_calendar_year():
    begun = [date(2026, 1, 2), date(2026, 2, 3), date(2025, 12, 30)]
    assert rules.may_try(begun, today=TODAY, most_per_year=3)
    assert not rules.may_try([*begun, TODAY], today=TODAY, most_per_year=3)
    assert rules.may_try([*begun, TODAY], today=TODAY, most_per_year=None)


def step(told: list[Told], *, missed: bool = True, enforced: bool = True, consequences=CONSEQUENCES) -> Step:
    return rules.after_evaluation(
        missed=[Code.ON_TIME_DELIVERY] if missed else [],
        told=told,
        today=TODAY,
        consequences=consequences,
        notices=TERMS,
        enforced=enforced,
    )


@pytest.mark.spec("B-PRIME-05", "B-PRIME-12", "PRIME-03")
def test_notice_then_exemption_then_ineligible():
    first, second = Told(TODAY - timedelta(days=45)), Told(TODAY - timedelta(days=38), TODAY - timedelta(days=8))
    assert step([]) is Step.NOTICE
    assert step([Told(TODAY - timedelta(days=6))]) is Step.NOTHING  # not every day
    assert step([first]) is Step.EXEMPT
    assert step([first, Told(TODAY - timedelta(days=20), TODAY)]) is Step.NOTHING  # still exempt
    assert step([first, second]) is Step.INELIGIBLE
    assert step([Told(TODAY - timedelta(days=181))]) is Step.NOTICE  # forgotten
    assert step([first, second], missed=False) is Step.NOTHING
    assert step([first, second], enforced=False) is Step.NOTHING
    before = policy.shipped("prime.metrics.consequences", at=OLD).value
    assert step([], consequences=before) is Step.INELIGIBLE  # no exemption before 2025-06-29


@pytest.mark.spec("B-PRIME-05")
def test_a_repeated_size_error_blocks_and_the_appeal_has_two_weeks():
    assert rules.after_size_error(earlier=0, consequences=CONSEQUENCES) is Step.NOTICE
    assert rules.after_size_error(earlier=1, consequences=CONSEQUENCES) is Step.INELIGIBLE
    before = policy.shipped("prime.metrics.consequences", at=OLD).value
    assert rules.after_size_error(earlier=1, consequences=before) is Step.NOTICE
    assert rules.may_appeal(told=TODAY, today=TODAY + timedelta(days=14), days=CONSEQUENCES["appeal_days"])
    assert not rules.may_appeal(told=TODAY, today=TODAY + timedelta(days=15), days=CONSEQUENCES["appeal_days"])


@pytest.mark.spec("B-PRIME-05")
def test_a_late_delivery_in_a_major_disruption_is_not_counted():
    rows = [{"name": "Storm", "first_day": "2026-02-01", "last_day": "2026-02-05", "states": ("OH",)}]
    assert metrics.is_disrupted(date(2026, 2, 5), state="OH", disruptions=rows)
    assert not metrics.is_disrupted(date(2026, 2, 6), state="OH", disruptions=rows)
    assert not metrics.is_disrupted(date(2026, 2, 5), state="KY", disruptions=rows)
    new = metrics.Definitions.of(policy.shipped("prime.metrics.definitions", at=NEW).value)
    old = metrics.Definitions.of(policy.shipped("prime.metrics.definitions", at=OLD).value)
    late = metrics.ParcelFacts(TODAY, TODAY, shipped=TODAY, delivered=TODAY + timedelta(days=3), is_disrupted=True)
    assert metrics.on_time_delivery([late], new, labels="all", today=TODAY + timedelta(days=9)) == Rate(0, 0)
    assert metrics.on_time_delivery([late], old, labels="all", today=TODAY + timedelta(days=9)) == Rate(0, 1)


# -- trial ----------------------------------------------------------------------------------------------------------


def badge_of(offer, *, member: bool = True) -> delivery.Choices:
    person = make_buyer(member=member)
    (found,) = delivery.provider().choices([delivery.Wanted(offer, 1)], address=OHIO, person=person, at=clock.now())
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.spec("B-PRIME-02", "PRIME-28")
def test_a_trial_sells_without_a_badge_and_ends_in_enrolment(now, operator):
    publish(key="prime.trial.targets", store="US", author=operator, note="Small, for this test",
            value={"min_packages": 1, "on_time_delivery_min": "93.5", "valid_tracking_min": "99", "cancellations_max": "0.5"})  # fmt: skip
    clock.set_to(at=now + timedelta(minutes=1))
    seller = prime_seller(limit=None)
    with pytest.raises(enrolment.LimitNeeded):
        standing.begin_trial(seller)
    volume.control_volume(seller, limit_per_day=5)
    trial = standing.begin_trial(seller)
    assert standing.begin_trial(seller) == trial
    assert trial.judge_date == date(2026, 4, 1)
    with_options(seller, *TWO_DAY)
    offer = make_offer(seller, quantity=9)
    items.enrol(seller, offer_id=offer.pk)
    found = badge_of(offer)
    assert (found.is_prime, found.has_badge) == (True, False)
    assert "in_trial" in found.facts["badge"]
    placed_at = clock.now()
    delivered_order(
        offer=offer, buyer=make_buyer(), delivered_at=placed_at + timedelta(days=1),
        item={"is_prime": True, "promised_date": TODAY + timedelta(days=4), "ship_by": TODAY + timedelta(days=4)},
    )  # fmt: skip
    clock.set_to(at=datetime(2026, 4, 1, 20, tzinfo=UTC))
    standing.judge_trial(trial_id=trial.pk)
    assert Trial.objects.get().state == "running"  # its last day is not over in Chicago
    clock.set_to(at=datetime(2026, 4, 2, 6, tzinfo=UTC))
    tasks.trials_over()
    run_tasks()
    trial.refresh_from_db()
    assert (trial.state, trial.measured["packages"][:2]) == ("passed", [1, 1])
    row = Enrolment.objects.get()
    assert (row.state, row.activated_at is not None) == ("active", True)
    assert badge_of(offer).has_badge
    standing.judge_trial(trial_id=trial.pk)  # again: nothing
    assert Enrolment.objects.get().state == "active"
    with pytest.raises(standing.NoTrialNow):
        standing.begin_trial(seller)


@pytest.mark.django_db
@pytest.mark.spec("B-PRIME-01", "B-PRIME-02", "B-PRIME-05")
def test_where_targets_are_enforced_enrolment_needs_a_passed_trial_and_tries_are_counted(now):
    enforce()
    seller = prime_seller(limit=None)
    volume.control_volume(seller, limit_per_day=5)
    with pytest.raises(enrolment.NotQualified):
        enrolment.activate(seller)
    with pytest.raises(enrolment.NotQualified):
        standing.begin_trial(seller)
    operator = make_caller(role=Role.OPERATOR)
    easy = {"plan": "any", "ship_from_country": "US", "min_packages": 0, "cancellations_below": "2.5",
            "valid_tracking_above": "95", "late_shipment_below": "4"}  # fmt: skip
    publish(key="prime.prequalify.targets", store="US", value=easy, author=operator, note="For this test")
    with pytest.raises(enrolment.TrialNeeded):
        enrolment.activate(seller)
    for month in (3, 5, 7):
        clock.set_to(at=datetime(2026, month, 3, 15, tzinfo=UTC))
        trial = standing.begin_trial(seller)
        with pytest.raises(enrolment.TrialNeeded):
            enrolment.activate(seller)
        clock.set_to(at=datetime(2026, month + 1, 9, 15, tzinfo=UTC))
        standing.judge_trial(trial_id=trial.pk)
        assert Trial.objects.get(pk=trial.pk).state == "failed"
        assert Enrolment.objects.get().state == "applied"
    with pytest.raises(standing.TooManyTrials):
        standing.begin_trial(seller)
    clock.set_to(at=datetime(2027, 1, 4, 15, tzinfo=UTC))
    assert standing.begin_trial(seller).state == "running"
    enrolment.leave(seller)
    assert Trial.objects.filter(state="ended").count() == 1


# -- evaluation -----------------------------------------------------------------------------------------------------


def missing_target(seller: Caller) -> None:
    """A parcel promised for weeks ago that never came."""
    offer = prime_offer(seller, options=TWO_DAY)
    placed_order(
        offer=offer,
        item={"is_prime": True, "promised_date": TODAY - timedelta(days=9), "ship_by": TODAY - timedelta(days=9)},
    )


@pytest.mark.django_db
@pytest.mark.spec("B-PRIME-05", "B-PRIME-12", "PRIME-03")
def test_missed_targets_lead_from_notice_to_ineligible_and_a_plan_of_action_back(now, operator):
    seller = prime_seller()
    row = Enrolment.objects.get()
    missing_target(seller)
    assert standing.evaluate(enrolment_id=row.pk) is None  # they only inform
    enforce()
    steps = []
    for days in range(1, 60):
        clock.set_to(at=now + timedelta(days=days))
        if days == 25:
            item = {
                "is_prime": True,
                "promised_date": TODAY + timedelta(days=days - 9),
                "ship_by": TODAY + timedelta(days=days - 9),
            }
            placed_order(offer=prime_offer(seller, title=f"Mug {days}"), item=item)
        if notice := standing.evaluate(enrolment_id=row.pk):
            steps.append((days, notice.step))
        assert standing.evaluate(enrolment_id=row.pk) is None  # once a day
        if notice and notice.step == "ineligible":
            break
    assert [s for _d, s in steps] == ["notice", "exempt", "ineligible"]
    assert steps[1][0] - steps[0][0] == 7
    assert steps[2][0] - steps[1][0] > 30
    row.refresh_from_db()
    assert row.state == "ineligible"
    offer = row.seller.offers.first()
    assert not badge_of(offer).is_prime
    with pytest.raises(standing.PlanIncomplete):
        standing.file_plan(seller, root_cause="The scanner broke.", steps=" ")
    plan = standing.file_plan(seller, root_cause="The scanner broke.", steps="Two scanners.")
    assert standing.file_plan(seller, root_cause="x", steps="y") == plan
    with pytest.raises(Denied):
        standing.decide_plan(seller, plan_id=plan.pk, accept=True, answer="Fine")
    with pytest.raises(standing.ReasonNeeded):
        standing.decide_plan(operator, plan_id=plan.pk, accept=True, answer="")
    standing.decide_plan(operator, plan_id=plan.pk, accept=False, answer="Say when.")
    assert Enrolment.objects.get().state == "ineligible"
    second = standing.file_plan(seller, root_cause="The scanner broke.", steps="Two scanners, from Monday.")
    standing.decide_plan(operator, plan_id=second.pk, accept=True, answer="Good.")
    standing.decide_plan(operator, plan_id=second.pk, accept=False, answer="Again.")  # decided once
    assert PlanOfAction.objects.get(pk=second.pk).state == "accepted"
    assert Enrolment.objects.get().state == "active"


@pytest.mark.django_db
@pytest.mark.spec("B-PRIME-05", "B-PRIME-12", "Q-53")
def test_a_plan_of_action_lifts_a_sanction_and_comes_too_late_after_two_weeks(now, operator):
    seller = prime_seller()
    with pytest.raises(standing.NothingToAppeal):
        standing.file_plan(seller, root_cause="a", steps="b")
    sanctions.sanction_eligibility(operator, seller=seller.seller, reason="Too many complaints.")
    clock.set_to(at=now + timedelta(days=15))
    with pytest.raises(standing.NothingToAppeal):
        standing.file_plan(seller, root_cause="a", steps="b")
    clock.set_to(at=now + timedelta(days=14))
    plan = standing.file_plan(seller, root_cause="a", steps="b")
    standing.decide_plan(operator, plan_id=plan.pk, accept=True, answer="Good.")
    assert Enrolment.objects.get().state == "active"
    assert not seller.seller.sanctions.filter(lifted_at=None).exists()


@pytest.mark.django_db
@pytest.mark.spec("B-PRIME-05", "B-PRIME-07")
def test_the_operator_records_a_wrong_size_and_the_second_ends_eligibility(now, operator):
    seller = prime_seller()
    offer = prime_offer(seller, options=TWO_DAY)
    with pytest.raises(Denied):
        standing.record_size_error(seller, seller=seller.seller, offer_id=str(offer.pk), why="x")
    standing.record_size_error(operator, seller=seller.seller, offer_id=str(offer.pk), why="It is 30 inches long.")
    assert Enrolment.objects.get().state == "active"
    standing.record_size_error(operator, seller=seller.seller, offer_id=str(offer.pk), why="Again.")
    assert Enrolment.objects.get().state == "ineligible"
    assert Notice.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.spec("B-PRIME-06", "B-PRIME-07")
def test_speed_is_measured_on_page_views_by_size_tier_against_the_targets_of_the_day(now):
    seller = prime_seller()
    with_options(seller, *TWO_DAY)
    mug = prime_offer(seller)
    sofa = prime_offer(seller, title="Oak bench", product_type="chair", attributes={"color": "oak", "material": "oak"})
    for offer, days, times in ((mug, 2, 3), (mug, 4, 1), (sofa, 5, 2)):
        for _each in range(times):
            views.note(offer.pk, day=TODAY, region="US-OH", days=days)
    views.note(mug.pk, day=TODAY - timedelta(days=40), region="US-OH", days=1)  # before the thirty days
    assert views.write_down() == 7
    clock.set_to(at=now + timedelta(hours=1))
    found = dict(performance_of(seller.seller, at=clock.now()).speeds)
    assert set(found) == {SizeTier.STANDARD, SizeTier.OVERSIZE}
    standard, oversize = dict(found[SizeTier.STANDARD]), dict(found[SizeTier.OVERSIZE])
    assert (standard["one_day"].rate, standard["one_day"].target.least) == (Rate(0, 4), 3000)
    assert (standard["two_day"].rate, standard["two_day"].target.least) == (Rate(3, 4), 7000)
    assert (standard["two_day"].met, standard["one_day"].met) == (True, False)
    assert (oversize["two_day"].rate, oversize["two_day"].target.least) == (Rate(0, 2), 4500)


# -- pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.spec("B-PRIME-02", "B-PRIME-12", "PRIME-04")
def test_trial_notice_plan_and_decision_by_their_pages(now, operator):
    seller = prime_seller(limit=None)
    volume.control_volume(seller, limit_per_day=5)
    shop, boss = Client(), Client()
    shop.force_login(seller.person)
    boss.force_login(operator.person)
    overview = reverse("fulfilment:prime")
    assert "Begin the trial" in shop.get(overview).content.decode()
    shop.post(reverse("fulfilment:prime_trial"))
    page = shop.get(overview).content.decode()
    assert "On trial" in page
    assert "judged after" in page
    Trial.objects.update(state="ended", judged_at=now)
    Enrolment.objects.update(state="active", activated_at=now)
    offer = prime_offer(seller, options=TWO_DAY)
    at_seller = reverse("fulfilment:sanctions_seller", args=[seller.seller.number])
    for _each in range(2):
        boss.post(reverse("fulfilment:size_error", args=[seller.seller.number]), {"offer": offer.pk, "why": "Longer."})
    page = shop.get(overview).content.decode()
    assert "Size said wrong" in page
    assert "File the plan of action" in page
    shop.post(reverse("fulfilment:prime_plan"), {"root_cause": "A wrong rule", "steps": "Measured all anew"})
    assert "Measured all anew" in boss.get(at_seller).content.decode()
    assert str(seller.seller) in boss.get(reverse("fulfilment:sanctions")).content.decode()
    plan = PlanOfAction.objects.get()
    assert shop.post(
        reverse("fulfilment:plan_decide", args=[plan.pk]), {"accept": "yes", "answer": "x"}
    ).status_code in (403, 404)
    boss.post(reverse("fulfilment:plan_decide", args=[plan.pk]), {"accept": "yes", "answer": "Welcome back."})
    page = shop.get(overview).content.decode()
    assert "Welcome back." in page
    assert Enrolment.objects.get().state == "active"
    assert shop.get(reverse("fulfilment:performance")).status_code == 200
