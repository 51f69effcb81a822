"""Tokens for programs: made and withdrawn by the person for whom they speak."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.engine import clock
from fondaco.kit import chance
from fondaco.kit.errors import Denied, NotFound
from fondaco.sellers.access import Caller, hash_of
from fondaco.sellers.models import ApiToken, Person, SellerAccount
from fondaco.sellers.queries import as_id
from fondaco.sellers.rules import Capability


class NothingToActFor(Denied):
    CODE = "no_account_for_token"
    WORDS = N_("A token acts in a seller account or as staff of the marketplace, and you have neither.")
    FIX = N_("Register to sell, or ask the owner of the account for an invitation.")


def make_token(
    caller: Caller, *, name: str, seller: SellerAccount | None, request_key: str
) -> tuple[ApiToken, str | None]:
    """A new token and its secret, which nobody can be told again: None when this key already made one.

    With `seller` it may do there what the caller may; without, what the caller's staff roles allow.
    Raises NothingToActFor and what `Caller.require` raises.
    """
    person = caller.require_person()
    if seller is not None:
        caller.require(Capability.VIEW, seller=seller)
    elif not caller.is_staff:
        raise NothingToActFor
    secret = f"fdo_{chance.token_urlsafe(32)}"
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        if earlier := ApiToken.objects.filter(person=person, request_key=request_key).first():
            return earlier, None
        token = ApiToken.objects.create(
            person=person,
            seller=seller,
            name=name.strip()[:60],
            secret_hash=hash_of(secret),
            shown_part=secret[:10],
            request_key=request_key,
        )
        history.record(actor=caller.person, verb="token.made", subject=token, about={"name": token.name})
    return token, secret


def withdraw_token(caller: Caller, token_id: str | uuid.UUID) -> None:
    """The token stops working at once. Raises NotFound for another person's."""
    person = caller.require_person()
    with transaction.atomic():
        token = ApiToken.objects.select_for_update().filter(pk=as_id(token_id), person=person).first()
        if token is None:
            raise NotFound
        if token.withdrawn_at:
            return
        token.withdrawn_at = clock.now()
        token.save(update_fields=["withdrawn_at"])
        history.record(actor=caller.person, verb="token.withdrawn", subject=token, about={"name": token.name})
