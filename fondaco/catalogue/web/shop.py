"""The shop: its front, its search, and the product page. Open to everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fondaco.catalogue.models import Offer, Product
from fondaco.catalogue.product_types import departments, types_in
from fondaco.catalogue.queries.product_page import offers_for_cards, product_page
from fondaco.catalogue.queries.reasons import held_words
from fondaco.catalogue.search.find import Found, search
from fondaco.catalogue.web import buying
from fondaco.sellers.access import Request


@dataclass(frozen=True, slots=True)
class Card:
    """One product of a list, with the offer that stands first."""

    product: Product
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """One way to narrow a list."""

    key: str
    name: str
    current: bool


def home(request: Request) -> HttpResponse:
    """The front of the shop: departments and the newest listings."""
    found = search("", store=settings.FONDACO_DEFAULT_STORE, page=_page(request))
    return render(request, "catalogue/shop_home.html", _shown(request, found, query=""))


def results(request: Request) -> HttpResponse:
    """Search: words, a department, a product type; a page at a time."""
    query = request.GET.get("q", "").replace("\0", "")[:200].strip()
    department = _known(request.GET.get("department", ""), departments())
    found = search(query, store=settings.FONDACO_DEFAULT_STORE, page=_page(request), department=department)
    context = _shown(request, found, query=query, department=department)
    template = "catalogue/shop_search.html#found" if request.htmx else "catalogue/shop_search.html"
    return render(request, template, context)


def product(request: Request, asin: str) -> HttpResponse:
    """The product page, also of a listing that is held out of search: its direct link works (B-IMG-09)."""
    shown = product_page(request.caller, asin, store=settings.FONDACO_DEFAULT_STORE)
    kind = shown.product_type
    chosen = shown.offers[0] if shown.offers else None
    context = {
        "page": shown,
        "chosen": chosen,
        "others": [o for o in shown.offers if chosen and o.pk != chosen.pk],
        "buying": buying.part_for(request, shown.offers),
        "held": held_words(shown.held_reason) if shown.held_reason else "",
        "terms": [(_(name), value) for name, value in shown.attributes],
        "varies_by": [_(name) for name in shown.family.attributes] if shown.family else [],
        "trail": _trail(kind, shown.product.title),
    }
    return render(request, "catalogue/shop_product.html", context)


def _shown(request: Request, found: Found, *, query: str, department: str = "") -> dict[str, Any]:
    offers = offers_for_cards([p.pk for p in found.products], store=settings.FONDACO_DEFAULT_STORE)
    return {
        "cards": [Card(p, offers.get(p.pk)) for p in found.products],
        "found": found,
        "query": query,
        "department": department,
        "shelves": [
            Shelf(key, _(named.name), key == department) for key, named in departments().items() if types_in(key)
        ],
        "pages": _pages(found),
    }


def _pages(found: Found) -> list[int]:
    """Numbers to offer: two to each side of the current page."""
    first = max(1, found.page - 2)
    return list(range(first, min(found.pages, first + 4) + 1))


def _page(request: Request) -> int:
    raw = request.GET.get("page", "1")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 6 and int(raw) > 0 else 1


def _known(value: str, choices: Any) -> str:
    return value if value in choices else ""


def _trail(kind: Any, title: str) -> list[tuple[str, str]]:
    from django.urls import reverse

    trail = [(_("Shop"), reverse("catalogue:home"))]
    if kind is not None:
        trail.append(
            (_(departments()[kind.department].name), f"{reverse('catalogue:search')}?department={kind.department}")
        )
    return [*trail, (title, "")]
