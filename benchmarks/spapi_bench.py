"""The door's reads at a million listings and a million orders, beside ten thousand of each.

    python -m benchmarks.spapi_bench [--listings 1000000] [--server postgresql://…/] [--only getOrder]

As `page_bench`: two stores on one PostgreSQL server, asked in turn by four client processes, with the published limits lifted.
"""

from __future__ import annotations

import argparse
import os
from contextlib import nullcontext
from typing import Any
from urllib.parse import quote

from benchmarks import page_bench
from benchmarks.page_bench import Case, Store, ask
from benchmarks.row import Row

LISTINGS, SMALL, SHORT = 1_000_000, 10_000, 2_000
REQUESTS, REQUESTS_SHORT = 1200, 60
MEDIAN_MS, P99_MS, RATIO = 15.0, 60.0, 1.3
US = "ATVPDKIKX0DER"


def run(*, short: bool) -> list[Row]:
    """Median, 99th percentile and ratio of every operation."""
    return measure(listings=SHORT if short else LISTINGS, requests=REQUESTS_SHORT if short else REQUESTS)


def measure(*, listings: int, requests: int, server: str = "", only: str = "") -> list[Row]:
    """The figures for a store of so many listings and orders beside one of 10,000 (or half as many, if that is less)."""
    from scripts.private_postgres import running

    small_size = min(SMALL, listings // 2)
    with nullcontext(server) if server else running() as address:
        if not address:
            return [Row("door: PostgreSQL", 0, "ms", "no server binaries here")]
        base = address.rpartition("/")[0]
        with _store(base, small_size) as small, _store(base, listings) as large:
            rows = []
            for few, many in zip(cases(small.facts), cases(large.facts), strict=True):
                if only in many.name:
                    rows += _rows(many, large, small_size, ask(small, few, requests), ask(large, many, requests))
    return rows


def _store(base: str, count: int) -> Any:
    return page_bench.store(
        base, count, builder="benchmarks.spapi_store", prefix="bench_spapi", FONDACO_SPAPI_LIMITS="0"
    )


def cases(facts: dict[str, Any]) -> list[Case]:
    """The operations that the figures are promised for, and the way through the door without any."""
    seller, headers = facts["seller"], (("x-amz-access-token", facts["token"]),)
    items = f"/listings/2021-08-01/items/{seller}"
    parts = "summaries,attributes,issues,offers,fulfillmentAvailability"
    search = f"{items}?marketplaceIds={US}&includedData=summaries"
    few = [",".join(facts["skus"][n : n + 10]) for n in range(0, len(facts["skus"]) - 10, 10)]
    return [
        Case("a page without queries (limit)", ("/nothing/here/",), is_limit=True, status=404),
        Case(
            "getListingsItem",
            tuple(f"{items}/{quote(sku)}?marketplaceIds={US}&includedData={parts}" for sku in facts["skus"]),
            headers=headers,
        ),
        Case(
            "searchListingsItems",
            (search, *(f"{search}&sortBy={by}&sortOrder={way}" for by in ("sku", "createdDate") for way in ("ASC", "DESC"))),
            headers=headers,
        ),
        Case(
            "searchListingsItems, by SKU",
            tuple(f"{search}&identifiersType=SKU&identifiers={quote(skus)}" for skus in few),
            headers=headers,
        ),
        Case(
            "getOrder",
            tuple(f"/orders/2026-01-01/orders/{n}?includedData=BUYER,RECIPIENT,FULFILLMENT,PACKAGES" for n in facts["orders"]),
            headers=headers,
        ),
        Case("getOrder, version 0", tuple(f"/orders/v0/orders/{n}" for n in facts["orders"]), headers=headers),
    ]  # fmt: skip


def _rows(case: Case, large: Store, small_size: int, few: Any, many: Any) -> list[Row]:
    if case.is_limit:
        return [Row(f"door: {case.name}, median", many.median, "ms", f"processor {many.cpu:.1f} ms")]
    size, ratio = f"{large.count:,}", many.median / few.median
    return [
        Row(
            f"{case.name} at {size}: median", many.median, "ms", f"processor {many.cpu:.1f} ms",
            many.median / MEDIAN_MS, f"< {MEDIAN_MS:.0f} ms", many.median < MEDIAN_MS,
        ),
        Row(f"{case.name} at {size}: 99th", many.p99, "ms", "", many.p99 / P99_MS, f"< {P99_MS:.0f} ms", many.p99 < P99_MS),
        Row(
            f"{case.name}: beside {small_size:,}", few.median, "ms",
            f"processor {many.cpu:.1f} : {few.cpu:.1f} ms", ratio, f"< {RATIO}", ratio < RATIO,
        ),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spapi_bench", description=__doc__)
    parser.add_argument("--listings", type=int, default=LISTINGS, help="and as many orders")
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--server", default="", help="a PostgreSQL server whose stores are kept for the next time")
    parser.add_argument("--only", default="", help="operations with this in their name")
    options = parser.parse_args()
    from rich.console import Console

    from benchmarks.__main__ import table

    rows = measure(listings=options.listings, requests=options.requests, server=options.server, only=options.only)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    Console(width=160).print(table(rows))


if __name__ == "__main__":
    main()
