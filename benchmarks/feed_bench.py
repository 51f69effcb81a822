"""Inventory files on PostgreSQL: rows a second beside a bare COPY, the same file again, memory; and with pictures.

The peer is one table that holds every column which a row of the file fills in products, offers and stock movements, each
once, with all indexes that the product keeps over them (read from its own schema, so that they stay the same; one over
columns that another has already counts once), loaded by one `COPY` of ready-made rows: no reading, checking, foreign keys,
report, or second transaction. Search has no index over rows without a picture, the product's neither; a record without
a fault has no row in the report. The database user is the server's
own superuser, who may vouch for references (`feeds.load.insert`). Files come from a fixed seed. The workers are the product's own (`fondaco worker`).
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.row import Row
from benchmarks.running import cpu_s

ROWS, ROWS_SHORT = 1_000_000, 50_000
MESSAGES = 10_000
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
    count, pictured, messages = (ROWS_SHORT, PICTURES_SHORT, 200) if short else (ROWS, PICTURES, MESSAGES)
    return measure(rows=count, pictured=pictured, messages=messages)


def measure(*, rows: int, pictured: int, messages: int = 0) -> list[Row]:
    """The same with so many rows, so many rows with a picture, and so many as JSON beside the file; 0 leaves a part out."""
    from scripts.private_postgres import running

    with tempfile.TemporaryDirectory(prefix="fondaco-feed-") as folder, running(durable=True) as server:
        if server is None:
            return [Row("feed: PostgreSQL", 0, "rows/s", "no server binaries here")]
        home, found = Path(folder), []
        store = Store(server, home)
        peers = [bare_copy(server, rows, indexes=some) for some in (peer_indexes(server), ())] if rows else []
        with store.workers() as workers:
            if rows:
                found += _plain(store, workers, home / "goods.txt", rows, *peers)
            if pictured:
                found += _with_pictures(store, home / "pictured.txt", pictured)
            if messages:
                found += _as_json(store, home, messages)
        return found


def _plain(store: Store, workers: Workers, path: Path, count: int, peer: float, lean: float) -> list[Row]:
    write_file(path, count)
    first = store.send(path)
    peak_mb = workers.peak_mb()
    again = store.send(path)
    assert first["created"] == count, first
    assert again["same"] == count, again
    new, same = count / first["seconds"], count / again["seconds"]
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
        _cpu("feed: new catalogue", first, count),
        Row("feed: the same file again", same, "rows/s", f"first {new:,.0f}", same / new, "≥ 3", same >= 3 * new),
        _cpu("feed: the same file again", again, count),
        Row(
            "feed: memory of the largest worker",
            peak_mb,
            "MB",
            f"limit {MEMORY_LIMIT_MB}",
            peak_mb / MEMORY_LIMIT_MB,
            "≤ 1",
            peak_mb <= MEMORY_LIMIT_MB,
        ),
    ]


def _with_pictures(store: Store, path: Path, count: int) -> list[Row]:
    with picture_host() as (host, pid):
        write_file(path, count, prefix="PIC", host=host)
        before = cpu_s(pid)
        shown = store.send(path)
        hosted = cpu_s(pid) - before
    assert (shown["created"], shown["successful"]) == (count, count), shown
    rate = count / shown["seconds"]
    return [
        Row(
            "feed: with a picture each (fetch, inspect, render, publish)",
            rate,
            "rows/s",
            f"Saleor {PEER_WITH_PICTURES}, without inspection (recorded, not run here)",
            rate / PEER_WITH_PICTURES,
            "≥ 4",
            rate >= 4 * PEER_WITH_PICTURES,
        ),
        _cpu("feed: with a picture each", shown, count, f", image host {1e6 * hosted / count:,.0f}"),
    ]


def _as_json(store: Store, home: Path, count: int) -> list[Row]:
    """The same rows with pictures as a JSON feed between two inventory files; every address yields new bytes."""
    with picture_host() as (host, _pid):
        found = []
        for place, kind in enumerate(("file", "json", "file")):
            path = home / f"same{place}.{'json' if kind == 'json' else 'txt'}"
            rows = goods(count, prefix=f"SAME{place}", host=host, first_picture=(place + 1) * 10_000_000)
            if kind == "json":
                write_json(path, rows, seller=store.caller.seller.number)
            else:
                write_rows(path, rows)
            sent = store.send(path)
            assert (sent["created"], sent["successful"]) == (count, count), sent
            found.append(sent)
    before, messages, after = found
    file_s = (before["seconds"] + after["seconds"]) / 2
    ratio = file_s / messages["seconds"]
    return [
        Row(
            f"feed: {count:,} JSON messages with a picture each",
            count / messages["seconds"],
            "rows/s",
            f"the same rows as inventory files {count / before['seconds']:,.1f} and {count / after['seconds']:,.1f}",
            ratio,
            "≥ 0.9",
            ratio >= 0.9,
        ),
        _cpu("feed: JSON messages with a picture each", messages, count),
        _cpu("feed: the same rows as an inventory file", after, count),
    ]


def _cpu(name: str, sent: dict[str, Any], count: int, more: str = "") -> Row:
    """Processor time a row: what a shared machine does not blur as it does the time on the wall."""
    ours, database = (1e6 * sent[key] / count for key in ("cpu_workers_s", "cpu_database_s"))
    waited = sent["seconds"] * (os.cpu_count() or 1)
    share = (sent["cpu_workers_s"] + sent["cpu_database_s"]) / waited
    told = f"workers {ours:,.0f}, database {database:,.0f}{more}; {share:.0%} of all cores"
    return Row(f"{name}: processor time", ours + database, "µs/row", told)


# --- the file ---------------------------------------------------------------------------------------------------------


def goods(count: int, *, prefix: str = "SKU", host: str = "", first_picture: int = 0) -> Iterator[dict[str, str]]:
    """Rows of a kitchen shop, the same for every run; with `host` each has the address of a picture, counted from
    `first_picture`."""
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
            "main-image-url": f"{host}/{first_picture + number}.jpg" if host else "",
        }


def write_file(path: Path, count: int, *, prefix: str = "SKU", host: str = "") -> None:
    """An inventory file of `count` records."""
    write_rows(path, goods(count, prefix=prefix, host=host))


def write_rows(path: Path, rows: Iterable[dict[str, str]]) -> None:
    """Rows as an inventory file."""
    with path.open("w") as out:
        out.write("TemplateType=fondaco.inventory\tVersion=2026.1\n" + "\t".join(COLUMNS) + "\n")
        for row in rows:
            out.write("\t".join(row.get(name, "") for name in COLUMNS) + "\n")


def write_json(path: Path, rows: Iterable[dict[str, str]], *, seller: str) -> None:
    """The same rows as a JSON listings feed."""
    with path.open("w") as out:
        out.write(json.dumps({"header": {"sellerId": seller, "version": "2.0", "issueLocale": "en_US"}})[:-1])
        out.write(', "messages": [')
        for number, row in enumerate(rows, start=1):
            out.write((",\n" if number > 1 else "\n") + json.dumps(message_of(row, number)))
        out.write("]}")


def message_of(row: dict[str, str], number: int) -> dict[str, Any]:
    """A row as a message that states the same."""
    price = [{"schedule": [{"value_with_tax": float(row["price"])}]}]
    stock = {"fulfillment_channel_code": "DEFAULT", "quantity": int(row["quantity"]), "lead_time_to_ship_max_days": 1}
    return {
        "messageId": number,
        "sku": row["sku"],
        "operationType": "UPDATE",
        "productType": row["product-type"].upper(),
        "requirements": "LISTING",
        "attributes": {
            "item_name": [{"value": row["item-name"]}],
            "brand": [{"value": row["brand"]}],
            "product_description": [{"value": row["description"]}],
            "color": [{"value": row["colour"]}],
            "material": [{"value": row["material"]}],
            "condition_type": [{"value": "new_new"}],
            "purchasable_offer": [{"currency": "USD", "our_price": price}],
            "fulfillment_availability": [stock],
            "main_product_image_locator": [{"media_location": row["main-image-url"]}],
        },
    }


# --- pictures ---------------------------------------------------------------------------------------------------------

PICTURES, PICTURES_SHORT = 2_000, 200
PEER_WITH_PICTURES = 71
MOTIFS = 12


@contextmanager
def picture_host() -> Iterator[tuple[str, int]]:
    """A host of 1600 px JPEGs and its process. Every address yields other bytes: a comment in the file differs, so that
    nothing is known by its content already."""
    made = multiprocessing.get_context("spawn")
    ready = made.Queue()
    process = made.Process(target=_serve, args=(ready,), daemon=True)
    process.start()
    assert process.pid is not None
    try:
        ready.get(timeout=300)
        yield f"http://127.0.0.1:{PICTURE_PORT}", process.pid
    finally:
        process.terminate()
        process.join(10)


PICTURE_PORT = 18_473


def _serve(ready: Any) -> None:
    """As little work as a host can have: one thread, one answer a request, kept connections."""
    import asyncio

    motifs = photographs()

    class Host(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            self.out, self.left = transport, b""

        def data_received(self, data: bytes) -> None:
            *requests, self.left = (self.left + data).split(b"\r\n\r\n")
            for request in requests:
                path = request.split(b" ", 2)[1]
                number = int(path.rpartition(b"/")[2].removesuffix(b".jpg"))
                jpeg, note = motifs[number % len(motifs)], path
                comment = b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note
                head = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"
                size = len(jpeg) + len(comment)
                self.out.writelines([head % size, jpeg[:2], comment, memoryview(jpeg)[2:]])

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Host, "127.0.0.1", PICTURE_PORT)
        ready.put(True)
        await server.serve_forever()

    asyncio.run(main())


def photographs() -> list[bytes]:
    """Good main pictures of a dozen kinds of goods, 1,600 px, quality 88: 110 to 470 KB a file, 230 on average."""
    from fondaco.demo.pictures import KINDS, encode, pixels

    return [encode(pixels(kind, seed=n, size=1600)[0], kind="jpeg") for n, kind in enumerate(list(KINDS)[:MOTIFS])]


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
  units_reserved integer NOT NULL, units_away integer NOT NULL, request_key varchar(64) NOT NULL,
  movement_id uuid NOT NULL, kind varchar(12) NOT NULL, from_bucket varchar(8) NOT NULL, to_bucket varchar(8) NOT NULL,
  cause varchar(80) NOT NULL, key varchar(80), created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL
)"""
_PEER_ID = {"catalogue_product": "product_id", "catalogue_offer": "offer_id", "catalogue_stockmovement": "movement_id"}


