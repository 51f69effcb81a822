"""The door to whoever knows delivery: options, promised dates, Prime. `fulfilment` above registers itself here.

    delivery.provide(Deliveries())

Without it a store ships standard, free, in the offer's handling time and five days. A provider is asked twice: by pages that
show options, and inside the transaction that buys, with the offers locked (`book`), where it may count or refuse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from fondaco.catalogue.models import Offer
from fondaco.orders.rules.states import Speed
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.models import Person


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line. `keeps_prime`: it was put into the cart as Prime and is kept so (Q-39)."""

    offer: Offer
    quantity: int
    keeps_prime: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One way to have a line delivered. `price_minor` is for the whole line, in the offer's currency."""

    speed: Speed
    price_minor: int
    ship_by: date
    promised_date: date
    guaranteed: bool = False
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What one line can have at one address, the fastest first. None: `code`, `clause` say why not."""

    options: tuple[Option, ...]
    place: str = ""
    address_known: bool = True
    is_prime: bool = False
    has_badge: bool = False
    code: str = ""
    clause: str = ""
    policy_version: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def is_eligible(self) -> bool:
        return bool(self.options)

    def option(self, speed: str) -> Option | None:
        return next((option for option in self.options if option.speed == speed), None)

    @property
    def best(self) -> Option | None:
        """What is chosen unless the buyer chooses: the fastest of the cheapest."""
        return min(self.options, key=lambda o: (o.price_minor, o.promised_date), default=None)


@dataclass(frozen=True, slots=True)
class Booked:
    """A line as it is bought, for counting."""

    offer: Offer
    quantity: int
    option: Option
    is_prime: bool
    keeps_prime: bool


class Provider(Protocol):
    """Knows what can be promised."""

    def choices(
        self, wanted: Sequence[Wanted], *, address: PostalAddress, person: Person | None, at: datetime
    ) -> list[Choices]:
        """What each line can have, in the order given."""
        ...

    def book(self, booked: Sequence[Booked], *, checkout_id: UUID, at: datetime) -> None:
        """Count these lines, in the buying transaction. Raises a Refusal when they cannot be had any more."""
        ...

    def release(self, *, checkout_id: UUID, order_id: UUID | None = None, at: datetime) -> None:
        """Uncount what was booked: the checkout was declined, or this order of it was cancelled as a whole."""
        ...

    def viewed(
        self, offer: Offer, choices: Choices, *, address: PostalAddress, person: Person | None, at: datetime
    ) -> None:
        """A product page showed this offer with these choices. Must be cheap: it is asked while a page renders."""
        ...


class PlainDelivery:
    """Standard delivery, free: what a store has without fulfilment."""

    DAYS = 5

    def choices(
        self, wanted: Sequence[Wanted], *, address: PostalAddress, person: Person | None, at: datetime
    ) -> list[Choices]:
        return [Choices((self._standard(each.offer, at),)) for each in wanted]

    def book(self, booked: Sequence[Booked], *, checkout_id: UUID, at: datetime) -> None:
        """Nothing is counted."""

    def release(self, *, checkout_id: UUID, order_id: UUID | None = None, at: datetime) -> None:
        """Nothing was counted."""

    def viewed(
        self, offer: Offer, choices: Choices, *, address: PostalAddress, person: Person | None, at: datetime
    ) -> None:
        """Nobody measures what was promised."""

    def _standard(self, offer: Offer, at: datetime) -> Option:
        leaves = at.astimezone(offer.seller.zone).date() + timedelta(days=offer.handling_days)
        return Option(Speed.STANDARD, 0, leaves, leaves + timedelta(days=self.DAYS))


_provider: Provider = PlainDelivery()


def provide(provider: Provider) -> None:
    """From now on this one answers."""
    global _provider
    _provider = provider


def provider() -> Provider:
    return _provider
