"""Picture content: intake, inspection, renditions, comparison. Knows files and pixels, not products.

`fondaco.images.inspect(data, profile)` works without Django or a database; it is loaded on first use,
so that importing this package (as Django does for every app) costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .pipeline.inspect import Report, inspect
    from .pipeline.profiles import Profile, load_profile

__all__ = ["Profile", "Report", "inspect", "load_profile"]

_HOMES = {
    "inspect": ".pipeline.inspect",
    "Report": ".pipeline.inspect",
    "Profile": ".pipeline.profiles",
    "load_profile": ".pipeline.profiles",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name], __name__), name)
