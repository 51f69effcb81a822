"""Orders, version 0: the reads that older clients use, shipment confirmation and status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from fondaco.kit.errors import NotFound, Refusal
from fondaco.orders import operations as orders
from fondaco.orders.models import OrderItem, OrderUnit
from fondaco.orders.rules.states import UnitState
from fondaco.sellers.rules import Capability
from fondaco.spapi.door import Answer, Call, many, moment, operation, paging, text, whole, yes_no
from fondaco.spapi.door.call import store_of
from fondaco.spapi.door.errors import invalid, unauthorized
from fondaco.spapi.queries import orders as queries
from fondaco.spapi.queries.buyers import alias_of, aliases_of
from fondaco.spapi.rules.roles import ApiRole
from fondaco.spapi.served.forms import amount
from fondaco.spapi.served.forms import moment as moment_text
from fondaco.spapi.served.order_facts import LEVELS, Facts, sent, street_lines

ROLES = (ApiRole.INVENTORY_AND_ORDERS, ApiRole.SHIPPING)
_STATUS = {
    "UNSHIPPED": "Unshipped",
    "PARTIALLY_SHIPPED": "PartiallyShipped",
    "SHIPPED": "Shipped",
    "CANCELLED": "Canceled",
}
_ASKED = {value: key for key, value in _STATUS.items()} | {
    "Pending": "PENDING",
    "PendingAvailability": "PENDING_AVAILABILITY",
    "Unfulfillable": "UNFULFILLABLE",
    "InvoiceUnconfirmed": "PENDING",
}
_CHANNELS = {"MFN": "seller", "AFN": "marketplace"}
_ONE = "/orders/v0/orders/{orderId}"
_RESTRICTED = "Personal data needs a restricted data token, as in the published interface."


@operation(
    "getOrders",
    "GET",
    "/orders/v0/orders",
    rate=(0.0167, 20),
    roles=ROLES,
    query=(
        moment("CreatedAfter"),
        moment("CreatedBefore"),
        moment("LastUpdatedAfter"),
        moment("LastUpdatedBefore"),
        many("OrderStatuses"),
        many("MarketplaceIds", required=True, most=50),
        many("FulfillmentChannels"),
        many("PaymentMethods"),
        text("BuyerEmail"),
        text("SellerOrderId"),
        whole("MaxResultsPerPage", default=100, most=100),
        many("EasyShipShipmentStatuses"),
        many("ElectronicInvoiceStatuses"),
        text("NextToken"),
        many("AmazonOrderIds", most=50),
        text("ActualFulfillmentSupplySourceId"),
        yes_no("IsISPU"),
        text("StoreChainStoreId"),
        moment("EarliestDeliveryDateBefore"),
        moment("EarliestDeliveryDateAfter"),
        moment("LatestDeliveryDateBefore"),
        moment("LatestDeliveryDateAfter"),
    ),
    differs=_RESTRICTED,
)
def get_orders(call: Call) -> dict[str, Any]:
    """The seller's orders, the latest first."""
    numbers, token = call["AmazonOrderIds"], call["NextToken"]
    by_change = call["LastUpdatedAfter"] is not None
    if not numbers and not token and by_change == (call["CreatedAfter"] is not None):
        raise invalid("Send either CreatedAfter or LastUpdatedAfter.")
    before = call["LastUpdatedBefore"] if by_change else call["CreatedBefore"]
    unknown = [s for s in call["OrderStatuses"] if s not in _ASKED]
    if unknown or any(c not in _CHANNELS for c in call["FulfillmentChannels"]):
        raise invalid(f"Invalid value: {(unknown or call['FulfillmentChannels'])[0][:40]}.")
    question = queries.Question(
        stores=tuple(store_of(m).code for m in call["MarketplaceIds"]),
        numbers=tuple(numbers),
        statuses=tuple(_ASKED[s] for s in call["OrderStatuses"]),
        channels=tuple(_CHANNELS[c] for c in call["FulfillmentChannels"]),
        after=call["LastUpdatedAfter"] if by_change else call["CreatedAfter"],
        before=before,
        by_change=by_change,
    )
    rows, more = queries.page_of(
        call.seller,
        question,
        size=call["MaxResultsPerPage"],
        after=paging.position(call, "getOrders", token),
    )
    aliases = aliases_of(rows)
    facts = [f for f in map(Facts, rows) if _wanted(f, call, aliases[f.order.buyer_id])]
    payload: dict[str, Any] = {"Orders": [_order(f, call.opened, aliases[f.order.buyer_id]) for f in facts]}
    payload["LastUpdatedBefore" if by_change else "CreatedBefore"] = moment_text(before or call.at)
    if more:
        payload["NextToken"] = paging.token(call, "getOrders", queries.position_of(rows[-1], question))
    return {"payload": payload}


