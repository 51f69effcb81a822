"""The articles themselves: all there, in all languages, saying the same, linking to what exists."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from fondaco import policy
from fondaco.help import clauses, library, placeholders, queries, rendering, tables
from fondaco.help.sections import SECTIONS
from fondaco.help.words import EXPECTED

pytestmark = pytest.mark.django_db
AT = datetime(2026, 8, 1, tzinfo=UTC)
TRANSLATED = library.LANGUAGES[1:]

# Every page that PLAT-07 names, by what it calls them.
NAMED = {
    "imaging FAQ": "imaging-faq",
    "imaging terms": "imaging-terms",
    "self-service image options": "self-service-image-options",
    "image requirements": "image-requirements",
    "invalid-URL fix": "invalid-image-urls",
    "review a processing report": "processing-report",
    "maintain Prime enrolment": "prime-maintain-enrolment",
    "Prime badge not showing": "prime-badge-not-showing",
    "control Prime order volume": "prime-order-volume",
    "enrol": "prime-enrol",
    "programme overview": "prime-overview",
    "process Prime orders": "prime-process-orders",
    "reimbursement claims": "prime-reimbursement-claims",
    "FAQ on recent changes": "prime-recent-changes",
    "handmade terms": "handmade-terms",
    "category policies": "handmade-categories",
    "apply": "handmade-apply",
    "sell in other countries": "handmade-other-countries",
    "maker profile": "handmade-maker-profile",
    "list products": "handmade-list-products",
    "listing tips": "handmade-listing-tips",
    "reasons a listing is not found": "handmade-not-found",
    "manage orders": "handmade-manage-orders",
    "increase discoverability and sales": "handmade-discoverability",
}
# The five seed documents as articles.
SEEDS = ("imaging-services", "missing-product-images", "prime-requirements", "photos-to-sellers", "handmade-overview")


def raw(slug: str, language: str) -> library.Article:
    return library.shelf()[slug, language]


def bare(slug: str, language: str) -> str:
    """The body with a letter for each placeholder: the bar inside one is no column of a table."""
    return placeholders.PLACEHOLDER.sub("X", raw(slug, language).body)


ALL = [(slug, language) for slug in library.slugs() for language in library.LANGUAGES]
OTHERS = [(slug, language) for slug, language in ALL if language in TRANSLATED]


@pytest.mark.spec("PLAT-07")
@pytest.mark.parametrize("slug", [*NAMED.values(), *SEEDS])
def test_every_named_page_exists_in_every_language(slug: str) -> None:
    assert library.languages_of(slug) == library.LANGUAGES


@pytest.mark.spec("PLAT-05")
@pytest.mark.parametrize(("slug", "language"), OTHERS)
class TestTranslation:
    def test_has_the_same_blocks_and_anchors(self, slug: str, language: str) -> None:
        assert rendering.shape_of(bare(slug, language)) == rendering.shape_of(bare(slug, "en"))

    def test_has_the_same_placeholders(self, slug: str, language: str) -> None:
        own, original = raw(slug, language), raw(slug, "en")
        assert placeholders.placeholders_of(own.body) == placeholders.placeholders_of(original.body)
        assert placeholders.placeholders_of(own.title) == placeholders.placeholders_of(original.title)

    def test_has_the_same_links(self, slug: str, language: str) -> None:
        assert rendering.targets_of(raw(slug, language).body) == rendering.targets_of(raw(slug, "en").body)

    def test_says_about_as_much(self, slug: str, language: str) -> None:
        own = len(rendering.plain_text(bare(slug, language)))
        original = len(rendering.plain_text(bare(slug, "en")))
        least, most = (0.75, 1.6) if language == "vi" else (0.22, 0.7)
        assert least < own / original < most

    def test_leaves_no_english_sentence(self, slug: str, language: str) -> None:
        original = set(_sentences(bare(slug, "en")))
        assert not original & set(_sentences(bare(slug, language)))

    def test_is_written_in_its_language(self, slug: str, language: str) -> None:
        own = raw(slug, language)
        for text in (own.title, own.summary, rendering.plain_text(bare(slug, language))):
            letters = re.findall(r"[\u4e00-\u9fff]" if language == "zh-hant" else r"[À-ỹĐđ]", text)
            assert letters, text


def _sentences(body: str) -> list[str]:
    """Lines and cells with five English words or more; codes and addresses are no words."""
    parts = re.split(r"[\n|]", rendering.plain_text(body))
    return [part.strip() for part in parts if len(re.findall(r"(?<!\S)[A-Za-z]?[a-z]+(?=[\s,.:;]|$)", part)) >= 5]


SIMPLIFIED = "这们发为图页时个从过还进没对给让说请单电价买卖须长门问间关闭误认证书产业务"


@pytest.mark.parametrize("slug", library.slugs())
def test_chinese_is_traditional(slug: str) -> None:
    own = raw(slug, "zh-hant")
    assert not set(own.title + own.summary + own.body) & set(SIMPLIFIED)


@pytest.mark.parametrize(("slug", "language"), ALL)
def test_placeholders_are_known_and_policies_have_simple_values(slug: str, language: str) -> None:
    reader = tables.Reader("US", AT, language, queries.names(language))
    for kind, name in placeholders.placeholders_of(raw(slug, language).body):
        if kind == "policy":
            value = reader.value(name)
            shape = queries._FORMATS.get(name)
            assert shape(value) if shape else placeholders.simple(value, reader.unit(name)), name
        elif kind == "ui":
            assert name in EXPECTED
        elif kind == "table":
            assert name in tables.TABLES
        elif kind == "labels":
            assert reader.value(name), name
        else:
            assert kind in reader.names


@pytest.mark.parametrize(("slug", "language"), ALL)
def test_plain_fallbacks_agree_with_the_policy_as_shipped(slug: str, language: str) -> None:
    fill = queries.filler(tables.Reader("US", AT, language, queries.names(language)))
    for found in placeholders.PLACEHOLDER.finditer(raw(slug, language).body):
        if found["kind"] == "policy":
            assert fill.text(found[0]) == (found["fallback"] or ""), found[0]


@pytest.mark.spec("PLAT-07")
@pytest.mark.parametrize("slug", library.slugs())
def test_every_link_leads_somewhere(slug: str) -> None:
    own = raw(slug, "en")
    for target in rendering.targets_of(own.body):
        kind, _, rest = target.partition(":")
        if kind == "help":
            other, _, anchor = rest.partition("#")
            assert (other, "en") in library.shelf(), target
            assert not anchor or anchor in _anchors(other), target
        elif kind == "url":
            assert rest in queries.PLACES or reverse(rest)
        else:
            assert target[:1] == "#"
            assert target[1:] in _anchors(slug), target


def _anchors(slug: str) -> set[str]:
    return {heading.anchor for heading in rendering.headings_of(raw(slug, "en").body)}


@pytest.mark.parametrize("slug", library.slugs())
def test_front_matter_names_what_exists(slug: str) -> None:
    own = raw(slug, "en")
    assert own.section in SECTIONS
    assert all(code in policy.STORES for code in own.stores)
    assert own.stores
    assert all((other, "en") in library.shelf() for other in own.see_also)
    assert slug not in own.see_also
    assert own.clauses
    assert not set(own.clauses) - set(clauses.clauses())


def test_headings_have_anchors_each_once() -> None:
    for slug, language in ALL:
        anchors = [heading.anchor for heading in rendering.headings_of(raw(slug, language).body)]
        assert all(anchors), (slug, language)
        assert len(set(anchors)) == len(anchors), (slug, language)


def test_every_seed_requirement_is_explained_by_an_article() -> None:
    explained = {clause for slug in library.slugs() for clause in raw(slug, "en").clauses}
    seeds = {clause.id for clause in clauses.clauses().values() if clause.kind == "seed" and clause.area != "PLAT"}
    assert seeds <= explained


def test_aliases_lead_to_articles_and_headings() -> None:
    for name, (slug, anchor) in library.ALIASES.items():
        assert (name, "en") not in library.shelf()
        assert not anchor or anchor in _anchors(slug)


def test_a_range_of_requirements_is_written_out() -> None:
    assert library.spread("IMG-08..10") == ("IMG-08", "IMG-09", "IMG-10")
    assert library.spread("B-IMG-12") == ("B-IMG-12",)
    with pytest.raises(library.BrokenArticle):
        library.spread("IMG")


def test_never_names_a_foreign_marketplace() -> None:
    for slug, language in ALL:
        own = raw(slug, language)
        assert "amazon" not in (own.title + own.summary + own.body).casefold()
