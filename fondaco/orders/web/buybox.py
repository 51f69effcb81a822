"""What the product page offers: the featured offer with its delivery, the cart, and the other offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from fondaco.catalogue import featuring
from fondaco.catalogue.models import Offer
from fondaco.catalogue.web import buying, storefronts
from fondaco.engine import clock
from fondaco.orders import delivery, making
from fondaco.orders.web import words
from fondaco.orders.web.where import where_of


@dataclass(frozen=True, slots=True)
class Shown:
    """One offer as this visitor sees it. `guaranteed`: the option whose date is announced (PRIME-25)."""

    offer: Offer
    choices: delivery.Choices

    @property
    def is_available(self) -> bool:
        return self.offer.units_sellable > 0

    @property
    def best(self) -> delivery.Option | None:
        """The fastest of the free options, else the cheapest."""
        return self.choices.best

    @property
    def fastest(self) -> delivery.Option | None:
        """A faster one than `best`, if it costs something."""
        first = min(self.choices.options, key=lambda o: (o.promised_date, o.price_minor), default=None)
        return first if first and self.best and first.promised_date < self.best.promised_date else None

    @property
    def guaranteed(self) -> delivery.Option | None:
        return next((o for o in self.choices.options if o.guaranteed), None)


@buying.provide
def buy_box(request: HttpRequest, offers: tuple[Offer, ...]) -> buying.Part | None:
    """For the product page; None when nobody offers the product."""
    if not offers:
        return None
    where = where_of(request)  # type: ignore[arg-type]
    caller = request.caller  # type: ignore[attr-defined]
    wanted = [delivery.Wanted(offer, 1) for offer in offers]
    provider, now = delivery.provider(), clock.now()
    found = provider.choices(wanted, address=where.postal, person=caller.person, at=now)
    shown = [Shown(offer, choices) for offer, choices in zip(offers, found, strict=True)]
    owns = any(m.seller_id == shown[0].offer.seller_id for m in caller.memberships)
    if not owns:
        provider.viewed(shown[0].offer, found[0], address=where.postal, person=caller.person, at=now)
    context: dict[str, Any] = {
        "chosen": shown[0],
        "others": shown[1:],
        "where": where,
        "earned": [
            {"label": _(each.label), "pct": each.pct, "clause": each.clause}
            for each in (featuring.earned_by(offers, at=clock.now()).get(offers[0].pk, ()) if len(offers) > 1 else ())
        ],
        "quantities": range(1, min(shown[0].offer.units_sellable, 30) + 1),
        "speeds": words.SPEEDS,
        "is_member": bool(
            caller.person and caller.person.is_prime_member(on=clock.now().astimezone(caller.person.zone).date())
        ),
        "form": making.form(request, shown[0].offer, range(1, min(shown[0].offer.units_sellable, 30) + 1)),
        "seller_page": storefronts.page_of(shown[0].offer.seller),
        "owns": owns,
    }
    return buying.Part("orders/buy_box.html", "orders/other_offers.html", context, stylesheet="orders/orders.css")
