"""The studio floor's verbs: receive, decide, shoot, finish; and what goes wrong there."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fondaco import history, policy
from fondaco.engine import clock
from fondaco.images.models import Inspection, Picture
from fondaco.images.operations import inspect_picture, take_in
from fondaco.kit.deadlines import studio_publication
from fondaco.kit.errors import Invalid, Refusal
from fondaco.kit.text import line, paragraphs
from fondaco.policy.stores import store_of
from fondaco.sellers.access import Caller
from fondaco.studio import letters, locks
from fondaco.studio.models import ImagingOrder, Shot, SizeProblem
from fondaco.studio.operations import exits, unit
from fondaco.studio.queries.floor import FC, SHOOTING, floor_order, guide_for, order_by_label
from fondaco.studio.reading import at_order, said, studio_rules
from fondaco.studio.rules import states
from fondaco.studio.rules.marked import N_
from fondaco.studio.rules.reimbursement import Reimbursement
from fondaco.studio.rules.states import Exit, Leg, OrderState, Where, WrongOrderState

MODEL, TABLETOP = "model", "tabletop"


class NoModelAllowed(Refusal):
    CODE = "imaging_no_model_allowed"
    WORDS = N_("This order was made without a model: the product is shot on a tabletop.")
    FIX = N_("Style it and shoot it on a tabletop.")
    CLAUSE = "IMG-SVC-48"


class NotDecided(Refusal):
    CODE = "imaging_not_decided"
    WORDS = N_("It has not been decided whether this product is shot with a model or on a tabletop.")
    FIX = N_("Decide on the job sheet, from product, style and fit.")
    CLAUSE = "IMG-SVC-59"


class ResearchMissing(Refusal):
    CODE = "imaging_research_missing"
    WORDS = N_("The style guide does not cover this product type, and no research note says how it is shot.")
    FIX = N_("Find out how such products are properly imaged, and write it down on the job sheet.")
    CLAUSE = "IMG-SVC-25"


class TooFewImages(Refusal):
    CODE = "imaging_too_few_images"
    WORDS = N_("There are %(have)s pictures; at least %(least)s are needed.")
    FIX = N_("Shoot what is missing.")
    CLAUSE = "IMG-SVC-06"


class TooManyImages(Refusal):
    CODE = "imaging_too_many_images"
    WORDS = N_("A set has at most %(most)s pictures, one for each slot that is replaced.")
    CLAUSE = "Q-08"


class BrokenFile(Invalid):
    CODE = "imaging_broken_file"
    WORDS = N_("This file cannot be read as a picture.")
    FIX = N_("Export it again from the camera or the program, as JPEG or TIFF.")
    CLAUSE = "IMG-SVC-05"


class NothingNoted(Invalid):
    CODE = "imaging_nothing_noted"
    WORDS = N_("Say what the problem is.")


def receive(caller: Caller, *, label: str) -> ImagingOrder:
    """The unit is in the studio (IMG-SVC-36): the estimate begins. Again, it does nothing.

    Compare-and-set on ORDER_PLACED: a cancellation that committed before holds, and the unit is noted here to go
    back unbilled (Q-05). What nobody scanned on the way is written as passed. Raises NotFound, UnitElsewhere.
    """
    caller.require_role(*SHOOTING)
    found = order_by_label(label)
    at = clock.now()
    with transaction.atomic():
        order = locks.order(found.pk)
        if order.where == Where.STUDIO:
            return order
        unit.catch_up(order, before=Leg.RECEIVED, by=caller.person, at=at)
        unit.go(order, Leg.RECEIVED, by=caller.person, at=at)
        if order.state == OrderState.ORDER_PLACED:
            due = studio_publication(received_at=at, days=order.eta_days, zone=store_of(order.store).zone)
            order.state, order.received_at, order.eta_at = OrderState.RECEIVED_AT_STUDIO.value, at, due.due_at
            order.guide = guide_for(order.product.product_type)
            if order.no_model:
                order.shoot_with = TABLETOP
            order.save(update_fields=["state", "received_at", "eta_at", "guide", "shoot_with"])
        history.record(
            actor=caller,
            verb="imaging.received",
            subject=order,
            about={"label": order.label, "state": order.state},
            clause="IMG-SVC-36",
            policy_version=order.versions["imaging.eta_days_from_received"],
            at=at,
        )
    return order


def decide(caller: Caller, *, order_id: str, shoot_with: str) -> ImagingOrder:
    """With a model or on a tabletop, from product, style and fit (IMG-SVC-59). Raises NoModelAllowed."""
    if shoot_with not in (MODEL, TABLETOP):
        raise Invalid
    with transaction.atomic():
        order = _shooting(caller, order_id)
        if order.no_model and shoot_with == MODEL:
            raise NoModelAllowed
        if order.shoot_with != shoot_with:
            if shoot_with == TABLETOP and order.shots.filter(has_model=True).exists():
                raise NoModelAllowed
            order.shoot_with = shoot_with
            order.save(update_fields=["shoot_with"])
            _told(caller, order, f"imaging.decided_{shoot_with}", None, "IMG-SVC-59")
    return order


def note_research(caller: Caller, *, order_id: str, text: str) -> ImagingOrder:
    """How this product is properly imaged, where the guide is silent (IMG-SVC-25)."""
    found = paragraphs(text, limit=5000)
    if not found:
        raise NothingNoted
    with transaction.atomic():
        order = _shooting(caller, order_id)
        if order.research != found:
            order.research = found
            order.save(update_fields=["research"])
            _told(caller, order, "imaging.researched", None, "IMG-SVC-25", why=found)
    return order


def take_shot(
    caller: Caller,
    *,
    order_id: str,
    data: bytes,
    request_key: str,
    has_model: bool = False,
    model_until: date | None = None,
    file_name: str = "",
) -> Shot:
    """Add a photograph to the set; the *studio* profile answers at once (`shot.findings`).

    One that breaks the profile stays, to be mended or shot anew; it cannot be published so. `model_until`: the end of
    the model's licence if it was agreed (Q-13). Raises BrokenFile, TooManyImages, NoModelAllowed, NotDecided,
    WrongOrderState, NotFound.
    """
    caller.require_role(*SHOOTING)
    order = floor_order(caller, order_id)
    _require_shooting(order)
    at = clock.now()
    picture, seen = judged(data, store=order.store, name=file_name, at=at)
    with transaction.atomic():
        order = _shooting(caller, order_id)
        if earlier := order.shots.filter(request_key=request_key).first():
            return earlier
        if not order.shoot_with:
            raise NotDecided
        if has_model and (order.no_model or order.shoot_with != MODEL):
            raise NoModelAllowed
        slots = policy.value("imaging.replaced_slots", order.store, at=at).value
        numbers = set(order.shots.values_list("number", flat=True))
        if len(numbers) >= len(slots):
            raise TooManyImages(most=len(slots))
        shot = Shot.objects.create(
            order=order,
            number=max(numbers, default=0) + 1,
            picture=picture,
            final=picture,
            has_model=has_model,
            model_until=model_until if has_model else None,
            verdict=seen.verdict,
            final_verdict=seen.verdict,
            findings=seen.findings,
            request_key=request_key,
            file_name=line(file_name, limit=10_000)[:255],
            by=caller.require_person(),
            at=at,
        )
        about = {"number": shot.number, "verdict": seen.verdict, "model": has_model}
        verb = "imaging.shot" if seen.verdict == "eligible" else "imaging.shot_below"
        _told(caller, order, verb, about, "IMG-SVC-05")
    return shot


def drop_shot(caller: Caller, *, order_id: str, shot_id: str) -> None:
    """Take a photograph out of the set; the others close up. Again, it does nothing."""
    with transaction.atomic():
        order = _shooting(caller, order_id)
        shot = order.shots.filter(pk=shot_id).first()
        if shot is None:
            return
        number = shot.number
        shot.delete()
        for later in order.shots.filter(number__gt=number).order_by("number"):
            later.number -= 1
            later.save(update_fields=["number"])
        _told(caller, order, "imaging.shot_dropped", {"number": number}, "IMG-SVC-05")


def finish(caller: Caller, *, order_id: str) -> ImagingOrder:
    """The set is shot and the unit goes back: "Imaging complete" (Q-07).

    Raises TooFewImages, ResearchMissing, NotDecided, WrongOrderState. Again, it does nothing.
    """
    caller.require_role(*SHOOTING)
    found = floor_order(caller, order_id)
    at = clock.now()
    with transaction.atomic():
        order = locks.order(found.pk)
        if order.state == OrderState.IMAGING_COMPLETE:
            return order
        _require_shooting(order)
        least = at_order(order.versions, "imaging.min_images")
        have = order.shots.count()
        if have < least:
            raise TooFewImages(have=have, least=least)
        if order.guide_id is None and not order.research:
            raise ResearchMissing
        if not order.shoot_with:
            raise NotDecided
        if order.where == Where.STUDIO:  # else it was lost or damaged after the shooting
            unit.go(order, Leg.SENT_BACK, by=caller.person, at=at)
        states.require_step(old=order.state, new=OrderState.IMAGING_COMPLETE)
        order.state, order.complete_at = OrderState.IMAGING_COMPLETE.value, at
        order.save(update_fields=["state", "complete_at"])
        _told(caller, order, "imaging.complete", {"images": have}, "IMG-SVC-18")
    return order


def send_back(caller: Caller, *, label: str) -> ImagingOrder:
    """A unit whose order ended leaves the studio unphotographed (Q-05). Again, it does nothing."""
    caller.require_role(*SHOOTING)
    found = order_by_label(label)
    at = clock.now()
    with transaction.atomic():
        order = locks.order(found.pk)
        if order.where == Where.TO_FC:
            return order
        if order.is_open:
            raise WrongOrderState(state=order.state)
        unit.go(order, Leg.SENT_BACK, by=caller.person, at=at)
        _told(caller, order, "imaging.sent_back", None, "Q-05")
    return order


def turn_away(caller: Caller, *, order_id: str) -> ImagingOrder:
    """The studio has no capacity for a unit that came: the order ends unbilled and the unit goes back (IMG-SVC-29)."""
    at = clock.now()
    with transaction.atomic():
        order = _shooting(caller, order_id)
        exits.not_photographed(order, Exit.CAPACITY, by=caller, at=at)
        unit.go(order, Leg.SENT_BACK, by=caller.person, at=at)
    return order


def report_size(caller: Caller, *, order_id: str, note: str, request_key: str) -> SizeProblem:
    """The size sent does not do: the seller is contacted, with the recommended sizes (IMG-SVC-61, IMG-SVC-62)."""
    words = line(note, limit=1000)
    if not words:
        raise NothingNoted
    at = clock.now()
    with transaction.atomic():
        order = _shooting(caller, order_id)
        if earlier := order.size_problems.filter(request_key=request_key).first():
            return earlier
        problem = SizeProblem.objects.create(
            order=order, note=words, by=caller.require_person(), request_key=request_key, at=at
        )
        _told(caller, order, "imaging.size_problem", {"asin": order.product.asin}, "IMG-SVC-62", why=words)
        sizes = policy.value("imaging.recommended_size", order.store, at=at).value
        facts = {"title": order.product.title, "asin": order.product.asin, "note": words, "label": order.label}
        letters.tell(
            order.seller,
            subject=lambda: _("Imaging order %(label)s: a question about the size") % facts,
            text=lambda: (
                _("The size of %(title)s (%(asin)s) that came to the studio cannot be shown on a model: %(note)s")
                % facts
                + "\n\n"
                + _("We advise %(women)s for women and %(men)s for men, or equivalent sizes.")
                % {"women": said(sizes["women"]), "men": said(sizes["men"])}
                + " "
                + _("Answer by a case; until then we go on with a tabletop picture where that is possible.")
            ),
            key=f"imaging:size:{problem.pk}",
            url=letters.pop_up_url(order.product.asin),
        )
    return problem


def report_harm(caller: Caller, *, label: str, is_loss: bool) -> Reimbursement:
    """The unit was lost or damaged during imaging (IMG-SVC-52, Q-12). Once; again, it is refused as elsewhere.

    Before enough photographs exist the order ends unbilled; after that it goes on without the unit.
    """
    caller.require_role(*SHOOTING, *FC)
    found = order_by_label(label)
    at = clock.now()
    with transaction.atomic():
        order = locks.order(found.pk)
        unit.go(order, Leg.LOST if is_loss else Leg.DAMAGED, by=caller.person, at=at)
        if order.state in (OrderState.ORDER_PLACED, OrderState.RECEIVED_AT_STUDIO) and order.shots.count() < at_order(
            order.versions, "imaging.min_images"
        ):
            exits.not_photographed(order, Exit.LOST if is_loss else Exit.DAMAGED, by=caller, at=at)
        return exits.settle_harm(order, is_loss=is_loss, by=caller, at=at)


def judged(data: bytes, *, store: str, name: str, at: datetime) -> tuple[Picture, Inspection]:
    """A file on record, judged by the *studio* profile, its renditions made. Raises BrokenFile, PictureTooBig."""
    picture = take_in(data, at=at)
    seen = inspect_picture(picture, rules=studio_rules(store=store, at=at), name=name, at=at)
    if seen.verdict == "unreadable":
        raise BrokenFile
    picture.refresh_from_db()
    return picture, seen


def _shooting(caller: Caller, order_id: str) -> ImagingOrder:
    """The order, locked, while it is being photographed."""
    caller.require_role(*SHOOTING)
    order = locks.order(floor_order(caller, order_id).pk)
    _require_shooting(order)
    return order


def _require_shooting(order: ImagingOrder) -> None:
    if order.state != OrderState.RECEIVED_AT_STUDIO:
        raise WrongOrderState(state=order.state)


def _told(caller: Caller, order: ImagingOrder, verb: str, about: Any, clause: str, *, why: str = "") -> None:
    history.record(actor=caller, verb=verb, subject=order, about=about, clause=clause, why=why)
