"""Uploads, version 2020-11-01: a place for a file that another operation will name."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any
from urllib.parse import unquote

from django.urls import reverse

from fondaco.spapi.door import Answer, Call, many, operation, text
from fondaco.spapi.door.errors import invalid
from fondaco.spapi.models.documents import DocumentKind
from fondaco.spapi.operations import documents
from fondaco.spapi.rules.roles import ApiRole

_RESOURCES = re.compile(r"messaging/v1/orders/[0-9-]{1,19}/messages/[A-Za-z]{1,40}")


@operation(
    "createUploadDestinationForResource",
    "POST",
    "/uploads/2020-11-01/uploadDestinations/{resource}",
    rate=(10, 10),
    roles=(ApiRole.COMMUNICATION,),
    query=(
        many("marketplaceIds", required=True, most=1),
        text("contentMD5", required=True),
        text("contentType"),
    ),
    differs="Only attachments of messages are taken.",
)
def create_upload_destination_for_resource(call: Call) -> Answer:
    """An id for a later message, and the signed address for one PUT."""
    call.stores()
    resource = call["resource"].strip("/")
    if not _RESOURCES.fullmatch(resource):
        raise invalid("This resource takes no uploads.", "messaging/v1/orders/{amazonOrderId}/messages/{type}")
    md5 = _md5(call["contentMD5"])
    made = documents.reserve(
        call.seller, kind=DocumentKind.UPLOAD, content_type=call["contentType"] or "application/octet-stream", md5=md5
    )
    payload: dict[str, Any] = {
        "uploadDestinationId": documents.public_id(made),
        "url": call.absolute(reverse("spapi:document", args=[documents.ticket(made, put=True)])),
        "headers": {"Content-Type": made.content_type, "Content-MD5": call["contentMD5"]},
    }
    return Answer(201, {"payload": payload})


def _md5(given: str) -> str:
    """The hash in hex; clients send it in hex or in base64, one of them quoted twice."""
    given = unquote(given) if "%" in given else given
    if re.fullmatch(r"[0-9a-fA-F]{32}", given):
        return given.lower()
    try:
        raw = base64.b64decode(given.replace(" ", "+"), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 16:
        raise invalid("contentMD5 is not an MD5 hash.", "Send it in base64 or in hex.")
    return raw.hex()
