"""Photographs the demo's listings, then what its studio has on the table, in a process of its own that ends when nothing is missing.

Rendering needs more memory than the shop itself, and this way it is given back. Killed at any time, the next
start goes on with what is missing.
"""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


def main() -> None:
    """By itself, when the demo is not served."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fondaco.config.settings")
    import django

    django.setup()
    work(options.pictures)


def work(pictures: Path | None) -> None:
    """Submit what is missing, one listing at a time."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(10)
    from fondaco.demo import imaging, seed

    own = _own(pictures) if pictures else None
    for listing in seed.missing_photographs():
        seed.photograph(listing, own=next(own) if own else None)
    imaging.ensure_imaging()


def _own(folder: Path) -> Iterator[Path]:
    """The person's own photographs, over and over."""
    found = sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
    while found:
        yield from found


if __name__ == "__main__":
    main()
