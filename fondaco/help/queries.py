"""Reads: an article ready to show, the front page, search, requirements. Public: nothing here depends on the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from fondaco import policy
from fondaco.help import clauses as requirements
from fondaco.help import library, reference, rendering, search, tables
from fondaco.help.placeholders import Filler, simple
from fondaco.help.sections import SECTIONS, Section
from fondaco.help.words import screen_word
from fondaco.kit.errors import NotFound

# Pages that articles lead to, and the names under which an installation may know them.
PLACES: Mapping[str, tuple[str, ...]] = {
    "catalogue:troubleshoot": ("catalogue:troubleshoot", "catalogue:troubleshooter"),
    "cases:contact": ("cases:contact", "cases:new"),
    "sellers:register": ("sellers:register", "sellers:start"),
}
_FORMATS: Mapping[str, Callable[[Any], str]] = {
    "image.formats": lambda rows: ", ".join(f".{row['format']}" for row in rows),
}
PARTIES: Mapping[str, Any] = {
    "seller": pgettext_lazy("party", "Seller"),
    "buyer": pgettext_lazy("party", "Buyer"),
    "system": pgettext_lazy("party", "System"),
    "maker": pgettext_lazy("party", "Maker"),
    "reader": pgettext_lazy("party", "Reader"),
    "cs": pgettext_lazy("party", "Customer service"),
    "studio": pgettext_lazy("party", "Studio"),
    "operator": pgettext_lazy("party", "Operator"),
    "support": pgettext_lazy("party", "Support"),
    "photographer": pgettext_lazy("party", "Photographer"),
    "both": pgettext_lazy("party", "Buyer and seller"),
    "fc": pgettext_lazy("party", "Fulfilment centre"),
    "reviewer": pgettext_lazy("party", "Reviewer"),
    "stakeholder": pgettext_lazy("party", "Stakeholder"),
    "pr reviewer": pgettext_lazy("party", "Announcement reviewer"),
}
TOC_FROM = 3
"""Second-level headings from which an article gets a table of contents."""


class NoSuchArticle(NotFound):
    """No article has this name."""

    CODE = "no_such_article"
    WORDS = "There is no help article with this name."
    FIX = "Search the help centre, or choose from its front page."


class NoSuchClause(NotFound):
    """No requirement has this id."""

    CODE = "no_such_clause"
    WORDS = "There is no requirement with this number."
    FIX = "Choose from the list of requirements."


@dataclass(frozen=True, slots=True)
class Card:
    """An article in a list."""

    slug: str
    title: str
    summary: str
    language: str
    section: str


@dataclass(frozen=True, slots=True)
class Page:
    """An article ready to show. `language` is the one it is really in, `asked` the one the reader wanted.

    `stores` are names in the reader's language, `languages` the codes in which the article exists.
    """

    card: Card
    asked: str
    section: Section
    section_title: str
    html: SafeString
    contents: tuple[rendering.Heading, ...]
    stores: tuple[str, ...]
    languages: tuple[str, ...]
    see_also: tuple[Card, ...]
    clauses: tuple[str, ...]

    @property
    def is_translated(self) -> bool:
        return self.card.language == self.asked


@dataclass(frozen=True, slots=True)
class Result:
    """Something found: an article, an error code or a requirement. `kind` is article, code or clause."""

    kind: str
    title: str
    url: str
    place: str
    snippet: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A policy behind a requirement: what it is called, its value in words, and the version in force."""

    title: str
    key: str
    value: str
    version: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class ClausePage:
    """A requirement ready to show. `text` is HTML; `language` that of the sentence; `who` whom it concerns."""

    clause: requirements.Clause
    who: tuple[str, ...]
    text: SafeString
    question: SafeString
    handling: SafeString
    language: str
    before: requirements.Clause | None
    after: requirements.Clause | None
    articles: tuple[Card, ...]
    rules: tuple[Rule, ...]


def names(language: str) -> dict[str, str]:
    """The operator's names of marketplace and programmes, in a language or else in English."""
    programmes = settings.FONDACO_PROGRAMMES
    chosen = {key: called.get(language) or called["en"] for key, called in programmes.items()}
    return chosen | {"marketplace": settings.FONDACO_MARKETPLACE_NAME}


def filler(reader: tables.Reader) -> Filler:
    """Fills placeholders with the values in force for a reader."""

    def in_force(path: str) -> str | None:
        value = reader.value(path)
        shape = _FORMATS.get(path)
        return shape(value) if shape and value else simple(value, reader.unit(path))

    return Filler(reader.names, in_force, lambda word: screen_word(word, language=reader.language))


