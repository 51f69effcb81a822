"""Changing a second factor ends the person's other sessions.

The sign-in library announces such changes only by signals, so this is the one place where we listen to any. The
session hash holds `factors_version` (`models.Person`): counting it up ends every session, and the session in
which the change was made gets the new hash at once.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa import signals
from django.contrib.auth import update_session_auth_hash
from django.db.models import F
from django.http import HttpRequest

from fondaco.sellers.models import Person


def connect() -> None:
    """Called once, when the application is ready."""
    for signal in (signals.authenticator_added, signals.authenticator_removed, signals.authenticator_reset):
        signal.connect(_factor_changed, dispatch_uid="fondaco.sellers.factors")


def _factor_changed(*, request: HttpRequest, user: Person, **_: Any) -> None:
    end_other_sessions(request=request, person=user)


def end_other_sessions(*, request: HttpRequest | None, person: Person) -> None:
    """Every session of this person is signed out, except the request's own."""
    Person.objects.filter(pk=person.pk).update(factors_version=F("factors_version") + 1)
    person.refresh_from_db(fields=["factors_version"])
    if request is not None and request.user.is_authenticated and request.user.pk == person.pk:
        request.user.factors_version = person.factors_version
        update_session_auth_hash(request, person)