def _wanted(facts: Facts, call: Call, alias: str) -> bool:
    """Filters that no index serves; they narrow a page that was found already."""
    if call["BuyerEmail"] and alias != call["BuyerEmail"]:
        return False
    if call["SellerOrderId"] and facts.order.number != call["SellerOrderId"]:
        return False
    if call["IsISPU"] or call["StoreChainStoreId"] or call["EasyShipShipmentStatuses"]:
        return False
    if call["PaymentMethods"] and "Other" not in call["PaymentMethods"]:
        return False
    first, last = facts.delivery_window
    return all(
        (
            call["EarliestDeliveryDateAfter"] is None or first >= call["EarliestDeliveryDateAfter"],
            call["EarliestDeliveryDateBefore"] is None or first <= call["EarliestDeliveryDateBefore"],
            call["LatestDeliveryDateAfter"] is None or last >= call["LatestDeliveryDateAfter"],
            call["LatestDeliveryDateBefore"] is None or last <= call["LatestDeliveryDateBefore"],
        )
    )


@operation("getOrder", "GET", _ONE, rate=(0.5, 30), roles=ROLES, differs=_RESTRICTED)
def get_order(call: Call) -> dict[str, Any]:
    """One order."""
    facts = _facts(call)
    return {"payload": _order(facts, call.opened, alias_of(facts.order))}


@operation("getOrderBuyerInfo", "GET", f"{_ONE}/buyerInfo", rate=(0.5, 30), roles=ROLES, differs=_RESTRICTED)
def get_order_buyer_info(call: Call) -> dict[str, Any]:
    """Who bought: the alias, and with a restricted token the name."""
    facts = _facts(call)
    made = {"AmazonOrderId": facts.order.number, "BuyerEmail": alias_of(facts.order)}
    return {"payload": made | ({"BuyerName": facts.order.buyer.name} if call.opened is not None else {})}


@operation("getOrderAddress", "GET", f"{_ONE}/address", rate=(0.5, 30), roles=ROLES, differs=_RESTRICTED)
def get_order_address(call: Call) -> dict[str, Any]:
    """Where it goes; without a restricted token, town and country only."""
    facts = _facts(call)
    address = _address(facts, whole=call.opened is not None)
    return {"payload": {"AmazonOrderId": facts.order.number, "ShippingAddress": address}}


@operation("getOrderItems", "GET", f"{_ONE}/orderItems", rate=(0.5, 30), roles=ROLES, query=(text("NextToken"),))
def get_order_items(call: Call) -> dict[str, Any]:
    """Its items; an order's items come on one page."""
    facts = _facts(call)
    items = [_item(facts, item) for item in facts.items]
    return {"payload": {"AmazonOrderId": facts.order.number, "OrderItems": items}}


@operation(
    "getOrderItemsBuyerInfo",
    "GET",
    f"{_ONE}/orderItems/buyerInfo",
    rate=(0.5, 30),
    roles=ROLES,
    query=(text("NextToken"),),
    differs=_RESTRICTED,
)
def get_order_items_buyer_info(call: Call) -> dict[str, Any]:
    """What the buyer asked of each item."""
    facts = _facts(call)
    items = [{"OrderItemId": str(item.pk)} for item in facts.items]
    return {"payload": {"AmazonOrderId": facts.order.number, "OrderItems": items}}


class ShipmentItem(BaseModel):
    orderItemId: str
    quantity: Annotated[int, Field(ge=1, le=10**6)]


class PackageDetail(BaseModel):
    packageReferenceId: Annotated[str, Field(min_length=1, max_length=60)]
    carrierCode: Annotated[str, Field(min_length=1, max_length=60)]
    carrierName: str = ""
    shippingMethod: str = ""
    trackingNumber: Annotated[str, Field(min_length=1, max_length=60)]
    shipDate: AwareDatetime
    orderItems: Annotated[list[ShipmentItem], Field(min_length=1, max_length=1000)]


