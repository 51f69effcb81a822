"""Sets up the demo store: people, sellers, listings. Doing it again adds only what is missing."""

from __future__ import annotations

from pathlib import Path

from fondaco.catalogue.models import ListingImage, Offer
from fondaco.catalogue.operations import NewImage, add_product, submit_images
from fondaco.demo.cases import ensure_cases
from fondaco.demo.conversations import ensure_conversations
from fondaco.demo.families import ensure_families
from fondaco.demo.goods import CALLOWAY, Listing, listings
from fondaco.demo.imaging import ensure_guide
from fondaco.demo.makers import ensure_maker, ensure_makers
from fondaco.demo.pictures import render
from fondaco.demo.purchases import ensure_purchases
from fondaco.demo.sendbacks import ensure_sendbacks
from fondaco.demo.service import ensure_service
from fondaco.sellers.access import Caller, caller_for
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.demo import DemoSeller, Persona, ensure_extra, ensure_personas
from fondaco.sellers.models import Membership
from fondaco.sellers.rules import MemberRole

SIZE_PX = 1200

#: One more seller, beside those of the personas: somebody to compete with.
_RIVAL = DemoSeller(
    CALLOWAY,
    "Calloway & Daughters Ltd.",
    "US",
    PostalAddress(name=CALLOWAY, street="5 Mill Row", city="Portland", region="OR", postal_code="97205", country="US"),
    brands=("Calloway", "Calloway Press"),
)
_RIVAL_OWNER = Persona("calloway", "Ruth Calloway", "", "", seller=CALLOWAY, member_role=MemberRole.OWNER)


def ensure_store() -> int:
    """People and listings, without photographs; returns how many listings were added. Takes seconds."""
    ensure_personas()
    ensure_extra(seller=_RIVAL, owner=_RIVAL_OWNER)
    ensure_maker()
    have = set(Offer.objects.values_list("sku", flat=True))
    callers = {name: _owner(name) for name in {listing.ware.seller for listing in listings()}}
    added = 0
    for listing in listings():
        if listing.sku not in have:
            _list(callers[listing.ware.seller], listing)
            added += 1
    ensure_families(_owner)
    ensure_purchases()
    ensure_sendbacks()
    ensure_service()
    ensure_guide()
    ensure_makers()
    ensure_conversations()
    ensure_cases()
    return added


def missing_photographs() -> list[Listing]:
    """Listings whose photographs have not been submitted: wanted minus present."""
    done = set(
        ListingImage.objects.filter(request_key__startswith="demo:").values_list("request_key", flat=True).distinct()
    )
    return [each for each in listings() if each.shots and not any(k.startswith(_key(each)) for k in done)]


def photograph(listing: Listing, *, own: Path | None = None) -> None:
    """Render and submit one listing's photographs, or submit the file `own` instead. Again, it submits nothing."""
    product = (
        Offer.objects.select_related("product").get(seller=_owner(listing.ware.seller).seller, sku=listing.sku).product
    )
    shots = (
        [NewImage(data=own.read_bytes(), file_name=own.name)]
        if own
        else [
            NewImage(
                data=_picture(listing, variant, damage), file_name=f"{product.asin}.{variant}.jpg", variant=variant
            )
            for variant, damage in listing.shots
        ]
    )
    submit_images(_owner(listing.ware.seller), asin=product.asin, pictures=shots, request_key=_key(listing))


def _picture(listing: Listing, variant: str, damage: str | None) -> bytes:
    colour = listing.look if listing.look.islower() else None
    return render(listing.ware.kind, seed=listing.number, size=SIZE_PX, variant=variant, colour=colour, damage=damage)


def _key(listing: Listing) -> str:
    return f"demo:{listing.sku}:pictures"


def _owner(seller: str) -> Caller:
    membership = Membership.objects.select_related("person").filter(seller__display_name=seller).order_by("id").first()
    assert membership is not None, f"the demo has no seller called {seller}"
    return caller_for(membership.person)


def _list(caller: Caller, listing: Listing) -> None:
    ware = listing.ware
    add_product(
        caller,
        sku=listing.sku,
        price_minor=listing.price_minor,
        product_type=ware.product_type,
        title=listing.title,
        brand=ware.brand,
        description=ware.about,
        attributes=listing.attributes,
        hazmat_class=ware.hazmat,
        quantity=listing.quantity,
        channel="marketplace" if ware.marketplace_ships else "seller",
        request_key=f"demo:{listing.sku}",
    )
