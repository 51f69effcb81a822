"""The limits of a fetch, and when to try again. Plain values and functions of them."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from datetime import timedelta

from .faults import FetchFault

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """What may be fetched, and how much of it (SPEC Q-17, `image.url.*`, `image.max_bytes`).

    `timeout_s` is for everything together: name, connection, headers and the last byte of the body.
    `allow` lists (host, port) pairs that may be private: the demo's image host and tests, nothing else.
    `at_once` and `gap_s` are the politeness towards one host. `tls` replaces the system's trust, for tests.
    """

    timeout_s: float = 10.0
    connect_timeout_s: float = 5.0
    max_bytes: int = 10 * MB
    schemes: tuple[str, ...] = ("https", "http")
    ports: tuple[int, ...] = (443, 80)
    allow: frozenset[tuple[str, int]] = frozenset()
    at_once: int = 6
    gap_s: float = 0.02
    patience_s: float = 5.0
    user_agent: str = "Fondaco-Image-Fetcher/1 (+marketplace product images)"
    tls: ssl.SSLContext | None = field(default=None, compare=False)

    def allows(self, host: str, port: int) -> bool:
        """Whether this host and port were put on the list by hand."""
        return (host, port) in self.allow


def allow_list(*hosts: str) -> frozenset[tuple[str, int]]:
    """`"127.0.0.1:8010"` and the like to the pairs of `FetchPolicy.allow`. Raises ValueError without a port."""
    pairs = (h.rsplit(":", 1) for h in hosts if h.strip())
    return frozenset((host.strip("[]").lower(), int(port)) for host, port in pairs)


WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 20, 60, 180, 480))
"""Between tries of one picture. Together 12 h 26 min: a picture is settled well within the 24 hours of IMG-03."""

LONGEST_WAIT = timedelta(hours=8)


def next_try(fault: FetchFault, attempt: int) -> timedelta | None:
    """How long to wait after the `attempt`-th failed try (1 = the first), or None to give up.

    `retry == "never"` gives up at once. What the host asked for (Retry-After) is waited for when it is longer
    than our own wait, and up to eight hours; a host that asks for more is not asked again.
    """
    if fault.retry == "never" or attempt > len(WAITS):
        return None
    wait = WAITS[max(attempt, 1) - 1]
    if fault.code == "host_busy":
        wait = timedelta(0)
    if fault.retry_after_s is None:
        return wait
    asked = timedelta(seconds=fault.retry_after_s)
    return None if asked > LONGEST_WAIT else max(wait, asked)
