"""Who may do what, and how a name becomes a key: plain Python, no database."""

from __future__ import annotations

import unicodedata
from datetime import date
from enum import StrEnum

from fondaco.kit.text import fold


class MemberRole(StrEnum):
    """What a person is inside one seller account."""

    OWNER = "owner"
    ADMIN = "admin"
    WAREHOUSE = "warehouse"
    VIEWER = "viewer"
    AGENCY = "agency"


class Role(StrEnum):
    """What a person is for the marketplace itself. Sellers and buyers have none of these."""

    FC_ASSOCIATE = "fc_associate"
    PHOTOGRAPHER = "photographer"
    RETOUCHER = "retoucher"
    SUPPORT = "support"
    CUSTOMER_SERVICE = "customer_service"
    HANDMADE_REVIEWER = "handmade_reviewer"
    PR_REVIEWER = "pr_reviewer"
    STAKEHOLDER = "stakeholder"
    OPERATOR = "operator"


class SellerStatus(StrEnum):
    """Whether an account may sell. Only the operator moves an account away from `active`."""

    ACTIVE = "active"
    UNDER_REVIEW = "under_review"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Plan(StrEnum):
    """The selling plan. Prime and Handmade need `professional`."""

    PROFESSIONAL = "professional"
    INDIVIDUAL = "individual"


class Capability(StrEnum):
    """One thing that a member of a seller account may do there."""

    VIEW = "view"  # inventory, images, reports, cases of the account
    EDIT_LISTINGS = "edit_listings"  # products, offers, images, inventory files
    ORDER_IMAGING = "order_imaging"  # spends the account's money
    HANDLE_ORDERS = "handle_orders"  # labels, shipments, messages to buyers
    HANDLE_RETURNS = "handle_returns"  # check in, grade, photograph
    OPEN_CASES = "open_cases"
    SUBMIT_PR = "submit_pr"  # an announcement in the maker's name
    EDIT_ACCOUNT = "edit_account"  # profile, addresses, vacation
    MANAGE_CARDS = "manage_cards"
    MANAGE_PEOPLE = "manage_people"


MEMBER_MAY: dict[MemberRole, frozenset[Capability]] = {
    MemberRole.OWNER: frozenset(Capability),
    MemberRole.ADMIN: frozenset(Capability),
    MemberRole.WAREHOUSE: frozenset({Capability.VIEW, Capability.HANDLE_RETURNS}),
    MemberRole.VIEWER: frozenset({Capability.VIEW}),
    # An agency writes announcements. It sees neither the maker's stock nor the maker's money.
    MemberRole.AGENCY: frozenset({Capability.SUBMIT_PR}),
}

SEES_EVERY_SELLER = frozenset(
    {Role.SUPPORT, Role.CUSTOMER_SERVICE, Role.HANDMADE_REVIEWER, Role.PR_REVIEWER, Role.OPERATOR}
)
"""Staff who look accounts up by name or number; the floor staff work from their own lists."""


def member_may(*, role: MemberRole, capability: Capability) -> bool:
    """Whether a member with this role may do this in the seller's account."""
    return capability in MEMBER_MAY[role]


def grantable_by(*, role: MemberRole) -> frozenset[MemberRole]:
    """The roles that a member may hand out or take away. Nobody makes a second owner by invitation."""
    if role is MemberRole.OWNER:
        return frozenset(MemberRole) - {MemberRole.OWNER}
    if role is MemberRole.ADMIN:
        return frozenset({MemberRole.WAREHOUSE, MemberRole.VIEWER, MemberRole.AGENCY})
    return frozenset()


def fold_email(email: str) -> str:
    """The key under which an e-mail address is unique: composed, case-folded, without outer space."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def fold_name(name: str) -> str:
    """The key under which names are searched and compared, the same on both databases."""
    return fold(name)


def is_prime_member(*, until_date: date | None, on: date) -> bool:
    """Whether membership runs on this day; the last day counts."""
    return until_date is not None and on <= until_date


def is_on_vacation(*, from_date: date | None, until_date: date | None, on: date) -> bool:
    """Whether the seller is away on this day; without an end, until switched off. Both ends count."""
    return from_date is not None and from_date <= on and (until_date is None or on <= until_date)
