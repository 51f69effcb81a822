"""What support does with imaging cases: cancellations, and orders without a model (IMG-SVC-47, 48, 54, Q-05, Q-14)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fondaco import history, policy
from fondaco.cases import operations as cases
from fondaco.cases.models import Case
from fondaco.cases.queries import case_for
from fondaco.cases.rules import CaseType, Outcome, State
from fondaco.engine import clock
from fondaco.kit.errors import NotFound, Refusal
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.studio import locks
from fondaco.studio.models import Cancellation, CancellationState, ImagingOrder
from fondaco.studio.operations import exits, unit
from fondaco.studio.operations.place import SUPPORT, place_for_seller
from fondaco.studio.operations.shoot import TABLETOP
from fondaco.studio.rules.marked import N_
from fondaco.studio.rules.states import OPEN, Leg, OrderState, Where, WrongOrderState


class AlreadyReceived(Refusal):
    CODE = "imaging_already_received"
    WORDS = N_("The product was already received at the studio, so the order cannot be cancelled any more.")
    FIX = N_("Tell the seller; the order goes on to publication and billing.")
    CLAUSE = "IMG-SVC-54"


class NothingRequested(Refusal):
    CODE = "imaging_nothing_requested"
    WORDS = N_("This case asks for no cancellation that is still open.")


class AlreadyDecided(Refusal):
    CODE = "imaging_already_decided"
    WORDS = N_("This request was decided already.")


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """What became of one ASIN of a no-model case: an order made or converted, or the refusal."""

    asin: str
    order: ImagingOrder | None = None
    refusal: Refusal | None = None
    converted: bool = False


def can_cancel(seller: SellerAccount | None, asin: str) -> bool:
    """Whether the seller has an order of this product that a case may still ask to cancel."""
    return _cancellable(seller, asin) is not None


def note_request(case: Case) -> None:
    """A cancellation case was opened: the order shows it from now on (IMG-SVC-55). In the case's transaction."""
    order = _cancellable(case.seller, str(case.contents.get("asin", "")))
    if order is None:
        return
    Cancellation.objects.create(order=order, case=case, requested_at=case.created_at)
    history.record(
        actor=case.opened_by,
        verb="imaging.cancellation_requested",
        subject=order,
        about={"case": case.number},
        why=str(case.contents.get("reason", "")),
        clause="IMG-SVC-54",
        at=case.created_at,
    )


def decide_cancellation(caller: Caller, *, number: str, accept: bool, text: str = "") -> Cancellation:
    """Accept or refuse the request of a case. Accepting is a compare-and-set on the order's state (Q-05).

    When the product was received first, the request is REFUSED and AlreadyReceived is raised, both lasting.
    """
    caller.require_role(*SUPPORT)
    case = case_for(caller, number)
    at = clock.now()
    too_late = False
    with transaction.atomic():
        found = Cancellation.objects.filter(case=case).first()
        if found is None:
            raise NothingRequested
        order = locks.order(found.order_id)
        request = Cancellation.objects.select_for_update().get(pk=found.pk)
        if request.state != CancellationState.REQUESTED:
            if accept and request.state == CancellationState.REFUSED:
                raise AlreadyReceived
            if accept == (request.state == CancellationState.ACCEPTED):
                return request
            raise AlreadyDecided
        allowed = policy.value("imaging.cancel_statuses", order.store, at=at).value
        too_late = accept and (order.state not in allowed or order.release_at is not None)
        ok = accept and not too_late
        if ok:
            exits.cancel(order, by=caller, at=at)
            if order.where == Where.SHELF:  # it never left its place: on sale again at once
                unit.go(order, Leg.CHECKED_IN, by=caller.person, at=at)
        request.state = (CancellationState.ACCEPTED if ok else CancellationState.REFUSED).value
        request.decided_by, request.decided_at = caller.require_person(), at
        request.save(update_fields=["state", "decided_by", "decided_at"])
        history.record(
            actor=caller,
            verb="imaging.cancellation_accepted" if ok else "imaging.cancellation_refused",
            subject=order,
            about={"case": case.number, "state": order.state},
            clause="IMG-SVC-54",
            at=at,
        )
        _answer(caller, case, ok=ok, too_late=too_late, text=text)
    if too_late:
        raise AlreadyReceived(number=order.label)
    return request


