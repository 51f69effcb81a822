"""What customer service of the demo has done: a refund that its seller claims back, and a guarantee claim that waits.

Doing it again adds only what is missing.
"""

from __future__ import annotations

from contextlib import suppress

from fondaco.kit.errors import Refusal
from fondaco.orders.models import Order, OrderUnit
from fondaco.sellers.access import Caller, caller_for
from fondaco.sellers.models import Membership, Person
from fondaco.service.models import GuaranteeClaim, Reimbursement, Remedy
from fondaco.service.operations import guarantees, reimbursements, remedies
from fondaco.service.rules.claims import Fault, Ground
from fondaco.service.rules.remedies import RemedyKind


def ensure_service() -> None:
    """One of each, on orders that the demo's buyers made."""
    desk = caller_for(Person.objects.get(email_folded="service@fondaco.example"))
    delivered = Order.objects.filter(status="delivered").order_by("placed_at")
    if not Remedy.objects.exists() and (order := delivered.filter(has_prime=True).first()):
        _refund(desk, order)
    if not GuaranteeClaim.objects.exists():
        for order in delivered.filter(has_prime=False):
            with suppress(Refusal):  # a buyer who has not written yet cannot claim
                unit = OrderUnit.objects.filter(item__order=order).order_by("number").first()
                assert unit is not None
                guarantees.open_claim(
                    caller_for(order.buyer),
                    number=order.number,
                    unit=unit.pk,
                    fault=Fault.NOT_AS_DESCRIBED,
                    text="The colour is not the one of the picture.",
                )
                break


def _refund(desk: Caller, order: Order) -> None:
    unit = OrderUnit.objects.filter(item__order=order, item__is_prime=True).order_by("number").first()
    if unit is None:
        return
    with suppress(Refusal):
        remedy = remedies.refund(
            desk,
            number=order.number,
            units=[unit.pk],
            kind=RemedyKind.REFUND,
            why="A handle came off on the first day; the buyer sent photos.",
            request_key=f"demo:remedy:{order.number}",
        )
        part = remedy.parts.first()
        if part is not None and not Reimbursement.objects.exists():
            reimbursements.file(
                _owner(order),
                payback_id=part.payback_id,
                ground=Ground.POLICY_ABUSE,
                text="The photos show another product than the one that we sent.",
                request_key="demo:claim",
            )


def _owner(order: Order) -> Caller:
    membership = Membership.objects.select_related("person").get(seller=order.seller, role="owner")
    return caller_for(membership.person, seller_number=order.seller.number)
