"""Tables of the door: applications, what sellers allowed them, tokens, documents, feeds."""

from fondaco.spapi.models.access import (
    AccessToken,
    Application,
    AuthorisationCode,
    Grant,
    RestrictedToken,
)
from fondaco.spapi.models.contact import Solicitation, SupplySource
from fondaco.spapi.models.documents import Document, FeedRequest
from fondaco.spapi.models.limits import Allowance
from fondaco.spapi.models.reports import ReportRequest, ReportSchedule

__all__ = [
    "AccessToken",
    "Allowance",
    "Application",
    "AuthorisationCode",
    "Document",
    "FeedRequest",
    "Grant",
    "ReportRequest",
    "ReportSchedule",
    "RestrictedToken",
    "Solicitation",
    "SupplySource",
]
