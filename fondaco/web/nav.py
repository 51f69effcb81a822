"""Where one can go: the places of the site, the pages in each, and who sees them.

A place or page whose URL name does not exist (yet, or in this installation) is left out, so a domain may be
absent without the shell knowing. A page belongs to the place whose page has the longest path that begins the
request's path; that is also how the current place is found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fondaco.web.access import Caller, caller_of, has_role
from fondaco.web.programmes import late_name

ANYONE = "anyone"
SIGNED_IN = "signed in"
SELLER = "seller"
NO_SELLER = "no seller"


@dataclass(frozen=True, slots=True)
class Item:
    """A page: its label, its URL name (or the first of several that exists), and who sees it.

    `who` is ANYONE, SIGNED_IN, SELLER, NO_SELLER or roles of the marketplace; empty: whoever sees the place.
    `also`: paths beside its own under which one is still at this page.
    """

    label: Any
    url_names: tuple[str, ...]
    who: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the site for one kind of work."""

    key: str
    label: Any
    icon: str
    who: tuple[str, ...]
    items: tuple[Item, ...]


def page(label: Any, *url_names: str, who: tuple[str, ...] = (), also: tuple[str, ...] = ()) -> Item:
    return Item(label, url_names, who, also)


PLACES = (
    Place(
        "shop",
        _("Shop"),
        "storefront",
        (ANYONE,),
        (
            page(_("Products"), "catalogue:home", "catalogue:search"),
            page(_("Your Orders"), "orders:list", who=(SIGNED_IN,)),
            page(_("Your returns"), "returns:list", who=(SIGNED_IN,)),
            page(_("Messages"), "messaging:list", who=(SIGNED_IN,)),
            page(_("Cart"), "orders:cart"),
        ),
    ),
    Place(
        "seller",
        _("Sell"),
        "tag",
        (SELLER,),
        (
            page(_("Overview"), "catalogue:portal"),
            page(_("Inventory"), "catalogue:inventory", also=("/seller/products/", "/seller/images/")),
            page(_("Add a Product"), "catalogue:add_product"),
            page(_("Inventory files"), "feeds:uploads", "feeds:list", "feeds:home"),
            page(_("Imaging"), "studio:orders"),
            page(_("Orders"), "orders:seller_list"),
            page(_("Shipping"), "fulfilment:labels", also=("/seller/shipping/",)),
            page(late_name("prime"), "fulfilment:prime"),
            page(_("Returns"), "returns:seller_list"),
            page(_("Claims"), "service:seller_claims"),
            page(_("Buyer messages"), "messaging:seller_list"),
            page(late_name("handmade"), "makers:home"),
            page(_("Reports"), "ledger:reports"),
            page(_("Cases"), "cases:list"),
            page(_("Applications"), "spapi:applications"),
            page(_("Account"), "sellers:account"),
        ),
    ),
    Place(
        "sell",
        _("Sell"),
        "tag",
        (NO_SELLER,),
        (page(_("Start selling"), "sellers:register"),),
    ),
    Place(
        "studio",
        _("Studio"),
        "camera",
        ("photographer", "retoucher", "operator"),
        (
            page(_("Received"), "studio:received"),
            page(_("Job sheets"), "studio:jobs"),
            page(_("Edit queue"), "studio:edits", also=("/studio/shots/",)),
            page(_("Style guide"), "studio:guide"),
        ),
    ),
    Place(
        "fc",
        _("Fulfilment centre"),
        "boxes",
        ("fc_associate", "operator"),
        (page(_("Pick list"), "studio:picks"), page(_("Check-in"), "studio:check_in")),
    ),
    Place("support", _("Support desk"), "lifebuoy", ("support", "operator"), (page(_("Cases"), "cases:desk"),)),
    Place(
        "customer_service",
        _("Customer service"),
        "headset",
        ("customer_service", "operator"),
        (
            page(_("Desk"), "service:desk"),
            page(_("Contacts"), "messaging:contacts"),
            page(_("Returns"), "returns:desk"),
            page(_("Claims"), "service:claims"),
        ),
    ),
    Place(
        "handmade_review",
        format_lazy(_("{programme} review"), programme=late_name("handmade")),
        "hand",
        ("handmade_reviewer", "operator"),
        (page(_("Applications"), "makers:review"),),
    ),
    Place(
        "pr_review",
        _("Announcements"),
        "megaphone",
        ("pr_reviewer", "stakeholder", "operator"),
        (page(_("Drafts"), "makers:drafts"),),
    ),
    Place(
        "operator",
        _("Operator"),
        "key",
        ("operator",),
        (
            page(_("Overview"), "operator:home"),
            page(_("Policy"), "policy:list"),
            page(_("What if"), "returns:what_if"),
            page(_("Sellers"), "sellers:admin_list"),
            page(_("People"), "sellers:people"),
            page(_("Imaging services"), "studio:operator"),
            page(_("Sanctions"), "fulfilment:sanctions"),
            page(pgettext_lazy("of an accountant", "Books"), "ledger:books"),
            page(_("Tasks"), "operator:tasks"),
            page(_("Mail"), "sellers:outbox"),
            page(_("Clock"), "demo:clock"),
            page(_("Simulators"), "demo:simulators"),
        ),
    ),
    Place("help", _("Help"), "book", (ANYONE,), (page(_("Help centre"), "help:home"),)),
)


