"""Tables of the door: applications, what sellers allowed them, tokens, documents, feeds, notifications."""

from fondaco.spapi.models.access import (
    AccessToken,
    Application,
    AuthorisationCode,
    Grant,
    RestrictedToken,
)
from fondaco.spapi.models.contact import Solicitation, SupplySource
from fondaco.spapi.models.documents import Document, FeedMessage, FeedRequest
from fondaco.spapi.models.limits import Allowance
from fondaco.spapi.models.notifications import (
    Destination,
    DestinationKind,
    ListingChange,
    ListingTold,
    ListingWatch,
    Notice,
    NoticeState,
    Subscription,
)
from fondaco.spapi.models.reports import ReportRequest, ReportSchedule

__all__ = [
    "AccessToken",
    "Allowance",
    "Application",
    "AuthorisationCode",
    "Destination",
    "DestinationKind",
    "Document",
    "FeedMessage",
    "FeedRequest",
    "Grant",
    "ListingChange",
    "ListingTold",
    "ListingWatch",
    "Notice",
    "NoticeState",
    "ReportRequest",
    "ReportSchedule",
    "RestrictedToken",
    "Solicitation",
    "Subscription",
    "SupplySource",
]