def fulfil_no_model(caller: Caller, *, number: str) -> list[Fulfilled]:
    """Make the orders that a no-model case asks for, in the seller's name, or convert those not yet received (Q-14).

    Each ASIN for itself: one that cannot be ordered says why and leaves the others alone. Safe to repeat.
    """
    caller.require_role(*SUPPORT)
    case = case_for(caller, number)
    if case.type != CaseType.NO_MODEL_IMAGING or case.seller is None:
        raise NotFound(what="case")
    done = [_fulfilled(caller, case, asin) for asin in case.contents.get("asins", ())]
    made = [each for each in done if each.order is not None]
    if made and case.state != State.CLOSED:
        with translation.override(case.opened_by.language or "en"):
            names = ", ".join(f"{each.asin} ({each.order})" for each in made)
            text = _("Imaging without a model is ordered: %(orders)s. They are shot on a tabletop.") % {"orders": names}
        cases.reply(caller, number=case.number, text=text, request_key=f"no-model:{len(made)}")
    return done


def convert_to_no_model(caller: Caller, *, order_id: object, case: Case | None = None) -> ImagingOrder:
    """An open order is shot on a tabletop after all; before receipt only (Q-14). Raises WrongOrderState."""
    caller.require_role(*SUPPORT)
    at = clock.now()
    with transaction.atomic():
        order = locks.order(order_id)  # type: ignore[arg-type]
        if order.no_model:
            return order
        if order.state != OrderState.ORDER_PLACED:
            raise WrongOrderState(state=order.state)
        order.no_model, order.case = True, order.case or case
        order.shoot_with, order.wished_model = TABLETOP, ""
        order.save(update_fields=["no_model", "case", "shoot_with", "wished_model"])
        about = {"case": case.number if case else ""}
        history.record(actor=caller, verb="imaging.converted", subject=order, about=about, clause="Q-14", at=at)
    return order


def _fulfilled(caller: Caller, case: Case, asin: str) -> Fulfilled:
    assert case.seller is not None
    try:
        there = ImagingOrder.objects.filter(
            seller=case.seller, product__asin=asin, state__in=[s.value for s in OPEN]
        ).first()
        if there is not None and there.case_id != case.pk:
            return Fulfilled(asin, convert_to_no_model(caller, order_id=there.pk, case=case), converted=True)
        key = f"case:{case.number}:{asin}"
        return Fulfilled(asin, place_for_seller(caller, seller=case.seller, asin=asin, case=case, request_key=key))
    except Refusal as refusal:
        return Fulfilled(asin, refusal=refusal)


def _cancellable(seller: SellerAccount | None, asin: str) -> ImagingOrder | None:
    if seller is None or not asin:
        return None
    allowed = policy.value("imaging.cancel_statuses", seller.store, at=clock.now()).value
    found = ImagingOrder.objects.filter(seller=seller, product__asin=asin, state__in=list(allowed))
    return found.order_by("-placed_at").first()


def _answer(caller: Caller, case: Case, *, ok: bool, too_late: bool, text: str) -> None:
    """The decision stands in the thread, in the seller's language, and ends the case."""
    if case.state == State.CLOSED:
        return
    with translation.override(case.opened_by.language or "en"):
        if ok:
            words = _("The imaging order is cancelled. The unit is or comes back in stock, and nothing is charged.")
        elif too_late:
            words = _("The product was already received at the studio, so the order cannot be cancelled any more.")
        else:
            words = _("The imaging order is not cancelled.")
    outcome = Outcome.SOLVED if ok else Outcome.DECLINED
    cases.close_case(
        caller,
        number=case.number,
        outcome=outcome,
        text="\n\n".join(part for part in (words, text) if part),
        request_key="cancellation",
    )
