"""What policy may change about returns, value by value: as shipped, and as an operator would publish it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fondaco import policy
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.kit.calendar import BusinessCalendar
from fondaco.policy.operations import publish
from fondaco.returns import refusals, tasks
from fondaco.returns.models import Return
from fondaco.returns.operations import carrier, refund, warehouse
from fondaco.returns.operations.warehouse import NewPhoto
from fondaco.returns.rules.reasons import UnknownReason
from fondaco.returns.rules.refund import DeductionTooHigh, Grade
from fondaco.returns.terms import calendar_of, terms_for
from fondaco.returns.tests.factories import arrived_order, ask, make_return, make_returning_seller, make_ware, units_of
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.tests.factories import make_caller, make_person

pytestmark = pytest.mark.django_db
JUNE_1 = datetime(2022, 6, 1, 18, 0, tzinfo=UTC)


@pytest.fixture
def shop() -> SellerAccount:
    clock.set_to(at=JUNE_1)
    return make_returning_seller()


def put(key: str, value: Any) -> None:
    publish(key=key, store="US", value=value, author=make_person("Grete Holm"))


def bought(shop: SellerAccount, *categories: str, kind: str = "lamp", **fields: Any) -> Any:
    return arrived_order(
        shop, offer=make_ware(shop, kind), delivered_at=clock.now(), item={"categories": list(categories)}, **fields
    )


@pytest.mark.spec("B-PRIME-14")
def test_windows_are_thirty_days_ninety_for_baby_products_and_whatever_is_published(shop: SellerAccount) -> None:
    def last_day(*categories: str) -> date:
        return ask(bought(shop, *categories), 8)[0].units.get().last_day

    assert last_day() == date(2022, 7, 1)
    assert last_day("baby") == date(2022, 8, 30)
    put("return.window_days", {"default": 30, "by_category": {"digital": 7, "some_brands": 15, "mattresses": 90}})
    clock.set_to(at=JUNE_1 + timedelta(minutes=1))
    assert [(last_day(c) - date(2022, 6, 1)).days for c in ("digital", "some_brands", "mattresses")] == [7, 15, 90]


@pytest.mark.spec("B-PRIME-14")
def test_kinds_that_cannot_be_returned_are_off_until_they_are_published(shop: SellerAccount) -> None:
    assert ask(bought(shop, "perishable"), 8)
    put("return.non_returnable", {"applies": True, "kinds": ["perishable"]})
    clock.set_to(at=JUNE_1 + timedelta(minutes=1))
    with pytest.raises(refusals.KindNotReturnable):
        ask(bought(shop, "perishable"), 8)
    assert ask(bought(shop), 8)


@pytest.mark.spec("B-PRIME-15")
@pytest.mark.parametrize("basis", ["ordered", "shipped", "delivered"])
def test_a_holiday_extension_lengthens_the_window_of_its_days_and_categories(shop: SellerAccount, basis: str) -> None:
    row = {"from": "2022-11-01", "to": "2022-12-31", "until": "2023-01-31", "basis": basis, "categories": ["toys"]}
    put("return.holiday_extensions", [row])
    clock.set_to(at=datetime(2022, 11, 10, 18, 0, tzinfo=UTC))
    toy, other = bought(shop, "toys"), bought(shop, "tools")
    assert ask(toy, 8)[0].units.get().last_day == date(2023, 1, 31)
    assert ask(other, 8)[0].units.get().last_day == date(2022, 12, 10)
    clock.set_to(at=datetime(2023, 1, 2, 18, 0, tzinfo=UTC))
    assert ask(bought(shop, "toys"), 8)[0].units.get().last_day == date(2023, 2, 1)  # its days are over


@pytest.mark.spec("B-PRIME-13")
def test_another_store_charges_other_reasons_to_the_seller() -> None:
    at = clock.now()
    there = terms_for("JP", placed_at=at, requested_at=at).refund.buyer_paid
    here = terms_for("US", placed_at=at, requested_at=at).refund.buyer_paid
    assert here - there == {"QUALITY", "NOT_COMPATIBLE"}
    assert (len(here), len(there)) == (7, 5)


@pytest.mark.spec("B-PRIME-13")
def test_a_table_of_22_reasons_is_chosen_from_and_paid_by(shop: SellerAccount) -> None:
    table = [dict(row) for row in policy.value("return.reason_codes", "JP", at=clock.now()).value]
    more = (
        ("GIFT_NOT_WANTED", "buyer"),
        ("SIZE_TOO_LARGE", "buyer"),
        ("LABEL_MISSING", "seller"),
        ("EXPIRED", "seller"),
    )
    for number, (key, payer) in enumerate(more, start=19):
        table.append({"number": number, "key": key, "label": f"Reason {number}", "payer": payer, "at_fault": False})
    put("return.reason_codes", table)
    clock.set_to(at=clock.now() + timedelta(minutes=1))
    assert len(terms_for("US", placed_at=clock.now(), requested_at=clock.now()).reasons) == 22
    order = bought(shop)
    (unit,) = units_of(order)
    client = Client()
    client.force_login(order.buyer)
    page = client.get(reverse("returns:start", args=[order.number])).content.decode()
    assert "Reason 22" in page
    assert "Reason 20 (return shipping is deducted)" in page
    asked = ask(order, 20)[0].units.get()
    assert (asked.reason, asked.payer) == ("SIZE_TOO_LARGE", "buyer")
    other = ask(bought(shop), "EXPIRED")[0].units.get()
    assert (other.reason, other.payer) == ("EXPIRED", "seller")
    shown = client.get(reverse("returns:return", args=[asked.parcel.number])).content.decode()
    assert "Reason 20" in shown
    with pytest.raises(UnknownReason):
        ask(bought(shop), 23)
    assert unit.pk == asked.unit_id


@pytest.mark.spec("B-PRIME-17")
def test_the_public_restocking_table_can_be_published_and_the_requirements_stand_until_then(
    shop: SellerAccount,
) -> None:
    from fondaco.returns.tests.test_operations import jpeg

    def late_return() -> Return:
        clock.set_to(at=began + timedelta(days=30))
        row = make_return(order, 10)
        carrier.record_delivered(return_id=row.pk, at=began + timedelta(days=60))
        clock.set_to(at=began + timedelta(days=60))
        return row

    began = clock.now()
    order = bought(shop)
    row = late_return()
    seller = make_caller(seller=shop)
    warehouse.grade(seller, number=row.number, unit=1, found=Grade.ORIGINAL, photos=[NewPhoto(jpeg(), "a.jpg")])
    with pytest.raises(DeductionTooHigh):
        refund.refund_unit(seller, number=row.number, unit=1, deduct_pct=100)
    put("refund.late_max_pct", 100)  # the newer buyer page: everything, after the first thirty days
    began = clock.now() + timedelta(minutes=1)
    clock.set_to(at=began)
    order = bought(shop)
    row = late_return()
    warehouse.grade(seller, number=row.number, unit=1, found=Grade.ORIGINAL, photos=[NewPhoto(jpeg(), "a.jpg")])
    assert refund.refund_unit(seller, number=row.number, unit=1, deduct_pct=100).amount_minor == 0


@pytest.mark.spec("B-PRIME-19")
def test_kinds_without_a_prepaid_label_are_off_until_they_are_published(shop: SellerAccount) -> None:
    def label_state() -> str:
        return ask(bought(shop, "handmade"), 8)[0].label_state

    assert label_state() == "wanted"
    put("return.prepaid_exempt", {"applies": True, "kinds": ["handmade"]})
    clock.set_to(at=JUNE_1 + timedelta(minutes=1))
    assert label_state() == "none"
    assert ask(bought(shop), 8)[0].label_state == "wanted"


@pytest.mark.spec("B-PRIME-20", "PRIME-45")
def test_handbags_are_free_only_where_an_operator_says_so(shop: SellerAccount) -> None:
    assert ask(bought(shop, "handbags"), 10)[0].units.get().payer == "buyer"
    free = policy.value("return.free_categories", "US", at=clock.now()).value
    assert set(free) == {"apparel", "jewelry", "loose_gemstones", "shoes", "watches", "baby"}
    put("return.free_categories", [*free, "handbags"])
    clock.set_to(at=JUNE_1 + timedelta(minutes=1))
    assert ask(bought(shop, "handbags"), 10)[0].units.get().payer == "seller"


@pytest.mark.spec("B-PRIME-27", "Q-21")
def test_holidays_are_no_business_days_and_an_override_for_shipping_moves_no_refund(shop: SellerAccount) -> None:
    us = calendar_of("US", at=clock.now()).days
    assert us == BusinessCalendar(country="US")
    assert us.add(date(2022, 7, 1), 2) == date(2022, 7, 6)  # Friday; Monday the fourth is a holiday
    assert us.add(date(2022, 7, 4), 0) == date(2022, 7, 5)  # due on a holiday: the next business day
    row = make_return(bought(shop), 10)
    carrier.record_delivered(return_id=row.pk, at=datetime(2022, 7, 1, 15, 0, tzinfo=UTC))
    assert row.units.get().due_at == datetime(2022, 7, 7, 4, 59, 59, tzinfo=UTC)  # the end of the sixth in Chicago


@pytest.mark.spec("Q-21", "B-PRIME-27")
def test_extra_days_off_and_open_holidays_of_an_operator_count(shop: SellerAccount) -> None:
    from fondaco.fulfilment.queries.sides import holidays_around
    from fondaco.service.terms import Terms

    shipped = policy.value("calendar.business", "US", at=clock.now()).value
    put("calendar.business", {**shipped, "closed": ["2022-07-05"], "open": ["2022-07-04"]})
    at = clock.now() + timedelta(minutes=1)
    assert calendar_of("US", at=at).days.add(date(2022, 7, 1), 2) == date(2022, 7, 6)  # Monday counts, Tuesday does not
    assert Terms("US", at=at).calendar().add(date(2022, 7, 1), 1) == date(2022, 7, 4)
    off = holidays_around("US", at=at)
    assert date(2022, 7, 5) in off
    assert date(2022, 7, 4) not in off


@pytest.mark.spec("Q-33", "PRIME-46")
def test_a_parcel_with_one_dangerous_thing_is_stopped_whole_and_the_rest_is_asked_for_anew(shop: SellerAccount) -> None:
    lamp, torch = make_ware(shop), make_ware(shop, "headphones")
    order = arrived_order(shop, offers=[lamp, torch])
    row = make_return(order, 10, 10)
    dangerous = row.units.select_related("unit__item__product").get(number=2).unit.item.product
    dangerous.hazmat_class = "potential"
    dangerous.save()
    for _ in range(2):
        tasks.returns_due()
        run_tasks()
    row.refresh_from_db()
    assert (row.acceptance, row.label_state) == ("blocked", "voided")
    assert set(row.units.values_list("is_live", flat=True)) == {False}
    harmless, hazard = units_of(order)
    with pytest.raises(refusals.NotReturnable):
        ask(order, 10, 10)  # the two together: nothing is written for either
    assert Return.objects.filter(order=order).count() == 1
    with pytest.raises(refusals.NotReturnable):
        ask(order, 10, units=[hazard])
    (again,) = ask(order, 10, units=[harmless])
    assert again.acceptance == "authorised"


@pytest.mark.spec("Q-33")
def test_what_the_carrier_has_goes_on_though_one_thing_in_it_became_dangerous(shop: SellerAccount) -> None:
    order = arrived_order(shop, offers=[make_ware(shop), make_ware(shop, "headphones")])
    row = make_return(order, 10, 10)
    carrier.record_scan(return_id=row.pk, at=clock.now())
    product = row.units.select_related("unit__item__product").get(number=2).unit.item.product
    product.hazmat_class = "hazmat"
    product.save()
    tasks.returns_due()
    run_tasks()
    carrier.record_delivered(return_id=row.pk, at=clock.now())
    row.refresh_from_db()
    assert (row.acceptance, row.label_state) == ("authorised", "bought")
    seller = make_caller(seller=shop)
    for number in (1, 2):
        refund.refund_unit(seller, number=row.number, unit=number)
    assert row.refunds.count() == 2
