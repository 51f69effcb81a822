"""Slows down whoever tries invitation links that do not exist (Q-43).

Counters live in the cache, as those of the sign-in do: several processes need a shared one.
"""

from __future__ import annotations

import hashlib
import ipaddress
import time

from django.core.cache import cache
from django.utils.translation import gettext_noop as N_

from fondaco.kit.errors import TryLater
from fondaco.makers.rules.invitation import Pace

PACE = Pace()
_REMEMBER_S = 3_600


class TooManyGuesses(TryLater):
    CODE = "too_many_wrong_links"
    STATUS = 429
    WORDS = N_("Too many links that do not exist were opened from here.")
    FIX = N_("Wait %(retry_after_s)s seconds and open the link of your mail again.")
    CLAUSE = "Q-43"


def require_pace(peer: str) -> None:
    """Refuses before anything is looked up while this peer has to wait. Raises TooManyGuesses."""
    # A pause against guessing goes by the machine’s clock, not the store’s.
    until = cache.get(_key(peer, "until"), 0.0)
    left = until - time.time()
    if left > 0:
        raise TooManyGuesses(retry_after_s=max(1, round(left)))


def note_miss(peer: str) -> None:
    """One wrong link from this peer."""
    name = _key(peer, "misses")
    cache.add(name, 0, _REMEMBER_S)
    try:
        misses = cache.incr(name)
    except ValueError:  # it ran out between the two lines
        cache.set(name, 1, _REMEMBER_S)
        misses = 1
    if wait := PACE.wait_s(misses=misses):
        until = time.time() + wait
        cache.set(_key(peer, "until"), until, _REMEMBER_S)


def _key(peer: str, what: str) -> str:
    """A network of 64 bits counts as one peer."""
    try:
        address = ipaddress.ip_address(peer)
        if address.version == 6:
            peer = str(ipaddress.ip_network(f"{peer}/64", strict=False))
    except ValueError:
        pass
    return f"makers:guess:{what}:{hashlib.sha256(peer.encode()).hexdigest()[:32]}"
