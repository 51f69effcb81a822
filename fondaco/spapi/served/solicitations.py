"""Solicitations, version 1: one request for a review and feedback an order."""

from __future__ import annotations

from typing import Any

from fondaco.spapi.door import Answer, Call, many, operation
from fondaco.spapi.operations import contact
from fondaco.spapi.queries import orders as queries
from fondaco.spapi.rules.contact import may_solicit
from fondaco.spapi.rules.roles import ApiRole

ROLES = (ApiRole.SOLICITATION,)
_ORDER = "/solicitations/v1/orders/{amazonOrderId}"
_NAME = "productReviewAndSellerFeedback"
_QUERY = (many("marketplaceIds", required=True, most=1),)


@operation("getSolicitationActionsForOrder", "GET", _ORDER, rate=(1, 5), roles=ROLES, query=_QUERY)
def get_solicitation_actions_for_order(call: Call) -> dict[str, Any]:
    """Whether the buyer can be asked now."""
    order, market = queries.order_of(call.seller, call["amazonOrderId"]), call.stores()[0].marketplace_id
    base = f"/solicitations/v1/orders/{order.number}"
    links = []
    if may_solicit(contact.standing_of(order), at=call.at):
        links = [{"href": f"{base}/solicitations/{_NAME}?marketplaceIds={market}", "name": _NAME}]
    embedded = [
        {
            "_links": {"self": link, "schema": {"href": f"{base}/solicitations/{_NAME}/schema"}},
            "payload": {"name": _NAME},
        }
        for link in links
    ]
    return {
        "_links": {"self": {"href": f"{base}?marketplaceIds={market}"}, "actions": links},
        "_embedded": {"actions": embedded},
    }


@operation(
    "createProductReviewAndSellerFeedbackSolicitation",
    "POST",
    f"{_ORDER}/solicitations/{_NAME}",
    rate=(1, 5),
    roles=ROLES,
    query=_QUERY,
)
def create_solicitation(call: Call) -> Answer:
    """Ask the buyer, once."""
    call.stores()
    contact.solicit(call.caller, order=queries.order_of(call.seller, call["amazonOrderId"]))
    return Answer(201, {})
