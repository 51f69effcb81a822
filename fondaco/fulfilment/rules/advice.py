"""What a seller can still do to deliver faster (PRIME-17, B-PRIME-09). Facts in, codes of `prime.suggestions` out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
WEEKEND = ("sat", "sun")


@dataclass(frozen=True, slots=True)
class SettingsFacts:
    """The account's default template and cut-offs (`HH:MM` by weekday; a day left out has the marketplace's)."""

    ships_saturday: bool = False
    ships_sunday: bool = False
    automation: bool = False
    covers_contiguous: bool = True
    cutoffs: Mapping[str, str] = field(default_factory=dict)
    published: Mapping[str, str | None] = field(default_factory=dict)


def suggestions(facts: SettingsFacts) -> dict[str, bool]:
    """Code → whether it is done already, in the order of policy."""
    own = [facts.cutoffs[day] for day in WORKDAYS if day in facts.cutoffs]
    is_later = all(
        (facts.cutoffs.get(day) or facts.published.get(day) or "00:00") > (facts.published.get(day) or "00:00")
        for day in WORKDAYS
    )
    return {
        "weekend_pickup": facts.ships_saturday or facts.ships_sunday,
        "later_cutoff": bool(own) and is_later,
        "region_automation": facts.automation,
        "six_day_operation": facts.ships_saturday or facts.ships_sunday,
        "nationwide_coverage": facts.covers_contiguous,
    }
