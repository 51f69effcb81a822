"""Trials, evaluation, notices and plans of action (B-PRIME-02, B-PRIME-05, B-PRIME-12)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from fondaco import history, policy
from fondaco.catalogue.models import Offer
from fondaco.engine import clock, outbox
from fondaco.fulfilment.models import Enrolment, Notice, PlanOfAction, Sanction, Trial
from fondaco.fulfilment.operations import enrolment as enrolments
from fondaco.fulfilment.operations.sanctions import lift, restore
from fondaco.fulfilment.queries.metrics import performance_of, ship_zone_of
from fondaco.fulfilment.queries.standing import appeal_of, measured_in
from fondaco.fulfilment.rules import standing as rules
from fondaco.fulfilment.rules.enrolment import EnrolmentState, SanctionKind
from fondaco.fulfilment.rules.metrics import Code
from fondaco.fulfilment.rules.standing import NoticeKind, PlanState, Step, TrialState
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.kit.text import paragraphs
from fondaco.orders.mail import owner_of
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.queries import as_id
from fondaco.sellers.rules import Capability, Role
from fondaco.web.nav import url_or_none
from fondaco.web.programmes import name_of

PLAN_LIMIT, REASON_LIMIT = 4000, 1000
MONTH = timedelta(days=30)
MONDAY = 0


class NoTrialNow(Refusal):
    CODE = "prime_trial_not_possible"
    WORDS = N_("A trial begins from an enrolment that is applied for and not active.")
    FIX = N_("Accept the requirements first; an active enrolment needs no trial.")
    CLAUSE = "B-PRIME-02"


class TooManyTrials(Refusal):
    CODE = "prime_trials_used_up"
    WORDS = N_("All %(most)s trials of this calendar year are used.")
    FIX = N_("The next one can begin in January.")
    CLAUSE = "B-PRIME-05"


class PlanIncomplete(Invalid):
    CODE = "plan_of_action_incomplete"
    WORDS = N_("A plan of action names the root cause and the steps against it.")
    FIX = N_("Fill in both.")
    CLAUSE = "B-PRIME-12"


class NothingToAppeal(Refusal):
    CODE = "plan_of_action_not_taken"
    WORDS = N_("A plan of action is taken from an account that is not eligible, one at a time, within %(days)s days.")
    FIX = N_("After that time, open a case with support.")
    CLAUSE = "B-PRIME-05"


class ReasonNeeded(Invalid):
    CODE = "plan_answer_needed"
    WORDS = N_("Say why: the seller reads it.")
    CLAUSE = "B-PRIME-12"


class NotEnrolledSeller(Refusal):
    CODE = "notice_not_enrolled"
    WORDS = N_("This account is not in %(programme)s.")
    CLAUSE = "B-PRIME-05"


def begin_trial(caller: Caller) -> Trial:
    """Offers are in without a badge, and what is sent counts; again, the running trial. Raises NotEnrolled, NoTrialNow,
    TooManyTrials, TermsNotAccepted, LimitNeeded, ShipFromNeeded, NotQualified, Denied."""
    seller, at = caller.require_seller(Capability.EDIT_ACCOUNT), clock.now()
    with transaction.atomic():
        row = enrolments.require_enrolment(seller)
        if running := row.trials.filter(state=TrialState.RUNNING).first():
            return running
        if row.state != EnrolmentState.APPLIED:
            raise NoTrialNow
        if row.terms_version != enrolments.TERMS_VERSION:
            raise enrolments.TermsNotAccepted(programme=_programme(), version=enrolments.TERMS_VERSION)
        zone = ship_zone_of(seller)
        most = policy.value("prime.trial.max_per_year", seller.store, at=at).value
        begun = [t.astimezone(zone).date() for t in row.trials.values_list("began_at", flat=True)]
        today = at.astimezone(zone).date()
        if not rules.may_try(begun, today=today, most_per_year=most):
            raise TooManyTrials(most=most)
        enrolments.require_ready(seller, at=at)
        days = policy.value("prime.trial.days", seller.store, at=at)
        trial = Trial(enrolment=row, began_at=at, policy_version=days.version)
        trial.judge_date = _judged_on(trial, seller, days=days.value, at=at)
        trial.save(force_insert=True)
        row.state, row.updated_at = EnrolmentState.TRIAL, at
        row.save(update_fields=["state", "updated_at"])
        enrolments.first_template(seller, at=at)
        about = {"day": trial.judge_date.isoformat()}
        history.record(actor=caller, verb="prime.trial_begun", subject=row, about=about, clause="B-PRIME-02", at=at)
    return trial


def judge_trial(*, trial_id: UUID) -> None:
    """At the end of its day: passed or failed, or later because of an event. Again, nothing changes."""
    found = Trial.objects.filter(pk=trial_id).values_list("enrolment_id", flat=True).first()
    if found is None:
        return
    at = clock.now()
    with transaction.atomic():
        row = Enrolment.objects.select_for_update(no_key=True).get(pk=found)
        trial = Trial.objects.filter(pk=trial_id, state=TrialState.RUNNING).first()
        if trial is None:
            return
        seller = row.seller
        days = policy.value("prime.trial.days", seller.store, at=trial.began_at).value
        trial.judge_date = _judged_on(trial, seller, days=days, at=at)
        if at.astimezone(ship_zone_of(seller)).date() <= trial.judge_date:
            trial.save(update_fields=["judge_date"])
            return
        measures = measured_in(trial, seller, at=at)
        passed = rules.is_passed(measures)
        trial.state = TrialState.PASSED if passed else TrialState.FAILED
        trial.judged_at, trial.measured = at, {m.code.value: [m.rate.good, m.rate.of, m.met] for m in measures}
        trial.save()
        row.state, row.updated_at = EnrolmentState.APPLIED, at
        row.save(update_fields=["state", "updated_at"])
        if passed and policy.value("prime.trial.automatic_enrolment", seller.store, at=at).value:
            enrolments.begin(row, at=at, version=trial.policy_version)
        verb = "prime.trial_passed" if passed else "prime.trial_failed"
        history.record(actor=None, verb=verb, subject=row, clause="B-PRIME-02", at=at)
        _tell(seller, key=f"trial:{trial.pk}", what=verb, more=())


def _judged_on(trial: Trial, seller: SellerAccount, *, days: int, at: datetime) -> date:
    last = trial.began_at.astimezone(ship_zone_of(seller)).date() + timedelta(days=days)
    events = [
        date.fromisoformat(str(e["first_day"])) for e in policy.value("prime.major_events", seller.store, at=at).value
    ]
    freeze = policy.value("prime.trial.event_freeze_days", seller.store, at=at).value
    return rules.judged_on(last, events=events, freeze_days=freeze)


def evaluate(*, enrolment_id: UUID) -> Notice | None:
    """One look a day at an active enrolment (B-PRIME-12). Where targets only inform, nothing follows."""
    at = clock.now()
    with transaction.atomic():
        row = Enrolment.objects.select_for_update(no_key=True).filter(pk=enrolment_id).first()
        if row is None or row.state != EnrolmentState.ACTIVE or (row.evaluated_on and row.evaluated_on >= at.date()):
            return None
        Enrolment.objects.filter(pk=row.pk).update(evaluated_on=at.date())
        seller = row.seller
        if not enrolments.is_enforced(seller, at=at):
            return None
        today = at.astimezone(ship_zone_of(seller)).date()
        defined = policy.value("prime.metrics.definitions", seller.store, at=at).value
        if defined["evaluated"] == "weekly" and today.weekday() != MONDAY:
            return None
        missed = _missed(row, at=at)
        consequences = policy.value("prime.metrics.consequences", seller.store, at=at)
        terms = policy.value("prime.metrics.notices", seller.store, at=at).value
        told = row.notices.filter(kind=NoticeKind.METRICS)
        if last := told.filter(step=Step.INELIGIBLE).order_by("-day").first():
            told = told.filter(made_at__gt=last.made_at)  # who was reinstated begins anew
        step = rules.after_evaluation(
            missed=missed,
            told=[rules.Told(n.day, n.exempt_until) for n in told],
            today=today,
            consequences=consequences.value,
            notices=terms,
            enforced=True,
        )
        if step is Step.NOTHING:
            return None
        notice = Notice(
            enrolment=row,
            kind=NoticeKind.METRICS,
            step=step,
            day=today,
            missed=[code.value for code in missed],
            exempt_until=today + timedelta(days=terms["exemption_days"]) if step is Step.EXEMPT else None,
            policy_version=consequences.version,
            made_at=at,
        )
        _write(notice, row, at=at)
    return notice


def record_size_error(caller: Caller, *, seller: SellerAccount, offer_id: str, why: str) -> Notice:
    """The operator found a product said to be smaller than it is; the second time can block (B-PRIME-05). Raises Denied,
    ReasonNeeded, NotFound, NotEnrolledSeller."""
    caller.require_role(Role.OPERATOR)
    words, at = paragraphs(why, limit=REASON_LIMIT), clock.now()
    if not words:
        raise ReasonNeeded
    offer = Offer.objects.filter(pk=as_id(offer_id), seller=seller).first()
    if offer is None:
        raise NotFound(what="offer")
    with transaction.atomic():
        row = Enrolment.objects.select_for_update(no_key=True).filter(seller=seller).first()
        if row is None or not row.is_running:
            raise NotEnrolledSeller(programme=_programme())
        consequences = policy.value("prime.metrics.consequences", seller.store, at=at)
        earlier = row.notices.filter(kind=NoticeKind.SIZE, offer=offer).count()
        notice = Notice(
            enrolment=row,
            kind=NoticeKind.SIZE,
            step=rules.after_size_error(earlier=earlier, consequences=consequences.value),
            day=at.astimezone(ship_zone_of(seller)).date(),
            why=words,
            offer=offer,
            author=caller.require_person(),
            policy_version=consequences.version,
            made_at=at,
        )
        _write(notice, row, at=at)
    return notice


def file_plan(caller: Caller, *, root_cause: str, steps: str) -> PlanOfAction:
    """A seller that is not eligible says what went wrong and what it does about it; one waits at a time: again, the one
    that waits. Raises Denied, NotEnrolled, PlanIncomplete, NothingToAppeal."""
    seller, at = caller.require_seller(Capability.EDIT_ACCOUNT), clock.now()
    cause, taken = paragraphs(root_cause, limit=PLAN_LIMIT), paragraphs(steps, limit=PLAN_LIMIT)
    if not cause or not taken:
        raise PlanIncomplete
    with transaction.atomic():
        row = enrolments.require_enrolment(seller)
        if waiting := row.plans.filter(state=PlanState.FILED).first():
            return waiting
        _until, may = appeal_of(row, at=at)
        if not may:
            days = policy.value("prime.metrics.consequences", seller.store, at=at).value.get("appeal_days")
            raise NothingToAppeal(days=days or "–")
        plan = PlanOfAction.objects.create(
            enrolment=row, root_cause=cause, steps=taken, author=caller.require_person(), filed_at=at
        )
        history.record(actor=caller, verb="prime.plan_filed", subject=row, clause="B-PRIME-12", at=at)
    return plan


def decide_plan(caller: Caller, *, plan_id: str | UUID, accept: bool, answer: str) -> PlanOfAction:
    """The operator accepts, and the seller is eligible again, or declines; decided once. Raises Denied, NotFound,
    ReasonNeeded."""
    caller.require_role(Role.OPERATOR)
    words, at = paragraphs(answer, limit=REASON_LIMIT), clock.now()
    if not words:
        raise ReasonNeeded
    found = PlanOfAction.objects.filter(pk=as_id(plan_id)).values_list("enrolment_id", flat=True).first()
    if found is None:
        raise NotFound(what="plan")
    with transaction.atomic():
        row = Enrolment.objects.select_for_update(no_key=True).get(pk=found)
        plan = PlanOfAction.objects.get(pk=as_id(plan_id))
        if plan.state != PlanState.FILED:
            return plan
        plan.state = PlanState.ACCEPTED if accept else PlanState.DECLINED
        plan.decided_at, plan.decided_by, plan.answer = at, caller.require_person(), words
        plan.save()
        verb = "prime.plan_accepted" if accept else "prime.plan_declined"
        history.record(actor=caller, verb=verb, subject=row, why=words, clause="B-PRIME-12", at=at)
        if accept and row.state == EnrolmentState.INELIGIBLE:
            kind = SanctionKind.ELIGIBILITY.value
            sanction = Sanction.objects.filter(seller=row.seller, kind=kind, lifted_at=None).first()
            if sanction:
                lift(caller, sanction_id=sanction.pk, reason=words)
            else:
                restore(row, at=at)
        _tell(row.seller, key=f"plan:{plan.pk}", what=verb, more=(words,))
    return plan


def _missed(row: Enrolment, *, at: datetime) -> list[Code]:
    """Targets missed; the month's number of parcels only after a month."""
    young = row.activated_at is None or row.activated_at > at - MONTH
    measures = performance_of(row.seller, at=at).measures
    return [m.code for m in measures if m.met is False and not (young and m.code is Code.PACKAGES)]


