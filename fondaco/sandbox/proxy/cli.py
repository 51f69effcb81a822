"""`fondaco spapi-proxy`: off unless it is started, and then for the programs that are told of it, until it is stopped."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from fondaco.sandbox.proxy import authority
from fondaco.sandbox.proxy.server import NotLoopback, Proxy


def run(argv: list[str]) -> int:
    """Serve until interrupted; exit 0, or 2 with a sentence."""
    options = parser().parse_args(argv)
    try:
        made = authority.ensure(options.folder)
        proxy = Proxy(store=options.store, context=authority.context(made), address=options.host, port=options.port)
    except NotLoopback:
        sys.stderr.write("fondaco spapi-proxy: it listens on this machine's own addresses only (127.0.0.1, ::1).\n")
        return 2
    except (authority.OpenKey, ValueError, OSError) as fault:
        sys.stderr.write(f"fondaco spapi-proxy: {fault}\n")
        return 2
    sys.stdout.write(_words(proxy, made, options.store))
    sys.stdout.flush()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=proxy.shutdown, daemon=True).start())
    with proxy:
        proxy.serve_forever(poll_interval=0.2)
    return 0


def parser() -> argparse.ArgumentParser:
    """What `fondaco spapi-proxy` takes."""
    made = argparse.ArgumentParser(prog="fondaco spapi-proxy", description=__doc__)
    made.add_argument("--store", default="http://127.0.0.1:8020", help="the store's base URL (default: %(default)s)")
    made.add_argument("--port", type=int, default=8021, help="0: a free one (default: %(default)s)")
    made.add_argument("--host", default="127.0.0.1", help="an address of this machine's own (default: %(default)s)")
    made.add_argument(
        "--folder", type=Path, default=_folder(), help="where the private authority is kept (default: %(default)s)"
    )
    return made


def _folder() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "fondaco" / "proxy"


def _words(proxy: Proxy, made: authority.Authority, store: str) -> str:
    return (
        f"{proxy.url} leads to {store}. For one run of one program, set:\n"
        f"  HTTPS_PROXY={proxy.url}\n"
        f"  SSL_CERT_FILE={made.path}          (Python)\n"
        f"  REQUESTS_CA_BUNDLE={made.path}     (Python's requests)\n"
        f"  NODE_EXTRA_CA_CERTS={made.path}    (Node)\n"
        "Do not install the certificate in the system's store. Ctrl+C stops the proxy.\n"
    )
