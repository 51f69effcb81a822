"""Another address for an order: through customer service, not by cancelling (B-PRIME-04)."""

from __future__ import annotations

from django.db import transaction

from fondaco import history
from fondaco.fulfilment.models import Label
from fondaco.fulfilment.rules.address import Address, place
from fondaco.kit.text import paragraphs
from fondaco.orders import locks
from fondaco.orders.models import Order
from fondaco.sellers.access import Caller
from fondaco.sellers.addresses import PostalAddress, as_dict, check_address
from fondaco.sellers.operations.addresses import AddressRefused
from fondaco.service.operations.refusals import AlreadyShipped, WhyNeeded
from fondaco.service.queries.access import order_at_desk, require_stranger


def change_address(caller: Caller, *, number: str, address: PostalAddress, why: str) -> Order:
    """Send the order elsewhere, before anything of it has a label. Promise and prices stay as they were agreed.

    Raises NotFound, Denied, WhyNeeded, AddressRefused, AlreadyShipped.
    """
    found = order_at_desk(caller, number)
    require_stranger(caller, found)
    said = paragraphs(why, limit=2000)
    if not said:
        raise WhyNeeded
    kept, findings = check_address(address)
    if findings:
        raise AddressRefused(parts=[str(f.measured) for f in findings], findings=findings)
    with transaction.atomic():
        order = locks.order(found.pk)
        live = Label.objects.filter(
            cause_kind="orders.order", cause_id=str(order.pk), state__in=["asked", "bought", "voiding"]
        )
        if order.parcels.exists() or live.exists():
            raise AlreadyShipped
        if as_dict(kept) == order.address:
            return order
        before = ", ".join(order.address_lines)
        order.address = as_dict(kept)
        lines = tuple(line for line in (kept.company, *kept.street.splitlines()) if line)
        order.place = place(Address(kept.country, kept.region, kept.postal_code, lines, kept.city)).place.value
        order.save(update_fields=["address", "place"])
        history.record(
            actor=caller, verb="service.address_changed", subject=order,
            about={"before": before, "after": ", ".join(order.address_lines)}, why=said, clause="B-PRIME-04",
        )  # fmt: skip
    return order
