"""Small makers of imaging orders in every state."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

from fondaco.catalogue.models import Offer
from fondaco.catalogue.tests.factories import make_jpeg, make_offer
from fondaco.engine.testing import run_tasks
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_card, make_seller
from fondaco.studio import operations
from fondaco.studio.models import GuideEntry, ImagingOrder
from fondaco.studio.rules.states import OrderState

_count = itertools.count(1)


def make_studio_seller(name: str = "Harbor Goods", *, declines: bool = False) -> tuple[SellerAccount, Caller]:
    """A seller with a card on file, and its owner as caller."""
    seller = make_seller(name)
    make_card(seller=seller, declines=declines)
    return seller, make_caller(seller=seller)


def here(caller: Caller, *, quantity: int = 5, **fields: Any) -> Offer:
    """An offer that the marketplace fulfils."""
    return make_offer(caller, quantity=quantity, channel="marketplace", **fields)


def staff(role: Role) -> Caller:
    return make_caller(role=role)


def crew() -> dict[str, Caller]:
    """One member of staff for each floor."""
    roles = (Role.FC_ASSOCIATE, Role.PHOTOGRAPHER, Role.RETOUCHER, Role.SUPPORT, Role.OPERATOR)
    return {str(role): staff(role) for role in roles}


@cache
def studio_jpeg(seed: int = 1, *, hue: int = 0) -> bytes:
    """A photograph that meets the studio profile."""
    return make_jpeg(size=1800, seed=1000 + seed, hue=hue)


def placed(caller: Caller, offer: Offer | None = None) -> ImagingOrder:
    offer = offer or here(caller)
    return operations.place_order(caller, asin=offer.product.asin, request_key=f"key-{next(_count)}")


def received(caller: Caller, people: dict[str, Caller], offer: Offer | None = None) -> ImagingOrder:
    order = placed(caller, offer)
    GuideEntry.objects.get_or_create(
        product_type=order.product.product_type,
        edition=1,
        defaults={"text": "Three quarters.", "shots": ["Front"], "at": order.placed_at},
    )
    return operations.receive(people["photographer"], label=order.label)


def complete(
    caller: Caller, people: dict[str, Caller], offer: Offer | None = None, *, shots: int = 2, model: int = 0
) -> ImagingOrder:
    """With so many pictures, the first `model` of them with a model."""
    order = received(caller, people, offer)
    by = people["photographer"]
    operations.decide(by, order_id=str(order.pk), shoot_with="model" if model else "tabletop")
    for number in range(shots):
        operations.take_shot(
            by,
            order_id=str(order.pk),
            data=studio_jpeg(number + 1),
            request_key=f"shot-{number}",
            has_model=number < model,
        )
    return operations.finish(by, order_id=str(order.pk))


def released(caller: Caller, people: dict[str, Caller], offer: Offer | None = None, **options: int) -> ImagingOrder:
    order = complete(caller, people, offer, **options)
    for shot in order.shots.all():
        operations.pass_shot(people["retoucher"], shot_id=str(shot.pk))
    return operations.release(people["retoucher"], order_id=str(order.pk))


def billed(caller: Caller, people: dict[str, Caller], offer: Offer | None = None, **options: int) -> ImagingOrder:
    order = released(caller, people, offer, **options)
    run_tasks()
    order.refresh_from_db()
    assert order.state == OrderState.BILLED
    return order
