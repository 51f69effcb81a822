"""The referral fee on a handmade sale (B-HAND-12). Plain Python; amounts in minor units of one currency."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal


def referral_fee(
    *,
    price_minor: int,
    shipping_minor: int,
    gift_wrap_minor: int,
    quantity: int,
    rate: Decimal,
    minimum_minor: int = 0,
    base: Collection[str] = ("price", "shipping", "gift_wrap"),
) -> int:
    """The fee on one order line: `rate` per cent of what policy counts, before tax, at least `minimum_minor` an item.

    `price_minor`, `shipping_minor` and `gift_wrap_minor` are those of the whole line of `quantity` items. Rounded once,
    half to even. Never more than what the line brought.
    """
    if quantity <= 0:
        return 0
    parts = {"price": price_minor, "shipping": shipping_minor, "gift_wrap": gift_wrap_minor}
    counted = sum(amount for name, amount in parts.items() if name in base)
    fee = int((Decimal(counted) * rate / 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    return min(max(fee, minimum_minor * quantity), max(0, sum(parts.values())))


@dataclass(frozen=True, slots=True)
class Rate:
    """The row `handmade.referral_fee`: per cent, the minimum an item in the order's currency, and what is counted."""

    per_cent: Decimal
    minimum_minor: int = 0
    base: tuple[str, ...] = ("price", "shipping", "gift_wrap")


@dataclass(frozen=True, slots=True)
class Sold:
    """A line as it stands: what is not cancelled, what was paid for that with tax, and what went back of it."""

    price_minor: int
    shipping_minor: int
    quantity: int
    paid_minor: int
    refunded_minor: int = 0


def fee_on(lines: Sequence[Sold], rate: Rate) -> int:
    """The fee on an order as it stands: of each line by `referral_fee`, less the share of it that went back.

    Rounded once a line, half to even. Never grows when units are cancelled or money goes back.
    """
    total = 0
    for sold in lines:
        fee = referral_fee(
            price_minor=sold.price_minor,
            shipping_minor=sold.shipping_minor,
            gift_wrap_minor=0,
            quantity=sold.quantity,
            rate=Decimal(rate.per_cent),
            minimum_minor=rate.minimum_minor,
            base=rate.base,
        )
        if sold.paid_minor > 0:
            left = max(0, sold.paid_minor - sold.refunded_minor)
            fee = int((Decimal(fee) * left / sold.paid_minor).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
        total += fee
    return total
