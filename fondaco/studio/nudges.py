"""The studio's tasks by name: operations nudge them without importing the tasks, which call operations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.module_loading import import_string

from fondaco.engine.tasks import nudge


def _nudge(name: str, *args: Any) -> None:
    nudge(import_string(f"fondaco.studio.tasks.{name}"), *args)


def publish(order_id: Any) -> None:
    """Publish a released set, then bill it."""
    _nudge("publish_order", str(order_id))


def bill(order_id: Any) -> None:
    """Bill a published set."""
    _nudge("bill_order", str(order_id))


def work_off(batch_id: Any) -> None:
    """Place the next orders of a batch."""
    _nudge("work_off_batch", str(batch_id))


def notice(image_ids: Iterable[Any]) -> None:
    """Tell sellers of pictures that will be deleted."""
    _nudge("notice_licences", [str(pk) for pk in image_ids])


def expire(image_ids: Iterable[Any]) -> None:
    """Delete pictures whose licence ends."""
    _nudge("expire_licences", [str(pk) for pk in image_ids])


def wipe(image_ids: Iterable[Any]) -> None:
    """Delete the files of pictures that are off already."""
    _nudge("wipe_pictures", [str(pk) for pk in image_ids])
