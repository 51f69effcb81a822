"""Carts: put in, change, take out, and a session's cart becoming a person's (Q-39)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as N_

from fondaco.catalogue.models import Offer, OfferStatus
from fondaco.engine import clock
from fondaco.kit.errors import NotFound, Refusal
from fondaco.orders import delivery, making
from fondaco.orders.models import Cart, CartLine
from fondaco.orders.models.cart import MOST_QUANTITY
from fondaco.orders.operations.place import MOST_LINES, NotSellable, OwnOffer, TooManyLines, require_quantity
from fondaco.sellers.access import Caller
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.queries import as_id


class NotThatMany(Refusal):
    CODE = "cart_not_that_many"
    WORDS = N_("Only %(available)s of “%(title)s” are left.")
    FIX = N_("Take fewer.")


def own_cart(caller: Caller, *, token: str) -> Cart:
    """The caller's cart, made when there is none: of the person, else of the session's token. What a session had put in
    before sign-in moves into the person's cart."""
    if caller.person is None:
        return _made(token=token)
    cart = _made(person=caller.person)
    if token and (other := Cart.objects.filter(token=token).first()):
        _merge(other, cart)
    return cart


def put_in(
    caller: Caller,
    *,
    token: str,
    offer_id: str | UUID,
    quantity: int = 1,
    address: PostalAddress,
    customisation: dict[str, Any] | None = None,
) -> CartLine:
    """Put units of an offer in; more of the same add up. The line remembers whether the offer is Prime now (Q-39).

    `customisation`: what the provider of `orders.making` read from the buyer's choices; lines that differ in it stand apart.
    Raises WrongQuantity, NotSellable, OwnOffer, NotThatMany, TooManyLines, and what cannot be made.
    """
    require_quantity(quantity)
    offer = Offer.objects.select_related("product", "seller__ship_from").filter(pk=as_id(offer_id)).first()
    if offer is None or offer.status != OfferStatus.ACTIVE or not offer.seller.is_active:
        raise NotSellable(title=offer.product.title if offer else "")
    if any(m.seller_id == offer.seller_id for m in caller.memberships):
        raise OwnOffer
    at = clock.now()
    making.require(offer, customisation or {}, at=at)
    (choices,) = delivery.provider().choices(
        [delivery.Wanted(offer, quantity)], address=address, person=caller.person, at=at
    )
    key = _custom_key(customisation or {})
    with transaction.atomic():
        cart = Cart.objects.select_for_update(no_key=True).get(pk=own_cart(caller, token=token).pk)
        line = CartLine.objects.filter(cart=cart, offer=offer, custom_key=key).first()
        wanted = quantity + (line.quantity if line else 0)
        _require_there(offer, wanted)
        if line is None and cart.lines.count() >= MOST_LINES:
            raise TooManyLines(most=MOST_LINES)
        line = line or CartLine(cart=cart, offer=offer, custom_key=key, customisation=customisation or {}, added_at=at)
        line.quantity = wanted
        line.is_prime = line.is_prime or choices.is_prime
        line.save()
        _touch(cart)
    return line


def change_quantity(caller: Caller, *, token: str, line_id: str | UUID, quantity: int) -> CartLine:
    """Another number of units. Raises WrongQuantity, NotFound, NotThatMany."""
    require_quantity(quantity)
    with transaction.atomic():
        line = _line(caller, token, line_id)
        _require_there(line.offer, quantity)
        line.quantity = quantity
        line.save(update_fields=["quantity"])
    return line


def take_out(caller: Caller, *, token: str, line_id: str | UUID) -> None:
    """Take a line out; one that is out already stays out."""
    cart = own_cart(caller, token=token)
    CartLine.objects.filter(cart=cart, pk=as_id(line_id)).delete()


def take_out_bought(caller: Caller, *, line_ids: Sequence[UUID]) -> None:
    """What was bought leaves the cart."""
    if caller.person is not None:
        CartLine.objects.filter(cart__person=caller.person, pk__in=line_ids).delete()


def _made(**owner: Any) -> Cart:
    found = Cart.objects.filter(**owner).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Cart.objects.create(**owner)
    except IntegrityError:
        return Cart.objects.get(**owner)


def _merge(other: Cart, cart: Cart) -> None:
    with transaction.atomic():
        locked = list(Cart.objects.select_for_update(no_key=True).filter(pk__in=[other.pk, cart.pk]).order_by("pk"))
        if len(locked) < 2:
            return
        mine = {(line.offer_id, line.custom_key): line for line in cart.lines.all()}
        for line in other.lines.all():
            same = mine.get((line.offer_id, line.custom_key))
            if same is None:
                line.cart = cart
                line.save(update_fields=["cart"])
                continue
            same.quantity = min(MOST_QUANTITY, same.quantity + line.quantity)
            same.is_prime = same.is_prime or line.is_prime
            same.save(update_fields=["quantity", "is_prime"])
        other.delete()
        _touch(cart)


def _line(caller: Caller, token: str, line_id: str | UUID) -> CartLine:
    cart = own_cart(caller, token=token)
    line = CartLine.objects.select_for_update(of=("self",)).filter(cart=cart, pk=as_id(line_id))
    found = line.select_related("offer__product").first()
    if found is None:
        raise NotFound(what="cart line")
    return found


def _require_there(offer: Offer, quantity: int) -> None:
    if quantity > MOST_QUANTITY:
        require_quantity(quantity)
    if quantity > offer.units_sellable:
        raise NotThatMany(available=offer.units_sellable, title=offer.product.title)


def _custom_key(customisation: dict[str, Any]) -> str:
    if not customisation:
        return ""
    return hashlib.sha256(json.dumps(customisation, sort_keys=True).encode()).hexdigest()


def _touch(cart: Cart) -> None:
    Cart.objects.filter(pk=cart.pk).update(updated_at=clock.now())