def static_filler(language: str) -> Filler:
    """Fills placeholders without asking policy: for search, where a number's plain default will do."""
    return Filler(names(language), lambda _path: None, lambda word: screen_word(word, language=language))


def reader_for(language: str, *, at: datetime, store: str = "") -> tables.Reader:
    return tables.Reader(store or settings.FONDACO_DEFAULT_STORE, at, language, names(language))


def alias(slug: str) -> tuple[str, str] | None:
    """Where an article that is known by another name stands: slug and heading."""
    return library.ALIASES.get(slug)


def article(slug: str, *, language: str, at: datetime, store: str = "", pin: str = "") -> Page:
    """The article in the language, or in English where it is not translated. Refuses unknown names.

    `pin` is a language that links to other articles carry on, for a reader who chose it for this page only.
    """
    found = library.article(slug, language)
    if found is None:
        raise NoSuchArticle(slug=slug[:80])
    reader = reader_for(found.language, at=at, store=store)
    with override(found.language):
        rendered = rendering.render(filler(reader).markdown(found.body), around=_surroundings(reader, pin))
    seconds = [heading for heading in rendered.headings if heading.level == 2]
    section = SECTIONS[found.section]
    return Page(
        card=_card(found),
        asked=language,
        section=section,
        section_title=section_title(section, language),
        html=mark_safe(rendered.html),  # cleaned by rendering
        contents=rendered.headings if len(seconds) >= TOC_FROM else (),
        stores=store_names(found.stores),
        languages=library.languages_of(slug),
        see_also=tuple(card for other in found.see_also if (card := card_of(other, found.language))),
        clauses=found.clauses,
    )


def card_of(slug: str, language: str) -> Card | None:
    found = library.article(slug, language)
    return _card(found) if found else None


def _card(found: library.Article) -> Card:
    fill = static_filler(found.language)
    return Card(found.slug, fill.text(found.title), fill.text(found.summary), found.language, found.section)


def section_title(section: Section, language: str) -> str:
    with override(language):
        return str(section.title) % names(language)


def front(language: str) -> list[tuple[Section, str, list[Card]]]:
    """Every section with its title and its articles, in order."""
    cards = [card for slug in library.slugs() if (card := card_of(slug, language))]
    return [
        (section, section_title(section, language), [card for card in cards if card.section == section.key])
        for section in SECTIONS.values()
    ]


def store_names(codes: Iterable[str]) -> tuple[str, ...]:
    """The names of stores in the active language; a code without a store stands for itself."""
    return tuple(_(policy.STORES[code].name) if code in policy.STORES else code for code in codes)


# ---- links


def place_url(name: str) -> str | None:
    """The address of a page by its URL name, under any of the names it may have; None where it does not exist."""
    for known in PLACES.get(name, (name,)):
        try:
            return reverse(known)
        except NoReverseMatch:
            continue
    return None


def link_to(target: str, *, pin: str = "") -> str | None:
    """The address that a link in an article means; None where it leads nowhere in this installation."""
    kind, _colon, rest = target.partition(":")
    if kind == "help":
        slug, _hash, anchor = rest.partition("#")
        address = reverse("help:article", args=[slug]) + (f"?lang={pin}" if pin else "")
        return f"{address}#{anchor}" if anchor else address
    if kind == "clause":
        return reverse("help:clause", args=[rest])
    if kind == "url":
        return place_url(rest)
    return target if target.startswith(("#", "/", "https://")) else None


def _surroundings(reader: tables.Reader, pin: str) -> rendering.Surroundings:
    return rendering.Surroundings(
        link=lambda target: link_to(target, pin=pin),
        block=lambda kind, name: tables.build(kind, name, reader),
        callouts={"note": pgettext("please mind", "Note"), "tip": _("Tip"), "warning": _("Warning")},
        table_label=_("Table"),
    )


# ---- search


def find(query: str, *, language: str, limit: int = 20) -> list[Result]:
    """Requirements and codes named exactly, then articles, best first."""
    exact = [*_found_clauses(query), *_found_codes(query)]
    return [*exact, *(_result(hit, language) for hit in index(language).find(query, limit=limit))][:limit]


@lru_cache(maxsize=len(library.LANGUAGES) + 1)
def index(language: str) -> search.Index:
    """All articles as a reader of that language would get them. English titles count as keywords everywhere."""
    return search.Index([_document(slug, language) for slug in library.slugs()])


