"""Applications, grants and tokens: made, exchanged, rotated, ended. Secrets are shown once and kept as digests."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.engine import clock
from fondaco.kit import chance, text
from fondaco.kit.errors import Denied, Invalid, NotFound, Refusal
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.queries import as_id
from fondaco.sellers.rules import Capability
from fondaco.spapi.models import AccessToken, Application, AuthorisationCode, Grant, RestrictedToken
from fondaco.spapi.rules import restricted
from fondaco.spapi.rules.roles import GRANTLESS_SCOPES, ApiRole

ACCESS_S = 3600
CODE_HOLDS = timedelta(minutes=5)
OLD_SECRET_HOLDS = timedelta(days=7)
MOST_APPLICATIONS = 50


class UnknownRole(Invalid):
    CODE = "unknown_api_role"
    WORDS = N_("There is no role called %(role)s for applications.")


class NoRole(Invalid):
    CODE = "no_api_role"
    WORDS = N_("An application needs at least one role.")
    FIX = N_("Choose the groups of operations that it is to call.")


class BadRedirect(Invalid):
    CODE = "bad_redirect_url"
    WORDS = N_("The redirect address must be a whole address that begins with https, or http on this machine.")


class TooManyApplications(Refusal):
    CODE = "too_many_applications"
    WORDS = N_("An account can have at most %(most)s applications.")
    FIX = N_("Remove one that is no longer used.")


class ApplicationEnded(Refusal):
    CODE = "application_ended"
    WORDS = N_("This application was removed.")
    FIX = N_("Register a new one.")


class TokenRefused(Exception):
    """The token endpoint says no: an OAuth `error` and its description."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        self.error, self.description, self.status = error, description, status
        super().__init__(error, description)


@dataclass(frozen=True, slots=True)
class Registered:
    """An application and the secret that is shown this once ("" when the request was a repetition)."""

    application: Application
    secret: str


def digest(secret: str) -> str:
    """What is kept of a secret. It has 256 bits of chance, so a fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def register(
    caller: Caller, *, name: str, roles: Iterable[str], redirect_url: str = "", request_key: str = ""
) -> Registered:
    """Register an application of this seller account. The same `request_key` again answers the same one, without secret.

    Raises SellerRequired, Denied, NoRole, UnknownRole, BadRedirect, TooManyApplications.
    """
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    if request_key and (done := Application.objects.filter(seller=seller, request_key=request_key[:64]).first()):
        return Registered(done, "")
    wanted = _roles(roles)
    secret, at = _new("fdcs"), clock.now()
    made = Application(
        seller=seller,
        name=text.line(name, limit=80, required=True),
        client_id=f"fondaco1.application-oa2-client.{chance.token_hex(16)}",
        roles=wanted,
        redirect_url=_redirect(redirect_url),
        secret_digest=digest(secret),
        secret_made_at=at,
        made_by=caller.person,
        request_key=request_key[:64],
        created_at=at,
    )
    with transaction.atomic():
        SellerAccount.objects.select_for_update(no_key=True).get(pk=seller.pk)
        if Application.objects.filter(seller=seller, ended_at__isnull=True).count() >= MOST_APPLICATIONS:
            raise TooManyApplications(most=MOST_APPLICATIONS)
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            return Registered(Application.objects.get(seller=seller, request_key=request_key[:64]), "")
        about = {"name": made.name, "roles": wanted}
        history.record(actor=caller, verb="application.registered", subject=made, about=about, at=at)
    return Registered(made, secret)


def rotate_secret(caller: Caller, *, application_id: str | UUID) -> Registered:
    """A new secret; the old one works for another week. Raises NotFound, Denied, ApplicationEnded."""
    with transaction.atomic():
        found = _own(caller, application_id)
        secret, at = _new("fdcs"), clock.now()
        found.old_secret_digest, found.old_secret_until = found.secret_digest, at + OLD_SECRET_HOLDS
        found.secret_digest, found.secret_made_at = digest(secret), at
        found.save(update_fields=["old_secret_digest", "old_secret_until", "secret_digest", "secret_made_at"])
        history.record(actor=caller, verb="application.secret_rotated", subject=found, at=at)
    return Registered(found, secret)


def end_application(caller: Caller, *, application_id: str | UUID) -> None:
    """Remove an application: its grants and tokens end with it. Ending it again does nothing. Raises NotFound, Denied."""
    with transaction.atomic():
        found = _own(caller, application_id, also_ended=True)
        if found.ended_at:
            return
        at = clock.now()
        found.ended_at = at
        found.save(update_fields=["ended_at"])
        for grant in found.grants.filter(revoked_at__isnull=True):
            _end(grant, at=at)
        AccessToken.objects.filter(application=found).delete()
        history.record(actor=caller, verb="application.ended", subject=found, at=at)


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant and its refresh token, shown this once."""

    grant: Grant
    refresh_token: str


