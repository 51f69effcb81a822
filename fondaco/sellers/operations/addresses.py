"""The addresses of seller accounts and of buyers."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.engine import clock
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.sellers.access import Caller
from fondaco.sellers.addresses import PostalAddress, as_dict, check_address, zone_of
from fondaco.sellers.models import Address, Person, SellerAccount
from fondaco.sellers.rules import Capability


class Purpose(StrEnum):
    """What a seller's address is for."""

    SHIP_FROM = "ship_from"
    RETURNS = "return_address"


class AddressRefused(Invalid):
    """`findings` name every wrong part (`fondaco.sellers.addresses.check_address`)."""

    CODE = "address_refused"
    WORDS = N_("This address does not fit the form of its country: %(parts)s.")


class AddressInUse(Refusal):
    CODE = "address_in_use"
    WORDS = N_("Parcels leave from this address or come back to it, so it cannot be removed.")
    FIX = N_("Choose another address for that first.")


def checked(address: PostalAddress) -> PostalAddress:
    """The address as it is stored; raises AddressRefused with every wrong part."""
    kept, findings = check_address(address)
    if findings:
        raise AddressRefused(parts=[str(f.measured) for f in findings], findings=findings)
    return kept


def new_address_row(
    kept: PostalAddress, *, seller: SellerAccount | None = None, person: Person | None = None, request_key: str = ""
) -> Address:
    """An unsaved row of a checked address, with the time zone of its region."""
    zone = zone_of(country=kept.country, region=kept.region)
    return Address(seller=seller, person=person, request_key=request_key, time_zone=zone, **as_dict(kept))


def add_address(
    caller: Caller, *, seller: SellerAccount | None = None, address: PostalAddress, request_key: str
) -> Address:
    """A further address of the seller account, or, without one, of the caller. Raises AddressRefused."""
    owner: dict[str, Any] = _owner(caller, seller)
    row = new_address_row(checked(address), request_key=request_key, **owner)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            history.record(actor=caller.person, verb="address.added", subject=row, about=_about(row))
    except IntegrityError:  # the same form, sent twice
        return Address.objects.get(request_key=request_key, **owner)
    return row


def change_address(caller: Caller, row: Address, *, address: PostalAddress) -> Address:
    """The same address, corrected. Labels and orders keep the text they were made with. Raises AddressRefused."""
    _require(caller, row)
    kept = checked(address)
    with transaction.atomic():
        row = _locked(row)
        for part, text in as_dict(kept).items():
            setattr(row, part, text)
        row.time_zone = zone_of(country=kept.country, region=kept.region)
        row.save()
        history.record(actor=caller.person, verb="address.changed", subject=row, about=_about(row))
    return row


def remove_address(caller: Caller, row: Address) -> None:
    """Out of the list; the row stays for what names it. Raises AddressInUse. Again, it changes nothing."""
    _require(caller, row)
    with transaction.atomic():
        if row.seller_id:
            account = SellerAccount.objects.select_for_update().get(pk=row.seller_id)
            if row.pk in (account.ship_from_id, account.return_address_id):
                raise AddressInUse
        row = _locked(row)
        if row.removed_at is None:
            row.removed_at = clock.now()
            row.save(update_fields=["removed_at"])
            history.record(actor=caller.person, verb="address.removed", subject=row, about=_about(row))


def use_address(caller: Caller, seller: SellerAccount, row: Address, *, purpose: Purpose) -> SellerAccount:
    """From now on parcels of this account leave from, or come back to, this address. The return address also sets
    the clock of new return deadlines (Q-21). Raises NotFound for another account's address."""
    caller.require(Capability.EDIT_ACCOUNT, seller=seller)
    with transaction.atomic():
        account = SellerAccount.objects.select_for_update().get(pk=seller.pk)
        if row.seller_id != account.pk or row.removed_at:
            raise NotFound
        if getattr(account, f"{purpose}_id") == row.pk:
            return account
        setattr(account, str(purpose), row)
        account.save(update_fields=[str(purpose)])
        history.record(actor=caller.person, verb=f"seller.{purpose}_chosen", subject=account, about={"address": row})
    return account


def _owner(caller: Caller, seller: SellerAccount | None) -> dict[str, Any]:
    if seller is None:
        return {"person": caller.require_person()}
    return {"seller": caller.require(Capability.EDIT_ACCOUNT, seller=seller)}


def _require(caller: Caller, row: Address) -> None:
    if row.seller:
        caller.require(Capability.EDIT_ACCOUNT, seller=row.seller)
    elif caller.person is None or row.person_id != caller.person.pk:
        raise NotFound


def _locked(row: Address) -> Address:
    return Address.objects.select_for_update().get(pk=row.pk)


def _about(row: Address) -> dict[str, Any]:
    return {"seller": row.seller} if row.seller_id else {}
