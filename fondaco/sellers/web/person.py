"""A person's own pages: profile, language, and which seller account is being worked in."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.engine import clock
from fondaco.kit.errors import NotFound, Refusal
from fondaco.sellers import operations
from fondaco.sellers.access import SESSION_SELLER, Request, caller_for
from fondaco.sellers.web import words
from fondaco.sellers.web.back import first_page, form_page, way_back
from fondaco.sellers.web.forms import PersonForm
from fondaco.web.access import signed_in
from fondaco.web.forms import refuse_with


@signed_in
def profile(request: Request) -> HttpResponse:
    """Name, language, time zone, and everything that this person is here."""
    person = request.caller.require_person()
    form = PersonForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_person(request.caller, **form.cleaned_data)
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            translation.activate(form.cleaned_data["language"] or request.LANGUAGE_CODE)
            messages.success(request, _("Your profile is saved."))
            return _with_language_cookie(redirect("sellers:profile"), form.cleaned_data["language"])
    today = clock.now().astimezone(person.zone).date()
    context = {
        "person": person,
        "is_prime": person.is_prime_member(on=today),
        "memberships": [(m.seller, words.MEMBER_ROLES[m.role]) for m in request.caller.memberships],
        "roles": [words.ROLES[role] for role in sorted(request.caller.roles)],
    }
    return form_page(request, "sellers/person.html", form=form, **context)


@require_POST
def language(request: Request) -> HttpResponse:
    """Remember the language: in the cookie for this browser, in the profile for the next one."""
    wanted = request.POST.get("language", "")
    operations.choose_language(request.caller, language=wanted)
    return _with_language_cookie(HttpResponseRedirect(way_back(request)), wanted)


@require_POST
@signed_in
def switch(request: Request) -> HttpResponse:
    """Work in another of one's seller accounts. One that is not one's own is not found."""
    wanted = request.POST.get("seller", "")
    if wanted not in {m.seller.number for m in request.caller.memberships}:
        raise NotFound
    request.session[SESSION_SELLER] = wanted
    request.caller = caller_for(request.caller.person, seller_number=wanted, language=request.caller.language)
    return redirect(first_page(request))


def _with_language_cookie(response: HttpResponse, code: str) -> HttpResponse:
    if not code:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return response
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 86400,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
