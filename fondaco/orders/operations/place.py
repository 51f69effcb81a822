"""Buying: agree and reserve, ask the card, make the orders. Three steps, each safe to be killed after.

1. `_begin` (one transaction): locks the offers, checks, asks the provider what can be promised now, counts, reserves the
   units and writes the checkout with its plan.
2. The card gateway is asked, outside any transaction, with the checkout's key: asked again, it charges once.
3. `_finish` (one transaction): the answer; paid, the orders and the sellers' proceeds; declined, everything is let go.

Orders exist only once they are paid. What was killed between is finished by the same request again or by the sweep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop as N_

from fondaco import history, policy
from fondaco.catalogue import locks as catalogue_locks
from fondaco.catalogue.models import Offer, OfferStatus, Product
from fondaco.catalogue.operations import stock
from fondaco.catalogue.product_types import categories_of
from fondaco.catalogue.rules.stock import MovementKind, movement
from fondaco.engine import clock, rows
from fondaco.engine.slots import prepared
from fondaco.kit.errors import Invalid, Refusal, TryLater
from fondaco.kit.ids import new_id
from fondaco.kit.money import Money
from fondaco.ledger import operations as ledger
from fondaco.ledger.rules import AccountKind, Cause, PostingKind, fingerprint
from fondaco.orders import delivery, hooks, locks, making, nudges
from fondaco.orders.mail import tell_buyer_placed, tell_seller_placed
from fondaco.orders.models import Checkout, Order, OrderItem, OrderUnit
from fondaco.orders.models.cart import MOST_QUANTITY
from fondaco.orders.rules.states import CheckoutState
from fondaco.sellers.access import Caller
from fondaco.sellers.addresses import PostalAddress, as_dict, check_address
from fondaco.sellers.cards import ChargeOutcome, gateway
from fondaco.sellers.models import Card, Person, SellerAccount
from fondaco.sellers.operations.addresses import AddressRefused
from fondaco.web.programmes import name_of

MOST_LINES = 100
KEY_LIMIT = 64
AREAS_KEPT = ("prime", "return", "refund")
"""Policy areas whose versions every item names: what held when it was bought (Q-52)."""


class WrongQuantity(Invalid):
    CODE = "order_quantity_wrong"
    WORDS = N_("A quantity is a whole number from 1 to %(most)s.")
    CLAUSE = "PRIME-27"


class NothingToBuy(Invalid):
    CODE = "order_empty"
    WORDS = N_("There is nothing to buy.")
    FIX = N_("Put something into the cart first.")


class TooManyLines(Invalid):
    CODE = "order_too_long"
    WORDS = N_("An order has at most %(most)s different offers.")


class NotSellable(Refusal):
    CODE = "offer_not_sellable"
    WORDS = N_("“%(title)s” cannot be bought from this seller now.")
    FIX = N_("Take it out of the cart, or choose another offer.")


class OtherCurrency(Refusal):
    CODE = "order_other_currency"
    WORDS = N_("Offers in %(left)s and in %(right)s cannot be bought together.")
    FIX = N_("Buy them one after the other.")


class OwnOffer(Refusal):
    CODE = "order_own_offer"
    WORDS = N_("This is an offer of your own seller account.")


class AddressNotServed(Refusal):
    CODE = "address_not_served"
    WORDS = N_("“%(title)s” cannot be sent to this address.")
    FIX = N_("Choose another address.")
    CLAUSE = "PRIME-08"


class SpeedNotOffered(Refusal):
    CODE = "speed_not_offered"
    WORDS = N_("This delivery option is not offered for “%(title)s” at this address any more.")
    FIX = N_("Look at the options again and choose one.")


class PriceChanged(Refusal):
    CODE = "price_changed"
    WORDS = N_("The price of “%(title)s” has changed.")
    FIX = N_("Look at the new price, then order.")


class DeliveryChanged(Refusal):
    CODE = "delivery_changed"
    WORDS = N_("Price or date of the delivery of “%(title)s” have changed.")
    FIX = N_("Look at the new date, then order.")


class PrimeOfferOff(Refusal):
    CODE = "prime_offer_off"
    WORDS = N_("“%(title)s” is not a %(programme)s offer any more.")
    FIX = N_("Look at the delivery options again: they have changed.")
    CLAUSE = "B-PRIME-10"


class CardNeeded(Refusal):
    CODE = "card_needed"
    WORDS = N_("A card is needed to pay for this.")
    FIX = N_("Add a card first.")


class CardDeclined(Refusal):
    CODE = "card_declined"
    STATUS = 402
    WORDS = N_("The card was declined. Nothing was bought.")
    FIX = N_("Choose another card.")


class PaymentPending(TryLater):
    CODE = "payment_pending"
    WORDS = N_(
        "The card has been asked and the answer is still to come. The order appears in Your Orders as soon as it is there."
    )


class RequestReused(Refusal):
    CODE = "order_request_reused"
    WORDS = N_("This order was sent before with other contents.")
    FIX = N_("Open the checkout again.")


@dataclass(frozen=True, slots=True)
class Line:
    """What is to be bought. What the buyer saw (`seen_…`) is held to what is true now; None: not compared.

    `speed` empty: the fastest of the cheapest. `tax_minor`: of one unit, as a tax service answered.
    """

    offer_id: UUID
    quantity: int = 1
    speed: str = ""
    keeps_prime: bool = False
    seen_price_minor: int | None = None
    seen_shipping_minor: int | None = None
    seen_promised_date: date | None = None
    seen_prime: bool | None = None
    tax_minor: int = 0
    customisation: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Agreed:
    """A line as it is bought."""

    line: Line
    offer: Offer
    choices: delivery.Choices
    option: delivery.Option


def place_order(
    caller: Caller,
    *,
    lines: Sequence[Line],
    address: PostalAddress,
    request_key: str,
    card: Card | None = None,
    language: str = "",
) -> list[Order]:
    """Buy these lines and pay; one order for each seller, oldest line first. The same `request_key` answers the same.

    Without `card` the person's default card pays. Raises SignInRequired, WrongQuantity, NothingToBuy, TooManyLines, NotSellable,
    NotEnoughUnits, OtherCurrency, OwnOffer, AddressRefused, AddressNotServed, SpeedNotOffered, PriceChanged, DeliveryChanged,
    CardNeeded, CardDeclined, PaymentPending, RequestReused, and what the delivery provider refuses.
    """
    person = caller.require_person()
    _check_lines(lines)
    if not request_key or len(request_key) > KEY_LIMIT:
        raise Invalid
    kept, findings = check_address(address)
    if any(f.code == "address_country_unknown" for f in findings) or not kept.name or not kept.street:
        # A wrong or unknown ZIP is no fault here: it is served as standard. What carriers cannot read is.
        raise AddressRefused(parts=[str(f.measured) for f in findings], findings=findings)
    asked = fingerprint({"lines": [_asked(line) for line in lines], "address": as_dict(kept), "card": card and card.pk})
    checkout = _earlier(person, request_key, asked)
    if checkout is None:
        try:
            checkout = _begin(caller, person, lines, kept, card, request_key, asked, language or caller.language)
        except IntegrityError:  # the same request, sent twice at once
            checkout = _earlier(person, request_key, asked)
            if checkout is None:
                raise
    return settle(checkout_id=checkout.pk)


def orders_of_request(caller: Caller, *, request_key: str) -> list[Order]:
    """What the caller's earlier request with this key bought; nothing for a new one or one that was declined."""
    if not request_key:
        return []
    found = Checkout.objects.filter(person=caller.require_person(), request_key=request_key).first()
    if found is None or found.state == CheckoutState.DECLINED:
        return []
    return settle(checkout_id=found.pk)


