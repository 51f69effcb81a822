"""Small makers of batches."""

from __future__ import annotations

import io
from typing import Any

from fondaco.engine.testing import run_tasks
from fondaco.feeds.models import Batch
from fondaco.feeds.operations import submit
from fondaco.sellers.access import Caller
from fondaco.sellers.tests.factories import make_caller, make_seller


def seller_caller(name: str = "Harbor Goods") -> Caller:
    return make_caller(seller=make_seller(name))


def send(caller: Caller, text: str | bytes, *, name: str = "goods.txt", run: bool = True, **fields: Any) -> Batch:
    """A batch of this file, after all its tasks have run unless `run` is false."""
    raw = text.encode() if isinstance(text, str) else text
    batch = submit(caller, file=io.BytesIO(raw), name=name, **fields)
    if run:
        run_tasks()
        batch.refresh_from_db()
    return batch
