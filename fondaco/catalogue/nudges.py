"""The catalogue's tasks by name: operations nudge them without importing the tasks, which call operations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils.module_loading import import_string

from fondaco.engine.tasks import nudge


def _nudge(name: str, *args: Any, after: timedelta | None = None) -> None:
    nudge(import_string(f"fondaco.catalogue.tasks.{name}"), *args, after=after)


def look_at(image_id: Any, *, by_address: bool = False, after: timedelta | None = None) -> None:
    """Fetch, if need be, and inspect one submitted picture soon."""
    _nudge("fetch_listing_image" if by_address else "inspect_listing_image", str(image_id), after=after)


def publish(product_id: Any) -> None:
    """Choose a product's gallery anew soon."""
    _nudge("publish_gallery", str(product_id))


def render(sha256: str) -> None:
    """Make the renditions of a picture that are not there."""
    _nudge("render_picture", sha256)


def make_lean(sha256s: list[str]) -> None:
    """Make the WebP renditions of these pictures when there is time."""
    _nudge("make_lean_pictures", sha256s)


def judge_as_main(image_id: Any) -> None:
    """Hold a picture that moved up into first place to the standards for main pictures."""
    _nudge("judge_as_main", str(image_id))


def look_at_many(image_ids: Iterable[Any]) -> None:
    """Fetch and inspect many submitted pictures together; for feeds and sweeps."""
    _nudge("fetch_and_inspect_batch", [str(image_id) for image_id in image_ids])
