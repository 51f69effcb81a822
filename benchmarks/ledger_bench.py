"""The ledger on PostgreSQL: postings a second beside bare inserts, and a statement over very many lines.

The peer writes the same two entries and one posting row in one transaction a time, by the same driver, with as many
threads: no locks, balances, chain, triggers, period or sums. Sellers are spread as evenly as they come. The many lines
are put in by one statement a table, and audited like all others.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.row import Row

THREADS = 4
POSTINGS, POSTINGS_SHORT = 8_000, 800
LINES, LINES_SHORT = 1_000_000, 20_000
SELLERS = 40
MOST_MS = 100


def run(*, short: bool) -> list[Row]:
    """The statement of the issue: under 100 ms at a million lines; and the books in order after all of it."""
    from scripts.private_postgres import running

    count, lines = (POSTINGS_SHORT, LINES_SHORT) if short else (POSTINGS, LINES)
    with tempfile.TemporaryDirectory(prefix="fondaco-ledger-") as folder, running(durable=True) as server:
        if server is None:
            return [Row("ledger: PostgreSQL", 0, "postings/s", "no server binaries here")]
        _set_up(server, Path(folder))
        from fondaco.ledger.audit import audit

        peer = bare_inserts(server, count)
        spread = postings(count, sellers=SELLERS)
        single = postings(count // 4, sellers=1)
        charges = charging(count // 4)
        assert audit().is_clean
        statement_ms, first_ms, deep_ms = views(lines)
        began = time.perf_counter()
        report = audit()
        took = time.perf_counter() - began
        assert report.is_clean, report.faults
    share = spread / peer
    return [
        Row("ledger: bare inserts (limit)", peer, "postings/s"),
        Row(
            f"ledger: postings, {THREADS} threads, {SELLERS} sellers", spread, "postings/s", f"bare {peer:,.0f}", share
        ),
        Row(
            f"ledger: postings, {THREADS} threads, one seller",
            single,
            "postings/s",
            f"spread {spread:,.0f}",
            single / spread,
        ),
        Row(
            f"ledger: charges with a due and a task, {THREADS} threads",
            charges,
            "charges/s",
            f"spread {spread:,.0f}",
            charges / spread,
        ),
        _page(f"ledger: statement page at {lines:,} lines of one seller", statement_ms),
        _page("ledger: first page of its transactions", first_ms),
        _page("ledger: a page deep inside them", deep_ms),
        Row(f"ledger: audit of {report.entries:,} entries", took, "s"),
    ]


def _page(name: str, ms: float) -> Row:
    return Row(name, ms, "ms", f"limit {MOST_MS}", ms / MOST_MS, "≤ 1", ms <= MOST_MS)


def _set_up(server: str, home: Path) -> None:
    os.environ |= {
        "FONDACO_DATABASE_URL": f"{server}?pool={THREADS + 2}",
        "FONDACO_DATA": str(home / "data"),
        "DJANGO_SETTINGS_MODULE": "fondaco.config.settings",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def in_threads(count: int, act: Callable[[int], Any]) -> float:
    """Runs `act(n)` for each n below `count`, shared by the threads; returns how many a second."""
    from django.db import connection

    failed: list[BaseException] = []

    def work(first: int) -> None:
        try:
            for n in range(first, count, THREADS):
                act(n)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(THREADS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return count / (time.perf_counter() - began)


_PEER = """
CREATE TABLE peer_posting (id uuid PRIMARY KEY, key varchar(120) UNIQUE, kind varchar(16), cause varchar(64), at timestamptz);
CREATE TABLE peer_entry (id uuid PRIMARY KEY, posting_id uuid REFERENCES peer_posting, account uuid, amount bigint)
"""


def bare_inserts(server: str, count: int) -> float:
    """Three rows a transaction, nothing else."""
    from fondaco.kit.ids import new_id

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(_PEER)
    held = threading.local()

    def act(n: int) -> None:
        if not hasattr(held, "connection"):
            held.connection = psycopg.connect(server)
        posting, one, other = new_id(), new_id(), new_id()
        with held.connection.transaction():
            held.connection.execute("INSERT INTO peer_posting VALUES (%s, %s, 'sale', 'x', now())", [posting, f"k{n}"])
            sql = "INSERT INTO peer_entry VALUES (%s, %s, %s, 500), (%s, %s, %s, -500)"
            held.connection.execute(sql, [one, posting, one, other, posting, other])

    return in_threads(count, act)


def postings(count: int, *, sellers: int) -> float:
    """Sales that are credited: whole, once, with balances and sums."""
    from fondaco.ledger.tests.factories import give
    from fondaco.sellers.tests.factories import make_seller

    accounts = [make_seller(f"Seller {n}") for n in range(sellers)]
    return in_threads(count, lambda n: give(accounts[n % sellers], 500, key=f"sale {sellers} {n}"))


def charging(count: int) -> float:
    """Charges of sellers without proceeds: the posting, its due, the task and the event, in one transaction."""
    from fondaco.ledger.tests.factories import bill
    from fondaco.sellers.tests.factories import make_seller

    accounts = [make_seller(f"Debtor {n}") for n in range(SELLERS)]
    return in_threads(count, lambda n: bill(accounts[n % SELLERS], 500, key=f"charge {n}"))


def views(lines: int) -> tuple[float, float, float]:
    """Median milliseconds of the statement page, the first and a deep page of the transactions."""
    from django.test import Client
    from django.urls import reverse

    from fondaco.ledger.tests.factories import give
    from fondaco.sellers.tests.factories import make_seller, owner_of

    seller = make_seller("Very many lines")
    give(seller, 500)
    _many_lines(seller, lines)
    client = Client()
    client.force_login(owner_of(seller))
    listing = reverse("ledger:transactions")
    deep = f"{listing}?cursor={_cursor_in_the_middle(seller, lines)}"
    return tuple(_median_ms(client, url) for url in (reverse("ledger:statement"), listing, deep))  # type: ignore[return-value]


def _median_ms(client: Any, url: str) -> float:
    times = []
    for _ in range(12):
        began = time.perf_counter()
        answer = client.get(url, headers={"host": "localhost"})
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.status_code
    return statistics.median(times[2:])


def _cursor_in_the_middle(seller: Any, lines: int) -> str:
    from fondaco.ledger.models import Entry
    from fondaco.web import paging

    order = ("-at", "-id")
    row = Entry.objects.filter(seller=seller).order_by(*order)[lines // 2]
    return paging._write(row, order, backwards=False)


_MANY = (
    "CREATE TEMP TABLE many ON COMMIT DROP AS SELECT n, gen_random_uuid() AS id FROM generate_series(1, %(n)s) n",
    """
