"""A buyer's delivery addresses. A ZIP that the books do not know can be right all the same (Q-35)."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from fondaco import history
from fondaco.sellers.access import Caller
from fondaco.sellers.addresses import PostalAddress, check_address
from fondaco.sellers.models import Address
from fondaco.sellers.operations.addresses import AddressRefused, checked, new_address_row

MAY_BE_RIGHT = frozenset({"postal_code", "region", "city"})


def add_delivery_address(
    caller: Caller, *, address: PostalAddress, request_key: str, as_typed: bool = False
) -> Address:
    """Keep an address of the caller. With `as_typed` doubts about ZIP, state and city do not count: who lives there knows.

    Delivery to it is then standard, without guarantee. Raises SignInRequired, AddressRefused.
    """
    person = caller.require_person()
    kept, findings = check_address(address)
    if findings and not (as_typed and only_doubts(findings) and kept.name and kept.street):
        kept = checked(address)
    row = new_address_row(kept, person=person, request_key=request_key)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            history.record(actor=person, verb="address.added", subject=row)
    except IntegrityError:  # the same form, sent twice
        return Address.objects.get(person=person, request_key=request_key)
    return row


def only_doubts(findings: object) -> bool:
    """Whether all that is wrong could be a gap in the books."""
    return all(str(f.measured) in MAY_BE_RIGHT for f in findings)  # type: ignore[attr-defined]


__all__ = ["AddressRefused", "add_delivery_address", "only_doubts"]
