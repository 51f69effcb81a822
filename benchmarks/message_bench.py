"""20,000 conversations with 200,000 photographs on PostgreSQL: the seller's list, a thread, mails a second at the listener.

The rows are put in by bulk; one seller answers half of all conversations, so that its lists are long. Pages are asked through
the whole stack of the web process, without the network. The photographs share the files of a few: pages name files and do not
open them. The limit beside the pages is a page of the same stack that asks the database for nothing of its own.
"""

from __future__ import annotations

import os
import random
import smtplib
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.row import Row

CONVERSATIONS, CONVERSATIONS_SHORT = 20_000, 500
PHOTOS_EACH = 10
ROUNDS, ROUNDS_SHORT = 60, 10
MAILS, MAILS_SHORT = 500, 60
LIST_MS, THREAD_MS, MAILS_S = 50, 80, 50


def run(*, short: bool) -> list[Row]:
    """The figures of the issue."""
    from benchmarks.ledger_bench import _set_up
    from benchmarks.running import free_port
    from scripts.private_postgres import running

    count = CONVERSATIONS_SHORT if short else CONVERSATIONS
    with tempfile.TemporaryDirectory(prefix="fondaco-messages-") as folder, running(durable=True) as server:
        if server is None:
            return [Row("messages: PostgreSQL", 0, "ms", "no server binaries here")]
        os.environ.setdefault("FONDACO_HOSTS", "testserver,localhost,127.0.0.1")
        _set_up(server, Path(folder))
        facts = fill(count)
        pages = ask(facts, ROUNDS_SHORT if short else ROUNDS)
        mails = listen(facts, free_port(), MAILS_SHORT if short else MAILS)
    bare, least = pages.pop("a page without queries (limit)")
    size = f"{count:,} conversations, {count * PHOTOS_EACH:,} photos"
    rows = [Row("messages: a page without queries (limit)", bare, "ms", f"processor {least:.1f} ms")]
    for name, (ms, worked) in pages.items():
        most = THREAD_MS if "thread" in name else LIST_MS
        rows.append(
            Row(
                f"messages: {name}, {size}",
                ms,
                "ms",
                f"processor {worked:.1f} ms",
                ms / most,
                f"< {most} ms",
                ms < most,
            )
        )
    rows.append(
        Row("messages: mails stored a second", mails, "mails/s", "", mails / MAILS_S, f">= {MAILS_S}", mails >= MAILS_S)
    )
    return rows


def fill(count: int) -> dict[str, Any]:
    """Rows straight into the tables; two messages and ten photographs a conversation."""
    from fondaco.catalogue.tests.factories import make_offer
    from fondaco.engine import clock, files
    from fondaco.messaging import letters
    from fondaco.messaging.models import Attachment, Conversation, Message
    from fondaco.messaging.rules.words import Side
    from fondaco.orders.models import Order
    from fondaco.orders.tests.factories import make_buyer, placed_order
    from fondaco.sellers.tests.factories import make_caller, make_seller, owner_of

    now, rng = clock.now(), random.Random(1)
    sellers = [make_seller(f"Seller {n}") for n in range(4)]
    offers = [make_offer(make_caller(seller=s), quantity=1000) for s in sellers]
    buyers = [make_buyer(f"Buyer {n}") for n in range(20)]
    orders: list[list[Order]] = [[placed_order(buyer=b, offer=o) for b in buyers[:5]] for o in offers]
    picture = files.put("documents", b"\xff\xd8 bench")
    made, messages, photos = [], [], []
    for n in range(count):
        place = 0 if n % 2 else rng.randrange(4)
        order = rng.choice(orders[place])
        at = now - timedelta(minutes=3 * n)
        waits = n % 5 == 0
        made.append(
            Conversation(
                buyer=order.buyer, seller=sellers[place], order=order, order_number=order.number, item=order.items.get(),
                product=offers[place].product, subject="product_defect", audience="seller", opened_by="buyer", last_side="buyer",
                last_text="The rim is chipped.", last_at=at, last_buyer_at=at, due_at=at + timedelta(hours=24) if waits else None,
                has_photos=True, created_at=at,
            )
        )  # fmt: skip
        for k in range(2):
            asked = k == 0
            messages.append(
                Message(
                    conversation=made[-1], author=order.buyer, side="buyer", text="The rim is chipped where it meets the lid.",
                    due_at=at + timedelta(hours=24) if asked else None, answered_at=None if waits or not asked else at + timedelta(hours=5),
                    created_at=at,
                )
            )  # fmt: skip
        photos += [
            Attachment(
                message=messages[-1 - k % 2], place=k, sha256=picture, format="jpg", size_bytes=2_000_000, width=4000, height=3000,
                file_name=f"p{k}.jpg", label=f"ProductDefect_View{k}", view=f"View{k}", copy=picture, preview=picture, thumb=picture,
            )
            for k in range(PHOTOS_EACH)
        ]  # fmt: skip
    for model, rows in ((Conversation, made), (Message, messages), (Attachment, photos)):
        model.objects.bulk_create(rows, batch_size=2000)  # type: ignore[attr-defined]
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    own = [c for c in made if c.seller_id == sellers[0].pk]
    alias = letters.alias_for(buyer=buyers[0], seller=sellers[0], stands_for=Side.SELLER)
    return {
        "owner": owner_of(sellers[0]),
        "buyer": buyers[0],
        "numbers": [c.number for c in rng.sample(own, min(200, len(own)))],
        "mine": [c.number for c in made if c.buyer_id == buyers[0].pk][:200],
        "orders": [o.number for o in orders[0]],
        "to": letters.address_of(alias),
    }


