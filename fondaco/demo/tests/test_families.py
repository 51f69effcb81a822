"""The demo's garments are families: choices of size and colour on one page."""

from __future__ import annotations

import pytest

from fondaco.catalogue.models import Product
from fondaco.demo import seed
from fondaco.demo.goods import WARES

pytestmark = pytest.mark.django_db


def test_what_comes_in_sizes_is_one_family_and_stays_one(monkeypatch, settings):
    # Juniper Clay follows the link of her invitation, so letters must be where the demo keeps them.
    settings.MAILERS = {"default": {"BACKEND": "fondaco.engine.outbox.OutboxBackend"}}
    monkeypatch.setattr("fondaco.demo.goods.WARES", tuple(w for w in WARES if w.kind in ("sweater", "t_shirt", "mug")))
    for _ in range(2):
        seed.ensure_store()
    parents = Product.objects.filter(children__isnull=False).distinct().order_by("title")
    assert [(p.title, p.children.count(), p.variation_theme) for p in parents] == [
        ("Heavy cotton T-shirt", 15, "size_color"),
        ("Merino sweater", 16, "size_color"),
    ]
    assert not any(p.offers.exists() or p.searchable for p in parents)
