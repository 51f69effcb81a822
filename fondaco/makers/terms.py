"""The policy that makers are under, gathered into the values that the rules take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fondaco import policy
from fondaco.makers.rules.application import Form, questions_of
from fondaco.makers.rules.regions import Region, region_of_country, regions_of, served_countries
from fondaco.policy import STORES
from fondaco.sellers.models import SellerAccount

COUNTRIES: Mapping[str, str] = {store.code: store.country for store in STORES.values()}

APPLICATION_KEYS = (
    "handmade.application_fields",
    "handmade.eligibility",
    "handmade.prohibited",
    "handmade.categories",
    "handmade.max_team",
    "handmade.regions",
)


@dataclass(frozen=True, slots=True)
class ApplicationTerms:
    """The form in force, the lists that stand beside its questions, and one name for all versions."""

    form: Form
    values: Mapping[str, Any]
    regions: tuple[Region, ...]
    version: str


def application_terms(*, at: datetime) -> ApplicationTerms:
    """What an application is under when it is filled in or sent at that moment."""
    found = {key: policy.value(key, at=at) for key in APPLICATION_KEYS}
    values = {key.removeprefix("handmade."): value.value for key, value in found.items()}
    regions = regions_of(values["regions"])
    form = Form(
        questions=questions_of(values["application_fields"]),
        makers={row["code"]: row["documents"] for row in values["eligibility"]["makers"]},
        categories=tuple(row["code"] for row in values["categories"]),
        countries=served_countries(regions, countries=COUNTRIES),
        max_team=values["max_team"],
    )
    return ApplicationTerms(form, values, regions, joined(v.version for v in found.values()))


def region_for(country: str, *, at: datetime) -> tuple[Region | None, str]:
    """The region of a country's accounts and the policy version that says so (Q-44)."""
    found = policy.value("handmade.regions", at=at)
    return region_of_country(regions_of(found.value), country, countries=COUNTRIES), found.version


def store_of_maker(seller: SellerAccount) -> str:
    """The store whose rules and day a maker's account is under: that of its country, else its home store."""
    return next((code for code, country in COUNTRIES.items() if country == seller.country), seller.store)


def joined(versions: Any) -> str:
    """One name for several versions: the shipped ones are named once, the operator's each."""
    names = list(versions)
    own = [name for name in names if "#0" not in name]
    return " ".join(["handmade@US#0", *own])[:200]
