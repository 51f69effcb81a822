"""Reads of people and seller accounts. Each takes the caller; what the caller may not see is not found."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q, QuerySet

from fondaco.engine import clock
from fondaco.engine.slots import prepared
from fondaco.kit.errors import NotFound
from fondaco.sellers.access import Caller
from fondaco.sellers.models import Address, ApiToken, Card, Invitation, Membership, Person, SellerAccount
from fondaco.sellers.rules import Capability, MemberRole, Role, fold_email, fold_name


def as_id(value: str | uuid.UUID) -> uuid.UUID:
    """A row id from a path or form; what is no id at all reads like an unknown one."""
    if isinstance(value, uuid.UUID):
        return value
    try:
        return uuid.UUID(value)
    except (ValueError, AttributeError, TypeError):
        raise NotFound from None


def seller_for(caller: Caller, *, number: str = "", seller_id: str | uuid.UUID = "") -> SellerAccount:
    """One seller account by number or id: a member's own, any for staff that serves sellers. Raises NotFound."""
    wanted = Q(number=number) if number else Q(pk=as_id(seller_id))
    account = sellers_for(caller).filter(wanted).first()
    if account is None:
        raise NotFound
    return account


def sellers_for(caller: Caller) -> QuerySet[SellerAccount]:
    """The seller accounts that the caller may see."""
    if caller.sees_every_seller:
        return SellerAccount.objects.all()
    return SellerAccount.objects.filter(pk__in=[m.seller_id for m in caller.memberships])


def find_sellers(caller: Caller, *, text: str = "", limit: int = 50) -> list[SellerAccount]:
    """Accounts whose name holds the text, or with that number; for staff's look-up, by name."""
    found = sellers_for(caller).order_by("name_folded", "number")
    if text := text.strip():
        found = found.filter(Q(name_folded__contains=fold_name(text)) | Q(number=text.upper()))
    return list(found[:limit])


def members_of(caller: Caller, seller: SellerAccount) -> list[Membership]:
    """Everybody in the account, oldest first; for its members and for the marketplace's account staff."""
    seller_for(caller, seller_id=seller.pk)
    return list(Membership.objects.filter(seller=seller).select_related("person").order_by("created_at", "id"))


def open_invitations_of(caller: Caller, seller: SellerAccount) -> list[Invitation]:
    """Invitations that can still be accepted; only for who may manage people."""
    caller.require(Capability.MANAGE_PEOPLE, seller=seller)
    still = Invitation.objects.filter(seller=seller, accepted_at=None, withdrawn_at=None, expires_at__gt=clock.now())
    return list(still.order_by("created_at"))


def addresses_of(caller: Caller, seller: SellerAccount) -> list[Address]:
    """The account's addresses in use, oldest first."""
    seller_for(caller, seller_id=seller.pk)
    return list(Address.objects.filter(seller=seller, removed_at=None).order_by("created_at", "id"))


def address_for(caller: Caller, address_id: str | uuid.UUID) -> Address:
    """One address in use, of the caller or of a seller account that the caller sees. Raises NotFound."""
    address = Address.objects.filter(_owned(caller), pk=as_id(address_id), removed_at=None).first()
    if address is None:
        raise NotFound
    return address


def cards_of(caller: Caller, seller: SellerAccount) -> list[Card]:
    """The account's cards on file, the default one first; only for who may manage them."""
    caller.require(Capability.MANAGE_CARDS, seller=seller)
    return list(Card.objects.filter(seller=seller, removed_at=None).order_by("-is_default", "created_at"))


def card_for(caller: Caller, card_id: str | uuid.UUID) -> Card:
    """One card on file of the caller's own or of an account whose cards the caller manages. Raises NotFound."""
    mine = [m.seller_id for m in caller.memberships if caller.may(Capability.MANAGE_CARDS, seller=m.seller)]
    own = Q(person=caller.person) if caller.person else Q(pk=None)
    card = Card.objects.filter(own | Q(seller__in=mine), pk=as_id(card_id), removed_at=None).first()
    if card is None:
        raise NotFound
    return card


def tokens_of(caller: Caller) -> list[ApiToken]:
    """The caller's own API tokens that still work, newest first."""
    mine = ApiToken.objects.filter(person=caller.require_person(), withdrawn_at=None)
    return list(mine.select_related("seller").order_by("-created_at", "-id"))


def default_card_of(seller: SellerAccount) -> Card | None:
    """The card that an unpaid balance is charged to; for operations, which have already asked about access."""
    return Card.objects.filter(seller=seller, removed_at=None, is_default=True).first()


def owner_of(seller: SellerAccount) -> Person | None:
    """Who is told what concerns the account; for operations and notifications."""
    found = _oldest.first(seller.pk, MemberRole.OWNER.value)
    return found.person if found else None


@prepared
def _oldest(seller: Any, role: Any) -> QuerySet[Membership]:
    rows = Membership.objects.filter(seller=seller, role=role).select_related("person")
    return rows.order_by("created_at")[:1]


def person_by_email(email: str) -> Person | None:
    """The person who signs in with this address, whatever its letter case; for operations only."""
    return Person.objects.filter(email_folded=fold_email(email)).first()


def staff_with(role: Role) -> list[Person]:
    """Everybody active who has this role of the marketplace; for notifications."""
    return list(Person.objects.filter(staff_roles__role=role, is_active=True).order_by("created_at"))


def _owned(caller: Caller) -> Q:
    own = Q(person=caller.person) if caller.person else Q(pk=None)
    if caller.sees_every_seller:
        return own | Q(seller__isnull=False)
    return own | Q(seller__in=[m.seller_id for m in caller.memberships])
