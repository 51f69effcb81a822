"""The seller's pages of the catalogue; mounted by `urls`."""

from __future__ import annotations

from django.urls import path

from fondaco.catalogue.web import add, check, images, inventory, mending, overview, troubleshoot, uploads

_IMAGES = "seller/products/<str:asin>/images/"

urlpatterns = [
    path("seller/", overview.portal, name="portal"),
    path("seller/inventory/", inventory.listing, name="inventory"),
    path("seller/inventory/bulk/", inventory.bulk, name="inventory_bulk"),
    path("seller/inventory/<uuid:offer_id>/", inventory.edit, name="edit_offer"),
    path("seller/inventory/<uuid:offer_id>/close/", inventory.close_offer, name="close_offer"),
    path("seller/inventory/<uuid:offer_id>/reopen/", inventory.reopen_offer, name="reopen_offer"),
    path("seller/products/add/", add.choose, name="add_product"),
    path("seller/products/add/new/", add.new, name="add_new"),
    path("seller/products/add/<str:asin>/", add.join, name="add_offer"),
    path("seller/images/check/", check.check, name="check_image"),
    path("seller/images/troubleshoot/", troubleshoot.troubleshoot, name="troubleshoot"),
    path(_IMAGES, images.manage, name="manage_images"),
    path(f"{_IMAGES}slots/", images.slots, name="images_slots"),
    path(f"{_IMAGES}history/", images.history, name="images_history"),
    path(f"{_IMAGES}ranking/", images.ranking, name="images_ranking"),
    path(f"{_IMAGES}upload/", uploads.upload, name="images_upload"),
    path(f"{_IMAGES}by-address/", uploads.by_address, name="images_by_address"),
    path(f"{_IMAGES}<uuid:image_id>/", images.image, name="image"),
    path(f"{_IMAGES}<uuid:image_id>/remove/", images.remove, name="image_remove"),
    path(f"{_IMAGES}<uuid:image_id>/restore/", images.restore, name="image_restore"),
    path(f"{_IMAGES}<uuid:image_id>/marketplaces/", check.marketplaces, name="image_marketplaces"),
    path(f"{_IMAGES}<uuid:image_id>/mend/", mending.mend, name="image_mend"),
]
