"""The people of the demo store: one for each persona of docs/requirements/JOURNEYS.md, by name.

Tests and documents speak of the same people. Only a demo store signs them in by one click, or by one password.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fondaco.engine import clock
from fondaco.sellers.addresses import PostalAddress, as_dict, zone_of
from fondaco.sellers.cards import TEST_CARDS
from fondaco.sellers.models import Address, Card, Membership, OwnedBrand, Person, SellerAccount, StaffRole
from fondaco.sellers.operations.accounts import TERMS_VERSION
from fondaco.sellers.rules import MemberRole, Role, fold_name
from fondaco.web.programmes import late_name


@dataclass(frozen=True, slots=True)
class DemoSeller:
    """A seller account of the demo store. `card` is a number of the card simulator."""

    display_name: str
    legal_name: str
    country: str
    address: PostalAddress
    brands: tuple[str, ...] = ()
    card: str = "4242424242424242"


@dataclass(frozen=True, slots=True)
class Persona:
    """One of the people. `seller` names a `DemoSeller`, in which they have `member_role`."""

    key: str
    name: str
    title: Any
    about: Any
    roles: tuple[Role, ...] = ()
    seller: str = ""
    member_role: MemberRole | None = None
    is_prime: bool = False
    address: PostalAddress | None = None
    time_zone: str = field(default="America/Chicago")

    @property
    def email(self) -> str:
        return f"{self.key}@fondaco.example"


def _address(name: str, street: str, city: str, region: str, postal_code: str, country: str = "US") -> PostalAddress:
    return PostalAddress(name=name, street=street, city=city, region=region, postal_code=postal_code, country=country)


SELLERS = (
    DemoSeller(
        "Harbor Goods",
        "Harbor Goods LLC",
        "US",
        _address("Harbor Goods Receiving", "400 Pier Road", "Chicago", "IL", "60611"),
        brands=("Harbor",),
    ),
    DemoSeller(
        "Swift Outfitters",
        "Swift Outfitters Inc.",
        "US",
        _address("Swift Outfitters Returns", "88 Prairie Avenue", "Columbus", "OH", "43215"),
        brands=("Swift",),
    ),
    DemoSeller(
        "Juniper Clay",
        "Juniper Clay Studio",
        "CA",
        _address("Juniper Clay", "17 Kiln Lane", "Vancouver", "BC", "V6B 1A1", "CA"),
    ),
)


def _with_names(words: Any) -> Any:
    """A label with the marketplace's own programme names in it."""
    return format_lazy(words, prime=late_name("prime"), handmade=late_name("handmade"))


_OHIO = _address("Mara Lindqvist", "212 Maple Street", "Columbus", "OH", "43215")
_ALASKA = _address("Teo Ramirez", "9 Spruce Court", "Anchorage", "AK", "99501")

PERSONAS = (
    Persona("harbor", "Ines Harbor", _("Seller, fulfilled by the marketplace"), _("Harbor Goods: good images, clear charges"),
            seller="Harbor Goods", member_role=MemberRole.OWNER),
    Persona("swift", "Owen Swift", _with_names(_("Seller, ships {prime} orders")), _with_names(_("Swift Outfitters: {prime} sales, fair returns")),
            seller="Swift Outfitters", member_role=MemberRole.OWNER),
    Persona("juniper", "June Clay", _("Maker"), _("Juniper Clay, Canada: sells handmade work"),
            seller="Juniper Clay", member_role=MemberRole.OWNER, time_zone="America/Vancouver"),
    Persona("agency", "Rafael Voss", _("PR agency contact"), _("Submits announcements in Juniper Clay’s name"),
            seller="Juniper Clay", member_role=MemberRole.AGENCY),
    Persona("prime-buyer", "Mara Lindqvist", _with_names(_("Buyer, {prime} member")), _("Fast free delivery, easy returns"),
            is_prime=True, address=_OHIO, time_zone="America/New_York"),
    Persona("buyer", "Teo Ramirez", _("Buyer, not a member"), _("Fair prices, easy returns"),
            address=_ALASKA, time_zone="America/Anchorage"),
    Persona("fc", "Dao Minh Anh", _("Fulfilment centre associate"), _("Moves the right unit"), (Role.FC_ASSOCIATE,)),
    Persona("photographer", "Lena Okafor", _("Studio photographer"), _("Shoots to the guide"), (Role.PHOTOGRAPHER,)),
    Persona("retoucher", "Chen Yu-ting", _("Studio retoucher"), _("Accurate final images"), (Role.RETOUCHER,)),
    Persona("warehouse", "Paul Reyes", _("Seller’s warehouse associate"), _("Handles Swift Outfitters’ returns in time"),
            seller="Swift Outfitters", member_role=MemberRole.WAREHOUSE),
    Persona("support", "Nora Feld", _("Support associate"), _("Solves seller cases"), (Role.SUPPORT,)),
    Persona("service", "Amir Haddad", _("Customer service associate"), _with_names(_("Exceptions, refunds, contacts of {prime} buyers")),
            (Role.CUSTOMER_SERVICE,)),
    Persona("reviewer", "Keiko Tan", _with_names(_("{handmade} reviewer")), _("Only real handmade"), (Role.HANDMADE_REVIEWER,)),
    Persona("pr", "Sofia Marin", _("Announcement reviewer"), _("Correct announcements"), (Role.PR_REVIEWER,)),
    Persona("stakeholder", "Victor Lund", _("Stakeholder"), _("Comments on drafts that are routed to him"),
            (Role.STAKEHOLDER,)),
    Persona("operator", "Grete Holm", _("Marketplace operator"), _("Policy, capacity, sanctions, the clock"), (Role.OPERATOR,)),
)  # fmt: skip


