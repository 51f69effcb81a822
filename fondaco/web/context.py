"""`shell`, the one thing that every template gets: the brand, the way about, the reader's choices.

Everything on it is worked out when a template asks, so a region or a mail that shows none of it pays nothing.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import get_language, get_language_info

from fondaco import __version__
from fondaco.engine import clock
from fondaco.web.access import Caller, caller_of
from fondaco.web.nav import Navigation, url_or_none

THEME_COOKIE = "fondaco_theme"
THEMES = ("auto", "light", "dark")
FIRST_YEAR = 2022


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}


class Shell:
    """What the layout shows around a page."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.nav = Navigation(request)
        self.version = __version__

    @property
    def name(self) -> str:
        """The marketplace's name."""
        return settings.FONDACO_MARKETPLACE_NAME

    @property
    def caller(self) -> Caller:
        return caller_of(self._request)

    @property
    def request_id(self) -> str:
        return getattr(self._request, "request_id", "")

    @property
    def theme(self) -> str:
        """`auto`, `light` or `dark`; anything else in the cookie is `auto`."""
        chosen = self._request.COOKIES.get(THEME_COOKIE, "auto")
        return chosen if chosen in THEMES else "auto"

    @property
    def language(self) -> dict[str, Any]:
        """The language of this page, as Django describes it."""
        return _described(get_language() or settings.LANGUAGE_CODE)

    @property
    def languages(self) -> list[dict[str, Any]]:
        """Every language of the site, each under its own name."""
        return [_described(code) for code, _name in settings.LANGUAGES]

    @property
    def here(self) -> str:
        """This page's address, to come back to after a choice. A page that was posted has none."""
        return self._request.get_full_path() if self._request.method == "GET" else ""

    @cached_property
    def is_demo(self) -> bool:
        return bool(getattr(settings, "DEMO", False))

    @cached_property
    def clock_now(self) -> Any | None:
        """The store's time, when it is not the machine's; None otherwise."""
        return clock.now() if clock.offset() else None

    @property
    def copyright_years(self) -> str:
        """`2022–2026` (PLAT-04)."""
        year = clock.now().year
        return f"{FIRST_YEAR}–{year}" if year > FIRST_YEAR else str(year)

    @cached_property
    def urls(self) -> dict[str, str | None]:
        """Pages of other domains that the layout links to; None where this installation has none."""
        return {
            "search": url_or_none("catalogue:search"),
            "sign_in": url_or_none("account_login"),
            "sign_out": url_or_none("account_logout"),
            "sign_up": url_or_none("account_signup"),
            "register": url_or_none("sellers:register"),
            "account": url_or_none("sellers:profile"),
            "security": url_or_none("mfa_index"),
            "switch_seller": url_or_none("sellers:switch"),
            "language": url_or_none("sellers:language", "web:language"),
            "help": url_or_none("help:home"),
            "contact": url_or_none("cases:contact"),
            "clock": url_or_none("demo:clock"),
            "shop": url_or_none("catalogue:home"),
            "personas": url_or_none("sellers:personas"),
            "style": url_or_none("web:style") if settings.DEBUG else None,
        }


def _described(code: str) -> dict[str, Any]:
    own = {"en": "English", "vi": "Tiếng Việt", "zh-hant": "繁體中文"}
    info = get_language_info(code)
    return {"code": code, "name": own.get(code, info["name_local"]), "html": code, "bidi": info["bidi"]}
