"""What inventory files say about a product's picture, told by the feeds, which stand above.

    batches.provide(newest_facts)     # once, from the application's `ready`

Without feeds nothing is told, and the tree for inventory data says that no file names the product.
"""

from __future__ import annotations

from collections.abc import Callable

from fondaco.catalogue.models import Product
from fondaco.catalogue.rules.troubleshoot import BatchFacts
from fondaco.sellers.models import SellerAccount

type Told = Callable[[SellerAccount, Product], BatchFacts | None]
"""The newest file of the seller that names the product: its errors in the reader's words, and whether it is done."""

_told: list[Told] = []


def provide(told: Told) -> None:
    """Answer for inventory files from now on; the last one to say so answers."""
    _told[:] = [told]


def newest_for(seller: SellerAccount, product: Product) -> BatchFacts | None:
    """What is known of the file by which this seller's data on the product came."""
    return _told[0](seller, product) if _told else None
