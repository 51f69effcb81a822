"""Why is there no picture? Two trees of questions about stored facts (IMG-08…15 and IMG-23…28).

The seed walks a seller through five clicks and a guess at the time; here the system answers each question itself and
shows where it stands. A tree ends in a fix, in a time to look again, or in a technical case that carries the steps
already taken. Plain Python: the caller gathers `MissingImage`, whose reasons come in the reader's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from fondaco.catalogue.rules.marked import _
from fondaco.catalogue.rules.states import WAITING, ImageState
from fondaco.kit.diagnosis import Check, Diagnosis, Link, Outcome, State, failed, passed, run, unknown, waiting
from fondaco.kit.findings import Finding, Severity


class Method(StrEnum):
    """How the seller manages products: it decides which tree is walked (IMG-02)."""

    PORTAL = "portal"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Reason:
    """One known reason: its code, and the sentences for it in the reader's language."""

    code: str
    words: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """The seller's picture for the product that matters most: the main one if there is one, else the newest."""

    state: ImageState
    variant: str
    submitted_at: datetime
    due_at: datetime
    reasons: tuple[Reason, ...] = ()
    selection: Mapping[str, Any] = field(default_factory=dict)
    batch_number: str = ""

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING or self.state is ImageState.ELIGIBLE


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """The inventory file by which the picture came: its errors for this product, and whether it is done."""

    number: str
    is_done: bool
    submitted_at: datetime
    stuck_at: datetime | None = None
    errors: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class MissingImage:
    """Everything the trees ask. `page_shows` is `own`, `other` or "" for a page without a picture."""

    asin: str
    title: str
    method: Method
    now: datetime
    has_offer: bool
    page_shows: str
    submission: Submission | None = None
    batch: BatchFacts | None = None


@dataclass(frozen=True, slots=True)
class PrefilledCase:
    """What a technical case begins with (IMG-29…31): the steps taken, the method, the batch, the product."""

    case_type: str
    method: str
    batch_number: str
    asins: tuple[str, ...]
    steps: tuple[dict[str, Any], ...]


def diagnose(facts: MissingImage) -> Diagnosis:
    """Walk the tree of the method that the seller uses."""
    return run(PORTAL_TREE if facts.method is Method.PORTAL else FEED_TREE, facts)


def prefilled_case(facts: MissingImage, diagnosis: Diagnosis) -> PrefilledCase:
    """The case that the end of a tree opens, with every question that was asked and its answer."""
    batch = facts.batch.number if facts.batch else (facts.submission.batch_number if facts.submission else "")
    return PrefilledCase(
        case_type="missing_image",
        method=str(facts.method),
        batch_number=batch if facts.method is Method.FEED else "",
        asins=(facts.asin,),
        steps=tuple(result.as_dict() for result in diagnosis.results),
    )


def leads_to_case(diagnosis: Diagnosis) -> bool:
    """Whether the tree ends with technical support."""
    conclusion = diagnosis.conclusion
    return (
        conclusion is not None
        and conclusion.outcome.link is not None
        and conclusion.outcome.link.name == "cases:contact"
    )


# ---------------------------------------------------------------- portal


def _inventory(facts: MissingImage) -> Outcome:
    if facts.has_offer:
        return passed(message=_("You sell this product: it stands in Manage Inventory."))
    return failed(
        message=_("You have no offer on %(asin)s, so it is not in Manage Inventory."),
        fix=_("Check the ASIN, or add the product first."),
        link=Link("catalogue:inventory", label=_("Manage Inventory")),
        evidence={"asin": facts.asin},
    )


def _located(facts: MissingImage) -> Outcome:
    return passed(message=_("Found: %(title)s"), evidence={"title": facts.title, "asin": facts.asin})


def _detail_page(facts: MissingImage) -> Outcome:
    return Outcome(
        State.PASSED,
        message=_("Its detail page is there."),
        link=Link("catalogue:product", {"asin": facts.asin}, label=_("Open the detail page")),
    )


def _shown(facts: MissingImage) -> Outcome:
    if facts.page_shows == "own":
        return passed(ends=True, message=_("Yes: the page shows your picture. Nothing is missing."))
    if facts.page_shows == "other" and facts.submission is None:
        return passed(
            ends=True,
            message=_("Yes: the page shows a picture of another contributor. You may choose not to upload one."),
        )
    if facts.page_shows == "other":
        return passed(message=_("Yes, but it is the picture of another contributor, not yours."))
    return failed(message=_("No: the page has no picture."), goes_on=True)


