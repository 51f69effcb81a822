"""Beginning a conversation: by a buyer about a product, an order or a unit; by a seller about an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from fondaco import history, policy
from fondaco.catalogue.models import Product
from fondaco.catalogue.queries.access import product_by_asin
from fondaco.engine import clock
from fondaco.kit.errors import Denied, NotFound
from fondaco.messaging.models import ContactWish, Conversation
from fondaco.messaging.operations import checks
from fondaco.messaging.operations.errors import NotAboutThis, OptedOut, TooLateToWrite
from fondaco.messaging.operations.files import Kept, check_all
from fondaco.messaging.operations.requests import make_request
from fondaco.messaging.operations.write import Said, without_addresses, write
from fondaco.messaging.rules.routing import Contact, route
from fondaco.messaging.rules.words import BEFORE_BUYING, PHOTO_TYPES, Audience, Channel, Side, Subject
from fondaco.orders.models import Order, OrderItem, OrderUnit
from fondaco.orders.queries.access import order_of_buyer, order_of_seller
from fondaco.sellers.access import Caller
from fondaco.sellers.models import Person, SellerAccount
from fondaco.sellers.rules import Capability


@dataclass(frozen=True, slots=True)
class About:
    """What a conversation is about. `unit`: the unit's number within the item, from 1."""

    order: str = ""
    item: str = ""
    unit: int = 0
    asin: str = ""
    seller: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The rows behind an `About`."""

    seller: SellerAccount
    order: Order | None = None
    item: OrderItem | None = None
    unit: OrderUnit | None = None
    product: Product | None = None

    @property
    def is_prime(self) -> bool:
        """Whether the named item is Prime; without one, whether any item of the order is (Q-42)."""
        if self.item:
            return self.item.is_prime
        return bool(self.order and any(item.is_prime for item in self.order.items.all()))


ASK, SEND = "ask", "send"
"""What a buyer wants of photographs when beginning: instructions first, or to send them at once."""


def begin(
    caller: Caller,
    *,
    about: About,
    subject: Subject,
    text: str,
    photos: str = "",
    photo_type: str = "",
    kept: Sequence[Kept] = (),
    request_key: str = "",
    channel: Channel = Channel.PAGE,
    confirmed: bool = False,
    at: datetime | None = None,
) -> Conversation:
    """A buyer writes about a product, an order, an item or one unit. The same `request_key` gives the same conversation.

    `photos` `ask` opens a photo request that waits for instructions; `send` one that the buyer follows at once.
    Raises SignInRequired, NotFound, NotAboutThis, NothingSaid, PleaseCheck.
    """
    person, at = caller.require_person(), at or clock.now()
    if request_key and (earlier := Conversation.objects.filter(buyer=person, request_key=request_key).first()):
        return earlier
    place = _place_for_buyer(caller, about)
    if place.order is None and subject not in BEFORE_BUYING:
        raise NotAboutThis(subject=str(subject))
    if caller.role_in(place.seller) is not None:
        raise Denied(seller=place.seller.number)  # nobody writes to themselves
    store = place.seller.store
    check_all(kept, store=store, at=at)
    said = checks.clean_text(text, has_files=bool(kept))
    reminders = checks.reminders_for(text=said, side=Side.BUYER, conversation=None, request=None, kept=kept, at=at)
    checks.require_checked(reminders, confirmed=confirmed)
    routed = route(Contact(subject, has_order=place.order is not None, is_prime=place.is_prime))
    conversation = _new(place, buyer=person, subject=subject, side=Side.BUYER, key=request_key, at=at)
    conversation.audience, conversation.route_reason = routed.audience, routed.reason
    try:
        with transaction.atomic():
            conversation.save(force_insert=True)
            request = None
            if photos in (ASK, SEND):
                code = photo_type or PHOTO_TYPES.get(subject, "")
                request = make_request(conversation, code, by=Side.BUYER, instructed=photos == SEND, at=at)
            history.record(
                actor=caller,
                verb="conversation.begun",
                subject=conversation,
                about={"subject": subject, "audience": routed.audience, "reason": routed.reason},
                clause=routed.clause,
                at=at,
            )
            write(conversation, Said(person, Side.BUYER, said, channel, kept), request=request, at=at)
    except IntegrityError:  # the same form, sent twice at once
        if request_key and (earlier := Conversation.objects.filter(buyer=person, request_key=request_key).first()):
            return earlier
        raise
    return conversation


def begin_as_seller(
    caller: Caller,
    *,
    order: str,
    subject: Subject,
    text: str,
    item: str = "",
    is_critical: bool = False,
    photo_type: str = "",
    request_key: str = "",
    confirmed: bool = False,
    at: datetime | None = None,
) -> Conversation:
    """A seller writes first, about an order: within the days of policy after its completion, in the buyer's language,
    and only critical letters to a buyer who wants no others (B-PHOTO-03, B-PHOTO-04).

    Raises SignInRequired, SellerRequired, Denied, NotFound, TooLateToWrite, OptedOut, ContentBlocked, PleaseCheck.
    """
    seller = caller.require_seller(Capability.HANDLE_ORDERS)
    person, at = caller.require_person(), at or clock.now()
    found = order_of_seller(caller, order)
    if request_key and (
        earlier := Conversation.objects.filter(buyer=found.buyer, request_key=_sellers(seller, request_key)).first()
    ):
        return earlier
    _require_recent(found, seller.store, at=at)
    if not is_critical and ContactWish.objects.filter(person=found.buyer, only_critical=True).exists():
        raise OptedOut
    said = checks.clean_text(text, has_files=False)
    version = checks.require_permitted(said, store=seller.store, at=at, is_first=True)
    place = _in_order(found, item, 0)
    key = _sellers(seller, request_key) if request_key else ""
    conversation = _new(place, buyer=found.buyer, subject=subject, side=Side.SELLER, key=key, at=at)
    conversation.audience, conversation.route_reason = Audience.SELLER, "seller_began"
    reminders = checks.reminders_for(
        text=said, side=Side.SELLER, conversation=conversation, request=None, kept=(), at=at
    )
    checks.require_checked(reminders, confirmed=confirmed)
    with transaction.atomic():
        conversation.save(force_insert=True)
        request = make_request(conversation, photo_type, by=Side.SELLER, instructed=True, at=at) if photo_type else None
        if request:
            request.instructions = without_addresses(said)
            request.save(update_fields=["instructions"])
        history.record(
            actor=caller,
            verb="conversation.begun",
            subject=conversation,
            about={"subject": subject, "critical": is_critical},
            at=at,
        )
        write(
            conversation,
            Said(person, Side.SELLER, said, is_critical=is_critical, policy_version=version),
            request=request,
            at=at,
        )
    return conversation


def _sellers(seller: SellerAccount, key: str) -> str:
    """A seller's key beside those of the buyer, whose conversations they are counted with."""
    return f"s:{seller.number}:{key}"[:64]


