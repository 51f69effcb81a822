"""From the text of a URL to where a connection would go. Two parsers must agree: what one of them misreads is a way in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from .address import OddHost, is_literal, plain_host
from .faults import AddressRefused, CredentialsInUrl, PortNotAllowed, SchemeNotAllowed, UrlMalformed
from .rules import FetchPolicy

LONGEST = 2048
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\<>\"^`{|}]|[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_DEFAULT_PORT = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart: `host` ASCII, `path` with query and percent encoding, as sent in the request line."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORT[self.scheme] else f"{host}:{self.port}"

    @property
    def is_literal(self) -> bool:
        return is_literal(self.host)


def read_url(url: str, policy: FetchPolicy) -> Target:
    """The target of a URL. Raises UrlMalformed, SchemeNotAllowed, CredentialsInUrl, PortNotAllowed or AddressRefused."""
    url = url.strip()
    scheme = url.partition(":")[0].lower()
    if not url or len(url) > LONGEST or ":" not in url:
        raise UrlMalformed(url=url[:200])
    if scheme not in policy.schemes:
        raise SchemeNotAllowed(scheme=scheme[:40], url=url[:200])
    if _FORBIDDEN.search(url) or not url[len(scheme) :].startswith("://"):
        raise UrlMalformed(url=url[:200])
    try:
        parts = urlsplit(url)
        port = parts.port if parts.port is not None else _DEFAULT_PORT[scheme]
    except ValueError as e:
        raise UrlMalformed(url=url[:200]) from e
    if "@" in parts.netloc:
        raise CredentialsInUrl(host=parts.hostname or "")
    host = _host(parts.netloc, url)
    if port not in policy.ports and not policy.allows(host, port):
        raise PortNotAllowed(port=port, host=host)
    return Target(scheme, host, port, _path(parts.path, parts.query))


def _host(netloc: str, url: str) -> str:
    raw = netloc[: netloc.rindex("]") + 1] if netloc.startswith("[") and "]" in netloc else netloc.partition(":")[0]
    if not raw:
        raise UrlMalformed(url=url[:200])
    try:
        host = plain_host(raw)
    except OddHost as e:
        if raw.isascii() and not is_literal(raw) and not raw.startswith("["):
            raise UrlMalformed(url=url[:200]) from e
        raise AddressRefused(host=raw, reason="odd spelling") from e
    if not raw.isascii() and is_literal(host):
        raise AddressRefused(host=raw, reason="odd spelling")
    _second_opinion(url, host)
    return host


def _second_opinion(url: str, host: str) -> None:
    """urllib3's stricter grammar must name the same host."""
    try:
        other = (parse_url(url).host or "").strip("[]").rstrip(".").lower()
    except LocationParseError as e:
        raise UrlMalformed(url=url[:200]) from e
    if other != host and plain_host(f"[{other}]" if ":" in other else other) != host:
        raise AddressRefused(host=host, reason="two readings")


def _path(path: str, query: str) -> str:
    """As the request line wants it: letters of other scripts percent-encoded, what is encoded left alone."""
    safe = "%/:=&?~#+!$,;'@()*[]"
    target = quote(path or "/", safe=safe)
    return f"{target}?{quote(query, safe=safe)}" if query else target