def peer_indexes(server: str) -> list[str]:
    """Statements that give the peer the product's indexes over columns that it has."""
    made: dict[str, str] = {}
    with psycopg.connect(server) as connection:
        found = connection.execute(
            "SELECT tablename, indexdef FROM pg_indexes WHERE tablename = ANY(%s) ORDER BY indexdef LIKE 'CREATE UNIQUE%%' DESC",
            [list(_PEER_ID)],
        ).fetchall()
    for table, definition in found:
        over = re.sub(r"\bid\b", _PEER_ID[table], definition.partition(" USING ")[2])
        made.setdefault(over, f"{definition.partition(' INDEX ')[0]} INDEX ON peer USING {over}")
    return list(made.values())


def bare_copy(server: str, count: int, *, indexes: Sequence[str]) -> float:
    """Seconds that one COPY of these rows takes, made up beforehand."""
    from fondaco.feeds.load import text

    seller, at = text.ids(1)[0], "2026-11-22T12:00:00+00:00"
    blocks: list[bytes] = []
    rows, taken = goods(count), set[str]()
    for start in range(0, count, 10_000):
        some = min(10_000, count - start)
        offers, products, movements, asins = text.ids(some), text.ids(some), text.ids(some), text.asins(some)
        while len(set(asins)) < some or not taken.isdisjoint(asins):  # among a million two may be drawn alike
            asins = text.asins(some)
        taken.update(asins)
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
                    "",
                    movement,
                    "count",
                    "outside",
                    "sellable",
                    "batch 123456789012",
                    "\\N",
                    at,
                    at,
                )
            )
            for offer, product, movement, asin, row in zip(offers, products, movements, asins, rows, strict=False)
        ]
        blocks.append(("\n".join(lines) + "\n").encode())
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(_PEER)
        for statement in indexes:
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
        with psycopg.connect(server) as connection:
            (backend,) = connection.execute("SELECT pg_backend_pid()").fetchone() or (0,)
            self._postmaster = int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])
        self._workers: list[int] = []

    @contextmanager
    def workers(self) -> Iterator[Workers]:
        """`fondaco worker`, several times; they have begun when this returns."""
        command = [sys.executable, "-m", "fondaco.config.cli", "worker"]
        made = [
            subprocess.Popen([*command, *(["--no-recurring"] if n else [])], env=self.env, stderr=subprocess.DEVNULL)
            for n in range(WORKERS)
        ]
        workers = Workers(made)
        self._workers = [process.pid for process in made]
        try:
            time.sleep(6)
            yield workers
        finally:
            workers.stop()

    def send(self, path: Path) -> dict[str, Any]:
        """Submits the file and waits for its report; `seconds` from the first byte to DONE, and the counts."""
        from fondaco.feeds.models import Batch
        from fondaco.feeds.operations import submit

        began, before = time.perf_counter(), self._cpu()
        with path.open("rb") as file:
            batch = submit(self.caller, file=file, name=path.name)
        while True:
            batch = Batch.objects.get(pk=batch.pk)
            if not batch.is_open:
                break
            if time.perf_counter() - began > 1800:
                raise TimeoutError(f"batch {batch.number} is {batch.state}")
            time.sleep(0.1)
        took, after = time.perf_counter() - began, self._cpu()
        counts = {name: getattr(batch, name) for name in ("processed", "successful", "created", "changed", "same")}
        used = {name: after[name] - before[name] for name in after}
        return {"seconds": took, "state": batch.state, **used, **counts}

    def _cpu(self) -> dict[str, float]:
        """Seconds that workers and this process, and the server, have computed so far."""
        ours = sum(map(cpu_s, self._workers)) + time.process_time()
        return {"cpu_workers_s": ours, "cpu_database_s": cpu_s(self._postmaster)}


if __name__ == "__main__":
    import argparse

    from rich.console import Console

    from benchmarks.__main__ import table

    parser = argparse.ArgumentParser(prog="python -m benchmarks.feed_bench")
    parser.add_argument("--rows", type=int, default=ROWS_SHORT)
    parser.add_argument("--pictured", type=int, default=PICTURES_SHORT)
    parser.add_argument("--messages", type=int, default=0, help="so many JSON messages beside the same rows as a file")
    options = parser.parse_args()
    rows = measure(rows=options.rows, pictured=options.pictured, messages=options.messages)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    Console(width=200).print(table(rows))
