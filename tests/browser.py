"""Pages in a real browser: fixtures for journeys and for the look of a page.

`page` is a fresh visitor at the live server; `signed_in_page(person)` somebody with a session; `shoot(name)` keeps a
picture for the documentation; `check_axe(page)` looks for barriers. Chromium is the system's own, or the one named
by `FONDACO_CHROMIUM`, or Playwright's. Without any the test is left out and says so; with `CI=true` it fails.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parent.parent
SCREENSHOTS = ROOT / "docs" / "screenshots"
ARTIFACTS = ROOT / "test-artifacts"
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
TIMEOUT_MS = 15_000
BARRIERS = {"serious", "critical"}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    left_out = [r for r in terminalreporter.stats.get("skipped", []) if "Chromium" in str(r.longrepr)]
    if left_out:
        terminalreporter.write_line(f"{len(left_out)} browser tests left out: no Chromium (set FONDACO_CHROMIUM)")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    # Playwright's loop runs in this thread, and Django would take every query here for one made inside of it.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        _leave_out("playwright is not installed, so Chromium cannot be driven")
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox", "--disable-gpu"])
        except Error as error:
            _leave_out(f"Chromium does not start: {str(error).splitlines()[0]}")
        yield chromium
        chromium.close()


@pytest.fixture
def new_context(browser: Browser, live_server: Any) -> Iterator[Callable[..., BrowserContext]]:
    """`new_context(locale="vi", color_scheme="dark", viewport=PHONE, java_script_enabled=False)`: one visitor each."""
    made = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=live_server.url, **{"viewport": WIDE, "locale": "en-US", **options})
        context.set_default_timeout(TIMEOUT_MS)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A visitor who is not signed in; an error in a script fails the test."""
    return watched(new_context().new_page())


@pytest.fixture
def signed_in_page(new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """`signed_in_page(person, **context_options)`: a page with that person's session."""

    def make(person: Any, **options: Any) -> Page:
        context = new_context(**options)
        context.add_cookies([_session_of(person, context)])
        return watched(context.new_page())

    return make


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`shoot(page, "inventory")` writes `docs/screenshots/inventory.png`, only when FONDACO_SCREENSHOTS=1."""

    def take(page: Page, name: str, *, whole: bool = False) -> None:
        if os.environ.get("FONDACO_SCREENSHOTS") != "1":
            return
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole, animations="disabled")

    return take


@pytest.fixture
def check_axe() -> Callable[[Page], None]:
    """`check_axe(page)`: fails with a list when axe-core finds anything serious or critical."""
    from axe_playwright_python.sync_playwright import Axe

    def check(page: Page) -> None:
        # A fading toast or an opening dialog is half transparent; contrast is judged at rest.
        page.evaluate(
            "Promise.all(document.getAnimations().filter(a => a.effect.getTiming().iterations !== Infinity).map(a => a.finished))"
        )
        found = [v for v in Axe().run(page).response["violations"] if v["impact"] in BARRIERS]
        assert not found, "\n".join(
            f"{v['id']} ({v['impact']}): {v['help']}\n"
            + "\n".join(
                f"    {n['html'][:200]}\n      {n['any'][0]['message'] if n['any'] else ''}" for n in v["nodes"][:5]
            )
            for v in found
        )

    return check


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Any:
    report = yield
    if report.when == "call" and report.failed:
        _keep_last_sight(item)
    return report


def watched(page: Page) -> Page:
    """The page, with script errors and refused content collected in `page.troubles`."""
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
    page.troubles = troubles  # type: ignore[attr-defined]
    return page


def overflow_px(page: Page) -> int:
    """How far the page is wider than its window; 0 when nothing scrolls sideways."""
    return page.evaluate("Math.max(0, document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth)")


def _session_of(person: Any, context: BrowserContext) -> Any:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person)  # with the backend of the settings: a session of any other counts as signed out
    url = context._impl_obj._options["baseURL"]  # the live server's address
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": url,
    }


def _chromium() -> str | None:
    """A path, or None for the browser that Playwright has installed itself."""
    named = os.environ.get("FONDACO_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def _leave_out(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"browser tests may not be left out in CI: {reason}")
    pytest.skip(reason)


def _keep_last_sight(item: pytest.Item) -> None:
    """A picture of what the browser showed when the test failed."""
    page = getattr(item, "funcargs", {}).get("page")
    if page is None or not hasattr(page, "screenshot"):
        return
    ARTIFACTS.mkdir(exist_ok=True)
    try:
        page.screenshot(path=ARTIFACTS / f"{item.name}.png", full_page=True)
    except Exception as error:
        print(f"no picture of the failure: {error}")
