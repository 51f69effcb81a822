"""Connections pinned to a checked address, with one deadline for everything that happens on them.

Names are resolved here and nowhere else; every answer is checked; the socket is opened to one of exactly those
addresses. The sockets arm their own timeout before each call, so a server that drips one byte a second cannot
outlive the deadline. Idle connections are kept for a few seconds: a catalogue's pictures mostly share a host.
"""

from __future__ import annotations

import select
import socket
import ssl
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .address import refused
from .faults import AddressRefused, ConnectFailed, DnsFailed, TimedOut, TlsFailed
from .rules import FetchPolicy
from .target import Target

Resolver = Callable[[str, int], Sequence[str]]
"""Host and port to the texts of its addresses; raises OSError when there are none."""


class Deadline:
    """A point in time that everything must be done by."""

    __slots__ = ("at", "limit_s")

    def __init__(self, seconds: float) -> None:
        self.limit_s, self.at = seconds, time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left. Raises TimedOut when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise TimedOut(limit_s=round(self.limit_s))
        return left


class Overrun(OSError):
    """More bytes came than any answer may have, headers included."""


class _Timed:
    """Mixin of both socket kinds: arms the timeout and counts what comes in."""

    deadline: Deadline | None = None
    budget: int = 0
    nowait: bool = False

    def _arm(self) -> None:
        self.settimeout(0.0 if self.nowait else self.deadline.left() if self.deadline else None)  # type: ignore[attr-defined]

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self._arm()
        got = super().recv_into(*args, **kwargs)  # type: ignore[misc]
        self.budget -= got
        if self.budget < 0:
            raise Overrun("answer too long")
        return int(got)

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        self._arm()
        super().sendall(*args, **kwargs)  # type: ignore[misc]


class PlainSocket(_Timed, socket.socket):
    pass


class TlsSocket(_Timed, ssl.SSLSocket):
    pass


Line = PlainSocket | TlsSocket


# ---------------------------------------------------------------- names


def system_resolver(host: str, port: int) -> list[str]:
    infos = socket.getaddrinfo(host, port, socket.AF_UNSPEC, socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in infos))


def _within(deadline: Deadline, work: Callable[[], Sequence[str]]) -> Sequence[str]:
    """`getaddrinfo` knows no timeout, so it runs beside us and is left behind when time is up."""
    answer: Future[Sequence[str]] = Future()

    def run() -> None:
        try:
            answer.set_result(work())
        except BaseException as e:
            answer.set_exception(e)

    threading.Thread(target=run, daemon=True, name="resolve").start()
    try:
        return answer.result(deadline.left())
    except TimeoutError:
        if answer.done():
            raise
        raise TimedOut(limit_s=round(deadline.limit_s)) from None


def checked_addresses(target: Target, policy: FetchPolicy, deadline: Deadline, resolver: Resolver | None) -> list[str]:
    """All addresses of the target, every one of them public. Raises AddressRefused or DnsFailed."""
    if target.is_literal:
        addresses: Sequence[str] = [target.host]
    else:
        find = resolver or system_resolver
        try:
            addresses = _within(deadline, lambda: find(target.host, target.port))
        except (OSError, UnicodeError) as e:
            if isinstance(e, TimeoutError):
                raise TimedOut(limit_s=round(deadline.limit_s)) from e
            raise DnsFailed(host=target.host) from e
    if not addresses:
        raise DnsFailed(host=target.host)
    if not policy.allows(target.host, target.port):
        for address in addresses:
            if (why := refused(address)) is not None:
                raise AddressRefused(host=target.host, address=address, reason=why)
    return list(addresses)


# ---------------------------------------------------------------- connecting


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _dial(address: str, target: Target, policy: FetchPolicy, deadline: Deadline) -> Line:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = PlainSocket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(min(policy.connect_timeout_s, deadline.left()))
        sock.connect((address, target.port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if target.scheme == "http":
            return sock
        context = policy.tls or _trust()
        sock.settimeout(deadline.left())
        secure = _tls_socket(context, sock, target.host)
    except BaseException:
        sock.close()
        raise
    return secure


def _tls_socket(context: ssl.SSLContext, sock: PlainSocket, host: str) -> TlsSocket:
    """`sslsocket_class` is the documented way to have one's own; set each time, as contexts may be shared."""
    context.sslsocket_class = TlsSocket
    return context.wrap_socket(sock, server_hostname=host)  # type: ignore[return-value]


def connect(target: Target, policy: FetchPolicy, deadline: Deadline, resolver: Resolver | None) -> Line:
    """A new connection to one of the checked addresses, tried in their order. Raises the faults of the line."""
    trouble: OSError | None = None
    for address in checked_addresses(target, policy, deadline, resolver):
        try:
            return _dial(address, target, policy, deadline)
        except ssl.SSLCertVerificationError as e:
            raise TlsFailed(host=target.host, reason=e.verify_message) from e
        except ssl.SSLError as e:
            raise TlsFailed(host=target.host, reason=e.reason or "handshake") from e
        except OSError as e:
            trouble = e
            deadline.left()
    raise ConnectFailed(host=target.host, reason=type(trouble).__name__) from trouble


# ---------------------------------------------------------------- keeping


@dataclass(slots=True)
class _Idle:
    line: Line
    since: float


class Kept:
    """Idle connections by target and trust, for `seconds`, at most `most` of them. Safe for threads.

    A kept connection stays pinned: it leads where it was checked to lead, whatever the name says by now.
    """

    def __init__(self, *, seconds: float = 8.0, most: int = 64) -> None:
        self._seconds, self._most = seconds, most
        self._idle: OrderedDict[int, tuple[tuple[Any, ...], _Idle]] = OrderedDict()
        self._lock = threading.Lock()

    @staticmethod
    def _key(target: Target, policy: FetchPolicy) -> tuple[Any, ...]:
        return target.scheme, target.host, target.port, policy.allows(target.host, target.port), id(policy.tls)

    def take(self, target: Target, policy: FetchPolicy) -> Line | None:
        """The freshest live connection to this target, or None."""
        key, now = self._key(target, policy), time.monotonic()
        with self._lock:
            self._drop_stale(now)
            match = next((n for n in reversed(self._idle) if self._idle[n][0] == key), None)
            line = self._idle.pop(match)[1].line if match is not None else None
        if line is not None and _spoken_to(line):
            line.close()
            return None
        return line

    def give(self, target: Target, policy: FetchPolicy, line: Line) -> None:
        """Takes back a connection whose answer was read to the end."""
        with self._lock:
            self._idle[id(line)] = (self._key(target, policy), _Idle(line, time.monotonic()))
            while len(self._idle) > self._most:
                self._idle.popitem(last=False)[1][1].line.close()

    def close(self) -> None:
        with self._lock:
            while self._idle:
                self._idle.popitem()[1][1].line.close()

    def _drop_stale(self, now: float) -> None:
        while self._idle:
            first = next(iter(self._idle))
            if now - self._idle[first][1].since <= self._seconds:
                return
            self._idle.pop(first)[1].line.close()


def _spoken_to(line: Line) -> bool:
    """Whether something came while idle: the other side hung up, or sent what nobody asked for."""
    if line.fileno() < 0:
        return True
    if isinstance(line, ssl.SSLSocket) and line.pending():
        return True
    poller = select.poll()
    poller.register(line, select.POLLIN)
    return bool(poller.poll(0))
