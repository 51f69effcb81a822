"""The operations, one module for each published model. Importing this registers them all."""

from fondaco.spapi.served import catalog, definitions, feeds, listings, restrictions, sellers, tokens

__all__ = ["catalog", "definitions", "feeds", "listings", "restrictions", "sellers", "tokens"]
