"""Placing an order: one click, one order, one unit reserved (IMG-SVC-15, Q-02, Q-04)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fondaco import history, policy
from fondaco.cases.models import Case
from fondaco.catalogue import locks as catalogue_locks
from fondaco.catalogue.models import Offer
from fondaco.catalogue.queries.access import product_by_asin
from fondaco.engine import clock
from fondaco.history.models import Event
from fondaco.kit.text import paragraphs
from fondaco.policy.stores import store_of
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability, Role
from fondaco.studio import locks
from fondaco.studio.models import ImagingOrder
from fondaco.studio.models.order import Door
from fondaco.studio.operations import unit
from fondaco.studio.queries.asking import Asked, ask
from fondaco.studio.reading import accepted_wishes
from fondaco.studio.rules import ordering
from fondaco.studio.rules.states import Leg
from fondaco.studio.rules.wishes import STYLING_SIGNS, Wishes, require_accepted

SUPPORT = (Role.SUPPORT, Role.OPERATOR)
NOTHING = Wishes()


def place_order(
    caller: Caller, *, asin: str, request_key: str, door: str = Door.PORTAL, wishes: Wishes = NOTHING
) -> ImagingOrder:
    """Order imaging of one product for the account being worked in. The same key again answers the same order.

    The quote of this moment is stored and billed unchanged (IMG-SVC-34). Raises NotFound, Denied, the seven
    reasons of `rules.ordering`, and NoStylingRequests or NoModelChoice while policy takes no such wishes.
    """
    seller = caller.require_seller(Capability.ORDER_IMAGING)
    wished = Wishes(styling=paragraphs(wishes.styling, limit=STYLING_SIGNS), model=wishes.model.strip())
    require_accepted(wished, accepted_wishes(store=seller.store, at=clock.now()))
    return _place(caller, seller, asin=asin, request_key=request_key, door=door, wishes=wished)


def place_for_seller(
    caller: Caller, *, seller: SellerAccount, asin: str, case: Case | None, request_key: str
) -> ImagingOrder:
    """Support orders imaging without a model in the seller's name (IMG-SVC-48). Raises as `place_order`."""
    caller.require_role(*SUPPORT)
    return _place(caller, seller, asin=asin, request_key=request_key, door=Door.SUPPORT, no_model=True, case=case)


def _place(
    caller: Caller,
    seller: SellerAccount,
    *,
    asin: str,
    request_key: str,
    door: str,
    no_model: bool = False,
    case: Case | None = None,
    wishes: Wishes = NOTHING,
) -> ImagingOrder:
    product = product_by_asin(asin)
    at = clock.now()
    if done := of_request(seller, request_key):
        return done
    with transaction.atomic():
        lock_capacity(seller.store, at)
        offers = catalogue_locks.offers(offer_ids(seller, [product.pk]))
        if done := of_request(seller, request_key):  # the same click, a moment earlier
            return done
        return place_locked(
            caller,
            ask(seller, product, offers, at=at),
            door=door,
            request_key=request_key,
            no_model=no_model,
            case=case,
            wishes=wishes,
            at=at,
        )


def place_locked(
    caller: Caller,
    asked: Asked,
    *,
    door: str,
    request_key: str,
    at: datetime,
    no_model: bool = False,
    case: Case | None = None,
    wishes: Wishes = NOTHING,
) -> ImagingOrder:
    """Write the order of a product whose offers are locked, or refuse."""
    order = drawn_up(caller, asked, door=door, request_key=request_key, at=at)
    order.no_model, order.case = no_model, case
    order.styling, order.wished_model = wishes.styling, wishes.model
    order.save(force_insert=True)
    unit.go(order, Leg.RESERVED, by=caller.person, at=at)
    history.record_all([_placed(caller, order)])
    return order


def write_all(caller: Caller, orders: Sequence[ImagingOrder], *, at: datetime) -> None:
    """Write many orders that were drawn up of locked offers, in a few statements."""
    ImagingOrder.objects.bulk_create(orders)
    unit.reserve(orders, by=caller.person, at=at)
    history.record_all(_placed(caller, order) for order in orders)


def drawn_up(caller: Caller, asked: Asked, *, door: str, request_key: str, at: datetime) -> ImagingOrder:
    """The order as it would be placed, not written yet. Raises the reasons of `rules.ordering`."""
    if refusal := ordering.refusal_of(ordering.diagnose(asked.facts)):
        raise refusal
    assert asked.offer is not None
    assert asked.price is not None
    return ImagingOrder(
        seller=asked.seller,
        product=asked.product,
        offer=asked.offer,
        store=asked.seller.store,
        door=door,
        price_minor=asked.price.minor,
        currency=asked.price.currency,
        offer_price_minor=asked.offer.price_minor,
        versions=asked.terms.versions,
        eta_days=asked.terms.values["imaging.eta_days_from_received"],
        placed_by=caller.require_person(),
        request_key=request_key,
        placed_at=at,
    )


def _placed(caller: Caller, order: ImagingOrder) -> Event:
    return history.build(
        actor=caller,
        verb="imaging.placed",
        subject=order,
        about={"asin": order.product.asin, "price": str(order.price), "no_model": order.no_model},
        clause="IMG-SVC-48" if order.no_model else "IMG-SVC-15",
        policy_version=order.versions["imaging.price_table"],
        at=order.placed_at,
    )


def of_request(seller: SellerAccount, request_key: str) -> ImagingOrder | None:
    """The order that an earlier request with this key placed."""
    if not request_key:
        return None
    return ImagingOrder.objects.filter(seller=seller, request_key=request_key).first()


def lock_capacity(store: str, at: datetime) -> None:
    """Where the studio's day is limited, orders of that day are placed one after the other."""
    if policy.value("imaging.capacity_per_day", store, at=at).value is not None:
        locks.day(store, at.astimezone(store_of(store).zone).date())


def offer_ids(seller: SellerAccount, product_ids: Iterable[UUID]) -> list[UUID]:
    """The seller's offers of these products."""
    return list(Offer.objects.filter(seller=seller, product__in=list(product_ids)).values_list("pk", flat=True))
