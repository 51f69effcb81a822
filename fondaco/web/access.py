"""Who may open a page: decorators over `request.caller`, which the sellers' middleware sets.

The shell stands below the sellers, so it knows a caller only by its shape: `is_signed_in`, `roles`, `seller`.
Signed out leads to sign-in and back. Signed in without the role reads "not found": what you may not see and
what does not exist are the same page.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from fondaco.kit.errors import NotFound

type View = Callable[..., HttpResponse]


class Caller(Protocol):
    """The part of a caller that the shell looks at."""

    @property
    def is_signed_in(self) -> bool: ...
    @property
    def roles(self) -> frozenset[Any]: ...
    @property
    def seller(self) -> Any | None: ...


class Nobody:
    """A visitor who has not signed in."""

    is_signed_in = False
    roles: frozenset[Any] = frozenset()
    seller = None
    person = None


def caller_of(request: HttpRequest) -> Caller:
    """Who is asking; `Nobody` where no middleware has said (an error before it ran)."""
    return cast(Caller, getattr(request, "caller", None) or Nobody())


def signed_in(view: View) -> View:
    """Anybody with an account."""
    return _guarded(view, lambda caller: True)


def require_role(*roles: str) -> Callable[[View], View]:
    """Staff of the marketplace with one of these roles: `@require_role("operator", "support")`."""
    wanted = frozenset(str(role) for role in roles)
    return lambda view: _guarded(view, lambda caller: has_role(caller, wanted))


def require_seller(view: View) -> View:
    """Whoever is working in a seller account."""
    return _guarded(view, lambda caller: caller.seller is not None)


def has_role(caller: Caller, wanted: frozenset[str]) -> bool:
    """Whether the caller has one of the wanted roles of the marketplace."""
    return not wanted.isdisjoint(str(role) for role in caller.roles)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and afterwards back to where the reader was."""
    redirect = redirect_to_login(_way_back(request), resolve_url(settings.LOGIN_URL))
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": redirect.url})
    return redirect


def _guarded(view: View, allows: Callable[[Caller], bool]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        caller = caller_of(request)
        if not caller.is_signed_in:
            return to_sign_in(request)
        if not allows(caller):
            raise NotFound
        return view(request, *args, **kwargs)

    return guarded


def _way_back(request: HttpRequest) -> str:
    """A page that can be opened with GET: this one, or the one the form stood on."""
    if getattr(request, "htmx", False):
        return local_path(request, request.htmx.current_url)  # type: ignore[attr-defined]
    if request.method == "GET":
        return request.get_full_path()
    return local_path(request, request.headers.get("Referer"))


def local_path(request: HttpRequest, url: str | None) -> str:
    """An address of this site as a path; `/` for anything foreign or missing."""
    if not url or not url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()):
        return "/"
    parts = urlsplit(url)
    return parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
