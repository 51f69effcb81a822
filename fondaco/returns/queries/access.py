"""One return, for who may see it. A lookup is the access."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from fondaco.engine.slots import prepared
from fondaco.kit.errors import NotFound
from fondaco.returns.models import Return
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability, Role

DESK_ROLES = (Role.CUSTOMER_SERVICE, Role.OPERATOR)


def own_return(caller: Caller, number: str) -> Return:
    """A return of something the caller bought. Raises SignInRequired, NotFound."""
    return _one(Return.objects.filter(buyer=caller.require_person()), number)


def return_of_seller(caller: Caller, number: str) -> Return:
    """A return to the seller account being worked in. Raises SignInRequired, SellerRequired, Denied, NotFound."""
    return _one(Return.objects.filter(seller=caller.require_seller(Capability.VIEW)), number)


def return_to_handle(caller: Caller, number: str) -> Return:
    """The same for who may handle returns, and the bare row: for an operation that locks it and what belongs to it.

    Raises SignInRequired, SellerRequired, Denied, NotFound.
    """
    seller = caller.require_seller(Capability.VIEW)
    row = _bare.first(_cleaned(number), seller.pk)
    if row is None:
        raise NotFound(what="return")
    caller.require(Capability.HANDLE_RETURNS, seller=seller)
    return row


@prepared
def _bare(number: Any, seller: Any) -> QuerySet[Return]:
    return Return.objects.filter(number=number, seller=seller)


def return_at_desk(caller: Caller, number: str) -> Return:
    """Any return, for customer service. Raises SignInRequired, Denied, NotFound."""
    caller.require_role(Role.CUSTOMER_SERVICE)
    return _one(Return.objects.all(), number)


def _one(returns: QuerySet[Return], number: str) -> Return:
    row = returns.filter(number=_cleaned(number)).select_related("order", "seller", "buyer").first()
    if row is None:
        raise NotFound(what="return")
    return row


def _cleaned(number: str) -> str:
    return number.replace("\0", "").strip().upper()[:10]
