"""Pages of the help centre. Everything is readable signed out (PLAT-03)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from fondaco.engine import clock
from fondaco.help import clauses as requirements
from fondaco.help import library, queries, reference, tables


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Sections with their articles, and the search box."""
    language = _language()
    places = {
        "troubleshoot": queries.place_url("catalogue:troubleshoot"),
        "contact": queries.place_url("cases:contact"),
    }
    return render(request, "help/home.html", {"sections": queries.front(language), "places": places, "query": ""})


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One article in the reader's language, or in the one of `?lang=`; another name of it leads here."""
    if other := queries.alias(slug):
        return HttpResponsePermanentRedirect(_address(*other, query=request.GET.urlencode()))
    pinned = request.GET.get("lang", "")
    pinned = pinned if pinned in library.LANGUAGES and pinned != _language() else ""
    with override(pinned or _language()):
        page = queries.article(slug, language=pinned or _language(), at=clock.now(), pin=pinned)
        response = render(request, "help/article.html", _article_context(request, page))
        response.headers["Content-Language"] = _language()
    return response


def _article_context(request: HttpRequest, page: queries.Page) -> dict[str, Any]:
    own = reverse("help:article", args=[page.card.slug])
    return {
        "page": page,
        "languages": [(code, f"{own}?lang={code}", code == page.card.language) for code in page.languages],
        "canonical": request.build_absolute_uri(own),
        "clauses": page.clauses,
        "register": queries.place_url("sellers:register"),
    }


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results for `?q=`: the region alone for htmx, the page otherwise."""
    query = request.GET.get("q", "").strip()[:200]
    found = queries.find(query, language=_language()) if query else []
    context = {"query": query, "results": found}
    if getattr(request, "htmx", False) and not request.htmx.boosted:  # type: ignore[attr-defined]
        return render(request, "help/search.html#results", context)
    return render(request, "help/search.html", context)


@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    """Every error code, by where it arises."""
    groups = {
        reference.PICTURE: tables.errors(reference.pictures()),
        reference.FETCH: tables.errors(reference.fetching()),
        reference.FEED: tables.errors(reference.feeds()),
    }
    return render(request, "help/errors.html", {"groups": groups})


@require_safe
def error(request: HttpRequest, key: str) -> HttpResponse:
    """One error code; several entries where they share a printed code."""
    found = reference.find(key)
    if not found:
        raise queries.NoSuchArticle(slug=key[:80])
    return render(request, "help/error.html", {"key": key, "rows": [tables.shown(entry) for entry in found]})


@require_safe
def clauses(request: HttpRequest) -> HttpResponse:
    """The areas of the requirements."""
    areas = [(area, len(rows), rows[0].kind) for area in requirements.AREAS if (rows := requirements.of_area(area))]
    return render(request, "help/clauses.html", {"areas": areas})


@require_safe
def clause_area(request: HttpRequest, area: str) -> HttpResponse:
    """All sentences of an area."""
    rows = requirements.of_area(area)
    if not rows:
        raise queries.NoSuchClause(clause=area[:20])
    language = _language()
    shown = [(row, *queries.clause_sentence(row, language)) for row in rows]
    return render(request, "help/clause_area.html", {"area": area, "kind": rows[0].kind, "rows": shown})


@require_safe
def clause(request: HttpRequest, id: str) -> HttpResponse:
    """One requirement: sentence, source, policies, articles (`/help/clauses/IMG-22`)."""
    page = queries.clause(id.upper(), language=_language(), at=clock.now())
    return render(request, "help/clause.html", {"page": page})


def _language() -> str:
    """The active language, as articles name theirs."""
    active = (get_language() or library.ORIGINAL).lower()
    return active if active in library.LANGUAGES else library.ORIGINAL


def _address(slug: str, anchor: str, *, query: str) -> str:
    address = reverse("help:article", args=[slug]) + (f"?{query}" if query else "")
    return f"{address}#{anchor}" if anchor else address
