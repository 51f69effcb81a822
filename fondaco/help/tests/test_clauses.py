"""The requirements as pages: every id resolves, nothing foreign is shown."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from fondaco.help import clauses, queries

pytestmark = pytest.mark.django_db
AT = datetime(2026, 8, 1, tzinfo=UTC)


def test_reads_every_requirement() -> None:
    kinds = Counter(clause.kind for clause in clauses.clauses().values())
    assert kinds == {"seed": 217, "beyond": 69, "decision": 56}
    assert set(clauses.AREAS) == {clause.area for clause in clauses.clauses().values()}


def test_reads_the_parts_of_a_row() -> None:
    direct = clauses.clauses()["IMG-22"]
    assert (direct.who, direct.source, direct.area) == ("System", "001 L38", "IMG")
    assert direct.text.startswith("The URL must be direct")
    assert clauses.clauses()["Q-17"].question == "What is a direct URL?"
    public = clauses.clauses()["B-PRIME-03"]
    assert public.source_kinds == ("O",)
    assert public.handling.startswith("**Disagree**")


@pytest.mark.parametrize("id", list(clauses.clauses()))
def test_every_id_has_its_page(id: str) -> None:
    with override("en"):
        page = queries.clause(id, language="en", at=AT)
    assert page.text
    assert "amazon" not in (page.text + page.handling + page.question).casefold()
    assert "sellercentral" not in (page.text + page.handling).casefold()


def test_ids_in_a_sentence_are_links() -> None:
    page = queries.clause("PRIME-37", language="en", at=AT)
    assert '<a href="/help/clauses/PRIME-38">PRIME-38</a>' in page.text


def test_shows_the_policies_behind_it() -> None:
    with override("en"):
        rules = queries.clause("PRIME-36", language="en", at=AT).rules
    found = {rule.key: rule for rule in rules}
    assert found["refund.sla_business_days"].value.startswith("2")
    assert found["refund.sla_business_days"].version


def test_names_the_articles_that_explain_it() -> None:
    assert "missing-product-images" in {card.slug for card in queries.clause("IMG-22", language="en", at=AT).articles}


def test_neighbours_stay_in_the_area() -> None:
    first = queries.clause("IMG-01", language="en", at=AT)
    assert first.before is None
    assert first.after is not None
    assert first.after.id == "IMG-02"
    assert queries.clause("IMG-31", language="en", at=AT).after is None


def test_refuses_an_unknown_id() -> None:
    with pytest.raises(queries.NoSuchClause):
        queries.clause("IMG-99", language="en", at=AT)


@pytest.mark.parametrize("language", ["vi", "zh-hant"])
def test_translations_are_of_existing_requirements(language: str) -> None:
    own = clauses.translations(language)
    assert not set(own) - set(clauses.clauses())
    for id, sentence in own.items():
        assert clauses.CLAUSE_ID.findall(sentence) == clauses.CLAUSE_ID.findall(clauses.clauses()[id].text), id
        assert sentence.strip()


@pytest.mark.spec("PLAT-05", "Q-54")
@pytest.mark.parametrize("language", ["vi", "zh-hant"])
def test_what_is_known_of_pictures_is_translated_and_the_rest_falls_back_to_english(language: str) -> None:
    own = clauses.translations(language)
    wanted = [f"B-IMG-{n:02}" for n in range(1, 16)]
    assert not [id for id in (*wanted, "Q-15", "Q-16", "Q-17", "Q-18", "Q-19", "Q-20", "Q-52", "Q-54") if id not in own]
    page = queries.clause("B-IMG-02", language=language, at=AT)
    assert (page.language, "dpi" in page.text) == (language, True)
    untranslated = next(id for id in clauses.clauses() if id not in own)
    assert queries.clause(untranslated, language=language, at=AT).language == "en"
