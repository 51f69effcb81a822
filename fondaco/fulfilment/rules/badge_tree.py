"""“Prime badge not showing” (PRIME-18): the questions, in the order in which a seller can mend them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from fondaco.fulfilment.rules.enrolment import Suspension
from fondaco.fulfilment.rules.marked import _
from fondaco.kit.diagnosis import Check, Diagnosis, Link, Mode, Outcome, failed, passed, run


@dataclass(frozen=True, slots=True)
class BadgeCase:
    """One offer as one kind of buyer at one address sees it. `enrolment`: the account's state, empty without one."""

    enrolment: str
    offer_status: str
    is_sanctioned: bool
    is_enrolled: bool
    suspensions: tuple[Suspension, ...]
    is_eligible: bool
    address_known: bool
    days: int | None
    most_days: int
    audience: str
    is_member: bool
    sku: str = ""
    restock_date: date | None = None
    limit: int | None = None
    taken: int = 0
    trial_shows_badge: bool = False


def diagnose(case: BadgeCase) -> Diagnosis:
    """Every question is asked: the seller mends all in one go."""
    return run(CHECKS, case, mode=Mode.ALL)


def _account(case: BadgeCase) -> Outcome:
    if case.enrolment == "active":
        return passed()
    if case.enrolment == "trial":
        if case.trial_shows_badge:
            return passed()
        return failed(
            message=_("The account is on trial: no badge is shown until the trial is passed."),
            fix=_("Nothing is to be mended: look at how the trial goes."),
            link=_PROGRAMME,
        )
    if case.enrolment == "ineligible":
        return failed(
            message=_("The marketplace took the account's eligibility away."),
            fix=_("Read the notice; it says why and how to appeal."),
            link=_PROGRAMME,
        )
    return failed(fix=_("Finish enrolment: accept the requirements, set a daily limit, activate."), link=_PROGRAMME)


def _offer(case: BadgeCase) -> Outcome:
    if case.is_sanctioned:
        return failed(
            message=_("The marketplace removed this offer."), fix=_("Read the notice and appeal."), link=_PROGRAMME
        )
    if case.offer_status != "active":
        return failed(fix=_("Take the offer up again."), link=Link("catalogue:inventory", label=_("Inventory")))
    return passed()


def _enrolled(case: BadgeCase) -> Outcome:
    return passed() if case.is_enrolled else failed(fix=_("Enrol the offer."), link=_ITEMS)


def _not(reason: Suspension, fix: str, link: Link) -> Callable[[BadgeCase], Outcome]:
    def test(case: BadgeCase) -> Outcome:
        if reason not in case.suspensions:
            return passed()
        evidence = {
            "restock_date": case.restock_date.isoformat() if case.restock_date else "",
            "taken": case.taken,
            "limit": case.limit or 0,
        }
        return failed(fix=fix, link=link, evidence=evidence)

    return test


def _address(case: BadgeCase) -> Outcome:
    if case.is_eligible:
        return passed()
    return failed(fix=_("Military and foreign addresses are not served; try another ZIP."))


def _speed(case: BadgeCase) -> Outcome:
    if case.days is not None and case.days <= case.most_days:
        return passed()
    evidence = {"days": case.days if case.days is not None else 0, "most": case.most_days}
    return failed(
        message=_("The fastest delivery there takes %(days)s days; the badge is shown up to %(most)s."),
        fix=_("Offer faster delivery there: more regions, weekend days, a later cut-off."),
        link=Link("fulfilment:templates", label=_("Shipping templates")),
        evidence=evidence,
    )


def _buyer(case: BadgeCase) -> Outcome:
    if case.is_member or case.audience != "members":
        return passed()
    return failed(
        message=_("Only members of the programme see the badge."),
        fix=_("Nothing is to be mended: look as a member."),
    )


_PROGRAMME = Link("fulfilment:prime", label=_("Enrolment"))
_ITEMS = Link("fulfilment:prime_items", label=_("Enrolled offers"))
_VOLUME = Link("fulfilment:prime", label=_("Control order volume"))
_INVENTORY = Link("catalogue:inventory", label=_("Inventory"))

CHECKS = (
    Check("account", _("Is the account's enrolment active?"), _account, clause="PRIME-28"),
    Check("offer", _("Can the offer be bought?"), _offer, clause="PRIME-03"),
    Check("enrolled", _("Is the offer enrolled?"), _enrolled, clause="PRIME-01"),
    Check(
        "duplicate",
        _("Is it the only offer of its kind?"),
        _not(Suspension.DUPLICATE, _("Close the identical offer."), _INVENTORY),
        clause="PRIME-51",
    ),
    Check(
        "stock",
        _("Is it in stock?"),
        _not(Suspension.OUT_OF_STOCK, _("Set the quantity above zero."), _INVENTORY),
        clause="PRIME-54",
    ),
    Check(
        "restock",
        _("Is there no restock date in the future?"),
        _not(Suspension.RESTOCK_DATE, _("Take the restock date away when the goods are there."), _INVENTORY),
        clause="PRIME-53",
    ),
    Check(
        "switched_on",
        _("Are the offers switched on?"),
        _not(Suspension.ALL_OFF, _("Switch them on again under “Control order volume”."), _VOLUME),
        clause="B-PRIME-10",
    ),
    Check(
        "limit",
        _("Is there room under the day's limit?"),
        _not(
            Suspension.LIMIT_REACHED,
            _("%(taken)s of %(limit)s orders are taken: wait for the cut-off, or raise the limit."),
            _VOLUME,
        ),
        clause="B-PRIME-10",
    ),
    Check("address", _("Is the address served?"), _address, clause="PRIME-08"),
    Check("speed", _("Is it delivered there fast enough?"), _speed, clause="PRIME-14"),
    Check("buyer", _("Does this kind of buyer see badges?"), _buyer, clause="B-PRIME-11"),
)
