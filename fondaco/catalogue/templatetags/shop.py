"""`{% load shop %}{% product_card card.product card.offer eager=forloop.first %}`."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.safestring import SafeString

from fondaco.catalogue.models import Channel, Offer, Product
from fondaco.images.templatetags.pictures import picture
from fondaco.web.addresses import address
from fondaco.web.dates import money
from fondaco.web.frames import fill

register = template.Library()


@register.simple_tag
def product_card(product: Product, offer: Offer | None, eager: bool = False) -> SafeString:
    """A product of a list, with the offer that stands first. `eager` for what is seen first on a page."""
    values = {
        "picture": picture(product.main_picture, sizes="(min-width: 60rem) 14rem, 45vw", eager=eager),
        "url": address("catalogue:product", product.asin),
        "title": product.title,
        "price": money(offer.price_minor, offer.currency) if offer else "",
        "name": settings.FONDACO_MARKETPLACE_NAME,
    }
    return fill(
        "catalogue/product_card.html",
        values,
        is_offered=offer is not None,
        is_available=offer is not None and offer.units_sellable > 0,
        by_marketplace=offer is not None and offer.channel == Channel.MARKETPLACE,
    )
