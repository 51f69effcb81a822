"""Orders placed a second, end to end, on PostgreSQL with four clients.

Each order is whole: the caller looked up, delivery promised at the address by the published tables, the day's limit counted,
stock reserved, the card (simulated) asked, order, item and units written, the sale booked in double entry, history, a mail
to the buyer and one to the seller. The peers were measured elsewhere on two shared cores: django-oscar 12.5, Vendure 8.3,
Saleor 3.9 orders a second. Afterwards nothing may be lost or doubled.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.row import Row

CLIENTS = 4
ORDERS, ORDERS_SHORT = 400, 60
SELLERS, OFFERS, BUYERS = 8, 3, 5
BEST_PEER, BEST_NAME = 12.5, "django-oscar 12.5"
AIM = 3.0


def run(*, short: bool) -> list[Row]:
    """The aim of the issue: three times the best peer."""
    from benchmarks.ledger_bench import _set_up
    from scripts.private_postgres import running

    count = ORDERS_SHORT if short else ORDERS
    with tempfile.TemporaryDirectory(prefix="fondaco-orders-") as folder, running(durable=True) as server:
        if server is None:
            return [Row("orders: PostgreSQL", 0, "orders/s", "no server binaries here")]
        _set_up(server, Path(folder))
        market = _market()
        rows = [_measured("orders: placed end to end, 4 clients, 8 sellers", market, count, part="spread")]
        market["offers"] = market["offers"][:1]
        one = _measured("orders: placed end to end, 4 clients, one offer", market, max(15, count // 4), part="single")
        _check(CLIENTS * (count + max(15, count // 4)))
    return [*rows, one]


def _measured(name: str, market: dict[str, Any], count: int, *, part: str) -> Row:
    clients = [_client(market, number, count, part) for number in range(CLIENTS)]
    for client in clients:
        assert client.stdout
        assert client.stdout.readline().strip() == "ready"
    for client in clients:
        _tell(client, "go")
    seconds = []
    for client in clients:
        assert client.stdout
        seconds.append(json.loads(client.stdout.readline())["seconds"])
        client.wait(timeout=60)
    rate = CLIENTS * count / max(seconds)
    ratio = rate / BEST_PEER
    return Row(name, rate, "orders/s", BEST_NAME, ratio, f"≥ {AIM:.0f}", ratio >= AIM)


def _client(market: dict[str, Any], number: int, count: int, part: str) -> subprocess.Popen[str]:
    started = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.order_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    given = {**market, "client": f"{part}-{number}", "count": count, "buyers": market["buyers"][number::CLIENTS]}
    _tell(started, json.dumps({**given, "client": number if part == "spread" else 100 + number}))
    return started


def _tell(client: subprocess.Popen[str], line: str) -> None:
    assert client.stdin
    client.stdin.write(line + "\n")
    client.stdin.flush()


def _market() -> dict[str, Any]:
    from fondaco.fulfilment.tests.factories import TWO_DAY, prime_offer, prime_seller
    from fondaco.orders.tests.factories import OHIO, make_buyer
    from fondaco.sellers.addresses import as_dict

    offers = []
    for number in range(SELLERS):
        caller = prime_seller(f"Seller {number}", limit=1_000_000)
        for n in range(OFFERS):
            offer = prime_offer(caller, quantity=1_000_000, options=TWO_DAY if n == 0 else None)
            offers.append(str(offer.pk))
    buyers = [str(make_buyer(f"Buyer {n}", member=True).pk) for n in range(CLIENTS * BUYERS)]
    return {"offers": offers, "buyers": buyers, "address": as_dict(OHIO)}


def _check(placed: int) -> None:
    """Nothing lost, nothing doubled, the books in order."""
    from fondaco.catalogue.models import Offer
    from fondaco.fulfilment.models import PrimeDay
    from fondaco.ledger.audit import audit
    from fondaco.orders.models import Checkout, Order, OrderUnit
    from fondaco.sellers.models import SimulatedCharge

    counts = {
        Order.objects.count(),
        Checkout.objects.filter(state="placed").count(),
        OrderUnit.objects.count(),
        SimulatedCharge.objects.count(),
        sum(Offer.objects.values_list("units_reserved", flat=True)),
        sum(PrimeDay.objects.values_list("taken", flat=True)),
    }
    assert counts == {placed}, counts
    assert audit().is_clean