def accounts() -> list[dict[str, Any]]:
    """The people as the front page and the sign-in page show them (`FONDACO_DEMO_ACCOUNTS`)."""
    password = settings.FONDACO_DEMO_PASSWORD
    return [
        {"role": p.title, "name": p.name, "email": p.email, "password": password, "about": p.about} for p in PERSONAS
    ]


@transaction.atomic
def ensure_personas() -> dict[str, Person]:
    """Create whoever is missing, with their accounts, addresses and cards; key → person. Again, it changes nothing."""
    password = make_password(settings.FONDACO_DEMO_PASSWORD)  # one slow hash for all sixteen
    sellers = {s.display_name: _ensure_seller(s) for s in SELLERS}
    return {p.key: _ensure_person(p, password, sellers) for p in PERSONAS}


@transaction.atomic
def ensure_extra(*, seller: DemoSeller, owner: Persona) -> Person:
    """One more seller account with its owner, beside the personas. Again, it changes nothing."""
    password = make_password(settings.FONDACO_DEMO_PASSWORD)
    return _ensure_person(owner, password, {seller.display_name: _ensure_seller(seller)})


def _ensure_seller(demo: DemoSeller) -> SellerAccount:
    zone = zone_of(country=demo.address.country, region=demo.address.region)
    account, is_new = SellerAccount.objects.get_or_create(
        name_folded=fold_name(demo.display_name),
        defaults={
            "display_name": demo.display_name,
            "legal_name": demo.legal_name,
            "country": demo.country,
            "time_zone": zone,
            "terms_version": TERMS_VERSION,
            "terms_accepted_at": clock.now(),
        },
    )
    if is_new:
        account.ship_from = account.return_address = Address.objects.create(
            seller=account, time_zone=zone, **as_dict(demo.address)
        )
        account.save(update_fields=["ship_from", "return_address"])
        token, brand, _reason = TEST_CARDS[demo.card]
        Card.objects.create(
            seller=account, brand=brand, last4=demo.card[-4:], token=token,
            expiry_year=clock.now().year + 4, expiry_month=12, is_default=True,
        )  # fmt: skip
        for name in demo.brands:
            OwnedBrand.objects.get_or_create(name_folded=fold_name(name), defaults={"seller": account, "name": name})
    return account


def _ensure_person(demo: Persona, password: str, sellers: dict[str, SellerAccount]) -> Person:
    person, is_new = Person.objects.get_or_create(
        email_folded=demo.email,
        defaults={
            "email": demo.email,
            "name": demo.name,
            "password": password,
            "time_zone": demo.time_zone,
            "prime_until_date": _in_ten_years() if demo.is_prime else None,
        },
    )
    if is_new and demo.address:
        zone = zone_of(country=demo.address.country, region=demo.address.region)
        Address.objects.create(person=person, time_zone=zone, **as_dict(demo.address))
    EmailAddress.objects.get_or_create(email=demo.email, defaults={"user": person, "verified": True, "primary": True})
    for role in demo.roles:
        StaffRole.objects.get_or_create(person=person, role=role)
    if demo.seller and demo.member_role:
        Membership.objects.get_or_create(
            person=person, seller=sellers[demo.seller], defaults={"role": demo.member_role}
        )
    return person


def _in_ten_years() -> date:
    """Long enough that moving the demo's clock through a journey does not end the membership."""
    return clock.now().date() + timedelta(days=3653)
