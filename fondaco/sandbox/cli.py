"""`fondaco sandbox`: a store for integrators' tests in one command.

Its clock stands where it is told to, its ids, numbers and tokens follow from its seed, its tasks run between the requests, and an
API moves the world around it. It listens on this machine only and is gone when it stops, unless a folder is named.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.request
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

AT = "2026-01-05T15:00:00+00:00"  # a Monday, nine in Chicago
CONTROL_TOKEN = "FONDACO_SANDBOX_TOKEN"
LOOPBACK = ("127.0.0.1", "::1")


def run(argv: list[str]) -> int:
    """Serve until interrupted; exit 0 after a clean stop."""
    options = parser().parse_args(argv)
    if find_spec("django") is None:
        sys.stderr.write('fondaco sandbox: it needs the server: pip install "fondaco[server]".\n')
        return 2
    if options.host not in LOOPBACK:
        sys.stderr.write("fondaco sandbox: anybody who reaches it moves its world: it listens on this machine only.\n")
        return 2
    is_own = options.data is None
    data = Path(options.data or tempfile.mkdtemp(prefix="fondaco-sandbox-")).resolve()
    (data / "static").mkdir(parents=True, exist_ok=True)
    port, image_port = options.port or _free_port(options.host), _free_port("127.0.0.1")
    token = os.environ.get(CONTROL_TOKEN) or secrets.token_urlsafe(24)
    try:
        _environment(options, data, port, image_port, token)
        _prepare(options, data)
        _serve(options, data, port, token)
    finally:
        if is_own:
            shutil.rmtree(data, ignore_errors=True)
    return 0


def parser() -> argparse.ArgumentParser:
    """What `fondaco sandbox` takes."""
    made = argparse.ArgumentParser(
        prog="fondaco sandbox", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    made.add_argument("--port", type=int, default=8020, help="0: a free one (default: 8020)")
    made.add_argument("--host", default="127.0.0.1", help="an address of this machine's own (default: 127.0.0.1)")
    made.add_argument(
        "--store", choices=["empty", "seeded"], default="empty", help="people and accounts only, or shelves too"
    )
    made.add_argument("--seed", default="1", help="same seed and same calls: same ids, numbers and tokens (default: 1)")
    made.add_argument("--at", type=_moment, default=_moment(AT), help=f"where the clock stands (default: {AT})")
    made.add_argument("--data", help="keep the store in this folder (default: a temporary one)")
    made.add_argument("--limits", type=float, default=0.0, help="1: the published rate limits; 0 (default): none")
    made.add_argument("--json", action="store_true", help="say address and credentials as one line of JSON")
    made.add_argument("--with-stdin", action="store_true", help="stop when standard input closes")
    return made


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1" if host == "localhost" else host, 0))
        return int(probe.getsockname()[1])


def _environment(options: argparse.Namespace, data: Path, port: int, image_port: int, token: str) -> None:
    """Set before Django reads its settings. What the shell says about other stores does not reach this one."""
    for name in ("FONDACO_DATABASE_URL", "FONDACO_FILES", "FONDACO_CACHE_URL", "FONDACO_MAIL", "FONDACO_SMTP"):
        os.environ.pop(name, None)
    allowed = [f"{host}:{image_port}" for host in ("127.0.0.1", "localhost")]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "fondaco.config.settings",
        "FONDACO_DATA": str(data),
        "FONDACO_DEMO": "1",
        "FONDACO_SANDBOX": "1",
        "FONDACO_SANDBOX_SEED": options.seed,
        CONTROL_TOKEN: token,
        "FONDACO_BASE_URL": f"http://{options.host}:{port}",
        "FONDACO_SECRET_KEY": hashlib.sha256(f"sandbox|{options.seed}".encode()).hexdigest(),
        "FONDACO_SPAPI_LIMITS": str(options.limits),
        "FONDACO_IMAGE_HOST_PORT": str(image_port),
        "FONDACO_FETCH_ALLOW": ",".join([*filter(None, [os.environ.get("FONDACO_FETCH_ALLOW")]), *allowed]),
        "FONDACO_WEBHOOK_ALLOW": "loopback",  # where an integrator's tests listen
        "FONDACO_LOG": os.environ.get("FONDACO_LOG", "ERROR"),
        "FONDACO_BESIDE": "fondaco.demo.beside.start_image_host",
    }


def _prepare(options: argparse.Namespace, data: Path) -> None:
    import django

    django.setup()
    from django.db import connections

    from fondaco.sandbox import build, world

    build.ensure(data, seed=options.seed, store=options.store, at=options.at)
    state = json.loads((data / "snapshots" / f"{world.START}.json").read_text())["sequence"]
    runs = data / "runs"  # a folder that is opened again goes on beyond every number that its last runs can have used
    count = int(runs.read_text()) if runs.exists() else 0
    runs.write_text(str(count + 1))
    os.environ["FONDACO_SANDBOX_STATE"] = ",".join(str(n + count * 2**32) for n in state)
    connections.close_all()


def _serve(options: argparse.Namespace, data: Path, port: int, token: str) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    helpers: list[threading.Thread] = []

    class Server(Granian):  # type: ignore[misc, valid-type]
        """Starts the helping threads when the worker has been forked: a thread that holds a lock then would leave it held."""

        def startup(self, *args: Any, **kwargs: Any) -> None:
            super().startup(*args, **kwargs)
            for helper in helpers:
                helper.start()

    server = Server(
        "fondaco.sandbox.wsgi:application",
        address=options.host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=8,
        log_enabled=False,
    )
    kept = json.loads((data / "sandbox.json").read_text())
    said = {
        "url": f"http://{options.host}:{port}",
        "control_url": f"http://{options.host}:{port}/sandbox/v1",
        "control_token": token,
        "image_host": f"http://127.0.0.1:{os.environ['FONDACO_IMAGE_HOST_PORT']}",
        "refresh_token": kept["sellers"][kept["seller"]]["refresh_token"],
        "seller_id": kept["sellers"][kept["seller"]]["id"],
        **kept,
    }
    helpers.append(threading.Thread(target=_say_when_ready, args=(said, options.json), daemon=True))
    if options.with_stdin:
        helpers.append(threading.Thread(target=_until_stdin_closes, daemon=True))
    server.serve()


def _say_when_ready(said: dict[str, Any], as_json: bool) -> None:
    asked = urllib.request.Request(
        said["control_url"] + "/", headers={"Authorization": f"Bearer {said['control_token']}"}
    )
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(asked, timeout=5):
                break
        except OSError:
            time.sleep(0.02)
    sys.stdout.write(json.dumps(said) + "\n" if as_json else _words(said))
    sys.stdout.flush()


def _words(said: dict[str, Any]) -> str:
    lines = [
        ("base URL", said["url"]),
        ("token URL", said["url"] + "/auth/o2/token"),
        ("client id", said["client_id"]),
        ("client secret", said["client_secret"]),
        ("refresh token", said["refresh_token"]),
        ("seller id", said["seller_id"]),
        ("control API", f"{said['control_url']} (described at {said['control_url']}/openapi.json)"),
        ("control token", said["control_token"]),
        ("image host", said["image_host"] + "/good/mug/1.jpg, and faults"),
    ]
    about = f"A sandbox with seed {said['seed']}; its clock stands at {said['at']}. Ctrl+C stops it."
    return "\n".join([about, *(f"  {name:<14} {value}" for name, value in lines), ""])


def _until_stdin_closes() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
