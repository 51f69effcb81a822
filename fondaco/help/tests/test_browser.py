"""The help centre in a real browser: no barriers, nothing too wide, live search, and the same without scripts."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser import PHONE, WIDE, overflow_px, watched

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PATHS = (
    "/help/",
    "/help/missing-product-images",
    "/help/prime-requirements",
    "/help/image-errors",
    "/help/imaging-faq",
    "/help/search?q=image",
    "/help/errors",
    "/help/clauses",
    "/help/clauses/IMG-22",
)


@pytest.mark.parametrize(
    ("locale", "scheme", "viewport"),
    [("en-US", "light", WIDE), ("vi", "dark", PHONE), ("zh-TW", "light", PHONE), ("zh-TW", "dark", WIDE)],
)
def test_pages_have_no_barriers_and_fit(
    new_context: Callable[..., Any],
    check_axe: Callable[[Any], None],
    locale: str,
    scheme: str,
    viewport: dict[str, int],
) -> None:
    page = watched(new_context(locale=locale, color_scheme=scheme, viewport=viewport).new_page())
    for path in PATHS:
        page.goto(path)
        check_axe(page)
        assert overflow_px(page) == 0, path
        _keep(page, f"{locale}-{viewport['width']}{re.sub(r'[^a-zA-Z0-9]+', '-', path)}")
    assert page.troubles == []


def test_search_answers_while_typing(page: Any) -> None:
    page.goto("/help/")
    page.get_by_role("searchbox", name="Search the help centre").press_sequentially("processing report", delay=10)
    page.get_by_role("link", name="Review a processing report").first.wait_for()
    assert page.url.endswith("/help/")
    page.locator("#help-results").get_by_role("link", name="Review a processing report").click()
    page.get_by_role("heading", name="Review a processing report", level=1).wait_for()
    assert page.troubles == []


def test_search_works_without_scripts(new_context: Callable[..., Any]) -> None:
    page = new_context(java_script_enabled=False, locale="vi").new_page()
    page.goto("/help/")
    page.locator("#help-q").fill("bao cao xu ly")
    page.locator("#help-q").press("Enter")
    page.get_by_role("link", name="Xem lại báo cáo xử lý").first.click()
    assert "/help/processing-report" in page.url


def test_the_pages_look_as_documented(page: Any, shoot: Callable[..., None]) -> None:
    page.goto("/help/missing-product-images")
    assert page.get_by_role("navigation", name="On this page").is_visible()
    shoot(page, "help-article")


def _keep(page: Any, name: str) -> None:
    """A picture for whoever looks at the look: `FONDACO_LOOK=/some/folder`."""
    if folder := os.environ.get("FONDACO_LOOK"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
