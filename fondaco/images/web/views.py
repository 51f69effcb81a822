"""Serving renditions: kept for good by browsers and proxies, never run, never guessed at."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from fondaco.engine import files
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
    if etag in request.headers.get("If-None-Match", ""):
        return _kept(HttpResponseNotModified(), etag)
    name = stored_name(sha256, version=int(found[1]), width=int(found[2]), ext=ext)
    if not files.exists("renditions", name):
        raise NotFound
    if request.method == "HEAD":
        return _kept(HttpResponse(content_type=MEDIA_TYPE[ext]), etag)
    return _kept(StreamingHttpResponse(files.pieces("renditions", name), content_type=MEDIA_TYPE[ext]), etag)


def _kept(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR_S}, immutable"
    response.headers["ETag"] = etag
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Disposition"] = "inline"
    return response
