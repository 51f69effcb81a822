"""The requirements as pages: every id resolves, nothing foreign is shown."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils.html import strip_tags
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


def numbers(text: str) -> Counter[str]:
    """The figures of a sentence, however a language writes thousands and fractions; months may be words."""
    return Counter(re.sub(r"[.,]", "", found) for found in re.findall(r"\d+(?:[.,]\d+)*", text))


@pytest.mark.spec("PLAT-05", "Q-54")
@pytest.mark.parametrize("language", ["vi", "zh-hant"])
def test_every_requirement_is_said_in_every_language(language: str) -> None:
    known = clauses.clauses()
    parts = {
        "text": clauses.translations(language),
        "question": clauses.questions(language),
        "handling": clauses.handling(language),
    }
    for part, own in parts.items():
        assert set(own) == {id for id, clause in known.items() if getattr(clause, part)}, part
        for id, said in own.items():
            original = getattr(known[id], part)
            assert said.strip()
            assert said != original or clauses.CLAUSE_ID.fullmatch(original.rstrip(".")), id
            assert clauses.CLAUSE_ID.findall(said) == clauses.CLAUSE_ID.findall(original), id
            missing = set(numbers(original)) - set(numbers(said))
            assert not missing, (id, missing, said)


@pytest.mark.spec("PLAT-05", "Q-54")
@pytest.mark.parametrize("language", ["vi", "zh-hant"])
def test_a_requirement_is_shown_and_found_in_the_readers_language(language: str, client: Client) -> None:
    with override(language):
        page = queries.clause("Q-42", language=language, at=AT)
        assert (page.language, str(page.question)) == (language, clauses.questions(language)["Q-42"])
        found = queries.clause_sentence(clauses.clauses()["B-PHOTO-05"], language)
        assert (found[1], found[2]) == (clauses.translations(language)["B-PHOTO-05"], language)
    client.cookies["django_language"] = language
    html = client.get("/help/clauses/B-HAND-06").content.decode()
    assert "Register with" not in html
    assert strip_tags(html).count(clauses.translations(language)["B-HAND-06"].split("**")[0].strip())