def _document(slug: str, language: str) -> search.Document:
    found, original = library.shelf().get((slug, language)), library.shelf()[slug, library.ORIGINAL]
    shown = found or original
    fill = static_filler(shown.language)
    body = fill.text(shown.body)
    also = () if shown is original else (fill.text(original.title),)
    return search.Document(
        slug,
        {
            "title": fill.text(shown.title),
            "keywords": " · ".join((*shown.keywords, *also)),
            "headings": " · ".join(heading.text for heading in rendering.headings_of(body)),
            "summary": fill.text(shown.summary),
            "body": rendering.plain_text(body),
        },
    )


def _result(hit: search.Hit, language: str) -> Result:
    card = card_of(hit.key, language)
    assert card is not None
    place = section_title(SECTIONS[card.section], language)
    return Result("article", card.title, reverse("help:article", args=[hit.key]), place, hit.snippet)


def _found_clauses(query: str) -> list[Result]:
    known = requirements.clauses()
    said = requirements.translations((get_language() or "en").lower())
    ids = dict.fromkeys(requirements.CLAUSE_ID.findall(query.upper()))
    return [
        Result(
            "clause",
            id,
            reverse("help:clause", args=[id]),
            _("Requirement"),
            ((_plain(said.get(id) or known[id].text), False),),
        )
        for id in ids
        if id in known
    ]


def _found_codes(query: str) -> list[Result]:
    return [
        Result(
            "code",
            _(entry.title) if entry.title else entry.code,
            reverse("help:error", args=[entry.key]),
            _("Error code"),
            ((reference.readable(_(entry.message)), False),),
        )
        for entry in reference.find(query)[:5]
    ]


def _plain(markdown: str) -> str:
    return rendering.plain_text(markdown)


# ---- requirements


def clause(id: str, *, language: str, at: datetime) -> ClausePage:
    """A requirement with its neighbours, the articles that explain it and the policies behind it. Refuses unknown ids."""
    found = requirements.clauses().get(id)
    if found is None:
        raise NoSuchClause(clause=id[:20])
    own = requirements.translations(language).get(id)
    before, after = requirements.neighbours(found)
    return ClausePage(
        clause=found,
        who=tuple(str(PARTIES[party.strip().lower()]) for party in found.who.split(",") if party.strip()),
        text=_linked(own or found.text),
        question=_linked(requirements.questions(language).get(id, found.question)),
        handling=_linked(requirements.handling(language).get(id, found.handling)),
        language=language if own else "en",
        before=before,
        after=after,
        articles=tuple(card for slug in library.citing(id) if (card := card_of(slug, language))),
        rules=tuple(rules_behind(id, at=at)),
    )


def clause_sentence(found: requirements.Clause, language: str) -> tuple[SafeString, SafeString, str]:
    """The question it answers, if any, and the sentence, as HTML, and the language they are in."""
    own = requirements.translations(language).get(found.id)
    asked = requirements.questions(language).get(found.id, found.question)
    return _linked(asked), _linked(own or found.text), language if own else "en"


def rules_behind(id: str, *, at: datetime, store: str = "") -> Iterable[Rule]:
    """Every policy that rests on a requirement, with the version in force."""
    store = store or settings.FONDACO_DEFAULT_STORE
    for area in policy.areas():
        for key in area.keys:
            if id in key.clauses:
                now = policy.value(key.key, store, at=at)
                value = spoken(now.value, getattr(key.type, "unit", ""))
                yield Rule(_(key.title), key.key, value, now.version, now.effective_from)


def spoken(value: Any, unit: str = "") -> str:
    """A policy value in words: short for what is simple, a count for long tables."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None:
        return _("none")
    if (text := simple(value, unit)) is not None:
        return text if unit in ("", "bytes") or not text.isdigit() else f"{text} {_(unit)}"
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {spoken(part)}" for name, part in value.items())
    if isinstance(value, Sequence):
        return _("%(count)s rows") % {"count": len(value)}
    return str(value)


def _linked(markdown: str) -> SafeString:
    """One sentence of the document as HTML; every id in it leads to its page."""
    html = rendering.inline(markdown, link=link_to) if markdown else ""
    known = requirements.clauses()

    def to_link(found: Any) -> str:
        id = found[0]
        return f'<a href="{escape(reverse("help:clause", args=[id]))}">{id}</a>' if id in known else id

    return mark_safe(requirements.CLAUSE_ID.sub(to_link, html))  # cleaned by rendering