INSERT INTO ledger_entry (id, posting_id, account_id, account_version, amount_minor, currency, previous_minor,
                          current_minor, at, seller_id, period_id, section)
SELECT gen_random_uuid(), m.id, a.id, a.version + m.n, e.amount_minor, 'USD', a.balance_minor + e.amount_minor * (m.n - 1),
       a.balance_minor + e.amount_minor * m.n, %(at)s + m.n * interval '1 millisecond', e.seller_id, e.period_id, e.section
  FROM many m CROSS JOIN ledger_entry e JOIN ledger_account a ON a.id = e.account_id WHERE e.posting_id = %(posting)s
""",
    """
UPDATE ledger_account a SET version = a.version + %(n)s, balance_minor = a.balance_minor + e.amount_minor * %(n)s
  FROM ledger_entry e WHERE a.id = e.account_id AND e.posting_id = %(posting)s
""",
    """
INSERT INTO ledger_posting (id, key, request_hash, kind, cause_kind, cause_id, cause_label, reason, clause, policy_version, at)
SELECT m.id, 'many ' || m.n, '', p.kind, p.cause_kind, p.cause_id, '', p.reason, '', '', %(at)s + m.n * interval '1 millisecond'
  FROM many m, ledger_posting p WHERE p.id = %(posting)s
""",
    "UPDATE ledger_periodtotal SET in_minor = in_minor + 500 * %(n)s, lines = lines + %(n)s WHERE period_id = %(period)s",
)


def _many_lines(seller: Any, lines: int) -> None:
    """`lines` more sales like the one there is, in a few statements.

    The triggers are off meanwhile: a million updates of one account in one transaction would take a day, as each
    walks over all versions before it. The audit afterwards is the judge.
    """
    from django.db import connection, transaction

    from fondaco.ledger.models import Entry

    mine = Entry.objects.select_related("posting").get(seller=seller)
    values = {"n": lines, "at": mine.at, "posting": mine.posting_id, "period": mine.period_id}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in _MANY:
            cursor.execute(statement, values)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ledger_entry; ANALYZE ledger_posting")
