"""A seller enters and leaves the programme (PRIME-01, 27…29)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history, policy
from fondaco.engine import clock
from fondaco.fulfilment.models import Enrolment, ShippingTemplate, TemplateOption, Trial, VolumeControl
from fondaco.fulfilment.queries.prequalify import prequalification_of
from fondaco.fulfilment.rules.enrolment import EnrolmentState
from fondaco.fulfilment.rules.promise import Speed
from fondaco.fulfilment.rules.standing import TrialState
from fondaco.kit.errors import Refusal
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability
from fondaco.web.programmes import name_of

TERMS_VERSION = "2026-01"
"""The wording on the enrolment page; a new wording is a new version, and is accepted anew."""

#: What a seller begins with: Table A's two-day delivery, and standard for everybody.
FIRST_OPTIONS = (
    (Speed.TWO_DAY, 2, 799, 0, ["contiguous"]),
    (Speed.STANDARD, 5, 0, 0, ["contiguous", "alaska_hawaii", "unincorporated", "military"]),
)


class TermsNotAccepted(Refusal):
    CODE = "prime_terms_not_accepted"
    WORDS = N_("Joining %(programme)s needs your acceptance of its requirements, as they stand today.")
    FIX = N_("Read them and tick the box.")
    CLAUSE = "PRIME-01"


class LimitNeeded(Refusal):
    CODE = "prime_limit_needed"
    WORDS = N_("%(programme)s cannot be active without a daily order limit.")
    FIX = N_("Set how many %(programme)s orders you can ship a day, under “Control order volume”.")
    CLAUSE = "PRIME-28"


class NotEligible(Refusal):
    CODE = "prime_not_eligible"
    WORDS = N_("This account is not eligible for %(programme)s at present.")
    FIX = N_("Read the notice on this page; it says why and how to appeal.")
    CLAUSE = "PRIME-03"


class ShipFromNeeded(Refusal):
    CODE = "prime_ship_from_needed"
    WORDS = N_("Choose the address from which you ship first: its clock decides cut-offs and dates.")
    FIX = N_("Settings → Account info → Addresses.")
    CLAUSE = "B-PRIME-01"


class NotQualified(Refusal):
    CODE = "prime_not_qualified"
    WORDS = N_("The account does not meet the requirements for %(programme)s yet.")
    FIX = N_("The page shows each requirement and what was measured.")
    CLAUSE = "B-PRIME-01"


class TrialNeeded(Refusal):
    CODE = "prime_trial_needed"
    WORDS = N_("%(programme)s begins with a trial here; no trial of this account is passed.")
    FIX = N_("Begin the trial on this page.")
    CLAUSE = "B-PRIME-02"


class NotEnrolled(Refusal):
    CODE = "prime_not_enrolled"
    WORDS = N_("This account has not applied for %(programme)s.")
    FIX = N_("Start enrolment first.")
    CLAUSE = "PRIME-01"


def apply(caller: Caller, *, accepted_version: str) -> Enrolment:
    """Apply, accepting the requirements; again with the same version, nothing changes. Raises TermsNotAccepted,
    NotEligible, SellerRequired, Denied."""
    seller, person = caller.require_seller(Capability.EDIT_ACCOUNT), caller.require_person()
    if accepted_version != TERMS_VERSION:
        raise TermsNotAccepted(programme=_programme(), version=TERMS_VERSION)
    at = clock.now()
    with transaction.atomic():
        found = _locked(seller)
        if found is not None:
            if found.state == EnrolmentState.INELIGIBLE:
                raise NotEligible(programme=_programme())
            if found.state != EnrolmentState.DISABLED and found.terms_version == accepted_version:
                return found
        row = found or Enrolment(seller=seller)
        row.state = row.state if found and found.is_running else EnrolmentState.APPLIED
        row.terms_version, row.terms_accepted_at, row.terms_accepted_by = accepted_version, at, person
        row.updated_at = at
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:  # the same form, sent twice at once
            return Enrolment.objects.get(seller=seller)
        about = {"terms_version": accepted_version}
        history.record(actor=caller, verb="prime.terms_accepted", subject=row, about=about, clause="PRIME-01", at=at)
    return row


def activate(caller: Caller) -> Enrolment:
    """Begin: needs accepted terms, a ship-from address and, by policy, a daily limit. Raises NotEnrolled, LimitNeeded,
    NotEligible, ShipFromNeeded, TermsNotAccepted, NotQualified and TrialNeeded (only while metrics are enforced)."""
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    at = clock.now()
    with transaction.atomic():
        row = require_enrolment(seller)
        if row.state == EnrolmentState.ACTIVE:
            return row
        if row.state == EnrolmentState.INELIGIBLE:
            raise NotEligible(programme=_programme())
        if row.terms_version != TERMS_VERSION:
            raise TermsNotAccepted(programme=_programme(), version=TERMS_VERSION)
        version = require_ready(seller, at=at)
        if row.state == EnrolmentState.TRIAL or (is_enforced(seller, at=at) and not _has_passed(row)):
            raise TrialNeeded(programme=_programme())
        begin(row, at=at, version=version)
        history.record(
            actor=caller, verb="prime.activated", subject=row, clause="PRIME-28", policy_version=version, at=at
        )
    return row


def require_ready(seller: SellerAccount, *, at: datetime) -> str:
    """What a trial and an enrolment need beforehand; the policy version of the limit's rule. Raises LimitNeeded,
    ShipFromNeeded, NotQualified (only while metrics are enforced)."""
    needed = policy.value("prime.limit.required", seller.store, at=at)
    volume = VolumeControl.objects.filter(seller=seller).first()
    if needed.value and (volume is None or volume.limit_per_day is None):
        raise LimitNeeded(programme=_programme(), policy_version=needed.version)
    if seller.ship_from_id is None:
        raise ShipFromNeeded
    if is_enforced(seller, at=at) and not prequalification_of(seller, at=at).passes:
        raise NotQualified(programme=_programme())
    return needed.version


def is_enforced(seller: SellerAccount, *, at: datetime) -> bool:
    """Whether missed targets have consequences in the seller's store (`prime.metrics.mode`)."""
    return bool(policy.value("prime.metrics.mode", seller.store, at=at).value == "enforce")


