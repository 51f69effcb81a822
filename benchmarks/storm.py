"""The kill storm: web and worker are killed at random while files with pictures come in; then everything is counted.

    python -m benchmarks.storm --minutes 2                       # both databases, 20,000 rows each
    python -m benchmarks.storm --database sqlite --seed 7        # one of them, the same kills again

Real processes on a database of their own, pictures from the image-host simulator, clients that send again until they
are answered and then once more. Kills are SIGKILL, to the worker, to the web process with its child, to the child alone,
or to all at once. Afterwards, without any repair by hand: every accepted row is one offer, every picture is displayed or
refused with its reason, once; units add up; each report is complete; the queue is empty (`storm_checks`).
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import urllib3

from benchmarks.row import Row
from benchmarks.running import Process, free_port

log = logging.getLogger("fondaco.storm")
ROOT = Path(__file__).resolve().parent.parent
DATABASES = ("sqlite", "postgresql")
CSRF = "storm0123456789storm0123456789st"
PHOTOS = 12
STARTS_IN_S = 4.0
"""How long the web process takes to answer on a machine that has nothing else to do."""


@dataclass(frozen=True, slots=True)
class Storm:
    """How hard it blows. `pauses_s`: between two kills, at least and at most."""

    database: str
    rows: int = 20_000
    seconds: float = 120
    seed: int = 1
    files: int = 5
    different: int = 200
    pauses_s: tuple[float, float] = (1.0, 7.0)
    drain_s: float = 3600


@dataclass(slots=True)
class Outcome:
    """What the storm did, and what it left."""

    storm: Storm
    kills: dict[str, int] = field(default_factory=dict)
    sent: int = 0
    broken_off: int = 0
    drain_s: float = 0.0
    faults: dict[str, list[str]] = field(default_factory=dict)
    stopped_when_asked: bool = True
    tracebacks: int = 0

    @property
    def is_clean(self) -> bool:
        return not any(self.faults.values())


SHORT = {"rows": 400, "seconds": 20, "files": 4, "different": 16, "pauses_s": (1.5, 4.0), "drain_s": 240}


def run(*, short: bool) -> list[Row]:
    """Lost, doubled and anything else that is not as it must be, on both databases."""
    rows = []
    for database in DATABASES:
        outcome = blow(Storm(database, **SHORT) if short else Storm(database))  # type: ignore[arg-type]
        if outcome is None:
            rows.append(Row(f"storm on {database}", 0, "", "no server binaries here"))
            continue
        wrong = {name: len(found) for name, found in outcome["faults"].items()}
        kills = ", ".join(f"{n} × {who}" for who, n in outcome["kills"].items())
        told = f"{outcome['storm']['rows']} rows, {kills}, seed {outcome['storm']['seed']}"
        for name, unit in (("lost", "rows and pictures"), ("doubled", "rows and pictures")):
            rows.append(Row(f"storm on {database}: {name}", wrong[name], unit, told, None, "= 0", wrong[name] == 0))
        rest = sum(n for name, n in wrong.items() if name not in ("lost", "doubled"))
        rows.append(
            Row(f"storm on {database}: counts, reports, files, queue", rest, "faults", "", None, "= 0", rest == 0)
        )
        rows.append(Row(f"storm on {database}: settled after", outcome["drain_s"], "s"))
    return rows


def blow(storm: Storm) -> dict[str, Any] | None:
    """One storm in a process of its own, because Django is set up once a process; None without a server.

    Raises RuntimeError when the storm itself broke. What a storm with faults leaves is kept, and said where.
    """
    from scripts.private_postgres import running

    home = Path(tempfile.mkdtemp(prefix=f"fondaco-storm-{storm.database}-"))
    if storm.database == "sqlite":
        return _apart(storm, home, f"sqlite:///{home / 'data' / 'fondaco.sqlite3'}")
    with running(durable=True) as server:
        return _apart(storm, home, f"{server}?pool=6") if server else None


def _apart(storm: Storm, home: Path, address: str) -> dict[str, Any]:
    env = os.environ | {"FONDACO_DATABASE_URL": address, "FONDACO_DATA": str(home / "data"), "FONDACO_DEMO": "1"}
    env |= {"FONDACO_LOG": "WARNING", "FONDACO_FETCH_ALLOW": f"127.0.0.1:{(port := free_port())}"}
    env |= {"DJANGO_SETTINGS_MODULE": "fondaco.config.settings", "STORM_IMAGE_PORT": str(port)}
    env.pop("PYTEST_CURRENT_TEST", None)
    told = home / "outcome.json"
    command = [sys.executable, "-m", "benchmarks.storm", "--inside", json.dumps(asdict(storm)), str(home)]
    done = subprocess.run(command, env=env, cwd=ROOT, check=False)
    if done.returncode:
        raise RuntimeError(f"the storm itself broke; what it left is in {home}")
    outcome: dict[str, Any] = json.loads(told.read_text())
    if any(outcome["faults"].values()):
        sys.stderr.write(f"what is left of the storm is in {home}\n")
    else:
        shutil.rmtree(home, ignore_errors=True)
    return outcome


# --- inside -----------------------------------------------------------------------------------------------------------


def inside(storm: Storm, home: Path) -> Outcome:
    """The storm, with Django set up on the very database that the killed processes use."""
    import django

    django.setup()
    if os.environ.get("STORM_DEBUG"):
        log.setLevel(logging.DEBUG)
    from django.core.management import call_command

    from benchmarks import storm_goods as goods
    from fondaco.demo.imagehost import ImageHost

    call_command("migrate", verbosity=0)
    outcome = Outcome(storm)
    cache = Path(tempfile.gettempdir()) / "fondaco-storm-pictures"
    with ImageHost(port=int(os.environ["STORM_IMAGE_PORT"]), folder=cache) as host:
        pictures = goods.Pictures(host, different=storm.different)
        files = goods.files(pictures, rows=storm.rows, count=storm.files, seed=storm.seed)
        seller, cookies, photos = _people(pictures, storm)
        port = free_port()
        web = Process("serve", "--port", str(port), env=dict(os.environ), log=home / "web.log")
        worker = Process("worker", env=dict(os.environ), log=home / "worker.log")
        clients = Clients(f"http://127.0.0.1:{port}", cookies, storm)
        try:
            web.start()
            worker.start()
            slow = max(1.0, web.wait_for(f"http://127.0.0.1:{port}/shop/") / STARTS_IN_S)
            threads = clients.begin(files, photos)
            outcome.kills = _kill(storm, web, worker, slow=slow)
            for thread in threads:
                thread.join()
            outcome.drain_s = _drain(storm)
        finally:
            outcome.stopped_when_asked = worker.stop() & web.stop()
        outcome.sent, outcome.broken_off = clients.sent, clients.broken_off
    outcome.faults = _faults(seller, files, photos)
    outcome.tracebacks = (home / "worker.log").read_text().count("Traceback (most recent")
    return outcome


def _people(pictures: Any, storm: Storm) -> tuple[Any, str, list[Any]]:
    """A seller, the cookies of its owner, and products whose photographs will be sent by the page."""
    from django.test import Client

    from benchmarks.storm_goods import Photo
    from fondaco.catalogue.tests.factories import make_product
    from fondaco.sellers.tests.factories import make_caller, make_seller

    caller = make_caller(seller=make_seller())
    client = Client()
    client.force_login(caller.person)
    cookies = f"sessionid={client.cookies['sessionid'].value}; csrftoken={CSRF}"
    photos = []
    for number in range(PHOTOS):
        product = make_product(caller, sku=f"P-{number}")
        photos.append(Photo(product.asin, pictures.address(10_000_000 + number)[1], f"photo{storm.seed}x{number}"))
    return caller.seller, cookies, photos


class Clients:
    """Senders that never give up: again until there is an answer, and after the answer once more."""

    def __init__(self, base: str, cookies: str, storm: Storm) -> None:
        self.base, self.storm = base, storm
        self.headers = {"Cookie": cookies, "Accept": "application/json", "X-CSRFToken": CSRF}
        self.sent = self.broken_off = 0
        self._guard = threading.Lock()

    def begin(self, files: list[Any], photos: list[Any]) -> list[threading.Thread]:
        """One thread a file, begun one after the other during the first half of the storm; one for the photographs."""
        step = 0.5 * self.storm.seconds / max(1, len(files))
        threads = [threading.Thread(target=self._file, args=(f, n * step)) for n, f in enumerate(files)]
        threads.append(threading.Thread(target=self._photos, args=(photos,)))
        for thread in threads:
            thread.start()
        return threads

    def _file(self, file: Any, after_s: float) -> None:
        time.sleep(after_s)
        fields = {"request_key": file.key, "file": (file.name, file.data, "text/tab-separated-values")}
        for pause in (0.0, 0.3, 0.2 * self.storm.seconds):
            time.sleep(pause)
            file.numbers |= set(self._send("/seller/inventory/upload/", fields)["batches"])
            file.sent += 1

    def _photos(self, photos: list[Any]) -> None:
        for pause in (0.4 * self.storm.seconds / len(photos), 0.0):
            for photo in photos:
                time.sleep(pause)
                fields = {"request_key": photo.key, "slot": "MAIN", "pictures": ("x.jpg", photo.data, "image/jpeg")}
                self._send(f"/seller/products/{photo.asin}/images/upload/", fields)
                photo.sent += 1

    def _send(self, path: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Posts until the answer is a 200; what breaks off is sent again as it was."""
        headers = self.headers | {"X-Requested-With": "XMLHttpRequest"}
        pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=3, read=60))
        while True:
            with self._guard:
                self.sent += 1
            try:
                answer = pool.request("POST", self.base + path, fields=fields, headers=headers, redirect=False)
                if answer.status == 200:
                    return dict(answer.json())
                if answer.status < 500:
                    raise AssertionError(f"{path} answered {answer.status}: {answer.data[:500]!r}")
            except urllib3.exceptions.HTTPError:
                pass
            with self._guard:
                self.broken_off += 1
            time.sleep(0.25)


