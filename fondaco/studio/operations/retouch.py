"""The retoucher's verbs: try mends, take in an edit, accept one, mark a flaw, pass, release (IMG-SVC-08).

Every edit is measured against the photograph on the product alone. One that changes colour or outline beyond the
limits of policy is flagged, and the set cannot be published until it is retouched anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fondaco import history, policy
from fondaco.engine import clock
from fondaco.images.models import Picture
from fondaco.images.operations import develop_file, original, record, take_in
from fondaco.images.pipeline import fixes
from fondaco.images.pipeline.accuracy import same_product
from fondaco.images.pipeline.bounds import TooSlow
from fondaco.images.pipeline.compare import compare
from fondaco.images.pipeline.decode import CorruptPixels
from fondaco.images.pipeline.fixes import Fix
from fondaco.images.pipeline.inspect import inspect
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.sellers.access import Caller
from fondaco.sellers.queries import as_id
from fondaco.studio import locks, nudges
from fondaco.studio.models import Edit, ImagingOrder, Shot
from fondaco.studio.operations.shoot import BrokenFile, TooFewImages, judged
from fondaco.studio.queries.floor import RETOUCHING
from fondaco.studio.reading import at_order, studio_rules
from fondaco.studio.rules.accuracy import Fault, Measured, faults_of
from fondaco.studio.rules.marked import N_
from fondaco.studio.rules.states import OrderState, WrongOrderState

GEOMETRIC = ("cut_border", "straighten", "crop_to_fill")


class NotAccurate(Refusal):
    CODE = "imaging_not_accurate"
    WORDS = N_("Picture %(number)s changes the product beyond what is allowed, so the set cannot be published.")
    FIX = N_("Retouch it anew, or go back to the photograph.")
    CLAUSE = "IMG-SVC-08"


class NotToStandard(Refusal):
    CODE = "imaging_below_standard"
    WORDS = N_("Picture %(number)s does not meet the studio's standards: %(codes)s.")
    FIX = N_("Mend it, or have it shot anew.")
    CLAUSE = "IMG-SVC-05"


class NotPassed(Refusal):
    CODE = "imaging_accuracy_not_checked"
    WORDS = N_("Picture %(number)s has not passed the accuracy check.")
    FIX = N_("Compare it with the photograph and pass it, or retouch it.")
    CLAUSE = "IMG-SVC-08"


class NothingChosen(Invalid):
    CODE = "imaging_no_mend_chosen"
    WORDS = N_("Choose at least one mend.")


def proposals(caller: Caller, *, shot_id: str) -> list[Fix]:
    """What can be set right in a photograph without a new one. It proposes; a person accepts."""
    shot = shot_for(caller, shot_id)
    data = original(shot.picture_id)
    rules = studio_rules(store=shot.order.store, at=clock.now())
    return fixes.propose(data, inspect(data, rules.profile, sha256=shot.picture_id))


def try_mends(caller: Caller, *, shot_id: str, kinds: Iterable[str]) -> Edit:
    """Apply proposed mends to the photograph and measure what they change. Nothing is accepted yet.

    Raises NothingChosen, BrokenFile, WrongOrderState, NotFound.
    """
    shot = shot_for(caller, shot_id)
    _require_retouching(shot.order)
    data, wanted = original(shot.picture_id), set(kinds)
    chosen = [fix for fix in proposals(caller, shot_id=shot_id) if fix.kind in wanted and not fix.needs_cutout]
    if not chosen:
        raise NothingChosen
    try:
        after = fixes.apply(data, chosen)
        framed = fixes.apply(data, [fix for fix in chosen if fix.kind in GEOMETRIC])
    except (CorruptPixels, TooSlow) as fault:
        raise BrokenFile from fault
    return _measured(caller, shot, before=framed, after=after, kinds=[fix.kind for fix in chosen])


def take_edit(caller: Caller, *, shot_id: str, data: bytes, file_name: str = "") -> Edit:
    """An edit made in a program of one's own, measured as any other. Raises BrokenFile, WrongOrderState, NotFound."""
    shot = shot_for(caller, shot_id)
    _require_retouching(shot.order)
    judged(data, store=shot.order.store, name=file_name, at=clock.now())  # refuses what is no picture
    return _measured(caller, shot, before=original(shot.picture_id), after=data, kinds=[])