class ConfirmShipmentRequest(BaseModel):
    packageDetail: PackageDetail
    marketplaceId: str


class ShipDateAhead(Refusal):
    CODE = "ship_date_ahead"
    STATUS = 422
    WORDS = "The ship date lies in the future."


@operation(
    "confirmShipment", "POST", f"{_ONE}/shipmentConfirmation", rate=(2, 10), roles=ROLES, body=ConfirmShipmentRequest
)
def confirm_shipment(call: Call) -> Answer:
    """The seller sent these units; the same package reference again changes nothing."""
    body: ConfirmShipmentRequest = call.body
    seller = call.caller.require_seller(Capability.HANDLE_ORDERS)
    store_of(body.marketplaceId)
    order = queries.order_of(seller, call["orderId"])
    detail = body.packageDetail
    if detail.shipDate > call.at:
        raise ShipDateAhead
    key = f"spapi:{detail.packageReferenceId}"
    units = [] if order.parcels.filter(key=key).exists() else _units(order, detail.orderItems)
    carrier = detail.carrierName or detail.carrierCode
    if detail.carrierCode.lower() == "other" and not detail.carrierName:
        raise invalid("carrierName is required when carrierCode is Other.")
    orders.record_shipment(
        order=order,
        units=units,
        carrier=carrier[:60],
        service=detail.shippingMethod[:60],
        tracking=detail.trackingNumber,
        key=key,
        caller=call.caller,
    )
    return Answer(204)


def _units(order: Any, wanted: Sequence[ShipmentItem]) -> list[OrderUnit]:
    found: list[OrderUnit] = []
    for each in wanted:
        try:
            item: OrderItem | None = order.items.filter(pk=UUID(each.orderItemId)).first()
        except ValueError:
            item = None
        if item is None:
            raise NotFound(what="order item")
        taken = {u.pk for u in found}
        waiting = item.units.filter(state=UnitState.ORDERED.value).exclude(pk__in=taken).order_by("number")
        units = list(waiting[: each.quantity])
        if len(units) < each.quantity:
            raise orders.NothingToShip
        found += units
    return found


class UpdateShipmentStatusRequest(BaseModel):
    marketplaceId: str
    shipmentStatus: Literal["ReadyForPickup", "PickedUp", "RefusedPickup"]
    orderItems: list[dict[str, Any]] = Field(default_factory=list)


@operation(
    "updateShipmentStatus", "POST", f"{_ONE}/shipment", rate=(5, 15), roles=ROLES, body=UpdateShipmentStatusRequest
)
def update_shipment_status(call: Call) -> Answer:
    """Pickup in a store does not exist here: every order is delivered."""
    store_of(call.body.marketplaceId)
    queries.order_of(call.seller, call["orderId"])
    raise invalid("This order is delivered; it is not picked up in a store.", "Use confirmShipment.")


class VerificationBody(BaseModel):
    status: Literal["Pending", "Approved", "Rejected", "Expired", "Cancelled"] | None = None
    externalReviewerId: str
    rejectionReasonId: str | None = None
    verificationDetails: dict[str, Any] | None = None


class UpdateVerificationStatusRequest(BaseModel):
    regulatedOrderVerificationStatus: VerificationBody


@operation("getOrderRegulatedInfo", "GET", f"{_ONE}/regulatedInfo", rate=(0.5, 30), roles=ROLES)
def get_order_regulated_info(call: Call) -> dict[str, Any]:
    """Regulated goods are not sold here: nothing is asked of the seller."""
    if call.opened is None:
        raise unauthorized("This operation needs a restricted data token.")
    facts = _facts(call)
    return {
        "payload": {
            "AmazonOrderId": facts.order.number,
            "RegulatedInformation": {"Fields": []},
            "RequiresDosageLabel": False,
            "RegulatedOrderVerificationStatus": {
                "Status": "Approved",
                "RequiresMerchantAction": False,
                "ValidRejectionReasons": [],
            },
        }
    }


@operation(
    "updateVerificationStatus",
    "PATCH",
    f"{_ONE}/regulatedInfo",
    rate=(0.5, 30),
    roles=ROLES,
    body=UpdateVerificationStatusRequest,
)
def update_verification_status(call: Call) -> Answer:
    """No order here waits for a verification."""
    queries.order_of(call.seller, call["orderId"])
    raise invalid("This order does not need a verification.")


