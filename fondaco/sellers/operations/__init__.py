"""Writes of the sellers domain: one function per verb, each owns its transaction.

Locks, in this order: the seller account, then rows of one table by id. Every verb that a browser may send twice
takes a `request_key`; the same key again answers what the first call answered.
"""

from fondaco.sellers.operations.accounts import (
    change_plan,
    change_profile,
    change_status,
    claim_brand,
    close_vacation,
    register_seller,
    release_brand,
    start_vacation,
)
from fondaco.sellers.operations.addresses import add_address, change_address, remove_address, use_address
from fondaco.sellers.operations.cards import add_card, make_card_default, remove_card
from fondaco.sellers.operations.people import (
    accept_invitation,
    change_member_role,
    grant_staff_role,
    invitation_for,
    invite,
    remove_member,
    revoke_staff_role,
    withdraw_invitation,
)
from fondaco.sellers.operations.persons import change_person, choose_language
from fondaco.sellers.operations.tokens import make_token, withdraw_token

__all__ = [
    "accept_invitation",
    "add_address",
    "add_card",
    "change_address",
    "change_member_role",
    "change_person",
    "change_plan",
    "change_profile",
    "change_status",
    "choose_language",
    "claim_brand",
    "close_vacation",
    "grant_staff_role",
    "invitation_for",
    "invite",
    "make_card_default",
    "make_token",
    "register_seller",
    "release_brand",
    "remove_address",
    "remove_card",
    "remove_member",
    "revoke_staff_role",
    "start_vacation",
    "use_address",
    "withdraw_invitation",
    "withdraw_token",
]