def settle(*, checkout_id: UUID) -> list[Order]:
    """Ask the card of a checkout if that is still to be done, and make its orders. Safe to repeat, and twice at once.

    Raises CardDeclined.
    """
    checkout = _checkout.all(checkout_id)[0]
    if checkout.state == CheckoutState.ASKED:
        outcome = _ask_card(checkout)
        _finish_whole(checkout.pk, outcome)
        checkout = _checkout.all(checkout_id)[0]
    if checkout.state == CheckoutState.DECLINED:
        raise CardDeclined(reason=checkout.reason)
    return _orders.all(checkout_id)


@prepared
def _checkout(pk: Any) -> QuerySet[Checkout]:
    return Checkout.objects.filter(pk=pk)


@prepared
def _orders(checkout: Any) -> QuerySet[Order]:
    return Order.objects.filter(checkout=checkout).select_related("seller").order_by("id")


def unanswered(*, at: datetime, limit: int = 500) -> list[UUID]:
    """Checkouts whose time to be asked again has come: what the sweep nudges."""
    due = Checkout.objects.filter(state=CheckoutState.ASKED.value, next_try_at__lte=at)
    return list(due.order_by("next_try_at").values_list("pk", flat=True)[:limit])


def _check_lines(lines: Sequence[Line]) -> None:
    if not lines:
        raise NothingToBuy
    if len(lines) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    for line in lines:
        require_quantity(line.quantity)
        if isinstance(line.tax_minor, bool) or not 0 <= line.tax_minor <= 10**12:
            raise Invalid


