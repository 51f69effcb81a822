"""Where a drafted value can be tried on what has been, before it is published: offered by the domain that can."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from fondaco.web.nav import url_or_none

_pages: dict[str, str] = {}


def offer(keys: Iterable[str], *, page: str) -> None:
    """`page` is the name of an address that takes `?store=` and `?draft=`, an object of values by key as JSON."""
    _pages.update(dict.fromkeys(keys, page))


def address(key: str, *, store: str, raw: Any) -> str:
    """Where this value of the key can be tried; empty where nobody can."""
    found = url_or_none(_pages[key]) if key in _pages else None
    return f"{found}?{urlencode({'store': store, 'draft': json.dumps({key: raw})})}" if found else ""
