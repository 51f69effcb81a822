"""Builders, one file a department; importing this package registers them."""

from . import clothing, media, tableware

__all__ = ["clothing", "media", "tableware"]
