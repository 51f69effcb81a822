"""Photographs: copies without metadata in the page, originals only as downloads from a path of their own.

Every request is a lookup by its caller; a signed address carries one person's right to one copy for some minutes and is
looked up anew. What is not the caller's reads as not found.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from fondaco.engine import files
from fondaco.kit.errors import Denied, NotFound
from fondaco.messaging import signing
from fondaco.messaging.models import Attachment
from fondaco.messaging.operations import matching, sight
from fondaco.messaging.queries import access
from fondaco.messaging.rules.words import Side
from fondaco.sellers.access import Caller, Request, caller_for
from fondaco.sellers.models import Person
from fondaco.web.access import signed_in

INLINE = frozenset({"thumb", "preview", "match"})


@require_safe
@signed_in
def photo(request: Request, attachment_id: UUID, kind: str) -> HttpResponse:
    """`thumb` and `preview` are shown in the page, `copy` is a download, `match` the comparison with the listing."""
    found, side = access.attachment_for(request.caller, attachment_id)
    return _answer(request.caller, found, side, kind)


@require_safe
@signed_in
def original(request: Request, attachment_id: UUID) -> HttpResponse:
    """The file as it came, with everything its camera wrote into it: for its sender and customer service only."""
    found, side = access.attachment_for(request.caller, attachment_id)
    own = found.message.author_id == request.caller.require_person().pk
    if not own and side is not Side.SERVICE:
        raise Denied(fix="copy")
    sight.saw(request.caller, found, kind=sight.ORIGINAL)
    return _download(files.read("originals", found.sha256), found.file_name)


@require_safe
def signed(request: HttpRequest, token: str) -> HttpResponse:
    """A copy by a signed address: the person's access is looked up anew."""
    pk, person_pk, kind = signing.read(token)
    signed_in_as = getattr(request, "user", None)
    if signed_in_as is not None and signed_in_as.is_authenticated and str(signed_in_as.pk) != person_pk:
        raise NotFound(what="photo")  # somebody else's address
    caller = caller_for(Person.objects.filter(pk=person_pk).first())
    if caller.person is None:
        raise NotFound(what="photo")
    found, side = access.attachment_for(caller, pk)
    return _answer(caller, found, side, kind)


def _answer(caller: Caller, found: Attachment, side: Side, kind: str) -> HttpResponse:
    if kind in ("thumb", "preview"):
        if kind == "preview":
            sight.saw(caller, found, kind=sight.PREVIEW)
        return _shown(files.read("documents", getattr(found, kind)))
    if kind == "match" and side is not Side.BUYER:
        return _shown(matching.drawn_of(found))
    if kind == "copy":
        sight.saw(caller, found, kind=sight.COPY)
        ending = "jpg" if found.is_picture else "pdf"
        return _download(files.read("documents", found.copy), f"{found.label or 'photo'}.{ending}")
    raise NotFound(what="photo")


def _shown(jpeg: bytes) -> HttpResponse:
    response = HttpResponse(jpeg, content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=600"
    return _boxed(response)


def _download(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["Cache-Control"] = "private, no-store"
    return _boxed(response)


def _boxed(response: HttpResponse) -> HttpResponse:
    """Whatever it is, a browser neither guesses its kind nor runs anything in it."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
