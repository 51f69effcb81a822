"""One-click sign-in as one of the demo store's people. Outside a demo store this page does not exist."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from fondaco.kit.errors import NotFound
from fondaco.sellers import demo
from fondaco.sellers.queries import person_by_email
from fondaco.sellers.web.back import first_page


def personas(request: HttpRequest) -> HttpResponse:
    """Choose who to be. Signing in is a POST; only people of the demo's own list can be chosen."""
    if not settings.DEMO:
        raise NotFound
    if request.method == "POST":
        return _sign_in(request, request.POST.get("email", ""))
    return render(request, "sellers/personas.html", {"personas": demo.accounts()})


def _sign_in(request: HttpRequest, email: str) -> HttpResponse:
    person = person_by_email(email) if email in {p.email for p in demo.PERSONAS} else None
    if person is None:
        raise NotFound
    get_adapter(request).login(request, person)
    return redirect(first_page(request))
