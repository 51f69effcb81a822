"""Where a form leads back to."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest, *, default: str = "catalogue:inventory") -> str:
    """The posted `next`, else the page that the form stood on; never a foreign address."""
    for url in (request.POST.get("next") or request.GET.get("next"), request.headers.get("Referer")):
        if url and url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()):
            return url
    return reverse(default)
