"""One GET of one picture."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any

from . import content
from .faults import (
    AnswerFault,
    BadResponse,
    ConnectFailed,
    EmptyBody,
    HtmlNotImage,
    Http5xx,
    Http403,
    Http404,
    Http410,
    Http429,
    HttpOther,
    LengthMismatch,
    NotAnImage,
    RedirectRefused,
    TimedOut,
    TooBig,
)
from .line import Deadline, Kept, Line, Overrun, Resolver, connect
from .politeness import Politeness
from .rules import FetchPolicy
from .target import Target, read_url

CHUNK = 64 * 1024
HEADERS_MOST = 256 * 1024
LONGEST_ASKED_S = 7 * 24 * 3600

_kept, _manners = Kept(), Politeness()


@dataclass(frozen=True, slots=True)
class Fetched:
    """A picture as it came. `content_type` is what the bytes are, `declared_type` what the server said; `ms` the whole time."""

    data: bytes
    sha256: str
    content_type: str
    ms: int
    declared_type: str = ""


def fetch_image(
    url: str,
    *,
    policy: FetchPolicy,
    resolver: Resolver | None = None,
    kept: Kept | None = None,
    politeness: Politeness | None = None,
) -> Fetched:
    """The picture at `url`, by one GET without redirects, cookies, credentials, proxies or decompression (SPEC Q-17, IMG-22).

    Every address the name resolves to is checked, and the connection goes to one of those. `policy.timeout_s`
    covers all of it; at most `policy.max_bytes` are read. `resolver` replaces the system's, `kept` and
    `politeness` the process's own. Raises a FetchFault; `next_try(fault, attempt)` says whether and when to ask again.
    """
    started = time.monotonic()
    target = read_url(url, policy)
    manners = politeness or _manners
    listed = policy.allows(target.host, target.port)
    with manners.turn(
        target.host,
        at_once=policy.at_once if not listed else 64,
        gap_s=0.0 if listed else policy.gap_s,
        patience_s=policy.patience_s,
    ):
        try:
            data, kind, declared = _exchange(target, policy, Deadline(policy.timeout_s), resolver, kept or _kept)
        except Http429 as e:
            manners.pause(target.host, min(e.retry_after_s or 30, 3600))
            raise
    return Fetched(data, sha256(data).hexdigest(), kind, round((time.monotonic() - started) * 1000), declared)


def _exchange(
    target: Target, policy: FetchPolicy, deadline: Deadline, resolver: Resolver | None, kept: Kept
) -> tuple[bytes, str, str]:
    """Over a kept connection first; when that has died in the meantime, once more over a new one."""
    line = kept.take(target, policy)
    if line is not None:
        try:
            return _converse(line, target, policy, deadline, kept)
        except ConnectFailed:
            pass  # hung up before a byte of the answer: the request was not served
    return _converse(connect(target, policy, deadline, resolver), target, policy, deadline, kept)


def _converse(
    line: Line, target: Target, policy: FetchPolicy, deadline: Deadline, kept: Kept
) -> tuple[bytes, str, str]:
    line.deadline, line.budget, line.nowait = deadline, policy.max_bytes + HEADERS_MOST, False
    whole = False
    try:
        response = _ask(line, target, policy)
        try:
            _must_be_ok(response, target)
            body, kind, whole = _read_body(response, line, policy)
        finally:
            response.close()
    except TimeoutError as e:
        raise TimedOut(limit_s=round(deadline.limit_s)) from e
    finally:
        if whole:
            kept.give(target, policy, line)
        else:
            line.close()
    return body, kind, response.headers.get("Content-Type", "")


def _ask(line: Line, target: Target, policy: FetchPolicy) -> http.client.HTTPResponse:
    """Sends the request and reads the headers. `auto_open` off: this class must never connect, and so resolve, by itself."""
    conn = http.client.HTTPConnection(target.host, target.port)
    conn.auto_open = 0
    conn.sock = line
    try:
        conn.putrequest("GET", target.path, skip_host=True, skip_accept_encoding=True)
        conn.putheader("Host", target.host_header)
        conn.putheader("User-Agent", policy.user_agent)
        conn.putheader("Accept", "image/*")
        conn.putheader("Accept-Encoding", "identity")
        conn.endheaders()
        return conn.getresponse()
    except TimeoutError:
        raise
    except (Overrun, http.client.HTTPException) as e:
        if isinstance(e, http.client.RemoteDisconnected):
            raise ConnectFailed(host=target.host, reason="closed without an answer") from e
        raise BadResponse(host=target.host, reason=type(e).__name__) from e
    except OSError as e:
        raise ConnectFailed(host=target.host, reason=type(e).__name__) from e


# ---------------------------------------------------------------- status


_BY_STATUS: dict[int, type[AnswerFault]] = {403: Http403, 401: Http403, 404: Http404, 410: Http410, 429: Http429}


def _must_be_ok(response: http.client.HTTPResponse, target: Target) -> None:
    status = response.status
    if status == 200:
        return
    facts: dict[str, Any] = {"host": target.host, "status": status}
    if 300 <= status < 400:
        raise RedirectRefused(**facts, location=(response.headers.get("Location") or "")[:500])
    wait = retry_after(response.headers.get("Retry-After"))
    if kind := _BY_STATUS.get(status):
        raise kind(**facts, retry_after_s=wait)
    if 500 <= status < 600:
        raise Http5xx(**facts, retry_after_s=wait)
    raise HttpOther(**facts, retry="later" if status in (408, 425) else None, retry_after_s=wait)


def retry_after(text: str | None) -> int | None:
    """Seconds of a Retry-After header, which is a number or a date; None when absent or nonsense.

    The host's date is real time: a demo store's clock has no say here.
    """
    if not text:
        return None
    if text.strip().isdigit():
        return min(int(text.strip()[:12]), LONGEST_ASKED_S)
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(0, round((at - datetime.now(UTC)).total_seconds())), LONGEST_ASKED_S)


# ---------------------------------------------------------------- body


def _announced(response: http.client.HTTPResponse) -> int | None:
    """The Content-Length to believe. Several that differ, or nonsense, are no announcement at all."""
    if response.chunked:
        return None
    lengths = {v.strip() for h in response.headers.get_all("Content-Length") or [] for v in h.split(",")}
    if len(lengths) != 1 or not (text := lengths.pop()).isdigit():
        return None
    return int(text[:18])


def _read_body(response: http.client.HTTPResponse, line: Line, policy: FetchPolicy) -> tuple[bytes, str, bool]:
    """Body, its media type, and whether the connection may be used again."""
    announced = _announced(response)
    if announced == 0:
        raise EmptyBody()
    if announced is not None and announced > policy.max_bytes:
        raise TooBig(limit_bytes=policy.max_bytes, bytes=announced)
    declared = response.headers.get("Content-Type", "")
    parts: list[bytes] = []
    received, kind = 0, None
    try:
        while announced is None or received < announced:
            part = _more(response, CHUNK if announced is None else min(CHUNK, announced - received))
            if not part:
                break
            parts.append(part)
            received += len(part)
            if received > policy.max_bytes:
                raise TooBig(limit_bytes=policy.max_bytes, bytes=received)
            if kind is None:
                kind = _recognise(parts, declared, final=False)
    except http.client.IncompleteRead as e:
        raise LengthMismatch(received=received + len(e.partial), announced=_shown(announced)) from e
    except Overrun as e:
        raise TooBig(limit_bytes=policy.max_bytes, bytes=received) from e
    except http.client.HTTPException as e:
        raise LengthMismatch(received=received, announced=_shown(announced)) from e
    except TimeoutError:
        raise
    except OSError as e:
        raise LengthMismatch(received=received, announced=_shown(announced)) from e
    if announced is not None and received < announced:
        raise LengthMismatch(received=received, announced=announced)
    if received == 0:
        raise EmptyBody()
    kind = kind or _recognise(parts, declared, final=True)
    assert kind is not None
    if announced is not None and _more_than_announced(response, line):
        raise LengthMismatch(received=f"> {announced}", announced=announced)
    reusable = not response.will_close and (announced is not None or response.chunked)
    return b"".join(parts), kind, reusable


def _more(response: http.client.HTTPResponse, size: int) -> bytes:
    """The next bytes. A body of announced length is read past `HTTPResponse`, which closes its file with the last
    byte, so that what follows can be looked at."""
    if response.chunked or response.length is None:
        return response.read1(size)
    return response.fp.read1(size)


def _shown(announced: int | None) -> int | str:
    return "an unknown number" if announced is None else announced


def _recognise(parts: list[bytes], declared: str, *, final: bool) -> str | None:
    """The media type, None while too little is there to say. Raises HtmlNotImage or NotAnImage as soon as that is sure."""
    head = parts[0] if len(parts) == 1 else b"".join(parts)
    if len(head) < 16 and not final:
        return None
    if kind := content.image_type(head):
        return kind
    if len(head) < content.ENOUGH and not final:
        return None
    if content.is_web_page(head[: content.ENOUGH * 4], declared):
        raise HtmlNotImage(declared=declared[:100])
    raise NotAnImage(declared=declared[:100])


def _more_than_announced(response: http.client.HTTPResponse, line: Line) -> bool:
    """Whether bytes came behind the announced end: then the announcement was wrong and the picture is cut off."""
    line.nowait = True
    try:
        return bool(response.fp.peek(1))
    except (OSError, ValueError):
        return False
    finally:
        line.nowait = False
