"""A client that cuts the first eight letters of its endpoint off sends `Host: ocalhost:9080` for `http://localhost:9080`.

Django refuses a host that it does not know. Before it looks, the door's own paths get the first host it would accept.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host

PREFIXES = (
    "/auth/o2/",
    "/catalog/20",
    "/definitions/20",
    "/feeds/20",
    "/finances/",
    "/listings/20",
    "/messaging/v1/",
    "/mfn/v0/",
    "/notifications/v1/",
    "/orders/v0/",
    "/orders/20",
    "/reports/20",
    "/sellers/v1/",
    "/solicitations/v1/",
    "/supplySources/",
    "/tokens/20",
    "/uploads/20",
)


#: `fondaco spapi-proxy` says by this header which of the published hosts the client asked, at https and port 443. Whoever else
#: sends it gets addresses with that host in their own answer, and nothing more.
PROXIED = "X-Fondaco-Proxied-Host"
PROXIED_HOSTS = frozenset(
    {"api.amazon.com"}
    | {f"{prefix}sellingpartnerapi-{region}.amazon.com" for region in ("na", "eu", "fe") for prefix in ("", "sandbox.")}
)


class FriendlyHost:
    """Stands before everything that asks for the host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PREFIXES) and "HTTP_HOST" in request.META:
            domain, port = split_domain_port(request.META["HTTP_HOST"])
            if not domain or not validate_host(domain, settings.ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]):
                name = _fallback()
                request.META["HTTP_HOST"] = f"{name}:{port}" if port else name
        return self.get_response(request)


def _fallback() -> str:
    named = [h.lstrip(".") for h in settings.ALLOWED_HOSTS if h not in ("*", "")]
    return "localhost" if not named or "localhost" in named else named[0]
