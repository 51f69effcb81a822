"""The stores: one per country in which the marketplace sells. Facts as published, not policy.

Names are English msgids. `marketplace_id` is what the compatible interface calls the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fondaco.kit.errors import Invalid

DEFAULT = "US"


class UnknownStore(Invalid):
    """No store has this code."""

    CODE = "unknown_store"
    WORDS = "There is no store called %(store)s."


@dataclass(frozen=True, slots=True)
class Store:
    """`code` as policy and pages use it; `country` is the ISO code (UK's is GB); `region` groups accounts."""

    code: str
    name: str
    country: str
    marketplace_id: str
    currency: str
    time_zone: str
    language: str
    region: str

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the store's days begin and end."""
        return ZoneInfo(self.time_zone)


# Time zones: the test store runs on Chicago time (JOURNEYS.md), the others on their capital's or largest city's.
STORES: Mapping[str, Store] = {
    store.code: store
    for store in (
        Store("US", "United States", "US", "ATVPDKIKX0DER", "USD", "America/Chicago", "en-US", "north_america"),
        Store("CA", "Canada", "CA", "A2EUQ1WTGCTBG2", "CAD", "America/Toronto", "en-CA", "north_america"),
        Store("MX", "Mexico", "MX", "A1AM78C64UM0Y8", "MXN", "America/Mexico_City", "es-MX", "north_america"),
        Store("UK", "United Kingdom", "GB", "A1F83G8C2ARO7P", "GBP", "Europe/London", "en-GB", "europe"),
        Store("DE", "Germany", "DE", "A1PA6795UKMFR9", "EUR", "Europe/Berlin", "de-DE", "europe"),
        Store("FR", "France", "FR", "A13V1IB3VIYZZH", "EUR", "Europe/Paris", "fr-FR", "europe"),
        Store("IT", "Italy", "IT", "APJ6JRA9NG5V4", "EUR", "Europe/Rome", "it-IT", "europe"),
        Store("ES", "Spain", "ES", "A1RKKUPIHCS9HS", "EUR", "Europe/Madrid", "es-ES", "europe"),
        Store("JP", "Japan", "JP", "A1VC38T7YXB528", "JPY", "Asia/Tokyo", "ja-JP", "far_east"),
        Store("AU", "Australia", "AU", "A39IBJ37TRP1C6", "AUD", "Australia/Sydney", "en-AU", "far_east"),
    )
}
_BY_MARKETPLACE_ID = {store.marketplace_id: store for store in STORES.values()}


def store_of(code: str) -> Store:
    """The store of that code. Refuses codes that no store has."""
    try:
        return STORES[code]
    except KeyError:
        raise UnknownStore(store=str(code)[:20]) from None


def store_by_marketplace_id(marketplace_id: str) -> Store | None:
    """The store that the compatible interface calls so, or None."""
    return _BY_MARKETPLACE_ID.get(marketplace_id)
