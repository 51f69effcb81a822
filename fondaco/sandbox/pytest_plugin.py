"""The pytest plugin: `fondaco_server` gives each test a store of its own.

One sandbox serves a whole session (with xdist: one for each worker) and is put back to its start before each test, which takes
some hundredths of a second. Nothing is started, or imported, for tests that do not ask for it.

    def test_my_program(fondaco_server):
        run(endpoint=fondaco_server.url, credentials=fondaco_server.credentials)
        fondaco_server.control.place_order("SKU-1")
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fondaco.sandbox.client import Sandbox


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--fondaco-store`, `--fondaco-seed`, `--fondaco-at`, `--fondaco-limits`: as of `fondaco sandbox`; also as ini values."""
    group = parser.getgroup("fondaco", "a Fondaco store for each test")
    for name, words in (
        ("store", "what the store begins with: empty (default) or seeded"),
        ("seed", "same seed and same calls: same ids, numbers and tokens"),
        ("at", "where the store's clock stands, as in 2026-01-05T15:00:00Z"),
        ("limits", "1: the published rate limits; 0 (default): none"),
    ):
        group.addoption(f"--fondaco-{name}", help=words)
        parser.addini(f"fondaco_{name}", words)


@pytest.fixture(scope="session")
def _fondaco_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    from fondaco.sandbox.client import Sandbox

    arguments = []
    for name in ("store", "seed", "at", "limits"):
        value = request.config.getoption(f"--fondaco-{name}") or request.config.getini(f"fondaco_{name}")
        arguments += [f"--{name}", value] if value else []
    with Sandbox(*arguments) as sandbox:
        yield sandbox


@pytest.fixture
def fondaco_server(_fondaco_sandbox: Sandbox) -> Sandbox:
    """A store of this test's own: `.url`, `.credentials`, `.control`."""
    _fondaco_sandbox.control.reset()
    return _fondaco_sandbox
