"""A picture host with a memory: what it answers at each path, and what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class PictureHost:
    """Paths and what stands there: bytes, or a status. `asked` is every path in order."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes | int] = {}
        self.asked: list[str] = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host.asked.append(self.path)
                page = host.pages.get(self.path, 404)
                status, body = (200, page) if isinstance(page, bytes) else (page, b"")
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", "/elsewhere.jpg")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    def put(self, path: str, page: bytes | int) -> str:
        """Lets `page` stand at `path`; returns its address."""
        self.pages[path] = page
        return f"http://{self.address}{path}"


@contextmanager
def serving() -> Iterator[PictureHost]:
    host = PictureHost()
    thread = threading.Thread(target=host.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        host.server.shutdown()
        host.server.server_close()
        thread.join()
