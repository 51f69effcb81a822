"""The parts of the native API: each domain's router, and the path below `/api/` where it is found.

A module offers `router`, a `ninja.Router` with its tag. What is not there (yet, or in this installation) is left out.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec

API_DOORS = [
    ("imaging/", "fondaco.studio.api.endpoints"),
    ("orders/", "fondaco.orders.api.endpoints"),
    ("fulfilment/", "fondaco.fulfilment.api.endpoints"),
    ("returns/", "fondaco.returns.api.endpoints"),
    ("messaging/", "fondaco.messaging.api.endpoints"),
    ("makers/", "fondaco.makers.api.endpoints"),
]


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


@cache
def mounted() -> bool:
    """Mounts every part that exists, once in a process."""
    from fondaco.api.door import mount

    for prefix, module in API_DOORS:
        if _exists(module):
            mount(prefix, import_module(module).router)
    return True
