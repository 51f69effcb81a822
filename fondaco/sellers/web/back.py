"""Where a form leads back to, where a person begins after signing in, and the page of a form that failed."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from fondaco.web.nav import Navigation

_NOT_A_WORKPLACE = {"shop", "sell", "help"}


def way_back(request: HttpRequest, *, default: str = "/") -> str:
    """The posted `next`, else the page that the form stood on; never a foreign address."""
    for url in (request.POST.get("next"), request.headers.get("Referer")):
        if url and url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()):
            return url
    return default


def first_page(request: HttpRequest) -> str:
    """The first page of the place where this person works; the front page for buyers."""
    places = Navigation(request).places
    return next((place.url for place in places if place.key not in _NOT_A_WORKPLACE), "/")


def form_page(request: HttpRequest, template: str, *, form: BaseForm, **context: Any) -> HttpResponse:
    """The page of a form; with status 422 when what was sent is shown again with its faults."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)
