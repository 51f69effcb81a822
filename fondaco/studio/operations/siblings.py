"""A seller shows a studio picture on the other sizes of its colour (Q-09). Nothing spreads by itself (IMG-SVC-57)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from fondaco.catalogue import locks as catalogue_locks
from fondaco.catalogue.models import ListingImage, Method, Source
from fondaco.catalogue.operations.images import JudgedImage, place_judged
from fondaco.catalogue.operations.publish import publish_locked
from fondaco.catalogue.rules import states as image_states
from fondaco.engine import clock
from fondaco.kit.errors import Invalid, NotFound
from fondaco.kit.ids import new_id
from fondaco.sellers.access import Caller
from fondaco.sellers.rules import Capability
from fondaco.studio.models import ImageRights
from fondaco.studio.queries.seller import other_sizes, rights_of_image
from fondaco.studio.reading import PROFILE
from fondaco.studio.rules.marked import N_

_COPIED = (
    "order_id",
    "shot_id",
    "owner",
    "has_model",
    "offsite",
    "ends_on",
    "delete_at",
    "notice_at",
    "noticed_at",
    "offsite_withdrawn_at",
    "withdrawn_why",
    "versions",
    "published_at",
)


class NoOtherSize(Invalid):
    CODE = "imaging_no_other_size"
    WORDS = N_("You offer no product that differs from this one by its size alone and does not show this picture yet.")
    FIX = N_("Link the sizes as variations of one product first.")
    CLAUSE = "Q-09"


def link_to_sizes(caller: Caller, *, image_id: UUID) -> list[ListingImage]:
    """Show a studio picture in the same slot of the seller's other sizes of the colour; what stood there is replaced.

    Each gets rights of its own, with the same end. Raises NotFound, Denied, NoOtherSize.
    """
    found = rights_of_image(caller, image_id)
    if found is None:
        raise NotFound(what="image")
    seller = found.image.seller
    caller.require(Capability.EDIT_LISTINGS, seller=seller)
    at = clock.now()
    with transaction.atomic():
        wanted = {product.pk for product in other_sizes(found.image)}
        products = catalogue_locks.products({*wanted, found.image.product_id})
        image = catalogue_locks.image(found.pk)
        row = ImageRights.objects.select_for_update(of=("self",)).get(pk=image.pk)
        if image.state not in image_states.STANDING or row.deleted_at or row.withdrawn_at or image.picture is None:
            raise NotFound(what="image")
        wanted -= set(_showing(image).values_list("product_id", flat=True))  # one who pressed a moment earlier
        if not wanted:
            raise NoOtherSize
        linked = [product for product in products if product.pk in wanted]
        made: list[ListingImage] = []
        for product in linked:
            copy = JudgedImage(
                id=new_id(),
                picture=image.picture,
                variant=image.variant,
                source=Source.STUDIO,
                rules=PROFILE,
                policy_version=image.policy_version,
            )
            made += place_judged(caller, seller=seller, product=product, placed=[copy], method=Method.STUDIO, at=at)
        same = {name: getattr(row, name) for name in _COPIED}
        ImageRights.objects.bulk_create([ImageRights(image=each, **same) for each in made])
        publish_locked(linked, at=at)
    return made


def _showing(image: ListingImage):  # type: ignore[no-untyped-def]
    """The seller's listing images with the same picture that stand or wait somewhere."""
    live = [state.value for state in image_states.LIVE]
    return ListingImage.objects.filter(seller_id=image.seller_id, picture_id=image.picture_id, state__in=live)
