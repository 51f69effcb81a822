"""Merchant Fulfillment, version 0: Buy Shipping for programs. Rates, labels, the way back."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Mapping
from datetime import datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core import signing
from pydantic import AwareDatetime, BaseModel, Field

from fondaco.engine import clock
from fondaco.fulfilment.models import Label
from fondaco.fulfilment.operations import buying, labels
from fondaco.fulfilment.operations.buying import Offered, Plan
from fondaco.fulfilment.operations.printing import print_label
from fondaco.fulfilment.rules.labels import LabelState, Purpose
from fondaco.fulfilment.rules.parcels import Package
from fondaco.kit.calendar import zone
from fondaco.kit.errors import NotFound
from fondaco.orders.models import Order, OrderItem, OrderUnit
from fondaco.orders.rules.states import UnitState
from fondaco.sellers.addresses import PostalAddress, zone_of
from fondaco.sellers.rules import Capability
from fondaco.spapi.door import Call, operation
from fondaco.spapi.door.errors import ApiError, invalid
from fondaco.spapi.queries import orders as queries
from fondaco.spapi.rules.roles import ApiRole
from fondaco.spapi.served.forms import amount, moment
from fondaco.spapi.served.order_facts import street_lines

ROLES = (ApiRole.SHIPPING,)
FORMATS = ("PDF", "PNG", "ZPL203", "ZPL300")
_MIME = {"PDF": "application/pdf", "PNG": "image/png", "ZPL203": "application/zpl", "ZPL300": "application/zpl"}
_STATUS = {
    LabelState.ASKED: "Purchased",
    LabelState.BOUGHT: "Purchased",
    LabelState.VOIDING: "RefundPending",
    LabelState.VOIDED: "RefundApplied",
    LabelState.REFUSED: "RefundRejected",
}
_PICKUP = "ShipperWillDropOff"
_CONFIRMED = "DeliveryConfirmationWithoutSignature"
_OFFER_HOLDS_S = 3600
_SALT = "fondaco.spapi.mfn.offer"
_DIFFERS = (
    "Parcels leave from the account's ship-from address; carriers and their terms are this store's. "
    "A plain token of an application with the shipping role suffices."
)


class WeightIn(BaseModel):
    Value: Annotated[float, Field(gt=0, le=10**7)]
    Unit: Literal["oz", "g"]


class PackageDimensionsIn(BaseModel):
    Length: Annotated[float, Field(gt=0, le=10**5)] | None = None
    Width: Annotated[float, Field(gt=0, le=10**5)] | None = None
    Height: Annotated[float, Field(gt=0, le=10**5)] | None = None
    Unit: Literal["inches", "centimeters"] | None = None
    PredefinedPackageDimensions: str | None = None


class Item(BaseModel):
    OrderItemId: str
    Quantity: Annotated[int, Field(ge=1, le=10**6)]


class ShippingServiceOptionsIn(BaseModel):
    DeliveryExperience: Literal[
        "DeliveryConfirmationWithAdultSignature",
        "DeliveryConfirmationWithSignature",
        "DeliveryConfirmationWithoutSignature",
        "NoTracking",
    ]
    CarrierWillPickUp: bool
    LabelFormat: Literal["PDF", "PNG", "ZPL203", "ZPL300", "ShippingServiceDefault"] = "ShippingServiceDefault"


class LabelCustomizationIn(BaseModel):
    CustomTextForLabel: Annotated[str, Field(max_length=14)] | None = None
    StandardIdForLabel: Literal["AmazonOrderId"] | None = None


class ShipmentRequestDetailsIn(BaseModel):
    AmazonOrderId: str
    SellerOrderId: str | None = None
    ItemList: Annotated[list[Item], Field(min_length=1, max_length=1000)]
    ShipFromAddress: dict[str, Any]
    PackageDimensions: PackageDimensionsIn
    Weight: WeightIn
    MustArriveByDate: AwareDatetime | None = None
    ShipDate: AwareDatetime | None = None
    ShippingServiceOptions: ShippingServiceOptionsIn
    LabelCustomization: LabelCustomizationIn | None = None


class GetEligibleShipmentServicesRequest(BaseModel):
    ShipmentRequestDetails: ShipmentRequestDetailsIn


class CreateShipmentRequest(BaseModel):
    ShipmentRequestDetails: ShipmentRequestDetailsIn
    ShippingServiceId: Annotated[str, Field(min_length=1, max_length=100)]
    ShippingServiceOfferId: Annotated[str, Field(max_length=2000)] | None = None
    HazmatType: Literal["None", "LQHazmat"] = "None"


class AdditionalInputsRequest(BaseModel):
    ShippingServiceId: str
    ShipFromAddress: dict[str, Any]
    OrderId: str


@operation(
    "getEligibleShipmentServices",
    "POST",
    "/mfn/v0/eligibleShippingServices",
    rate=(6, 12),
    roles=ROLES,
    body=GetEligibleShipmentServicesRequest,
    differs=_DIFFERS,
)
def get_eligible_shipment_services(call: Call) -> dict[str, Any]:
    """What could be bought for these units in this parcel; carriers whose terms are not accepted are named apart."""
    details = call.body.ShipmentRequestDetails
    plan = _plan(call, details)
    shown, closed = [], set()
    for each in plan.offered:
        if buying.terms_to_accept(plan.order, each.rate):
            closed.add(each.rate.carrier_name)
        elif not details.MustArriveByDate or each.rate.arrives_date <= details.MustArriveByDate.date():
            shown.append(_service(each, plan, details))
    reply: dict[str, Any] = {"ShippingServiceList": shown}
    if closed:
        reply["TermsAndConditionsNotAcceptedCarrierList"] = [{"CarrierName": name} for name in sorted(closed)]
    return {"payload": reply}


@operation(
    "createShipment",
    "POST",
    "/mfn/v0/shipments",
    rate=(2, 2),
    roles=ROLES,
    body=CreateShipmentRequest,
    differs=_DIFFERS,
)
def create_shipment(call: Call) -> dict[str, Any]:
    """Buy a label for these units. The same offer again answers the same shipment."""
    body: CreateShipmentRequest = call.body
    details = body.ShipmentRequestDetails
    key, seen = _key(call, body)
    label = Label.objects.filter(seller=call.seller, request_key=key).first()
    if label is None:
        plan = _plan(call, details)
        carrier, _, service = body.ShippingServiceId.partition(".")
        label = buying.buy_shipping(
            call.caller,
            order=plan.order,
            units=plan.units,
            package=plan.request.package,
            ship_date=_ship_date(call, details, plan.request.origin),
            carrier=carrier,
            service=service,
            request_key=key,
            seen_price_minor=seen,
        )
    label = labels.ask_carrier(label_id=label.pk) or Label.objects.get(pk=label.pk)
    if label.state == LabelState.REFUSED:
        raise invalid(f"The carrier refused: {label.refusal}.")
    return {"payload": _shipment(call, label, _format(details.ShippingServiceOptions.LabelFormat))}


@operation("getShipment", "GET", "/mfn/v0/shipments/{shipmentId}", rate=(1, 1), roles=ROLES, differs=_DIFFERS)
def get_shipment(call: Call) -> dict[str, Any]:
    """A shipment with its label as PDF."""
    return {"payload": _shipment(call, _label(call), "PDF")}


@operation("cancelShipment", "DELETE", "/mfn/v0/shipments/{shipmentId}", rate=(1, 1), roles=ROLES, differs=_DIFFERS)
def cancel_shipment(call: Call) -> dict[str, Any]:
    """Give a label back that no carrier has scanned. Again it answers the same."""
    call.caller.require_seller(Capability.HANDLE_ORDERS)
    label = _label(call)
    # The file is what was bought: it is told once more, as there.
    before = _shipment(call, label, "PDF")
    labels.void_label(label_id=label.pk, actor=call.caller)
    label = labels.ask_carrier(label_id=label.pk) or Label.objects.get(pk=label.pk)
    return {"payload": before | {"Status": _STATUS[LabelState(label.state)]}}


@operation(
    "getAdditionalSellerInputs",
    "POST",
    "/mfn/v0/additionalSellerInputs",
    rate=(1, 1),
    roles=ROLES,
    body=AdditionalInputsRequest,
)
def get_additional_seller_inputs(call: Call) -> dict[str, Any]:
    """No service here asks for more than the request holds."""
    queries.order_of(call.seller, call.body.OrderId)
    return {"payload": {"ShipmentLevelFields": [], "ItemLevelFieldsList": []}}


# --- what is asked ----------------------------------------------------------------------------------------------------


def _plan(call: Call, details: ShipmentRequestDetailsIn) -> Plan:
    seller = call.caller.require_seller(Capability.HANDLE_ORDERS)
    order = queries.order_of(seller, details.AmazonOrderId)
    units = _units(order, details)
    origin = seller.ship_from.postal if seller.ship_from else order.postal
    return buying.rates_for(
        call.caller,
        order=order,
        units=units,
        package=_package(details),
        ship_date=_ship_date(call, details, origin),
    )


def _units(order: Order, details: ShipmentRequestDetailsIn) -> list[OrderUnit]:
    free = {u.pk for u in buying.waiting_units(order)}
    found: list[OrderUnit] = []
    for each in details.ItemList:
        item = _item(order, each.OrderItemId)
        units = [u for u in item.units.filter(state=UnitState.ORDERED.value).order_by("number") if u.pk in free]
        chosen = [u for u in units if u not in found][: each.Quantity]
        if len(chosen) < each.Quantity:
            if item.units.exclude(state=UnitState.ORDERED.value).exists() or len(units) < item.quantity:
                raise ApiError(400, "A shipment exists for these items.", "", code="ShipmentAlreadyExists")
            raise buying.NothingToShip
        found += chosen
    return found


def _item(order: Order, given: str) -> OrderItem:
    try:
        found = order.items.filter(pk=UUID(given)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound(what="order item")
    return found


def _package(details: ShipmentRequestDetailsIn) -> Package:
    size = details.PackageDimensions
    if size.PredefinedPackageDimensions or None in (size.Length, size.Width, size.Height, size.Unit):
        raise invalid(
            "PackageDimensions need Length, Width, Height and Unit.",
            "Predefined packages of carriers are not known here.",
        )
    mm = 25.4 if size.Unit == "inches" else 10.0
    grams = details.Weight.Value * (28.349523125 if details.Weight.Unit == "oz" else 1.0)
    sides = [max(1, round((side or 0) * mm)) for side in (size.Length, size.Width, size.Height)]
    return Package(max(1, round(grams)), *sides)


def _ship_date(call: Call, details: ShipmentRequestDetailsIn, origin: PostalAddress) -> Any:
    here = zone(zone_of(country=origin.country, region=origin.region))
    return (details.ShipDate or call.at).astimezone(here).date()


def _key(call: Call, body: CreateShipmentRequest) -> tuple[str, int | None]:
    """What makes a repeated purchase the same, and the price that was shown. An offer is good for an hour."""
    if not body.ShippingServiceOfferId:
        text = body.model_dump_json()
        return f"mfn:{hashlib.sha256(text.encode()).hexdigest()[:40]}", None
    try:
        held = signing.loads(body.ShippingServiceOfferId, salt=_SALT)
    except signing.BadSignature:
        raise ApiError(
            400, "Invalid ShippingServiceOfferId.", "Ask for rates again.", code="InvalidShippingServiceOfferId"
        ) from None
    number, service, price, until = held
    if number != body.ShipmentRequestDetails.AmazonOrderId or service != body.ShippingServiceId:
        raise ApiError(400, "The offer is for another shipment.", "", code="InvalidShippingServiceOfferId")
    key = f"mfn:{hashlib.sha256(body.ShippingServiceOfferId.encode()).hexdigest()[:40]}"
    if until < call.at.timestamp() and not Label.objects.filter(seller=call.seller, request_key=key).exists():
        raise ApiError(400, "The offer has expired.", "Ask for rates again.", code="InvalidShippingServiceOfferId")
    return key, int(price)


def _format(wanted: str) -> str:
    return wanted if wanted in FORMATS else "PDF"


def _label(call: Call) -> Label:
    try:
        pk = UUID(call["shipmentId"])
    except ValueError:
        raise NotFound(what="shipment") from None
    found = Label.objects.filter(pk=pk, seller=call.seller, cause_kind=buying.ORDER, purpose=Purpose.OUTBOUND).first()
    if found is None:
        raise NotFound(what="shipment")
    return found


# --- what is told -----------------------------------------------------------------------------------------------------


def _service(offered: Offered, plan: Plan, details: ShipmentRequestDetailsIn) -> dict[str, Any]:
    rate = offered.rate
    service_id = f"{rate.carrier}.{rate.service}"
    until = int(clock.now().timestamp()) + _OFFER_HOLDS_S
    # Two offers of one question are two purchases; the moment makes them differ.
    offer = signing.dumps([plan.order.number, service_id, rate.price.minor, until], salt=_SALT)
    return {
        **_service_core(rate.carrier_name, rate.service_name, service_id, offer, rate.price.minor, rate.price.currency),
        "ShipDate": moment(plan.request.ship_at),
        "EarliestEstimatedDeliveryDate": _arrival(rate.arrives_date, plan.request.destination, time(8)),
        "LatestEstimatedDeliveryDate": _arrival(rate.arrives_date, plan.request.destination, time(20)),
        "AvailableShippingServiceOptions": {
            "AvailableCarrierWillPickUpOptions": [
                {"CarrierWillPickUpOption": _PICKUP, "Charge": {"CurrencyCode": rate.price.currency, "Amount": 0}}
            ],
            "AvailableDeliveryExperienceOptions": [
                {"DeliveryExperienceOption": _CONFIRMED, "Charge": {"CurrencyCode": rate.price.currency, "Amount": 0}}
            ],
        },
        "AvailableLabelFormats": list(FORMATS),
        "AvailableFormatOptionsForLabel": [
            {"IncludePackingSlipWithLabel": False, "LabelFormat": each} for each in FORMATS
        ],
        "Benefits": _benefits(offered),
    }


def _service_core(
    carrier: str, service: str, service_id: str, offer: str, minor: int, currency: str, label_format: str = "PDF"
) -> dict[str, Any]:
    price = {"CurrencyCode": currency, "Amount": float(amount(minor, currency))}
    return {
        "ShippingServiceName": service,
        "CarrierName": carrier,
        "ShippingServiceId": service_id,
        "ShippingServiceOfferId": offer,
        "Rate": price,
        "RateWithAdjustments": price,
        "ShippingServiceOptions": {
            "DeliveryExperience": _CONFIRMED,
            "CarrierWillPickUp": False,
            "CarrierWillPickUpOption": _PICKUP,
            "LabelFormat": label_format,
        },
        "RequiresAdditionalSellerInputs": False,
    }


def _benefits(offered: Offered) -> Mapping[str, Any]:
    if offered.is_protected:
        return {"IncludedBenefits": ["CLAIMS_PROTECTED"], "ExcludedBenefits": []}
    reason = "LATE_DELIVERY_RISK" if offered.has_late_risk else "SERVICE_NOT_PROTECTED"
    return {
        "IncludedBenefits": [],
        "ExcludedBenefits": [{"Benefit": "CLAIMS_PROTECTED", "ReasonCodes": [reason]}],
    }


def _arrival(day: Any, destination: PostalAddress, at: time) -> str:
    here = ZoneInfo(zone_of(country=destination.country, region=destination.region))
    return moment(datetime.combine(day, at, here))


def _shipment(call: Call, label: Label, form: str) -> dict[str, Any]:
    order = Order.objects.get(pk=label.cause_id)
    counts: dict[str, int] = {}
    units = OrderUnit.objects.filter(pk__in=label.details.get("units", [])).values_list("item_id", flat=True)
    for item_id in units:
        counts[str(item_id)] = counts.get(str(item_id), 0) + 1
    made: dict[str, Any] = {
        "ShipmentId": str(label.pk),
        "AmazonOrderId": order.number,
        "ItemList": [{"OrderItemId": pk, "Quantity": n} for pk, n in counts.items()],
        "ShipFromAddress": _address(label.origin, call),
        "ShipToAddress": _address(label.destination, call),
        "PackageDimensions": {
            "Length": label.length_mm / 10,
            "Width": label.width_mm / 10,
            "Height": label.height_mm / 10,
            "Unit": "centimeters",
        },
        "Weight": {"Value": float(label.weight_g), "Unit": "g"},
        "Insurance": {"CurrencyCode": label.currency, "Amount": 0},
        "ShippingService": {
            **_service_core(
                label.carrier_name,
                label.service_name,
                f"{label.carrier}.{label.service}",
                str(label.pk),
                label.price_minor,
                label.currency,
                form,
            ),
            "ShipDate": moment(label.ship_at),
        },
        "Label": _file(call, label, form),
        "Status": _STATUS[LabelState(label.state)],
        "CreatedDate": moment(label.created_at),
        "LastUpdatedDate": moment(label.last_scan_at or label.created_at),
    }
    if label.tracking_number:
        made["TrackingId"] = label.tracking_number
    return made


def _file(call: Call, label: Label, form: str) -> dict[str, Any]:
    """The label as the interface carries it: gzip in base64, and the MD5 of the file itself. A voided one is empty."""
    data = print_label(label, form=form.lower(), actor=call.caller) if label.is_usable else b""
    packed = gzip.compress(data, mtime=0) if data else b""
    return {
        "Dimensions": {"Length": 6, "Width": 4, "Unit": "inches"},
        "FileContents": {
            "Contents": base64.b64encode(packed).decode(),
            "FileType": _MIME[form],
            "Checksum": base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode(),
        },
        "LabelFormat": form,
    }


def _address(postal: PostalAddress, call: Call) -> dict[str, str]:
    lines = street_lines(postal)
    made = {
        "Name": postal.name[:30],
        **{f"AddressLine{n}": line[: 180 if n == 1 else 60] for n, line in enumerate(lines, start=1)},
        "DistrictOrCounty": postal.city_area,
        "City": postal.city[:30],
        "StateOrProvinceCode": postal.region[:30],
        "PostalCode": postal.postal_code,
        "CountryCode": postal.country,
        "Phone": postal.phone,
        "Email": "",
    }
    needed = {"Name", "AddressLine1", "City", "PostalCode", "CountryCode", "Phone", "Email"}
    return {key: value for key, value in made.items() if value or key in needed}