def accept_edit(caller: Caller, *, edit_id: str) -> Shot:
    """A person takes the edit: it is what will be published, if it is accurate and passes."""
    edit = edit_for(caller, edit_id)
    at = clock.now()
    with transaction.atomic():
        shot = _locked(caller, edit.shot_id)
        if edit.accepted_at is None:
            Edit.objects.filter(pk=edit.pk, accepted_at=None).update(accepted_at=at)
        _become(shot, edit.picture, verdict=edit.verdict, flaws=list(edit.faults))
        about = {"number": shot.number, "mean": round(edit.mean_delta_e, 1), "faults": ", ".join(edit.faults)}
        _told(caller, shot, "imaging.edit_accepted", about, policy_version=edit.policy_version)
    return shot


def back_to_photograph(caller: Caller, *, shot_id: str) -> Shot:
    """Publish the photograph as it was taken: it shows the product as it is."""
    with transaction.atomic():
        shot = _locked(caller, shot_for(caller, shot_id).pk)
        _become(shot, shot.picture, verdict=shot.verdict, flaws=[])
        _told(caller, shot, "imaging.edit_dropped", {"number": shot.number})
    return shot


def mark_flaw(caller: Caller, *, shot_id: str, fault: str = Fault.COLOUR) -> Shot:
    """The retoucher sees that the picture changes the product; it is blocked until it is redone (IMG-SVC-08)."""
    if fault not in (Fault.COLOUR, Fault.OUTLINE):
        raise Invalid
    with transaction.atomic():
        shot = _locked(caller, shot_for(caller, shot_id).pk)
        shot.flaws = sorted({*shot.flaws, str(fault), Fault.MARKED.value})
        shot.passed_at = shot.passed_by = None
        shot.save(update_fields=["flaws", "passed_at", "passed_by"])
        _told(caller, shot, f"imaging.flaw_{fault}", {"number": shot.number})
    return shot


def pass_shot(caller: Caller, *, shot_id: str) -> Shot:
    """The retoucher's word: the product is shown as the buyer will receive it. Raises NotAccurate, NotToStandard."""
    at = clock.now()
    with transaction.atomic():
        shot = _locked(caller, shot_for(caller, shot_id).pk)
        _require_fit(shot)
        if shot.passed_at is None:
            shot.passed_at, shot.passed_by = at, caller.require_person()
            shot.save(update_fields=["passed_at", "passed_by"])
            _told(caller, shot, "imaging.shot_passed", {"number": shot.number})
    return shot


def release(caller: Caller, *, order_id: str) -> ImagingOrder:
    """Let the set go: it is published, then billed, without anything more to do and without a preview (IMG-SVC-49).

    Raises TooFewImages, NotPassed, NotAccurate, NotToStandard, WrongOrderState, NotFound. Again, it does nothing.
    """
    caller.require_role(*RETOUCHING)
    at = clock.now()
    with transaction.atomic():
        order = locks.order(as_id(order_id))
        if order.release_at is not None:
            return order
        _require_retouching(order)
        shots = list(order.shots.order_by("number"))
        least = at_order(order.versions, "imaging.min_images")
        if len(shots) < least:
            raise TooFewImages(have=len(shots), least=least)
        for shot in shots:
            _require_fit(shot)
            if shot.passed_at is None:
                raise NotPassed(number=shot.number)
        order.release_at = at
        order.save(update_fields=["release_at"])
        history.record(
            actor=caller,
            verb="imaging.released",
            subject=order,
            about={"images": len(shots)},
            clause="IMG-SVC-08",
            at=at,
        )
        nudges.publish(order.pk)
    return order


