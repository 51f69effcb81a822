"""Small makers of people and accounts: one invented market with named people serves tests, demo and documents."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress

from fondaco.sellers.access import Caller, caller_for
from fondaco.sellers.models import Address, Card, Membership, Person, SellerAccount, StaffRole
from fondaco.sellers.rules import MemberRole, Role

_count = itertools.count(1)


def make_person(
    name: str = "Ana Nguyen",
    *,
    email: str = "",
    password: str | None = None,
    roles: tuple[Role, ...] = (),
    prime_until_date: date | None = None,
    verified: bool = True,
    **fields: Any,
) -> Person:
    """Somebody with a verified e-mail; without a password nobody can sign in by form, and hashing costs nothing."""
    email = email or f"person{next(_count)}@fondaco.example"
    person = Person(email=email, name=name, prime_until_date=prime_until_date, **fields)
    person.set_password(password) if password else person.set_unusable_password()
    person.save()
    if verified:
        EmailAddress.objects.create(user=person, email=email.lower(), verified=True, primary=True)
    StaffRole.objects.bulk_create(StaffRole(person=person, role=role) for role in roles)
    return person


def make_staff(role: Role, **fields: Any) -> Person:
    """Somebody with one role of the marketplace."""
    return make_person(**{"name": f"Staff ({role})", **fields}, roles=(role,))


def make_seller(
    display_name: str = "Harbor Goods", *, owner: Person | None = None, return_to: str = "", **fields: Any
) -> SellerAccount:
    """A seller account with an owner; `return_to` (a US state) also gives it a ship-from and return address."""
    values = {"legal_name": f"{display_name} LLC", "country": "US", "store": "US", **fields}
    seller = SellerAccount.objects.create(display_name=display_name, **values)
    make_member(owner or make_person(f"Owner of {display_name}"), seller, MemberRole.OWNER)
    if return_to:
        seller.ship_from = seller.return_address = make_address(seller=seller, region=return_to)
        seller.save()
    return seller


def make_member(person: Person, seller: SellerAccount, role: MemberRole = MemberRole.ADMIN) -> Membership:
    return Membership.objects.create(person=person, seller=seller, role=role)


def make_address(**fields: Any) -> Address:
    """An address in Chicago unless told otherwise; give `seller=` or `person=`."""
    values = {
        "name": "Returns desk",
        "street": "12 Wharf Street",
        "city": "Chicago",
        "region": "IL",
        "postal_code": "60601",
        "country": "US",
        **fields,
    }
    return Address.objects.create(**values)


def make_card(*, declines: bool = False, **fields: Any) -> Card:
    """A card on file; give `seller=` or `person=`."""
    values = {
        "brand": "visa",
        "last4": "0002" if declines else "4242",
        "token": "sim_visa_declined" if declines else "sim_visa_ok",
        "expiry_year": 2099,
        "expiry_month": 12,
        "is_default": True,
        **fields,
    }
    return Card.objects.create(**values)


def owner_of(seller: SellerAccount) -> Person:
    return Person.objects.get(memberships__seller=seller, memberships__role=MemberRole.OWNER)


def make_caller(
    person: Person | None = None, *, seller: SellerAccount | None = None, role: Role | None = None
) -> Caller:
    """The caller that this person is; with `seller` alone its owner, with `role` alone a new member of staff."""
    if person is None and seller is not None:
        person = owner_of(seller)
    if person is None and role is not None:
        person = make_staff(role)
    return caller_for(person, seller_number=seller.number if seller else "")