def ask(facts: dict[str, Any], rounds: int) -> dict[str, tuple[float, float]]:
    """The median of each page in milliseconds: by the clock, and of this process's processor time."""
    from django.test import Client

    desk, buyer, rng = Client(), Client(), random.Random(2)
    desk.force_login(facts["owner"])
    buyer.force_login(facts["buyer"])
    pages = {
        "a page without queries (limit)": lambda: desk.get("/nothing/here/"),
        "seller's list, response needed": lambda: desk.get("/seller/messages/"),
        "seller's list, all": lambda: desk.get("/seller/messages/?show=all"),
        "seller's list, by order": lambda: desk.get(f"/seller/messages/?q={rng.choice(facts['orders'])}"),
        "buyer's list": lambda: buyer.get("/messages/"),
        "seller's thread": lambda: desk.get(f"/seller/messages/{rng.choice(facts['numbers'])}/"),
        "buyer's thread": lambda: buyer.get(f"/messages/{rng.choice(facts['mine'])}/"),
    }
    found: dict[str, tuple[float, float]] = {}
    for name, get in pages.items():
        for _ in range(3):
            get()
        times, worked = [], []
        for _ in range(rounds):
            began, used = time.perf_counter(), time.process_time()
            answer = get()
            times.append(1000 * (time.perf_counter() - began))
            worked.append(1000 * (time.process_time() - used))
            assert answer.status_code in (200, 404), (name, answer.status_code)
        found[name] = statistics.median(times), statistics.median(worked)
    return found


def listen(facts: dict[str, Any], port: int, count: int) -> float:
    """Mails a second that the listener stores and acknowledges, with a photograph's weight each, over four connections."""
    from concurrent.futures import ThreadPoolExecutor

    from fondaco.messaging.mail.listener import controller
    from fondaco.messaging.models import InboundMail

    listening = controller("127.0.0.1", port)
    listening.start()
    text = "words of a letter, sixty signs to the line, as it were.\r\n" * 200

    def send(connection: int) -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
            for n in range(count // 4):
                body = f"From: {facts['buyer'].email}\r\nMessage-ID: <{connection}-{n}@bench>\r\n\r\n{text}\r\n"
                client.sendmail(facts["buyer"].email, [facts["to"]], body)

    try:
        began = time.perf_counter()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(send, range(4)))
        took = time.perf_counter() - began
    finally:
        listening.stop()
    assert InboundMail.objects.count() == 4 * (count // 4)  # each that was acknowledged is there
    return 4 * (count // 4) / took
