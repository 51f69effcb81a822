"""What a document must be to dispute a hazard class (B-PRIME-26, policy `hazmat.dispute.documents`)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fondaco.kit.calendar import add_years


@dataclass(frozen=True, slots=True)
class SheetRule:
    """One row of policy. `max_age_years` and `sections` are None where they do not matter."""

    code: str
    max_age_years: int | None = None
    sections: int | None = None
    names_must_match: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """The document as the seller describes it; `sections` is what support counted, None before."""

    code: str
    issued_on: date | None = None
    product: str = ""
    brand: str = ""
    sections: int | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was checked. `met` is None while only support can say."""

    code: str  # kind | age | sections | product | brand
    met: bool | None


def check_sheet(sheet: Sheet, *, title: str, brand: str, rules: Sequence[SheetRule], today: date) -> list[Point]:
    """Every point that policy asks of a sheet of this kind. A kind that policy does not know meets nothing."""
    rule = next((r for r in rules if r.code == sheet.code), None)
    if rule is None:
        return [Point("kind", False)]
    points = [Point("kind", True)]
    if rule.max_age_years is not None:
        points.append(Point("age", is_young_enough(sheet.issued_on, rule.max_age_years, today=today)))
    if rule.sections is not None:
        points.append(Point("sections", None if sheet.sections is None else sheet.sections >= rule.sections))
    if rule.names_must_match:
        points.append(Point("product", names_match(sheet.product, title)))
        points.append(Point("brand", names_match(sheet.brand, brand)))
    return points


def is_young_enough(issued_on: date | None, years: int, *, today: date) -> bool:
    """At most that many years old, the day itself included; a date still to come is none."""
    return issued_on is not None and issued_on <= today <= add_years(issued_on, years)


def names_match(written: str, listed: str) -> bool:
    """Whether the name on the sheet is that of the listing: all of its words stand there, whatever case and accents."""
    there, here = _words(listed), _words(written)
    return (bool(here) and here <= there) or (bool(there) and there <= here)


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return set(re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c))))
