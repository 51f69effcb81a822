"""Mails of this domain, each in its reader's language, written once in the transaction of its cause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from fondaco.engine import outbox
from fondaco.sellers.models import Person
from fondaco.web.programmes import name_of


def tell(
    person: Person | None,
    *,
    to: str = "",
    subject: str,
    text: str,
    facts: Mapping[str, Any],
    key: str,
    secret: str = "",
) -> None:
    """Post a mail; `secret` is a part of it that a reader of the database must not be able to use. `subject` and `text` are msgids with `%(name)s` places, filled from `facts` and the programme's and
    the marketplace's names."""
    address = to or (person.email if person else "")
    with translation.override((person.language if person else "") or settings.LANGUAGE_CODE):
        known = {"handmade": name_of("handmade"), "marketplace": settings.FONDACO_MARKETPLACE_NAME, **facts}
        outbox.post(to=address, subject=_(subject) % known, text=_(text) % known, key=key, secret=secret)


def link(path: str) -> str:
    """The full address of a page of this site."""
    return f"{settings.FONDACO_BASE_URL}{path}"
