"""Who is calling: a bearer token, or a session with the CSRF header.

The sellers' domain stands above this shell and tells it, once, how a token becomes a caller and how a refusal is said.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_noop as N_
from ninja.security import APIKeyCookie, HttpBearer

from fondaco.kit.errors import Refusal


class Spoken(Protocol):
    """A refusal in the reader's language."""

    @property
    def code(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def words(self) -> str: ...
    @property
    def fix(self) -> str: ...
    @property
    def clause(self) -> str: ...


class TokenUnknown(Refusal):
    CODE = "token_unknown"
    STATUS = 401
    WORDS = N_("This token is not known, was withdrawn, or its owner has left the account.")
    FIX = N_("Make a new token on the page API tokens.")


class CallerUnknown(Refusal):
    CODE = "sign_in_required"
    STATUS = 401
    WORDS = N_("Say who is calling.")
    FIX = N_("Send the header Authorization: Bearer and a token from the page API tokens.")
    CLAUSE = "PLAT-03"


_caller_of_token: Callable[[str], Any | None] | None = None
_speak: Callable[[Refusal], Spoken] | None = None


def provide(*, caller_of_token: Callable[[str], Any | None], speak: Callable[[Refusal], Spoken]) -> None:
    """Called once, from above, when the applications are ready."""
    global _caller_of_token, _speak
    _caller_of_token, _speak = caller_of_token, speak


def speak(refusal: Refusal) -> Spoken:
    """The refusal in the language of this request."""
    assert _speak is not None, "nobody called fondaco.api.callers.provide"
    return _speak(refusal)


class BearerToken(HttpBearer):
    """`Authorization: Bearer fdo_…`. A token that is wrong is refused, even when a session stands beside it."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        caller = _caller_of_token(token.strip()) if _caller_of_token else None
        if caller is None:
            raise TokenUnknown
        request.caller = caller  # type: ignore[attr-defined]
        if not request.headers.get("Accept-Language") and caller.language:
            translation.activate(caller.language)  # the middleware around puts back what was before
        return caller


class Session(APIKeyCookie):
    """The browser's session; a request that changes something also needs the header X-CSRFToken."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Any | None:
        if self.param_name not in request.COOKIES:
            return None
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any | None:
        caller = getattr(request, "caller", None)
        return caller if caller is not None and caller.is_signed_in else None
