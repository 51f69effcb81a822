"""Refusals as pages: any `kit.errors.Refusal` a view raises becomes a page, or a region for htmx.

The words are translated here, with the facts in them; the stable code, the clause, the fix and the request id
stand beside them, the same as in the API and the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop

from fondaco.kit.errors import Refusal
from fondaco.kit.money import Money
from fondaco.web import dates
from fondaco.web.access import caller_of, to_sign_in
from fondaco.web.nav import url_or_none

log = structlog.get_logger(__name__)

# Said in `kit`, which knows no translation.
_WORDS_OF_KIT = (
    gettext_noop("This cannot be done."),
    gettext_noop("Not found, or not yours to see."),
    gettext_noop("Your role does not include this."),
    gettext_noop("Something in this request is not valid."),
    gettext_noop("This cannot be done right now. Try again in a while."),
    gettext_noop("%(given)s is not an amount in %(currency)s."),
    gettext_noop("Write digits and at most one point, for example 12.50."),
    gettext_noop("Amounts in %(left)s and %(right)s cannot be combined."),
    gettext_noop("This amount is too large."),
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A refusal in the reader's language."""

    code: str
    status: int
    words: str
    fix: str
    clause: str
    link_url: str = ""
    link_label: str = ""


class RefusalMiddleware:
    """Turns a refusal that reaches the top of a view into its page. Everything else goes on to the error log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return respond(request, exception) if isinstance(exception, Refusal) else None


def respond(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal as an answer: sign-in for 401 when signed out, a region for htmx, else a page of its own."""
    log.info("refused", code=refusal.CODE, status=refusal.STATUS, facts={k: str(v) for k, v in refusal.facts.items()})
    if refusal.STATUS == 401 and not caller_of(request).is_signed_in:
        return to_sign_in(request)
    context = {"refusal": spoken(refusal)}
    if getattr(request, "htmx", False) and not request.htmx.boosted:  # type: ignore[attr-defined]
        response = render(request, "web/partials/refusal.html", context, status=refusal.STATUS)
        return to_refusals(response)
    response = render(request, _template(refusal), context, status=refusal.STATUS)
    if refusal.STATUS in (429, 503) and (wait := refusal.facts.get("retry_after_s")):
        response.headers["Retry-After"] = str(wait)
    return response


def spoken(refusal: Refusal) -> Spoken:
    """The refusal's words and fix, translated, with its facts written as the reader writes them."""
    return Spoken(
        code=refusal.CODE,
        status=refusal.STATUS,
        words=filled(refusal.WORDS, refusal.facts),
        fix=filled(refusal.FIX, refusal.facts),
        clause=refusal.CLAUSE,
        link_url=(url_or_none(refusal.LINK[0]) or "") if refusal.LINK[0] else "",
        link_label=gettext(refusal.LINK[1]) if refusal.LINK[1] else "",
    )


def filled(msgid: str, facts: Mapping[str, Any]) -> str:
    """A msgid in the reader's language, its `%(name)s` filled; the bare sentence where a fact is missing."""
    if not msgid:
        return ""
    words = gettext(msgid)
    try:
        return words % {name: written(value) for name, value in facts.items()}
    except (KeyError, TypeError, ValueError):
        return words


def to_refusals(response: HttpResponse) -> HttpResponse:
    """Sends an htmx answer into the page's region for refusals, whatever the request wanted to swap."""
    response.headers["HX-Retarget"] = "#refusals"
    response.headers["HX-Reswap"] = "innerHTML show:#refusals:top"
    return response


def _template(refusal: Refusal) -> str:
    return "web/errors/404.html" if refusal.CODE == "not_found" else "web/refusal.html"


def written(value: Any) -> Any:
    """A fact as it stands in a sentence. Numbers stay numbers, for `%(count)d`."""
    if isinstance(value, datetime):
        return dates.at(value)
    if isinstance(value, date):
        return dates.day(value)
    if isinstance(value, Money):
        return dates.money(value)
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(written(item)) for item in value)
    return value
