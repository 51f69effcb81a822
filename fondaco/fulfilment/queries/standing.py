"""Where a seller stands: trials, notices, plans of action (B-PRIME-02, B-PRIME-05, B-PRIME-12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from fondaco import policy
from fondaco.fulfilment.models import Enrolment, Notice, PlanOfAction, Sanction, Trial
from fondaco.fulfilment.queries.metrics import cancelled_by_seller, parcel_facts, ship_zone_of
from fondaco.fulfilment.rules import metrics, standing
from fondaco.fulfilment.rules.enrolment import EnrolmentState, SanctionKind
from fondaco.fulfilment.rules.metrics import Definitions, Measure
from fondaco.fulfilment.rules.standing import PlanState, Step, TrialState
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Role


@dataclass(frozen=True, slots=True)
class Standing:
    """What the seller's page shows. `appeal_until`: None when there is nothing to appeal or no last day."""

    trial: Trial | None
    measures: tuple[Measure, ...]
    earlier: tuple[Trial, ...]
    trial_days: int
    most_trials: int | None
    notices: tuple[Notice, ...]
    plan: PlanOfAction | None
    may_appeal: bool
    appeal_until: date | None


def standing_of(enrolment: Enrolment, *, at: datetime) -> Standing:
    """Of one enrolment; whoever asks has found it."""
    seller = enrolment.seller
    trials = list(enrolment.trials.order_by("-began_at")[:20])
    running = next((t for t in trials if t.state == TrialState.RUNNING), None)
    until, may = appeal_of(enrolment, at=at)
    return Standing(
        trial=running,
        measures=measured_in(running, seller, at=at) if running else (),
        earlier=tuple(t for t in trials if t is not running),
        trial_days=policy.value("prime.trial.days", seller.store, at=at).value,
        most_trials=policy.value("prime.trial.max_per_year", seller.store, at=at).value,
        notices=tuple(enrolment.notices.select_related("author", "offer").order_by("-made_at")[:20]),
        plan=enrolment.plans.select_related("author", "decided_by").order_by("-filed_at").first(),
        may_appeal=may,
        appeal_until=until,
    )


def measured_in(trial: Trial, seller: SellerAccount, *, at: datetime) -> tuple[Measure, ...]:
    """What was sent since the trial began, against the targets in force when it began."""
    parcels = parcel_facts(seller, since=trial.began_at, until=at)
    defined = Definitions.of(policy.value("prime.metrics.definitions", seller.store, at=trial.began_at).value)
    targets = policy.value("prime.trial.targets", seller.store, at=trial.began_at)
    today = at.astimezone(ship_zone_of(seller)).date()
    found = standing.TrialMeasured(
        packages=sum(p.shipped is not None for p in parcels),
        on_time_delivery=metrics.on_time_delivery(parcels, defined, labels="all", today=today),
        valid_tracking=metrics.valid_tracking(parcels),
        cancellations=cancelled_by_seller(seller, trial.began_at, at),
    )
    return standing.trial_measures(found, targets.value, version=targets.version)


def appeal_of(enrolment: Enrolment, *, at: datetime) -> tuple[date | None, bool]:
    """Until when a plan of action is taken, and whether one is taken now: only of a seller that is not eligible."""
    if enrolment.state != EnrolmentState.INELIGIBLE:
        return None, False
    since = _ineligible_since(enrolment)
    if since is None:
        return None, False
    days = policy.value("prime.metrics.consequences", enrolment.seller.store, at=at).value.get("appeal_days")
    zone = ship_zone_of(enrolment.seller)
    told, today = since.astimezone(zone).date(), at.astimezone(zone).date()
    filed = enrolment.plans.filter(state=PlanState.FILED).exists()
    until = None if days is None else told + timedelta(days=days)
    return until, not filed and standing.may_appeal(told=told, today=today, days=days)


def _ineligible_since(enrolment: Enrolment) -> datetime | None:
    """When the marketplace said so last: a sanction, a notice, or its answer to a plan (which opens the time anew)."""
    moments = [
        Sanction.objects.filter(seller=enrolment.seller, kind=SanctionKind.ELIGIBILITY.value, lifted_at=None)
        .values_list("made_at", flat=True)
        .first(),
        enrolment.notices.filter(step=Step.INELIGIBLE).order_by("-made_at").values_list("made_at", flat=True).first(),
        enrolment.plans.filter(state=PlanState.DECLINED)
        .order_by("-decided_at")
        .values_list("decided_at", flat=True)
        .first(),
    ]
    return max((moment for moment in moments if moment), default=None)


def trials_to_judge(*, at: datetime, limit: int = 200) -> list[UUID]:
    """Running trials whose day has come, somewhere on earth."""
    due = Trial.objects.filter(state=TrialState.RUNNING, judge_date__lt=at.date())
    return list(due.order_by("judge_date", "id").values_list("pk", flat=True)[:limit])


def to_evaluate(*, at: datetime, limit: int = 200) -> list[UUID]:
    """Active enrolments that were not looked at today."""
    rows = Enrolment.objects.filter(state=EnrolmentState.ACTIVE).filter(
        Q(evaluated_on=None) | Q(evaluated_on__lt=at.date())
    )
    return list(rows.order_by("evaluated_on", "id").values_list("pk", flat=True)[:limit])


def open_plans(caller: Caller) -> QuerySet[PlanOfAction]:
    """Plans of action that wait for the operator, the oldest first. Raises SignInRequired, Denied."""
    caller.require_role(Role.OPERATOR)
    rows = PlanOfAction.objects.filter(state=PlanState.FILED).select_related("enrolment__seller", "author")
    return rows.order_by("filed_at", "id")
