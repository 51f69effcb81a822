"""Tables of the catalogue: products, offers, stock, and the pictures that were submitted for a product."""

from fondaco.catalogue.models.gallery import ImageGroup, ListingImage, Method, Source, StagedPicture
from fondaco.catalogue.models.offer import Channel, Condition, ImageStatus, Offer, OfferStatus, StockMovement
from fondaco.catalogue.models.product import BarcodeHold, Product
from fondaco.catalogue.models.search import SearchDocument

__all__ = [
    "BarcodeHold",
    "Channel",
    "Condition",
    "ImageGroup",
    "ImageStatus",
    "ListingImage",
    "Method",
    "Offer",
    "OfferStatus",
    "Product",
    "SearchDocument",
    "Source",
    "StagedPicture",
    "StockMovement",
]
