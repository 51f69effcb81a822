"""Offers: putting one up, changing it, ending it and taking it up again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _

from fondaco import history
from fondaco.catalogue import locks, nudges, restrictions, watchers
from fondaco.catalogue.models import Channel, Condition, Offer, OfferStatus, Product
from fondaco.catalogue.operations import stock
from fondaco.catalogue.product_types import product_type
from fondaco.catalogue.queries.access import offer_for, product_by_asin
from fondaco.engine import clock
from fondaco.kit import text
from fondaco.kit.errors import Invalid, Refusal
from fondaco.policy import store_of
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability

SKU_LIMIT, NOTE_LIMIT = 40, 1000
MOST_MINOR = 10**12
MOST_UNITS = 10**9
MOST_HANDLING_DAYS = 365


class Keep:
    """Stands for "leave it as it is" where None means something."""


KEEP = Keep()


class SkuTaken(Refusal):
    CODE = "sku_taken"
    WORDS = _("You already use the SKU %(sku)s for another offer.")
    FIX = _("Choose another SKU, or change the offer that has it.")


class AlreadyMade(Exception):
    """A request with the same key won the race; the transaction of this one must be given up."""


class WrongPrice(Invalid):
    CODE = "wrong_price"
    WORDS = _("A price is a whole number of minor units from 0 to %(most)s.")


class WrongQuantity(Invalid):
    CODE = "wrong_quantity"
    WORDS = _("A quantity is a whole number from 0 to %(most)s.")


class WrongChoice(Invalid):
    CODE = "wrong_choice"
    WORDS = _("%(field)s cannot be %(value)s.")
    FIX = _("Choose one of: %(options)s.")


class WrongHandlingTime(Invalid):
    CODE = "wrong_handling_time"
    WORDS = _("The handling time is a whole number of days from 0 to %(most)s.")


class SellerNotActive(Refusal):
    CODE = "seller_not_active"
    STATUS = 403
    WORDS = _("This seller account cannot list goods now.")
    FIX = _("See the account's page for the reason and the way back.")


class OfferEnded(Refusal):
    CODE = "offer_ended"
    WORDS = _("This offer has ended.")
    FIX = _("Take it up again first. What the marketplace removed, only the marketplace restores.")


def create_offer(
    caller: Caller,
    *,
    asin: str,
    sku: str,
    price_minor: int,
    quantity: int = 0,
    channel: str = Channel.SELLER,
    condition: str = Condition.NEW,
    condition_note: str = "",
    handling_days: int = 1,
    currency: str = "",
    store: str = "",
    request_key: str = "",
) -> Offer:
    """Offer a product that is in the catalogue. The same `request_key` again answers the same offer.

    Raises NotFound for an unknown ASIN, SkuTaken, WrongPrice, WrongQuantity, WrongChoice, SellerNotActive,
    and whatever a gate on the product type says.
    """
    seller = caller.require_seller(Capability.EDIT_LISTINGS)
    if done := already_made(seller, request_key):
        return done
    try:
        with transaction.atomic():
            product = locks.product(product_by_asin(asin).pk)
            return put_up(
                caller,
                seller,
                product,
                sku=sku,
                price_minor=price_minor,
                quantity=quantity,
                channel=channel,
                condition=condition,
                condition_note=condition_note,
                handling_days=handling_days,
                currency=currency,
                store=store,
                request_key=request_key,
                at=clock.now(),
            )
    except AlreadyMade:
        return require_made(seller, request_key)


def change_offer(
    caller: Caller,
    *,
    offer_id: str | UUID,
    price_minor: int | None = None,
    quantity: int | None = None,
    condition_note: str | None = None,
    handling_days: int | None = None,
    channel: str | None = None,
    restock_date: date | Keep | None = KEEP,
) -> Offer:
    """Change what is given and leave the rest. A new quantity is a movement of stock; reserved units stay reserved.

    `restock_date=None` takes the date away; `KEEP` leaves it. Raises NotFound, OfferEnded, WrongPrice, WrongQuantity, WrongChoice.
    """
    found = offer_for(caller, offer_id)
    caller.require(Capability.EDIT_LISTINGS, seller=found.seller)
    at = clock.now()
    with transaction.atomic():
        offer = locks.offer(found.pk)
        if offer.status != OfferStatus.ACTIVE:
            raise OfferEnded(status=offer.status)
        changed = _changes(offer, price_minor, condition_note, handling_days, channel, restock_date)
        for name, value in changed.items():
            setattr(offer, name, value)
        if {"handling_days", "channel"} & set(changed):
            restrictions.require_sound(words_of(offer, found.product, at=at))
        if changed:
            watchers.require_allowed(offer, at=at)
            offer.updated_at = at
            offer.save(update_fields=[*changed, "updated_at"])
            watchers.changed(offer, at=at)
        if quantity is not None:
            moved = stock.set_quantity(offer, quantity=_quantity(quantity), cause="stated by the seller", at=at)
            if moved:
                changed["quantity"] = quantity
        if changed:
            history.record(actor=caller, verb="offer.changed", subject=offer, about=changed, at=at)
    return offer


def close(caller: Caller, *, offer_id: str | UUID, why: str = "") -> Offer:
    """End an offer. Its units stay counted, its pictures stay with the product. Closing a closed one does nothing.

    Raises NotFound, OfferEnded when the marketplace removed it.
    """
    return _change_status(caller, offer_id, OfferStatus.CLOSED, verb="offer.closed", why=why)


def reopen(caller: Caller, *, offer_id: str | UUID) -> Offer:
    """Take up a closed offer again. Raises NotFound, OfferEnded when the marketplace removed it, SellerNotActive."""
    return _change_status(caller, offer_id, OfferStatus.ACTIVE, verb="offer.reopened")


def put_up(
    caller: Caller,
    seller: SellerAccount,
    product: Product,
    *,
    sku: str,
    price_minor: int,
    quantity: int,
    channel: str,
    condition: str,
    condition_note: str,
    handling_days: int,
    currency: str,
    store: str,
    request_key: str,
    at: datetime,
) -> Offer:
    """Write an offer on a locked product, inside the caller's transaction. Raises AlreadyMade beside refusals."""
    require_active(seller)
    where = store_of(store or seller.store)
    of_type = product_type(product.product_type)
    restrictions.require_allowed(seller=seller, product_type=of_type, store=where.code, at=at)
    offer = Offer(
        seller=seller,
        product=product,
        sku=text.line(sku, limit=SKU_LIMIT, required=True),
        store=where.code,
        condition=_choice("condition", condition, Condition.values),
        condition_note=text.line(condition_note, limit=NOTE_LIMIT),
        price_minor=_price(price_minor),
        currency=currency or where.currency,
        channel=_choice("channel", channel, Channel.values),
        handling_days=_handling(handling_days),
        request_key=request_key,
        created_at=at,
        updated_at=at,
    )
    units = _quantity(quantity)
    restrictions.require_sound(words_of(offer, product, at=at))
    watchers.require_allowed(offer, at=at)
    try:
        with transaction.atomic():
            offer.save(force_insert=True)
    except IntegrityError:
        if already_made(seller, request_key):
            raise AlreadyMade from None
        raise SkuTaken(sku=offer.sku) from None
    stock.set_quantity(offer, quantity=units, cause="stated by the seller", at=at)
    about = {"sku": offer.sku, "asin": product.asin, "price_minor": price_minor, "quantity": quantity}
    history.record(actor=caller, verb="offer.created", subject=offer, about=about, at=at)
    restrictions.listed(seller=seller, of_type=of_type, product_ids=[product.pk], at=at)
    nudges.publish(product.pk)
    return offer


