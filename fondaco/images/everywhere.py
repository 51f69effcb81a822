"""One picture against the rules of this marketplace and of the others, its pixels read once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from fondaco.images.develop import INSPECTOR_VERSION
from fondaco.images.operations import Rules
from fondaco.images.pipeline.bounds import BUDGET_S
from fondaco.images.pipeline.inspect import Report, inspect_all
from fondaco.images.pipeline.profiles import MARKETPLACES, Profile, load_profile
from fondaco.images.queries import shown_findings
from fondaco.web.pictures import ShownFinding

KEPT_S = 86_400


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one marketplace's rules make of the picture. `title` is its name, "" for this marketplace."""

    title: str
    profile: Profile
    verdict: str
    findings: tuple[ShownFinding, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Where its numbers were read."""
        return tuple(part.strip() for part in self.profile.source.split(" ; "))

    @property
    def is_good(self) -> bool:
        return self.verdict == "eligible"


def everywhere(data: bytes, own: Rules, *, at: datetime, name: str = "") -> list[Verdict]:
    """This marketplace first, then the others as their rules hold at `at`. Writes nothing."""
    profiles = [own.profile, *(load_profile(name, on=at.date()) for name in MARKETPLACES)]
    digest = hashlib.sha256(data).hexdigest()
    key = hashlib.sha256(f"{digest} {name} {own.name} {INSPECTOR_VERSION} {at.date()}".encode()).hexdigest()
    reports: list[Report] | None = cache.get(f"everywhere.{key}")
    if reports is None:
        reports = inspect_all(
            data, profiles, name=name or None, sha256=digest, budget_s=2 * BUDGET_S, models=own.models
        )
        cache.set(f"everywhere.{key}", reports, KEPT_S)
    return [_verdict(profile, report) for profile, report in zip(profiles, reports, strict=True)]


def _verdict(profile: Profile, report: Report) -> Verdict:
    title = profile.title if profile.name in MARKETPLACES else ""
    return Verdict(title, profile, report.verdict, shown_findings(f.as_dict() for f in report.findings))
