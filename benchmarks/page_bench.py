"""Product page, inventory and shop search at a million listings and five million pictures, beside ten thousand.

    python -m benchmarks.page_bench [--listings 1000000] [--server postgresql://…/] [--only inventory]

Both stores stand on one PostgreSQL server, each behind a `fondaco serve` of its own, and are asked in turn by four client
processes that ask for the next page as soon as they have read the last; so machine and load are the same for both, and
the ratio is the figure to trust. Beside the times stands what a page costs in processor time, web and database together:
that figure holds on a busy machine too. The limit is a bare page of the same server that asks the database for nothing.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.page_store import PICTURES
from benchmarks.row import Row
from benchmarks.running import Process, free_port

ROOT = Path(__file__).resolve().parent.parent
LISTINGS, SMALL, SHORT = 1_000_000, 10_000, 2_000
CLIENTS, REQUESTS, REQUESTS_SHORT = 4, 400, 60
MEDIAN_MS, P99_MS, RATIO = 30.0, 120.0, 1.3
HANDMADE_MS = 100.0
LANGUAGES = {"en": "English", "vi": "Vietnamese", "zh": "Chinese"}


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of page: addresses to choose from, and whether the seller is signed in. `finds`: for each address what the
    page must show."""

    name: str
    paths: tuple[str, ...]
    signed_in: bool = False
    is_limit: bool = False
    status: int = 200
    finds: tuple[str, ...] = ()
    median_ms: float = MEDIAN_MS
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Store:
    """A store of some size behind its web server."""

    count: int
    facts: dict[str, Any]
    port: int
    web: Process
    postmaster: int

    def cpu_s(self) -> float:
        """Processor seconds of web and database so far."""
        return sum(map(_cpu_s, [*self.web.pids(), *_children(self.postmaster)]))


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of the requests of one case, and what one cost in processor time."""

    median: float
    p99: float
    cpu: float


def run(*, short: bool) -> list[Row]:
    """Median, 99th percentile and ratio of every case."""
    return measure(listings=SHORT if short else LISTINGS, requests=REQUESTS_SHORT if short else REQUESTS)


def measure(*, listings: int, requests: int, server: str = "", only: str = "", pictures: int = PICTURES) -> list[Row]:
    """The figures for a store of so many listings beside one of 10,000 (or half as many, if that is less)."""
    from scripts.private_postgres import running

    with nullcontext(server) if server else running() as address:
        if not address:
            return [Row("pages: PostgreSQL", 0, "ms", "no server binaries here")]
        base = address.rpartition("/")[0]
        kind = {
            "prefix": "bench" if pictures == PICTURES else f"bench_p{pictures}",
            "FONDACO_BENCH_PICTURES": str(pictures),
        }
        with store(base, min(SMALL, listings // 2), **kind) as small, store(base, listings, **kind) as large:
            rows = []
            for few, many in zip(_cases(small.facts), _cases(large.facts), strict=True):
                if only in many.name:
                    rows += _rows(many, large, ask(small, few, requests), ask(large, many, requests))
    return rows


def _rows(case: Case, large: Store, few: Times, many: Times) -> list[Row]:
    if case.is_limit:
        return [Row(f"pages: {case.name}, median", many.median, "ms", f"processor {many.cpu:.1f} ms")]
    size, ratio = f"{large.count:,}", many.median / few.median
    return [
        Row(
            f"{case.name} at {size}: median", many.median, "ms", f"processor {many.cpu:.1f} ms",
            many.median / case.median_ms, f"< {case.median_ms:.0f} ms", many.median < case.median_ms,
        ),
        Row(f"{case.name} at {size}: 99th", many.p99, "ms", "", many.p99 / P99_MS, f"< {P99_MS:.0f} ms", many.p99 < P99_MS),
        Row(
            f"{case.name}: beside {min(SMALL, large.count // 2):,}", few.median, "ms",
            f"processor {many.cpu:.1f} : {few.cpu:.1f} ms", ratio, f"< {RATIO}", ratio < RATIO,
        ),
    ]  # fmt: skip


def _cases(facts: dict[str, Any]) -> list[Case]:
    """The pages of the issue. Words: in a tenth of the listings, in a thousandth, in twenty of them."""
    from benchmarks.page_store import COLOURS, FREQUENT, TYPES

    def search(*words: str) -> str:
        return f"/shop/search/?q={quote(' '.join(words))}"

    inventory = "/seller/inventory/"
    rare, own = facts["rare"], facts["own_rare"]
    prefixes = [sku[:-2] for sku in facts["own_skus"]]
    return [
        Case("a page without queries (limit)", ("/nothing/here/",), is_limit=True, status=404),
        Case("product page", tuple(f"/product/{asin}/" for asin in facts["asins"])),
        Case("shop home", ("/shop/", "/shop/?page=2", "/shop/?page=3")),
        Case("search, rare word", tuple(search(word) for word in rare)),
        Case("search, frequent word", tuple(search(word) for word in (*FREQUENT, *COLOURS, *TYPES))),
        Case("search, two words", tuple(search(f, w) for f in FREQUENT for w in facts["middle"][:40])),
        Case("search, two frequent words", tuple(search(f, c) for f in FREQUENT for c in COLOURS)),
        Case("search, a department", tuple(f"/shop/search/?department={d}" for d in ("kitchen", "toys", "home"))),
        Case("search, no such word", ("/shop/search/?q=nowhere", "/shop/search/?q=sturdy+nowhere")),
        *(_handmade(language, facts["handmade"][code]) for code, language in LANGUAGES.items()),
        Case("inventory, first page", (inventory, f"{inventory}?sort=sku", f"{inventory}?status=all"), True),
        Case("inventory, by channel", (f"{inventory}?channel=marketplace", f"{inventory}?channel=seller"), True),
        Case("inventory, by pictures", tuple(f"{inventory}?image={s}" for s in ("rejected", "missing", "shown")), True),
        Case("inventory, by type", tuple(f"{inventory}?type={t}" for t in TYPES), True),
        Case("inventory, a type it has not", (f"{inventory}?type=laptop",), True),
        Case("inventory, held back", (f"{inventory}?held=any", f"{inventory}?held=not_on_white"), True),
        Case("inventory, held back for no such reason", (f"{inventory}?held=cropped",), True),
        Case("inventory, SKU", tuple(f"{inventory}?q={sku}" for sku in prefixes), True),
        Case("inventory, frequent word", tuple(f"{inventory}?q={word}" for word in FREQUENT), True),
        Case("inventory, rare word", tuple(f"{inventory}?q={word}" for word in own), True),
        Case("inventory, no such word", (f"{inventory}?q=nowhere",), True),
    ]


def _handmade(language: str, asked: list[list[str]]) -> Case:
    """Handmade goods by words of their titles; each page must show the one that was meant."""
    paths = tuple(f"/shop/search/?q={quote(words)}" for words, _asin in asked)
    finds = tuple(f"/product/{asin}/" for _words, asin in asked)
    return Case(f"search, handmade titles in {language}", paths, finds=finds, median_ms=HANDMADE_MS)


# --- stores -----------------------------------------------------------------------------------------------------------


@contextmanager
def store(
    base: str, count: int, *, builder: str = "benchmarks.page_store", prefix: str = "bench", **extra: str
) -> Iterator[Store]:
    """A store that the module `builder` made, behind a server of its own; `extra` goes into the environment."""
    import psycopg

    name = f"{prefix}_{count}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f"CREATE DATABASE {name}")
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        postmaster = _parent(row[0])
    with tempfile.TemporaryDirectory(prefix="fondaco-pages-") as folder:
        env = os.environ | {"FONDACO_DATABASE_URL": f"{base}/{name}?pool=4", "FONDACO_DATA": str(Path(folder) / "data")}
        env |= {"DJANGO_SETTINGS_MODULE": "fondaco.config.settings", "FONDACO_SECRET_KEY": "page bench", **extra}
        made = subprocess.run(
            [sys.executable, "-m", builder, str(count)],
            env=env,
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
        )
        port = free_port()
        web = Process("serve", "--port", str(port), env=env, log=Path(folder) / "web.log")
        web.start()
        try:
            web.wait_for(f"http://127.0.0.1:{port}/shop/")
            yield Store(count, json.loads(made.stdout), port, web, postmaster)
        finally:
            web.stop()


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _children(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(path.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# --- asking -----------------------------------------------------------------------------------------------------------


def ask(store: Store, case: Case, requests: int) -> Times:
    """Four clients ask for pages of the case one after the other, each `requests` / 4 times."""
    cookies = store.facts["cookies"] if case.signed_in else ""
    each = max(5, requests // CLIENTS)
    with multiprocessing.get_context("spawn").Pool(CLIENTS) as pool:
        pool.starmap(_client, [(store.port, case, cookies, 5, n) for n in range(CLIENTS)])  # warm
        before = store.cpu_s()
        found = pool.starmap(_client, [(store.port, case, cookies, each, 10 + n) for n in range(CLIENTS)])
        spent = store.cpu_s() - before
    times = sorted(ms for some in found for ms in some)
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    return Times(statistics.median(times), p99, 1000 * spent / len(times))


def _client(port: int, case: Case, cookies: str, count: int, seed: int) -> list[float]:
    rng = random.Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": cookies} if cookies else dict(case.headers)
    times = []
    for _ in range(count):
        at = rng.randrange(len(case.paths))
        path = case.paths[at]
        began = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        times.append(1000 * (time.perf_counter() - began))
        assert answer.status == case.status, f"{path} answered {answer.status}"
        assert not case.finds or case.finds[at].encode() in body, f"{path} does not show {case.finds[at]}"
    connection.close()
    return times


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page_bench", description=__doc__)
    parser.add_argument("--listings", type=int, default=LISTINGS)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--server", default="", help="a PostgreSQL server whose stores are kept for the next time")
    parser.add_argument("--only", default="", help="cases with this in their name")
    parser.add_argument("--pictures", type=int, default=PICTURES, help="of each listing; fewer stand sooner")
    options = parser.parse_args()
    from rich.console import Console

    from benchmarks.__main__ import table

    rows = measure(**vars(options))
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    Console(width=160).print(table(rows))


if __name__ == "__main__":
    main()
