"""From the headers of a request to the application, the grant and the caller behind it."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest

from fondaco.engine import clock
from fondaco.engine.prepared import Prepared
from fondaco.sellers.access import Caller
from fondaco.sellers.models import Membership
from fondaco.spapi.door.errors import unauthorized
from fondaco.spapi.models import AccessToken, Application, Grant, RestrictedToken
from fondaco.spapi.operations.access import digest
from fondaco.spapi.rules import restricted

HEADER = "x-amz-access-token"
# The role of whoever gave the grant, in the account it is for; with the token in one query.
_ROLE = Subquery(
    Membership.objects.filter(person=OuterRef("grant__person"), seller=OuterRef("grant__seller")).values("role")[:1]
)
_TOKEN = Prepared(
    lambda digest: (
        AccessToken.objects.select_related("application", "grant", "grant__seller", "grant__person")
        .annotate(member_role=_ROLE)
        .filter(digest=digest)
    )
)
_RESTRICTED = Prepared(
    lambda digest: (
        RestrictedToken.objects.select_related("grant", "grant__application", "grant__seller", "grant__person")
        .annotate(member_role=_ROLE)
        .filter(digest=digest)
    )
)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a token speaks for. `scopes` are those of a grantless token."""

    application: Application
    grant: Grant | None
    caller: Caller
    scopes: frozenset[str] = frozenset()
    opened: frozenset[str] | None = None


def bearer_of(request: HttpRequest) -> Bearer:
    """Raises ApiError (403) for a missing, unknown, expired or revoked token. Old `Authorization` signatures are ignored."""
    token = request.headers.get(HEADER, "")
    if not token:
        raise unauthorized(f"Access token is missing in the request header {HEADER}.")
    if token.startswith("fdrt|"):
        return _restricted(request, token)
    found = _TOKEN.first(digest=digest(token))
    if found is None:
        raise unauthorized("The access token you provided is revoked, malformed or invalid.")
    if found.expires_at <= clock.now():
        raise unauthorized("The access token you provided has expired.")
    grant = found.grant
    if grant is None:
        return Bearer(found.application, None, Caller(), frozenset(found.scope.split()))
    return Bearer(found.application, grant, _caller(grant, found.member_role))


def _restricted(request: HttpRequest, token: str) -> Bearer:
    found = _RESTRICTED.first(digest=digest(token))
    if found is None or found.expires_at <= clock.now():
        raise unauthorized("The restricted data token is expired, revoked or invalid.")
    opened = restricted.opened(found.resources, method=request.method or "", path=request.path)
    if opened is None:
        raise unauthorized("The restricted data token was not made for this resource.")
    return Bearer(found.grant.application, found.grant, _caller(found.grant, found.member_role), opened=opened)


def _caller(grant: Grant, role: str | None) -> Caller:
    """The member who granted it, in that account alone, and without whatever else the person is here."""
    person = grant.person
    if role is None or not person.is_active:
        # Who granted it has left the account: the grant has nobody to act for any more.
        raise unauthorized("The selling partner's authorization has ended.")
    member = Membership(person=person, seller=grant.seller, role=role)
    return Caller(
        person=person,
        memberships=(member,),
        seller=grant.seller,
        language=person.language or settings.LANGUAGE_CODE,
        zone=ZoneInfo(person.time_zone),
    )
