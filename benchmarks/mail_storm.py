"""Mail under fire: the listener and the worker are killed while four senders deliver; then every mail is looked for.

    python -m benchmarks.mail_storm --database sqlite --mails 400 --kills 8

The senders behave as mail servers do: what was not acknowledged is sent again, and so may come twice. Afterwards each
mail is one message in its thread, whatever was killed when.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import smtplib
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.row import Row
from benchmarks.running import Process, free_port

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 4
PATIENCE_S = 300


def run(*, short: bool) -> list[Row]:
    """Lost and doubled mails on PostgreSQL."""
    mails, kills = (200, 4) if short else (1_000, 10)
    told = blow("postgresql", mails=mails, kills=kills, seed=1)
    if told is None:
        return [Row("mail storm", 0, "", "no server binaries here")]
    kinds = f"{mails} mails, {told['kills']} kills, {told['again']} sent again"
    return [
        Row("mail storm: lost", len(told["lost"]), "mails", kinds, None, "= 0", not told["lost"]),
        Row("mail storm: doubled", len(told["doubled"]), "mails", kinds, None, "= 0", not told["doubled"]),
        Row("mail storm: all in their thread after", told["drain_s"], "s"),
    ]


def blow(database: str, *, mails: int, kills: int, seed: int) -> dict[str, Any] | None:
    """One storm in a process of its own, because Django is set up once a process; None without a server."""
    from scripts.private_postgres import running

    with tempfile.TemporaryDirectory(prefix="fondaco-mail-storm-") as folder:
        home = Path(folder)
        if database == "sqlite":
            return _apart(home, f"sqlite:///{home / 'data' / 'fondaco.sqlite3'}", mails, kills, seed)
        with running(durable=True) as server:
            return _apart(home, f"{server}?pool=6", mails, kills, seed) if server else None


def _apart(home: Path, address: str, mails: int, kills: int, seed: int) -> dict[str, Any]:
    (home / "data").mkdir()
    env = os.environ | {"FONDACO_DATABASE_URL": address, "FONDACO_DATA": str(home / "data"), "FONDACO_LOG": "WARNING"}
    env |= {"DJANGO_SETTINGS_MODULE": "fondaco.config.settings"}
    env.pop("PYTEST_CURRENT_TEST", None)
    told = home / "told.json"
    inside = [sys.executable, "-m", "benchmarks.mail_storm", "--inside", str(told)]
    numbers = ["--mails", str(mails), "--kills", str(kills), "--seed", str(seed)]
    done = subprocess.run([*inside, *numbers], env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the mail storm broke:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    found: dict[str, Any] = json.loads(told.read_text())
    return found


def _inside(told: Path, mails: int, kills: int, seed: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from fondaco.messaging import letters
    from fondaco.messaging.models import InboundMail, Message
    from fondaco.messaging.rules.words import Side
    from fondaco.messaging.tests.factories import begun
    from fondaco.orders.tests.factories import placed_order

    order = placed_order()
    begun(order)
    to = letters.address_of(letters.alias_for(buyer=order.buyer, seller=order.seller, stands_for=Side.SELLER))
    port, rng = free_port(), random.Random(seed)
    log = Path(os.environ["FONDACO_DATA"]) / "storm.log"
    running = {
        "mail": Process("mail", "--port", str(port), env=dict(os.environ), log=log),
        "worker": Process("worker", env=dict(os.environ), log=log),
    }
    for process in running.values():
        process.start()
    _until_it_answers(port)
    again: Counter[str] = Counter()
    over = threading.Event()
    try:
        with ThreadPoolExecutor(CONNECTIONS + 1) as pool:
            killing = pool.submit(_kill, running, port, kills, rng, over)
            began = time.monotonic()
            shares = [range(first, mails, CONNECTIONS) for first in range(CONNECTIONS)]
            list(pool.map(lambda share: _send(port, order.buyer.email, to, share, again), shares))
            sent_s = time.monotonic() - began
            over.set()
            killing.result()
        began = time.monotonic()
        while InboundMail.objects.filter(state=InboundMail.RECEIVED).exists() and time.monotonic() - began < PATIENCE_S:
            time.sleep(0.5)
        drain_s = time.monotonic() - began
    finally:
        for process in running.values():
            process.stop()
    count = Counter(Message.objects.filter(channel="email").values_list("text", flat=True))
    wanted = [f"Mail number {n}." for n in range(mails)]
    outcome = {
        "lost": [text for text in wanted if not count[text]],
        "doubled": [text for text in wanted if count[text] > 1],
        "kills": sum(p.kills for p in running.values()),
        "again": sum(again.values()),
        "sent_s": sent_s,
        "drain_s": drain_s,
    }
    told.write_text(json.dumps(outcome))


def _kill(running: dict[str, Process], port: int, kills: int, rng: random.Random, over: threading.Event) -> None:
    """Now the one, now the other, now both; each starts again at once. At least two kills, however fast the senders are.

    The next kill comes only when the listener answers again: on a busy machine a start takes longer than the pause between
    two kills, and a storm over a listener that never gets up says nothing.
    """
    for done in range(kills):
        if over.wait(rng.uniform(0.3, 1.5)) and done >= 2:
            return
        for name in rng.choice((["mail"], ["worker"], ["mail", "worker"])):
            running[name].kill()
            running[name].start()
        _until_it_answers(port)


def _send(port: int, sender: str, to: str, share: range, again: Counter[str]) -> None:
    client: smtplib.SMTP | None = None
    for n in share:
        raw = f"From: {sender}\r\nSubject: my mug\r\nMessage-ID: <storm-{n}@phone>\r\n\r\nMail number {n}.\r\n"
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                client = client or smtplib.SMTP("127.0.0.1", port, timeout=30)
                client.sendmail(sender, [to], raw)
                break
            except (OSError, smtplib.SMTPException):
                client = None
                again["sent"] += 1
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)


def _until_it_answers(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            with smtplib.SMTP("127.0.0.1", port, timeout=10):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the listener does not answer")


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.mail_storm")
    parser.add_argument("--inside", type=Path)
    parser.add_argument("--database", default="sqlite", choices=["sqlite", "postgresql"])
    parser.add_argument("--mails", type=int, default=400)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.inside:
        _inside(options.inside, options.mails, options.kills, options.seed)
    else:
        told = blow(options.database, mails=options.mails, kills=options.kills, seed=options.seed)
        sys.stdout.write(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
