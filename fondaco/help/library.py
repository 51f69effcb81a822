"""The articles as they stand on disk: one folder an article, one Markdown file a language.

`articles/SLUG/en.md` carries everything in its front matter: title, summary, keywords, section, order, stores, see_also
and clauses. `vi.md` and `zh-hant.md` carry only what differs: title, summary and keywords. Plain Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ARTICLES = Path(__file__).resolve().parent / "articles"
ORIGINAL = "en"
LANGUAGES = ("en", "vi", "zh-hant")

ALIASES: Mapping[str, tuple[str, str]] = {
    # slug that other places use: (article, heading)
    "fix-invalid-image-urls": ("invalid-image-urls", ""),
    "inventory-file-errors": ("processing-report", "codes"),
    "inventory-file-encoding": ("inventory-file-format", "encoding"),
    "image-error-table": ("image-errors", ""),
    "review-a-processing-report": ("processing-report", ""),
    "handmade": ("handmade-overview", ""),
    "prime": ("prime-overview", ""),
}

_RANGE = re.compile(r"^(?P<area>[A-Z-]+-)(?P<first>\d+)(?:\.\.(?P<last>\d+))?$")


class BrokenArticle(ValueError):
    """An article file that cannot be read: names the file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article in one language. `body` is Markdown with placeholders.

    `title`, `summary` and `keywords` may hold placeholders too. `clauses` are SPEC ids, ranges written out.
    """

    slug: str
    language: str
    title: str
    summary: str
    keywords: tuple[str, ...]
    section: str
    order: int
    stores: tuple[str, ...]
    see_also: tuple[str, ...]
    clauses: tuple[str, ...]
    body: str


@lru_cache(maxsize=1)
def shelf() -> Mapping[tuple[str, str], Article]:
    """Every article by slug and language. Read once: the files are part of the program."""
    return {(article.slug, article.language): article for article in _read_all(ARTICLES)}


def slugs() -> tuple[str, ...]:
    """All articles in the order of their sections' pages."""
    originals = [article for (_slug, language), article in shelf().items() if language == ORIGINAL]
    return tuple(article.slug for article in sorted(originals, key=lambda article: (article.section, article.order)))


def article(slug: str, language: str) -> Article | None:
    """The article in that language, in English where it is not translated, None where it does not exist (Q-54)."""
    return shelf().get((slug, language)) or shelf().get((slug, ORIGINAL))


def languages_of(slug: str) -> tuple[str, ...]:
    """The languages in which the article exists, in the order of the site."""
    return tuple(language for language in LANGUAGES if (slug, language) in shelf())


def citing(clause: str) -> tuple[str, ...]:
    """The articles that rest on this requirement."""
    return tuple(slug for slug in slugs() if clause in shelf()[slug, ORIGINAL].clauses)


def _read_all(folder: Path) -> Iterator[Article]:
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        original, body = front_matter(place / f"{ORIGINAL}.md")
        yield _article(place.name, ORIGINAL, original, body)
        for language in LANGUAGES[1:]:
            path = place / f"{language}.md"
            if path.exists():
                own, translated = front_matter(path)
                yield _article(place.name, language, original | own, translated)


def front_matter(path: Path) -> tuple[dict[str, str], str]:
    """The `key: value` lines between two `---`, and the text after them."""
    text = path.read_text(encoding="utf-8")
    if not text.startswith("---\n") or "\n---\n" not in text:
        raise BrokenArticle(f"{path}: no front matter")
    head, _, body = text[4:].partition("\n---\n")
    pairs = (line.partition(":") for line in head.splitlines() if line.strip())
    return {key.strip(): value.strip() for key, _colon, value in pairs}, body.strip() + "\n"


def _article(slug: str, language: str, head: Mapping[str, str], body: str) -> Article:
    try:
        return Article(
            slug=slug,
            language=language,
            title=head["title"],
            summary=head["summary"],
            keywords=_listed(head.get("keywords", "")),
            section=head["section"],
            order=int(head["order"]),
            stores=_listed(head["stores"]),
            see_also=_listed(head.get("see_also", "")),
            clauses=tuple(clause for entry in _listed(head.get("clauses", "")) for clause in spread(entry)),
            body=body,
        )
    except KeyError as missing:
        raise BrokenArticle(f"{slug}/{language}: {missing} is missing") from None


def spread(entry: str) -> tuple[str, ...]:
    """`IMG-08..10` is IMG-08, IMG-09 and IMG-10; a single id is itself."""
    found = _RANGE.match(entry)
    if found is None:
        raise BrokenArticle(f"{entry!r} is no requirement id")
    first, last = found["first"], found["last"] or found["first"]
    width = len(first)
    return tuple(f"{found['area']}{number:0{width}d}" for number in range(int(first), int(last) + 1))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
