"""Looking at submitted pictures: claim, fetch, inspect, settle (IMG-03, IMG-14).

Three steps, of which only the first and the last touch the database:

1. `claim` takes waiting pictures for this worker and counts the attempt. The claim runs out by itself, so a worker
   that dies loses nothing; a picture whose worker died five times over is given up as `could_not_inspect`.
2. `look` fetches or reads the file, judges it and puts its renditions on file. Many run side by side.
3. `settle` writes verdicts, but only where the claim still holds, and publishes the galleries that change.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from fondaco import history
from fondaco.catalogue import locks, nudges
from fondaco.catalogue.models import ListingImage, Product
from fondaco.catalogue.operations import image_status, images, publish
from fondaco.catalogue.operations.fetching import NotFetched, fetch
from fondaco.catalogue.rules import states
from fondaco.catalogue.rules.states import ImageState
from fondaco.catalogue.terms import SubmissionTerms, profile_for, submission_terms
from fondaco.engine import clock, holders
from fondaco.engine.rows import update_rows
from fondaco.images.models import Inspection
from fondaco.images.operations import ABOUT_THE_NAME, Developing, Rules, develop_file, original, record, rules_for
from fondaco.images.pipeline.inspect import Report
from fondaco.kit.errors import NotFound
from fondaco.kit.facts import plain
from fondaco.kit.findings import Finding, Severity

log = logging.getLogger("fondaco.catalogue")

CLAIM_HOLDS = timedelta(minutes=3)
AFTER_A_FAULT_OF_OURS = timedelta(seconds=20)
"""The first pause; each one is four times as long, so that a fault of ours has half an hour to be mended before a
picture is given up for it."""
MOST_LOST_CLAIMS = 5
COULD_NOT_INSPECT = "could_not_inspect"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A waiting picture that this worker has taken. `attempts` is the token that `settle` compares."""

    id: UUID
    product_id: UUID
    picture_id: str | None
    source_url: str
    file_name: str
    rules: Rules
    terms: SubmissionTerms
    attempts: int
    tries: int
    submitted_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """A verdict. `developed` is None when the verdict was known before."""

    claimed: Claimed
    sha256: str
    verdict: str
    reasons: tuple[dict[str, Any], ...] = ()
    developed: Developing | None = None


@dataclass(frozen=True, slots=True)
class Unreached:
    """The file could not be fetched: for good, or for as long as `wait` says."""

    claimed: Claimed
    reason: dict[str, Any]
    wait: timedelta | None = None
    is_try: bool = True


@dataclass(frozen=True, slots=True)
class Broken:
    """Our own fault: an error while looking. The claim is let go early and counts as lost."""

    claimed: Claimed
    error: Exception = field(default_factory=Exception)


Outcome = Seen | Unreached | Broken


def look_at(image_ids: Iterable[str | UUID], *, mode: str | None = None) -> int:
    """Claim, look at and settle these pictures one after the other; returns how many were claimed."""
    claimed = claim(image_ids)
    for each in claimed:
        settle([look(each, mode=mode)])
    return len(claimed)


def claim(image_ids: Iterable[str | UUID], *, together: bool = False) -> list[Claimed]:
    """Take those that wait and whose time has come. What another worker holds, or what is decided, is left out.

    `together`: they share a process with others, so those over which a worker died before are not taken but nudged
    each by itself; only a death alone says something about a picture.
    """
    at = clock.now()
    ids = [UUID(str(i)) for i in image_ids]
    with transaction.atomic():
        found = ListingImage.objects.filter(
            next_try_at__lte=at, pk__in=ids, state__in=[s.value for s in states.WAITING]
        )
        rows = list(found.select_related("seller").order_by("pk").select_for_update(of=("self",), no_key=True))
        if together:
            rows = _without_suspects(rows)
        for row in rows:
            row.lost += row.state == ImageState.PROCESSING
            row.attempts += 1
            row.state, row.next_try_at, row.holder = ImageState.PROCESSING.value, at + CLAIM_HOLDS, holders.me()
        poison = [row for row in rows if row.lost >= MOST_LOST_CLAIMS]
        update_rows(rows, ["lost", "attempts", "state", "next_try_at", "holder"])
    claimed = [_claimed(row) for row in rows]
    given_up = {row.pk for row in poison}
    settle([_given_up(each) for each in claimed if each.id in given_up])
    return [each for each in claimed if each.id not in given_up]


