"""What a handmade listing may say and how long making may take (HAND-02…04, B-HAND-02…04, B-HAND-10)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from fondaco.kit.findings import Finding, Severity
from fondaco.kit.text import fold

CATEGORY_OF_TYPE: Mapping[str, str] = {
    "handmade_art": "art",
    "handmade_baby": "baby",
    "handmade_beauty": "beauty_and_grooming",
    "handmade_clothing": "clothing_shoes_accessories",
    "handmade_shoes": "clothing_shoes_accessories",
    "handmade_electronics_accessory": "electronics_accessories",
    "handmade_health": "health_and_personal_care",
    "handmade_jewelry": "jewelry_and_watches",
    "handmade_watch": "jewelry_and_watches",
    "handmade_pet": "pet_supplies",
    "handmade_home": "home_and_kitchen",
    "handmade_sports": "sports_and_outdoors",
    "handmade_stationery": "stationery_and_party",
    "handmade_toy": "toys_and_games",
}
"""Product type → one of the twelve categories of policy (B-HAND-04)."""

TYPES = frozenset(CATEGORY_OF_TYPE)
NEW = "new"
"""A condition of offers, and the code of the row in policy that asks for it."""
_DENSE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Sign:
    """Words by which something that is not allowed is known; `unless` are words that let it through."""

    code: str
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()
    label: str = ""
    is_must: bool = False  # against what every product must be (B-HAND-02), not on the list of prohibited goods


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy says of handmade listings: signs of prohibited goods, of the category, and days of production."""

    prohibited: tuple[Sign, ...]
    category: tuple[Sign, ...]
    min_days: int
    max_days: int
    only_new: bool = True


def limits_of(
    *,
    category: str,
    prohibited: Sequence[Mapping[str, Any]],
    products: Sequence[Mapping[str, Any]],
    signs: Sequence[Mapping[str, Any]],
    category_limits: Sequence[Mapping[str, Any]],
    days: Mapping[str, int],
) -> Limits:
    """From the rows of `handmade.prohibited`, of the products in `.eligibility`, of `.prohibited_signs`,
    `.category_limits` and `.production_days`.

    Only what is prohibited, or against what every product must be, is looked for: taking a row off these lists ends
    its signs too. A product that must be new is offered new.
    """
    labels = {row["code"]: row["label"] for row in (*prohibited, *products)}
    musts = frozenset(row["code"] for row in products)
    return Limits(
        prohibited=tuple(
            Sign(row["code"], tuple(row["words"]), tuple(row["unless"]), labels[row["code"]], row["code"] in musts)
            for row in signs
            if row["code"] in labels
        ),
        category=tuple(
            Sign(row["code"], tuple(row["words"]), (), row["label"])
            for row in category_limits
            if row["category"] == category
        ),
        min_days=days["min"],
        max_days=days["max"],
        only_new=NEW in musts,
    )


def judge(
    *, texts: Collection[str], handling_days: int | None, limits: Limits, condition: str = ""
) -> tuple[Finding, ...]:
    """Everything that keeps a listing out of the store: `handmade_not_eligible`, `handmade_prohibited`,
    `handmade_category_limit`, `handmade_not_new`, `handmade_production_days`. `measured` is the words that were found,
    the condition or the days; `limit` the label or the range. An empty `condition`: no offer is stated."""
    found: list[Finding] = []
    whole = " \n ".join(fold(text) for text in texts if text)
    for sign in limits.prohibited:
        if words := spotted(whole, sign):
            code, clause = (
                ("handmade_not_eligible", "B-HAND-02") if sign.is_must else ("handmade_prohibited", "HAND-03")
            )
            found.append(_fault(code, clause, words, sign.label))
    for sign in limits.category:
        if words := spotted(whole, sign):
            found.append(_fault("handmade_category_limit", "HAND-04", words, sign.label))
    if limits.only_new and condition not in ("", NEW):
        found.append(_fault("handmade_not_new", "B-HAND-02", condition, NEW))
    if handling_days is not None and not limits.min_days <= handling_days <= limits.max_days:
        span = (limits.min_days, limits.max_days)
        found.append(_fault("handmade_production_days", "B-HAND-10", handling_days, span))
    return tuple(found)


def spotted(folded: str, sign: Sign) -> str:
    """The first word of the sign that stands in the folded text, or empty. What lets it through is taken out first."""
    for words in sign.unless:
        folded = _pattern(words).sub(" ", folded)
    return next((words for words in sign.words if _pattern(words).search(folded)), "")


@lru_cache(maxsize=1024)
def _pattern(words: str) -> re.Pattern[str]:
    """Whole words; in scripts without spaces, anywhere."""
    folded = re.escape(fold(words))
    return re.compile(folded if _DENSE.search(words) else rf"(?<!\w){folded}(?!\w)")


def _fault(code: str, clause: str, measured: Any, limit: Any) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, clause=clause, measured=measured, limit=limit)
