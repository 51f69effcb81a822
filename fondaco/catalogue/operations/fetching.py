"""Fetching a submitted picture from its address, under the terms of its submission (IMG-22, Q-17)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings

from fondaco.catalogue.terms import SubmissionTerms
from fondaco.engine.fetch import Fetched, FetchFault, FetchPolicy, allow_list, fetch_image, next_try
from fondaco.kit.facts import plain

BUSY = "host_busy"
SHORTEST_WAIT = timedelta(seconds=2)


class NotFetched(Exception):
    """The address did not yield the picture. `wait` is how long to wait before trying again, None for never."""

    def __init__(self, code: str, facts: Mapping[str, Any], wait: timedelta | None, clause: str = "") -> None:
        self.code, self.facts, self.wait, self.clause = code, dict(facts), wait, clause
        super().__init__(code, facts)

    @property
    def is_try(self) -> bool:
        """Whether it counts as a failed try; our own politeness towards a busy host does not."""
        return self.code != BUSY

    def as_reason(self) -> dict[str, Any]:
        """As it stands among a submission's reasons."""
        return {"code": self.code, "severity": "error", "clause": self.clause, "facts": plain(self.facts)}


def fetch(url: str, *, terms: SubmissionTerms, tries: int) -> Fetched:
    """The file at the address, where `tries` fetches have failed before. Asks no clock and no database.

    Raises NotFetched.
    """
    try:
        return fetch_image(url, policy=policy_of(terms))
    except FetchFault as fault:
        wait = next_try(fault, tries + 1)
        raise NotFetched(
            fault.code, fault.facts, None if wait is None else max(wait, SHORTEST_WAIT), fault.CLAUSE
        ) from fault


def policy_of(terms: SubmissionTerms) -> FetchPolicy:
    """The operator's rows on picture addresses, as the fetcher takes them.

    The list of private hosts that may be reached counts in demo stores and tests; elsewhere policy must say so.
    """
    listed = settings.DEMO or settings.TESTING or terms.values["image.url.private_networks"] == "allow_list"
    return FetchPolicy(
        schemes=tuple(terms.values["image.url.schemes"]),
        timeout_s=float(terms.values["image.url.timeout_s"]),
        max_bytes=terms.values["image.max_bytes"],
        allow=allow_list(*settings.FONDACO_FETCH_ALLOW) if listed else frozenset(),
    )