def require_quantity(quantity: Any) -> int:
    """The quantity itself. Raises WrongQuantity."""
    if isinstance(quantity, bool) or not isinstance(quantity, int) or not 1 <= quantity <= MOST_QUANTITY:
        raise WrongQuantity(most=MOST_QUANTITY)
    return quantity


def _asked(line: Line) -> dict[str, Any]:
    return {
        "offer": str(line.offer_id),
        "quantity": line.quantity,
        "speed": line.speed,
        "price": line.seen_price_minor,
        "custom": line.customisation,
    }


def _earlier(person: Person, request_key: str, asked: str) -> Checkout | None:
    found = _of_request.first(person.pk, request_key)
    if found and found.request_hash != asked:
        raise RequestReused
    return found


@prepared
def _of_request(person: Any, request_key: Any) -> QuerySet[Checkout]:
    return Checkout.objects.filter(person=person, request_key=request_key)


# --- step one ---------------------------------------------------------------------------------------------------------


def _begin(
    caller: Caller,
    person: Person,
    lines: Sequence[Line],
    address: PostalAddress,
    card: Card | None,
    request_key: str,
    asked: str,
    language: str,
) -> Checkout:
    at = clock.now()
    with transaction.atomic():
        offers = {offer.pk: offer for offer in catalogue_locks.offers({line.offer_id for line in lines})}
        if earlier := _earlier(person, request_key, asked):  # a twin was at work until the locks came free
            return earlier
        _load(offers)
        for line in lines:
            _require_sellable(caller, offers.get(line.offer_id), at)
        agreed = _agree(lines, offers, address, person, at)
        total = sum(_line_total(each) for each in agreed)
        chosen = _card(person, card, at) if total else None
        checkout = Checkout(
            person=person,
            request_key=request_key,
            request_hash=asked,
            store=agreed[0].offer.store,
            currency=agreed[0].offer.currency,
            total_minor=total,
            card=chosen,
            card_token=chosen.token if chosen else "",
            address=as_dict(address),
            place=agreed[0].choices.place,
            is_member=person.is_prime_member(on=at.astimezone(person.zone).date()),
            language=language,
            policy_version=next((a.choices.policy_version for a in agreed if a.choices.policy_version), "")[:120],
            plan=_plan(agreed, at),
            next_try_at=at + timedelta(minutes=2),
            made_at=at,
        )
        delivery.provider().book(
            [
                delivery.Booked(a.offer, a.line.quantity, a.option, a.choices.is_prime, a.line.keeps_prime)
                for a in agreed
            ],
            checkout_id=checkout.pk,
            at=at,
        )
        rows.insert(checkout)
        for number, each in enumerate(agreed):
            stock.move(
                each.offer,
                movement(MovementKind.RESERVE, units=each.line.quantity),
                cause=f"checkout:{checkout.pk}",
                key=f"checkout:{checkout.pk}:{number}",
                at=at,
            )
    return checkout


def _load(offers: dict[UUID, Offer]) -> None:
    """Products and sellers of the locked offers, in two queries."""
    products = {row.pk: row for row in _products.all(*{offer.product_id for offer in offers.values()})}
    sellers = {row.pk: row for row in _sellers.all(*{offer.seller_id for offer in offers.values()})}
    for offer in offers.values():
        offer.product, offer.seller = products[offer.product_id], sellers[offer.seller_id]


@prepared
def _products(*ids: Any) -> QuerySet[Product]:
    return Product.objects.filter(pk__in=ids)


@prepared
def _sellers(*ids: Any) -> QuerySet[SellerAccount]:
    return SellerAccount.objects.filter(pk__in=ids).select_related("ship_from")


def _require_sellable(caller: Caller, offer: Offer | None, at: datetime) -> Offer:
    if offer is None:
        raise NotSellable(title="")
    if any(m.seller_id == offer.seller_id for m in caller.memberships):
        raise OwnOffer
    seller = offer.seller
    away = seller.is_on_vacation(on=at.astimezone(seller.zone).date())
    if offer.status != OfferStatus.ACTIVE or not seller.is_active or away:
        raise NotSellable(title=offer.product.title)
    return offer


