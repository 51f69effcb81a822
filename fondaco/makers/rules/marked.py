"""Marks a sentence as a gettext msgid. Rules know no translation; the shells translate."""

from __future__ import annotations


def _(msgid: str) -> str:
    """The msgid itself: the mark is for the extraction."""
    return msgid