def leave(caller: Caller) -> Enrolment:
    """End the enrolment oneself: no offer is Prime any more; orders and returns go on. Again, nothing changes."""
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    at = clock.now()
    with transaction.atomic():
        row = require_enrolment(seller)
        if row.is_running or row.state == EnrolmentState.APPLIED:
            row.state, row.updated_at = EnrolmentState.DISABLED, at
            row.save(update_fields=["state", "updated_at"])
            end_trial(row, at=at)
            history.record(actor=caller, verb="prime.left", subject=row, at=at)
    return row


def require_enrolment(seller: SellerAccount) -> Enrolment:
    """The account's enrolment, locked. Raises NotEnrolled."""
    row = _locked(seller)
    if row is None:
        raise NotEnrolled(programme=_programme())
    return row


def _locked(seller: SellerAccount) -> Enrolment | None:
    return Enrolment.objects.select_for_update(no_key=True).filter(seller=seller).first()


def end_trial(row: Enrolment, *, at: datetime) -> None:
    """A running trial ends without a verdict."""
    Trial.objects.filter(enrolment=row, state=TrialState.RUNNING.value).update(
        state=TrialState.ENDED.value, judged_at=at
    )


def _has_passed(row: Enrolment) -> bool:
    return Trial.objects.filter(enrolment=row, state=TrialState.PASSED.value).exists()


def begin(row: Enrolment, *, at: datetime, version: str) -> None:
    """The locked enrolment is active from now on."""
    row.state, row.activated_at, row.policy_version, row.updated_at = EnrolmentState.ACTIVE, at, version, at
    row.save(update_fields=["state", "activated_at", "policy_version", "updated_at"])
    first_template(row.seller, at=at)


def first_template(seller: SellerAccount, *, at: datetime) -> None:
    """What an account without a shipping template begins with."""
    if ShippingTemplate.objects.filter(seller=seller, removed_at=None).exists():
        return
    template = ShippingTemplate.objects.create(seller=seller, name=_programme()[:80], is_default=True, updated_at=at)
    TemplateOption.objects.bulk_create(
        TemplateOption(template=template, speed=s.value, transit_days=d, price_minor=p, further_minor=f, regions=r)
        for s, d, p, f, r in FIRST_OPTIONS
    )


def _programme() -> str:
    return str(name_of("prime"))
