"""Single things by their id, for who may see them. A lookup is the access."""

from __future__ import annotations

from uuid import UUID

from fondaco.catalogue.models import ListingImage, Offer, Product
from fondaco.engine.prepared import Prepared
from fondaco.kit.errors import NotFound
from fondaco.sellers.access import Caller
from fondaco.sellers.queries import as_id, sellers_for

_BY_ASIN = Prepared(lambda asin: Product.objects.filter(asin=asin).select_related("main_picture").order_by()[:1])


def product_by_asin(asin: str) -> Product:
    """A product of the catalogue; everybody may see it. Raises NotFound."""
    product: Product | None = _BY_ASIN.first(asin=asin.strip().upper()[:10])
    if product is None:
        raise NotFound(what="product", asin=asin[:40])
    return product


def offer_for(caller: Caller, offer_id: str | UUID) -> Offer:
    """An offer of a seller account that the caller sees, product and seller loaded. Raises NotFound."""
    found = Offer.objects.filter(pk=as_id(offer_id), seller__in=sellers_for(caller))
    offer = found.select_related("product", "seller").first()
    if offer is None:
        raise NotFound(what="offer")
    return offer


def image_for(caller: Caller, image_id: str | UUID) -> ListingImage:
    """A submitted picture of a seller account that the caller sees. Raises NotFound."""
    found = ListingImage.objects.filter(pk=as_id(image_id), seller__in=sellers_for(caller))
    image = found.select_related("product", "seller", "picture").first()
    if image is None:
        raise NotFound(what="image")
    return image
