"""Imaging at scale, on PostgreSQL: a long list of products ordered at once, and very many licences that end on one day.

The list is worked off as the worker does it, in pieces, while its page is asked for. The licences are found by the sweep's
own queries and worked off by two threads, as two workers would; meanwhile a third takes the lock of one gallery after the
other, as sellers who change pictures do, and buyers open product pages. Beside each stands what the database alone needs:
one insert, or one update, a row.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.row import Row

ORDERS, ORDERS_SHORT = 10_000, 300
LICENCES, LICENCES_SHORT = 100_000, 1_000
WORKERS = 2
SELLERS = 50
MOST_WAIT_MS = 1_000


def run(*, short: bool) -> list[Row]:
    """The aims of the issue: the list with progress, each licence noticed once and ended once, galleries never locked."""
    from benchmarks.ledger_bench import _set_up
    from scripts.private_postgres import running

    orders, licences = (ORDERS_SHORT, LICENCES_SHORT) if short else (ORDERS, LICENCES)
    with tempfile.TemporaryDirectory(prefix="fondaco-studio-") as folder, running(durable=True) as server:
        if server is None:
            return [Row("studio: PostgreSQL", 0, "orders/s", "no server binaries here")]
        _set_up(server, Path(folder))
        return [*listed(orders), *expiry(licences)]


def listed(count: int) -> list[Row]:
    """From the list to the last order placed, and how long its page and the list of orders take beside it."""
    from django.test import Client
    from django.urls import reverse

    from fondaco.catalogue.models import Offer
    from fondaco.sellers.tests.factories import owner_of
    from fondaco.studio.models import Batch, ImagingOrder, Movement
    from fondaco.studio.operations.batch import submit_batch, work_off
    from fondaco.studio.tests.factories import make_studio_seller

    seller, caller = make_studio_seller("Many Goods")
    asins = _goods(seller, count)
    began = time.perf_counter()
    batch = submit_batch(caller, asins=asins, request_key="bench-1")
    taken_s = time.perf_counter() - began
    client = Client()
    client.force_login(owner_of(seller))
    url = reverse("studio:batch", args=[batch.pk])
    pages: list[float] = []
    placed_s, longest, pieces = 0.0, 0.0, 0
    while True:
        one = time.perf_counter()
        more = work_off(batch.pk)
        one = time.perf_counter() - one
        placed_s, longest, pieces = placed_s + one, max(longest, one), pieces + 1
        if pieces % 5 == 0:
            pages.append(_page_ms(client, url))
        if not more:
            break
    assert ImagingOrder.objects.filter(seller=seller).count() == count
    assert Movement.objects.filter(order__seller=seller).count() == count
    assert Offer.objects.filter(seller=seller, units_sellable=2, units_away=1).count() == count
    assert Batch.objects.get(pk=batch.pk).done_at
    plain_s = _plain_inserts(batch, count)
    orders_ms = statistics.median(_page_ms(client, reverse("studio:orders")) for _ in range(9))
    ratio = plain_s / placed_s
    return [
        Row(f"studio: a list of {count:,} products taken in", taken_s, "s"),
        Row(
            "studio: its orders placed, one worker", count / placed_s, "orders/s", f"bare {count / plain_s:,.0f}", ratio
        ),
        Row("studio: the longest transaction of it", longest * 1000, "ms"),
        Row("studio: its page while it is worked off, median", statistics.median(pages or [0.0]), "ms"),
        Row(f"studio: first page of {count:,} imaging orders, median", orders_ms, "ms"),
    ]


def expiry(count: int) -> list[Row]:
    """Noticed, ended and wiped: each once, with the galleries free all the while."""
    from fondaco.catalogue.models import ListingImage, Product
    from fondaco.engine import clock
    from fondaco.engine.outbox_models import OutboxMail
    from fondaco.history.models import Event
    from fondaco.studio import tasks
    from fondaco.studio.models import ImageRights
    from fondaco.studio.operations import rights

    products = _galleries(count)
    letters = OutboxMail.objects.count()
    noticed_s, _ = _worked_off(tasks.notices_due, rights.notice)
    letters = OutboxMail.objects.count() - letters
    assert ImageRights.objects.filter(noticed_at=None).count() == 0
    assert Event.objects.filter(verb="image.licence_notice").count() == count
    ImageRights.objects.update(delete_at=clock.now() - timedelta(minutes=1))  # the day has come
    with _Galleries(products) as galleries, _Pages(products) as pages:
        expired_s, longest = _worked_off(tasks.licences_ended, rights.expire)
    assert ListingImage.objects.filter(state="expired").count() == count
    assert Event.objects.filter(verb="image.expired").count() == count
    assert Product.objects.filter(pk__in=products[:500], main_picture=None).count() == min(500, count)
    wiped_s, _ = _worked_off(tasks.files_to_wipe, rights.wipe_files)
    assert ImageRights.objects.filter(wiped_at=None).count() == 0
    plain_s = _plain_updates(count)
    waited = galleries.longest_ms
    return [
        Row(f"studio: sellers told of {count:,} licences, {letters:,} mails", count / noticed_s, "pictures/s"),
        Row(
            f"studio: {count:,} licences of one day ended, {WORKERS} workers",
            count / expired_s,
            "pictures/s",
            f"bare updates {count / plain_s:,.0f}",
            plain_s / expired_s,
        ),
        Row("studio: the longest transaction of it", longest * 1000, "ms"),
        Row(
            f"studio: the longest that a gallery was held meanwhile, of {galleries.count:,} looks",
            waited,
            "ms",
            f"limit {MOST_WAIT_MS}",
            waited / MOST_WAIT_MS,
            "≤ 1",
            waited <= MOST_WAIT_MS,
        ),
        Row("studio: product pages meanwhile, median", pages.median_ms, "ms"),
        Row("studio: files of ended pictures wiped", count / wiped_s, "pictures/s"),
    ]


def _goods(seller: Any, count: int) -> list[str]:
    """Products with three units each in the fulfilment centre; returns their ASINs."""
    from fondaco.catalogue.models import Offer, Product
    from fondaco.engine import clock

    now = clock.now()
    products = [
        Product(
            product_type="mug", title=f"Mug {n}", title_key=f"mug {n}", creator=seller, created_at=now, updated_at=now
        )
        for n in range(count)
    ]
    Product.objects.bulk_create(products, batch_size=1000)
    offers = [
        Offer(
            seller=seller,
            product=each,
            sku=f"B-{n}",
            price_minor=1000,
            channel="marketplace",
            units_sellable=3,
            created_at=now,
            updated_at=now,
        )
        for n, each in enumerate(products)
    ]
    Offer.objects.bulk_create(offers, batch_size=1000)
    return [each.asin for each in products]


def _galleries(count: int) -> list[UUID]:
    """Products whose one picture has a licence that ends in twenty days, of several sellers; returns their ids."""
    from fondaco.catalogue.models import ListingImage, Product
    from fondaco.engine import clock
    from fondaco.images.models import Picture
    from fondaco.studio.models import ImageRights
    from fondaco.studio.tests.factories import here, make_studio_seller, placed

    made = [make_studio_seller(f"Seller {n}") for n in range(SELLERS)]
    orders = [placed(caller, here(caller)) for _seller, caller in made]
    now, ids = clock.now(), []
    ends = now + timedelta(days=20)
    for part in batched(range(count), 2_000):
        owners = {n: made[n % SELLERS][0] for n in part}
        products = [
            Product(
                product_type="hat",
                title=f"Hat {n}",
                title_key=f"hat {n}",
                creator=owners[n],
                searchable=True,
                held_reason="",
                created_at=now,
                updated_at=now,
            )
            for n in part
        ]
        pictures = [
            Picture(
                sha256=f"{n:064x}",
                width=1800,
                height=1800,
                format="jpeg",
                size_bytes=1,
                rendered=1,
                lean=1,
                created_at=now,
            )
            for n in part
        ]
        images = [
            ListingImage(
                product=product,
                seller=owners[n],
                source="studio",
                variant="MAIN",
                method="studio",
                state="displayed",
                place=0,
                picture=picture,
                verdict="eligible",
                submitted_at=now,
                due_at=now,
                decided_at=now,
                shown_at=now,
            )
            for n, product, picture in zip(part, products, pictures, strict=True)
        ]
        rows = [
            ImageRights(
                image=image,
                order=orders[n % SELLERS],
                has_model=True,
                offsite=False,
                ends_on=ends.date(),
                delete_at=ends,
                notice_at=now - timedelta(days=10),
                published_at=now,
            )
            for n, image in zip(part, images, strict=True)
        ]
        Picture.objects.bulk_create(pictures)
        for product, picture in zip(products, pictures, strict=True):
            product.main_picture = picture
        Product.objects.bulk_create(products)
        ListingImage.objects.bulk_create(images)
        ImageRights.objects.bulk_create(rows)
        ids += [product.pk for product in products]
    return ids


def _worked_off(
    due: Callable[[], Sequence[Sequence[UUID]]], verb: Callable[[Sequence[UUID]], int]
) -> tuple[float, float]:
    """Seconds until the sweep finds nothing more, with some workers at it; and the longest single call."""
    from django.db import connection

    began, longest = time.perf_counter(), [0.0]
    failed: list[BaseException] = []

    def work(share: Sequence[Sequence[UUID]]) -> None:
        try:
            for some in share:
                one = time.perf_counter()
                verb(some)
                longest[0] = max(longest[0], time.perf_counter() - one)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    while batches := due():
        threads = [threading.Thread(target=work, args=(batches[n::WORKERS],)) for n in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]
        assert verb(batches[0]) == 0  # again, it does nothing
    return time.perf_counter() - began, longest[0]


class _Beside(threading.Thread):
    """Does one thing again and again until the block ends, and keeps how long each took."""

    def __init__(self, products: Sequence[UUID]) -> None:
        super().__init__(daemon=True)
        self.products, self.took, self._ended = products, [0.0], threading.Event()
        self._failed: BaseException | None = None

    def __enter__(self) -> Any:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join()
        if self._failed:
            raise self._failed

    def run(self) -> None:
        from django.db import connection

        n = 0
        try:
            while not self._ended.wait(0.02):
                began = time.perf_counter()
                self.look(self.products[n % len(self.products)])
                self.took.append(time.perf_counter() - began)
                n += 7919  # a prime: all over the place
        except BaseException as error:
            self._failed = error
        finally:
            connection.close()

    def look(self, product: UUID) -> None:
        raise NotImplementedError

    @property
    def count(self) -> int:
        return len(self.took) - 1

    @property
    def longest_ms(self) -> float:
        return max(self.took) * 1000

    @property
    def median_ms(self) -> float:
        return statistics.median(self.took[1:] or [0.0]) * 1000


class _Galleries(_Beside):
    """A seller who changes pictures: takes the lock of a gallery, and lets it go."""

    def look(self, product: UUID) -> None:
        from django.db import transaction

        from fondaco.catalogue import locks

        with transaction.atomic():
            locks.product(product)


class _Pages(_Beside):
    """A buyer who opens product pages."""

    def look(self, product: UUID) -> None:
        from django.test import Client
        from django.urls import reverse

        from fondaco.catalogue.models import Product

        asin = Product.objects.values_list("asin", flat=True).get(pk=product)
        answer = Client().get(reverse("catalogue:product", args=[asin]), headers={"host": "localhost"})
        assert answer.status_code in (200, 404), answer.status_code


def _page_ms(client: Any, url: str) -> float:
    began = time.perf_counter()
    answer = client.get(url, headers={"host": "localhost"})
    assert answer.status_code == 200, answer.status_code
    return (time.perf_counter() - began) * 1000


def _plain_inserts(batch: Any, count: int) -> float:
    """One row a statement, a hundred a transaction."""
    from django.db import transaction

    from fondaco.studio.models import BatchLine

    rows = [BatchLine(batch=batch, number=10**6 + n, asin="F000000000") for n in range(count)]
    began = time.perf_counter()
    for some in batched(rows, 100):
        with transaction.atomic():
            for row in some:
                row.save(force_insert=True)
    return time.perf_counter() - began


def _plain_updates(count: int) -> float:
    """One row a statement, fifty a transaction."""
    from django.db import transaction

    from fondaco.catalogue.models import ListingImage

    ids = list(ListingImage.objects.values_list("pk", flat=True)[:count])
    began = time.perf_counter()
    for some in batched(ids, 50):
        with transaction.atomic():
            for pk in some:
                ListingImage.objects.filter(pk=pk).update(place=None)
    return time.perf_counter() - began
