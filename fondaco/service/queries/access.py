"""Who sees what at the desk, in the portal and in Your Orders. A look-up is the access."""

from __future__ import annotations

from django.db.models import QuerySet

from fondaco.kit.errors import Denied, NotFound
from fondaco.orders.models import Order
from fondaco.orders.queries import order_for
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability, Role
from fondaco.service.models import GuaranteeClaim, Reimbursement, Remedy

DESK_ROLES = (Role.CUSTOMER_SERVICE, Role.OPERATOR)


def order_at_desk(caller: Caller, number: str) -> Order:
    """Any order, for customer service. Raises SignInRequired, Denied, NotFound."""
    caller.require_role(*DESK_ROLES)
    return order_for(caller, number)


def require_stranger(caller: Caller, order: Order) -> None:
    """Nobody decides about money of their own order or account. Raises Denied."""
    person = caller.require_person()
    if order.buyer_id == person.pk or caller.role_in(order.seller) is not None:
        raise Denied(why="own_order")


def remedies_of_seller(caller: Caller) -> QuerySet[Remedy]:
    """What was given back on the orders of the account being worked in."""
    seller = caller.require_seller(Capability.VIEW)
    return Remedy.objects.filter(seller=seller).select_related("order", "author").prefetch_related("parts__payback")


def reimbursements_of_seller(caller: Caller) -> QuerySet[Reimbursement]:
    return Reimbursement.objects.filter(seller=caller.require_seller(Capability.VIEW)).select_related("order")


def reimbursement_for(caller: Caller, number: str) -> Reimbursement:
    """One claim of a seller account of the caller's, or any for customer service. Raises NotFound."""
    claim = Reimbursement.objects.select_related("order", "seller", "payback").filter(number=number[:10]).first()
    if claim is None or not (caller.has(*DESK_ROLES) or caller.may(Capability.VIEW, seller=claim.seller)):
        raise NotFound(what="claim")
    return claim


def guarantees_of_seller(caller: Caller) -> QuerySet[GuaranteeClaim]:
    return GuaranteeClaim.objects.filter(seller=caller.require_seller(Capability.VIEW)).select_related("order")


def guarantee_for(caller: Caller, number: str) -> GuaranteeClaim:
    """One claim of the caller as a buyer, of a seller account of the caller's, or any for customer service."""
    claim = (
        GuaranteeClaim.objects.select_related("order", "seller", "buyer", "unit__item")
        .filter(number=number[:10])
        .first()
    )
    person = caller.require_person()
    if claim is None or not (
        claim.buyer_id == person.pk or caller.has(*DESK_ROLES) or caller.may(Capability.VIEW, seller=claim.seller)
    ):
        raise NotFound(what="claim")
    return claim
