"""Small makers of products, offers and pictures."""

from __future__ import annotations

import itertools
from typing import Any

import cv2
import numpy as np
import simplejpeg

from fondaco.catalogue.models import ListingImage, Offer, Product
from fondaco.catalogue.operations import add_product, submit_image
from fondaco.engine.testing import run_tasks
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.tests.factories import make_caller, make_seller

_count = itertools.count(1)


def make_jpeg(
    *, size: int = 1000, fill: float = 0.92, ground: int = 255, hue: int = 0, seed: int | None = None, quality: int = 90
) -> bytes:
    """A textured square thing on an even ground; by default one that meets every standard. `seed` makes it unique."""
    rng = np.random.default_rng(next(_count) if seed is None else seed)
    coarse = cv2.resize(rng.integers(40, 170, (size // 50, size // 50, 3), np.uint8), (size, size))
    fine = cv2.GaussianBlur(rng.normal(0, 60, (size, size)).astype(np.float32), (0, 0), 0.8)
    thing = np.clip(coarse + fine[..., None], 0, 235).astype(np.uint8)
    thing[..., hue % 3] //= 2
    near, far = int(size * (1 - fill) / 2), int(size * (1 + fill) / 2)
    picture = np.full((size, size, 3), ground, np.uint8)
    picture[near:far, near:far] = thing[near:far, near:far]
    return simplejpeg.encode_jpeg(picture, quality=quality, colorsubsampling="444")


def make_product(
    caller: Caller | None = None, *, title: str = "Stoneware mug, 350 ml", sku: str = "", **fields: Any
) -> Product:
    """A mug with an offer, by Harbor Goods unless a caller is given."""
    return make_offer(caller, title=title, sku=sku, **fields).product


def make_offer(
    caller: Caller | None = None, *, title: str = "Stoneware mug, 350 ml", sku: str = "", **fields: Any
) -> Offer:
    """The offer of a new product."""
    caller = caller or make_caller(seller=make_seller())
    values: dict[str, Any] = {
        "product_type": "mug",
        "attributes": {"color": "grey"},
        "price_minor": 1999,
        "quantity": 5,
        **fields,
    }
    return add_product(caller, title=title, sku=sku or f"SKU-{next(_count)}", **values).offer


def make_image(caller: Caller, product: Product, *, data: bytes | None = None, **fields: Any) -> ListingImage:
    """A submitted picture, not yet looked at."""
    return submit_image(caller, asin=product.asin, data=data or make_jpeg(), file_name="mug.jpg", **fields)


def shown_image(caller: Caller, product: Product, **fields: Any) -> ListingImage:
    """A submitted picture after all tasks have run."""
    image = make_image(caller, product, **fields)
    run_tasks()
    image.refresh_from_db()
    return image


def seller_and_caller(name: str = "Harbor Goods") -> tuple[SellerAccount, Caller]:
    seller = make_seller(name)
    return seller, make_caller(seller=seller)
