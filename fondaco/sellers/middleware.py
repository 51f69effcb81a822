"""Sets `request.caller`, the language and the time zone of each request.

Language, first that is known: the profile of who is signed in, the language cookie, the browser's
Accept-Language. Choosing a language writes both profile and cookie, so the last choice always wins and follows
the person to the next device. Replaces Django's LocaleMiddleware.
"""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from fondaco.sellers.access import caller_of_request
from fondaco.sellers.models import DEFAULT_ZONE, Person


class CallerMiddleware:
    """Stands after the authentication middleware. `request.caller` costs two queries, and only if somebody asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = _person(request)
        language = _language(request, person)
        request.LANGUAGE_CODE = language
        request.caller = SimpleLazyObject(lambda: caller_of_request(request))  # type: ignore[attr-defined]
        zone = person.zone if person else ZoneInfo(DEFAULT_ZONE)
        with translation.override(language), timezone.override(zone):  # and nothing is left for the thread's next task
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", language)
        return response


def _person(request: HttpRequest) -> Person | None:
    """Who is signed in; without a session cookie nothing is asked of the database."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user if request.user.is_authenticated else None


def _language(request: HttpRequest, person: Person | None) -> str:
    if person and person.language in dict(settings.LANGUAGES):
        return person.language
    return translation.get_language_from_request(request)  # cookie, then Accept-Language, then the default
