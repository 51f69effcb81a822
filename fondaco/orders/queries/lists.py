"""Lists of orders, for `web.paging.page_of`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from fondaco.catalogue.models import Channel
from fondaco.orders.models import Order
from fondaco.orders.queries.access import loaded
from fondaco.orders.rules.states import OrderStatus
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability

ORDER = ("-placed_at", "-id")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the seller asks for. `text`: an order number, a SKU, an ASIN or a tracking number."""

    text: str = ""
    status: str = ""
    prime: str = ""
    channel: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Filters:
        """From a query string; what is not one of the choices is ignored."""
        return cls(
            text=given.get("q", "").replace("\0", "").strip()[:80],
            status=_known(given.get("status", ""), [s.value for s in OrderStatus]),
            prime=_known(given.get("prime", ""), ["yes", "no"]),
            channel=_known(given.get("channel", ""), Channel.values),
        )


def orders_of_buyer(caller: Caller, *, text: str = "", status: str = "") -> QuerySet[Order]:
    """What the caller bought, the newest first. Raises SignInRequired."""
    found = Order.objects.filter(buyer=caller.require_person())
    if status:
        found = found.filter(status=status)
    if words := text.replace("\0", "").strip()[:80]:
        found = found.filter(Q(number=words) | Q(items__product__title_key__contains=words.casefold())).distinct()
    return loaded(found).order_by(*ORDER)


def orders_of_seller(caller: Caller, filters: Filters = Filters()) -> QuerySet[Order]:
    """What the seller account being worked in sold, the newest first. Raises SignInRequired, SellerRequired, Denied."""
    found = Order.objects.filter(seller=caller.require_seller(Capability.VIEW))
    if filters.status:
        found = found.filter(status=filters.status)
    if filters.prime:
        found = found.filter(has_prime=filters.prime == "yes")
    if filters.channel:
        found = found.filter(items__channel=filters.channel).distinct()
    if filters.text:
        text = filters.text
        hits = Q(number=text) | Q(items__sku=text) | Q(items__asin=text.upper()) | Q(parcels__tracking_number=text)
        found = found.filter(hits).distinct()
    return loaded(found).order_by(*ORDER)


def _known(value: str, choices: list[str]) -> str:
    return value if value in choices else ""