def look(claimed: Claimed, *, mode: str | None = None) -> Outcome:
    """Fetch or read, judge, render. Never raises for what a file or a host does; touches no database row."""
    try:
        data, sha256 = bytes_of(claimed)
    except NotFetched as fault:
        return Unreached(claimed, fault.as_reason(), fault.wait, is_try=fault.is_try)
    except NotFound:
        return Broken(claimed, FileNotFoundError(claimed.picture_id))
    return judge(claimed, data, mode=mode, sha256=sha256)


def bytes_of(claimed: Claimed) -> tuple[bytes, str]:
    """The file and its sha-256: from our store, or from the address that was given. Raises NotFetched, NotFound."""
    if claimed.picture_id is not None:
        return original(claimed.picture_id), claimed.picture_id
    fetched = fetch(claimed.source_url, terms=claimed.terms, tries=claimed.tries)
    return fetched.data, fetched.sha256


def judge(claimed: Claimed, data: bytes, *, mode: str | None = None, sha256: str = "") -> Outcome:
    """The verdict on a file that is at hand, its original and renditions put on file."""
    try:
        name = claimed.file_name or claimed.source_url.partition("?")[0]
        keep = claimed.picture_id is None
        developed = develop_file(data, [claimed.rules], name=name, mode=mode, sha256=sha256, keep_original=keep)
    except Exception as error:
        log.exception("looking at %s failed", claimed.id)
        return Broken(claimed, error)
    return Seen(claimed, developed.sha256, developed.report.verdict, reasons_of(developed.report), developed)


def known(claimed: Claimed, sha256: str, inspection: Inspection) -> Seen:
    """The verdict that the same rules gave on the same content before."""
    reasons = tuple(_short(f) for f in inspection.findings if f["severity"] in ("error", "fatal"))
    return Seen(claimed, sha256, inspection.verdict, reasons if inspection.verdict != "eligible" else ())


def reasons_of(report: Report) -> tuple[dict[str, Any], ...]:
    """What a submission is told: its errors, or, when it is good, what its file name should have been."""
    if report.verdict == "eligible":
        return tuple(_short(f.as_dict()) for f in report.findings if f.code in ABOUT_THE_NAME)
    return tuple(_short(f.as_dict()) for f in report.findings if f.severity in (Severity.ERROR, Severity.FATAL))


def settle(outcomes: Sequence[Outcome]) -> None:
    """Write what was found, in one transaction, and publish the galleries it changes.

    An outcome whose claim no longer holds (taken over, replaced, removed) is dropped; its picture stays on file.
    """
    if not outcomes:
        return
    at = clock.now()
    by_id = {outcome.claimed.id: outcome for outcome in outcomes}
    with transaction.atomic():
        products = locks.products({outcome.claimed.product_id for outcome in outcomes})
        held = [row for row in locks.images(by_id) if _holds(row, by_id[row.pk].claimed)]
        record((o.developed for o in outcomes if isinstance(o, Seen) and o.developed), at=at)
        for row in held:
            _apply(row, by_id[row.pk], at)
        good = [row for row in held if row.state == ImageState.ELIGIBLE]
        images.give_way(good, states.STANDING, at=at)
        update_rows(held, _SETTLED)
        history.record_all(_rejected_events(held, at))
        _go_on(products, held, at)


