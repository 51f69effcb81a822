"""Every bucket is full at the start of each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fondaco.spapi.door import limits
from fondaco.spapi.tests.client import SpClient, make_client


@pytest.fixture(autouse=True)
def _full_buckets() -> Iterator[None]:
    limits.forget()
    yield
    limits.forget()


@pytest.fixture
def client_of(db: None) -> SpClient:
    """A program of Harbor Goods with every role."""
    return make_client()
