"""Verbs of the catalogue. Each owns its transaction, locks in the order of `locks`, and may be repeated."""

from fondaco.catalogue.operations.images import NewImage, remove_image, restore_image, submit_image, submit_images
from fondaco.catalogue.operations.offers import change_offer, close, create_offer, reopen
from fondaco.catalogue.operations.products import Added, add_product, change_product, set_hazmat_class
from fondaco.catalogue.operations.publish import publish_galleries
from fondaco.catalogue.operations.stock import move_one_each, move_units
from fondaco.catalogue.operations.variations import create_family, link_variation, unlink_variation

__all__ = [
    "Added",
    "NewImage",
    "add_product",
    "change_offer",
    "change_product",
    "close",
    "create_family",
    "create_offer",
    "link_variation",
    "move_one_each",
    "move_units",
    "publish_galleries",
    "remove_image",
    "reopen",
    "restore_image",
    "set_hazmat_class",
    "submit_image",
    "submit_images",
    "unlink_variation",
]
