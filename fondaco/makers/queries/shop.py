"""A maker's shop: listings with how they stand, the public page, suggestions, and why something is not found."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from fondaco.catalogue import batches
from fondaco.catalogue.models import ListingImage, Offer, OfferStatus, Product
from fondaco.catalogue.product_types import all_types, theme
from fondaco.catalogue.queries.reasons import held_words
from fondaco.catalogue.rules.states import ImageState
from fondaco.catalogue.search.find import search
from fondaco.engine import clock
from fondaco.kit.diagnosis import Diagnosis, run
from fondaco.kit.errors import NotFound
from fondaco.makers.models import HandmadeListing, Maker, MakerShop, ProfileVersion
from fondaco.makers.models.profile import ProfileState
from fondaco.makers.queries.applications import maker_for
from fondaco.makers.rules import not_found, suggestions
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount

MOST_SUGGESTED = 500


def listings_of(maker: Maker) -> Any:
    """A maker's listings, the newest first, with product and main picture."""
    rows = HandmadeListing.objects.filter(seller=maker.seller_id).select_related("product__main_picture", "seller")
    return rows.order_by("-listed_at", "-id")


def own_listing(caller: Caller, asin: str) -> HandmadeListing:
    """One of the maker's own listings. Raises NotFound."""
    maker = maker_for(caller)
    found = listings_of(maker).filter(product__asin=asin.strip().upper()[:10]).first()
    if found is None:
        raise NotFound
    return found


def shop_by_slug(slug: str) -> tuple[MakerShop, ProfileVersion]:
    """A maker's public page by its short address, of an account that may sell. Raises NotFound."""
    shop = MakerShop.objects.filter(slug=slug.lower()).select_related("seller").first()
    shown = ProfileVersion.objects.filter(seller=shop.seller, state=ProfileState.SHOWN).first() if shop else None
    if shop is None or shown is None or not shop.seller.is_active:
        raise NotFound
    return shop, shown


def shops() -> list[tuple[MakerShop, ProfileVersion]]:
    """Every maker with a page, the newest first."""
    shown = ProfileVersion.objects.filter(state=ProfileState.SHOWN, seller__status="active").select_related("seller")
    by_seller = {v.seller_id: v for v in shown.order_by("-decided_at")[:200]}
    found = MakerShop.objects.filter(seller__in=list(by_seller)).select_related("seller").order_by("-shown_at")
    return [(shop, by_seller[shop.seller_id]) for shop in found]


def shop_of(seller: SellerAccount) -> MakerShop | None:
    """The public page of a maker's account, if one is shown."""
    shop = MakerShop.objects.filter(seller=seller).first()
    if shop is None or not ProfileVersion.objects.filter(seller=seller, state=ProfileState.SHOWN).exists():
        return None
    return shop


def suggestions_for(maker: Maker) -> tuple[suggestions.Suggestion, ...]:
    """What would help the maker most, computed from their own listings (HAND-24)."""
    seller = maker.seller
    rows = list(listings_of(maker)[:MOST_SUGGESTED])
    ids = [row.product_id for row in rows]
    offers: dict[Any, list[Offer]] = {}
    for offer in Offer.objects.filter(product_id__in=ids, seller=seller, status=OfferStatus.ACTIVE):
        offers.setdefault(offer.product_id, []).append(offer)
    shown = dict(
        ListingImage.objects.filter(product_id__in=ids, state=ImageState.DISPLAYED.value)
        .values_list("product_id")
        .annotate(n=Count("pk"))
    )
    listed = tuple(
        _listed(row, offers.get(row.product_id, []), shown.get(row.product_id, 0))
        for row in rows
        if offers.get(row.product_id)
    )
    profile = ProfileVersion.objects.filter(seller=seller, state=ProfileState.SHOWN).first()
    content = profile.content if profile else {}
    stores = {o.store for each in offers.values() for o in each}
    return suggestions.suggest(
        suggestions.Shop(
            listings=listed,
            has_profile=profile is not None,
            profile_pictures=len(content.get("pictures", ())),
            profile_countries=len(content.get("texts", {})),
            open_stores=len(maker.stores),
            stores_with_listings=len(stores & set(maker.stores)),
        )
    )


def why_not_found(caller: Caller, asin: str, *, asked: str = "") -> tuple[HandmadeListing, Diagnosis]:
    """The common reasons, asked of what is on record about one of the maker's own listings (HAND-22).

    `asked` is what the maker searched for. Raises NotFound.
    """
    row = own_listing(caller, asin)
    product, seller, now = row.product, row.seller, clock.now()
    offer = (
        Offer.objects.filter(product=product, seller=seller)
        .order_by("status", "-units_sellable")  # active, closed, removed
        .first()
    )
    if offer is None:
        raise NotFound
    place, hits, by_title = _searched(product, asked, offer.store) if product.searchable else (None, 0, False)
    facts = not_found.NotFound(
        asin=product.asin,
        sku=offer.sku,
        offer_id=str(offer.pk),
        now=now,
        due_at=row.due_at,
        searchable=product.searchable,
        held_reason=product.held_reason,
        held_words=held_words(product.held_reason) if product.held_reason else "",
        seller_status=seller.status,
        on_vacation=seller.is_on_vacation(on=now.astimezone(seller.zone).date()),
        offer_status=offer.status,
        units_sellable=sum(
            Offer.objects.filter(product=product, seller=seller, status=OfferStatus.ACTIVE).values_list(
                "units_sellable", flat=True
            )
        ),
        units_reserved=offer.units_reserved,
        is_private=row.is_private,
        is_adult=row.is_adult,
        file_errors=_file_errors(seller, product),
        asked=asked,
        found_at=place,
        other_hits=hits,
        found_by_title=by_title,
    )
    return row, run(not_found.TREE, facts)


def _searched(product: Product, asked: str, store: str) -> tuple[int | None, int, bool]:
    """The place of the product among the results for these words (0: not among them), how many others there are, and
    whether its own title leads to it."""
    by_title = any(p.pk == product.pk for p in search(product.title, store=store).products)
    if not asked:
        return None, 0, by_title
    found = search(asked, store=store)
    place = next((n for n, p in enumerate(found.products, start=1) if p.pk == product.pk), 0)
    return place, found.count, by_title


def _file_errors(seller: SellerAccount, product: Product) -> int:
    """Errors about this product in the newest inventory file that names it, as far as the feeds tell."""
    batch = batches.newest_for(seller, product)
    return len(batch.errors) if batch else 0


def _listed(row: HandmadeListing, offers: list[Offer], pictures: int) -> suggestions.Listed:
    product = row.product
    of_type = all_types().get(product.product_type)
    wanted = [*of_type.attributes, *(a for key in of_type.themes for a in theme(key).attributes)] if of_type else []
    missing = tuple(dict.fromkeys(name for name in wanted if not str(product.attributes.get(name) or "").strip()))
    first = offers[0]
    return suggestions.Listed(
        asin=product.asin,
        title=product.title,
        description=product.description,
        pictures=pictures,
        units=sum(o.units_sellable for o in offers),
        production_days=first.handling_days,
        has_customisation=bool(row.customisation),
        has_family=product.parent_id is not None,
        missing=missing,
        is_held=not product.searchable and product.held_reason not in ("image_processing", "handmade_out_of_stock"),
        ordered_units=sum(o.units_reserved for o in offers),
    )
