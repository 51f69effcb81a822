"""What every test shares: the real clock, an empty task list, and leaving out what needs no database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# Shared machines are slow for moments: how long an example takes says nothing. Hypothesis' own profile for CI has the rest.
settings.register_profile("fondaco", settings(), deadline=None)
settings.load_profile("fondaco")

pytest_plugins = ["tests.browser", "tests.schema"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--only-db", action="store_true", help="only tests that use the database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--only-db"):
        return
    uses = {"db", "transactional_db", "django_db_setup", "live_server", "client", "django_db_serialized_rollback"}

    def needs_db(item: pytest.Item) -> bool:
        fixtures = set(getattr(item, "fixturenames", ()))
        # How a page looks does not depend on the database: that is seen once, on the first one.
        looks = "browser" in fixtures and not item.get_closest_marker("journey")
        return not looks and bool(item.get_closest_marker("django_db") or uses & fixtures)

    config.hook.pytest_deselected(items=[i for i in items if not needs_db(i)])
    items[:] = [i for i in items if needs_db(i)]


@pytest.fixture(autouse=True)
def _fresh_edges() -> Iterator[None]:
    """No clock offset, queued task, published policy or reader's language reaches the next test."""
    from django.conf import settings
    from django.utils import translation

    from fondaco.engine import clock
    from fondaco.engine.testing import forget_tasks
    from fondaco.policy import cache as policies

    def forget() -> None:
        clock.forget()
        forget_tasks()
        policies.forget()
        translation.activate(settings.LANGUAGE_CODE)

    forget()
    yield
    forget()


@pytest.fixture
def tasks() -> Any:
    """`tasks()` runs everything that is queued, and what that queues; returns how many ran."""
    from fondaco.engine.testing import run_tasks

    return run_tasks
