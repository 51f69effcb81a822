"""Slows down whoever tries invitation links that do not exist (Q-43).

The counter is a row, so that all web processes count together and a restart forgets nothing.
"""

from __future__ import annotations

import hashlib
import ipaddress
import time

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_noop as N_

from fondaco.kit.errors import TryLater
from fondaco.makers.models import LinkGuess
from fondaco.makers.rules.invitation import Pace

PACE = Pace()
REMEMBER_S = 3_600.0


class TooManyGuesses(TryLater):
    CODE = "too_many_wrong_links"
    STATUS = 429
    WORDS = N_("Too many links that do not exist were opened from here.")
    FIX = N_("Wait %(retry_after_s)s seconds and open the link of your mail again.")
    CLAUSE = "Q-43"


def require_pace(peer: str) -> None:
    """Refuses before anything is looked up while this peer has to wait. Raises TooManyGuesses."""
    until = LinkGuess.objects.filter(network=_network(peer)).values_list("blocked_until_s", flat=True).first()
    left = (until or 0.0) - time.time()
    if left > 0:
        raise TooManyGuesses(retry_after_s=max(1, round(left)))


def note_miss(peer: str) -> None:
    """One wrong link from this peer. Two at once are counted twice: the row is locked while it is counted."""
    now, network = time.time(), _network(peer)
    with transaction.atomic():
        LinkGuess.objects.bulk_create([LinkGuess(network=network, last_s=now)], ignore_conflicts=True)
        LinkGuess.objects.filter(network=network, last_s__lt=now - REMEMBER_S).update(misses=0)
        LinkGuess.objects.filter(network=network).update(misses=F("misses") + 1, last_s=now)
        row = LinkGuess.objects.get(network=network)
        if wait := PACE.wait_s(misses=row.misses):
            LinkGuess.objects.filter(pk=row.pk).update(blocked_until_s=now + wait)


def forget_old() -> int:
    """Drop what no longer counts; for the sweep."""
    deleted, _by_model = LinkGuess.objects.filter(last_s__lt=time.time() - REMEMBER_S).delete()
    return deleted


def _network(peer: str) -> str:
    """A hash of the address; a network of 64 bits counts as one peer."""
    try:
        address = ipaddress.ip_address(peer)
        if address.version == 6:
            peer = str(ipaddress.ip_network(f"{peer}/64", strict=False))
    except ValueError:
        pass
    return hashlib.sha256(f"makers.guesses:{peer}".encode()).hexdigest()[:32]
