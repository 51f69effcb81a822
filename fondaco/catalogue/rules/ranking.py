"""Which contributor's pictures a product shows: published weights, no secrets, no chance (IMG-SVC-50, Q-15).

All pictures of one contributor for one product are a group. A group is measured by five factors; each gives at most
as many points as its weight, and the points add up to the score, so that a seller can check the sum by hand. The same
groups give the same order on every machine: nothing depends on the clock (recency counts days behind the newest
group), and equal groups go by who came first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from fondaco.catalogue.rules.marked import _
from fondaco.catalogue.rules.variants import MAIN

WHOLE = 1000
RECENCY_DAYS = 365


class Factor(StrEnum):
    """What is measured."""

    MAIN_STANDARDS = "meets_main_standards"
    RESOLUTION = "resolution"
    IMAGE_COUNT = "image_count"
    SOURCE = "source"
    RECENCY = "recency"


WORDS = {
    Factor.MAIN_STANDARDS: _("The main picture meets the standards for main pictures."),
    Factor.RESOLUTION: _("Long side of the main picture in pixels, up to the advised size."),
    Factor.IMAGE_COUNT: _("How many pictures the group has, up to the number that can be shown."),
    Factor.SOURCE: _("Who made them: the studio, the brand's owner, or a seller."),
    Factor.RECENCY: _("How recent the newest picture is, compared with the other groups."),
}


@dataclass(frozen=True, slots=True)
class RankedImage:
    """One eligible picture of a group. `longest_px` is the long side of the upright picture."""

    id: UUID
    variant: str
    longest_px: int
    meets_main: bool
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """All eligible pictures of one contributor. `key` is (seller id, source)."""

    key: tuple[UUID, str]
    images: tuple[RankedImage, ...]

    @property
    def source(self) -> str:
        return self.key[1]

    @property
    def first_at(self) -> datetime:
        return min(image.submitted_at for image in self.images)

    @property
    def newest_at(self) -> datetime:
        return max(image.submitted_at for image in self.images)

    @property
    def main(self) -> RankedImage | None:
        return next((image for image in self.images if image.variant == MAIN), None)


@dataclass(frozen=True, slots=True)
class Standards:
    """What the measures are taken against: policy `image.ranking.weights`, `image.px`, `image.alternates`.

    `weights` gives each factor the most points it can bring; for `source`, the points of each kind of contributor.
    """

    weights: Mapping[str, Any]
    advised_px: int
    most_images: int


@dataclass(frozen=True, slots=True)
class FactorScore:
    """One line of a score sheet: what was measured, the most points there were, the points it gave."""

    factor: Factor
    measured: Any
    weight: int
    points: int
    words: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "factor": str(self.factor),
            "measured": self.measured,
            "weight": self.weight,
            "points": self.points,
            "words": self.words,
        }


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """A group with its score and how it came about."""

    group: Group
    score: int
    factors: tuple[FactorScore, ...] = field(default_factory=tuple)


def rank(groups: Iterable[Group], standards: Standards) -> list[ScoreSheet]:
    """Best first. Ties: the earlier first submission, then the key, so that no two groups are ever equal."""
    present = [group for group in groups if group.images]
    if not present:
        return []
    newest_at = max(group.newest_at for group in present)
    sheets = [score(group, standards, newest_at=newest_at) for group in present]
    return sorted(sheets, key=lambda s: (-s.score, s.group.first_at, str(s.group.key[0]), s.group.key[1]))


def score(group: Group, standards: Standards, *, newest_at: datetime) -> ScoreSheet:
    """The sheet of one group; its score is the sum of the points."""
    lines = tuple(_line(factor, group, standards, newest_at) for factor in Factor)
    return ScoreSheet(group, sum(line.points for line in lines), lines)


def _line(factor: Factor, group: Group, standards: Standards, newest_at: datetime) -> FactorScore:
    if factor is Factor.SOURCE:
        return _source(group, standards)
    measured, share = _MEASURES[factor](group, standards, newest_at)
    weight = int(standards.weights.get(str(factor), 0))
    return FactorScore(factor, measured, weight, share * weight // WHOLE, WORDS[factor])


def _source(group: Group, standards: Standards) -> FactorScore:
    points: Mapping[str, int] = standards.weights.get(str(Factor.SOURCE), {})
    most = max(points.values(), default=0)
    return FactorScore(Factor.SOURCE, group.source, most, points.get(group.source, 0), WORDS[Factor.SOURCE])


def _main_standards(group: Group, standards: Standards, newest_at: datetime) -> tuple[bool, int]:
    meets = group.main is not None and group.main.meets_main
    return meets, WHOLE if meets else 0


def _resolution(group: Group, standards: Standards, newest_at: datetime) -> tuple[int, int]:
    shown = group.main or max(group.images, key=lambda image: image.longest_px)
    return shown.longest_px, _share(shown.longest_px, standards.advised_px)


def _image_count(group: Group, standards: Standards, newest_at: datetime) -> tuple[int, int]:
    return len(group.images), _share(len(group.images), standards.most_images)


def _recency(group: Group, standards: Standards, newest_at: datetime) -> tuple[int, int]:
    behind = (newest_at - group.newest_at).days
    return behind, WHOLE - _share(behind, RECENCY_DAYS)


_MEASURES = {
    Factor.MAIN_STANDARDS: _main_standards,
    Factor.RESOLUTION: _resolution,
    Factor.IMAGE_COUNT: _image_count,
    Factor.RECENCY: _recency,
}


def _share(value: int, of: int) -> int:
    return min(WHOLE, value * WHOLE // of) if of > 0 else WHOLE


def lines_of(factors: Sequence[Mapping[str, Any]]) -> list[FactorScore]:
    """A stored score sheet as lines again."""
    return [FactorScore(Factor(f["factor"]), f["measured"], f["weight"], f["points"], f["words"]) for f in factors]
