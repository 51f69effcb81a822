"""The operations, one module for each published model. Importing this registers them all."""

from fondaco.spapi.served import (
    catalog,
    definitions,
    feeds,
    finances,
    finances_v0,
    fulfilment,
    listings,
    orders,
    orders_v0,
    reports,
    restrictions,
    sellers,
    tokens,
    uploads,
)

__all__ = [
    "catalog",
    "definitions",
    "feeds",
    "finances",
    "finances_v0",
    "fulfilment",
    "listings",
    "orders",
    "orders_v0",
    "reports",
    "restrictions",
    "sellers",
    "tokens",
    "uploads",
]
