"""What domains above do when a file is through (done, unusable or called off), in the transaction of that.

@hooks.on_finished
def end_feed(batch): ...
"""

from __future__ import annotations

from collections.abc import Callable

from fondaco.feeds.models import Batch

Hook = Callable[[Batch], None]
_finished: list[Hook] = []


def on_finished(fn: Hook) -> Hook:
    """Register a hook; it gets the batch in its final state."""
    if fn not in _finished:
        _finished.append(fn)
    return fn


def finished(batch: Batch) -> None:
    for hook in _finished:
        hook(batch)
