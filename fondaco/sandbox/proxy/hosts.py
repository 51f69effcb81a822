"""The hosts that clients of the Selling Partner API ask, and no others: the proxy answers for these only."""

from __future__ import annotations

import re

TOKEN_HOST = "api.amazon.com"
API_HOSTS = tuple(f"sellingpartnerapi-{region}.amazon.com" for region in ("na", "eu", "fe"))

#: What the private authority may sign for: a name here stands for itself and what is below it.
PERMITTED = (TOKEN_HOST, *API_HOSTS)
#: What the proxy answers for: the API, its sandbox's names, the token service.
SERVED = (TOKEN_HOST, *API_HOSTS, *(f"sandbox.{host}" for host in API_HOSTS))

_TARGET = re.compile(r"([A-Za-z0-9.-]{1,253}):([0-9]{1,5})")


def served(target: str) -> str | None:
    """The host of `HOST:443` if the proxy answers for it, else None."""
    match = _TARGET.fullmatch(target)
    host = match[1].lower() if match else ""
    return host if match and match[2] == "443" and host in SERVED else None
