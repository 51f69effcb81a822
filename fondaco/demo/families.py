"""Families of the demo store: the same garment in several sizes and colours is one product page with choices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from fondaco.catalogue.models import Offer
from fondaco.catalogue.operations import create_family
from fondaco.demo.goods import Listing, Ware, listings
from fondaco.sellers.access import Caller


def ensure_families(owner: Callable[[str], Caller]) -> None:
    """A parent for each kind of goods that comes in sizes; those that have theirs keep it."""
    of_ware: defaultdict[str, list[Listing]] = defaultdict(list)
    for listing in listings():
        if listing.ware.sizes:
            of_ware[listing.ware.kind].append(listing)
    for members in of_ware.values():
        if len(members) > 1:
            _family(owner(members[0].ware.seller), members[0].ware, members)


def _family(caller: Caller, ware: Ware, members: list[Listing]) -> None:
    asins = dict(
        Offer.objects.filter(seller=caller.seller, sku__in=[m.sku for m in members]).values_list("sku", "product__asin")
    )
    create_family(
        caller,
        child_asins=[asins[m.sku] for m in members],
        variation_theme="size_color",
        title=ware.title.replace(", {look}", ""),
        brand=ware.brand,
        description=ware.about,
    )
