"""Feeds about orders: refunds, cancellations and shipments, message by message, through what the pages call.

A message's effects and its result are one transaction (`FeedMessage`): a feed that is worked off again finds what was done.
A message that is refused leaves nothing, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import IO, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_noop as N_

from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.kit.money import Money, decimals_of
from fondaco.orders import operations as orders
from fondaco.orders.models import Order, OrderItem, OrderUnit
from fondaco.orders.operations import CancelReason, RefundReason
from fondaco.orders.rules.states import UnitState
from fondaco.returns.models import Refund, ReturnUnit
from fondaco.returns.operations.refund import refund_unit
from fondaco.returns.queries.expected import planned
from fondaco.returns.rules.life import Place
from fondaco.sellers.access import Caller, caller_for
from fondaco.sellers.rules import Capability
from fondaco.spapi.models import FeedMessage, FeedRequest
from fondaco.spapi.operations.feeds import handles
from fondaco.spapi.order_xml import Message, NotReadable, Result, messages, report

XML = "text/xml; charset=UTF-8"
REFUND_REASONS = {
    "NoInventory": RefundReason.NO_INVENTORY,
    "CustomerReturn": RefundReason.CUSTOMER_RETURN,
    "GeneralAdjustment": RefundReason.ADJUSTMENT,
    "CouldNotShip": RefundReason.COULD_NOT_SHIP,
    "DifferentItem": RefundReason.DIFFERENT_ITEM,
    "Abandoned": RefundReason.ABANDONED,
    "CustomerCancel": RefundReason.CUSTOMER_CANCEL,
    "PriceError": RefundReason.PRICE_ERROR,
    "ProductOutofStock": RefundReason.NO_INVENTORY,
    "CustomerAddressIncorrect": RefundReason.ADDRESS_INCORRECT,
    "Exchange": RefundReason.EXCHANGE,
    "Other": RefundReason.ADJUSTMENT,
    "CarrierCreditDecision": RefundReason.CARRIER_CREDIT,
    "RiskAssessmentInformationNotValid": RefundReason.ADJUSTMENT,
    "CarrierCoverageFailure": RefundReason.CARRIER_CREDIT,
    "TransactionRecord": RefundReason.ADJUSTMENT,
    "Undeliverable": RefundReason.UNDELIVERABLE,
    "RefusedDelivery": RefundReason.REFUSED,
}
CANCEL_REASONS = {
    "NoInventory": CancelReason.NO_STOCK,
    "ShippingAddressUndeliverable": CancelReason.BUYER_WRONG_ADDRESS,
    "CustomerExchange": CancelReason.BUYER_CHANGED_MIND,
    "BuyerCanceled": CancelReason.BUYER_CHANGED_MIND,
    "GeneralAdjustment": CancelReason.CANNOT_SHIP,
    "CarrierCreditDecision": CancelReason.CANNOT_SHIP,
    "RiskAssessmentInformationNotValid": CancelReason.CANNOT_SHIP,
    "CarrierCoverageFailure": CancelReason.CANNOT_SHIP,
    "CustomerReturn": CancelReason.BUYER_CHANGED_MIND,
    "MerchandiseNotReceived": CancelReason.NO_STOCK,
    "CannotVerifyInformation": CancelReason.CANNOT_SHIP,
    "PricingError": CancelReason.PRICING_ERROR,
    "RejectOrder": CancelReason.CANNOT_SHIP,
    "WeatherDelay": CancelReason.CANNOT_SHIP,
}


class MessageWrong(Invalid):
    CODE = "feed_message_wrong"
    WORDS = N_("%(field)s: %(why)s")


class AmountNotPlanned(Refusal):
    CODE = "refund_not_as_planned"
    WORDS = N_("A returned unit is refunded with %(full)s, less whole percents that may be kept for its condition.")
    FIX = N_("Refund %(full)s for it, or grade the unit first.")


Doer = Callable[[Caller, FeedRequest, Message], None]


def _work(feed: FeedRequest, source: IO[bytes], message_type: str, do: Doer) -> Iterator[str]:
    results: list[Result] = []
    trouble = ""
    with translation.override("en"):
        try:
            for message in messages(source, message_type=message_type, seller=feed.seller.number):
                results.append(_one(feed, message, do))
        except NotReadable as unreadable:
            trouble = str(unreadable)
    yield from report(seller=feed.seller.number, feed=feed.number, results=results, trouble=trouble)


def _one(feed: FeedRequest, message: Message, do: Doer) -> Result:
    """Do one message, or find that it was done."""
    try:
        with transaction.atomic():
            row, made = FeedMessage.objects.get_or_create(feed=feed, number=message.number)
            if made:
                do(_caller(feed), feed, message)
    except Refusal as refusal:
        words = f"{refusal} {_filled(refusal.FIX, refusal)}".strip()
        try:
            with transaction.atomic():
                row = FeedMessage.objects.create(
                    feed=feed, number=message.number, code=refusal.CODE[:60], words=words[:1000]
                )
        except IntegrityError:
            row = FeedMessage.objects.get(feed=feed, number=message.number)
    return Result(row.number, row.code, row.words)


def _filled(words: str, refusal: Refusal) -> str:
    try:
        return words % refusal.facts
    except (KeyError, TypeError, ValueError):
        return words


def _caller(feed: FeedRequest) -> Caller:
    """The member in whose name the feed was sent; who has left the account may do nothing."""
    caller = caller_for(feed.person, seller_number=feed.seller.number)
    if caller.seller is None or caller.seller.pk != feed.seller_id:
        raise NotFound(what="seller account")
    return caller


# --- refunds ----------------------------------------------------------------------------------------------------------


@handles("POST_PAYMENT_ADJUSTMENT_DATA", content_type=XML)
def adjustments(feed: FeedRequest, source: IO[bytes]) -> Iterator[str]:
    """Refunds of items: returned units by their plan, what was not returned as the seller says."""
    yield from _work(feed, source, "OrderAdjustment", _adjust)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One `AdjustedItem`."""

    item: OrderItem
    reason: str
    minor: int


