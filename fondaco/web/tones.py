"""Five tones for every status of every domain, so that a colour means one thing on all pages.

`neutral` nothing to do · `progress` the marketplace is at work · `good` done and fine · `warn` look at it ·
`bad` it does not work until somebody acts.
"""

from __future__ import annotations

from typing import Any

TONES = ("neutral", "progress", "good", "warn", "bad")

_SAME = {
    "debug": "neutral",
    "info": "neutral",
    "success": "good",
    "warning": "warn",
    "error": "bad",
    "fatal": "bad",
    "passed": "good",
    "failed": "bad",
    "unknown": "neutral",
    "waiting": "progress",
    "critical": "bad",
}
_ICONS = {"neutral": "dot", "progress": "hourglass", "good": "check", "warn": "warning", "bad": "cross"}


def tone_of(value: Any) -> str:
    """The tone of a tone, a message level, a finding's severity or a diagnosis state; else `neutral`."""
    name = str(value or "").split(" ")[-1]
    return name if name in TONES else _SAME.get(name, "neutral")


def icon_of(tone: str) -> str:
    """The mark that goes with a tone, so that colour never speaks alone."""
    return _ICONS[tone]
