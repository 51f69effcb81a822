"""What customer service adds to the pages of an order."""

from __future__ import annotations


def show() -> None:
    """Called once, when the application is ready."""
