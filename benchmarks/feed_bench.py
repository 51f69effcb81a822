"""Inventory files on PostgreSQL: rows a second beside a bare COPY, the same file again, memory; and with pictures.

The peer is one table that holds every column which a row of the file fills in products and offers, with all indexes
these two have over them, loaded by one `COPY` of ready-made rows: no reading, checking, foreign keys, stock movements,
report, or second transaction. Files come from a fixed seed. The workers are the product's own (`fondaco worker`).
"""

from __future__ import annotations

import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.row import Row

ROWS, ROWS_SHORT = 1_000_000, 50_000
WORKERS = 2
MEMORY_LIMIT_MB = 400
WORDS = (  # noqa: SIM905
    "sturdy kettle bamboo lamp ceramic bowl wool scarf oak chair steel knife linen towel glass jar copper pan leather belt"
).split()
COLUMNS = (  # noqa: SIM905
    "sku item-name product-type brand price quantity item-condition condition-note fulfilment-channel handling-days "
    "restock-date product-id product-id-type main-image-url other-image-url1 other-image-url2 parent-sku parentage "
    "variation-theme colour material description operation"
).split()


def run(*, short: bool) -> list[Row]:
    """The figures of the issue: at least half of the bare COPY, the repeat three times faster, under 400 MB."""
    from scripts.private_postgres import running

    count = ROWS_SHORT if short else ROWS
    with tempfile.TemporaryDirectory(prefix="fondaco-feed-") as folder, running(durable=True) as server:
        if server is None:
            return [Row("feed: PostgreSQL", 0, "rows/s", "no server binaries here")]
        home = Path(folder)
        path = home / "goods.txt"
        write_file(path, count)
        peer, lean = bare_copy(server, count, indexes=True), bare_copy(server, count, indexes=False)
        store = Store(server, home)
        with store.workers() as workers:
            first = store.send(path)
            peak_mb = workers.peak_mb()
            again = store.send(path)
            pictured = PICTURES_SHORT if short else PICTURES
            with picture_host() as host:
                write_file(path, pictured, prefix="PIC", host=host)
                shown = store.send(path)
        assert first["created"] == count, first
        assert again["same"] == count, again
        assert (shown["created"], shown["successful"]) == (pictured, pictured), shown
    new, same = count / first["seconds"], count / again["seconds"]
    with_pictures = pictured / shown["seconds"]
    return [
        Row("feed: bare COPY, no index (limit)", count / lean, "rows/s"),
        Row("feed: bare COPY into one table and its indexes", count / peer, "rows/s"),
        Row(
            "feed: new catalogue",
            new,
            "rows/s",
            f"bare COPY {count / peer:,.0f}",
            new / (count / peer),
            "≥ 0.5",
            new >= 0.5 * count / peer,
        ),
        Row("feed: the same file again", same, "rows/s", f"first {new:,.0f}", same / new, "≥ 3", same >= 3 * new),
        Row(
            "feed: memory of the largest worker",
            peak_mb,
            "MB",
            f"limit {MEMORY_LIMIT_MB}",
            peak_mb / MEMORY_LIMIT_MB,
            "≤ 1",
            peak_mb <= MEMORY_LIMIT_MB,
        ),
        Row(
            "feed: with a picture each (fetch, inspect, render, publish)",
            with_pictures,
            "rows/s",
            f"Saleor {PEER_WITH_PICTURES}, without inspection (recorded, not run here)",
            with_pictures / PEER_WITH_PICTURES,
            "≥ 4",
            with_pictures >= 4 * PEER_WITH_PICTURES,
        ),
    ]


# --- the file ---------------------------------------------------------------------------------------------------------


def goods(count: int, *, prefix: str = "SKU", host: str = "") -> Iterator[dict[str, str]]:
    """Rows of a kitchen shop, the same for every run; with `host` each has the address of a picture."""
    rng = random.Random(5)
    for number in range(count):
        yield {
            "sku": f"{prefix}-{number:08d}",
            "item-name": " ".join(rng.choices(WORDS, k=7)),
            "product-type": "mug",
            "brand": rng.choice(WORDS),
            "price": f"{rng.randint(100, 99_999) / 100:.2f}",
            "quantity": str(rng.randint(1, 500)),
            "item-condition": "new",
            "fulfilment-channel": "seller",
            "handling-days": "1",
            "colour": rng.choice(("red", "blue", "green")),
            "material": "stoneware",
            "description": " ".join(rng.choices(WORDS, k=18)),
            "main-image-url": f"{host}/{number}.jpg" if host else "",
        }


