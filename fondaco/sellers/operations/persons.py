"""What people say about themselves: name, language, time zone."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext_noop as N_

from fondaco.kit.errors import Invalid
from fondaco.kit.text import line
from fondaco.sellers.access import Caller
from fondaco.sellers.models import Person


class LanguageUnknown(Invalid):
    CODE = "language_unknown"
    WORDS = N_("This site does not speak that language.")
    CLAUSE = "Q-54"


class ZoneUnknown(Invalid):
    CODE = "time_zone_unknown"
    WORDS = N_("There is no time zone of that name.")
    CLAUSE = "Q-54"


def change_person(caller: Caller, *, name: str, language: str, time_zone: str) -> Person:
    """The person's own name, language ("" follows the browser) and time zone. Raises LanguageUnknown, ZoneUnknown."""
    person = caller.require_person()
    if language and language not in dict(settings.LANGUAGES):
        raise LanguageUnknown
    if time_zone not in available_timezones():
        raise ZoneUnknown
    Person.objects.filter(pk=person.pk).update(name=line(name, limit=120), language=language, time_zone=time_zone)
    person.refresh_from_db(fields=["name", "language", "time_zone"])
    return person


def choose_language(caller: Caller, *, language: str) -> None:
    """Remember the language in the profile of who is signed in; for a visitor the cookie does. Raises LanguageUnknown."""
    if language not in dict(settings.LANGUAGES):
        raise LanguageUnknown
    if caller.person:
        Person.objects.filter(pk=caller.person.pk).update(language=language)