def _kill(storm: Storm, web: Process, worker: Process, *, slow: float) -> dict[str, int]:
    """Kills and restarts until the time is over; who was hit how often. On a `slow` machine the pauses are longer, so
    that some kills still hit work and not only beginnings."""
    rng = random.Random(storm.seed)
    hit = {"worker": 0, "web": 0, "web's child": 0, "both": 0}
    until = time.monotonic() + storm.seconds
    while time.monotonic() < until:
        time.sleep(min(rng.uniform(*storm.pauses_s) * slow, storm.seconds / 4))
        victim = rng.choices(list(hit), (5, 2, 2, 1))[0]
        hit[victim] += 1
        if victim == "web's child":
            for pid in sorted(web.pids())[1:]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            continue
        for each in (worker, web):
            if victim in ("both", each.arguments[0].replace("serve", "web")):
                each.kill()
                each.start()
    return hit


def _drain(storm: Storm) -> float:
    """Seconds until nothing waits any more, without a helping hand."""
    from django.db import connection

    from benchmarks.storm_checks import waits

    began = time.monotonic()
    while any((left := waits()).values()):
        if time.monotonic() - began > storm.drain_s:
            sys.stderr.write(f"not settled after {storm.drain_s:.0f} s: {left}\n")
            break
        log.debug("%.1f s: %s", time.monotonic() - began, left)
        connection.close()
        time.sleep(0.5)
    return round(time.monotonic() - began, 1)


