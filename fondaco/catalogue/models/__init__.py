"""Tables of the catalogue: products, offers, stock, and the pictures that were submitted for a product."""

from fondaco.catalogue.models.gallery import ImageGroup, ListingImage
from fondaco.catalogue.models.offer import Offer, StockMovement
from fondaco.catalogue.models.product import Product

__all__ = ["ImageGroup", "ListingImage", "Offer", "Product", "StockMovement"]
