"""Where buyers read about a seller: domains above name the page of those sellers who have one.

@storefronts.provide
def maker_page(seller): return "/makers/juniper/"      # or "" for none
"""

from __future__ import annotations

from collections.abc import Callable

from fondaco.sellers.models import SellerAccount

type Storefront = Callable[[SellerAccount], str]

_storefronts: list[Storefront] = []


def provide(fn: Storefront) -> Storefront:
    """Ask this one too. Registering the same one again does nothing."""
    if fn not in _storefronts:
        _storefronts.append(fn)
    return fn


def page_of(seller: SellerAccount) -> str:
    """The address of the first page that somebody names; empty for none."""
    return next((url for fn in _storefronts if (url := fn(seller))), "")
