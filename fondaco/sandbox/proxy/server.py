"""A CONNECT proxy that ends the TLS of the served hosts and hands their requests to a store. Everything else is refused."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from fondaco.sandbox.proxy.hosts import SERVED, served

MARK = "X-Fondaco-Proxied-Host"
"""Tells the store which host the client asked, so that addresses in its answers lead through the proxy again."""

MOST_BODY = 200 * 1024 * 1024
_PIECE = 64 * 1024
_HOP = {
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
    "transfer-encoding", "upgrade", "host", MARK.lower(),
}  # fmt: skip


class NotLoopback(ValueError):
    """The proxy listens on this machine's own addresses only."""


class Proxy(ThreadingHTTPServer):
    """`store` is the base URL of the store, `context` the TLS of the served hosts. Raises NotLoopback."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, *, store: str, context: ssl.SSLContext, address: str = "127.0.0.1", port: int = 0) -> None:
        if not ip_address(address).is_loopback:
            raise NotLoopback(address)
        parts = urlsplit(store)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"{store!r} is not the http address of a store")
        self.store_host, self.store_port = parts.hostname, parts.port or 80
        self.context = context
        super().__init__((address, port), _Handler)

    @property
    def url(self) -> str:
        """What `HTTPS_PROXY` is set to."""
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, or does not trust the authority, is no fault of ours."""


class _Handler(BaseHTTPRequestHandler):
    """First CONNECT in the clear, then the client's requests within TLS, on the same connection."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "fondaco", ""
    timeout = 120
    server: Proxy
    asked_host = ""

    def do_CONNECT(self) -> None:
        host = None if self.asked_host else served(self.path)
        if host is None:
            return self._refuse(
                403, f"This proxy answers for {', '.join(SERVED)} at port 443 only, not for {self.path[:120]}."
            )
        self.send_response(200, "Connection established")
        self.end_headers()
        self.wfile.flush()
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb", -1), self.connection.makefile("wb", 0)
        self.asked_host, self.close_connection = host, False

    def _forward(self) -> None:
        if not self.asked_host:
            return self._refuse(403, "This proxy takes CONNECT only, for TLS.")
        if not self.path.startswith("/"):
            return self._refuse(400, "Ask for a path.")
        body = self._body()
        if body is None:
            return self._refuse(413, "The request body is too large, or has no length.")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
        headers |= {"Host": f"{self.server.store_host}:{self.server.store_port}", MARK: self.asked_host}
        headers["Content-Length"] = str(len(body))
        away = http.client.HTTPConnection(self.server.store_host, self.server.store_port, timeout=110)
        try:
            away.request(self.command, self.path, body=body, headers=headers)
            self._answer(away.getresponse())
        except OSError:
            self._refuse(502, "The store does not answer.")
        finally:
            away.close()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _forward

    def _answer(self, reply: http.client.HTTPResponse) -> None:
        length = reply.getheader("Content-Length")
        self.send_response_only(reply.status, reply.reason)
        for name, value in reply.getheaders():
            if name.lower() not in _HOP and name.lower() != "content-length":
                self.send_header(name, value)
        if length is not None or reply.status in (204, 304) or self.command == "HEAD":
            self.send_header("Content-Length", length or "0")
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        while self.command != "HEAD" and (piece := reply.read(_PIECE)):
            self.wfile.write(piece)

    def _body(self) -> bytes | None:
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            pieces = list(self._chunks())
            return b"".join(pieces) if sum(map(len, pieces)) <= MOST_BODY else None
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MOST_BODY:
            return None
        return self.rfile.read(int(length))

    def _chunks(self) -> Iterator[bytes]:
        left = MOST_BODY + 1
        while left > 0:
            size = int(self.rfile.readline(64).split(b";")[0] or b"0", 16)
            if not size:
                while self.rfile.readline(8192) not in (b"\r\n", b"\n", b""):
                    pass
                return
            yield self.rfile.read(min(size, left))
            self.rfile.readline(8)
            left -= size

    def _refuse(self, status: int, words: str) -> None:
        body = json.dumps({"errors": [{"code": "ProxyRefused", "message": words}]}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: paths hold other people's orders."""
