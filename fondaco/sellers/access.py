"""Who is asking: one value that pages, the API and tasks hand to queries and operations.

A lookup is the access: a query takes the caller and finds only what the caller may see. Verbs that a visible
thing still refuses to some (`Denied`) ask `require…` here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_noop as N_
from django_htmx.middleware import HtmxDetails

from fondaco.engine import clock
from fondaco.engine.prepared import Prepared
from fondaco.kit.errors import Denied, NotFound, Refusal
from fondaco.sellers.models import DEFAULT_ZONE, ApiToken, Membership, Person, SellerAccount, StaffRole
from fondaco.sellers.rules import MEMBER_MAY, SEES_EVERY_SELLER, Capability, MemberRole, Role

_DEFAULT_ZONE = ZoneInfo(DEFAULT_ZONE)

SESSION_SELLER = "fondaco_seller"
"""The session's key for the number of the seller account that the person is working in."""


class SignInRequired(Refusal):
    CODE = "sign_in_required"
    STATUS = 401
    WORDS = N_("Sign in to do this.")
    CLAUSE = "PLAT-03"


class SellerRequired(Refusal):
    CODE = "seller_required"
    STATUS = 403
    WORDS = N_("This belongs to a seller account, and you have none.")
    FIX = N_("Register to sell, or ask the owner of the account for an invitation.")


@dataclass(frozen=True, slots=True)
class Caller:
    """A person, or nobody, with the accounts and roles that count for this request.

    `seller` is the account being worked in: the session's choice, else the oldest membership; None for buyers
    and staff. `memberships` come with their seller account loaded.
    """

    person: Person | None = None
    memberships: tuple[Membership, ...] = ()
    seller: SellerAccount | None = None
    roles: frozenset[Role] = frozenset()
    language: str = "en"
    zone: ZoneInfo = _DEFAULT_ZONE

    @property
    def is_signed_in(self) -> bool:
        return self.person is not None

    @property
    def is_staff(self) -> bool:
        return bool(self.roles)

    @property
    def sees_every_seller(self) -> bool:
        return bool(self.roles & SEES_EVERY_SELLER)

    @property
    def member_role(self) -> MemberRole | None:
        """The role in the current seller account."""
        return self.role_in(self.seller) if self.seller else None

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the person may do in the current seller account; for pages that show or hide a control."""
        role = self.member_role
        return MEMBER_MAY[role] if role else frozenset()

    def has(self, *roles: Role) -> bool:
        """Whether the person has one of these roles of the marketplace."""
        return not self.roles.isdisjoint(roles)

    def role_in(self, seller: SellerAccount) -> MemberRole | None:
        """The role in this seller account, or None for a stranger."""
        return next((MemberRole(m.role) for m in self.memberships if m.seller_id == seller.pk), None)

    def may(self, capability: Capability, *, seller: SellerAccount | None = None) -> bool:
        """Whether the person may do this in the given seller account (default: the current one)."""
        account = seller or self.seller
        role = self.role_in(account) if account else None
        return role is not None and capability in MEMBER_MAY[role]

    def require_person(self) -> Person:
        """The signed-in person; raises SignInRequired."""
        if self.person is None:
            raise SignInRequired
        return self.person

    def require_role(self, *roles: Role) -> Person:
        """The signed-in person, who has one of these roles; raises SignInRequired, Denied."""
        person = self.require_person()
        if not self.has(*roles):
            raise Denied(needed=[str(role) for role in roles])
        return person

    def require_seller(self, capability: Capability = Capability.VIEW) -> SellerAccount:
        """The current seller account, where the person may do this; raises SignInRequired, SellerRequired, Denied."""
        self.require_person()
        if self.seller is None:
            raise SellerRequired
        return self.require(capability, seller=self.seller)

    def require(self, capability: Capability, *, seller: SellerAccount) -> SellerAccount:
        """This seller account, where the person may do this; a stranger reads NotFound, a lesser member Denied."""
        self.require_person()
        if self.role_in(seller) is None:
            raise NotFound
        if not self.may(capability, seller=seller):
            raise Denied(needed=[str(capability)])
        return seller


class Request(HttpRequest):
    """A request behind `CallerMiddleware`, for the signatures of views. Never made by hand."""

    caller: Caller
    htmx: HtmxDetails
    LANGUAGE_CODE: str


def caller_for(person: Person | None, *, seller_number: str = "", language: str = "", zone: str = "") -> Caller:
    """The caller that this person is, in two queries. An unknown `seller_number` falls back to the oldest account."""
    if person is None or not person.is_active:
        return Caller(language=language or settings.LANGUAGE_CODE, zone=ZoneInfo(zone) if zone else _DEFAULT_ZONE)
    memberships = tuple(_MEMBERSHIPS.rows(person=person.pk))
    current = next((m.seller for m in memberships if m.seller.number == seller_number), None)
    if current is None and memberships:
        current = memberships[0].seller
    return Caller(
        person=person,
        memberships=memberships,
        seller=current,
        roles=frozenset(Role(row.role) for row in _ROLES.rows(person=person.pk)),
        language=language or person.language or settings.LANGUAGE_CODE,
        zone=ZoneInfo(zone or person.time_zone),
    )


# Every page asks for these.
_MEMBERSHIPS = Prepared(
    lambda person: Membership.objects.filter(person=person).select_related("seller").order_by("created_at", "id")
)
_ROLES = Prepared(lambda person: StaffRole.objects.filter(person=person))


def caller_of_token(secret: str) -> Caller | None:
    """The caller that a program is: the token's person, in the token's account alone, or with the staff roles alone.

    None for a token that is not known or was withdrawn, and when its person left the account.
    """
    row = ApiToken.objects.filter(secret_hash=hash_of(secret), withdrawn_at=None).select_related("person", "seller")
    token = row.first()
    if token is None or not token.person.is_active:
        return None
    whole = caller_for(token.person, seller_number=token.seller.number if token.seller else "")
    today = clock.now().date()
    if token.used_on_date != today:
        ApiToken.objects.filter(pk=token.pk).update(used_on_date=today)
    if token.seller is None:
        return replace(whole, memberships=(), seller=None, language=token.person.language) if whole.roles else None
    if whole.role_in(token.seller) is None:
        return None
    mine = tuple(m for m in whole.memberships if m.seller_id == token.seller_id)
    return replace(whole, memberships=mine, roles=frozenset(), language=token.person.language)


def hash_of(secret: str) -> str:
    """What is kept of a token's secret, which is random enough to need no salt."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def caller_of_request(request: HttpRequest) -> Caller:
    """The caller behind a web request; the language is the one that was activated for it."""
    person = request.user if request.user.is_authenticated else None
    return caller_for(
        person,
        seller_number=request.session.get(SESSION_SELLER, "") if person else "",
        language=translation.get_language() or "",
    )
