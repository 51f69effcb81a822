"""What runs the work: a plain loop, Daft on this machine, Daft on a Ray cluster. The work is the same `Look`."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Protocol

import pyarrow as pa

from fondaco.images.audit.errors import AuditRefused
from fondaco.images.audit.look import Look

CHUNK = 16
"""Pictures a worker takes at once: about a quarter of a second, little enough to end together."""

INSTALL = "pip install 'fondaco[audit]'"
INSTALL_RAY = "pip install 'fondaco[cluster]'"


class Engine(Protocol):
    """Runs one batch; a batch is wholly done when its iterator ends."""

    @property
    def batch(self) -> int:
        """Pictures in one batch unless the caller says otherwise."""

    @property
    def leaves_hard(self) -> bool:
        """Whether the process must end without tidying up, once everything is on disk."""

    def run(self, look: Look, items: pa.Table) -> Iterator[pa.Table]:
        """Rows under rows.SCHEMA, in pieces as they come; `items` has path, location and stamp."""


def choose(name: str, *, ray: str | None = None) -> Engine:
    """The engine `name` ("daft" or "plain"); with `ray`, Daft on that cluster. Raises AuditRefused when not installed."""
    if name == "plain" and ray is None:
        from .plain import PlainEngine

        return PlainEngine()
    if find_spec("daft") is None:
        raise AuditRefused(
            f"Daft is not installed: {INSTALL}\nOr use --engine plain: one core, and only pyarrow needed."
        )
    if ray is None:
        from .on_daft import NativeEngine

        return NativeEngine()
    if find_spec("ray") is None:
        raise AuditRefused(f"Ray is not installed: {INSTALL_RAY}\nWithout --ray the audit runs on this machine.")
    from .on_daft import RayEngine

    return RayEngine(ray)
