"""What buyers see of makers: all of them, and the page of one (HAND-16, HAND-17)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from fondaco.catalogue.queries.product_page import offers_for_cards
from fondaco.images.models import Picture
from fondaco.makers.models import HandmadeListing, ProfileVersion
from fondaco.makers.queries.shop import shop_by_slug, shop_of, shops
from fondaco.policy import store_of
from fondaco.sellers.access import Request
from fondaco.sellers.models import SellerAccount

MOST_PRODUCTS = 24


def makers(request: Request) -> HttpResponse:
    """Every maker with a page."""
    rows = []
    found = shops()
    portraits = Picture.objects.in_bulk([v.content["portrait"]["picture"] for _shop, v in found])
    for shop, version in found:
        text = text_of(version.content, store="")
        rows.append({"shop": shop, "portrait": portraits.get(version.content["portrait"]["picture"]), "text": text})
    return render(request, "makers/makers.html", {"rows": rows})


def maker(request: Request, slug: str) -> HttpResponse:
    """One maker: portrait, story, process, workshop, and what they sell."""
    shop, version = shop_by_slug(slug)
    store = request.GET.get("store", "")
    context = page_of(version.content, store=store)
    listings = HandmadeListing.objects.filter(seller=shop.seller, product__searchable=True)
    products = [
        row.product for row in listings.select_related("product__main_picture").order_by("-listed_at")[:MOST_PRODUCTS]
    ]
    offers = offers_for_cards([p.pk for p in products], store=store or settings.FONDACO_DEFAULT_STORE)
    context |= {
        "shop": shop,
        "cards": [{"product": p, "offer": offers.get(p.pk)} for p in products],
        "own": bool(request.caller.seller and request.caller.seller.pk == shop.seller_id),
    }
    return render(request, "makers/maker.html", context)


def page_of(content: dict[str, Any], *, store: str) -> dict[str, Any]:
    """The parts of a page from the content of a version; used for the preview too."""
    ids = [content["portrait"]["picture"], *(p["picture"] for p in content["pictures"])]
    pictures = Picture.objects.in_bulk([i for i in ids if i])
    stores = [store_of(code) for code in content["texts"]]
    text = text_of(content, store=store)
    return {
        "name": content["name"],
        "portrait": pictures.get(content["portrait"]["picture"]),
        "portrait_alt": content["portrait"]["alt"] or content["name"],
        "pictures": [
            {"picture": pictures[p["picture"]], "alt": p["alt"]}
            for p in content["pictures"]
            if p["picture"] in pictures
        ],
        "text": text,
        "store": text["store"],
        "stores": stores if len(stores) > 1 else [],
    }


def text_of(content: dict[str, Any], *, store: str) -> dict[str, str]:
    """The words of one country: in the reader's language if the maker wrote it, else in the first that is there."""
    texts = content.get("texts", {})
    code = store if store in texts else next(iter(texts), "")
    languages = texts.get(code, {})
    reader = get_language() or "en"
    language = reader if reader in languages else next(iter(languages), "")
    if not store:  # no country was asked for: one that speaks the reader's language goes first
        for other, langs in texts.items():
            if reader in langs:
                code, language, languages = other, reader, langs
                break
    return {
        "inspiration": "",
        "story": "",
        "process": "",
        **languages.get(language, {}),
        "language": language,
        "store": code,
    }


def shown_version(version: ProfileVersion) -> dict[str, Any]:
    """A version as its page would be."""
    return page_of(version.content, store="")


def page_of_maker(seller: SellerAccount) -> str:
    """The address of a seller's maker page; empty for sellers without one (`catalogue.web.storefronts`)."""
    shop = shop_of(seller)
    return reverse("makers:maker", args=[shop.slug]) if shop else ""
