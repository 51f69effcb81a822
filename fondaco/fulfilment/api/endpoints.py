"""Enrolment, order volume, offers of the programme, promises and rates for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from fondaco.api import Limit, PageOut, answers, paged
from fondaco.catalogue.models import Offer
from fondaco.engine import clock
from fondaco.fulfilment.operations import enrolment as enrolments
from fondaco.fulfilment.operations import items, standing, volume
from fondaco.fulfilment.queries.metrics import performance_of
from fondaco.fulfilment.queries.programme import Programme, offers_of, programme_of, why_no_badge
from fondaco.fulfilment.queries.sides import WEEKDAYS, Side, sides
from fondaco.fulfilment.queries.standing import standing_of
from fondaco.fulfilment.rules.metrics import Measure
from fondaco.kit.diagnosis import State
from fondaco.kit.errors import NotFound
from fondaco.orders import delivery
from fondaco.policy import store_of
from fondaco.sellers.access import Request
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.queries import as_id
from fondaco.sellers.rules import Capability
from fondaco.web.paging import page_of

router = Router(tags=["fulfilment"])


class DayOut(Schema):
    ship_date: date
    taken: int


class SanctionOut(Schema):
    kind: str
    sku: str
    reason: str
    made_at: datetime


class EnrolmentOut(Schema):
    """How the account stands in the programme."""

    state: str = Field(description="`applied`, `trial`, `active`, `disabled`, `ineligible`, or empty: never applied.")
    terms_version: str
    current_terms_version: str
    orders_per_day: int | None
    is_all_off: bool
    cutoffs: dict[str, str] = Field(description="By weekday, on the ship-from clock; what is empty is as published.")
    published_cutoffs: dict[str, str]
    days: list[DayOut]
    enrolled: int
    suspended: int
    sanctions: list[SanctionOut]
    trial_judged_after: date | None
    may_file_plan: bool


class ApplyIn(Schema):
    accepted_version: str


class VolumeIn(Schema):
    """What is left out of the cut-offs is as published."""

    orders_per_day: int | None
    cutoffs: dict[str, str] = Field(default_factory=dict)


class SwitchIn(Schema):
    off: bool


class PlanIn(Schema):
    root_cause: str
    steps: str


class OfferOut(Schema):
    """One offer. `suspensions` say why an enrolled one is not sold by the programme's rules now."""

    id: str
    sku: str
    asin: str
    units: int
    state: str
    suspensions: list[str]


class CheckOut(Schema):
    code: str
    is_met: bool
    question: str
    fix: str
    clause: str


class BadgeOut(Schema):
    """“Badge not showing”: every question with its answer."""

    is_shown: bool
    checks: list[CheckOut]


class OptionOut(Schema):
    speed: str
    price_minor: int
    ship_by: date
    promised_date: date
    is_guaranteed: bool
    clause: str


class PromiseOut(Schema):
    """What one offer can have at one address. Nobody is refused for a ZIP; `clause` says why there are no options."""

    place: str
    is_zip_known: bool
    is_prime: bool
    has_badge: bool
    clause: str
    currency: str
    options: list[OptionOut]
    policy_version: str


class RateOut(Schema):
    """Shares are hundredths of a percent; `parcels` is a number."""

    code: str
    good: int
    of: int
    value: int | None
    least: int | None
    most: int | None
    is_met: bool | None
    clause: str
    policy_version: str


class MetricsOut(Schema):
    """`mode`: what missed targets lead to, `inform` or `enforce`."""

    days: int
    mode: str
    rates: list[RateOut]
    speeds: dict[str, dict[str, RateOut]] = Field(description="By size tier: promised within one, two, five days.")


@router.get("/enrolment", response=answers(EnrolmentOut), summary="How the account stands in the programme")
def enrolment(request: Request) -> dict[str, Any]:
    return _standing(request)


@router.post("/enrolment", response=answers(EnrolmentOut), summary="Accept the requirements and apply")
def apply(request: Request, body: ApplyIn) -> dict[str, Any]:
    """The same version again changes nothing."""
    enrolments.apply(request.caller, accepted_version=body.accepted_version)
    return _standing(request)


