"""The pages: who may open them, what they say, and that each verb goes through once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.kit.calendar import local_date
from fondaco.returns.models import Refund, Return, WhatIf
from fondaco.returns.operations import warehouse
from fondaco.returns.rules.refund import Grade
from fondaco.returns.tests.factories import arrived_order, ask, make_return, make_returning_seller, make_ware, units_of
from fondaco.sellers.models import Person
from fondaco.sellers.rules import MemberRole, Role
from fondaco.sellers.tests.factories import make_caller, make_member, make_person, make_staff, owner_of
from fondaco.web import dates

pytestmark = pytest.mark.django_db


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def words(answer: Any) -> str:
    import html
    import re

    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


@pytest.fixture
def people() -> dict[str, Any]:
    shop = make_returning_seller()
    order = arrived_order(shop)
    row = make_return(order, 10, received_at=clock.now())
    viewer, associate = make_person("View"), make_person("Paul Reyes")
    make_member(viewer, shop, MemberRole.VIEWER)
    make_member(associate, shop, MemberRole.WAREHOUSE)
    return {
        "row": row,
        "order": order,
        "buyer": order.buyer,
        "owner": owner_of(shop),
        "viewer": viewer,
        "warehouse": associate,
        "stranger": make_person("Stranger"),
        "other_seller": owner_of(make_returning_seller("Other")),
        "service": make_staff(Role.CUSTOMER_SERVICE),
        "support": make_staff(Role.SUPPORT),
        "operator": make_staff(Role.OPERATOR),
    }


MAY = {
    "returns:list": {
        "buyer",
        "owner",
        "viewer",
        "warehouse",
        "stranger",
        "other_seller",
        "service",
        "support",
        "operator",
    },
    "returns:start": {"buyer"},
    "returns:return": {"buyer"},
    "returns:label": {"buyer"},
    "returns:seller_list": {"owner", "viewer", "warehouse", "other_seller"},
    "returns:arrivals": {"owner", "warehouse", "other_seller"},
    "returns:calendar": {"owner", "viewer", "warehouse", "other_seller"},
    "returns:figures": {"owner", "viewer", "warehouse", "other_seller"},
    "returns:seller_return": {"owner", "viewer", "warehouse"},
    "returns:refund": {"owner", "viewer", "warehouse"},
    "returns:desk": {"service", "operator"},
    "returns:desk_return": {"service"},
    "returns:what_if": {"operator"},
}


@pytest.mark.parametrize("page", MAY)
def test_who_may_open_it(people: dict[str, Any], page: str) -> None:
    row, order = people["row"], people["order"]
    args = {"returns:start": [order.number], "returns:refund": [row.number, 1]}.get(page)
    if args is None:
        args = (
            [row.number]
            if page in ("returns:return", "returns:label", "returns:seller_return", "returns:desk_return")
            else []
        )
    url = reverse(page, args=args)
    opened = {
        who for who, person in people.items() if isinstance(person, Person) and as_(person).get(url).status_code == 200
    }
    assert opened == MAY[page]
    assert Client().get(url).status_code == 302


@pytest.mark.spec("PRIME-44", "PRIME-45", "PRIME-43")
def test_the_chooser_has_all_reasons_once_and_warns_where_the_buyer_pays() -> None:
    shop = make_returning_seller()
    order = arrived_order(shop, offers=[make_ware(shop, "lamp"), make_ware(shop, "shirt")])
    answer = as_(order.buyer).get(reverse("returns:start", args=[order.number]))
    form = answer.context["form"]
    lamp, shirt = units_of(order)
    for unit, warned in ((lamp, 7), (shirt, 0)):
        choices = form.fields[f"reason_{unit.pk.hex}"].choices[1:]
        assert len({key for key, _ in choices}) == len(choices) == 18
        assert sum("return shipping is deducted" in label for _, label in choices) == warned


@pytest.mark.spec("PRIME-33")
def test_asking_shows_the_expected_refund_first_and_sends_once() -> None:
    order = arrived_order()
    (unit,) = units_of(order)
    client, url = as_(order.buyer), reverse("returns:start", args=[order.number])
    given = {f"take_{unit.pk.hex}": "on", f"reason_{unit.pk.hex}": "NO_LONGER_NEEDED", "request_key": "once"}
    seen = client.post(url, {**given, "verb": "look"})
    assert "$32.75" in words(seen)
    assert "Return shipping PRIME-43 -$7.25" in words(seen)
    assert not Return.objects.exists()
    for _ in range(2):
        sent = client.post(url, {**given, "verb": "send"}, follow=True)
    assert Return.objects.count() == 1
    assert "$32.75" in words(sent)
    label = client.get(reverse("returns:label", args=[Return.objects.get().number]))
    assert label["Content-Type"] == "application/pdf"
    assert label.content.startswith(b"%PDF")


def test_a_request_without_a_reason_or_an_item_says_so() -> None:
    order = arrived_order()
    (unit,) = units_of(order)
    client, url = as_(order.buyer), reverse("returns:start", args=[order.number])
    answer = client.post(url, {f"take_{unit.pk.hex}": "on", "verb": "send"})
    assert answer.status_code == 422
    assert "Choose a reason for this item." in words(answer)
    assert "Choose at least one item" in words(client.post(url, {"verb": "send"}))


@pytest.mark.spec("PRIME-47", "PRIME-48")
def test_a_hazardous_item_is_blocked_with_the_way_to_customer_service() -> None:
    shop = make_returning_seller()
    order = arrived_order(shop, offer=make_ware(shop, hazmat_class="potential"))
    answer = as_(order.buyer).get(reverse("returns:start", args=[order.number]))
    assert "This item cannot be returned" in words(answer)
    assert "take_" not in answer.content.decode()


def test_the_warehouse_scans_checks_in_grades_and_refunds(people: dict[str, Any]) -> None:
    row = make_return(arrived_order(people["row"].seller), 10)
    client = as_(people["warehouse"])
    found = client.post(reverse("returns:arrivals"), {"code": row.tracking_number})
    assert found.url == reverse("returns:seller_return", args=[row.number])
    assert client.post(reverse("returns:arrivals"), {"code": "nothing"}).status_code == 422
    client.post(reverse("returns:check_in", args=[row.number]), {"here": ["1"]})
    client.post(reverse("returns:grade", args=[row.number, 1]), {"u1-grade": "original"})
    url = reverse("returns:refund", args=[row.number, 1])
    page = client.get(url)
    assert "Nothing can be kept here" in words(page)
    for _ in range(2):
        client.post(url, {"verb": "refund", "deduct_pct": "0", "shown": str(page.context["minor"])})
    assert Refund.objects.get(parcel=row).amount_minor == 32_75


@pytest.mark.spec("PRIME-36", "PRIME-37")
def test_a_return_is_received_and_refunded_by_one_click_once(people: dict[str, Any]) -> None:
    row = make_return(arrived_order(people["row"].seller), 10)
    client = as_(people["warehouse"])
    page = client.get(reverse("returns:seller_return", args=[row.number]))
    assert "Save and refund in full" in words(page)
    url = reverse("returns:grade", args=[row.number, 1])
    for _ in range(2):
        assert client.post(url, {"u1-grade": "original", "verb": "refund"}).status_code == 302
    unit = row.units.get()
    assert (unit.place, unit.grade, unit.checked_in_at is not None) == ("graded", "original", True)
    assert Refund.objects.get(parcel=row).amount_minor == 32_75
    (unsent,) = ask(arrived_order(people["row"].seller), 10)
    refused = as_(people["viewer"]).post(
        reverse("returns:grade", args=[unsent.number, 1]), {"u1-grade": "original", "verb": "refund"}
    )
    assert refused.status_code in (403, 422)
    assert not Refund.objects.filter(parcel=unsent).exists()
    assert unsent.units.get().checked_in_at is None  # all of it, or nothing


@pytest.mark.spec("PRIME-39")
def test_the_refund_page_refuses_above_the_cap_and_keeps_the_form(people: dict[str, Any]) -> None:
    row = people["row"]
    warehouse.grade(make_caller(people["warehouse"]), number=row.number, unit=1, found=Grade.USED)
    url = reverse("returns:refund", args=[row.number, 1])
    client = as_(people["warehouse"])
    answer = client.post(url, {"verb": "refund", "deduct_pct": "51"})
    assert answer.status_code == 422
    assert "the highest is 50" in words(answer)
    assert "needs a photo and a grade" in words(client.post(url, {"verb": "look", "deduct_pct": "30"}))
    assert not Refund.objects.exists()
    assert "$28.75" in words(client.post(url, {"verb": "look", "deduct_pct": "10"}))


def test_a_reason_is_changed_on_the_page_until_the_scan(people: dict[str, Any]) -> None:
    (row,) = ask(arrived_order(people["row"].seller), 10)
    client = as_(row.buyer)
    client.post(reverse("returns:reason", args=[row.number, 1]), {"reason": "DEFECTIVE"})
    assert row.units.get().reason == "DEFECTIVE"
    answer = as_(people["buyer"]).post(
        reverse("returns:reason", args=[people["row"].number, 1]), {"reason": "DEFECTIVE"}
    )
    assert answer.status_code == 409
    assert "Only customer service can change the return now" in words(answer)


@pytest.mark.spec("PRIME-32")
def test_customer_service_decides_an_exception_on_its_page(people: dict[str, Any]) -> None:
    order = arrived_order(people["row"].seller, delivered_at=clock.now() - timedelta(days=40))
    (row,) = ask(order, 10)
    client = as_(people["service"])
    assert row.number in words(client.get(reverse("returns:desk")))
    url = reverse("returns:desk_return", args=[row.number])
    assert client.post(url, {"verb": "accept", "why": ""}).status_code == 422
    client.post(url, {"verb": "accept", "why": "A loyal customer"})
    row.refresh_from_db()
    assert row.acceptance == "authorised"
    assert "A loyal customer" in words(as_(people["owner"]).get(reverse("returns:seller_return", args=[row.number])))


def test_the_calendar_shows_what_is_due_and_the_holidays(people: dict[str, Any]) -> None:
    client = as_(people["owner"])
    due = people["row"].units.get().due_at
    assert people["row"].number in words(client.get(reverse("returns:calendar"), {"month": f"{due:%Y-%m}"}))
    drawn = client.get(reverse("returns:calendar"), {"month": f"{due:%Y-%m}"}).content.decode()
    svg = drawn[drawn.index("<svg", drawn.index("due-chart")) : drawn.index("</svg>", drawn.index("due-chart"))]
    assert 'role="img"' in svg
    assert "Due refunds" in svg
    said = svg[svg.index("<desc") : svg.index("</desc>")]
    assert f"{dates.day(local_date(due, ZoneInfo(people['row'].zone)))}: 1" in said
    assert svg.count('class="due-count"') == 1
    assert "No refund is due" in client.get(reverse("returns:calendar"), {"month": "2022-11"}).content.decode()
    assert "Thanksgiving" in words(client.get(reverse("returns:calendar"), {"month": "2022-11"}))
    for odd in ("nonsense", "2022-13", "99999-01", "-1-1"):
        assert client.get(reverse("returns:calendar"), {"month": odd}).status_code == 200


def test_the_operator_tries_another_policy(people: dict[str, Any]) -> None:
    row = people["row"]
    as_(people["warehouse"]).post(
        reverse("returns:refund", args=[row.number, 1]), {"verb": "refund", "deduct_pct": "0"}
    )
    client = as_(people["operator"])
    page = client.get(reverse("returns:what_if"))
    first = page.context["form"]["first_date"].initial
    today = page.context["form"]["last_date"].initial
    given = {"store": "US", "first_date": f"{first}", "last_date": f"{today}", "request_key": "w"}
    assert client.post(reverse("returns:what_if"), given).status_code == 422
    answer = client.post(reverse("returns:what_if"), {**given, "return__free_categories": "home"})
    run_tasks()
    assert answer.url == reverse("returns:what_if_result", args=[WhatIf.objects.get().pk])
    result = words(client.get(answer.url))
    assert "Would differ 1" in result
    assert "$7.25" in result
    assert Refund.objects.get().amount_minor == 32_75


@pytest.mark.spec("Q-52")
def test_a_draft_of_the_policy_editor_is_tried_on_past_refunds_before_it_is_published(people: dict[str, Any]) -> None:
    import json
    from urllib.parse import parse_qs, urlsplit

    from fondaco import policy
    from fondaco.policy.tests.test_web import form_of, posted

    row = people["row"]
    as_(people["warehouse"]).post(
        reverse("returns:refund", args=[row.number, 1]), {"verb": "refund", "deduct_pct": "0"}
    )
    client, key = as_(people["operator"]), "return.reason_codes"
    before = policy.value(key, at=clock.now())
    table = [{**r, "payer": "seller"} for r in before.value]
    data = posted(form_of(key)) | {"value": json.dumps(table), "preview": "1"}
    seen = client.post(reverse("policy:publish", args=[key]), data)
    url = seen.context["try_url"]
    assert parse_qs(urlsplit(url).query)["store"] == ["US"]
    page = client.get(url)
    assert "Reasons for a return and who pays its shipping" in words(page)
    fields = page.context["form"]
    given = {n: fields[n].value() or "" for n in ("store", "first_date", "last_date")}
    draft = fields["given"].value()
    made = client.post(reverse("returns:what_if"), {**given, "given": draft, "request_key": "editor"})
    run_tasks()
    result = words(client.get(made.url))
    assert "Would differ 1" in result
    assert "$7.25" in result  # the buyer paid for the way back; under the draft nobody does
    assert policy.value(key, at=clock.now()).version == before.version
    refused = client.post(reverse("returns:what_if"), {**given, "given": '{"prime.terms": 1}', "request_key": "odd"})
    assert refused.status_code == 422
    assert WhatIf.objects.count() == 1