# --- shapes -----------------------------------------------------------------------------------------------------------


def _facts(call: Call) -> Facts:
    return Facts(queries.whole_order_of(call.seller, call["orderId"]))


def _order(facts: Facts, opened: frozenset[str] | None, alias: str) -> dict[str, Any]:
    row = facts.order
    category, level = LEVELS[facts.speed]
    ship, deliver = facts.ship_window, facts.delivery_window
    done = sum(sent(item) for item in facts.items)
    made: dict[str, Any] = {
        "AmazonOrderId": row.number,
        "PurchaseDate": moment_text(row.placed_at),
        "LastUpdateDate": moment_text(facts.changed_at),
        "OrderStatus": _STATUS[facts.status],
        "FulfillmentChannel": "AFN" if facts.is_by_marketplace else "MFN",
        "SalesChannel": facts.store.name,
        "ShipServiceLevel": level,
        "ShipmentServiceLevelCategory": category,
        "OrderTotal": _money(row.total_minor, row.currency),
        "NumberOfItemsShipped": done,
        "NumberOfItemsUnshipped": sum(i.quantity for i in facts.items) - done if facts.status != "CANCELLED" else 0,
        "PaymentMethod": "Other",
        "PaymentMethodDetails": ["Standard"],
        "MarketplaceId": facts.store.marketplace_id,
        "OrderType": "StandardOrder",
        "EarliestShipDate": moment_text(ship[0]),
        "LatestShipDate": moment_text(ship[1]),
        "EarliestDeliveryDate": moment_text(deliver[0]),
        "LatestDeliveryDate": moment_text(deliver[1]),
        "IsBusinessOrder": False,
        "IsPrime": row.has_prime,
        "IsPremiumOrder": False,
        "IsGlobalExpressEnabled": False,
        "IsReplacementOrder": False,
        "IsSoldByAB": False,
        "IsISPU": False,
        "IsAccessPointOrder": False,
        "HasRegulatedItems": False,
        "ShippingAddress": _address(facts, whole=bool(opened and "shippingAddress" in opened)),
        "BuyerInfo": {"BuyerEmail": alias},
    }
    if opened and "buyerInfo" in opened:
        made["BuyerInfo"]["BuyerName"] = row.buyer.name
    if origin := row.seller.ship_from:
        made["DefaultShipFromLocationAddress"] = {
            "Name": origin.name,
            "AddressLine1": origin.street.split("\n")[0],
            "City": origin.city,
            "StateOrRegion": origin.region,
            "PostalCode": origin.postal_code,
            "CountryCode": origin.country,
        }
    return made


def _address(facts: Facts, *, whole: bool) -> dict[str, str]:
    postal = facts.postal
    made = {
        "City": postal.city,
        "StateOrRegion": postal.region,
        "PostalCode": postal.postal_code,
        "CountryCode": postal.country,
    }
    if whole:
        made |= {"Name": postal.name, "CompanyName": postal.company, "Phone": postal.phone}
        made |= {f"AddressLine{n}": line for n, line in enumerate(street_lines(postal), start=1)}
    return {key: value for key, value in made.items() if value}


def _item(facts: Facts, item: OrderItem) -> dict[str, Any]:
    currency = facts.order.currency
    return {
        "ASIN": item.asin,
        "SellerSKU": item.sku,
        "OrderItemId": str(item.pk),
        "Title": item.title,
        "QuantityOrdered": item.quantity,
        "QuantityShipped": sent(item),
        "ProductInfo": {"NumberOfItems": "1"},
        "ItemPrice": _money(item.price_minor * item.quantity, currency),
        "ShippingPrice": _money(item.shipping_minor, currency),
        "ItemTax": _money(item.tax_minor * item.quantity, currency),
        "IsGift": "false",
        "ConditionId": "New" if item.condition == "new" else "Used",
        "ConditionSubtypeId": item.condition.removeprefix("used_").replace("_", " ").title().replace(" ", ""),
        "IsTransparency": False,
    }


def _money(minor: int, currency: str) -> dict[str, str]:
    return {"CurrencyCode": currency, "Amount": amount(minor, currency)}