def _adjust(caller: Caller, feed: FeedRequest, message: Message) -> None:
    caller.require(Capability.HANDLE_RETURNS, seller=feed.seller)
    order = _order(feed, message)
    if message.text("ActionType") not in ("", "Refund"):
        raise MessageWrong(field="ActionType", why="only Refund")
    asked = [_asked(order, message, element) for element in message.body.findall("AdjustedItem")]
    if not asked:
        raise MessageWrong(field="AdjustedItem", why="missing")
    for place, each in enumerate(asked, start=1):
        left = _returned(caller, each)
        if left:
            _goodwill(caller, order, each, left, key=f"feed:{feed.number}:{message.number}:{place}")


def _asked(order: Order, message: Message, element: Any) -> _Asked:
    item = _item(order, message.text("AmazonOrderItemCode", element))
    reason = message.text("AdjustmentReason", element)
    if reason not in REFUND_REASONS:
        raise MessageWrong(field="AdjustmentReason", why="one of " + ", ".join(sorted(REFUND_REASONS)))
    total = 0
    for component in element.findall("ItemPriceAdjustments/Component"):
        amount = component.find("Amount")
        if amount is None:
            raise MessageWrong(field="Amount", why="missing")
        currency = (amount.get("currency") or "").strip()
        if currency != order.currency:
            raise orders.RefundCurrency(paid=order.currency, given=currency[:3])
        total += _minor((amount.text or "").strip(), currency)
    if total <= 0:
        raise MessageWrong(field="ItemPriceAdjustments", why="no amount above zero")
    return _Asked(item, reason, total)


def _minor(text: str, currency: str) -> int:
    places = decimals_of(currency)
    try:
        value = Decimal(text[:20])
        scaled = value.scaleb(places)
        whole = int(scaled)
    except (InvalidOperation, ValueError, OverflowError):
        raise MessageWrong(field="Amount", why=f"{text[:20]!r} is no amount") from None
    if whole != scaled or not 0 <= whole <= 10**12:
        raise MessageWrong(field="Amount", why=f"{text[:20]!r} is no amount of {currency}")
    return whole


def _returned(caller: Caller, asked: _Asked) -> int:
    """Refund returned units that have arrived, as the page does; returns what is left of the amount."""
    left = asked.minor
    rows = ReturnUnit.objects.filter(unit__item=asked.item, place__in=[Place.ARRIVED.value, Place.GRADED.value])
    waiting = [r for r in rows.select_related("parcel").order_by("id") if not Refund.objects.filter(unit=r).exists()]
    for row in waiting:
        if not left:
            break
        left -= _refund_returned(caller, asked, row, left)
    return left


def _refund_returned(caller: Caller, asked: _Asked, row: ReturnUnit, left: int) -> int:
    """The plan for a unit that fits the amount: in full, or less the percents that the amount leaves out."""
    from fondaco.engine import clock

    now = clock.now()
    full = planned(row.parcel, row, now=now).minor
    pct = 0
    if left < full:
        pct = next((p for p in range(1, 101) if _with(row, p, now) == left), -1)
        if pct < 0:
            raise AmountNotPlanned(full=str(Money(full, row.parcel.currency)))
    made = refund_unit(caller, number=row.parcel.number, unit=row.number, deduct_pct=pct, currency=row.parcel.currency)
    return int(made.amount_minor)


def _with(row: ReturnUnit, pct: int, now: datetime) -> int | None:
    try:
        return planned(row.parcel, row, now=now, deduct_pct=pct).minor
    except Refusal:
        return None


