"""Serving renditions: kept for good by browsers and proxies (or until a licence ends), never run, never guessed at."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from fondaco.engine import clock, files
from fondaco.images.models import Picture
from fondaco.images.queries import stored_name
from fondaco.kit.errors import NotFound

MEDIA_TYPE = {"jpg": "image/jpeg", "webp": "image/webp", "avif": "image/avif"}
A_YEAR_S = 31_536_000
_RECIPE = re.compile(r"v(\d{1,5})\.w(\d{1,5})")


@require_safe
@csp_override({"default-src": [CSP.NONE], "sandbox": True})  # type: ignore[dict-item]  # the stubs know lists only
def rendition(request: HttpRequest, sha256: str, recipe: str, ext: str) -> HttpResponseBase:
    """One rendition. There is no address under which a file comes back as it was uploaded (IMG-SVC-43)."""
    found = _RECIPE.fullmatch(recipe)
    if found is None or ext not in MEDIA_TYPE:
        raise NotFound
    etag = f'"{sha256}.{recipe}.{ext}"'
    kept_s = _kept_for(sha256)
    if etag in request.headers.get("If-None-Match", ""):
        return _kept(HttpResponseNotModified(), etag, kept_s)
    name = stored_name(sha256, version=int(found[1]), width=int(found[2]), ext=ext)
    if not files.exists("renditions", name):
        raise NotFound
    if request.method == "HEAD":
        return _kept(HttpResponse(content_type=MEDIA_TYPE[ext]), etag, kept_s)
    return _kept(StreamingHttpResponse(files.pieces("renditions", name), content_type=MEDIA_TYPE[ext]), etag, kept_s)


def _kept_for(sha256: str) -> int:
    """For how many seconds it may be kept: a year, or until its licence ends. Raises NotFound after that."""
    until = Picture.objects.filter(pk=sha256, served_until__isnull=False).values_list("served_until", flat=True).first()
    if until is None:
        return A_YEAR_S
    left_s = int((until - clock.now()).total_seconds())
    if left_s <= 0:
        raise NotFound
    return min(A_YEAR_S, left_s)


def _kept(response: HttpResponseBase, etag: str, kept_s: int) -> HttpResponseBase:
    for_good = ", immutable" if kept_s == A_YEAR_S else ""
    response.headers["Cache-Control"] = f"public, max-age={kept_s}{for_good}"
    response.headers["ETag"] = etag
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Disposition"] = "inline"
    return response
