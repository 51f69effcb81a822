"""The referral fee on a handmade sale (B-HAND-12). Plain Python; amounts in minor units of one currency."""

from __future__ import annotations

from collections.abc import Collection
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