def _without_suspects(rows: list[ListingImage]) -> list[ListingImage]:
    for row in rows:
        if row.lost or row.state == ImageState.PROCESSING:
            nudges.look_at(row.pk, by_address=row.picture_id is None)
    return [row for row in rows if not row.lost and row.state != ImageState.PROCESSING]


_SETTLED = ["state", "picture", "verdict", "reasons", "verdict_rules", "next_try_at", "decided_at", "tries"]


def _claimed(row: ListingImage) -> Claimed:
    terms = submission_terms(store=row.seller.store, at=row.submitted_at)
    profile = profile_for(row.variant)
    rules = rules_for(profile, limits=terms.limits(profile), policy_version=terms.version, at=row.submitted_at)
    return Claimed(
        id=row.pk,
        product_id=row.product_id,
        picture_id=row.picture_id,
        source_url=row.source_url,
        file_name=row.file_name,
        rules=rules,
        terms=terms,
        attempts=row.attempts,
        tries=row.tries,
        submitted_at=row.submitted_at,
        due_at=row.due_at,
    )


def _given_up(claimed: Claimed) -> Unreached:
    finding = Finding(COULD_NOT_INSPECT, Severity.ERROR, clause="IMG-19", measured=claimed.attempts)
    return Unreached(claimed, _short(finding.as_dict()))


def _holds(row: ListingImage, claimed: Claimed) -> bool:
    return row.state == ImageState.PROCESSING and row.attempts == claimed.attempts


def _apply(row: ListingImage, outcome: Outcome, at: datetime) -> None:
    if isinstance(outcome, Broken):
        row.next_try_at = at + AFTER_A_FAULT_OF_OURS * 4**row.lost
        return
    if isinstance(outcome, Unreached):
        row.tries += outcome.is_try
        again_at = _again_at(outcome, at)
        if again_at is not None:
            row.state, row.next_try_at, row.reasons = ImageState.SUBMITTED.value, again_at, [outcome.reason]
            return
    row.next_try_at, row.decided_at, row.verdict_rules = None, at, outcome.claimed.rules.name
    if isinstance(outcome, Unreached):
        row.state, row.verdict, row.reasons = ImageState.REJECTED.value, "failed", [outcome.reason]
        return
    row.picture_id, row.verdict, row.reasons = outcome.sha256, outcome.verdict, list(outcome.reasons)
    row.state = (ImageState.ELIGIBLE if outcome.verdict == "eligible" else ImageState.REJECTED).value


def _again_at(outcome: Unreached, at: datetime) -> datetime | None:
    """When to fetch again; never when that would be after the picture is due: then its seller is told."""
    if outcome.wait is None or at + outcome.wait >= outcome.claimed.due_at:
        return None
    return at + outcome.wait


def _rejected_events(rows: Sequence[ListingImage], at: datetime) -> list[Any]:
    return [
        history.build(
            actor=None,
            verb="image.rejected",
            subject=row,
            about={"codes": ", ".join(reason["code"] for reason in row.reasons), "variant": row.variant},
            clause="IMG-14",
            policy_version=row.policy_version[:100],
            at=at,
        )
        for row in rows
        if row.state == ImageState.REJECTED
    ]


def _go_on(products: Sequence[Product], rows: Sequence[ListingImage], at: datetime) -> None:
    """Galleries for what is decided; another nudge for what must be tried again."""
    decided = {row.product_id for row in rows if row.next_try_at is None}
    publish.publish_locked([product for product in products if product.pk in decided], at=at)
    image_status.refresh(row.product_id for row in rows if row.product_id not in decided)
    for row in rows:
        if row.next_try_at is not None:
            nudges.look_at(row.pk, by_address=row.picture_id is None, after=row.next_try_at - at)


def _short(finding: dict[str, Any]) -> dict[str, Any]:
    """A finding as a submission keeps it: without sentences, which are made anew in each language."""
    return plain({name: value for name, value in finding.items() if name not in ("message", "fix")})
