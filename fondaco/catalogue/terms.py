"""The policy that a submitted picture is under, gathered into one value.

The anchor of every row here is the submission (SPEC Part 3): a picture is judged by what held when it was sent in,
whatever the operator changed since (Q-52). Only the ranking goes by today's weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fondaco import policy
from fondaco.catalogue.rules.ranking import Standards
from fondaco.catalogue.rules.variants import MAIN, Slots

MAIN_PROFILE = "listing-main"
OTHER_PROFILE = "listing-other"

_SUBMISSION_KEYS = (
    "image.display_sla_hours",
    "image.formats",
    "image.variants",
    "image.px",
    "image.max_bytes",
    "image.main.background",
    "image.main.min_fill_pct",
    "image.alternates",
    "image.suppress_reasons",
    "image.url.schemes",
    "image.url.timeout_s",
    "image.url.private_networks",
    "image.url.allow_redirect",
    "image.url.allow_html",
)
_RANKING_KEYS = ("image.ranking.weights", "image.ranking.mix_groups", "image.px", "image.alternates", "image.variants")


@dataclass(frozen=True, slots=True)
class SubmissionTerms:
    """What held when a picture was submitted; `version` names it on the row."""

    version: str
    values: Mapping[str, Any]

    @property
    def display_within(self) -> timedelta:
        return timedelta(hours=self.values["image.display_sla_hours"])

    @property
    def slots(self) -> Slots:
        return Slots.of(self.values["image.variants"])

    @property
    def extensions(self) -> tuple[str, ...]:
        """Accepted file endings without the dot, aliases included."""
        rows = self.values["image.formats"]
        return tuple(name for row in rows for name in (row["format"], *row["aliases"]))

    @property
    def suppress_reasons(self) -> tuple[str, ...]:
        return tuple(row["code"] for row in self.values["image.suppress_reasons"])

    def limits(self, profile: str) -> dict[str, Any]:
        """What the operator's policy says instead of the profile's own values."""
        px = self.values["image.px"]
        limits = {
            "formats": tuple(row["format"] for row in self.values["image.formats"]),
            "max_bytes": self.values["image.max_bytes"],
            "min_px": px["min"],
            "max_px": px["max"],
            "zoom_px": px["zoom"],
            "advised_px": px["advised"],
        }
        if profile == MAIN_PROFILE:
            limits["min_fill_pct"] = float(self.values["image.main.min_fill_pct"])
            limits["background"] = tuple(self.values["image.main.background"])
        return limits


@dataclass(frozen=True, slots=True)
class RankingTerms:
    """By what groups are ranked and a gallery is chosen now."""

    version: str
    standards: Standards
    slots: Slots
    alternates: int
    mix_groups: bool
    suppress_reasons: tuple[str, ...]


def profile_for(variant: str) -> str:
    """The inspection profile of a slot: only the main picture must be on white and fill the frame."""
    return MAIN_PROFILE if variant == MAIN else OTHER_PROFILE


def submission_terms(*, store: str, at: datetime) -> SubmissionTerms:
    """The terms in force in a store at that moment."""
    found = {key: policy.value(key, store=store, at=at) for key in _SUBMISSION_KEYS}
    version = _joined(v.version for v in found.values())
    return SubmissionTerms(version, {key: v.value for key, v in found.items()})


def ranking_terms(*, store: str, at: datetime) -> RankingTerms:
    """The weights in force in a store at that moment."""
    found = {key: policy.value(key, store=store, at=at) for key in (*_RANKING_KEYS, "image.suppress_reasons")}
    alternates = found["image.alternates"].value
    return RankingTerms(
        version=_joined(v.version for v in found.values()),
        standards=Standards(found["image.ranking.weights"].value, found["image.px"].value["advised"], 1 + alternates),
        slots=Slots.of(found["image.variants"].value),
        alternates=alternates,
        mix_groups=found["image.ranking.mix_groups"].value,
        suppress_reasons=tuple(row["code"] for row in found["image.suppress_reasons"].value),
    )


def _joined(versions: Iterable[str]) -> str:
    """One name for all versions together: the shipped ones, and each of the operator's by name.

    `image@US#0`, or `image@US#0 px#3 max_bytes#1` when the operator published versions of these two.
    """
    names = list(versions)
    store = names[0].partition("@")[2].partition("#")[0]
    own = [name.removeprefix("image.").replace(f"@{store}", "") for name in names if not _is_shipped(name)]
    return " ".join([f"image@{store}#0", *own])[:200]


def _is_shipped(name: str) -> bool:
    return name.partition("#")[2].partition(":")[0] == "0"
