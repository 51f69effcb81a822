"""Adding a product, and changing what its page says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _

from fondaco import history
from fondaco.catalogue import locks, nudges, product_types, restrictions
from fondaco.catalogue.models import Channel, Condition, ListingImage, Method, Offer, Product
from fondaco.catalogue.operations import images, offers
from fondaco.catalogue.operations.images import NewImage
from fondaco.catalogue.product_types import ProductType
from fondaco.catalogue.queries.access import product_by_asin
from fondaco.engine import clock
from fondaco.kit import text
from fondaco.kit.errors import Denied, Invalid, Refusal
from fondaco.kit.ids import new_asin
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability

TITLE_LIMIT, BRAND_LIMIT, DESCRIPTION_LIMIT, VALUE_LIMIT = 200, 100, 10_000, 500
HAZMAT_CLASSES = ("none", "potential", "hazmat")
_ASIN_TRIES = 5


class AttributesMissing(Invalid):
    CODE = "attributes_missing"
    WORDS = _("Products of this type need: %(missing)s.")
    FIX = _("State these attributes and try again.")


class UnknownHazmatClass(Invalid):
    CODE = "unknown_hazmat_class"
    WORDS = _("There is no hazmat class called %(hazmat_class)s.")


class NotTheCreator(Denied):
    CODE = "not_the_creator"
    WORDS = _("Only the seller who added this product may change what its page says.")
    FIX = _("Open a support case with what is wrong on the page.")


class NoFreeAsin(Refusal):
    CODE = "no_free_asin"
    STATUS = 503
    WORDS = _("No free product number could be found. Try again.")


@dataclass(frozen=True, slots=True)
class Added:
    """What "Add a Product" made: the product (new, or the one joined), the offer, and the pictures."""

    product: Product
    offer: Offer
    images: tuple[ListingImage, ...] = field(default=())


def add_product(
    caller: Caller,
    *,
    sku: str,
    price_minor: int,
    asin: str = "",
    product_type: str = "",
    title: str = "",
    brand: str = "",
    description: str = "",
    attributes: Mapping[str, Any] | None = None,
    hazmat_class: str = "none",
    quantity: int = 0,
    channel: str = Channel.SELLER,
    condition: str = Condition.NEW,
    condition_note: str = "",
    handling_days: int = 1,
    currency: str = "",
    store: str = "",
    pictures: Sequence[NewImage] = (),
    method: str = Method.PORTAL,
    request_key: str = "",
) -> Added:
    """List a product: a new one, or with `asin` an offer on one that exists (IMG-06).

    The current seller account of the caller lists it. Pictures come by bytes or by address and go through the
    same door as later ones. Repeating with the same `request_key` answers the same.
    Raises AttributesMissing, UnknownProductType, SkuTaken, NotFound for an unknown ASIN, and what
    `create_offer` and `submit_image` refuse.
    """
    seller = caller.require_seller(Capability.EDIT_LISTINGS)
    if done := offers.already_made(seller, request_key):
        return _added_before(seller, done)
    offers.require_active(seller)
    at = clock.now()
    prepared = images.prepare(seller, pictures, method=method, request_key=request_key, at=at)
    try:
        with transaction.atomic():
            product = (
                locks.product(product_by_asin(asin).pk)
                if asin
                else _new_product(
                    caller,
                    seller,
                    product_type=product_type,
                    title=title,
                    brand=brand,
                    description=description,
                    attributes=attributes or {},
                    hazmat_class=hazmat_class,
                    store=store or seller.store,
                    at=at,
                )
            )
            offer = offers.put_up(
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
                at=at,
            )
            submitted = images.submit_prepared(caller, seller, product, prepared, at=at)
    except offers.AlreadyMade:
        return _added_before(seller, offers.require_made(seller, request_key))
    return Added(product, offer, tuple(submitted))


def _added_before(seller: SellerAccount, offer: Offer) -> Added:
    submitted = images.of_request(seller, offer.request_key)
    return Added(offer.product, offer, tuple(submitted))


def change_product(
    caller: Caller,
    *,
    asin: str,
    title: str | None = None,
    brand: str | None = None,
    description: str | None = None,
    attributes: Mapping[str, Any] | None = None,
) -> Product:
    """Change what a product's page says; only the seller who added it may. Given attributes are laid over the old.

    Raises NotFound, NotTheCreator, AttributesMissing.
    """
    seller = caller.require_seller(Capability.EDIT_LISTINGS)
    with transaction.atomic():
        product = locks.product(product_by_asin(asin).pk)
        if product.creator_id != seller.pk:
            raise NotTheCreator
        before = _words_of(product)
        product.title = text.line(title, limit=TITLE_LIMIT, required=True) if title is not None else product.title
        product.brand = text.line(brand, limit=BRAND_LIMIT) if brand is not None else product.brand
        if description is not None:
            product.description = text.paragraphs(description, limit=DESCRIPTION_LIMIT)
        if attributes is not None:
            product.attributes = checked_attributes(
                product_types.product_type(product.product_type), {**product.attributes, **attributes}
            )
        if _words_of(product) == before:
            return product
        at = clock.now()
        restrictions.require_sound(
            restrictions.Words(
                seller=seller,
                product_type=product_types.product_type(product.product_type),
                store=seller.store,
                at=at,
                title=product.title,
                brand=product.brand,
                description=product.description,
                attributes=product.attributes,
                creator_id=product.creator_id,
            )
        )
        product.title_key, product.updated_at = text.fold(product.title)[:400], at
        product.save()
        changed = [name for name, value in _words_of(product).items() if value != before[name]]
        history.record(actor=caller, verb="product.changed", subject=product, about={"changed": ", ".join(changed)})
        nudges.publish(product.pk)
    return product


def set_hazmat_class(
    *, product_id: UUID, hazmat_class: str, actor: Any, why: str = "", clause: str = "PRIME-46"
) -> Product:
    """Class a product's hazard anew. Called by operations of domains above, which have asked about access.

    The same class again changes nothing. Raises NotFound, UnknownHazmatClass.
    """
    if hazmat_class not in HAZMAT_CLASSES:
        raise UnknownHazmatClass(hazmat_class=hazmat_class[:40])
    at = clock.now()
    with transaction.atomic():
        product = locks.product(product_id)
        if product.hazmat_class == hazmat_class:
            return product
        before, product.hazmat_class, product.updated_at = product.hazmat_class, hazmat_class, at
        product.save(update_fields=["hazmat_class", "updated_at"])
        history.record(
            actor=actor,
            verb="product.hazmat_classed",
            subject=product,
            about={"before": before, "after": hazmat_class},
            why=why,
            clause=clause,
            at=at,
        )
    return product


def checked_attributes(of_type: ProductType, attributes: Mapping[str, Any]) -> dict[str, str]:
    """Attributes as stored: one line of text each, empty ones dropped. Raises AttributesMissing."""
    stated = {
        text.line(str(name), limit=60): text.line(str(value), limit=VALUE_LIMIT)
        for name, value in attributes.items()
        if value is not None
    }
    kept = {name: value for name, value in stated.items() if name and value}
    if missing := of_type.missing(kept):
        raise AttributesMissing(missing=", ".join(missing), product_type=of_type.key)
    return kept


def _new_product(
    caller: Caller,
    seller: SellerAccount,
    *,
    product_type: str,
    title: str,
    brand: str,
    description: str,
    attributes: Mapping[str, Any],
    hazmat_class: str,
    store: str,
    at: datetime,
) -> Product:
    of_type = product_types.product_type(product_type)
    if hazmat_class not in HAZMAT_CLASSES:
        raise UnknownHazmatClass(hazmat_class=hazmat_class[:40])
    restrictions.require_allowed(seller=seller, product_type=of_type, store=store, at=at)
    wanted = text.line(title, limit=TITLE_LIMIT, required=True)
    product = _with_free_asin(
        Product(
            product_type=of_type.key,
            title=wanted,
            title_key=text.fold(wanted)[:400],
            brand=text.line(brand, limit=BRAND_LIMIT),
            description=text.paragraphs(description, limit=DESCRIPTION_LIMIT),
            attributes=checked_attributes(of_type, attributes),
            hazmat_class=hazmat_class,
            creator=seller,
            created_at=at,
            updated_at=at,
        )
    )
    history.record(actor=caller, verb="product.added", subject=product, about={"asin": product.asin}, at=at)
    return product


def new_parent(
    caller: Caller,
    seller: SellerAccount,
    *,
    of_type: ProductType,
    title: str,
    brand: str,
    description: str,
    attributes: Mapping[str, Any],
    at: datetime,
) -> Product:
    """A product that nobody can buy, to head a family; inside the caller's transaction."""
    wanted = text.line(title, limit=TITLE_LIMIT, required=True)
    product = _with_free_asin(
        Product(
            product_type=of_type.key,
            title=wanted,
            title_key=text.fold(wanted)[:400],
            brand=text.line(brand, limit=BRAND_LIMIT),
            description=text.paragraphs(description, limit=DESCRIPTION_LIMIT),
            attributes=dict(attributes),
            creator=seller,
            created_at=at,
            updated_at=at,
        )
    )
    history.record(actor=caller, verb="product.added", subject=product, about={"asin": product.asin}, at=at)
    return product


def _with_free_asin(product: Product) -> Product:
    """Saves under a random number; a collision, which happens once in 36⁸, takes another."""
    for _attempt in range(_ASIN_TRIES):
        try:
            with transaction.atomic():
                product.save(force_insert=True)
            return product
        except IntegrityError:
            if not Product.objects.filter(asin=product.asin).exists():
                raise
            product.asin = new_asin()
    raise NoFreeAsin


def _words_of(product: Product) -> dict[str, Any]:
    return {
        "title": product.title,
        "brand": product.brand,
        "description": product.description,
        "attributes": dict(product.attributes),
    }
