"""Opening and running a seller account."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.engine import clock
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.kit.text import line
from fondaco.sellers.access import Caller
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.models import Membership, OwnedBrand, Person, SellerAccount
from fondaco.sellers.operations.addresses import checked, new_address_row
from fondaco.sellers.queries import as_id, seller_for
from fondaco.sellers.rules import MEMBER_MAY, Capability, MemberRole, Plan, Role, SellerStatus, fold_name

TERMS_VERSION = "2026-01"
"""The selling terms that the registration form shows; stored with each acceptance."""

_MAY_EDIT = [str(role) for role, may in MEMBER_MAY.items() if Capability.EDIT_ACCOUNT in may]


class TermsNotAccepted(Invalid):
    CODE = "terms_not_accepted"
    WORDS = N_("Accept the selling terms to register.")


class NameMissing(Invalid):
    CODE = "seller_name_missing"
    WORDS = N_("A seller account needs a display name and a legal name.")


class BrandTaken(Refusal):
    CODE = "brand_taken"
    WORDS = N_("The brand %(brand)s already has an owner here.")
    FIX = N_("If it is yours, open a case with a proof of the registration.")


class ReasonMissing(Invalid):
    CODE = "reason_missing"
    WORDS = N_("Say why. The seller is told the reason.")
    CLAUSE = "Q-53"


class VacationBackwards(Invalid):
    CODE = "vacation_backwards"
    WORDS = N_("The vacation ends before it begins.")


def register_seller(
    caller: Caller,
    *,
    display_name: str,
    legal_name: str,
    country: str,
    plan: Plan,
    store: str,
    accepts_terms: bool,
    address: PostalAddress,
    request_key: str,
) -> SellerAccount:
    """A new seller account with its owner and its first address, which serves as ship-from and return address.

    Raises SignInRequired, TermsNotAccepted, NameMissing, AddressRefused.
    """
    person = caller.require_person()
    if not accepts_terms:
        raise TermsNotAccepted
    names = _names(display_name, legal_name)
    kept = checked(address)
    try:
        with transaction.atomic():
            return _registered(person, names, country, plan, store, kept, request_key)
    except IntegrityError:  # the same form, sent twice at once
        if earlier := _registered_before(person, request_key):
            return earlier
        raise


def _registered(
    person: Person, names: tuple[str, str], country: str, plan: Plan, store: str, kept: PostalAddress, request_key: str
) -> SellerAccount:
    if earlier := _registered_before(person, request_key):
        return earlier
    account = SellerAccount.objects.create(
        display_name=names[0],
        legal_name=names[1],
        country=country,
        plan=plan,
        store=store,
        terms_version=TERMS_VERSION,
        terms_accepted_at=clock.now(),
        opened_by=person,
        request_key=request_key,
    )
    row = new_address_row(kept, seller=account)
    row.save()
    account.ship_from = account.return_address = row
    account.time_zone = row.time_zone
    account.save(update_fields=["ship_from", "return_address", "time_zone"])
    Membership.objects.create(person=person, seller=account, role=MemberRole.OWNER)
    history.record(
        actor=person, verb="seller.registered", subject=account, about=[account], why=f"terms {TERMS_VERSION}"
    )
    return account


def _registered_before(person: Person, request_key: str) -> SellerAccount | None:
    same = SellerAccount.objects.filter(opened_by=person, request_key=request_key)
    return same.first() if request_key else None


def change_profile(
    caller: Caller, seller: SellerAccount, *, display_name: str, legal_name: str, time_zone: str
) -> SellerAccount:
    """New names or time zone of the account. Raises NameMissing and what `Caller.require` raises."""
    caller.require(Capability.EDIT_ACCOUNT, seller=seller)
    display, legal = _names(display_name, legal_name)
    with transaction.atomic():
        account = locked(seller.pk)
        before = (account.display_name, account.legal_name, account.time_zone)
        account.display_name, account.legal_name, account.time_zone = display, legal, time_zone
        if before == (display, legal, time_zone):
            return account
        account.save(update_fields=["display_name", "legal_name", "time_zone"])
        history.record(actor=caller.person, verb="seller.profile_changed", subject=account)
    return account


def start_vacation(caller: Caller, seller: SellerAccount, *, from_date: date, until_date: date | None) -> SellerAccount:
    """The account is away on these days, both included; without an end, until it says it is back."""
    caller.require(Capability.EDIT_ACCOUNT, seller=seller)
    if until_date and until_date < from_date:
        raise VacationBackwards
    return _set_vacation(caller, seller, from_date, until_date, verb="seller.vacation_started")


def close_vacation(caller: Caller, seller: SellerAccount) -> SellerAccount:
    """The account is back."""
    caller.require(Capability.EDIT_ACCOUNT, seller=seller)
    return _set_vacation(caller, seller, None, None, verb="seller.vacation_ended")


def _set_vacation(
    caller: Caller, seller: SellerAccount, from_date: date | None, until_date: date | None, *, verb: str
) -> SellerAccount:
    with transaction.atomic():
        account = locked(seller.pk)
        if (account.vacation_from_date, account.vacation_until_date) == (from_date, until_date):
            return account
        account.vacation_from_date, account.vacation_until_date = from_date, until_date
        account.save(update_fields=["vacation_from_date", "vacation_until_date"])
        history.record(actor=caller.person, verb=verb, subject=account)
    return account


def change_status(caller: Caller, seller: SellerAccount, *, status: SellerStatus, reason: str) -> SellerAccount:
    """Suspend, review, close or reinstate an account: the operator's alone, with a reason that the seller reads
    (Q-53). Orders and returns that are open go on. Raises Denied, ReasonMissing."""
    caller.require_role(Role.OPERATOR)
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        account = locked(seller.pk)
        if account.status == status:
            return account
        account.status = status
        account.save(update_fields=["status"])
        verb = f"seller.status_{status}"
        history.record(actor=caller.person, verb=verb, subject=account, why=reason.strip(), clause="Q-53")
    return account


def change_plan(caller: Caller, seller: SellerAccount, *, plan: Plan, why: str = "") -> SellerAccount:
    """Another selling plan. The plan it has already changes nothing. Raises what `Caller.require` raises."""
    person = caller.require_person()
    if not Membership.objects.filter(person=person, seller=seller, role__in=_MAY_EDIT).exists():
        raise NotFound
    with transaction.atomic():
        account = locked(seller.pk)
        if account.plan == plan:
            return account
        account.plan = plan
        account.save(update_fields=["plan"])
        history.record(actor=person, verb="seller.plan_changed", subject=account, about={"plan": plan}, why=why)
    return account


def claim_brand(caller: Caller, seller: SellerAccount, *, name: str) -> OwnedBrand:
    """Record that the account owns a brand: its pictures count as the brand's own in the ranking. Support or
    operator, after they have seen the registration. Raises Denied, BrandTaken, NameMissing."""
    caller.require_role(Role.SUPPORT, Role.OPERATOR)
    seller_for(caller, seller_id=seller.pk)
    name = line(name, limit=80)
    if not name:
        raise NameMissing
    with transaction.atomic():
        brand, is_new = OwnedBrand.objects.get_or_create(
            name_folded=fold_name(name), defaults={"seller": seller, "name": name}
        )
        if brand.seller_id != seller.pk:
            raise BrandTaken(brand=name)
        if is_new:
            history.record(actor=caller.person, verb="seller.brand_claimed", subject=seller, about={"brand": name})
    return brand


def release_brand(caller: Caller, brand_id: str | uuid.UUID) -> None:
    """The account owns the brand no more. Doing it again changes nothing."""
    caller.require_role(Role.SUPPORT, Role.OPERATOR)
    with transaction.atomic():
        brand = OwnedBrand.objects.select_for_update().filter(pk=as_id(brand_id)).select_related("seller").first()
        if brand is None:
            return
        seller = brand.seller
        history.record(actor=caller.person, verb="seller.brand_released", subject=seller, about={"brand": brand.name})
        brand.delete()


def locked(seller_id: uuid.UUID) -> SellerAccount:
    """The account's row, locked until the transaction ends. Raises NotFound."""
    account = SellerAccount.objects.select_for_update().filter(pk=seller_id).first()
    if account is None:
        raise NotFound
    return account


def _names(display_name: str, legal_name: str) -> tuple[str, str]:
    display, legal = line(display_name, limit=80), line(legal_name, limit=120)
    if not (display and legal):
        raise NameMissing
    return display, legal
