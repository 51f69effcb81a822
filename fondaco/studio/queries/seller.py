"""What sellers see of imaging: the pop-up, their orders, rights of pictures, what it did to returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fondaco import policy
from fondaco.catalogue import product_types, returned
from fondaco.catalogue.models import ListingImage, Offer, OfferStatus, Product
from fondaco.catalogue.queries.access import product_by_asin
from fondaco.catalogue.returned import Sold
from fondaco.catalogue.rules.states import LIVE, OVER
from fondaco.engine import clock
from fondaco.kit.errors import NotFound
from fondaco.kit.money import Money
from fondaco.sellers.access import Caller
from fondaco.sellers.queries import as_id, sellers_for
from fondaco.sellers.rules import Capability, Role
from fondaco.studio.models import Batch, Cancellation, ImageRights, ImagingOrder, Shot
from fondaco.studio.queries.asking import ask
from fondaco.studio.reading import accepted_wishes, is_allowed
from fondaco.studio.rules import ordering
from fondaco.studio.rules.ordering import CannotOrder
from fondaco.studio.rules.states import OPEN, OrderState
from fondaco.studio.rules.wishes import Accepted

RATE_DAYS = 90
"""How long before and after publication the return rate is counted."""


@dataclass(frozen=True, slots=True)
class PopUp:
    """Everything in "Let us image your products": the quote, and either the button, the reason, or the status."""

    product: Product
    price: Money | None
    refusal: CannotOrder | None
    order: ImagingOrder | None  # the open one
    last: ImagingOrder | None  # the last that ended
    sellable_units: int
    is_only_unit: bool
    colours: tuple[str, ...]
    is_worn: bool
    sizes: Any
    min_images: int
    accepts: Accepted
    now: datetime

    @property
    def shown(self) -> ImagingOrder | None:
        """The order whose state is shown."""
        return self.order or self.last

    @property
    def cancellation(self) -> Cancellation | None:
        return self.shown.cancellations.order_by("-requested_at").first() if self.shown else None

    @property
    def can_be_cancelled(self) -> bool:
        """Whether a case may still ask for it (IMG-SVC-54, policy)."""
        if self.order is None:
            return False
        return self.order.state in policy.value("imaging.cancel_statuses", self.order.store, at=self.now).value

    @property
    def is_delayed(self) -> bool:
        return bool(self.order and is_delayed(self.order, self.now))


def pop_up(caller: Caller, asin: str) -> PopUp:
    """The pop-up of a product for the account being worked in. A look, without obligation (IMG-SVC-23).

    Raises NotFound, SignInRequired, SellerRequired, Denied.
    """
    seller = caller.require_seller(Capability.VIEW)
    product = product_by_asin(asin)
    at = clock.now()
    offers = list(Offer.objects.filter(seller=seller, product=product))
    if not offers and not ImagingOrder.objects.filter(seller=seller, product=product).exists():
        raise NotFound(what="product")
    asked = ask(seller, product, offers, at=at)
    mine = ImagingOrder.objects.filter(seller=seller, product=product).select_related("product", "offer")
    least = asked.terms.values["imaging.sellable_during.min_units"]
    categories = product_types.categories_of(product.product_type)
    return PopUp(
        product=product,
        price=asked.price,
        refusal=ordering.refusal_of(ordering.diagnose(asked.facts)),
        order=asked.open_order,
        last=mine.exclude(state__in=[s.value for s in OPEN]).order_by("-placed_at", "-id").first(),
        sellable_units=asked.facts.sellable_units,
        is_only_unit=0 < asked.facts.sellable_units < least,
        colours=_colours(product),
        is_worn="apparel" in categories,
        sizes=policy.value("imaging.recommended_size", seller.store, at=at).value,
        min_images=asked.terms.values["imaging.min_images"],
        accepts=accepted_wishes(store=seller.store, at=at),
        now=at,
    )


def is_delayed(order: ImagingOrder, at: datetime) -> bool:
    """Whether the estimated day has passed without publication (Q-06)."""
    return order.is_open and order.published_at is None and order.eta_at is not None and at > order.eta_at


def orders_for(caller: Caller, *, state: str = "") -> QuerySet[ImagingOrder]:
    """The orders of the account being worked in."""
    seller = caller.require_seller(Capability.VIEW)
    rows = ImagingOrder.objects.filter(seller=seller).select_related("product", "offer", "product__main_picture")
    return rows.filter(state=state) if state in list(OrderState) else rows


def order_for(caller: Caller, order_id: str | UUID) -> ImagingOrder:
    """One order of an account that the caller sees. Raises NotFound."""
    rows = ImagingOrder.objects.filter(pk=as_id(order_id), seller__in=sellers_for(caller))
    order = rows.select_related("product", "offer", "seller").first()
    if order is None:
        raise NotFound(what="order")
    if not caller.sees_every_seller:
        caller.require(Capability.VIEW, seller=order.seller)
    return order


def batches_for(caller: Caller) -> QuerySet[Batch]:
    """The lists that the account has ordered by."""
    return Batch.objects.filter(seller=caller.require_seller(Capability.VIEW)).select_related("by")


def batch_for(caller: Caller, batch_id: str | UUID) -> Batch:
    """One of them. Raises NotFound."""
    batch = Batch.objects.filter(pk=as_id(batch_id), seller__in=sellers_for(caller)).first()
    if batch is None:
        raise NotFound(what="batch")
    return batch


def preview_of(caller: Caller, order: ImagingOrder) -> list[Shot]:
    """The pictures of an order that the caller found, as they will be published: those that a retoucher passed.

    Empty unless policy `imaging.preview` lets sellers look, and once they are published (IMG-SVC-49).
    """
    if order.published_at or order.state != OrderState.IMAGING_COMPLETE:
        return []
    if not is_allowed("imaging.preview", store=order.store):
        return []
    return list(order.shots.filter(passed_at__isnull=False).select_related("final").order_by("number"))


def downloadable(caller: Caller, image_id: str | UUID) -> ListingImage:
    """A listing image of the account being worked in, as a file to keep. Raises NotFound.

    Only where policy `imaging.download` offers files (IMG-SVC-43); never a picture that is off, that ends with a
    licence, or that may not be used elsewhere (IMG-SVC-40, IMG-SVC-42).
    """
    seller = caller.require_seller(Capability.VIEW)
    image = ListingImage.objects.filter(pk=as_id(image_id), seller=seller, picture__isnull=False).first()
    if image is None or image.state in OVER or not is_allowed("imaging.download", store=seller.store):
        raise NotFound(what="image")
    held = ImageRights.objects.filter(pk=image.pk).first()
    if held and (not held.offsite or held.offsite_withdrawn_at or held.withdrawn_at or held.ends_on):
        raise NotFound(what="image")
    return image


def rights_of(caller: Caller, order: ImagingOrder) -> list[ImageRights]:
    """The rights of the pictures of an order that the caller found."""
    rows = ImageRights.objects.filter(order=order).select_related("image__picture", "image__product")
    return list(rows.prefetch_related("removals").order_by("published_at", "image__variant"))


def rights_of_image(caller: Caller, image_id: UUID) -> ImageRights | None:
    """The rights of one listing image of an account that the caller sees; None for a picture of one's own."""
    rows = ImageRights.objects.filter(pk=image_id, image__seller__in=sellers_for(caller))
    return rows.select_related("image__product__parent", "image__seller", "order").prefetch_related("removals").first()


