"""One POST to an address that a stranger wrote down: as guarded as fetching, and never answered with a body.

    answered = post(url, body=b"…", headers={…}, policy=EgressPolicy)     # Answered(status, retry_after_s, ms)
    except FetchFault as fault: ...

No redirects, cookies, credentials or proxies; the connection goes to an address that was checked.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass

from .faults import BadResponse, ConnectFailed, FetchFault, TimedOut
from .get import HEADERS_MOST, retry_after
from .line import Deadline, Line, Overrun, Resolver, connect
from .rules import FetchPolicy
from .target import Target, read_url

_BODY_READ = 16 * 1024


@dataclass(frozen=True, slots=True)
class Answered:
    """What the other side said: its status, how long it asks us to wait, the first bytes of its body, and the time it took."""

    status: int
    retry_after_s: int | None
    head: bytes
    ms: int


def post(
    url: str, *, body: bytes, headers: Mapping[str, str], policy: FetchPolicy, resolver: Resolver | None = None
) -> Answered:
    """Send `body` to `url` over a connection of its own, all within `policy.timeout_s`.

    Any status is an answer. Raises a FetchFault for an address that may not be reached, and for a line that breaks.
    """
    started = time.monotonic()
    target, deadline = read_url(url, policy), Deadline(policy.timeout_s)
    line = connect(target, policy, deadline, resolver)
    line.deadline, line.budget = deadline, _BODY_READ + HEADERS_MOST
    try:
        return _converse(line, target, body, headers, policy, started)
    except TimeoutError as e:
        raise TimedOut(limit_s=round(deadline.limit_s)) from e
    finally:
        line.close()


def _converse(
    line: Line, target: Target, body: bytes, headers: Mapping[str, str], policy: FetchPolicy, started: float
) -> Answered:
    conn = http.client.HTTPConnection(target.host, target.port)
    conn.auto_open = 0
    conn.sock = line
    try:
        conn.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
        conn.putheader("Host", target.host_header)
        conn.putheader("User-Agent", policy.user_agent)
        conn.putheader("Content-Length", str(len(body)))
        conn.putheader("Connection", "close")
        for name, value in headers.items():
            conn.putheader(name, value)
        conn.endheaders(body)
        response = conn.getresponse()
    except TimeoutError:
        raise
    except (Overrun, http.client.HTTPException) as e:
        if isinstance(e, http.client.RemoteDisconnected):
            raise ConnectFailed(host=target.host, reason="closed without an answer") from e
        raise BadResponse(host=target.host, reason=type(e).__name__) from e
    except OSError as e:
        raise ConnectFailed(host=target.host, reason=type(e).__name__) from e
    head = _head(response)
    wait = retry_after(response.headers.get("Retry-After"))
    return Answered(response.status, wait, head, round((time.monotonic() - started) * 1000))


def _head(response: http.client.HTTPResponse) -> bytes:
    """The beginning of the body. The status has been said: a body that breaks off or drips changes nothing."""
    try:
        return response.read1(_BODY_READ)
    except (OSError, FetchFault, http.client.HTTPException):
        return b""
    finally:
        response.close()
