"""Cards on file: what is kept, which one is charged first."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.engine import clock
from fondaco.kit.errors import Invalid, NotFound
from fondaco.sellers.access import Caller
from fondaco.sellers.cards import gateway
from fondaco.sellers.models import Card, Person, SellerAccount
from fondaco.sellers.rules import Capability


class CardExpired(Invalid):
    CODE = "card_expired"
    WORDS = N_("This card expired at the end of %(month)02d/%(year)d.")


def add_card(
    caller: Caller,
    *,
    seller: SellerAccount | None = None,
    number: str,
    expiry_year: int,
    expiry_month: int,
    request_key: str,
) -> Card:
    """Keep a card for the seller account or, without one, for the caller. The first card is the default one.

    The number goes to the gateway and nowhere else. Raises CardExpired and what the gateway refuses.
    """
    owner = _owner(caller, seller)
    _refuse_expired(expiry_year, expiry_month, today=clock.now().date())
    kept = gateway().keep(number=number)
    with transaction.atomic():
        _lock_owner(owner)
        if earlier := Card.objects.filter(request_key=request_key, **owner).exclude(request_key="").first():
            return earlier
        is_first = not Card.objects.filter(removed_at=None, is_default=True, **owner).exists()
        card = Card.objects.create(
            brand=kept.brand,
            last4=kept.last4,
            token=kept.token,
            expiry_year=expiry_year,
            expiry_month=expiry_month,
            is_default=is_first,
            request_key=request_key,
            **owner,
        )
        history.record(actor=caller.person, verb="card.added", subject=card, about=_about(card))
    return card


def make_card_default(caller: Caller, card: Card) -> Card:
    """Charge this card first from now on."""
    owner = _owner_of(caller, card)
    with transaction.atomic():
        _lock_owner(owner)
        card = _present(card)
        if not card.is_default:
            Card.objects.filter(is_default=True, **owner).update(is_default=False)
            card.is_default = True
            card.save(update_fields=["is_default"])
            history.record(actor=caller.person, verb="card.made_default", subject=card, about=_about(card))
    return card


def remove_card(caller: Caller, card: Card) -> None:
    """Take the card off the file; if it was the default, the oldest that is left becomes it."""
    owner = _owner_of(caller, card)
    with transaction.atomic():
        _lock_owner(owner)
        card = _present(card)
        card.removed_at, was_default, card.is_default = clock.now(), card.is_default, False
        card.save(update_fields=["removed_at", "is_default"])
        heir = Card.objects.filter(removed_at=None, **owner).order_by("created_at").first() if was_default else None
        if heir:
            heir.is_default = True
            heir.save(update_fields=["is_default"])
        history.record(actor=caller.person, verb="card.removed", subject=card, about=_about(card))


def _owner(caller: Caller, seller: SellerAccount | None) -> dict[str, Any]:
    if seller is None:
        return {"person": caller.require_person()}
    return {"seller": caller.require(Capability.MANAGE_CARDS, seller=seller)}


def _owner_of(caller: Caller, card: Card) -> dict[str, Any]:
    if card.seller_id:
        return _owner(caller, card.seller)
    if caller.person is None or card.person_id != caller.person.pk:
        raise NotFound
    return {"person": caller.person}


def _lock_owner(owner: dict[str, Any]) -> None:
    """One card change an owner at a time: which card is the default depends on the others."""
    table = SellerAccount if "seller" in owner else Person
    table.objects.select_for_update().get(pk=next(iter(owner.values())).pk)


def _present(card: Card) -> Card:
    row = Card.objects.select_for_update().filter(pk=card.pk, removed_at=None).first()
    if row is None:
        raise NotFound
    return row


def _refuse_expired(year: int, month: int, *, today: date) -> None:
    if (year, month) < (today.year, today.month):
        raise CardExpired(year=year, month=month)


def _about(card: Card) -> dict[str, Any]:
    return {"card": str(card), **({"seller": card.seller} if card.seller_id else {})}