@router.post("/enrolment/activation", response=answers(EnrolmentOut), summary="Begin")
def activate(request: Request) -> dict[str, Any]:
    """Refused without a daily limit, by policy. Again, nothing changes."""
    enrolments.activate(request.caller)
    return _standing(request)


@router.post("/enrolment/trial", response=answers(EnrolmentOut), summary="Begin a trial")
def trial(request: Request) -> dict[str, Any]:
    """One at a time: again, the running one."""
    standing.begin_trial(request.caller)
    return _standing(request)


@router.post("/enrolment/plan-of-action", response=answers(EnrolmentOut), summary="Ask to be eligible again")
def plan(request: Request, body: PlanIn) -> dict[str, Any]:
    """One waits at a time: again, that one."""
    standing.file_plan(request.caller, root_cause=body.root_cause, steps=body.steps)
    return _standing(request)


@router.delete("/enrolment", response=answers(EnrolmentOut), summary="Leave the programme")
def leave(request: Request) -> dict[str, Any]:
    """Open orders and returns go on. Again, nothing changes."""
    enrolments.leave(request.caller)
    return _standing(request)


@router.put("/volume", response=answers(EnrolmentOut), summary="Orders a ship day, and cut-offs")
def control(request: Request, body: VolumeIn) -> dict[str, Any]:
    cutoffs = {day: body.cutoffs.get(day, "") for day in WEEKDAYS}
    volume.control_volume(request.caller, limit_per_day=body.orders_per_day, cutoffs=cutoffs)
    return _standing(request)


@router.put("/volume/switch", response=answers(EnrolmentOut), summary="All programme offers off, or on")
def switch(request: Request, body: SwitchIn) -> dict[str, Any]:
    volume.switch_all(request.caller, off=body.off)
    return _standing(request)


@router.get("/offers", response=answers(PageOut[OfferOut]), summary="Offers that are or could be in the programme")
def offers(request: Request, limit: Limit = 50) -> dict[str, Any]:
    page = page_of(offers_of(request.caller), request=request, order=("-id",), size=limit)
    behind = sides(page.items, at=clock.now())
    return paged(page, lambda offer: _offer(behind[offer.pk]))


@router.put("/offers/{offer_id}", response=answers(OfferOut), summary="Enrol an offer")
def enrol(request: Request, offer_id: str) -> dict[str, Any]:
    """Again, nothing changes."""
    items.enrol(request.caller, offer_id=offer_id)
    return _one_offer(request, offer_id)


@router.delete("/offers/{offer_id}", response=answers(OfferOut), summary="Take an offer out of the programme")
def remove(request: Request, offer_id: str) -> dict[str, Any]:
    """It is sold on without. Again, nothing changes."""
    items.remove(request.caller, offer_id=offer_id)
    return _one_offer(request, offer_id)


@router.get("/offers/{offer_id}/badge", response=answers(BadgeOut), summary="Why a badge is not shown")
def badge(request: Request, offer_id: str, zip: str = "43215", member: bool = True) -> dict[str, Any]:
    zip_code = zip.replace("\0", "").strip()[:20]
    _offer_row, diagnosis, _side = why_no_badge(
        request.caller, offer_id, zip_code=zip_code, member=member, at=clock.now()
    )
    checks = [
        {
            "code": found.check.code,
            "is_met": found.outcome.state is State.PASSED,
            "question": _(found.check.question),
            "fix": _(found.outcome.fix) % dict(found.outcome.evidence) if found.outcome.fix else "",
            "clause": found.check.clause,
        }
        for found in diagnosis.results
    ]
    return {"is_shown": not diagnosis.faults, "checks": checks}


