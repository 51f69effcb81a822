"""Mails to sellers: to the owners and admins of the account, each in their language, each once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from fondaco.engine import outbox
from fondaco.sellers.models import Membership, SellerAccount
from fondaco.sellers.rules import MemberRole


def tell(
    seller: SellerAccount, *, subject: Callable[[], str], text: Callable[[], str], key: str, url: str = ""
) -> None:
    """Write the mail inside the transaction of its cause. `subject` and `text` are asked in each reader's language."""
    who = Membership.objects.filter(
        seller=seller, role__in=[MemberRole.OWNER, MemberRole.ADMIN], person__is_active=True
    )
    for membership in who.select_related("person"):
        person = membership.person
        with translation.override(person.language or settings.LANGUAGE_CODE):
            link = f"\n\n{settings.FONDACO_BASE_URL}{url}" if url else ""
            outbox.post(to=person.email, subject=subject(), text=text() + link, key=f"{key}:{person.pk}")


def pop_up_url(asin: str) -> str:
    """Where the seller follows an order."""
    return reverse("studio:pop_up", args=[asin])


def filled(sentence: str, facts: Mapping[str, Any]) -> str:
    return sentence % facts
