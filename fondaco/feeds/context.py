"""What the store says to the rules of feeds: money, product types, addresses. Gathered once a batch."""

from __future__ import annotations

from datetime import datetime, timedelta

from fondaco import policy
from fondaco.catalogue import product_types
from fondaco.feeds.check import Context
from fondaco.feeds.encoding import NAMES
from fondaco.feeds.rules import StuckLimits
from fondaco.kit.money import decimals_of


def context_for(*, store: str, encoding: str, at: datetime) -> Context:
    """The context under the policy in force at `at` (when the batch was submitted)."""
    currency = policy.store_of(store).currency
    types = product_types.all_types()
    themes = {theme for of_type in types.values() for theme in of_type.themes}
    return Context(
        currency=currency,
        decimals=decimals_of(currency),
        product_types=frozenset(types),
        required={key: of_type.attributes for key, of_type in types.items()},
        themes={key: of_type.themes for key, of_type in types.items()},
        theme_attributes={theme: product_types.theme(theme).attributes for theme in themes},
        schemes=frozenset(policy.value("image.url.schemes", store, at=at).value),
        encoding=NAMES.get(encoding, encoding),
    )


def attribute_names() -> frozenset[str]:
    """The attributes that files may state in columns of their own."""
    return frozenset(product_types.attributes())


def stuck_limits(*, store: str, at: datetime) -> StuckLimits:
    """When a batch counts as stuck (policy `feed.stuck`)."""
    row = policy.value("feed.stuck", store, at=at).value
    return StuckLimits(
        small_after=timedelta(hours=row["small_hours"]),
        large_after=timedelta(hours=row["large_hours"]),
        large_from_bytes=row["large_from_bytes"],
    )


def history_length(*, store: str, at: datetime) -> int:
    """How many uploads the page lists (policy `feed.history`)."""
    return int(policy.value("feed.history", store, at=at).value)
