"""Bodies of the endpoints of carts, checkout and orders. Amounts are whole minor units of `currency`."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema
from pydantic import Field


class OptionOut(Schema):
    """One way to have a line delivered."""

    speed: str
    price_minor: int
    ship_by: date
    promised_date: date
    is_guaranteed: bool = Field(description="Whether the guarantee message is shown (PRIME-25).")
    clause: str


class LineOut(Schema):
    """A line of the cart with what it can have at the address that was asked for."""

    offer: str
    asin: str
    title: str
    seller: str
    quantity: int
    price_minor: int
    currency: str
    is_prime: bool
    has_badge: bool
    keeps_prime: bool = Field(description="Put in while it was a programme offer; it stays one (Q-39).")
    problem: str = Field(description="`gone`, `too_many`, `not_served`, or empty.")
    clause: str
    options: list[OptionOut]


class CartOut(Schema):
    """The caller's cart at one address."""

    address: str = Field(description="The id that was asked for, or empty.")
    zip: str
    place: str = Field(description="The kind of place, as Table A sorts it; empty for an empty cart.")
    is_zip_known: bool
    goods_minor: int
    currency: str
    lines: list[LineOut]


class LineIn(Schema):
    """The number of units wanted; not added to what is there."""

    quantity: int


class AddressOut(Schema):
    id: str
    lines: list[str]
    postal_code: str
    country: str


class CardOut(Schema):
    id: str
    brand: str
    last4: str
    expiry_month: int
    expiry_year: int
    is_default: bool


class BuyLineIn(Schema):
    """What is bought, held to what was seen: what has changed meanwhile is refused."""

    offer: str
    quantity: int = 1
    speed: str = Field(default="", description="Empty: the fastest of the cheapest.")
    seen_price_minor: int | None = None
    seen_shipping_minor: int | None = None
    seen_promised_date: date | None = None


class CheckoutIn(Schema):
    """Without lines the whole cart is bought, and leaves it. Without a card the default one pays."""

    address: str = Field(description="The id of one of the caller's addresses.")
    card: str = ""
    lines: list[BuyLineIn] = Field(default_factory=list)
    speeds: dict[str, str] = Field(
        default_factory=dict, description="Offer id → speed, for what is bought from the cart."
    )


class UnitOut(Schema):
    id: str
    number: int
    state: str
    tracking: str


class ItemOut(Schema):
    """What was agreed."""

    asin: str
    sku: str
    title: str
    quantity: int
    price_minor: int
    shipping_minor: int
    tax_minor: int
    is_prime: bool
    speed: str
    ship_by: date
    promised_date: date
    is_guaranteed: bool
    units: list[UnitOut]


class OrderOut(Schema):
    number: str
    status: str
    seller: str
    placed_at: datetime
    is_member: bool
    has_prime: bool
    currency: str
    total_minor: int
    address: list[str]
    items: list[ItemOut]


class CancelIn(Schema):
    """Without units all that have not been sent."""

    reason: str
    units: list[str] = Field(default_factory=list)
    note: str = ""