def words_of(offer: Offer, product: Product, *, at: datetime) -> restrictions.Words:
    """What a listing says, for the judges of its product type."""
    return restrictions.Words(
        seller=offer.seller,
        product_type=product_type(product.product_type),
        store=offer.store,
        at=at,
        title=product.title,
        brand=product.brand,
        description=product.description,
        attributes=product.attributes,
        handling_days=offer.handling_days,
        channel=offer.channel,
        condition=offer.condition,
        creator_id=product.creator_id,
    )


def already_made(seller: SellerAccount, request_key: str) -> Offer | None:
    """The offer that an earlier request with this key made."""
    if not request_key:
        return None
    return Offer.objects.select_related("product").filter(seller=seller, request_key=request_key).first()


def require_made(seller: SellerAccount, request_key: str) -> Offer:
    """The offer that the winner of a race made."""
    return Offer.objects.select_related("product").get(seller=seller, request_key=request_key)


def require_active(seller: SellerAccount) -> None:
    """Refuses accounts that may not sell now. Raises SellerNotActive."""
    if not seller.is_active:
        raise SellerNotActive(status=seller.status)


def _change_status(caller: Caller, offer_id: str | UUID, status: OfferStatus, *, verb: str, why: str = "") -> Offer:
    found = offer_for(caller, offer_id)
    caller.require(Capability.EDIT_LISTINGS, seller=found.seller)
    at = clock.now()
    with transaction.atomic():
        offer = locks.offer(found.pk)
        if offer.status == OfferStatus.REMOVED:
            raise OfferEnded(status=offer.status)
        if offer.status == status:
            return offer
        if status == OfferStatus.ACTIVE:
            require_active(found.seller)
        offer.status, offer.updated_at = status, at
        if status == OfferStatus.ACTIVE:
            watchers.require_allowed(offer, at=at)
        offer.save(update_fields=["status", "updated_at"])
        watchers.changed(offer, at=at)
        history.record(actor=caller, verb=verb, subject=offer, why=why, at=at)
        nudges.publish(offer.product_id)
    return offer


def _changes(
    offer: Offer,
    price_minor: int | None,
    condition_note: str | None,
    handling_days: int | None,
    channel: str | None,
    restock_date: date | Keep | None,
) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if price_minor is not None:
        wanted["price_minor"] = _price(price_minor)
    if condition_note is not None:
        wanted["condition_note"] = text.line(condition_note, limit=NOTE_LIMIT)
    if handling_days is not None:
        wanted["handling_days"] = _handling(handling_days)
    if channel is not None:
        wanted["channel"] = _choice("channel", channel, Channel.values)
    if not isinstance(restock_date, Keep):
        wanted["restock_date"] = restock_date
    return {name: value for name, value in wanted.items() if getattr(offer, name) != value}


def _price(value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_MINOR:
        raise WrongPrice(most=MOST_MINOR)
    return value


def _quantity(value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_UNITS:
        raise WrongQuantity(most=MOST_UNITS)
    return value


def _handling(value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_HANDLING_DAYS:
        raise WrongHandlingTime(most=MOST_HANDLING_DAYS)
    return value


def _choice(field: str, value: str, options: list[str]) -> str:
    if value not in options:
        raise WrongChoice(field=field, value=str(value)[:40], options=", ".join(options))
    return str(value)
