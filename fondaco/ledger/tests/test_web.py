"""Reports → Payments, and the operator's books."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from fondaco.engine import clock
from fondaco.ledger import operations, queries, reasons
from fondaco.ledger.models import CardTry, Due, Period, Posting
from fondaco.ledger.rules import Section
from fondaco.ledger.tests.factories import bill, give, order, owed, proceeds
from fondaco.ledger.web import words
from fondaco.sellers.models import Person
from fondaco.sellers.rules import MemberRole, Role
from fondaco.sellers.tests.factories import (
    make_caller,
    make_card,
    make_member,
    make_person,
    make_seller,
    make_staff,
    owner_of,
)

pytestmark = pytest.mark.django_db
VIEWS = ("ledger:reports", "ledger:statement", "ledger:transactions")


@pytest.fixture
def seller():
    return make_seller()


@pytest.fixture
def browser(seller, client: Client) -> Client:
    client.force_login(owner_of(seller))
    return client


def text(response) -> str:
    """What the page says, without tags."""
    assert response.status_code == 200, response.status_code
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.spec("IMG-SVC-20")
def test_accumulated_charges_stand_under_other_transactions(browser, seller, tasks) -> None:
    make_card(seller=seller)
    give(seller, 3000)
    bill(seller, 5000)
    tasks()
    reports = browser.get(reverse("ledger:reports"))
    assert reverse("ledger:statement") in reports.content.decode()
    page = text(browser.get(reverse("ledger:statement")))
    assert "Statement View" in page
    assert "Other transactions -$50.00 $0.00 -$50.00 2 Imaging services -$50.00 $0.00 -$50.00 2" in page
    assert "Sales $30.00 $30.00 $0.00 1" in page
    assert "Unpaid balance collected $20.00 $20.00 $0.00 1" in page
    assert "Closing balance $0.00" in page


@pytest.mark.spec("IMG-SVC-21", "IMG-SVC-03", "IMG-SVC-04")
def test_the_transaction_view_shows_each_charge_and_where_the_money_came_from(
    browser, seller, tasks, monkeypatch
) -> None:
    monkeypatch.setitem(reasons._links, "studio.order", lambda identity: f"/somewhere/{identity}/")
    make_card(seller=seller)
    give(seller, 3000)
    cause = order("Imaging order for the blue mug")
    bill(seller, 5000, cause=cause)
    tasks()
    response = browser.get(reverse("ledger:transactions"))
    page = text(response)
    assert "Imaging services Imaging order for the blue mug Deducted from sales proceeds IMG-SVC-03" in page
    assert "Not covered by proceeds collected" in page
    assert "Charged to the card on file (visa …4242) IMG-SVC-04" in page
    assert page.index("$20.00") < page.index("-$30.00")
    assert f'href="/somewhere/{cause.id}/"' in response.content.decode()


def test_the_figures_of_a_statement_lead_to_their_own_lines(browser, seller) -> None:
    give(seller, 9000)
    bill(seller, 1000)
    bill(seller, 500, reason="adjustment")
    content = browser.get(reverse("ledger:statement")).content.decode()
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*section=other[^"]*)"', content)]
    assert len(links) == 3
    everything, adjustments, imaging = (text(browser.get(link)) for link in links)
    assert "-$10.00" in everything
    assert "-$5.00" in everything
    assert "-$10.00" not in adjustments
    assert "-$5.00" not in imaging
    assert "$90.00" not in everything


@pytest.mark.spec("IMG-SVC-04")
def test_an_unpaid_balance_is_shown_with_its_reason_and_next_try(browser, seller, tasks) -> None:
    make_card(seller=seller, declines=True)
    bill(seller, 2000)
    assert "It is being charged to the card on file." in text(browser.get(reverse("ledger:statement")))
    tasks()
    for name in VIEWS[1:]:
        page = text(browser.get(reverse(name)))
        assert "Unpaid balance" in page
        assert "The card on file did not pay: declined." in page
        assert "Next try:" in page
    assert browser.post(reverse("ledger:try_card")).status_code == 409
    clock.set_to(at=clock.now() + timedelta(minutes=11))
    assert browser.post(reverse("ledger:try_card")).status_code == 302
    tasks()
    assert CardTry.objects.count() == 2


def test_many_debts_are_cut_short(browser, seller, tasks) -> None:
    for _ in range(6):
        bill(seller, 100)
    assert "And more: see the Transaction View." in text(browser.get(reverse("ledger:statement")))


def test_earlier_statements_stay(browser, seller) -> None:
    give(seller, 1000)
    first = Period.objects.get()
    clock.set_to(at=first.ends_at)
    bill(seller, 300)
    page = text(browser.get(reverse("ledger:statement")))
    assert "Beginning balance $10.00" in page
    assert "Closing balance $7.00" in page
    before = text(browser.get(reverse("ledger:statement_period", args=[first.pk])))
    assert "Closing balance $10.00" in before
    assert "Imaging services" not in before


def test_lines_are_paged_by_key_and_none_is_lost(browser, seller) -> None:
    give(seller, 100_000)
    for n in range(60):
        bill(seller, 100 + n)
    url, seen = reverse("ledger:transactions"), []
    while url:
        content = browser.get(url).content.decode()
        seen += re.findall(r"-\$\d\.\d\d", content)
        following = re.search(r'rel="next" href="([^"]+)"', content)
        url = reverse("ledger:transactions") + following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 60


def test_a_filter_that_names_nothing_shows_the_whole_statement(browser, seller) -> None:
    give(seller, 1234)
    period = str(Period.objects.get().pk)
    for change in ({"section": "\0"}, {"reason": "a\0b"}, {"reason": "x" * 500}, {"section": "none"}):
        assert "$12.34" in text(browser.get(reverse("ledger:transactions"), {"period": period, **change}))


def test_before_the_first_posting_the_views_say_so(browser) -> None:
    assert "No statement yet" in text(browser.get(reverse("ledger:statement")))
    assert "No transactions here" in text(browser.get(reverse("ledger:transactions")))


@pytest.mark.parametrize("language", ["vi", "zh-hant"])
def test_the_views_speak_every_language(browser, seller, tasks, language) -> None:
    Person.objects.update(language=language)
    make_card(seller=seller, declines=True)
    bill(seller, 2000)
    tasks()
    with translation.override(language):
        other, imaging = str(words.SECTIONS[Section.OTHER]), reasons.words_of("imaging_service")
    assert other != "Other transactions"
    page = text(browser.get(reverse("ledger:statement")))
    assert other in page
    assert imaging in page
    for name in VIEWS:
        assert "proceeds" not in text(browser.get(reverse(name)))


def test_another_sellers_money_reads_as_not_found(browser, seller) -> None:
    other = make_seller("Swift Outfitters")
    give(other, 4321)
    foreign = Period.objects.get(seller=other)
    assert browser.get(reverse("ledger:statement_period", args=[foreign.pk])).status_code == 404
    assert browser.get(reverse("ledger:statement_period", args=["nonsense"])).status_code == 404
    assert browser.get(reverse("ledger:transactions"), {"period": str(foreign.pk)}).status_code == 404
    for name in VIEWS:
        assert "43.21" not in text(browser.get(reverse(name)))


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (MemberRole.OWNER, 200),
        (MemberRole.ADMIN, 200),
        (MemberRole.WAREHOUSE, 200),
        (MemberRole.VIEWER, 200),
        (MemberRole.AGENCY, 403),
        ("stranger", 404),
        ("staff", 404),
        ("nobody", 302),
    ],
)
def test_who_sees_the_reports(seller, who, status) -> None:
    give(seller, 100)
    client = Client()
    if who == "stranger":
        client.force_login(make_person())
    elif who == "staff":
        client.force_login(make_staff(Role.OPERATOR))
    elif who != "nobody":
        client.force_login(make_member(make_person(), seller, who).person)
    for name in VIEWS:
        assert client.get(reverse(name)).status_code == status, name


@pytest.mark.parametrize(
    ("role", "may"), [(MemberRole.ADMIN, True), (MemberRole.VIEWER, False), (MemberRole.WAREHOUSE, False)]
)
def test_who_may_have_the_card_tried(seller, tasks, role, may) -> None:
    bill(seller, 2000)
    tasks()
    make_card(seller=seller)
    client = Client()
    client.force_login(make_member(make_person(), seller, role).person)
    assert ("Try the card now" in text(client.get(reverse("ledger:statement")))) is may
    assert client.post(reverse("ledger:try_card")).status_code == (302 if may else 403)
    tasks()
    assert (owed(seller) == 0) is may


def test_a_statement_takes_the_same_few_reads_however_long_it_is(seller, django_assert_max_num_queries) -> None:
    give(seller, 50_000)
    for _ in range(30):
        bill(seller, 100)
    caller = make_caller(seller=seller)
    with django_assert_max_num_queries(2):
        period = queries.periods_for(caller)[0]
        assert queries.statement_of(period).closing_minor == 47_000
    with django_assert_max_num_queries(1):
        assert len(list(queries.lines_for(caller)[:50])) == 31


# --- the operator ------------------------------------------------------------------------------------------------


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(make_staff(Role.OPERATOR))
    return client


def test_the_books_show_balances_and_that_they_are_in_order(operator, seller) -> None:
    assert "Nothing has been posted yet" in text(operator.get(reverse("ledger:books")))
    give(seller, 3000)
    bill(seller, 1000)
    page = text(operator.get(reverse("ledger:books")))
    assert "Services and fees USD $10.00" in page
    assert "The books are in order" not in page
    checked = text(operator.get(reverse("ledger:books"), {"check": "1"}))
    assert "The books are in order 4 entries checked." in checked


def test_the_operator_pays_out_once_a_form(operator, seller) -> None:
    give(seller, 3000)
    content = operator.get(reverse("ledger:books")).content.decode()
    fields = dict(re.findall(r'name="(seller|currency|request_key)" value="([^"]+)"', content))
    for _ in range(2):
        assert operator.post(reverse("ledger:pay_out"), fields).status_code == 302
    assert (proceeds(seller), Posting.objects.filter(kind="payout").count()) == (0, 1)
    again = operator.post(reverse("ledger:pay_out"), {**fields, "request_key": "other"})
    assert again.status_code == 409
    assert "ledger_nothing_to_pay_out" in again.content.decode()


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.OPERATOR])
def test_only_the_operator_sees_the_books(seller, role) -> None:
    give(seller, 3000)
    client = Client()
    client.force_login(make_staff(role))
    assert client.get(reverse("ledger:books")).status_code == 404
    fields = {"seller": seller.number, "currency": "USD", "request_key": "k"}
    assert client.post(reverse("ledger:pay_out"), fields).status_code == 404
    client.force_login(owner_of(seller))
    assert client.post(reverse("ledger:pay_out"), fields).status_code == 404
    assert proceeds(seller) == 3000


def test_a_payout_of_nonsense_is_refused(operator, seller) -> None:
    give(seller, 3000)
    whole = {"seller": seller.number, "currency": "USD", "request_key": "k"}
    wrong = [{"seller": "A0"}, {"seller": "\0"}, {"currency": "nonsense"}, {"request_key": ""}, {"request_key": "\0"}]
    for fields in ({}, *({**whole, **one} for one in wrong)):
        assert operator.post(reverse("ledger:pay_out"), fields).status_code in (404, 409, 422), fields
    assert not Due.objects.exists()
    assert proceeds(seller) == 3000
    assert operations.payout(seller=seller, currency="USD", key="k")
