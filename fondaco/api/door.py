"""The one instance of the API. `mount` adds a domain's router; `fondaco.config.api_doors` calls it for each."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Router, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from fondaco.api.bodies import answers
from fondaco.api.callers import BearerToken, CallerUnknown, Session, speak
from fondaco.api.docs import Pages
from fondaco.kit.errors import Denied, Invalid, NotFound, Refusal
from fondaco.kit.money import Money

log = logging.getLogger("django.request")


class CsrfMissing(Denied):
    CODE = "csrf_failed"
    WORDS = gettext_noop("A request by session that changes something needs the header X-CSRFToken.")


class Unreadable(Invalid):
    CODE = "unreadable_body"
    STATUS = 400
    WORDS = gettext_noop("The body is not JSON that can be read.")


class Broken(Refusal):
    CODE = "internal_error"
    STATUS = 500
    WORDS = gettext_noop("Something went wrong on our side. It is in our log under the request id.")


class _Parser(Parser):
    """JSON, without the NUL character, which one of the two databases cannot store."""

    def parse_body(self, request: HttpRequest) -> Any:
        if b"\x00" in request.body or b"\\u0000" in request.body:
            raise Unreadable
        return super().parse_body(request)


api = NinjaAPI(
    title="Fondaco",
    version="1",
    urls_namespace="api",
    description="What pages do, for programs. Every refusal carries a stable code, its reason, the clause and what to do next.",
    auth=[BearerToken(), Session()],
    docs=Pages(),
    parser=_Parser(),
)

_WORDS = {
    "missing": gettext_noop("This is required."),
    "int_parsing": gettext_noop("This must be a whole number."),
    "int_type": gettext_noop("This must be a whole number."),
    "string_type": gettext_noop("This must be text."),
    "string_too_long": gettext_noop("This is too long; at most %(max_length)s characters."),
    "string_too_short": gettext_noop("This is too short; at least %(min_length)s characters."),
    "string_pattern_mismatch": gettext_noop("This holds characters that are not allowed here."),
    "greater_than_equal": gettext_noop("This must be at least %(ge)s."),
    "less_than_equal": gettext_noop("This must be at most %(le)s."),
    "enum": gettext_noop("This must be one of: %(expected)s."),
    "literal_error": gettext_noop("This must be one of: %(expected)s."),
    "bool_parsing": gettext_noop("This must be true or false."),
    "uuid_parsing": gettext_noop("This is not an id."),
}


def mount(prefix: str, router: Router) -> None:
    """Add a domain's endpoints under `/api/<prefix>/`. Once for each; before the URLs are read."""
    api.add_router(prefix, router)


class Me(Schema):
    """Who a request speaks for."""

    person: str
    seller: str
    roles: list[str]
    language: str


@api.get("/me", response=answers(Me), tags=["caller"], summary="Who am I", url_name="me")
def me(request: HttpRequest) -> dict[str, Any]:
    """The person and the seller account that the token or session speaks for. For trying a token out."""
    caller = request.caller  # type: ignore[attr-defined]
    return {
        "person": caller.person.own_name if caller.person else "",
        "seller": caller.seller.number if caller.seller else "",
        "roles": sorted(str(role) for role in caller.roles),
        "language": caller.language,
    }


def refused(request: HttpRequest, refusal: Refusal, faults: list[dict[str, str]] | None = None) -> HttpResponse:
    """A refusal as the answer of the API."""
    said = speak(refusal)
    body = {
        "code": said.code,
        "words": said.words,
        "clause": said.clause,
        "fix": said.fix,
        "facts": {name: _plain(value) for name, value in refusal.facts.items()},
        "faults": faults or [],
        "request_id": getattr(request, "request_id", ""),
    }
    response = api.create_response(request, body, status=refusal.STATUS)
    if refusal.STATUS == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if wait := refusal.facts.get("retry_after_s"):
        response.headers["Retry-After"] = str(wait)
    return response


@csrf_exempt
def nowhere(request: HttpRequest, **_rest: str) -> HttpResponse:
    """An address below `/api/` that is none."""
    return refused(request, NotFound())


@api.exception_handler(Refusal)
def _refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return refused(request, refusal)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, _error: Exception) -> HttpResponse:
    return refused(request, NotFound())


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, _error: Exception) -> HttpResponse:
    return refused(request, CallerUnknown())


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return refused(request, CsrfMissing() if error.status_code == 403 else Unreadable())


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return refused(request, Invalid(), [_fault(fault) for fault in error.errors])


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """A bug: to the error log as Django would have sent it, and a body that a program can read."""
    got_request_exception.send(sender=None, request=request)
    log.error("api: %s %s", request.method, request.path, exc_info=error)
    return refused(request, Broken())


def _fault(fault: Mapping[str, Any]) -> dict[str, str]:
    kind = str(fault.get("type", "invalid"))
    words = gettext(_WORDS[kind]) % fault.get("ctx", {}) if kind in _WORDS else str(fault.get("msg", ""))
    where = [str(part) for part in fault.get("loc", ())]
    return {
        "place": ".".join(where[:1] + where[2:] if where[:1] == ["body"] and len(where) > 2 else where),
        "code": kind,
        "words": words,
    }


def _plain(value: Any) -> Any:
    """A fact as JSON can carry it."""
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in value]
    if isinstance(value, str | int | float | bool | None):
        return value
    return float(value) if isinstance(value, Decimal) else str(value)
