"""The front door, the reader's choice of appearance, and the pages for when something goes wrong."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from fondaco.web.context import THEME_COOKIE, THEMES
from fondaco.web.refusals import to_refusals

YEAR_S = 365 * 86400


def home(request: HttpRequest) -> HttpResponse:
    """The marketplace's front: what it is, the ways in, and in a demo the people one can be."""
    accounts = _demo_accounts()
    password = accounts[0]["password"] if accounts else ""
    return render(request, "web/home.html", {"accounts": accounts, "password": password})


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remembers light, dark or as the system, for a year."""
    chosen = request.POST.get("theme", "auto")
    target = request.POST.get("next") or "/"
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, max_age=YEAR_S, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """`settings.CSRF_FAILURE_VIEW`: a form that was open for too long."""
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the request's context: whatever broke may sit in there."""
    values = {
        "name": settings.FONDACO_MARKETPLACE_NAME,
        "language": get_language() or "en",
        "request_id": getattr(request, "request_id", ""),
    }
    return HttpResponse(render_to_string("web/errors/500.html", values), status=500)


def error_page(request: HttpRequest, status: int, *, retry_after_s: int | None = None) -> HttpResponse:
    """The page for 400, 403, 404, 429 or 503; for htmx its region."""
    if getattr(request, "htmx", False) and not request.htmx.boosted:  # type: ignore[attr-defined]
        response = to_refusals(render(request, "web/partials/error.html", {"status": status}, status=status))
    else:
        response = render(request, f"web/errors/{status}.html", status=status)
    if retry_after_s is not None:
        response.headers["Retry-After"] = str(retry_after_s)
    return response


def _demo_accounts() -> list[dict[str, Any]]:
    """What `settings.FONDACO_DEMO_ACCOUNTS` (a dotted path) lists: dicts with role, name, email, password
    (one for all), about."""
    source = getattr(settings, "FONDACO_DEMO_ACCOUNTS", "")
    if not getattr(settings, "DEMO", False) or not source:
        return []
    return list(import_string(source)())
