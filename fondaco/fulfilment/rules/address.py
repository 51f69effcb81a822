"""What kind of place an address is, for delivery (SPEC Table A, Q-35).

State and ZIP prefix decide, and a PO-box pattern; measured against the parsers in the package index, this small rule
was right more often (they call rural-route and military boxes PO boxes). A wrong or unknown ZIP is never an error:
it becomes a street address with standard delivery and no guarantee.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """The rows of Table A."""

    CONTIGUOUS_STREET = "contiguous_street"
    CONTIGUOUS_PO_BOX = "contiguous_po_box"
    ALASKA_HAWAII_STREET = "alaska_hawaii_street"
    ALASKA_HAWAII_PO_BOX = "alaska_hawaii_po_box"
    UNINCORPORATED_STREET = "unincorporated_street"
    UNINCORPORATED_PO_BOX = "unincorporated_po_box"
    MILITARY = "military"
    INTERNATIONAL = "international"


@dataclass(frozen=True, slots=True)
class Address:
    """As the buyer typed it. `country` is ISO alpha-2, `state` the postal code of the state or territory."""

    country: str
    state: str = ""
    zip: str = ""
    lines: tuple[str, ...] = ()
    city: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """The kind of place; `known` is false when the ZIP is missing, malformed or in another state."""

    place: Place
    known: bool


TERRITORIES = frozenset({"PR", "VI", "GU", "AS", "MP"})
FREELY_ASSOCIATED = frozenset({"FM", "MH", "PW"})
MILITARY_STATES = frozenset({"AA", "AE", "AP"})
MILITARY_CITIES = frozenset({"APO", "FPO", "DPO"})

#: First ZIP digits of each state, as the postal service assigns them: (first, last) three-digit prefixes, included.
ZIP_RANGES: dict[str, tuple[tuple[int, int], ...]] = {
    "AL": ((350, 369),), "AK": ((995, 999),), "AZ": ((850, 865),), "AR": ((716, 729),), "CA": ((900, 961),),
    "CO": ((800, 816),), "CT": ((60, 69),), "DE": ((197, 199),), "DC": ((200, 205), (569, 569)), "FL": ((320, 349),),
    "GA": ((300, 319), (398, 399)), "HI": ((967, 968),), "ID": ((832, 838),), "IL": ((600, 629),), "IN": ((460, 479),),
    "IA": ((500, 528),), "KS": ((660, 679),), "KY": ((400, 427),), "LA": ((700, 714),), "ME": ((39, 49),),
    "MD": ((206, 219),), "MA": ((10, 27), (55, 55)), "MI": ((480, 499),), "MN": ((550, 567),), "MS": ((386, 397),),
    "MO": ((630, 658),), "MT": ((590, 599),), "NE": ((680, 693),), "NV": ((889, 898),), "NH": ((30, 38),),
    "NJ": ((70, 89),), "NM": ((870, 884),), "NY": ((5, 5), (63, 63), (100, 149)), "NC": ((270, 289),), "ND": ((580, 588),),
    "OH": ((430, 459),), "OK": ((730, 732), (734, 749)), "OR": ((970, 979),), "PA": ((150, 196),), "RI": ((28, 29),),
    "SC": ((290, 299),), "SD": ((570, 577),), "TN": ((370, 385),), "TX": ((733, 733), (750, 799), (885, 885)),
    "UT": ((840, 847),), "VT": ((50, 54), (56, 59)), "VA": ((201, 201), (220, 246)), "WA": ((980, 994),),
    "WV": ((247, 268),), "WI": ((530, 549),), "WY": ((820, 831),),
    "PR": ((6, 7), (9, 9)), "VI": ((8, 8),), "GU": ((969, 969),), "MP": ((969, 969),), "AS": ((967, 967),),
    "FM": ((969, 969),), "MH": ((969, 969),), "PW": ((969, 969),),
    "AA": ((340, 340),), "AE": ((90, 99),), "AP": ((962, 966),),
}  # fmt: skip

_PO_BOX = re.compile(
    r"\b(?:p\.?\s*o\.?|post(?:al)?\s+office|postal)\s*(?:box|bx|b\.?)\s*#?\s*[\w-]*\d"
    r"|\bp\.?\s?o\.?\s?b\.?\s+#?\d|\bpob\s*#?\s*\d|\bpobox\s*#?\s*\d"
    r"|\bcaller\s+(?:service|box)\s*#?\s*\d|\block\s?box\s*#?\s*\d|\bapartado(?:\s+postal)?\s*#?\s*\d"
    r"|^\s*box\s*#?\s*\d+\s*$",
    re.I,
)
_NOT_PO_BOX = re.compile(r"\b(?:rr|r\.r\.|rural\s+route|hc|hcr|highway\s+contract|psc|unit|cmr|star\s+route)\b", re.I)
_MILITARY_LINE = re.compile(r"\b(?:APO|FPO|DPO)\b[ ,]*(?:AA|AE|AP)?\b", re.I)


def place(address: Address) -> Placed:
    """Sort an address into Table A's rows. Never raises."""
    country = address.country.strip().upper()
    state, digits = address.state.strip().upper(), _zip(address.zip)
    if country in TERRITORIES:  # some forms give a territory as a country
        country, state = "US", country
    if country not in {"US", "USA", ""}:
        return Placed(Place.INTERNATIONAL, True)
    if state in FREELY_ASSOCIATED:  # sovereign states that the postal service serves
        return Placed(Place.INTERNATIONAL, True)
    if _military(address, state, digits):
        return Placed(Place.MILITARY, True)
    known = _fits(state or _state_of(digits), digits)
    boxed = any(_PO_BOX.search(line) and not _NOT_PO_BOX.search(line) for line in address.lines)
    region = state if state in ZIP_RANGES else _state_of(digits)
    if region in MILITARY_STATES:
        return Placed(Place.MILITARY, True)
    if region in TERRITORIES:
        return Placed(Place.UNINCORPORATED_PO_BOX if boxed else Place.UNINCORPORATED_STREET, known)
    if region in {"AK", "HI"}:
        return Placed(Place.ALASKA_HAWAII_PO_BOX if boxed else Place.ALASKA_HAWAII_STREET, known)
    return Placed(Place.CONTIGUOUS_PO_BOX if boxed else Place.CONTIGUOUS_STREET, known)


def _military(address: Address, state: str, digits: str) -> bool:
    if state in MILITARY_STATES or address.city.strip().upper() in MILITARY_CITIES:
        return True
    in_range = bool(digits) and any(lo <= int(digits[:3]) <= hi for s in MILITARY_STATES for lo, hi in ZIP_RANGES[s])
    return not state and in_range and any(_MILITARY_LINE.search(line) for line in address.lines)


def state_of(zip_code: str) -> str:
    """The state or territory that a ZIP lies in, as far as its first digits tell; empty for an unknown one."""
    return _state_of(_zip(zip_code))


def _zip(text: str) -> str:
    match = re.fullmatch(r"\s*(\d{5})(?:[- ]?\d{4})?\s*", text)
    return match.group(1) if match else ""


def _fits(state: str, digits: str) -> bool:
    prefix = int(digits[:3]) if digits else -1
    if state == "AS":
        return digits.startswith("96799")
    return any(lo <= prefix <= hi for lo, hi in ZIP_RANGES.get(state, ()))


def _state_of(digits: str) -> str:
    if not digits:
        return ""
    if digits.startswith("96799"):
        return "AS"
    prefix = int(digits[:3])
    return next((s for s, ranges in ZIP_RANGES.items() if any(lo <= prefix <= hi for lo, hi in ranges)), "")