def _faults(seller: Any, files: list[Any], photos: list[Any]) -> dict[str, list[str]]:
    from benchmarks.storm_checks import faults

    return faults(seller, files, photos)


# --- command line -----------------------------------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.storm", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randint(1, 99_999))
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--short", action="store_true", help="400 rows, 20 seconds")
    parser.add_argument("--inside", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        facts = json.loads(options.inside[0])
        outcome = inside(Storm(**facts | {"pauses_s": tuple(facts["pauses_s"])}), Path(options.inside[1]))
        (Path(options.inside[1]) / "outcome.json").write_text(json.dumps(asdict(outcome)))
        return 0
    clean = True
    for database in options.database or DATABASES:
        size = SHORT if options.short else {"rows": options.rows, "seconds": 60 * options.minutes}
        print(f"{database}: {size}, seed {options.seed}", flush=True)
        told = blow(Storm(database, seed=options.seed, **size))  # type: ignore[arg-type]
        if told is None:
            print("  no server binaries here")
            continue
        print(f"  kills {told['kills']}; requests {told['sent']}, {told['broken_off']} broken off")
        print(f"  settled {told['drain_s']} s after the last kill; {told['tracebacks']} tracebacks in the worker's log")
        for name, found in told["faults"].items():
            print(f"  {name}: {len(found)}")
            for line in found[:10]:
                print(f"    {line}")
        clean &= not any(told["faults"].values())
    return 0 if clean else 1


if __name__ == "__main__":
    raise SystemExit(main())
