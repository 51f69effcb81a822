"""The operations, one module for each published model. Importing this registers them all."""

from fondaco.spapi.served import (
    catalog,
    definitions,
    feeds,
    fulfilment,
    listings,
    orders,
    orders_v0,
    restrictions,
    sellers,
    tokens,
)

__all__ = [
    "catalog",
    "definitions",
    "feeds",
    "fulfilment",
    "listings",
    "orders",
    "orders_v0",
    "restrictions",
    "sellers",
    "tokens",
]
