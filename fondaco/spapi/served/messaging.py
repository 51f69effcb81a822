"""Messaging, version 1: the nine kinds of message that a program may send about an order."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_
from pydantic import AwareDatetime, BaseModel, Field

from fondaco.messaging.rules.words import Subject
from fondaco.orders.models import Order
from fondaco.spapi.door import Answer, Call, many, operation
from fondaco.spapi.operations import contact
from fondaco.spapi.queries import orders as queries
from fondaco.spapi.rules import contact as rules
from fondaco.spapi.rules.roles import ApiRole

ROLES = (ApiRole.COMMUNICATION,)
_ORDER = "/messaging/v1/orders/{amazonOrderId}"
_QUERY = (many("marketplaceIds", required=True, most=1),)
_RATE = (1, 5)


class Attachment(BaseModel):
    uploadDestinationId: Annotated[str, Field(min_length=1, max_length=120)]
    fileName: Annotated[str, Field(min_length=1, max_length=255)]


class TextMessage(BaseModel):
    text: Annotated[str, Field(min_length=1, max_length=2000)]


class CustomizationMessage(BaseModel):
    text: Annotated[str, Field(min_length=1, max_length=800)]
    attachments: list[Attachment] = Field(default_factory=list)


class KeyMessage(BaseModel):
    text: Annotated[str, Field(min_length=1, max_length=400)]
    attachments: list[Attachment] = Field(default_factory=list)


class FilesMessage(BaseModel):
    attachments: Annotated[list[Attachment], Field(min_length=1)]


class WarrantyMessage(BaseModel):
    attachments: Annotated[list[Attachment], Field(min_length=1)]
    coverageStartDate: AwareDatetime | None = None
    coverageEndDate: AwareDatetime | None = None


@operation("getMessagingActionsForOrder", "GET", _ORDER, rate=_RATE, roles=ROLES, query=_QUERY)
def get_messaging_actions_for_order(call: Call) -> dict[str, Any]:
    """Which messages can be sent for an order now."""
    order, market = _order(call), call.stores()[0].marketplace_id
    names = rules.actions(contact.standing_of(order))
    base = f"/messaging/v1/orders/{order.number}"
    links = [{"href": f"{base}/messages/{name}?marketplaceIds={market}", "name": name} for name in names]
    return {
        "_links": {"self": {"href": f"{base}?marketplaceIds={market}"}, "actions": links},
        "_embedded": {
            "actions": [
                {
                    "_links": {"self": link, "schema": {"href": f"{base}/messages/{link['name']}/schema"}},
                    "payload": {"name": link["name"]},
                }
                for link in links
            ]
        },
    }


@operation("GetAttributes", "GET", f"{_ORDER}/attributes", rate=_RATE, roles=ROLES, query=_QUERY)
def get_attributes(call: Call) -> dict[str, Any]:
    """The language in which the buyer wants to be written to."""
    order = _order(call)
    call.stores()
    language = order.language or order.buyer.language or "en"
    return {"buyer": {"locale": {"en": "en-US", "vi": "vi-VN", "zh-hant": "zh-TW"}.get(language, language)}}


@operation(
    "confirmCustomizationDetails",
    "POST",
    f"{_ORDER}/messages/confirmCustomizationDetails",
    rate=_RATE,
    roles=ROLES,
    query=_QUERY,
    body=CustomizationMessage,
)
def confirm_customization_details(call: Call) -> Answer:
    """Ask the buyer to confirm a customisation."""
    return _send(call, "confirmCustomizationDetails", Subject.CUSTOMISATION, call.body.text)


@operation(
    "createConfirmDeliveryDetails",
    "POST",
    f"{_ORDER}/messages/confirmDeliveryDetails",
    rate=_RATE,
    roles=ROLES,
    query=_QUERY,
    body=TextMessage,
)
def create_confirm_delivery_details(call: Call) -> Answer:
    """Ask the buyer about the delivery."""
    return _send(call, "confirmDeliveryDetails", Subject.DELIVERY, call.body.text)


@operation(
    "createConfirmOrderDetails",
    "POST",
    f"{_ORDER}/messages/confirmOrderDetails",
    rate=_RATE,
    roles=ROLES,
    query=_QUERY,
    body=TextMessage,
)
def create_confirm_order_details(call: Call) -> Answer:
    """Ask the buyer something before the order is shipped."""
    return _send(call, "confirmOrderDetails", Subject.OTHER, call.body.text)


@operation(
    "createConfirmServiceDetails",
    "POST",
    f"{_ORDER}/messages/confirmServiceDetails",
    rate=_RATE,
    roles=ROLES,
    query=_QUERY,
    body=TextMessage,
    differs="Services are not sold here: the message is never available.",
)
def create_confirm_service_details(call: Call) -> Answer:
    """Appointments of services do not exist here."""
    return _send(call, "confirmServiceDetails", Subject.OTHER, call.body.text)


@operation(
    "createUnexpectedProblem",
    "POST",
    f"{_ORDER}/messages/unexpectedProblem",
    rate=_RATE,
    roles=ROLES,
    query=_QUERY,
    body=TextMessage,
)
def create_unexpected_problem(call: Call) -> Answer:
    """Tell the buyer of a problem with the order; also to one who wants critical letters only."""
    return _send(call, "unexpectedProblem", Subject.OTHER, call.body.text, is_critical=True)


@operation(
    "createLegalDisclosure",
    "POST",
    f"{_ORDER}/messages/legalDisclosure",
    rate=_RATE,
    roles=ROLES,
    query=_QUERY,
    body=FilesMessage,
)
def create_legal_disclosure(call: Call) -> Answer:
    """Send a disclosure that the law demands."""
    return _send(
        call,
        "legalDisclosure",
        Subject.OTHER,
        _words(call, N_("A legal notice about your order is attached.")),
        is_critical=True,
    )


@operation(
    "CreateWarranty", "POST", f"{_ORDER}/messages/warranty", rate=_RATE, roles=ROLES, query=_QUERY, body=WarrantyMessage
)
def create_warranty(call: Call) -> Answer:
    """Send the warranty of what was bought."""
    body: WarrantyMessage = call.body
    text = _words(call, N_("The warranty of your order is attached."))
    if body.coverageStartDate and body.coverageEndDate:
        days = {"first": body.coverageStartDate.date(), "last": body.coverageEndDate.date()}
        text += " " + _words(call, N_("It runs from %(first)s to %(last)s.")) % days
    return _send(call, "warranty", Subject.OTHER, text)


@operation(
    "createDigitalAccessKey",
    "POST",
    f"{_ORDER}/messages/digitalAccessKey",
    rate=_RATE,
    roles=ROLES,
    query=_QUERY,
    body=KeyMessage,
    differs="Digital goods are not sold here: the message is never available.",
)
def create_digital_access_key(call: Call) -> Answer:
    """Keys of digital goods do not exist here."""
    return _send(call, "digitalAccessKey", Subject.OTHER, call.body.text)


@operation(
    "sendInvoice", "POST", f"{_ORDER}/messages/invoice", rate=_RATE, roles=ROLES, query=_QUERY, body=FilesMessage
)
def send_invoice(call: Call) -> Answer:
    """Send the invoice."""
    return _send(
        call, "invoice", Subject.INVOICE, _words(call, N_("The invoice of your order is attached.")), is_critical=True
    )


def _order(call: Call) -> Order:
    return queries.order_of(call.seller, call["amazonOrderId"])


def _words(call: Call, msgid: str) -> str:
    """A sentence of ours in the buyer's language."""
    order = _order(call)
    with translation.override(order.language or order.buyer.language or "en"):
        return gettext(msgid)


def _send(call: Call, action: str, subject: Subject, text: str, *, is_critical: bool = False) -> Answer:
    call.stores()
    order = _order(call)
    if action not in rules.actions(contact.standing_of(order)):
        raise contact.NotNow
    given: list[Attachment] = getattr(call.body, "attachments", [])
    attachments = [contact.attachment_of(call.caller, each.uploadDestinationId, each.fileName) for each in given]
    contact.write_to_buyer(
        call.caller, order=order, subject=subject, text=text, attachments=attachments, is_critical=is_critical
    )
    return Answer(201, {})