def _agree(
    lines: Sequence[Line], offers: dict[UUID, Offer], address: PostalAddress, person: Person, at: datetime
) -> list[_Agreed]:
    first = offers[lines[0].offer_id]
    for line in lines:
        offer = offers[line.offer_id]
        if (offer.currency, offer.store) != (first.currency, first.store):
            raise OtherCurrency(left=first.currency, right=offer.currency)
        making.require(offer, line.customisation, at=at)
        if line.seen_price_minor is not None and line.seen_price_minor != _unit_minor(line, offer):
            raise PriceChanged(title=offer.product.title)
    wanted = [delivery.Wanted(offers[line.offer_id], line.quantity, line.keeps_prime) for line in lines]
    choices = delivery.provider().choices(wanted, address=address, person=person, at=at)
    return [_agreed(line, offers[line.offer_id], found) for line, found in zip(lines, choices, strict=True)]


def _agreed(line: Line, offer: Offer, choices: delivery.Choices) -> _Agreed:
    if not choices.is_eligible:
        raise AddressNotServed(title=offer.product.title, place=choices.place)
    if line.seen_prime and not choices.is_prime:
        raise PrimeOfferOff(title=offer.product.title, programme=str(name_of("prime")))
    option = choices.option(line.speed) if line.speed else choices.best
    if option is None:
        raise SpeedNotOffered(title=offer.product.title, speed=line.speed)
    dearer = line.seen_shipping_minor is not None and line.seen_shipping_minor != option.price_minor
    later = line.seen_promised_date is not None and line.seen_promised_date < option.promised_date
    if dearer or later:
        raise DeliveryChanged(title=offer.product.title)
    return _Agreed(line, offer, choices, option)


def _line_total(each: _Agreed) -> int:
    return (_unit_minor(each.line, each.offer) + each.line.tax_minor) * each.line.quantity + each.option.price_minor


def _unit_minor(line: Line, offer: Offer) -> int:
    return offer.price_minor + making.more_minor(line.customisation)


def _card(person: Person, card: Card | None, at: datetime) -> Card:
    cards = _cards.all(person.pk)
    chosen = next((each for each in cards if card is None or each.pk == card.pk), None)
    if chosen is None or (chosen.expiry_year, chosen.expiry_month) < (at.year, at.month):
        raise CardNeeded
    return chosen


@prepared
def _cards(person: Any) -> QuerySet[Card]:
    return Card.objects.filter(person=person, removed_at=None).order_by("-is_default", "created_at")


def _plan(agreed: Sequence[_Agreed], at: datetime) -> list[dict[str, Any]]:
    """Each line as JSON: all that `_finish` needs, whatever sellers change in between."""
    store = agreed[0].offer.store
    terms = {key: name for area in AREAS_KEPT for key, name in policy.bundle(area, store, at=at).versions.items()}
    return [
        {
            "offer": str(a.offer.pk),
            "seller": str(a.offer.seller_id),
            "item": {
                "product_id": str(a.offer.product_id),
                "sku": a.offer.sku,
                "asin": a.offer.product.asin,
                "title": a.offer.product.title,
                "quantity": a.line.quantity,
                "price_minor": _unit_minor(a.line, a.offer),
                "tax_minor": a.line.tax_minor,
                "shipping_minor": a.option.price_minor,
                "is_prime": a.choices.is_prime,
                "had_badge": a.choices.has_badge,
                "speed": a.option.speed.value,
                "ship_by": a.option.ship_by.isoformat(),
                "promised_date": a.option.promised_date.isoformat(),
                "guaranteed": a.option.guaranteed,
                "product_type": a.offer.product.product_type,
                "categories": sorted(categories_of(a.offer.product.product_type)),
                "hazmat_class": a.offer.product.hazmat_class,
                "channel": a.offer.channel,
                "condition": a.offer.condition,
                "customisation": a.line.customisation,
                "terms": terms,
            },
        }
        for a in agreed
    ]


# --- step two ---------------------------------------------------------------------------------------------------------


def _ask_card(checkout: Checkout) -> ChargeOutcome:
    if not checkout.total_minor:
        return ChargeOutcome(is_paid=True)
    try:
        return gateway().charge(
            token=checkout.card_token,
            amount_minor=checkout.total_minor,
            currency=checkout.currency,
            key=checkout.card_key,
        )
    except (ConnectionError, TimeoutError) as error:
        nudges.settle(checkout.pk, after=timedelta(seconds=30))
        raise PaymentPending from error


