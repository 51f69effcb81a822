"""Shapes that several operations share: moments, money, marketplaces, conditions."""

from __future__ import annotations

from datetime import UTC, datetime

from fondaco.kit.money import decimals_of
from fondaco.policy.stores import Store

CONDITION_OUT = {
    "new": "new_new",
    "refurbished": "refurbished_refurbished",
    "used_like_new": "used_like_new",
    "used_very_good": "used_very_good",
    "used_good": "used_good",
    "used_acceptable": "used_acceptable",
}
CONDITIONS = (
    "new_new",
    "new_open_box",
    "new_oem",
    "refurbished_refurbished",
    "used_like_new",
    "used_very_good",
    "used_good",
    "used_acceptable",
    "collectible_like_new",
    "collectible_very_good",
    "collectible_good",
    "collectible_acceptable",
    "club_club",
)


def moment(at: datetime) -> str:
    """An ISO 8601 moment in UTC, to the millisecond, as the interface writes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def amount(minor: int, currency: str) -> str:
    """Minor units as a decimal string: 1999 USD is `19.99`."""
    places = decimals_of(currency)
    if not places:
        return str(minor)
    sign, minor = ("-", -minor) if minor < 0 else ("", minor)
    return f"{sign}{minor // 10**places}.{minor % 10**places:0{places}d}"


def money(minor: int, currency: str) -> dict[str, str]:
    """`{"currencyCode", "amount"}`."""
    return {"currencyCode": currency, "amount": amount(minor, currency)}


def language_of(store: Store) -> str:
    """`en_US` for a store."""
    return store.language.replace("-", "_")
