"""Moving a product from another category into the handmade store (HAND-19, B-HAND-14, Q-46)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history, policy
from fondaco.catalogue import locks
from fondaco.catalogue.models import ListingImage, Offer, OfferStatus
from fondaco.catalogue.operations import NewImage, add_product
from fondaco.catalogue.operations.publish import publish_locked
from fondaco.catalogue.product_types import product_type
from fondaco.catalogue.queries.access import offer_for
from fondaco.catalogue.rules.states import LIVE
from fondaco.engine import clock
from fondaco.images.operations import original as original_bytes
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.makers.handmade import is_type
from fondaco.makers.models import Relisting
from fondaco.makers.queries.applications import maker_for
from fondaco.makers.rules.listing import TYPES
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability


class NotRelistable(Refusal):
    CODE = "not_relistable"
    WORDS = N_("This listing cannot be moved: it is %(why)s.")
    FIX = N_("Choose an active listing of your own that stands in another category.")
    CLAUSE = "Q-46"


class CriteriaNotMet(Invalid):
    CODE = "relisting_criteria_not_met"
    WORDS = N_("A product of the handmade store meets every criterion; you left out: %(criteria)s.")
    FIX = N_("Confirm each of them. What does not meet them stays where it is.")
    CLAUSE = "HAND-19"


class NotHandmadeType(Invalid):
    CODE = "relisting_needs_handmade_category"
    WORDS = N_("Choose one of the handmade categories.")
    CLAUSE = "B-HAND-14"


def relist(
    caller: Caller,
    *,
    offer_id: str | uuid.UUID,
    product_type_key: str,
    sku: str,
    confirmed: frozenset[str] | set[str],
    title: str = "",
    description: str = "",
    attributes: Mapping[str, Any] | None = None,
    price_minor: int | None = None,
    quantity: int | None = None,
    handling_days: int | None = None,
) -> Relisting:
    """A copy of one's listing in the handmade store, under a new SKU. `confirmed` are the codes of the criteria.

    The original stays live until the copy can be shown; then it ends and the copy appears, in one transaction. Orders
    stay with the original. One listing is moved once; asking again answers the same.
    Raises NotFound, Denied, NotRelistable, NotHandmadeType, CriteriaNotMet, SkuTaken, and what listing refuses.
    """
    seller = maker_for(caller).seller
    caller.require(Capability.EDIT_LISTINGS, seller=seller)
    original = offer_for(caller, offer_id)
    if original.seller_id != seller.pk:
        raise NotFound
    if done := Relisting.objects.filter(original=original).select_related("offer__product").first():
        return done
    require_relistable(original)
    if product_type_key not in TYPES:
        raise NotHandmadeType
    _require_criteria(confirmed)
    of_type = product_type(product_type_key)
    product = original.product
    kept = {k: v for k, v in product.attributes.items() if str(v).strip()}
    at = clock.now()
    with transaction.atomic():
        locks.product(product.pk)
        if done := Relisting.objects.filter(original=original).select_related("offer__product").first():
            return done
        added = add_product(
            caller,
            product_type=of_type.key,
            title=title or product.title,
            brand=product.brand,
            description=description or product.description,
            attributes={**kept, **(attributes or {})},
            hazmat_class=product.hazmat_class,
            sku=sku,
            price_minor=original.price_minor if price_minor is None else price_minor,
            quantity=original.units_sellable if quantity is None else quantity,
            condition=original.condition,
            handling_days=handling_days or max(1, original.handling_days),
            store=original.store,
            pictures=_pictures(caller, original),
            request_key=f"relist:{original.pk.hex}",
        )
        row = Relisting.objects.create(
            original=original,
            offer=added.offer,
            answers={"criteria": sorted(confirmed)},
            started_by=caller.require_person(),
            started_at=at,
        )
        about = {"from": product.asin, "to": added.product.asin, "sku": sku}
        history.record(actor=caller, verb="handmade.relisting", subject=product, about=about, clause="HAND-19", at=at)
        history.record(
            actor=caller, verb="handmade.relisted_from", subject=added.product, about=about, clause="HAND-19", at=at
        )
    return row


def switch(relisting_id: uuid.UUID) -> bool:
    """End the original where nothing else holds the copy back, and show the copy: both or neither. For the task.

    Answers whether it was done now. One that is not ready, or was switched, is left alone.
    """
    found = Relisting.objects.select_related("offer__product", "original").filter(pk=relisting_id).first()
    if found is None or found.switched_at:
        return False
    with transaction.atomic():
        products = locks.products([found.offer.product_id, found.original.product_id])
        locks.offers([found.original_id, found.offer_id])
        row = Relisting.objects.select_for_update(of=("self",)).get(pk=found.pk)
        copy = next(p for p in products if p.pk == found.offer.product_id)
        if row.switched_at or copy.held_reason != "handmade_relisting":
            return False
        at = clock.now()
        row.switched_at = at
        row.save(update_fields=["switched_at"])
        original = Offer.objects.get(pk=found.original_id)
        if original.status == OfferStatus.ACTIVE:
            original.status, original.updated_at = OfferStatus.CLOSED.value, at
            original.save(update_fields=["status", "updated_at"])
        about = {"to": copy.asin}
        history.record(actor=None, verb="offer.relisted", subject=original, about=about, clause="Q-46", at=at)
        publish_locked(products, at=at)
    return True


def require_relistable(original: Offer) -> None:
    """Refuses what is no active listing in another category. Raises NotRelistable."""
    from django.utils.translation import gettext_lazy as _

    if is_type(original.product.product_type):
        raise NotRelistable(why=_("in the handmade store already"))
    if original.status != OfferStatus.ACTIVE:
        raise NotRelistable(why=_("not active"))
    if original.condition != "new":
        raise NotRelistable(why=_("not new"))


def criteria() -> dict[str, str]:
    """Code → label (msgid) of what every product must be (B-HAND-02)."""
    rows = policy.value("handmade.eligibility", at=clock.now()).value["products"]
    return {row["code"]: row["label"] for row in rows}


def _require_criteria(confirmed: frozenset[str] | set[str]) -> None:
    from django.utils.translation import gettext_lazy

    left = [gettext_lazy(label) for code, label in criteria().items() if code not in confirmed]
    if left:
        raise CriteriaNotMet(criteria=left)


def _pictures(caller: Caller, original: Offer) -> list[NewImage]:
    """The seller's own pictures of the original that were good enough, in their slots."""
    rows = ListingImage.objects.filter(
        product=original.product_id,
        seller=original.seller_id,
        state__in=[s.value for s in LIVE],
        picture__isnull=False,
    ).exclude(state="rejected")
    found: dict[str, NewImage] = {}
    for image in rows.order_by("submitted_at"):
        try:
            data = original_bytes(image.picture_id or "")
        except NotFound:
            continue
        found[image.variant] = NewImage(data=data, file_name=image.file_name, variant=image.variant)
    return [found[name] for name in sorted(found, key=lambda v: (v != "MAIN", v))]
