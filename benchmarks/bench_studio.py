"""Imaging at scale: a list of products ordered at once, and licences that end on one day.

    .venv/bin/python benchmarks/bench_studio.py [--orders 10000] [--licences 100000]

Beside each stands what the database alone needs: one insert, or one update, a row in transactions of the same size.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
import uuid
from datetime import timedelta

os.environ.setdefault("FONDACO_DATA", tempfile.mkdtemp(prefix="fondaco-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fondaco.config.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--licences", type=int, default=100_000)
    options = parser.parse_args()
    call_command("migrate", interactive=False, verbosity=0)
    result = {"orders": orders(options.orders), "licences": licences(options.licences)}
    print(json.dumps(result, indent=1))


def orders(count: int) -> dict[str, float]:
    """From the list to the last order placed, in pieces, as the worker does it."""
    from fondaco.catalogue.models import Offer, Product
    from fondaco.engine import clock
    from fondaco.studio.models import Batch, BatchLine, ImagingOrder
    from fondaco.studio.operations.batch import submit_batch, work_off
    from fondaco.studio.tests.factories import make_studio_seller

    seller, caller = make_studio_seller("Many Goods")
    now = clock.now()
    products = [
        Product(
            product_type="mug", title=f"Mug {n}", title_key=f"mug {n}", creator=seller, created_at=now, updated_at=now
        )
        for n in range(count)
    ]
    Product.objects.bulk_create(products, batch_size=1000)
    Offer.objects.bulk_create(
        [
            Offer(
                seller=seller,
                product=p,
                sku=f"B-{n}",
                price_minor=1000,
                channel="marketplace",
                units_sellable=3,
                created_at=now,
                updated_at=now,
            )
            for n, p in enumerate(products)
        ],
        batch_size=1000,
    )
    began = time.perf_counter()
    batch = submit_batch(caller, asins=[p.asin for p in products], request_key="bench-1")
    taken_s = time.perf_counter() - began
    while work_off(batch.pk):
        pass
    whole_s = time.perf_counter() - began
    assert ImagingOrder.objects.filter(seller=seller).count() == count
    assert Batch.objects.get(pk=batch.pk).done_at
    rows = [BatchLine(batch=batch, number=10**6 + n, asin="F000000000") for n in range(count)]
    alone = time.perf_counter()
    for start in range(0, count, 100):
        with transaction.atomic():
            for row in rows[start : start + 100]:
                row.save(force_insert=True)
    return {
        "count": count,
        "taken_in_s": round(taken_s, 2),
        "placed_s": round(whole_s, 1),
        "a_second": round(count / whole_s),
        "plain_inserts_s": round(time.perf_counter() - alone, 1),
    }


def licences(count: int) -> dict[str, float]:
    """All due on one day, worked off in batches; the longest transaction is what a gallery may have to wait."""
    from fondaco.catalogue.models import ListingImage, Product
    from fondaco.engine import clock
    from fondaco.images.models import Picture
    from fondaco.studio.models import ImageRights, ImagingOrder
    from fondaco.studio.operations import rights

    order = ImagingOrder.objects.select_related("seller").order_by("placed_at").first()
    assert order is not None
    now = clock.now()
    ended = now - timedelta(hours=1)
    products = [
        Product(
            product_type="hat",
            title=f"Hat {n}",
            title_key=f"hat {n}",
            creator=order.seller,
            searchable=True,
            held_reason="",
            created_at=now,
            updated_at=now,
        )
        for n in range(count)
    ]
    Product.objects.bulk_create(products, batch_size=1000)
    pictures = [
        Picture(
            sha256=f"{n:064x}", width=1800, height=1800, format="jpeg", size_bytes=1, rendered=1, lean=1, created_at=now
        )
        for n in range(count)
    ]
    Picture.objects.bulk_create(pictures, batch_size=1000)
    images = [
        ListingImage(
            id=uuid.uuid4(),
            product=p,
            seller=order.seller,
            source="studio",
            variant="MAIN",
            method="studio",
            state="displayed",
            place=0,
            picture=pictures[n],
            verdict="eligible",
            submitted_at=now,
            due_at=now,
            decided_at=now,
            shown_at=now,
        )
        for n, p in enumerate(products)
    ]
    ListingImage.objects.bulk_create(images, batch_size=1000)
    ImageRights.objects.bulk_create(
        [
            ImageRights(
                image=i,
                order=order,
                has_model=True,
                offsite=False,
                ends_on=ended.date(),
                delete_at=ended,
                notice_at=ended - timedelta(days=30),
                noticed_at=ended,
                published_at=now,
            )
            for i in images
        ],
        batch_size=1000,
    )
    ids = [i.pk for i in images]
    began, longest, done = time.perf_counter(), 0.0, 0
    for start in range(0, count, 200):
        one = time.perf_counter()
        done += rights.expire(ids[start : start + 200])
        longest = max(longest, time.perf_counter() - one)
    whole_s = time.perf_counter() - began
    assert done == count
    assert rights.expire(ids[:200]) == 0
    assert ListingImage.objects.filter(state="expired").count() == count
    alone = time.perf_counter()
    for start in range(0, count, 200):
        ListingImage.objects.filter(pk__in=ids[start : start + 200]).update(place=None)
    return {
        "count": count,
        "expired_s": round(whole_s, 1),
        "a_second": round(count / whole_s),
        "longest_transaction_ms": round(longest * 1000),
        "plain_updates_s": round(time.perf_counter() - alone, 1),
    }


if __name__ == "__main__":
    main()