@router.get("/promise", response=answers(PromiseOut), summary="What delivery an offer can have at an address")
def promise(
    request: Request,
    offer: str,
    zip: str = "",
    street: str = "",
    city: str = "",
    state: str = "",
    country: str = "",
    quantity: int = 1,
) -> dict[str, Any]:
    """For the caller, as a member or not. A wrong or unknown ZIP is served as standard, without guarantee (Q-35)."""
    found = Offer.objects.select_related("product", "seller__ship_from").filter(pk=as_id(offer)).first()
    if found is None:
        raise NotFound(what="offer")
    address = PostalAddress(
        street=_text(street, 200),
        city=_text(city, 100),
        region=_text(state, 40),
        postal_code=_text(zip, 20),
        country=_text(country, 2) or store_of(found.store).country,
    )
    wanted = [delivery.Wanted(found, max(1, min(quantity, 999)))]
    (choices,) = delivery.provider().choices(wanted, address=address, person=request.caller.person, at=clock.now())
    return {
        "place": choices.place,
        "is_zip_known": choices.address_known,
        "is_prime": choices.is_prime,
        "has_badge": choices.has_badge,
        "clause": choices.clause,
        "currency": found.currency,
        "policy_version": choices.policy_version,
        "options": [
            {
                "speed": str(o.speed),
                "price_minor": o.price_minor,
                "ship_by": o.ship_by,
                "promised_date": o.promised_date,
                "is_guaranteed": o.guaranteed,
                "clause": o.clause,
            }
            for o in choices.options
        ],
    }


@router.get("/metrics", response=answers(MetricsOut), summary="The account's rates against the targets")
def metrics(request: Request) -> dict[str, Any]:
    found = performance_of(request.caller.require_seller(Capability.VIEW), at=clock.now())
    return {
        "days": found.days,
        "mode": found.mode,
        "rates": [_rate(each) for each in found.measures],
        "speeds": {str(tier): {name: _rate(each) for name, each in rows} for tier, rows in found.speeds},
    }


def _standing(request: Request) -> dict[str, Any]:
    at = clock.now()
    found: Programme = programme_of(request.caller, at=at)
    row, limits = found.enrolment, found.volume
    stands = standing_of(row, at=at) if row else None
    return {
        "state": row.state if row else "",
        "terms_version": row.terms_version if row else "",
        "current_terms_version": enrolments.TERMS_VERSION,
        "orders_per_day": limits.limit_per_day if limits else None,
        "is_all_off": bool(limits and limits.all_off_since),
        "cutoffs": found.cutoffs,
        "published_cutoffs": found.published_cutoffs,
        "days": [{"ship_date": day.ship_date, "taken": day.taken} for day in found.days],
        "enrolled": found.enrolled,
        "suspended": found.suspended,
        "sanctions": [
            {"kind": s.kind, "sku": s.offer.sku if s.offer else "", "reason": s.reason, "made_at": s.made_at}
            for s in found.sanctions
        ],
        "trial_judged_after": stands.trial.judge_date if stands and stands.trial else None,
        "may_file_plan": bool(stands and stands.may_appeal),
    }


def _one_offer(request: Request, offer_id: str) -> dict[str, Any]:
    found = offers_of(request.caller).filter(pk=as_id(offer_id)).first()
    if found is None:
        raise NotFound(what="offer")
    return _offer(sides([found], at=clock.now())[found.pk])


def _offer(side: Side) -> dict[str, Any]:
    reasons = [str(reason) for reason in side.suspensions]
    state = ("suspended" if reasons else "enrolled") if side.is_in_programme else ""
    return {
        "id": str(side.offer.pk),
        "sku": side.offer.sku,
        "asin": side.offer.product.asin,
        "units": side.offer.units_sellable,
        "state": state,
        "suspensions": reasons,
    }


def _rate(each: Measure) -> dict[str, Any]:
    target = each.target
    return {
        "code": str(each.code),
        "good": each.rate.good,
        "of": each.rate.of,
        "value": each.value,
        "least": target.least if target else None,
        "most": target.most if target else None,
        "is_met": each.met,
        "clause": each.clause,
        "policy_version": target.version if target else "",
    }


def _text(given: str, limit: int) -> str:
    return given.replace("\0", "").strip()[:limit]
