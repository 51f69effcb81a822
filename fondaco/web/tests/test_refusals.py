"""Refusals as pages."""

from datetime import UTC, date, datetime

import pytest
from django.test import override_settings
from django.urls import path
from django.utils import timezone, translation

from fondaco.kit.errors import NotFound, Refusal, TryLater
from fondaco.kit.money import Money
from fondaco.web import refusals
from fondaco.web.urls import urlpatterns as shell


class SoldOut(Refusal):
    CODE = "sold_out"
    WORDS = "No unit of <%(title)s> is left."
    FIX = "Wait until %(until)s."
    CLAUSE = "IMG-SVC-30"


class Unknown(Refusal):
    CODE = "sign_in_required"
    STATUS = 401


def raises(refusal):
    def view(request):
        raise refusal

    return view


app_name = "web"
urlpatterns = [
    *shell,
    path("sold-out", raises(SoldOut(title="Vase", until=date(2022, 3, 1)))),
    path("hidden", raises(NotFound())),
    path("busy", raises(TryLater(retry_after_s=30))),
    path("unknown", raises(Unknown())),
    path("bug", raises(ZeroDivisionError())),
]
here = override_settings(ROOT_URLCONF="fondaco.web.tests.refused_urls")
HTMX = {"HX-Request": "true"}


@here
@pytest.mark.django_db
def test_a_refusal_says_code_words_fix_clause_and_request(client):
    answer = client.get("/sold-out")
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in (
        "sold_out",
        "No unit of &lt;Vase&gt; is left.",
        "Wait until March 1, 2022.",
        "/help/clauses/IMG-SVC-30",
    ):
        assert words in page
    assert answer.headers["X-Request-Id"] in page


@here
@pytest.mark.django_db
def test_htmx_gets_a_region_for_the_refusals_of_the_page(client):
    answer = client.get("/sold-out", headers=HTMX)
    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#refusals"
    assert b"sold_out" in answer.content
    assert b"<html" not in answer.content


@here
@pytest.mark.django_db
def test_what_is_hidden_reads_like_what_does_not_exist(client):
    hidden, missing = client.get("/hidden"), client.get("/no-such-page")
    assert hidden.status_code == missing.status_code == 404
    texts = [r.content.decode().replace(r.headers["X-Request-Id"], "ID") for r in (hidden, missing)]
    without_token = [t.split("csrfmiddlewaretoken")[0].split("hx-headers")[0] for t in texts]
    assert without_token[0] == without_token[1]
    assert "There is nothing here for you" in texts[0]


@here
@pytest.mark.django_db
def test_try_later_says_when(client):
    answer = client.get("/busy")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


@here
@pytest.mark.django_db
def test_who_is_not_signed_in_is_led_to_sign_in(client):
    assert client.get("/unknown").status_code == 302


@here
@pytest.mark.django_db
def test_a_bug_is_no_refusal(client):
    client.raise_request_exception = False
    answer = client.get("/bug")
    assert answer.status_code == 500
    assert b"Something broke on our side" in answer.content
    assert answer.headers["X-Request-Id"].encode() in answer.content


def test_facts_are_written_as_the_reader_writes_them():
    facts = {"at": datetime(2022, 3, 1, 20, 5, tzinfo=UTC), "price": Money(1250, "USD"), "codes": ["a", "b"], "n": 3}
    with timezone.override("America/Chicago"):
        assert (
            refusals.filled("%(at)s %(price)s %(codes)s %(n)d", facts) == "Mar 1, 2022, 2:05\u00a0PM CST $12.50 a, b 3"
        )


def test_a_missing_fact_leaves_the_bare_sentence():
    assert refusals.filled("Only %(n)s left.", {}) == "Only %(n)s left."


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "Không thể thực hiện việc này."), ("zh-hant", "無法執行此動作。")]
)
def test_words_are_translated(language, words):
    with translation.override(language):
        assert refusals.spoken(Refusal()).words == words
