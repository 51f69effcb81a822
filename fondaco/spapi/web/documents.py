"""Documents by ticket: a signed address that holds for minutes, for sending up and for fetching."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt

from fondaco.engine import files
from fondaco.kit.errors import Refusal
from fondaco.spapi import product_schemas
from fondaco.spapi.door import errors
from fondaco.spapi.operations import documents as operations


@csrf_exempt
def document(request: HttpRequest, ticket: str) -> HttpResponseBase:
    """PUT keeps the bytes, GET answers them; either only with a ticket for just that."""
    try:
        if request.method == "PUT":
            operations.receive(ticket, stream=request, content_type=request.headers.get("Content-Type", ""))
            return HttpResponse(status=200)
        if request.method != "GET":
            return HttpResponse(status=405)
        found = operations.fetched(ticket)
    except Refusal as refusal:
        return errors.answer(errors.of_refusal(refusal))
    response = StreamingHttpResponse(
        files.pieces(operations.STORE, found.sha256), content_type=found.content_type or "application/octet-stream"
    )
    response.headers["Content-Length"] = str(found.size_bytes)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.pk}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def schema(request: HttpRequest, name: str) -> HttpResponse:
    """A JSON Schema of a product type, or the meta-schema, as the definitions name it."""
    found = product_schemas.by_name(name)
    if found is None:
        raise Http404
    return JsonResponse(found)
