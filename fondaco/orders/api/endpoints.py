"""Cart, checkout and orders for programs. Each endpoint calls one operation or query."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from ninja import Router

from fondaco.api import IdempotencyKey, Limit, PageOut, answers, paged
from fondaco.engine import clock
from fondaco.orders import operations
from fondaco.orders.api import schemas
from fondaco.orders.models import Order, OrderItem
from fondaco.orders.operations import Line, carts
from fondaco.orders.queries.access import order_for
from fondaco.orders.queries.cart import Row, addresses_of_buyer, cards_of_buyer, cart_for, rows_of
from fondaco.orders.queries.lists import Filters, orders_of_buyer, orders_of_seller
from fondaco.policy import store_of
from fondaco.sellers import queries as sellers_queries
from fondaco.sellers.access import Caller, Request
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.queries import as_id
from fondaco.web.paging import page_of

router = Router(tags=["orders"])


@router.get("/cart", response=answers(schemas.CartOut), summary="The cart, with delivery options at an address")
def cart(request: Request, address: str = "", zip: str = "") -> dict[str, Any]:
    """`address`: the id of one of yours; else only a ZIP. A ZIP that nobody knows is served as standard, never refused."""
    return _cart(request.caller, address=address, zip_code=zip)


@router.put("/cart/lines/{offer}", response=answers(schemas.CartOut), summary="So many units of an offer")
def put_line(request: Request, offer: str, body: schemas.LineIn) -> dict[str, Any]:
    """The same request again changes nothing. A programme offer stays one in the cart (Q-39)."""
    caller = request.caller
    caller.require_person()
    row = next((r for r in _rows(caller, _where(caller, "", "")) if r.line.offer_id == as_id(offer)), None)
    if row is None:
        carts.put_in(caller, token="", offer_id=offer, quantity=body.quantity, address=_where(caller, "", ""))
    else:
        carts.change_quantity(caller, token="", line_id=row.line.pk, quantity=body.quantity)
    return _cart(caller)


@router.delete("/cart/lines/{offer}", response=answers(schemas.CartOut), summary="Take an offer out")
def delete_line(request: Request, offer: str) -> dict[str, Any]:
    caller = request.caller
    caller.require_person()
    for row in _rows(caller, _where(caller, "", "")):
        if row.line.offer_id == as_id(offer):
            carts.take_out(caller, token="", line_id=row.line.pk)
    return _cart(caller)


@router.get("/addresses", response=answers(list[schemas.AddressOut]), summary="Where you have things delivered")
def addresses(request: Request) -> list[dict[str, Any]]:
    return [
        {"id": str(a.pk), "lines": a.lines, "postal_code": a.postal_code, "country": a.country}
        for a in addresses_of_buyer(request.caller)
    ]


@router.get("/cards", response=answers(list[schemas.CardOut]), summary="What you can pay with")
def cards(request: Request) -> list[dict[str, Any]]:
    return [
        {
            "id": str(card.pk),
            "brand": card.brand,
            "last4": card.last4,
            "expiry_month": card.expiry_month,
            "expiry_year": card.expiry_year,
            "is_default": card.is_default,
        }
        for card in cards_of_buyer(request.caller)
    ]


@router.post("/checkouts", response=answers(list[schemas.OrderOut], status=201), summary="Buy: one order a seller")
def checkout(request: Request, body: schemas.CheckoutIn, key: IdempotencyKey) -> tuple[int, list[dict[str, Any]]]:
    """The card is charged once for a key; the same key again answers the same orders."""
    caller = request.caller
    if earlier := operations.orders_of_request(caller, request_key=key):
        return 201, [_order(order) for order in earlier]
    address = sellers_queries.address_for(caller, body.address)
    card = sellers_queries.card_for(caller, body.card) if body.card else None
    rows = [] if body.lines else _rows(caller, address.postal)
    lines = [_given(line) for line in body.lines] or [_held(row, body.speeds) for row in rows]
    orders = operations.place_order(caller, lines=lines, address=address.postal, card=card, request_key=key)
    carts.take_out_bought(caller, line_ids=[row.line.pk for row in rows])
    return 201, [_order(order) for order in orders]


@router.get("/orders", response=answers(PageOut[schemas.OrderOut]), summary="What you bought")
def bought(request: Request, limit: Limit = 50) -> dict[str, Any]:
    page = page_of(orders_of_buyer(request.caller), request=request, order=("-placed_at", "-id"), size=limit)
    return paged(page, _order)


@router.get("/seller/orders", response=answers(PageOut[schemas.OrderOut]), summary="What the account sold")
def sold(request: Request, limit: Limit = 50, status: str = "", prime: str = "") -> dict[str, Any]:
    filters = Filters.of({"status": status, "prime": prime})
    page = page_of(orders_of_seller(request.caller, filters), request=request, order=("-placed_at", "-id"), size=limit)
    return paged(page, _order)


@router.get("/orders/{number}", response=answers(schemas.OrderOut), summary="An order that you bought or sold")
def order(request: Request, number: str) -> dict[str, Any]:
    return _order(order_for(request.caller, number))


@router.post("/orders/{number}/cancellations", response=answers(schemas.OrderOut), summary="Cancel what was not sent")
def cancel(request: Request, number: str, body: schemas.CancelIn) -> dict[str, Any]:
    """A unit is cancelled once; what is cancelled already stays so."""
    operations.cancel_order(request.caller, number=number, reason=body.reason, units=body.units or None, note=body.note)
    return _order(order_for(request.caller, number))


def _where(caller: Caller, address: str, zip_code: str) -> PostalAddress:
    if address:
        return sellers_queries.address_for(caller, address).postal
    if not zip_code and (own := addresses_of_buyer(caller)):
        return own[0].postal
    country = store_of(settings.FONDACO_DEFAULT_STORE).country
    return PostalAddress(postal_code=zip_code.replace("\0", "").strip()[:20], country=country)


def _rows(caller: Caller, where: PostalAddress) -> list[Row]:
    return rows_of(cart_for(caller, token=""), caller=caller, address=where, at=clock.now())


def _cart(caller: Caller, *, address: str = "", zip_code: str = "") -> dict[str, Any]:
    caller.require_person()
    where = _where(caller, address, zip_code)
    rows = _rows(caller, where)
    first = rows[0] if rows else None
    return {
        "address": address,
        "zip": where.postal_code,
        "place": first.choices.place if first else "",
        "is_zip_known": first.choices.address_known if first else True,
        "goods_minor": sum(row.total_minor for row in rows),
        "currency": first.line.offer.currency if first else "",
        "lines": [_line(row) for row in rows],
    }


def _line(row: Row) -> dict[str, Any]:
    offer, choices = row.line.offer, row.choices
    return {
        "offer": str(offer.pk),
        "asin": offer.product.asin,
        "title": offer.product.title,
        "seller": offer.seller.number,
        "quantity": row.line.quantity,
        "price_minor": offer.price_minor,
        "currency": offer.currency,
        "is_prime": choices.is_prime,
        "has_badge": choices.has_badge,
        "keeps_prime": row.line.is_prime,
        "problem": row.problem,
        "clause": choices.clause,
        "options": [
            {
                "speed": str(o.speed),
                "price_minor": o.price_minor,
                "ship_by": o.ship_by,
                "promised_date": o.promised_date,
                "is_guaranteed": o.guaranteed,
                "clause": o.clause,
            }
            for o in choices.options
        ],
    }


def _given(line: schemas.BuyLineIn) -> Line:
    return Line(
        as_id(line.offer),
        line.quantity,
        speed=line.speed[:8],
        seen_price_minor=line.seen_price_minor,
        seen_shipping_minor=line.seen_shipping_minor,
        seen_promised_date=line.seen_promised_date,
    )


def _held(row: Row, speeds: dict[str, str]) -> Line:
    """A line of the cart as it stands there: with its price, and Prime if it was put in as such."""
    line = row.line
    return Line(
        line.offer_id,
        line.quantity,
        speed=speeds.get(str(line.offer_id), "")[:8],
        keeps_prime=line.is_prime,
        customisation=line.customisation,
    )


def _order(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "status": order.status,
        "seller": order.seller.number,
        "placed_at": order.placed_at,
        "is_member": order.is_member,
        "has_prime": order.has_prime,
        "currency": order.currency,
        "total_minor": order.total_minor,
        "address": order.address_lines,
        "items": [_item(item) for item in sorted(order.items.all(), key=lambda i: i.position)],
    }


def _item(item: OrderItem) -> dict[str, Any]:
    return {
        "asin": item.asin,
        "sku": item.sku,
        "title": item.title,
        "quantity": item.quantity,
        "price_minor": item.price_minor,
        "shipping_minor": item.shipping_minor,
        "tax_minor": item.tax_minor,
        "is_prime": item.is_prime,
        "speed": item.speed,
        "ship_by": item.ship_by,
        "promised_date": item.promised_date,
        "is_guaranteed": item.guaranteed,
        "units": [
            {
                "id": str(unit.pk),
                "number": unit.number,
                "state": unit.state,
                "tracking": unit.parcel.tracking_number if unit.parcel else "",
            }
            for unit in sorted(item.units.all(), key=lambda u: u.number)
        ],
    }
