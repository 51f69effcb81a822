"""One order, for who may see it. A lookup is the access."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from fondaco.kit.errors import NotFound
from fondaco.orders.models import Order
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability, Role

DESK_ROLES = (Role.CUSTOMER_SERVICE, Role.SUPPORT, Role.OPERATOR)


def loaded(orders: QuerySet[Order]) -> QuerySet[Order]:
    """With everything that pages and operations read of an order."""
    return orders.select_related("seller", "buyer").prefetch_related(
        "items__units", "items__product__main_picture", "items__offer", "parcels__units", "parcels__scans"
    )


def order_of_buyer(caller: Caller, number: str) -> Order:
    """An order that the caller bought. Raises SignInRequired, NotFound."""
    return _one(Order.objects.filter(buyer=caller.require_person()), number)


def order_of_seller(caller: Caller, number: str) -> Order:
    """An order of the seller account being worked in. Raises SignInRequired, SellerRequired, Denied, NotFound."""
    return _one(Order.objects.filter(seller=caller.require_seller(Capability.VIEW)), number)


def order_for(caller: Caller, number: str) -> Order:
    """An order that the caller bought or sold, or any for customer service. Raises SignInRequired, NotFound."""
    person = caller.require_person()
    if caller.has(*DESK_ROLES):
        return _one(Order.objects.all(), number)
    sellers = [m.seller_id for m in caller.memberships if caller.may(Capability.VIEW, seller=m.seller)]
    return _one(Order.objects.filter(Q(buyer=person) | Q(seller__in=sellers)), number)


def _one(orders: QuerySet[Order], number: str) -> Order:
    order = loaded(orders.filter(number=number.strip()[:19].replace("\0", ""))).first()
    if order is None:
        raise NotFound(what="order")
    return order