def other_sizes(image: ListingImage) -> list[Product]:
    """The seller's other sizes of the colour of a picture's product, which do not show the picture yet (Q-09)."""
    product = image.product
    if product.parent_id is None or "size" not in (product.parent.variation_theme if product.parent else ""):
        return []
    mine = Offer.objects.filter(seller_id=image.seller_id, status=OfferStatus.ACTIVE, product__parent=product.parent_id)
    live = [state.value for state in LIVE]
    shown = ListingImage.objects.filter(seller_id=image.seller_id, picture_id=image.picture_id, state__in=live)
    there = Product.objects.filter(pk__in=mine.values("product_id")).exclude(pk=product.pk)
    there = there.exclude(pk__in=shown.values("product_id")).order_by("pk")
    return [each for each in there if _differ_by_size(product.attributes, each.attributes)]


def _differ_by_size(one: dict[str, Any], other: dict[str, Any]) -> bool:
    colours = {str(each.get("color", "")).strip().casefold() for each in (one, other)}
    return len(colours) == 1 and one.get("size") != other.get("size")


def every_rights(caller: Caller, *, text: str = "") -> QuerySet[ImageRights]:
    """All studio pictures, for the operator; of one ASIN where given."""
    caller.require_role(Role.OPERATOR)
    rows = ImageRights.objects.select_related("image__product", "image__seller", "image__picture", "order")
    return rows.filter(image__product__asin=text.strip().upper()[:10]) if text.strip() else rows


def published_orders(caller: Caller, *, text: str = "") -> QuerySet[ImagingOrder]:
    """Orders whose pictures are published, for the operator; of one ASIN where given."""
    caller.require_role(Role.OPERATOR)
    rows = ImagingOrder.objects.filter(published_at__isnull=False)
    rows = rows.select_related("product", "seller", "product__main_picture")
    return rows.filter(product__asin=text.strip().upper()[:10]) if text.strip() else rows


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Units sold and returned in the days before and after studio pictures were published (IMG-SVC-09)."""

    before: Sold
    after: Sold
    published_at: datetime


def return_rates(order: ImagingOrder) -> BeforeAfter | None:
    """The figure of an order's product, or None before publication and where nobody counts returns."""
    if order.published_at is None:
        return None
    since, until = order.published_at - timedelta(days=RATE_DAYS), order.published_at + timedelta(days=RATE_DAYS)
    before = returned.sold_and_returned(product_id=order.product_id, since=since, until=order.published_at)
    after = returned.sold_and_returned(product_id=order.product_id, since=order.published_at, until=until)
    return BeforeAfter(before, after, order.published_at) if before and after else None


def _colours(product: Product) -> tuple[str, ...]:
    """The colours of a product's family, where it varies by colour (IMG-SVC-56)."""
    if product.parent_id is None:
        return ()
    siblings = Product.objects.filter(parent_id=product.parent_id).values_list("attributes", flat=True)
    found = sorted({str(each.get("color", "")).strip() for each in siblings} - {""})
    return tuple(found) if len(found) > 1 else ()