@dataclass(frozen=True, slots=True)
class ShownItem:
    label: Any
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ShownPlace:
    key: str
    label: Any
    icon: str
    url: str
    items: tuple[ShownItem, ...]
    is_current: bool


class Navigation:
    """What this caller sees, on this page. Computed once, when a template asks."""

    def __init__(self, request: HttpRequest, places: Iterable[Place] = PLACES) -> None:
        self._request = request
        self._all = places

    @cached_property
    def places(self) -> tuple[ShownPlace, ...]:
        """The places open to the caller, each with its pages, in order; empty ones are left out."""
        caller = caller_of(self._request)
        open_places = [(p, _pages(p, caller)) for p in self._all if _sees(p.who, caller)]
        here = self._here(
            [(path, url) for _place, pages in open_places for item, url in pages for path in (url, *item.also)]
        )
        return tuple(_shown(place, pages, here) for place, pages in open_places if pages)

    @cached_property
    def current(self) -> ShownPlace | None:
        """The place of this page, if any."""
        return next((place for place in self.places if place.is_current), None)

    def _here(self, paths: list[tuple[str, str]]) -> str:
        path = self._request.path
        return max(
            (pair for pair in paths if _leads_to(pair[0], path)), key=lambda pair: len(pair[0]), default=("", "")
        )[1]


def _leads_to(url: str, path: str) -> bool:
    """Whether the path is this page or one below it; everything is below the front page, which so counts alone."""
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


def url_or_none(*names: str) -> str | None:
    """The URL of the first of these names that exists."""
    return _url_in(get_urlconf() or settings.ROOT_URLCONF, names)


@cache
def _url_in(urlconf: str, names: tuple[str, ...]) -> str | None:
    """Remembered: every page asks for some seventy, and what does not exist is the dearest to ask for."""
    for name in names:
        try:
            return reverse(name, urlconf)
        except NoReverseMatch:
            continue
    return None


def _pages(place: Place, caller: Caller) -> list[tuple[Item, str]]:
    shown = [item for item in place.items if not item.who or _sees(item.who, caller)]
    return [(item, url) for item in shown if (url := url_or_none(*item.url_names))]


def _sees(who: tuple[str, ...], caller: Caller) -> bool:
    return (
        ANYONE in who
        or (SIGNED_IN in who and caller.is_signed_in)
        or (SELLER in who and caller.seller is not None)
        or (NO_SELLER in who and caller.seller is None)
        or has_role(caller, frozenset(who))
    )


def _shown(place: Place, pages: list[tuple[Item, str]], here: str) -> ShownPlace:
    items = tuple(ShownItem(item.label, url, url == here) for item, url in pages)
    return ShownPlace(place.key, place.label, place.icon, pages[0][1], items, any(i.is_current for i in items))
