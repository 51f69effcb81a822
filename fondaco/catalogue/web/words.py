"""What the seller's pages call the words of the tables, in the reader's language, and the tone each has."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from fondaco.catalogue.models import Channel, Condition, ImageStatus, Method, OfferStatus, Source
from fondaco.catalogue.rules.states import ImageState

CONDITIONS: dict[str, Any] = dict(Condition.choices)

CHANNELS: dict[str, Any] = {
    Channel.MARKETPLACE: _("Fulfilled by the marketplace"),
    Channel.SELLER: _("Fulfilled by me"),
}

STATUSES: dict[str, Any] = {
    OfferStatus.ACTIVE: _("Active"),
    OfferStatus.CLOSED: _("Closed"),
    OfferStatus.REMOVED: _("Removed by the marketplace"),
}

STATUS_TONES = {OfferStatus.ACTIVE: "good", OfferStatus.CLOSED: "neutral", OfferStatus.REMOVED: "bad"}

IMAGE_STATUSES: dict[str, Any] = {
    ImageStatus.SHOWN: _("Displayed"),
    ImageStatus.SHOWN_OTHER: _("Another contributor’s is shown"),
    ImageStatus.PROCESSING: _("Processing"),
    ImageStatus.REJECTED: _("Rejected"),
    ImageStatus.MISSING: _("No picture"),
}

IMAGE_STATUS_TONES = {
    ImageStatus.SHOWN: "good",
    ImageStatus.SHOWN_OTHER: "neutral",
    ImageStatus.PROCESSING: "progress",
    ImageStatus.REJECTED: "bad",
    ImageStatus.MISSING: "warn",
}

IMAGE_STATES: dict[str, Any] = {
    ImageState.SUBMITTED: _("Processing"),
    ImageState.PROCESSING: _("Processing"),
    ImageState.REJECTED: _("Rejected"),
    ImageState.ELIGIBLE: _("Being selected"),
    ImageState.DISPLAYED: _("Displayed"),
    ImageState.NOT_SELECTED: _("Not selected"),
    ImageState.REPLACED: _("Replaced"),
    ImageState.REMOVED: _("Removed"),
    ImageState.EXPIRED: _("Expired"),
    ImageState.RIGHTS_WITHDRAWN: _("Right of use withdrawn"),
}

IMAGE_STATE_TONES: dict[str, str] = {
    ImageState.SUBMITTED: "progress",
    ImageState.PROCESSING: "progress",
    ImageState.REJECTED: "bad",
    ImageState.ELIGIBLE: "progress",
    ImageState.DISPLAYED: "good",
    ImageState.NOT_SELECTED: "warn",
    ImageState.EXPIRED: "warn",
    ImageState.RIGHTS_WITHDRAWN: "warn",
}

SOURCES: dict[str, Any] = {
    Source.STUDIO: _("The studio"),
    Source.BRAND: _("The brand’s owner"),
    Source.SELLER: _("A seller"),
}

METHODS: dict[str, Any] = {
    Method.PORTAL: _("Seller portal"),
    Method.FEED: _("Inventory file"),
    Method.API: _("Interface (API)"),
    Method.STUDIO: _("Imaging studio"),
}

HAZMAT: dict[str, Any] = {
    "none": _("Not hazardous"),
    "potential": _("Potentially hazardous"),
    "hazmat": _("Hazardous (hazmat)"),
}