def _submitted(facts: MissingImage) -> Outcome:
    if facts.submission is not None:
        return passed(
            message=_("Yes: a picture for the slot %(slot)s was submitted."),
            evidence={"slot": facts.submission.variant, "submitted_at": facts.submission.submitted_at},
        )
    return failed(
        message=_("No picture of yours is on its way or on file for this product."),
        fix=_("Submit a picture in Manage Images."),
        link=_manage_images(facts),
    )


def _had_time(facts: MissingImage) -> Outcome:
    """Q-16: the stored time of submission counts, not the seller's memory. What is known already is told already."""
    submission = _submission(facts)
    evidence = {"submitted_at": submission.submitted_at, "due_at": submission.due_at}
    if facts.now > submission.due_at or submission.state is ImageState.NOT_SELECTED:
        return passed(message=_("The time in which a picture appears is over."), evidence=evidence)
    if not submission.reasons:
        message = _("The picture is still being processed. Check again after the time below.")
        return waiting(until=submission.due_at, message=message, evidence=evidence)
    return Outcome(
        State.WAITING,
        decisive=True,
        until=submission.due_at,
        message=_("Check again after the time below. One thing is known already: %(known)s"),
        evidence={**evidence, **_known(submission.reasons)},
        finding=_finding(submission.reasons[0]),
        fix="%(fixes)s",
        link=_manage_images(facts),
    )


def _standards(facts: MissingImage) -> Outcome:
    """IMG-13, IMG-14: the reasons that are known, and the notice that there may be others."""
    submission = _submission(facts)
    if submission.state is not ImageState.REJECTED:
        return passed(message=_("The picture meets the standards, as far as they can be checked."))
    reasons = submission.reasons
    return failed(
        message=_(
            "The picture does not meet the image standards: %(known)s Not every reason may be listed, because the "
            "selection keeps improving."
        ),
        evidence=_known(reasons),
        finding=_finding(reasons[0]) if reasons else None,
        link=Link("help:article", {"slug": "image-requirements"}, label=_("Image requirements")),
        goes_on=True,
    )


def _mended(facts: MissingImage) -> Outcome:
    submission = _submission(facts)
    if submission.state is not ImageState.REJECTED:
        return passed(message=_("There is nothing to mend."))
    return failed(
        message="%(fixes)s",
        evidence=_known(submission.reasons),
        fix=_(
            "Manage Inventory → your product → Edit → Manage Images: follow the steps there and submit a new picture."
        ),
        link=_manage_images(facts),
    )


def _selected(facts: MissingImage) -> Outcome:
    """IMG-15: another group ranks higher. The sheet is shown; who finds it wrong asks technical support."""
    submission = _submission(facts)
    if submission.state is not ImageState.NOT_SELECTED:
        return passed(message=_("No other picture was preferred to yours."))
    compared = "shown_score" in submission.selection
    message = (
        _(
            "Your picture was not selected: the group shown has %(shown_score)s points, yours %(score)s. Not every "
            "reason may be listed, because the selection keeps improving."
        )
        if compared
        else _("Your picture was not selected: %(known)s")
    )
    return failed(
        message=message,
        evidence={**submission.selection, **_known(submission.reasons)},
        finding=_finding(submission.reasons[0]) if submission.reasons else None,
        fix=_("If this selection seems wrong to you, open a case with technical support."),
        link=_case(facts),
    )


def _contact(facts: MissingImage) -> Outcome:
    """IMG-28: everything was done and the picture is still missing."""
    return failed(
        message=_("Every step was taken and the picture is still missing."),
        fix=_("Contact Support. The steps taken are listed in the case already."),
        link=_case(facts),
    )


# ---------------------------------------------------------------- inventory data


def _report(facts: MissingImage) -> Outcome:
    batch = facts.batch
    if batch is None:
        return unknown(message=_("No inventory file of yours names this product."))
    evidence = {"batch": batch.number, "submitted_at": batch.submitted_at}
    link = Link("feeds:batch", {"number": batch.number}, label=_("Open the processing report"))
    if not batch.is_done and batch.stuck_at is not None and facts.now > batch.stuck_at:
        return failed(
            message=_("Batch %(batch)s has not been worked off in the usual time."),
            fix=_("Contact Support: they cancel a file that is stuck."),
            link=_case(facts),
            evidence=evidence,
        )
    if not batch.is_done:
        until = batch.stuck_at or facts.now
        return waiting(until=until, message=_("Batch %(batch)s is still being worked off."), evidence=evidence)
    if batch.errors:
        return failed(
            message=_("The processing report of batch %(batch)s lists %(count)s errors for this product: %(known)s"),
            evidence={**evidence, "count": len(batch.errors), **_known(batch.errors)},
            finding=_finding(batch.errors[0]),
            link=link,
            goes_on=True,
        )
    message = _("The processing report of batch %(batch)s lists no error for this product.")
    return Outcome(State.PASSED, message=message, evidence=evidence, link=link)


