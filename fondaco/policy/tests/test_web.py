"""The operator's pages: who may open them, what they show, and that what they write is what was meant."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from fondaco import policy
from fondaco.engine import clock
from fondaco.policy.models import PolicyVersion
from fondaco.policy.operations import publish
from fondaco.policy.shipped import key_of, shipped
from fondaco.policy.web.forms import PublishForm
from fondaco.policy.web.show import shown
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_person, make_seller, make_staff

pytestmark = pytest.mark.django_db
KEY = "image.display_sla_hours"


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(make_staff(Role.OPERATOR, name="Otto Operator"))
    return client


def posted(form: PublishForm) -> dict[str, Any]:
    """What a browser sends when nobody has touched the form."""
    data = {bound.html_name: bound.value() for bound in [*form.value_fields, *form.other_fields]}
    return {name: "" if value is None else value for name, value in data.items()} | {"note": "Because"}


def form_of(key: str) -> PublishForm:
    return PublishForm(key=key_of(key), current=policy.value(key, at=clock.now()))


PATHS = ["/operator/policy/", f"/operator/policy/{KEY}/"]


@pytest.mark.parametrize("path", PATHS)
def test_only_operators_may_look(client: Client, path: str) -> None:
    assert client.get(path).status_code == 302
    for person in (make_person(), make_staff(Role.SUPPORT), make_seller().memberships.first().person):
        client.force_login(person)
        assert client.get(path).status_code == 404
    client.force_login(make_staff(Role.OPERATOR))
    assert client.get(path).status_code == 200


def test_only_operators_may_write(client: Client) -> None:
    publish(key=KEY, store="US", value=12, author=None, effective_from=clock.now() + timedelta(days=1))
    for person in (None, make_person(), make_staff(Role.SUPPORT), make_seller().memberships.first().person):
        if person:
            client.force_login(person)
        for path in (f"/operator/policy/{KEY}/versions/", f"/operator/policy/{KEY}/versions/1/withdrawal/"):
            assert client.post(path, posted(form_of(KEY)) | {"value": 6}).status_code in (302, 404)
    assert PolicyVersion.objects.standing().count() == 1


def test_lists_every_key_with_value_and_clauses(operator: Client) -> None:
    page = operator.get("/operator/policy/").content.decode()
    for key in shipped().keys:
        assert f">{key}</code>" in page
    assert "24 hours" in page
    assert "/help/clauses/IMG-03" in page


@pytest.mark.parametrize(
    ("search", "found", "missing"),
    [
        ("LONGEST picture", KEY, "pr.lead_days"),
        ("hand-25", "pr.lead_days", KEY),
        ("refund.sla", "refund.sla_business_days", KEY),
    ],
)
def test_finds_by_words_key_and_clause(operator: Client, search: str, found: str, missing: str) -> None:
    page = operator.get("/operator/policy/", {"q": search}).content.decode()
    assert f">{found}</code>" in page
    assert f">{missing}</code>" not in page


def test_finds_in_the_readers_language(operator: Client) -> None:
    operator.cookies["django_language"] = "vi"
    operator.force_login(make_staff(Role.OPERATOR, language="vi"))
    page = operator.get("/operator/policy/", {"q": "thoi gian toi da de anh"}).content.decode()
    assert f">{KEY}</code>" in page
    assert "pr.lead_days" not in page


def test_says_so_when_nothing_fits(operator: Client) -> None:
    answer = operator.get("/operator/policy/", {"q": "xyzzy\x00"})
    assert answer.status_code == 200
    assert "No policy fits" in answer.content.decode()


@pytest.mark.parametrize("key", sorted(shipped().keys))
def test_a_form_that_nobody_touched_says_what_is_in_force(key: str) -> None:
    form = PublishForm(posted(form_of(key)), key=key_of(key), current=policy.value(key, at=clock.now()))
    assert form.is_valid(), form.errors
    of = key_of(key).type
    assert of.read(form.cleaned_data["raw"]) == policy.value(key, at=clock.now()).value


@pytest.mark.parametrize("language", ["en", "vi", "zh-hant"])
def test_every_value_can_be_shown_in_every_language(language: str) -> None:
    with translation.override(language):
        for key in shipped().keys.values():
            item = shown(key.type, policy.value(key.key, at=clock.now()).value)
            assert item.text
            assert "%(" not in item.text


def test_publishes_from_a_date_on_with_its_reason(operator: Client) -> None:
    data = posted(form_of(KEY)) | {"value": 12, "begins": "2040-07-01T00:00", "note": "Faster servers"}
    answer = operator.post(f"/operator/policy/{KEY}/versions/", data)
    assert answer.status_code == 302
    row = PolicyVersion.objects.get()
    assert (row.value, row.note, row.author_name) == (12, "Faster servers", "Otto Operator")
    assert row.effective_from.isoformat() == "2040-07-01T05:00:00+00:00"  # midnight in Chicago
    page = operator.get(answer.url).content.decode()
    assert f"{KEY}@US#1" in page
    assert "Faster servers" in page


def test_publishes_in_several_stores_at_once(operator: Client) -> None:
    operator.post(f"/operator/policy/{KEY}/versions/", posted(form_of(KEY)) | {"value": 12, "stores": ["US", "UK"]})
    assert sorted(PolicyVersion.objects.values_list("store", flat=True)) == ["UK", "US"]
    assert policy.value(KEY, "UK", at=clock.now()).value == 12


def test_one_store_that_refuses_stops_all(operator: Client) -> None:
    publish(key=KEY, store="UK", value=12, author=None)
    answer = operator.post(
        f"/operator/policy/{KEY}/versions/", posted(form_of(KEY)) | {"value": 12, "stores": ["US", "UK"]}
    )
    assert answer.status_code == 422
    assert "UK" in answer.context["form"].non_field_errors()[0]
    assert PolicyVersion.objects.count() == 1


def test_a_preview_shows_the_difference_and_writes_nothing(operator: Client) -> None:
    key = "return.reason_codes"
    rows = key_of(key).type.write(policy.value(key, at=clock.now()).value)
    rows[13]["payer"] = "seller"
    data = posted(form_of(key)) | {"value": json.dumps(rows), "preview": "1"}
    answer = operator.post(f"/operator/policy/{key}/versions/", data)
    assert answer.status_code == 200
    assert answer.context["changes"][0]["lines"] == [("14.payer", "buyer", "seller")]
    assert not PolicyVersion.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"value": "0"},
        {"value": "many"},
        {"value": ""},
        {"note": " "},
        {"stores": []},
        {"stores": ["ZZ"]},
        {"begins": "yesterday"},
        {"begins": "2001-01-01T00:00"},
        {"begins": "0001-01-01T00:00"},
        {"ends": "2001-01-01T00:00"},
        {"note": "a\x00b"},
        {"note": "x" * 1001},
    ],
)
def test_shows_the_form_again_with_what_is_wrong(operator: Client, change: dict[str, Any]) -> None:
    answer = operator.post(f"/operator/policy/{KEY}/versions/", posted(form_of(KEY)) | {"value": 12} | change)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not PolicyVersion.objects.exists()


@pytest.mark.parametrize(
    "value",
    ["", "[", "{}", "null", "[1]", '[{"number": 1}]', "[NaN]", '"\\u0000"', "9" * 400, "[" * 2000, " " * 600_000],
)
def test_no_table_can_be_broken_by_what_is_typed(operator: Client, value: str) -> None:
    key = "return.reason_codes"
    answer = operator.post(f"/operator/policy/{key}/versions/", posted(form_of(key)) | {"value": value})
    assert answer.status_code == 422
    assert not PolicyVersion.objects.exists()


def test_a_fault_in_a_record_stands_at_its_own_field(operator: Client) -> None:
    key = "prime.cutoff"
    answer = operator.post(f"/operator/policy/{key}/versions/", posted(form_of(key)) | {"value__mon": "25:00"})
    assert list(answer.context["form"].errors) == ["value__mon"]


def test_withdraws_what_has_not_begun(operator: Client) -> None:
    publish(key=KEY, store="US", value=12, author=None, effective_from=clock.now() + timedelta(days=1))
    assert "Withdraw</button>" in operator.get(f"/operator/policy/{KEY}/").content.decode()
    assert operator.post(f"/operator/policy/{KEY}/versions/1/withdrawal/", {"store": "US"}).status_code == 302
    assert not PolicyVersion.objects.standing().exists()


def test_what_has_begun_is_refused_with_clause(operator: Client) -> None:
    publish(key=KEY, store="US", value=12, author=None)
    answer = operator.post(f"/operator/policy/{KEY}/versions/1/withdrawal/", {"store": "US"})
    assert answer.status_code == 409
    assert "Q-52" in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/operator/policy/no.such/", f"/operator/policy/{KEY}/versions/9/withdrawal/", "/operator/policy/?store=ZZ"],
)
def test_unknown_things_are_refused(operator: Client, path: str) -> None:
    answer = operator.post(path) if "withdrawal" in path else operator.get(path)
    assert answer.status_code in (404, 422)


def test_no_page_holds_an_untranslated_sentence(operator: Client) -> None:
    for language, word in (("vi", "Công bố"), ("zh-hant", "發布")):
        operator.force_login(make_staff(Role.OPERATOR, language=language))
        page = operator.get("/operator/policy/image.px/").content.decode()
        assert word in page
        for english in ("In force now", "Publish a new version", "Size of the longest side", "Reason<"):
            assert english not in page
