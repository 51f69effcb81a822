"""Fetching a submitted picture from its address, under the terms of its submission (IMG-22, Q-17)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fondaco.catalogue.terms import SubmissionTerms
from fondaco.engine import clock
from fondaco.kit.facts import plain


class NotFetched(Exception):
    """The address did not yield the picture. `again_at` is when to try again, None for never."""

    def __init__(self, code: str, facts: Mapping[str, Any], again_at: datetime | None) -> None:
        self.code, self.facts, self.again_at = code, dict(facts), again_at
        super().__init__(code, facts)

    def as_reason(self) -> dict[str, Any]:
        """As it stands among a submission's reasons."""
        return {"code": self.code, "severity": "error", **plain(self.facts)}


def fetch(url: str, *, terms: SubmissionTerms, attempt: int, due_at: datetime) -> bytes:
    """The file at the address. Raises NotFetched; one that would be tried again only after `due_at` never is."""
    from fondaco.engine.fetch import FetchFault, fetch_image, next_try

    try:
        return fetch_image(url, policy=policy_of(terms)).data
    except FetchFault as fault:
        again_at = next_try(fault, attempt, at=clock.now())
        late = again_at is not None and again_at >= due_at
        raise NotFetched(fault.code, fault.facts, None if late else again_at) from fault


def policy_of(terms: SubmissionTerms) -> Any:
    """The operator's rows on picture addresses, as the fetcher takes them."""
    from fondaco.engine.fetch import FetchPolicy

    return FetchPolicy(
        schemes=tuple(terms.values["image.url.schemes"]),
        timeout_s=terms.values["image.url.timeout_s"],
        max_bytes=terms.values["image.max_bytes"],
    )