def write_file(path: Path, count: int, *, prefix: str = "SKU", host: str = "") -> None:
    """An inventory file of `count` records."""
    with path.open("w") as out:
        out.write("TemplateType=fondaco.inventory\tVersion=2026.1\n" + "\t".join(COLUMNS) + "\n")
        for row in goods(count, prefix=prefix, host=host):
            out.write("\t".join(row.get(name, "") for name in COLUMNS) + "\n")


# --- pictures ---------------------------------------------------------------------------------------------------------

PICTURES, PICTURES_SHORT = 2_000, 100
PEER_WITH_PICTURES = 71
_MOTIFS = 24


@contextmanager
def picture_host() -> Iterator[str]:
    """A host of 1600 px JPEGs, a process of its own. Every address yields other bytes: a comment in the file differs,
    so that nothing is known by its content already."""
    made = multiprocessing.get_context("spawn")
    ready = made.Queue()
    process = made.Process(target=_serve, args=(ready,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{PICTURE_PORT}" if ready.get(timeout=120) else ""
    finally:
        process.terminate()
        process.join(10)


PICTURE_PORT = 18_473


def _serve(ready: Any) -> None:
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    import cv2
    import numpy as np
    import simplejpeg

    motifs = [_motif(number, np, cv2, simplejpeg) for number in range(_MOTIFS)]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            number = int(self.path.strip("/").removesuffix(".jpg"))
            jpeg, note = motifs[number % _MOTIFS], f"picture {number:09d}".encode()
            body = jpeg[:2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note + jpeg[2:]
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", PICTURE_PORT), Handler)
    ready.put(True)
    server.serve_forever()


def _motif(number: int, np: Any, cv2: Any, simplejpeg: Any) -> bytes:
    """A textured thing on white that meets every standard."""
    rng = np.random.default_rng(number)
    coarse = cv2.resize(rng.integers(40, 170, (32, 32, 3), np.uint8), (1600, 1600))
    fine = cv2.GaussianBlur(rng.normal(0, 60, (1600, 1600)).astype(np.float32), (0, 0), 0.8)
    picture = np.full((1600, 1600, 3), 255, np.uint8)
    thing = np.clip(coarse + fine[..., None], 0, 235).astype(np.uint8)
    picture[64:1536, 64:1536] = thing[64:1536, 64:1536]
    return bytes(simplejpeg.encode_jpeg(picture, quality=85, colorsubsampling="420"))


# --- the peer ---------------------------------------------------------------------------------------------------------

_PEER = """
DROP TABLE IF EXISTS peer;
CREATE TABLE peer (
  offer_id uuid NOT NULL, product_id uuid NOT NULL, asin varchar(10) NOT NULL, seller_id uuid NOT NULL,
  sku varchar(40) NOT NULL, product_type varchar(40) NOT NULL, title varchar(200) NOT NULL, title_key varchar(400) NOT NULL,
  brand varchar(100) NOT NULL, description text NOT NULL, attributes jsonb NOT NULL, hazmat_class varchar(12) NOT NULL,
  parent_id uuid, variation_theme varchar(40) NOT NULL, searchable boolean NOT NULL, held_reason varchar(40) NOT NULL,
  store varchar(2) NOT NULL, condition varchar(20) NOT NULL, condition_note varchar(1000) NOT NULL,
  price_minor bigint NOT NULL, currency varchar(3) NOT NULL, channel varchar(12) NOT NULL, status varchar(8) NOT NULL,
  image_status varchar(12) NOT NULL, handling_days smallint NOT NULL, restock_date date, units_sellable integer NOT NULL,
  units_reserved integer NOT NULL, units_away integer NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL
)"""
_PEER_INDEXES = (
    "ALTER TABLE peer ADD PRIMARY KEY (offer_id)",
    "CREATE UNIQUE INDEX ON peer (product_id)",
    "CREATE UNIQUE INDEX ON peer (asin)",
    "CREATE UNIQUE INDEX ON peer (seller_id, sku)",
    "CREATE INDEX ON peer (seller_id, offer_id)",
)


def bare_copy(server: str, count: int, *, indexes: bool) -> float:
    """Seconds that one COPY of these rows takes, made up beforehand."""
    from fondaco.feeds.load import text

    seller, at = text.ids(1)[0], "2026-11-22T12:00:00+00:00"
    blocks: list[bytes] = []
    rows = goods(count)
    for start in range(0, count, 10_000):
        some = min(10_000, count - start)
        offers, products, asins = text.ids(some), text.ids(some), text.asins(some)
        lines = [
            "\t".join(
                (
                    offer,
                    product,
                    asin,
                    seller,
                    row["sku"],
                    row["product-type"],
                    row["item-name"],
                    row["item-name"],
                    row["brand"],
                    row["description"],
                    f'{{"color": "{row["colour"]}", "material": "stoneware"}}',
                    "none",
                    "\\N",
                    "",
                    "f",
                    "image_missing",
                    "US",
                    "new",
                    "",
                    row["price"].replace(".", "").lstrip("0"),
                    "USD",
                    "seller",
                    "active",
                    "missing",
                    "1",
                    "\\N",
                    row["quantity"],
                    "0",
                    "0",
                    at,
                    at,
                )
            )
            for offer, product, asin, row in zip(offers, products, asins, rows, strict=False)
        ]
        blocks.append(("\n".join(lines) + "\n").encode())
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(_PEER)
        for statement in _PEER_INDEXES if indexes else ():
            connection.execute(statement)
        connection.execute("CHECKPOINT")
        began = time.perf_counter()
        with connection.cursor() as cursor, cursor.copy("COPY peer FROM STDIN") as out:
            for block in blocks:
                out.write(block)
        took = time.perf_counter() - began
        connection.execute("DROP TABLE peer")
        return took


# --- the product ------------------------------------------------------------------------------------------------------


class Workers:
    """Worker processes and the largest memory that any of them ever had."""

    def __init__(self, processes: list[subprocess.Popen[bytes]]) -> None:
        self.processes, self._peak_kb, self._over = processes, 0, threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._over.wait(0.2):
            for process in self.processes:
                self._peak_kb = max(self._peak_kb, _resident_kb(process.pid))

    def peak_mb(self) -> float:
        return self._peak_kb / 1024

    def stop(self) -> None:
        self._over.set()
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _resident_kb(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")), 0)


class Store:
    """A store on a database of its own, with one seller."""

    def __init__(self, server: str, home: Path) -> None:
        self.env = os.environ | {
            "FONDACO_DATABASE_URL": f"{server}?pool=4",
            "FONDACO_DATA": str(home / "data"),
            "DJANGO_SETTINGS_MODULE": "fondaco.config.settings",
            "FONDACO_TASK_THREADS": "2",
            "FONDACO_DEMO": "1",  # only a demo store may fetch from this machine
            "FONDACO_FETCH_ALLOW": f"127.0.0.1:{PICTURE_PORT}",
        }
        os.environ.update(self.env)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from fondaco.sellers.tests.factories import make_caller, make_seller

        self.caller: Any = make_caller(seller=make_seller())

    @contextmanager
    def workers(self) -> Iterator[Workers]:
        """`fondaco worker`, several times; they have begun when this returns."""
        command = [sys.executable, "-m", "fondaco.config.cli", "worker"]
        made = [
            subprocess.Popen([*command, *(["--no-recurring"] if n else [])], env=self.env, stderr=subprocess.DEVNULL)
            for n in range(WORKERS)
        ]
        workers = Workers(made)
        try:
            time.sleep(6)
            yield workers
        finally:
            workers.stop()

    def send(self, path: Path) -> dict[str, Any]:
        """Submits the file and waits for its report; `seconds` from the first byte to DONE, and the counts."""
        from fondaco.feeds.models import Batch
        from fondaco.feeds.operations import submit

        began = time.perf_counter()
        with path.open("rb") as file:
            batch = submit(self.caller, file=file, name=path.name)
        while True:
            batch = Batch.objects.get(pk=batch.pk)
            if not batch.is_open:
                break
            if time.perf_counter() - began > 1800:
                raise TimeoutError(f"batch {batch.number} is {batch.state}")
            time.sleep(0.1)
        took = time.perf_counter() - began
        counts = {name: getattr(batch, name) for name in ("processed", "successful", "created", "changed", "same")}
        return {"seconds": took, "state": batch.state, **counts}
