"""The token endpoint, as Login with Amazon's clients ask it: form or JSON."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from fondaco.spapi.door import limits
from fondaco.spapi.operations.access import TokenRefused, exchange
from fondaco.spapi.rules.buckets import Rate

_PER_CLIENT = Rate(20, 100)
_MOST_BYTES = 64 * 1024


@csrf_exempt
def token(request: HttpRequest) -> JsonResponse:
    """Exchange a refresh token, client credentials or an authorization code for an access token."""
    try:
        if request.method != "POST":
            raise TokenRefused("invalid_request", "Send a POST request.", 405)
        form = _form(request)
        client = str(form.get("client_id") or "")[:80]
        if not limits.take(f"token|{client}|{request.META.get('REMOTE_ADDR', '')}", _PER_CLIENT).allowed:
            raise TokenRefused("slow_down", "Too many requests for tokens.", 429)
        response = JsonResponse(exchange(form))
    except TokenRefused as refused:
        response = JsonResponse(
            {"error": refused.error, "error_description": refused.description}, status=refused.status
        )
    response.headers["Cache-Control"] = "no-store"
    response.headers["x-amzn-RequestId"] = getattr(request, "request_id", "")
    return response


def _form(request: HttpRequest) -> dict[str, Any]:
    if int(request.headers.get("Content-Length") or 0) > _MOST_BYTES:
        raise TokenRefused("invalid_request", "The request is too large.", 413)
    if "json" not in (request.content_type or ""):
        return {key: request.POST[key] for key in request.POST}
    try:
        parsed = json.loads(request.body)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        raise TokenRefused("invalid_request", "The request body is not a JSON object.")
    return parsed