def grant(caller: Caller, *, application_id: str | UUID) -> Granted:
    """Let an application act for the caller's account. One that stood before ends, and its tokens with it.

    Raises NotFound, ApplicationEnded, SellerRequired, Denied.
    """
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    with transaction.atomic():
        application = _application(application_id)
        token = _stand(application, seller, caller.require_person().pk)
        found = Grant.objects.get(refresh_digest=digest(token))
        about = {"application": application.name, "roles": application.roles}
        history.record(actor=caller, verb="grant.given", subject=found, about=about)
    return Granted(found, token)


def revoke(caller: Caller, *, grant_id: str | UUID) -> None:
    """End a grant of the caller's account; tokens under it stop at once. Again does nothing. Raises NotFound, Denied."""
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    with transaction.atomic():
        found = Grant.objects.select_for_update().filter(pk=as_id(grant_id), seller=seller).first()
        if found is None:
            raise NotFound(what="grant")
        if found.revoked_at is None:
            _end(found, at=clock.now())
            history.record(actor=caller, verb="grant.revoked", subject=found)


def consent(caller: Caller, *, client_id: str) -> tuple[Application, str]:
    """A code for the application's redirect address, from a member who may grant. Raises NotFound, ApplicationEnded, Denied."""
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    application = Application.objects.filter(client_id=client_id[:80]).first()
    if application is None:
        raise NotFound(what="application")
    if application.ended_at:
        raise ApplicationEnded
    code = _new("fdac")
    AuthorisationCode.objects.create(
        digest=digest(code),
        application=application,
        seller=seller,
        person=caller.require_person(),
        expires_at=clock.now() + CODE_HOLDS,
    )
    return application, code


# --- the token endpoint -----------------------------------------------------------------------------------------------


def exchange(form: Mapping[str, Any]) -> dict[str, Any]:
    """What the token endpoint answers to a form or JSON body. Raises TokenRefused."""
    kind = form.get("grant_type")
    if kind not in ("refresh_token", "client_credentials", "authorization_code"):
        if not kind:
            raise TokenRefused("invalid_request", "The request is missing a required parameter : grant_type")
        raise TokenRefused("unsupported_grant_type", "The authorization grant type is not supported by this server")
    application = _client(form)
    if kind == "refresh_token":
        return _refreshed(application, form)
    if kind == "client_credentials":
        return _grantless(application, form)
    return _from_code(application, form)


def _client(form: Mapping[str, Any]) -> Application:
    client_id, secret = form.get("client_id"), form.get("client_secret")
    if not isinstance(client_id, str) or not isinstance(secret, str) or not client_id or not secret:
        raise TokenRefused("invalid_request", "The request is missing a required parameter : client_id, client_secret")
    found = Application.objects.filter(client_id=client_id[:80], ended_at__isnull=True).first()
    given = digest(secret)
    fits = hmac.compare_digest(given, found.secret_digest if found else "0" * 64)
    if found and not fits and found.old_secret_until and found.old_secret_until > clock.now():
        fits = hmac.compare_digest(given, found.old_secret_digest)
    if found is None or not fits:
        raise TokenRefused("invalid_client", "Client authentication failed", 401)
    return found


def _refreshed(application: Application, form: Mapping[str, Any]) -> dict[str, Any]:
    token = form.get("refresh_token")
    if not isinstance(token, str) or not token:
        raise TokenRefused("invalid_request", "The request is missing a required parameter : refresh_token")
    found = Grant.objects.filter(
        refresh_digest=digest(token), application=application, revoked_at__isnull=True, person__is_active=True
    ).first()
    if found is None:
        raise TokenRefused("invalid_grant", "The request has an invalid grant parameter : refresh_token")
    return _access(application, grant=found) | {"refresh_token": token}


def _grantless(application: Application, form: Mapping[str, Any]) -> dict[str, Any]:
    scope = form.get("scope")
    asked = str(scope or "").split()
    if not asked or any(each not in GRANTLESS_SCOPES for each in asked):
        raise TokenRefused("invalid_scope", "The requested scope is invalid, unknown, or malformed")
    return _access(application, scope=" ".join(asked)) | {"scope": " ".join(asked)}


def _from_code(application: Application, form: Mapping[str, Any]) -> dict[str, Any]:
    code = form.get("code")
    at = clock.now()
    with transaction.atomic():
        found = (
            AuthorisationCode.objects.select_for_update()
            .filter(digest=digest(code), application=application, used_at__isnull=True, expires_at__gt=at)
            .first()
            if isinstance(code, str) and code
            else None
        )
        if found is None:
            raise TokenRefused("invalid_grant", "The request has an invalid grant parameter : code")
        found.used_at = at
        found.save(update_fields=["used_at"])
        token = _stand(application, found.seller, found.person_id)
        standing = Grant.objects.get(refresh_digest=digest(token))
        about = {"application": application.name, "roles": application.roles}
        history.record(actor=found.person, verb="grant.given", subject=standing, about=about, at=at)
        return _access(application, grant=standing) | {"refresh_token": token}


def _access(application: Application, *, grant: Grant | None = None, scope: str = "") -> dict[str, Any]:
    if settings.SANDBOX:
        return _standing_access(application, grant, scope)
    token = _new("fdat")
    expires_at = clock.now() + timedelta(seconds=ACCESS_S)
    AccessToken.objects.create(
        digest=digest(token), application=application, grant=grant, scope=scope, expires_at=expires_at
    )
    return {"access_token": token, "token_type": "bearer", "expires_in": ACCESS_S}


