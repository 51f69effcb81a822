"""The ends of an order without pictures: cancelled, not photographed; never billed (IMG-SVC-30)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from fondaco import history, policy
from fondaco.kit.money import Money
from fondaco.ledger import operations as ledger
from fondaco.ledger.rules import Cause
from fondaco.studio import letters
from fondaco.studio.models import ImagingOrder
from fondaco.studio.reading import at_order, categories
from fondaco.studio.rules import states
from fondaco.studio.rules.reimbursement import Reimbursement, reimburse
from fondaco.studio.rules.states import Exit, OrderState


def not_photographed(order: ImagingOrder, why: Exit, *, by: Any, at: datetime) -> None:
    """End a locked order; the seller is told why, and no bill is made (IMG-SVC-30, IMG-SVC-37)."""
    states.require_step(old=order.state, new=OrderState.NOT_PHOTOGRAPHED)
    order.state, order.exit, order.ended_at = OrderState.NOT_PHOTOGRAPHED.value, why.value, at
    order.save(update_fields=["state", "exit", "ended_at"])
    history.record(
        actor=by,
        verb="imaging.not_photographed",
        subject=order,
        about={"why": str(why), "asin": order.product.asin},
        clause="IMG-SVC-37" if why is Exit.NOT_LOCATED else "IMG-SVC-30",
        at=at,
    )
    facts = {"title": order.product.title, "asin": order.product.asin, "label": order.label}
    sentences = {
        Exit.NOT_LOCATED: lambda: _(
            "We could not locate a unit of %(title)s (%(asin)s) in our fulfilment centre, so it was not photographed."
        ),
        Exit.CAPACITY: lambda: _("The studio has no capacity for %(title)s (%(asin)s), so it was not photographed."),
        Exit.LOST: lambda: _("The unit of %(title)s (%(asin)s) was lost before it was photographed."),
        Exit.DAMAGED: lambda: _("The unit of %(title)s (%(asin)s) was damaged before it was photographed."),
    }
    letters.tell(
        order.seller,
        subject=lambda: _("Imaging order %(label)s: not photographed") % facts,
        text=lambda: sentences[why]() % facts + "\n\n" + _("You are not charged for this order."),
        key=f"imaging:{order.pk}:exit",
        url=letters.pop_up_url(order.product.asin),
    )


def cancel(order: ImagingOrder, *, by: Any, at: datetime) -> None:
    """End a locked order that its seller did not want any more. The unit goes back unbilled (Q-05)."""
    states.require_step(old=order.state, new=OrderState.CANCELLED)
    order.state, order.ended_at = OrderState.CANCELLED.value, at
    order.save(update_fields=["state", "ended_at"])
    history.record(
        actor=by,
        verb="imaging.cancelled",
        subject=order,
        about={"asin": order.product.asin},
        clause="IMG-SVC-54",
        at=at,
    )


def settle_harm(order: ImagingOrder, *, is_loss: bool, by: Any, at: datetime) -> Reimbursement:
    """Decide once whether the unit of a locked order is reimbursed, pay it, and tell the seller (Q-12)."""
    basis = policy.value("imaging.reimbursement_basis", order.store, at=at)
    price = order.offer.price_minor if basis.value == "offer_price_at_event" else order.offer_price_minor
    decided = reimburse(
        is_loss=is_loss,
        categories=categories(order.product),
        excluded=at_order(order.versions, "imaging.damage_excluded"),
        offer_price=Money(price, order.offer.currency),
    )
    order.reimbursed_minor = decided.amount.minor
    order.save(update_fields=["reimbursed_minor"])
    if decided.amount.minor:
        ledger.credit_seller(
            seller=order.seller,
            amount=decided.amount,
            cause=Cause("studio.order", str(order.pk), order.label),
            reason="reimbursement",
            key=f"imaging:{order.pk}:reimbursement",
            clause=decided.clause,
            policy_version=basis.version,
            at=at,
        )
    verb = "imaging.unit_lost" if is_loss else "imaging.unit_damaged"
    about = {"amount": str(decided.amount), "excluded": ", ".join(decided.excluded), "asin": order.product.asin}
    history.record(
        actor=by,
        verb=verb,
        subject=order,
        about=about,
        clause=decided.clause,
        policy_version=order.versions["imaging.damage_excluded"],
        at=at,
    )
    _tell_harm(order, decided, is_loss=is_loss)
    return decided


def _tell_harm(order: ImagingOrder, decided: Reimbursement, *, is_loss: bool) -> None:
    facts = {"title": order.product.title, "asin": order.product.asin, "label": order.label, "amount": decided.amount}

    def text() -> str:
        what = (
            _("A unit of %(title)s (%(asin)s) was lost during imaging.")
            if is_loss
            else _("A unit of %(title)s (%(asin)s) was damaged during imaging.")
        )
        then = (
            _("We reimburse your offer price: %(amount)s. It stands in your payments.")
            if decided.amount.minor
            else _("Damage to products of this kind is not reimbursed under the agreement; loss would be.")
        )
        return f"{what % facts}\n\n{then % facts}"

    letters.tell(
        order.seller,
        subject=lambda: _("Imaging order %(label)s: what happened to the unit") % facts,
        text=text,
        key=f"imaging:{order.pk}:harm",
        url=letters.pop_up_url(order.product.asin),
    )