def _place_for_buyer(caller: Caller, about: About) -> Place:
    if about.order:
        return _in_order(order_of_buyer(caller, about.order), about.item, about.unit)
    product = product_by_asin(about.asin)
    offers = product.offers.select_related("seller")
    offer = (
        offers.filter(seller__number=about.seller).first()
        if about.seller
        else offers.order_by("created_at", "id").first()
    )
    if offer is None:
        raise NotFound(what="offer")
    return Place(offer.seller, product=product)


def _in_order(order: Order, item_id: str, unit_number: int) -> Place:
    items = list(order.items.all())
    item = next((i for i in items if str(i.pk) == item_id), None)
    if item_id and item is None:
        raise NotFound(what="item")
    item = item or (items[0] if len(items) == 1 else None)
    unit = None
    if unit_number and item:
        unit = next((u for u in item.units.all() if u.number == unit_number), None)
        if unit is None:
            raise NotFound(what="unit")
    return Place(order.seller, order=order, item=item, unit=unit, product=item.product if item else None)


def _new(place: Place, *, buyer: Person, subject: Subject, side: Side, key: str, at: datetime) -> Conversation:
    return Conversation(
        buyer=buyer,
        seller=place.seller,
        product=place.product,
        order=place.order,
        item=place.item,
        unit=place.unit,
        order_number=place.order.number if place.order else "",
        subject=subject,
        opened_by=side,
        last_side=side,
        last_at=at,
        request_key=key,
        created_at=at,
    )


def _require_recent(order: Order, store: str, *, at: datetime) -> None:
    """Completion is the arrival of the last parcel; before it a seller may always write."""
    value = policy.value("message.proactive_days", store, at=at)
    arrived = [parcel.delivered_at for parcel in order.parcels.all()]
    if order.status in ("delivered", "cancelled"):
        completed = max([when for when in arrived if when], default=order.updated_at)
        if at > completed + timedelta(days=int(value.value)):
            raise TooLateToWrite(days=int(value.value))
