"""The one view of all operations: token, role, limit, parameters, body, function, reply."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from pydantic import BaseModel, ValidationError

from fondaco.engine import clock
from fondaco.kit.errors import Refusal
from fondaco.kit.text import storable
from fondaco.spapi.door import errors, limits, parameters
from fondaco.spapi.door.call import Call
from fondaco.spapi.door.errors import ApiError
from fondaco.spapi.door.operation import Answer, Operation
from fondaco.spapi.door.tokens import Bearer, bearer_of

log = logging.getLogger("fondaco.spapi")
MOST_BODY = 10 * 1024 * 1024
LANGUAGES = {"vi": "vi", "zh": "zh-hant"}


def view_of(methods: Mapping[str, Operation]) -> Callable[..., HttpResponseBase]:
    """The view of one path."""

    @csrf_exempt
    def view(request: HttpRequest, **path: str) -> HttpResponseBase:
        operation = methods.get(request.method or "")
        if operation is None:
            response = errors.answer(ApiError(405, f"{request.method} is not allowed here."))
            response.headers["Allow"] = ", ".join(sorted(methods))
        else:
            response = _answered(operation, request, path)
        response.headers["x-amzn-RequestId"] = getattr(request, "request_id", "")
        return response

    return view


def _answered(operation: Operation, request: HttpRequest, path: dict[str, str]) -> Any:
    with translation.override("en"):
        try:
            response = _called(operation, request, path)
        except ApiError as error:
            response = errors.answer(error, bare=operation.bare_errors)
        except Refusal as refusal:
            response = errors.answer(errors.of_refusal(refusal), bare=operation.bare_errors)
        except RequestDataTooBig:
            response = errors.answer(ApiError(413, "The request body is too large."), bare=operation.bare_errors)
        except Exception:
            log.exception("operation %s failed", operation.name)
            failed = ApiError(500, "We encountered an internal error. Please try again.")
            response = errors.answer(failed, bare=operation.bare_errors)
        response.headers["x-amzn-RateLimit-Limit"] = f"{operation.rate.per_s:g}"
        return response


def _called(operation: Operation, request: HttpRequest, path: dict[str, str]) -> HttpResponse:
    bearer = bearer_of(request)
    _require_role(operation, bearer)
    key = f"{operation.method} {operation.path}|{bearer.application.pk.hex}|{bearer.grant.seller_id.hex if bearer.grant else ''}"
    taken = limits.take(key, operation.rate)
    if not taken.allowed:
        raise ApiError(
            429,
            "You exceeded your quota for the requested resource.",
            f"Try again in {taken.wait_s:.1f} s.",
            retry_after_s=taken.wait_s,
        )
    return _run(operation, request, path, bearer)


def _run(operation: Operation, request: HttpRequest, path: dict[str, str], bearer: Bearer) -> HttpResponse:
    for name, value in path.items():
        if len(value) > 500 or not storable(value):
            raise errors.invalid(f"Invalid value for {name}.", "It is too long or holds control characters.")
    call = Call(
        request=request,
        application=bearer.application,
        grant=bearer.grant,
        caller=bearer.caller,
        at=clock.now(),
        path=path,
        opened=bearer.opened,
    )
    call.values = parameters.read(operation.query, request.GET)
    call.require_known_marketplaces()
    call.body = _body(operation.body, request) if operation.body else None
    with translation.override(_language(call)):
        return _reply(operation.function(call))


def _require_role(operation: Operation, bearer: Bearer) -> None:
    if operation.scope and operation.scope in bearer.scopes:
        return
    if bearer.grant is None:
        raise errors.unauthorized("This operation needs a selling partner's authorization.")
    if operation.roles and operation.roles.isdisjoint(bearer.application.roles):
        needed = ", ".join(sorted(role.value for role in operation.roles))
        raise errors.unauthorized(f"The application does not have the role that this operation needs: {needed}.")


def _language(call: Call) -> str:
    for name in ("issueLocale", "reasonLocale", "locale"):
        wanted = str(call.values.get(name) or "")
        if wanted[:2] in LANGUAGES:
            return LANGUAGES[wanted[:2]]
    return "en"


def _body(model: type[BaseModel], request: HttpRequest) -> BaseModel:
    kind = (request.content_type or "").lower()
    if kind and kind != "application/json" and not kind.endswith("+json"):
        raise ApiError(415, f"The content type {kind[:80]} is not supported.", "Send application/json.")
    if int(request.headers.get("Content-Length") or 0) > MOST_BODY:
        raise ApiError(413, "The request body is too large.")
    raw = request.body
    try:
        parsed = json.loads(raw or b"null", parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise errors.invalid("The request body is not valid JSON.") from None
    if not isinstance(parsed, dict):
        raise errors.invalid("The request body must be a JSON object.")
    if not storable(json.dumps(parsed, ensure_ascii=False)) or "\\u0000" in json.dumps(parsed):
        raise errors.invalid("The request body holds characters that cannot be stored.")
    try:
        return model.model_validate(parsed)
    except ValidationError as error:
        raise errors.of_validation(error.errors(include_url=False, include_context=False)) from None  # type: ignore[arg-type]


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _reply(result: Any) -> HttpResponse:
    if isinstance(result, HttpResponse):
        return result
    if not isinstance(result, Answer):
        return JsonResponse(result, safe=False)
    if result.body is None:
        return HttpResponse(status=result.status)
    return JsonResponse(result.body, safe=False, status=result.status)
