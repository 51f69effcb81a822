"""A server that answers with exactly the bytes a test wants, at the speed it wants."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256)) * 8 + b"\xff\xd9"


@dataclass
class Seen:
    """What the server saw: raw requests, and how many connections were opened."""

    port: int = 0
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    failures: list[BaseException] = field(default_factory=list)

    def url(self, path: str = "/a.jpg", scheme: str = "http", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


Script = Callable[[socket.socket, bytes], bool]
"""Answers one request on a connection; True keeps the connection for the next."""


@contextmanager
def serving(script: Script, *, tls: ssl.SSLContext | None = None) -> Iterator[Seen]:
    """Serves `script` on a free port of 127.0.0.1, one thread a connection."""
    seen, stop = Seen(), threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    seen.port = listener.getsockname()[1]
    open_ones: list[socket.socket] = []

    def talk(conn: socket.socket) -> None:
        try:
            if tls is not None:
                conn = tls.wrap_socket(conn, server_side=True)
            open_ones.append(conn)
            while (request := _request(conn)) is not None:
                seen.requests.append(request)
                if not script(conn, request):
                    break
        except OSError as e:
            seen.failures.append(e)
        finally:
            conn.close()

    def accept() -> None:
        while not stop.is_set():
            try:
                conn, _ = listener.accept()
            except OSError:
                continue
            seen.connections += 1
            conn.settimeout(10)
            threading.Thread(target=talk, args=(conn,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        for conn in open_ones:
            conn.close()
        thread.join(1)
        listener.close()


def _request(conn: socket.socket) -> bytes | None:
    data = b""
    while b"\r\n\r\n" not in data:
        part = conn.recv(4096)
        if not part:
            return None
        data += part
    return data


def answer(
    body: bytes = JPEG,
    *,
    status: str = "200 OK",
    kind: str = "image/jpeg",
    length: int | None = -1,
    keep: bool = False,
    extra: str = "",
) -> Script:
    """One answer. `length` -1 is the true one, None leaves the header out."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{extra}"
    if length is not None:
        head += f"Content-Length: {len(body) if length == -1 else length}\r\n"
    if not keep:
        head += "Connection: close\r\n"

    def script(conn: socket.socket, request: bytes) -> bool:
        conn.sendall(head.encode() + b"\r\n" + body)
        return keep

    return script


def raw(data: bytes) -> Script:
    """These bytes, then the end."""

    def script(conn: socket.socket, request: bytes) -> bool:
        conn.sendall(data)
        return False

    return script
