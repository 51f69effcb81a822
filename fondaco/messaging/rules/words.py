"""The vocabulary of conversations: sides, subjects, states and outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Side(StrEnum):
    """Who wrote a message."""

    BUYER = "buyer"
    SELLER = "seller"
    SERVICE = "service"


class Audience(StrEnum):
    """Who answers the buyer (Q-42)."""

    SELLER = "seller"
    SERVICE = "service"


class Subject(StrEnum):
    """What a conversation is about; the buyer chooses it (PHOTO-18)."""

    PRODUCT_QUESTION = "product_question"
    PRODUCT_DEFECT = "product_defect"
    SHIPPING_DAMAGE = "shipping_damage"
    MISMATCHED_PRODUCT = "mismatched_product"
    PROOF_OF_PURCHASE = "proof_of_purchase"
    CUSTOMISATION = "customisation"
    DELIVERY = "delivery"
    RETURN = "return"
    INVOICE = "invoice"
    OTHER = "other"


PHOTO_TYPES: Mapping[Subject, str] = {
    Subject.PRODUCT_DEFECT: "product_defect",
    Subject.SHIPPING_DAMAGE: "shipping_damage",
    Subject.MISMATCHED_PRODUCT: "mismatched_product",
    Subject.PROOF_OF_PURCHASE: "proof_of_purchase",
    Subject.CUSTOMISATION: "customisation",
}
"""The kind of photograph (`photo.types`) that belongs to a subject."""

BEFORE_BUYING = frozenset({Subject.PRODUCT_QUESTION, Subject.CUSTOMISATION, Subject.DELIVERY, Subject.OTHER})
"""What one can ask about a product that one has not bought."""


class RequestState(StrEnum):
    """A photo request (SPEC 1.7)."""

    OPEN = "open"  # the buyer asked for instructions
    INSTRUCTED = "instructed"  # the buyer knows what to send and has the attach control
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    RESOLVED = "resolved"


NEXT_STATES: Mapping[RequestState, frozenset[RequestState]] = {
    RequestState.OPEN: frozenset({RequestState.INSTRUCTED, RequestState.RESOLVED}),
    RequestState.INSTRUCTED: frozenset({RequestState.SUBMITTED, RequestState.RESOLVED}),
    RequestState.SUBMITTED: frozenset({RequestState.REVIEWED, RequestState.INSTRUCTED, RequestState.RESOLVED}),
    RequestState.REVIEWED: frozenset({RequestState.RESOLVED, RequestState.INSTRUCTED, RequestState.SUBMITTED}),
    RequestState.RESOLVED: frozenset(),
}
"""Where a request may go next: forward, back to INSTRUCTED when more photographs are asked for, to the end at any time."""


class Outcome(StrEnum):
    """How a conversation ended (PHOTO-33)."""

    REPLACEMENT = "replacement"
    REFUND = "refund"
    RETURN = "return"
    REPAIR = "repair"
    EXPLAINED = "explained"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # by the buyer


DESK_OUTCOMES = frozenset(Outcome) - {Outcome.WITHDRAWN}


class Channel(StrEnum):
    """The way a message came."""

    PAGE = "page"
    EMAIL = "email"
    API = "api"


class Filter(StrEnum):
    """The lists of the desk; the first is the default (B-PHOTO-05)."""

    RESPONSE_NEEDED = "response_needed"
    UNREAD = "unread"
    WAITING = "waiting"
    PHOTOS = "photos"
    CLOSED = "closed"
    ALL = "all"


class ReportReason(StrEnum):
    """Why a message was reported (Q-51)."""

    ABUSE = "abuse"
    SPAM = "spam"
    FRAUD = "fraud"
    PERSONAL_DATA = "personal_data"
    OTHER = "other"
