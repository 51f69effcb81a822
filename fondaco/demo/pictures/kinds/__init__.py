"""Builders, one file a department; importing this package registers them."""

from . import clothing, home, media, tableware, various, wearables

__all__ = ["clothing", "home", "media", "tableware", "various", "wearables"]