# --- step three -------------------------------------------------------------------------------------------------------


def _finish_whole(checkout_id: UUID, outcome: ChargeOutcome) -> None:
    """`_finish`, again when the database ended it: orders of several sellers may take the ledger's locks crosswise."""
    for attempt in range(4):
        try:
            return _finish(checkout_id, outcome, at=clock.now())
        except OperationalError:
            if attempt == 3 or connection.in_atomic_block:
                raise


def _finish(checkout_id: UUID, outcome: ChargeOutcome, *, at: datetime) -> None:
    with transaction.atomic():
        checkout = locks.checkout(checkout_id)
        if checkout.state != CheckoutState.ASKED:
            return
        checkout.state = CheckoutState.PLACED if outcome.is_paid else CheckoutState.DECLINED
        checkout.reason, checkout.answered_at = outcome.reason[:40], at
        rows.update(checkout, "state", "reason", "answered_at")
        if outcome.is_paid:
            _make_orders(checkout, at)
        else:
            _let_go(checkout, at)


def _make_orders(checkout: Checkout, at: datetime) -> None:
    by_seller: dict[str, list[dict[str, Any]]] = {}
    for line in checkout.plan:
        by_seller.setdefault(line["seller"], []).append(line)
    for seller_id, lines in sorted(by_seller.items()):
        _make_order(checkout, UUID(seller_id), lines, at)


def _make_order(checkout: Checkout, seller_id: UUID, lines: list[dict[str, Any]], at: datetime) -> Order:
    order = Order(
        checkout=checkout,
        buyer=checkout.person,
        seller_id=seller_id,
        store=checkout.store,
        currency=checkout.currency,
        placed_at=checkout.made_at,
        address=checkout.address,
        place=checkout.place,
        is_member=checkout.is_member,
        has_prime=any(line["item"]["is_prime"] for line in lines),
        language=checkout.language,
        policy_version=checkout.policy_version,
        request_key=checkout.request_key,
        updated_at=at,
    )
    items = [
        OrderItem(order=order, offer_id=UUID(line["offer"]), position=n, **_columns(line["item"]))
        for n, line in enumerate(lines, start=1)
    ]
    units = [OrderUnit(item=item, number=n) for item in items for n in range(1, item.quantity + 1)]
    rows.insert(order, *items, *units)
    total = Money(sum(item.total_minor for item in items), order.currency)
    if total:
        ledger.credit_seller(
            seller=order.seller,
            amount=total,
            cause=cause_of(order),
            reason="sale",
            key=f"order:{order.pk}",
            kind=PostingKind.SALE,
            source=AccountKind.BUYER_PAYMENTS,
            policy_version=order.policy_version,
            at=at,
        )
    about = {"number": order.number, "total": str(total), "items": len(items), "units": sum(i.quantity for i in items)}
    history.record(actor=checkout.person, verb="order.placed", subject=order, about=about, at=at)
    hooks.placed(order, at=at)
    tell_buyer_placed(order, items, total)
    tell_seller_placed(order, items)
    return order


def _columns(item: dict[str, Any]) -> dict[str, Any]:
    days = {name: date.fromisoformat(item[name]) for name in ("ship_by", "promised_date")}
    return {**item, **days, "product_id": UUID(item["product_id"])}


def cause_of(order: Order) -> Cause:
    """What the ledger's postings of an order name."""
    return Cause("orders.order", str(order.pk), order.number)


def _let_go(checkout: Checkout, at: datetime) -> None:
    offers = {offer.pk: offer for offer in catalogue_locks.offers({UUID(line["offer"]) for line in checkout.plan})}
    for number, line in enumerate(checkout.plan):
        stock.move(
            offers[UUID(line["offer"])],
            movement(MovementKind.RELEASE, units=line["item"]["quantity"]),
            cause=f"declined:{checkout.pk}",
            key=f"declined:{checkout.pk}:{number}",
            at=at,
        )
    delivery.provider().release(checkout_id=checkout.pk, at=at)
    history.record(
        actor=checkout.person, verb="checkout.declined", subject=checkout, about={"reason": checkout.reason}, at=at
    )


def new_request_key() -> str:
    """For forms: made before the first try."""
    return new_id().hex
