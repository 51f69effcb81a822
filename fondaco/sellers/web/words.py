"""What the pages call the words of `rules` and the parts of an address, in the reader's language."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fondaco.sellers.addresses import countries, fold_place
from fondaco.sellers.rules import MemberRole, Plan, Role, SellerStatus
from fondaco.web.dates import locale
from fondaco.web.programmes import late_name

MEMBER_ROLES: dict[str, Any] = {
    MemberRole.OWNER: _("Owner"),
    MemberRole.ADMIN: _("Administrator"),
    MemberRole.WAREHOUSE: _("Warehouse"),
    MemberRole.VIEWER: _("Viewer"),
    MemberRole.AGENCY: _("Agency"),
}

MEMBER_ROLES_MAY: dict[str, Any] = {
    MemberRole.OWNER: _("Everything in this account"),
    MemberRole.ADMIN: _("Everything, and invites warehouse, viewers and agencies"),
    MemberRole.WAREHOUSE: _("Sees the account; checks in and grades returns"),
    MemberRole.VIEWER: _("Sees the account and changes nothing"),
    MemberRole.AGENCY: _("Submits announcements in the account’s name, and sees nothing else"),
}

ROLES: dict[str, Any] = {
    Role.FC_ASSOCIATE: _("Fulfilment centre associate"),
    Role.PHOTOGRAPHER: _("Studio photographer"),
    Role.RETOUCHER: _("Studio retoucher"),
    Role.SUPPORT: _("Support associate"),
    Role.CUSTOMER_SERVICE: _("Customer service associate"),
    Role.HANDMADE_REVIEWER: format_lazy(_("{handmade} reviewer"), handmade=late_name("handmade")),
    Role.PR_REVIEWER: _("Announcement reviewer"),
    Role.STAKEHOLDER: _("Stakeholder"),
    Role.OPERATOR: _("Marketplace operator"),
}

STATUSES: dict[str, Any] = {
    SellerStatus.ACTIVE: _("Active"),
    SellerStatus.UNDER_REVIEW: _("Under review"),
    SellerStatus.SUSPENDED: pgettext_lazy("seller account", "Suspended"),
    SellerStatus.CLOSED: _("Closed"),
}

STATUS_TONES: dict[str, str] = {
    SellerStatus.ACTIVE: "good",
    SellerStatus.UNDER_REVIEW: "warn",
    SellerStatus.SUSPENDED: "bad",
    SellerStatus.CLOSED: "neutral",
}

PLANS: dict[str, Any] = {
    Plan.PROFESSIONAL: _("Professional"),
    Plan.INDIVIDUAL: _("Individual"),
}

PARTS: dict[str, Any] = {
    "country": _("Country or region"),
    "name": _("Name on the parcel"),
    "company": _("Company"),
    "street": _("Street and number"),
    "city": _("City"),
    "city_area": _("Part of the city"),
    "region": _("Region"),
    "postal_code": _("Postal code"),
    "sorting_code": _("Sorting code"),
    "phone": _("Phone"),
}

PART_WORDS: dict[tuple[str, str], Any] = {
    ("region", "state"): pgettext_lazy("address", "State"),
    ("region", "province"): _("Province"),
    ("region", "prefecture"): _("Prefecture"),
    ("region", "county"): _("County"),
    ("region", "department"): _("Department"),
    ("region", "emirate"): _("Emirate"),
    ("region", "island"): _("Island"),
    ("region", "district"): _("District"),
    ("region", "area"): _("Area"),
    ("region", "parish"): _("Parish"),
    ("region", "oblast"): _("Oblast"),
    ("region", "do_si"): _("Province or city"),
    ("city", "district"): _("District"),
    ("city", "post_town"): _("Post town"),
    ("city", "suburb"): _("Suburb"),
    ("city_area", "district"): _("District"),
    ("city_area", "suburb"): _("Suburb"),
    ("city_area", "neighborhood"): _("Neighbourhood"),
    ("postal_code", "zip"): _("ZIP code"),
    ("postal_code", "pin"): _("PIN code"),
    ("postal_code", "eircode"): _("Eircode"),
}

FAULTS: dict[str, Any] = {
    "address_required": _("This part is needed for the chosen country."),
    "address_not_valid": _("This does not exist in the chosen country, or does not fit the rest of the address."),
    "address_country_unknown": _("Choose a country."),
}

ZONES_LEFT_OUT = ("Etc/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")


def part_label(part: str, word: str = "") -> Any:
    """What a country calls this part of an address: `region` is a state here and a province there."""
    return PART_WORDS.get((part, word), PARTS[part])


def country_choices() -> list[tuple[str, str]]:
    """Code and name in the reader's language, by name."""
    names = locale().territories
    known = [(code, names.get(code, code)) for code in countries()]
    return sorted(known, key=lambda choice: fold_place(choice[1]))


def country_name(code: str) -> str:
    """A country in the reader's language."""
    return locale().territories.get(code, code)


def language_choices() -> list[tuple[str, Any]]:
    """The site's languages, each under its own name, and the browser's."""
    return [("", _("As my browser asks")), *settings.LANGUAGES]


def zone_choices() -> list[tuple[str, str]]:
    """Zones named after places; old aliases are left out."""
    named = (z for z in available_timezones() if "/" in z and not z.startswith(ZONES_LEFT_OUT))
    return [("Etc/UTC", "UTC"), *((z, z.replace("_", " ")) for z in sorted(named))]


def choices(words: dict[str, Any], *, only: Any = None) -> list[tuple[str, Any]]:
    """Value and label for a form field; `only` keeps these values."""
    return [(str(value), label) for value, label in words.items() if only is None or value in only]