def _has_batch(facts: MissingImage) -> bool:
    """Without a file there is nothing to correct or to send again."""
    return facts.batch is not None


def _corrected(facts: MissingImage) -> Outcome:
    errors = _errors(facts)
    if not errors:
        return passed(message=_("There is nothing to correct."))
    return failed(
        message="%(fixes)s",
        fix=_("Correct the data of every error in the report."),
        evidence=_known(errors),
        goes_on=True,
    )


def _sent_again(facts: MissingImage) -> Outcome:
    if not _errors(facts):
        return passed(message=_("The newest file has no error left for this product."))
    return failed(
        message=_("The corrected data have not been uploaded yet."),
        fix=_("Upload the corrected data, and repeat these steps until no error is left."),
        link=Link("feeds:uploads", label=_("Upload inventory data")),
    )


PORTAL_TREE: tuple[Check[MissingImage], ...] = (
    Check("in_inventory", _("Does the product stand in Manage Inventory?"), _inventory, clause="IMG-08"),
    Check("located", _("Which product is it?"), _located, clause="IMG-09"),
    Check("detail_page", _("Does its detail page load?"), _detail_page, clause="IMG-10"),
    Check("shown", _("Is there a product image on this page?"), _shown, clause="IMG-11"),
    Check("submitted", _("Was a picture submitted?"), _submitted, clause="IMG-07"),
    Check("had_time", _("Is the time over in which a picture appears?"), _had_time, clause="IMG-12"),
    Check("standards", _("Does the picture meet the image standards?"), _standards, clause="IMG-14"),
    Check("mended", _("Has it been mended?"), _mended, clause="IMG-13"),
    Check("selected", _("Was it selected for the page?"), _selected, clause="IMG-15"),
    Check("contact_support", _("Is there any other explanation?"), _contact, clause="IMG-28"),
)

FEED_TREE: tuple[Check[MissingImage], ...] = (
    Check("report", _("Does the processing report list errors?"), _report, clause="IMG-23"),
    Check("corrected", _("Are the data of every error correct?"), _corrected, clause="IMG-24", applies=_has_batch),
    Check(
        "sent_again",
        _("Have the corrected data been uploaded, until no error was left?"),
        _sent_again,
        clause="IMG-26",
        applies=_has_batch,
    ),
    Check("shown", _("Is there a product image on this page?"), _shown, clause="IMG-11"),
    Check("submitted", _("Was a picture submitted?"), _submitted, clause="IMG-16"),
    Check("had_time", _("Is the time over in which a picture appears?"), _had_time, clause="IMG-27"),
    Check("standards", _("Does the picture meet the image standards?"), _standards, clause="IMG-14"),
    Check("mended", _("Has it been mended?"), _mended, clause="IMG-13"),
    Check("selected", _("Was it selected for the page?"), _selected, clause="IMG-15"),
    Check("contact_support", _("Is there any other explanation?"), _contact, clause="IMG-28"),
)


def _submission(facts: MissingImage) -> Submission:
    assert facts.submission is not None, "asked only after the check that a picture was submitted"
    return facts.submission


def _errors(facts: MissingImage) -> tuple[Reason, ...]:
    return facts.batch.errors if facts.batch else ()


def _manage_images(facts: MissingImage) -> Link:
    return Link("catalogue:manage_images", {"asin": facts.asin}, label=_("Manage Images"))


def _case(facts: MissingImage) -> Link:
    return Link("cases:contact", {"type": "missing_image"}, label=_("Contact technical support"))


def _known(reasons: tuple[Reason, ...]) -> dict[str, Any]:
    """Reasons as evidence: their words are the reader's already and go into sentences as values."""
    return {
        "known": " ".join(reason.words for reason in reasons),
        "fixes": " ".join(reason.fix for reason in reasons if reason.fix),
        "codes": [reason.code for reason in reasons],
    }


def _finding(reason: Reason) -> Finding:
    return Finding(reason.code, Severity.ERROR, message=reason.words, fix=reason.fix)
