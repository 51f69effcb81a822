"""Small makers of sellers and offers in the programme."""

from __future__ import annotations

from typing import Any

from fondaco.catalogue.models import Offer
from fondaco.catalogue.tests.factories import make_offer
from fondaco.fulfilment.operations import enrolment, items, templates, volume
from fondaco.fulfilment.operations.templates import NewOption
from fondaco.sellers.access import Caller
from fondaco.sellers.tests.factories import make_caller, make_seller

FAST = (
    NewOption("same_day", 0, 1499),
    NewOption("one_day", 1, 999),
    NewOption("two_day", 2, 799),
    NewOption("standard", 4, 0, regions=("contiguous", "alaska_hawaii", "unincorporated")),
    NewOption("economy", 6, 0),
)
TWO_DAY = (
    NewOption("two_day", 2, 799),
    NewOption("standard", 5, 0, regions=("contiguous", "alaska_hawaii", "unincorporated", "military")),
)


def prime_seller(name: str = "Swift Outfitters", *, limit: int | None = 100, zone: str = "America/Chicago") -> Caller:
    """The owner of an account whose enrolment is active (with `limit=None` only applied for)."""
    seller = make_seller(name, return_to="IL", time_zone=zone)
    caller = make_caller(seller=seller)
    enrolment.apply(caller, accepted_version=enrolment.TERMS_VERSION)
    if limit is not None:
        volume.control_volume(caller, limit_per_day=limit)
        enrolment.activate(caller)
    return caller


def prime_offer(caller: Caller | None = None, *, options: tuple[NewOption, ...] | None = None, **fields: Any) -> Offer:
    """An enrolled offer."""
    caller = caller or prime_seller()
    if options is not None:
        with_options(caller, *options)
    offer = make_offer(caller, **{"quantity": 50, **fields})
    items.enrol(caller, offer_id=offer.pk)
    return offer


def with_options(caller: Caller, *options: NewOption, **fields: Any) -> None:
    """The account's default template."""
    assert caller.seller
    default = caller.seller.shipping_templates.filter(is_default=True, removed_at=None).first()
    templates.save_template(
        caller, name="Default", options=options, template_id=default.pk if default else None, **fields
    )
