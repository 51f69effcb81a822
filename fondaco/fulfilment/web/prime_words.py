"""Words of the programme's pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fondaco.fulfilment.rules.enrolment import EnrolmentState, ItemState, SanctionKind, Suspension
from fondaco.fulfilment.rules.parcels import SizeTier
from fondaco.fulfilment.rules.standing import NoticeKind, PlanState, Step, TrialState

STATES = {
    EnrolmentState.APPLIED.value: _("Applied"),
    EnrolmentState.TRIAL.value: _("On trial"),
    EnrolmentState.ACTIVE.value: _("Active"),
    EnrolmentState.DISABLED.value: pgettext_lazy("has gone", "Left"),
    EnrolmentState.INELIGIBLE.value: _("Not eligible"),
}
STATE_TONES = {"applied": "progress", "trial": "progress", "active": "good", "disabled": "neutral", "ineligible": "bad"}

ITEM_STATES = {
    ItemState.ENROLLED.value: _("Enrolled"),
    ItemState.SUSPENDED.value: _("Suspended"),
    "": _("Not enrolled"),
}
SHOW = {"": _("All"), "enrolled": _("In the programme"), "others": _("Not in the programme")}

SUSPENSIONS = {
    Suspension.OUT_OF_STOCK.value: _("out of stock"),
    Suspension.RESTOCK_DATE.value: _("restock date in the future"),
    Suspension.LIMIT_REACHED.value: _("daily limit reached"),
    Suspension.DUPLICATE.value: _("identical offer"),
    Suspension.ALL_OFF.value: _("all offers switched off"),
    Suspension.SELLER_NOT_ACTIVE.value: _("enrolment not active"),
    Suspension.OFFER_CLOSED.value: _("offer closed or removed"),
}

TRIAL_STATES = {
    TrialState.RUNNING.value: _("Running"),
    TrialState.PASSED.value: _("Passed"),
    TrialState.FAILED.value: _("Not passed"),
    TrialState.ENDED.value: _("Ended early"),
}
TRIAL_TONES = {"running": "progress", "passed": "good", "failed": "bad", "ended": "neutral"}
PLAN_STATES = {
    PlanState.FILED.value: _("Waiting for the marketplace"),
    PlanState.ACCEPTED.value: _("Accepted"),
    PlanState.DECLINED.value: _("Declined"),
}
PLAN_TONES = {"filed": "progress", "accepted": "good", "declined": "bad"}
NOTICE_KINDS = {NoticeKind.METRICS.value: _("Missed targets"), NoticeKind.SIZE.value: _("Size said wrong")}
NOTICE_STEPS = {
    Step.NOTICE.value: _("Notice"),
    Step.EXEMPT.value: _("Exemption"),
    Step.INELIGIBLE.value: _("Not eligible"),
}

SANCTIONS = {
    SanctionKind.OFFERS.value: _("Offer removed"),
    SanctionKind.ELIGIBILITY.value: _("Eligibility removed"),
    SanctionKind.SELLING.value: _("Selling privileges removed"),
}

WEEKDAYS = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}

MEASURED = {
    "plan": _("Selling plan"),
    "ship_from": _("Country of the ship-from address"),
    "packages": _("Packages sent"),
    "cancellations": _("Orders cancelled"),
    "tracking": _("Packages with valid tracking"),
    "late_shipment": _("Packages sent late"),
}

SEE_ENROL = _("How to enrol")
SEE_OVERVIEW = _("Programme overview")
SEE_MAINTAIN = _("Maintain enrolment")
SEE_PROCESS = _("Process orders")
SEE_CLAIMS = _("Reimbursement claims")
SEE_CHANGES = _("Questions about recent changes")

REGIONS = {
    "contiguous": _("Contiguous states and DC"),
    "alaska_hawaii": _("Alaska and Hawaii"),
    "unincorporated": _("Territories"),
    "military": _("APO, FPO, DPO"),
    "international": _("Other countries"),
}

TIERS = {
    SizeTier.STANDARD: _("Standard size"),
    SizeTier.OVERSIZE: _("Oversize"),
    SizeTier.EXTRA_LARGE: _("Extra-large"),
}

PLANS = {"professional": _("Professional"), "individual": _("Individual"), "any": _("Any")}