def _goodwill(caller: Caller, order: Order, asked: _Asked, minor: int, *, key: str) -> None:
    """Money back for units that are not being returned, as on the order's page."""
    orders.refund_item(
        caller,
        order=order,
        item_id=asked.item.pk,
        amount=Money(minor, order.currency),
        reason=REFUND_REASONS[asked.reason],
        key=key,
    )


# --- cancellations ----------------------------------------------------------------------------------------------------


@handles("POST_ORDER_ACKNOWLEDGEMENT_DATA", content_type=XML)
def acknowledgements(feed: FeedRequest, source: IO[bytes]) -> Iterator[str]:
    """`Success` is noted by nobody; `Failure` cancels the items it names, or all that was not sent."""
    yield from _work(feed, source, "OrderAcknowledgement", _acknowledge)


def _acknowledge(caller: Caller, feed: FeedRequest, message: Message) -> None:
    order = _order(feed, message)
    status = message.text("StatusCode")
    if status not in ("Success", "Failure"):
        raise MessageWrong(field="StatusCode", why="Success or Failure")
    if status == "Success":
        return
    named = message.body.findall("Item")
    if not named:
        orders.cancel_order(caller, number=order.number, reason=CancelReason.CANNOT_SHIP)
        return
    for element in named:
        item = _item(order, message.text("AmazonOrderItemCode", element))
        said = message.text("CancelReason", element) or "GeneralAdjustment"
        if said not in CANCEL_REASONS:
            raise MessageWrong(field="CancelReason", why="one of " + ", ".join(sorted(CANCEL_REASONS)))
        units = list(item.units.filter(state=UnitState.ORDERED.value))
        if not units:
            raise orders.NotCancellable
        orders.cancel_order(caller, number=order.number, reason=CANCEL_REASONS[said], units=units)


# --- shipments --------------------------------------------------------------------------------------------------------


@handles("POST_ORDER_FULFILLMENT_DATA", content_type=XML)
def fulfilments(feed: FeedRequest, source: IO[bytes]) -> Iterator[str]:
    """Shipment confirmations: the units that a message names, or all that wait, in one parcel."""
    yield from _work(feed, source, "OrderFulfillment", _fulfil)


def _fulfil(caller: Caller, feed: FeedRequest, message: Message) -> None:
    order = _order(feed, message)
    data = message.body.find("FulfillmentData")
    carrier = tracking = service = ""
    if data is not None:
        carrier = message.text("CarrierName", data) or message.text("CarrierCode", data)
        tracking, service = message.text("ShipperTrackingNumber", data), message.text("ShippingMethod", data)
    if not carrier or not tracking:
        raise MessageWrong(field="FulfillmentData", why="CarrierCode or CarrierName, and ShipperTrackingNumber")
    units: list[OrderUnit] = []
    for element in message.body.findall("Item"):
        item = _item(order, message.text("AmazonOrderItemCode", element))
        quantity = message.text("Quantity", element) or str(item.quantity)
        if not quantity.isascii() or not quantity.isdigit() or not 0 < int(quantity[:9]) <= item.quantity:
            raise MessageWrong(field="Quantity", why=f"{quantity[:20]!r} of {item.quantity}")
        waiting = item.units.filter(state=UnitState.ORDERED.value).exclude(pk__in=[u.pk for u in units])
        found = list(waiting.order_by("number")[: int(quantity)])
        if len(found) < int(quantity):
            raise orders.NothingToShip
        units += found
    orders.record_shipment(
        order=order,
        units=units or None,
        carrier=carrier[:60],
        service=service[:60],
        tracking=tracking[:60],
        key=f"feed:{feed.number}:{message.number}",
        caller=caller,
    )


# --- what messages name -----------------------------------------------------------------------------------------------


def _order(feed: FeedRequest, message: Message) -> Order:
    """The account's own order that a message names, its row."""
    number = message.text("AmazonOrderID") or message.text("MerchantOrderID")
    found = Order.objects.select_related("seller").filter(seller=feed.seller, number=number[:19]).first()
    if found is None:
        raise MessageWrong(field="AmazonOrderID", why=f"this account has no order {number[:19]!r}")
    return found


def _item(order: Order, code: str) -> OrderItem:
    try:
        found = order.items.filter(pk=UUID(code)).first()
    except ValueError:
        found = None
    if found is None:
        raise MessageWrong(field="AmazonOrderItemCode", why=f"the order has no item {code[:40]!r}")
    return found


def registered() -> Sequence[str]:
    """The feed types of this module, for the parity page."""
    return ("POST_ORDER_ACKNOWLEDGEMENT_DATA", "POST_ORDER_FULFILLMENT_DATA", "POST_PAYMENT_ADJUSTMENT_DATA")