def shot_for(caller: Caller, shot_id: str) -> Shot:
    """One shot with its order, for retouchers. Raises NotFound."""
    caller.require_role(*RETOUCHING)
    shot = Shot.objects.filter(pk=as_id(shot_id)).select_related("order__product", "picture", "final").first()
    if shot is None:
        raise NotFound(what="shot")
    return shot


def edit_for(caller: Caller, edit_id: str) -> Edit:
    """One edit with its shot and order, for retouchers. Raises NotFound."""
    caller.require_role(*RETOUCHING)
    rows = Edit.objects.filter(pk=as_id(edit_id)).select_related("shot__order__product", "shot__picture", "picture")
    edit = rows.first()
    if edit is None:
        raise NotFound(what="edit")
    return edit


def _measured(caller: Caller, shot: Shot, *, before: bytes, after: bytes, kinds: list[str]) -> Edit:
    at = clock.now()
    picture, seen = judged(after, store=shot.order.store, name="", at=at)
    try:
        found = same_product(before, after)
        drawn = compare(before, after).picture
    except (CorruptPixels, TooSlow) as fault:
        raise BrokenFile from fault
    limits = policy.value("imaging.accuracy", shot.order.store, at=at)
    measured = Measured(found.mean, found.p95, found.overlap, found.known)
    difference = _kept(drawn, store=shot.order.store, at=at)
    with transaction.atomic():
        _locked(caller, shot.pk)
        edit, _made = Edit.objects.get_or_create(
            shot=shot,
            picture=picture,
            defaults={
                "difference": difference,
                "kinds": kinds,
                "mean_delta_e": found.mean,
                "p95_delta_e": found.p95,
                "overlap": found.overlap,
                "is_known": found.known,
                "faults": [str(fault) for fault in faults_of(measured, limits.value)],
                "verdict": seen.verdict,
                "findings": seen.findings,
                "policy_version": limits.version,
                "by": caller.require_person(),
                "at": at,
            },
        )
    return edit


def _kept(data: bytes, *, store: str, at: datetime) -> Picture:
    """A drawn difference on record with its renditions, so that it can be shown."""
    picture = take_in(data, at=at)
    if not picture.rendered:
        record([develop_file(data, [studio_rules(store=store, at=at)], sha256=picture.pk, keep_original=False)], at=at)
        picture.refresh_from_db()
    return picture


def _locked(caller: Caller, shot_id: UUID) -> Shot:
    """The shot, its order locked, while the set is being retouched."""
    caller.require_role(*RETOUCHING)
    row = Shot.objects.filter(pk=shot_id).values_list("order_id", flat=True).first()
    if row is None:
        raise NotFound(what="shot")
    order = locks.order(row)
    _require_retouching(order)
    shot = locks.shot(shot_id)
    shot.order = order
    return shot


def _require_retouching(order: ImagingOrder) -> None:
    if order.state != OrderState.IMAGING_COMPLETE or order.release_at is not None:
        raise WrongOrderState(state=order.state)


def _require_fit(shot: Shot) -> None:
    if shot.flaws:
        raise NotAccurate(number=shot.number, flaws=list(shot.flaws))
    if shot.final_verdict != "eligible":
        raise NotToStandard(number=shot.number, codes=", ".join(codes_against(shot)))


def codes_against(shot: Shot) -> list[str]:
    """The findings for which the picture that would be published is rejected."""
    edit = shot.edits.filter(picture_id=shot.final_id).first()
    findings = edit.findings if edit else shot.findings
    return [f["code"] for f in findings if f["severity"] in ("error", "fatal")]


def _become(shot: Shot, picture: Picture, *, verdict: str, flaws: list[str]) -> None:
    shot.final, shot.final_verdict, shot.flaws = picture, verdict, flaws
    shot.passed_at = shot.passed_by = None
    shot.save(update_fields=["final", "final_verdict", "flaws", "passed_at", "passed_by"])


def _told(caller: Caller, shot: Shot, verb: str, about: dict[str, object], *, policy_version: str = "") -> None:
    history.record(
        actor=caller, verb=verb, subject=shot.order, about=about, clause="IMG-SVC-08", policy_version=policy_version
    )
