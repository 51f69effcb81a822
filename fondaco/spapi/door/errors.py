"""The published error shape, and how our refusals are said in it."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext

from fondaco.kit.errors import Refusal
from fondaco.web.refusals import spoken

CODES = {
    400: "InvalidInput",
    401: "Unauthorized",
    403: "Unauthorized",
    404: "NotFound",
    405: "MethodNotAllowed",
    413: "PayloadTooLarge",
    415: "UnsupportedMediaType",
    429: "QuotaExceeded",
    500: "InternalFailure",
    503: "ServiceUnavailable",
}
# Conflicts with the state of things and malformed requests are both "invalid input" there.
_STATUS = {401: 403, 402: 400, 405: 400, 406: 400, 409: 400, 410: 404, 422: 400}


class ApiError(Exception):
    """A fault of the request itself, said in the published shape."""

    def __init__(
        self, status: int, message: str, details: str = "", *, code: str = "", retry_after_s: float | None = None
    ) -> None:
        self.status, self.message, self.details, self.retry_after_s = status, message, details, retry_after_s
        self.code = code or CODES[status]
        super().__init__(status, message)


def invalid(message: str, details: str = "") -> ApiError:
    return ApiError(400, message, details)


def unauthorized(details: str) -> ApiError:
    return ApiError(403, "Access to requested resource is denied.", details)


def answer(error: ApiError, *, bare: bool = False) -> JsonResponse:
    """The error as a reply; `bare`: the list of errors is the whole body, as one model publishes it."""
    entries = [{"code": error.code, "message": error.message, "details": error.details}]
    response = JsonResponse(entries if bare else {"errors": entries}, status=error.status, safe=False)
    if error.retry_after_s is not None:
        response.headers["Retry-After"] = str(max(1, round(error.retry_after_s)))
    return response


def of_refusal(refusal: Refusal) -> ApiError:
    """A refusal of a domain: its words are the message; code, clause and fix stand in the details."""
    said = spoken(refusal)
    status = _STATUS.get(refusal.STATUS, refusal.STATUS)
    details = "; ".join(
        part
        for part in (said.fix, f"code: {said.code}", f"{gettext('clause')}: {said.clause}" if said.clause else "")
        if part
    )
    return ApiError(status if status in CODES else 400, said.words, details)


def of_validation(faults: list[dict[str, Any]]) -> ApiError:
    """What pydantic found wrong with a body: the first fault is the message, all stand in the details."""
    lines = [f"{'.'.join(str(p) for p in f['loc']) or 'body'}: {f['msg']}" for f in faults[:20]]
    return invalid(f"Invalid request body: {lines[0]}" if lines else "Invalid request body.", "; ".join(lines))
