"""What a buyer asks to have made: choices against the maker's definition, and the pictures for them (B-HAND-11)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_noop as N_

from fondaco.catalogue.models import Offer
from fondaco.images.models import Picture
from fondaco.images.operations import PictureTooBig
from fondaco.kit.errors import Invalid, Refusal
from fondaco.makers.handmade import is_type
from fondaco.makers.models import HandmadeListing
from fondaco.makers.operations.pictures import take_photo
from fondaco.makers.rules import customisation as rules
from fondaco.policy import store_of

MOST_BYTES = 10 * 1024 * 1024


class ChoicesNotValid(Invalid):
    """`findings` name every place that is missing or cannot be made."""

    CODE = "customisation_choices_not_valid"
    WORDS = N_("This cannot be made yet: %(count)s of your choices are missing or too long.")
    FIX = N_("Correct what stands beside each of them. What you filled in is kept.")
    CLAUSE = "B-HAND-11"


class ChoicesMissing(Invalid):
    CODE = "customisation_choices_missing"
    WORDS = N_("“%(title)s” is made to order: choose on its page what the maker asks for.")
    FIX = N_("Open the product page and fill in what has to be filled in.")
    CLAUSE = "B-HAND-11"


class ChoicesOutdated(Refusal):
    CODE = "customisation_changed"
    WORDS = N_("The maker has changed what can be customised on “%(title)s”.")
    FIX = N_("Take it out of the cart and choose again on its page.")
    CLAUSE = "B-HAND-11"


def offered_with(offer: Offer, *, at: datetime) -> dict[str, Any]:
    """The definition by which a buyer can have this offer customised now; empty when there is none.

    What an option costs more is in the currency of the maker's own store: in another store such options are left out.
    """
    if not is_type(offer.product.product_type):
        return {}
    rows = HandmadeListing.objects.filter(product_id=offer.product_id, seller_id=offer.seller_id)
    active = rows.filter(Q(customisation_at__lte=at) | Q(customisation_due_at__lte=at))
    found = active.select_related("seller").first()
    if found is None or not found.customisation:
        return {}
    if offer.currency == store_of(found.seller.store).currency:
        return dict(found.customisation)
    return rules.without_extras(found.customisation)


def choose(offer: Offer, *, given: Mapping[str, Any], pictures: Collection[str] = (), at: datetime) -> dict[str, Any]:
    """The buyer's choices as they are kept with the cart line; empty when nothing was chosen.

    `given`: place → text, number of an option, or the sha-256 of one of `pictures`. Raises ChoicesNotValid.
    """
    definition = offered_with(offer, at=at)
    choices, faults, more = rules.read_choices(definition, given, pictures=pictures)
    if faults:
        raise ChoicesNotValid(count=len(faults), findings=faults)
    return rules.as_asked(definition, choices, more)


def take_choice_picture(*, data: bytes, name: str) -> Picture:
    """A buyer's own picture, through the inspector. Raises PictureTooBig, PhotoNotAcceptable, PictureEmpty."""
    if len(data) > MOST_BYTES:
        raise PictureTooBig(size_bytes=len(data), limit_bytes=MOST_BYTES)
    picture, _findings = take_photo(data=data, name=name)
    return picture


def require(offer: Offer, customisation: Mapping[str, Any], *, at: datetime) -> None:
    """Whether an offer can be bought so now. Raises ChoicesMissing, ChoicesOutdated."""
    definition = offered_with(offer, at=at)
    if not definition:
        if customisation and is_type(offer.product.product_type):
            raise ChoicesOutdated(title=offer.product.title)
        return
    if not rules.judge_again(definition, customisation):
        return
    if not customisation:
        raise ChoicesMissing(title=offer.product.title)
    raise ChoicesOutdated(title=offer.product.title)
