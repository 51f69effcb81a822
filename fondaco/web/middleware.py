"""What every request and answer of the site gets, whatever door it came through."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from fondaco.kit import chance

HEADER = "X-Request-Id"


class RequestId:
    """Gives each request an id: on `request.request_id`, in every log line, in the answer's header.

    Always ours, never the client's: an id that a client chose could be used to confuse the log.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = str(chance.passing_uuid())  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=request.request_id):  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault(HEADER, request.request_id)  # type: ignore[attr-defined]
        return response


class Toasts:
    """Appends waiting messages to an htmx answer that swaps a region, so that they are seen now, not a page later.

    Stands after the message and htmx middleware. Redirects keep their messages for the page they lead to.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _swaps_a_region(request, response) and (messages := list(get_messages(request))):
            response.write(render_to_string("web/partials/toasts_oob.html", {"messages": messages}, request))
        return response


def _swaps_a_region(request: HttpRequest, response: HttpResponse) -> bool:
    htmx = getattr(request, "htmx", None)
    return (
        bool(htmx and not htmx.boosted)
        and not response.streaming
        and response.status_code not in (204, 286)
        and not 300 <= response.status_code < 400
        and not {"HX-Redirect", "HX-Refresh", "HX-Location"} & set(response.headers)
        and response.headers.get("Content-Type", "").startswith("text/html")
    )
