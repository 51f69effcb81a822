"""The port to the card world, and its simulator with a memory.

A store names its gateway in settings (`FONDACO_CARD_GATEWAY`). The simulator knows five test cards by their
published numbers and takes no other, so that nobody types a real card into it; each charge is a row that the
operator can look at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop as N_

from fondaco.engine import rows
from fondaco.kit.errors import Invalid
from fondaco.sellers.models import SimulatedCharge


class CardNotKnown(Invalid):
    CODE = "card_not_known"
    WORDS = N_("The card simulator takes test cards only.")
    FIX = N_("Use 4242 4242 4242 4242, or 4000 0000 0000 0002 for a card that declines.")


@dataclass(frozen=True, slots=True)
class KeptCard:
    """A card as the gateway keeps it: the token is all that can be charged."""

    token: str
    brand: str
    last4: str


@dataclass(frozen=True, slots=True)
class ChargeOutcome:
    """What became of a charge; `reason` is the gateway's word when it was declined."""

    is_paid: bool
    reason: str = ""


class CardGateway(Protocol):
    """What a card provider must do. `key` makes a repeated call answer the same and charge once."""

    def keep(self, *, number: str) -> KeptCard: ...

    def charge(self, *, token: str, amount_minor: int, currency: str, key: str) -> ChargeOutcome: ...

    def give_back(self, *, token: str, amount_minor: int, currency: str, key: str, of_key: str) -> None:
        """Give back part of what was charged with `of_key`; again with the same `key`, nothing more goes back."""
        ...


TEST_CARDS = {
    "4242424242424242": ("sim_visa_ok", "visa", ""),
    "5555555555554444": ("sim_mastercard_ok", "mastercard", ""),
    "378282246310005": ("sim_amex_ok", "amex", ""),
    "4000000000000002": ("sim_visa_declined", "visa", "declined"),
    "4000000000009995": ("sim_visa_poor", "visa", "insufficient_funds"),
}
"""Number → token, brand, and the reason why charges on it are declined (empty: they are paid)."""

_REFUSED_TOKENS = {token: reason for token, _brand, reason in TEST_CARDS.values() if reason}


class SimulatedCards:
    """The gateway of the demo and of tests."""

    def keep(self, *, number: str) -> KeptCard:
        digits = re.sub(r"\D", "", number)
        if digits not in TEST_CARDS:
            raise CardNotKnown
        token, brand, _reason = TEST_CARDS[digits]
        return KeptCard(token=token, brand=brand, last4=digits[-4:])

    def charge(self, *, token: str, amount_minor: int, currency: str, key: str) -> ChargeOutcome:
        reason = _REFUSED_TOKENS.get(token, "")
        row = SimulatedCharge(key=key, token=token, amount_minor=amount_minor, currency=currency, reason=reason)
        if not rows.insert_once(row, by="key"):
            row = SimulatedCharge.objects.get(key=key)
        return ChargeOutcome(is_paid=not row.reason, reason=row.reason)

    def give_back(self, *, token: str, amount_minor: int, currency: str, key: str, of_key: str) -> None:
        with transaction.atomic():
            SimulatedCharge.objects.get_or_create(
                key=key, defaults={"token": token, "amount_minor": -amount_minor, "currency": currency}
            )


def gateway() -> CardGateway:
    """The store's card gateway."""
    path = getattr(settings, "FONDACO_CARD_GATEWAY", "fondaco.sellers.cards.SimulatedCards")
    return import_string(path)()
