"""Profiles: which findings apply to a picture, how severe they are, and from which limit on.

The numbers are data (`profiles/*.toml`), each version with its source and the date from which it holds.
A profile file may extend another; what it states wins. Marketplace operators override single values by
policy (`Profile.with_policy`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from fondaco.kit.findings import Severity

from .findings import CATALOGUE

ALIASES = {"jpg": "jpeg", "jpe": "jpeg", "jfif": "jpeg", "tif": "tiff", "heif": "heic"}
OWN = ("listing-main", "listing-other", "studio", "evidence", "profile")
MARKETPLACES = ("ebay", "walmart", "google-merchant", "etsy")
NAMES = OWN + MARKETPLACES


class UnknownProfile(KeyError):
    """No profile of this name is shipped."""

    def __str__(self) -> str:
        return f"unknown profile {self.args[0]!r}; there are: {', '.join(NAMES)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Limits and severities for one purpose. Sizes are pixels of the upright image, shares per cent.

    `severities` maps finding codes to severities; a code that is missing does not apply. `mode` is the size
    at which pixels are read unless the caller says otherwise: "full" (native) or "half" (long side about 1,000).
    """

    name: str
    title: str
    source: str
    valid_from: date
    mode: str
    formats: frozenset[str]
    max_bytes: int
    min_px: int
    zoom_px: int
    advised_px: int
    max_px: int
    max_megapixels: float
    min_short_px: int
    max_aspect: float
    max_shape: float
    min_fill_pct: float
    background: tuple[int, int, int]
    ground_pure_pct: float
    min_quality: int
    min_dpi: int
    max_blur_px: float
    max_enlargement: float
    max_grid: float
    max_blocks: float
    min_highlight: int
    max_burnt_pct: float
    min_contrast: int
    max_trailing_bytes: int
    near_duplicate_bits: int
    person_score: float
    people_score: float
    nudity_score: float
    text_pct: float
    clauses: Mapping[str, str] = field(default_factory=dict)
    severities: Mapping[str, Severity] = field(default_factory=dict)

    def severity(self, code: str) -> Severity | None:
        """How severe `code` is here; None where it does not apply."""
        return self.severities.get(code)

    def with_policy(self, **values: Any) -> Profile:
        """This profile with limits from policy: `formats`, `max_bytes`, `min_px`, `min_fill_pct`, `severities`, ...

        Any field of the profile may be given; `severities` are laid over the present ones (None or "off"
        removes one). Raises TypeError for a name that is no field.
        """
        known = {f.name for f in fields(self)}
        if unknown := set(values) - known:
            raise TypeError(f"no such profile value: {', '.join(sorted(unknown))}")
        if "severities" in values:
            values["severities"] = {**self.severities, **(values["severities"] or {})}
        return replace(self, **{name: _typed(name, value) for name, value in values.items()})


def load_profile(name: str, *, on: date | None = None) -> Profile:
    """The profile `name` as it holds on the day `on` (today when not given). Raises UnknownProfile."""
    if name not in NAMES:
        raise UnknownProfile(name)
    day = on or datetime.now(UTC).date()  # house: allow  outside a store there is only the machine's day
    versions = profile_versions(name)
    in_force = [p for p in versions if p.valid_from <= day]
    return in_force[-1] if in_force else versions[0]


def load_all(*, on: date | None = None) -> list[Profile]:
    """All shipped profiles as they hold on the day `on`, the marketplace's own first."""
    return [load_profile(name, on=on) for name in NAMES]


@cache
def profile_versions(name: str) -> tuple[Profile, ...]:
    """All dated versions of a profile, oldest first."""
    raw = _read(name)
    return tuple(sorted((_build(name, _merge(raw, version)) for version in raw["version"]), key=lambda p: p.valid_from))


def normalise_format(name: str) -> str:
    """The pipeline's name of a format or extension: "jpg", ".JPEG" → "jpeg"."""
    bare = name.strip().lower().lstrip(".")
    return ALIASES.get(bare, bare)


@cache
def _read(name: str) -> dict[str, Any]:
    """One file with what it extends underneath; its `version` tables stay apart."""
    path = files(__package__) / "profiles" / f"{name}.toml"
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    parent = raw.pop("extends", None)
    return _merge(_without_versions(_read(parent)), raw) if parent else raw


def _without_versions(raw: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if key != "version"}


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        nested = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = {**merged[key], **value} if nested else value
    return merged


def _build(name: str, raw: Mapping[str, Any]) -> Profile:
    known = {f.name for f in fields(Profile)}
    values = {key: _typed(key, value) for key, value in raw.items() if key in known}
    return Profile(**{**values, "name": name})


def _typed(name: str, value: Any) -> Any:
    if name == "formats":
        items: Iterable[str] = value.split(",") if isinstance(value, str) else value
        return frozenset(normalise_format(item) for item in items)
    if name == "background":
        return tuple(int(v) for v in value)
    if name == "severities":
        if unknown := set(value) - set(CATALOGUE):
            raise ValueError(f"not in the catalogue of findings: {', '.join(sorted(unknown))}")
        return MappingProxyType({code: Severity(word) for code, word in value.items() if word not in (None, "off")})
    return MappingProxyType(dict(value)) if name == "clauses" else value
