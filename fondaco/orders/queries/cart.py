"""What stands in a cart, with what delivery it can have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fondaco.catalogue.models import OfferStatus
from fondaco.kit.money import Money
from fondaco.orders import delivery
from fondaco.orders.models import Cart, CartLine
from fondaco.sellers.access import Caller
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.models import Address, Card


@dataclass(frozen=True, slots=True)
class Row:
    """A line with what it can have at an address. `problem`: gone, too_many, not_served, or empty."""

    line: CartLine
    choices: delivery.Choices
    problem: str = ""

    @property
    def total_minor(self) -> int:
        return self.line.unit_minor * self.line.quantity

    def chosen(self, speed: str) -> delivery.Option | None:
        return self.choices.option(speed) or self.choices.best


def cart_for(caller: Caller, *, token: str) -> Cart | None:
    """The caller's cart, if there is one; reading makes none."""
    if caller.person is not None:
        return Cart.objects.filter(person=caller.person).first()
    return Cart.objects.filter(token=token).first() if token else None


def rows_of(cart: Cart | None, *, caller: Caller, address: PostalAddress, at: datetime) -> list[Row]:
    """Every line, oldest first."""
    if cart is None:
        return []
    loaded = cart.lines.select_related("offer__product__main_picture", "offer__seller__ship_from")
    lines = list(loaded.order_by("added_at", "id"))
    wanted = [delivery.Wanted(line.offer, line.quantity, line.is_prime) for line in lines]
    found = delivery.provider().choices(wanted, address=address, person=caller.person, at=at) if lines else []
    return [Row(line, choices, _problem(line, choices, at)) for line, choices in zip(lines, found, strict=True)]


def addresses_of_buyer(caller: Caller) -> list[Address]:
    """The caller's delivery addresses, oldest first. Raises SignInRequired."""
    return list(Address.objects.filter(person=caller.require_person(), removed_at=None).order_by("created_at", "id"))


def cards_of_buyer(caller: Caller) -> list[Card]:
    """The caller's cards, the default one first. Raises SignInRequired."""
    return list(
        Card.objects.filter(person=caller.require_person(), removed_at=None).order_by("-is_default", "created_at")
    )


def sum_of(rows: list[Row]) -> Money | None:
    """The goods of all rows; None for nothing or several currencies."""
    currencies = {row.line.offer.currency for row in rows}
    if len(currencies) != 1:
        return None
    return Money(sum(row.total_minor for row in rows), currencies.pop())


def _problem(line: CartLine, choices: delivery.Choices, at: datetime) -> str:
    offer = line.offer
    away = offer.seller.is_on_vacation(on=at.astimezone(offer.seller.zone).date())
    if offer.status != OfferStatus.ACTIVE or not offer.seller.is_active or away or offer.units_sellable <= 0:
        return "gone"
    if line.quantity > offer.units_sellable:
        return "too_many"
    return "" if choices.is_eligible else "not_served"