def _standing_access(application: Application, grant: Grant | None, scope: str) -> dict[str, Any]:
    """A sandbox's token: always the same for a grant, so that what a client keeps outlives a reset and days that pass."""
    named = f"{settings.SECRET_KEY}|{application.client_id}|{grant.refresh_digest if grant else ''}|{scope}"
    token = f"fdat|{base64.urlsafe_b64encode(hashlib.sha256(named.encode()).digest()).rstrip(b'=').decode()}"
    AccessToken.objects.get_or_create(
        digest=digest(token),
        defaults={
            "application": application, "grant": grant, "scope": scope, "expires_at": clock.now() + timedelta(days=36_500),
        },
    )  # fmt: skip
    return {"access_token": token, "token_type": "bearer", "expires_in": ACCESS_S}


# --- restricted data tokens ---------------------------------------------------------------------------------------


class NotRestricted(Invalid):
    CODE = "resource_not_restricted"
    WORDS = N_("%(method)s %(path)s is not a restricted resource.")


class ElementUnknown(Invalid):
    CODE = "data_element_unknown"
    WORDS = N_("%(element)s is not a data element of %(path)s.")


class RoleMissing(Denied):
    CODE = "api_role_missing"
    WORDS = N_("The application does not have the role %(role)s.")


def restricted_token(grant: Grant, *, resources: list[dict[str, Any]]) -> tuple[str, int]:
    """A token that opens these resources for an hour. Raises NotRestricted, ElementUnknown, RoleMissing."""
    kept = []
    for each in resources:
        shape = restricted.shape_of(each["path"])
        if shape is None or each["method"] != ("POST" if shape == "/mfn/v0/shipments" else "GET"):
            raise NotRestricted(method=each["method"], path=each["path"][:200])
        for element in each.get("dataElements") or ():
            if element not in restricted.RESOURCES[shape]:
                raise ElementUnknown(element=str(element)[:60], path=each["path"][:200])
        kept.append(
            {"method": each["method"], "path": each["path"], "dataElements": list(each.get("dataElements") or ())}
        )
    if ApiRole.SHIPPING not in grant.application.roles:
        raise RoleMissing(role=ApiRole.SHIPPING.value)
    token = _new("fdrt")
    RestrictedToken.objects.create(
        digest=digest(token), grant=grant, resources=kept, expires_at=clock.now() + timedelta(seconds=ACCESS_S)
    )
    return token, ACCESS_S


def forget_expired() -> int:
    """Delete tokens and codes that ran out more than a day ago; returns how many."""
    before = clock.now() - timedelta(days=1)
    return sum(
        model.objects.filter(expires_at__lt=before).delete()[0]
        for model in (AccessToken, RestrictedToken, AuthorisationCode)
    )


# --- helpers ----------------------------------------------------------------------------------------------------------


def _new(prefix: str) -> str:
    return f"{prefix}|{chance.token_urlsafe(32)}"


def _roles(roles: Iterable[str]) -> list[str]:
    wanted = list(dict.fromkeys(str(role) for role in roles))
    for role in wanted:
        if role not in ApiRole:
            raise UnknownRole(role=role[:40])
    if not wanted:
        raise NoRole
    return wanted


def _redirect(url: str) -> str:
    url = url.strip()
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise BadRedirect from None
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if (parts.scheme != "https" and not (parts.scheme == "http" and local)) or not parts.hostname or parts.fragment:
        raise BadRedirect
    return text.line(url, limit=500)


def _stand(application: Application, seller: SellerAccount, person_id: UUID) -> str:
    """The standing grant of a pair, anew; returns its refresh token. Inside a transaction."""
    SellerAccount.objects.select_for_update(no_key=True).get(pk=seller.pk)
    at = clock.now()
    for before in Grant.objects.filter(application=application, seller=seller, revoked_at__isnull=True):
        _end(before, at=at)
    token = _new("fdrf")
    Grant.objects.create(
        application=application, seller=seller, person_id=person_id, refresh_digest=digest(token), created_at=at
    )
    return token


def _end(grant: Grant, *, at: Any) -> None:
    grant.revoked_at = at
    grant.save(update_fields=["revoked_at"])
    AccessToken.objects.filter(grant=grant).delete()
    RestrictedToken.objects.filter(grant=grant).delete()


def _application(application_id: str | UUID) -> Application:
    found = Application.objects.select_for_update().filter(pk=as_id(application_id)).first()
    if found is None:
        raise NotFound(what="application")
    if found.ended_at:
        raise ApplicationEnded
    return found


def _own(caller: Caller, application_id: str | UUID, *, also_ended: bool = False) -> Application:
    seller = caller.require_seller(Capability.EDIT_ACCOUNT)
    found = Application.objects.select_for_update().filter(pk=as_id(application_id), seller=seller).first()
    if found is None:
        raise NotFound(what="application")
    if found.ended_at and not also_ended:
        raise ApplicationEnded
    return found
