"""Small makers of conversations and photographs."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

import cv2
import numpy as np
import simplejpeg

from fondaco.engine import clock
from fondaco.messaging import operations
from fondaco.messaging.models import Conversation
from fondaco.messaging.operations import About, Kept, NewFile
from fondaco.messaging.rules.words import Subject
from fondaco.orders.models import Order
from fondaco.orders.tests.factories import caller_of_buyer, placed_order

_count = itertools.count(1)


def photo_bytes(
    *, seed: int | None = None, width: int = 1600, height: int = 1200, level: float = 1.0, blur: float = 0
) -> bytes:
    """A photograph with detail everywhere; `seed` makes it unique, `level` darkens it."""
    rng = np.random.default_rng(next(_count) if seed is None else seed)
    coarse = cv2.resize(rng.integers(30, 220, (9, 12, 3), np.uint8), (width, height), interpolation=cv2.INTER_CUBIC)
    fine = cv2.GaussianBlur(rng.standard_normal((height, width), np.float32) * 55, (0, 0), 0.8)
    pixels = np.clip((coarse.astype(np.float32) + fine[..., None]) * level, 0, 255)
    if blur:
        pixels = cv2.GaussianBlur(pixels, (0, 0), blur)
    return simplejpeg.encode_jpeg(np.ascontiguousarray(pixels.astype(np.uint8)), quality=90)


def kept(*, label: str = "", view: str = "", name: str = "photo.jpg", data: bytes | None = None, **made: Any) -> Kept:
    """A judged photograph on file."""
    return operations.keep(NewFile(name, data or photo_bytes(**made), view, label), store="US", at=clock.now())


def begun(
    order: Order | None = None,
    *,
    subject: Subject = Subject.PRODUCT_DEFECT,
    text: str = "The rim is chipped where it touches the lid.",
    photos: str = "",
    at: datetime | None = None,
    **fields: Any,
) -> Conversation:
    """A buyer's conversation about an order (a new one unless given)."""
    order = order or placed_order()
    return operations.begin(
        caller_of_buyer(order),
        about=About(order=order.number),
        subject=subject,
        text=text,
        photos=photos,
        at=at,
        **fields,
    )
