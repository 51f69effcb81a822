"""Categories of products in words, where the price table and the list of excluded damage name them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from fondaco.catalogue.product_types import all_types
from fondaco.studio.rules.ordering import DEFAULT_ROW

CATEGORIES = {
    "apparel": gettext_lazy("Apparel"),
    "art": gettext_lazy("Art"),
    "automotive": gettext_lazy("Automotive"),
    "baby": gettext_lazy("Baby"),
    "beauty": gettext_lazy("Beauty"),
    "bmvd": gettext_lazy("Books, music, video and DVD"),
    "board_games": gettext_lazy("Board games"),
    "books": gettext_lazy("Books"),
    "collectibles": gettext_lazy("Collectibles"),
    "digital": gettext_lazy("Digital products"),
    "dvd": gettext_lazy("DVD"),
    "electronics": gettext_lazy("Electronics"),
    "electronics_accessories": gettext_lazy("Electronics accessories"),
    "furniture": gettext_lazy("Furniture"),
    "garden": gettext_lazy("Garden"),
    "grocery": gettext_lazy("Grocery"),
    "handbags": gettext_lazy("Handbags"),
    "handmade": gettext_lazy("Handmade products"),
    "hazmat_likely": gettext_lazy("Probably dangerous goods"),
    "health": gettext_lazy("Health"),
    "home": gettext_lazy("Home"),
    "jewelry": gettext_lazy("Jewelry"),
    "kitchen": gettext_lazy("Kitchen"),
    "lighting": pgettext("category of goods", "Lighting"),
    "loose_gemstones": gettext_lazy("Loose gemstones"),
    "luggage": gettext_lazy("Luggage"),
    "mattress": gettext_lazy("Mattresses"),
    "music": gettext_lazy("Music"),
    "not_returnable": gettext_lazy("Not returnable"),
    "perishables": gettext_lazy("Perishables"),
    "pet": gettext_lazy("Pet supplies"),
    "requires_assembly": gettext_lazy("Requires assembly"),
    "shoes": gettext_lazy("Shoes"),
    "software": gettext_lazy("Software"),
    "sports": gettext_lazy("Sports"),
    "stationery": gettext_lazy("Stationery"),
    "tools": gettext_lazy("Tools"),
    "toys": gettext_lazy("Toys"),
    "video": gettext_lazy("Video"),
    "video_games": gettext_lazy("Video games"),
    "watches": gettext_lazy("Watches"),
}


def name_of(category: str) -> str:
    """A category or product type in words; one that is not known here as policy writes it."""
    if category == DEFAULT_ROW:
        return _("All other products")
    if category in CATEGORIES:
        return str(CATEGORIES[category])
    found = all_types().get(category)
    return _(found.name) if found else category


def choices() -> list[tuple[str, str] | tuple[str, list[tuple[str, str]]]]:
    """Everything a row of the price table may be for, grouped."""
    types = all_types()
    categories = set().union(*(kind.categories for kind in types.values())) - set(types)
    return [
        ("", "—"),
        (DEFAULT_ROW, name_of(DEFAULT_ROW)),
        (_("Categories"), _sorted(categories)),
        (_("Product types"), _sorted(types)),
    ]


def _sorted(keys: Iterable[str]) -> list[tuple[str, str]]:
    return sorted(((key, name_of(key)) for key in keys), key=lambda row: row[1].casefold())
