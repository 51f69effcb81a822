"""Orders, returns and refunds a second, end to end, on PostgreSQL with four clients; and refund plans on one core.

Each order is whole: the caller looked up, delivery promised at the address by the published tables, the day's limit counted,
stock reserved, the card (simulated) asked, order, item and units written, the sale booked in double entry, history, a mail
to the buyer and one to the seller. Each return is judged by policy and authorised; each refund planned, booked and charged.
The peers were measured elsewhere on two shared cores, without any rule: django-oscar 12.5, Vendure 8.3 and Saleor 3.9
orders, Saleor 10 and Medusa 2.75 returns, Vendure 74 refunds a second. Afterwards nothing may be lost or doubled.

Beside the clock stands processor time, clients' and the database's: what it would be with these cores for itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.row import Row
from benchmarks.running import cpu_s

CLIENTS = 4
ORDERS, ORDERS_SHORT = 400, 40
PLANS, PLANS_SHORT = 100_000, 10_000
SELLERS, OFFERS, BUYERS = 8, 3, 5
AIM = 3.0
PEERS = {"order": (12.5, "django-oscar 12.5"), "return": (10.0, "Saleor 10"), "refund": (74.0, "Vendure 74")}


@dataclass(frozen=True, slots=True)
class Run:
    """What four clients did at once."""

    count: int
    seconds: float
    clients_s: float
    database_s: float

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    def each_ms(self, processor_s: float) -> float:
        return 1000 * processor_s / self.count


def run(*, short: bool) -> list[Row]:
    """The aim of the issue: three times the best peer in each."""
    from benchmarks.ledger_bench import _set_up
    from scripts.private_postgres import running

    rows = plans(PLANS_SHORT if short else PLANS)
    count = ORDERS_SHORT if short else ORDERS
    with tempfile.TemporaryDirectory(prefix="fondaco-orders-") as folder, running(durable=True) as server:
        if server is None:
            return [*rows, Row("orders: PostgreSQL", 0, "orders/s", "no server binaries here")]
        _set_up(server, Path(folder))
        market = _market()
        spread = _at_once("place", [_buying(market, n, count, f"spread-{n}") for n in range(CLIENTS)])
        rows += _rows("orders: placed, 8 sellers", "order", spread)
        few = max(15, count // 4)
        one_offer = {**market, "offers": market["offers"][:1]}
        single = _at_once("place", [_buying(one_offer, n, few, f"single-{n}") for n in range(CLIENTS)])
        rows += _rows("orders: placed, all of one offer", "order", single)
        _check_orders(CLIENTS * (count + few))
        rows += _returns(CLIENTS * count)
    return rows


def _returns(count: int) -> list[Row]:
    """What was bought from eight sellers is delivered, asked back, checked in and refunded, each by four clients at once."""
    from fondaco.orders.models import Order

    ids = [str(pk) for pk in Order.objects.order_by("id").values_list("pk", flat=True)[:count]]
    parts = [{"rows": ids[n::CLIENTS]} for n in range(CLIENTS)]
    _at_once("deliver", parts)
    rows = _rows("returns: created", "return", _at_once("ask", parts))
    rows += _rows("returns: checked in", "", _at_once("check_in", parts))
    rows += _rows("returns: refunded", "refund", _at_once("refund", parts))
    rows += _rows("returns: the card told, by the worker", "", _at_once("pay_back", parts))
    _check_returns(count)
    return rows


def plans(count: int) -> list[Row]:
    """`plan_refund` alone, on one core: a parcel of three units, late, one of them used and paid for by the buyer."""
    from fondaco.returns.rules.refund import Grade, RefundFacts, RefundPolicy, UnitFacts, plan_refund
    from fondaco.returns.rules.window import Window

    units = (
        UnitFacts("NO_LONGER_NEEDED", 60_00, 4_95, grade=Grade.USED, photo=True, deduct_pct=35, unit="1"),
        UnitFacts("DEFECTIVE", 25_00, 2_06, frozenset({"apparel"}), unit="2"),
        UnitFacts("NO_LONGER_NEEDED", 100_00, 8_25, frozenset({"software"}), refunded_before_minor=500, unit="3"),
    )
    facts = RefundFacts("USD", Window(date(2022, 6, 1), date(2022, 7, 1)), date(2022, 7, 20), units, 8_00)
    terms = RefundPolicy()
    assert plan_refund(facts, terms).refund_minor > 0
    began = time.process_time()
    for _ in range(count):
        plan_refund(facts, terms)
    rate = count / (time.process_time() - began)
    return [
        Row("refund plans: parcels of three units", rate, "plans/s and core"),
        Row("refund plans: units", 3 * rate, "units/s and core"),
    ]


def _rows(name: str, kind: str, run: Run) -> list[Row]:
    processor = Row(
        f"{name}, processor time of clients",
        run.each_ms(run.clients_s),
        "ms each",
        f"and database {run.each_ms(run.database_s):.1f} ms",
    )
    if not kind:
        return [Row(f"{name}, {CLIENTS} clients", run.rate, "a second"), processor]
    best, peer = PEERS[kind]
    free = (os.cpu_count() or 1) / (run.clients_s + run.database_s) * run.count
    return [
        Row(
            f"{name}, {CLIENTS} clients",
            run.rate,
            f"{kind}s/s",
            peer,
            run.rate / best,
            f"≥ {AIM:.0f}",
            run.rate / best >= AIM,
        ),
        processor,
        Row(f"{name}, were {os.cpu_count()} cores free for it", free, f"{kind}s/s", peer, free / best),
    ]


def _buying(market: dict[str, Any], number: int, count: int, key: str) -> dict[str, Any]:
    return {**market, "client": number, "key": key, "count": count, "buyers": market["buyers"][number::CLIENTS]}


def _at_once(what: str, parts: list[dict[str, Any]]) -> Run:
    clients = [_client({**part, "what": what}) for part in parts]
    for client in clients:
        assert client.stdout
        assert client.stdout.readline().strip() == "ready"
    before = _database_s()
    for client in clients:
        _tell(client, "go")
    answers = []
    for client in clients:
        assert client.stdout
        answers.append(json.loads(client.stdout.readline()))
        client.wait(timeout=60)
    return Run(
        sum(a["count"] for a in answers),
        max(a["seconds"] for a in answers),
        sum(a["processor_s"] for a in answers),
        _database_s() - before,
    )


def _client(given: dict[str, Any]) -> subprocess.Popen[str]:
    started = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.prime_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    _tell(started, json.dumps(given))
    return started


def _tell(client: subprocess.Popen[str], line: str) -> None:
    assert client.stdin
    client.stdin.write(line + "\n")
    client.stdin.flush()


def _database_s() -> float:
    """Processor seconds of the server so far, of all its processes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        (folder,) = cursor.fetchone()
    return cpu_s(int((Path(folder) / "postmaster.pid").read_text().split()[0]))


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


def _check_orders(placed: int) -> None:
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


def _check_returns(refunded: int) -> None:
    """One return, one refund, one movement of the card for each unit, and the books in order."""
    from fondaco.ledger.audit import audit
    from fondaco.orders.models import PayBack
    from fondaco.returns.models import Refund, Return, ReturnUnit

    counts = {
        Return.objects.count(),
        ReturnUnit.objects.values("unit").distinct().count(),
        Refund.objects.values("unit").distinct().count(),
        PayBack.objects.filter(done_at__isnull=False).count(),
    }
    assert counts == {refunded}, counts
    assert audit().is_clean
