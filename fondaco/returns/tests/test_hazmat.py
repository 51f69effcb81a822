"""The dispute about a hazard class: which documents do, who decides until when, and what a cleared class opens."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from fondaco.cases import operations as cases
from fondaco.cases.models import Case
from fondaco.cases.operations import CaseIncomplete
from fondaco.cases.rules import CaseType, Document
from fondaco.engine import clock
from fondaco.kit.errors import Denied
from fondaco.ledger.tests.factories import assert_books_in_order
from fondaco.orders.models import Order
from fondaco.returns import refusals
from fondaco.returns.models import HazmatClearing
from fondaco.returns.operations import hazmat
from fondaco.returns.rules.hazmat import Sheet, SheetRule, check_sheet
from fondaco.returns.tests.factories import arrived_order, ask, make_returning_seller, make_ware
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller

MONDAY = datetime(2022, 6, 6, 15, 0, tzinfo=UTC)
SDS = SheetRule("safety_data_sheet", max_age_years=5, sections=16, names_must_match=True)
EXEMPTION = SheetRule("exemption_sheet", names_must_match=True)
GOOD = {
    "code": "safety_data_sheet",
    "issued_on": date(2020, 1, 31),
    "product": "Oil lamp",
    "brand": "Swift",
    "sections": 16,
}


@pytest.mark.spec("B-PRIME-26")
@pytest.mark.parametrize(
    ("change", "unmet"),
    [
        ({}, []),
        ({"sections": 15}, ["sections"]),
        ({"issued_on": date(2017, 6, 6)}, []),  # five years to the day
        ({"issued_on": date(2017, 6, 5)}, ["age"]),
        ({"issued_on": date(2022, 6, 7)}, ["age"]),  # still to come
        ({"issued_on": None}, ["age"]),
        ({"product": "SWIFT oil LAMP, small"}, []),
        ({"product": "Candle"}, ["product"]),
        ({"brand": "Somebody else"}, ["brand"]),
        ({"code": "exemption_sheet", "issued_on": None, "sections": None}, []),
        ({"code": "exemption_sheet", "product": "Candle"}, ["product"]),
        ({"code": "letter"}, ["kind"]),
    ],
)
def test_a_document_meets_every_point_of_its_kind(change: dict, unmet: list[str]) -> None:
    points = check_sheet(
        Sheet(**{**GOOD, **change}), title="Oil lamp", brand="Swift", rules=[SDS, EXEMPTION], today=date(2022, 6, 6)
    )
    assert [p.code for p in points if p.met is False] == unmet


def _store() -> tuple[SellerAccount, Order]:
    clock.set_to(at=MONDAY)
    shop = make_returning_seller()
    ware = make_ware(shop, title="Oil lamp", brand="Swift", hazmat_class="potential")
    return shop, arrived_order(shop, offer=ware, delivered_at=MONDAY - timedelta(days=5))


def _dispute(shop: SellerAccount, order: Order, **changed: object) -> Case:
    contents = {
        "asin": order.items.get().asin,
        "grounds": "It is sold without oil.",
        "document": Document("sds.pdf", "a" * 64, "pdf", 1200),
        "document_kind": "safety_data_sheet",
        "document_date": "2020-01-31",
        "document_product": "Oil lamp",
        "document_brand": "Swift",
        **changed,
    }
    return cases.open_case(make_caller(seller=shop), case_type=CaseType.HAZMAT_DISPUTE, contents=contents)


@pytest.mark.django_db
@pytest.mark.spec("PRIME-46", "PRIME-47", "PRIME-50", "Q-33", "B-PRIME-26")
def test_a_cleared_class_opens_the_window_until_fifteen_days_after_the_decision() -> None:
    shop, order = _store()
    with pytest.raises(refusals.NotReturnable):
        ask(order, 10)
    case = _dispute(shop, order)
    dispute = hazmat.dispute_of(case)
    assert dispute.review_by.date() == date(2022, 6, 9)  # the end of Wednesday in the store's zone, in UTC
    assert dispute.supply_by.date() == date(2022, 6, 28)  # fourteen business days; Juneteenth is none
    decided = datetime(2022, 8, 1, 15, 0, tzinfo=UTC)
    clock.set_to(at=decided)  # long after the window
    support = make_caller(role=Role.SUPPORT)
    first = hazmat.clear_class(support, case_number=case.number, note="No oil, no hazard.", sections=16)
    again = hazmat.clear_class(support, case_number=case.number, note="No oil, no hazard.", sections=16)
    assert first == again
    assert HazmatClearing.objects.count() == 1
    case.refresh_from_db()
    assert case.outcome == "solved"
    product = order.items.get().product
    assert (product.hazmat_class, first.was_class) == ("none", "potential")
    clock.set_to(at=datetime(2022, 8, 16, 15, 0, tzinfo=UTC))
    (row,) = ask(order, 10)
    assert row.acceptance == "authorised"
    assert row.units.get().last_day == date(2022, 8, 16)
    assert_books_in_order()


@pytest.mark.django_db
@pytest.mark.spec("B-PRIME-26")
def test_a_document_that_is_not_enough_clears_nothing_unless_support_says_why() -> None:
    shop, order = _store()
    case = _dispute(shop, order, document_product="Candle")
    support = make_caller(role=Role.SUPPORT)
    with pytest.raises(hazmat.SheetNotGood) as no:
        hazmat.clear_class(support, case_number=case.number, note="Fine.", sections=12)
    assert (no.value.CODE, no.value.CLAUSE) == ("hazmat_document_not_enough", "B-PRIME-26")
    assert {"sections", "product"} == set(no.value.facts["points"].split(", "))
    with pytest.raises(refusals.WhyNeeded):
        hazmat.clear_class(support, case_number=case.number, note=" ", all_the_same=True)
    assert order.items.get().product.hazmat_class == "potential"
    hazmat.clear_class(support, case_number=case.number, note="Seen the lamp.", sections=12, all_the_same=True)
    assert order.items.get().product.hazmat_class == "none"


@pytest.mark.django_db
@pytest.mark.spec("PRIME-50", "Q-33")
def test_support_may_keep_the_class_and_others_may_not_decide() -> None:
    shop, order = _store()
    case = _dispute(shop, order)
    for caller in (make_caller(seller=shop), make_caller(role=Role.CUSTOMER_SERVICE)):
        with pytest.raises(Denied):
            hazmat.clear_class(caller, case_number=case.number, note="Mine.", sections=16)
    hazmat.keep_class(make_caller(role=Role.SUPPORT), case_number=case.number, note="Oil comes with it.")
    case.refresh_from_db()
    assert case.outcome == "declined"
    assert order.items.get().product.hazmat_class == "potential"
    with pytest.raises(refusals.NotReturnable):
        ask(order, 10)


@pytest.mark.django_db
@pytest.mark.spec("B-PRIME-26")
@pytest.mark.parametrize(
    "changed",
    [{"document_date": "2016-01-31"}, {"document_kind": "letter"}, {"document_brand": ""}, {"document_date": ""}],
)
def test_a_case_with_a_document_that_cannot_do_is_not_opened(changed: dict) -> None:
    shop, order = _store()
    with pytest.raises(CaseIncomplete):
        _dispute(shop, order, **changed)
    assert not Case.objects.exists()