def _write(notice: Notice, row: Enrolment, *, at: datetime) -> None:
    try:
        with transaction.atomic():
            notice.save(force_insert=True)
    except IntegrityError:  # one a day
        return
    if notice.step == Step.INELIGIBLE:
        row.state, row.updated_at = EnrolmentState.INELIGIBLE, at
        row.save(update_fields=["state", "updated_at"])
        enrolments.end_trial(row, at=at)
    verb = {
        Step.NOTICE: "prime.notice_written",
        Step.EXEMPT: "prime.exemption_begun",
        Step.INELIGIBLE: "prime.became_ineligible",
    }[Step(notice.step)]
    clause = "B-PRIME-12" if notice.step == Step.INELIGIBLE else "B-PRIME-05"
    about = {
        "missed": ", ".join(notice.missed),
        "until": notice.exempt_until.isoformat() if notice.exempt_until else "",
    }
    history.record(
        actor=None, verb=verb, subject=row, about=about, why=notice.why, clause=clause,
        policy_version=notice.policy_version, at=at,
    )  # fmt: skip
    _tell(row.seller, key=f"notice:{notice.pk}", what=verb, more=(notice.why,))


def _programme() -> str:
    return str(name_of("prime"))


def _tell(seller: SellerAccount, *, key: str, what: str, more: tuple[str, ...]) -> None:
    owner = owner_of(seller)
    if owner is None:
        return
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        said = {
            "prime.trial_passed": _("Your trial of %(programme)s is passed"),
            "prime.trial_failed": _("Your trial of %(programme)s did not reach its targets"),
            "prime.notice_written": _("A notice about your %(programme)s orders"),
            "prime.exemption_begun": _("Your second chance in %(programme)s begins"),
            "prime.became_ineligible": _("Your account is not eligible for %(programme)s any more"),
            "prime.plan_accepted": _("Your plan of action for %(programme)s is accepted"),
            "prime.plan_declined": _("Your plan of action for %(programme)s is declined"),
        }[what] % {"programme": _programme()}
        going_on = _("The page shows each figure, what it rests on, and what you can do.")
        link = f"{settings.FONDACO_BASE_URL}{url_or_none('fulfilment:prime') or ''}"
        text = "\n\n".join(part for part in (said + ".", *more, going_on, link) if part)
        outbox.post(to=owner.email, subject=said, text=text, key=key)
