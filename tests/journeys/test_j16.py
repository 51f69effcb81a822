"""J16: a buyer-paid return, and the clock of two business days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.ledger.tests.factories import assert_books_in_order
from fondaco.orders.models import PayBack
from fondaco.returns import tasks
from fondaco.returns.models import Refund
from fondaco.returns.operations import carrier
from fondaco.returns.tests.factories import make_return
from fondaco.sellers.demo import ensure_personas
from tests.journeys.returning import (
    ask_by_page,
    day,
    delivered,
    grade,
    open_refund,
    publish,
    receive,
    refund,
    swift,
    words,
)

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("PRIME-30", "PRIME-31", "PRIME-33", "PRIME-34", "PRIME-35", "PRIME-36", "PRIME-37"),
    pytest.mark.spec("PRIME-43", "PRIME-44", "Q-21", "Q-22", "Q-52"),
]
ARRIVES = datetime(2022, 11, 23, 18, 0, tzinfo=UTC)  # Wednesday; the 24th is a holiday
DUE = datetime(2022, 11, 29, 4, 59, 59, tzinfo=UTC)  # the end of Monday 28 November in Ohio


def test_j16_buyer_paid_return_and_the_two_business_days(signed_in_page: Any, check_axe: Any, shoot: Any) -> None:
    people = ensure_personas()
    clock.set_to(at=day("11-17"))
    order = delivered(people["prime-buyer"], ("lamp", 40_00), at=day("11-05"))
    twin_order = delivered(people["prime-buyer"], ("lamp", 40_00), at=day("11-05"))
    buyer, seller = signed_in_page(people["prime-buyer"]), signed_in_page(people["swift"])
    warehouse = signed_in_page(people["warehouse"])

    # 1. Member, day 12 after delivery: Your Orders → return → reason 10 → authorised at once, prepaid label to the
    #    seller's Account info address, expected refund stated
    row = ask_by_page(buyer, order, "NO_LONGER_NEEDED")
    shown = words(buyer)
    assert "Authorised" in shown
    assert "$32.75" in shown
    assert swift().return_address.street in shown
    assert row.label_minor == 7_25
    with buyer.expect_response("**/label.pdf") as got:
        buyer.evaluate(f"fetch('{reverse('returns:label', args=[row.number])}')")
    assert got.value.headers["content-type"] == "application/pdf"
    check_axe(buyer)
    shoot(buyer, "return-authorised", whole=True)

    # 2. Seller sees it without having acted
    seller.goto(reverse("returns:seller_list"))
    seller.get_by_role("link", name=row.number).click()
    assert "Authorised automatically" in words(seller)
    check_axe(seller)

    # 3. Item $40.00, label $7.25, arrives Wednesday 23 November 2022 (24th is a holiday) → due end of Monday 28 November
    twin = make_return(twin_order, 10)
    carrier.record_delivered(return_id=twin.pk, at=ARRIVES)
    receive(warehouse, row, at=ARRIVES)
    assert row.units.get().due_at == DUE
    warehouse.goto(reverse("returns:arrivals"))
    assert row.number in words(warehouse)
    check_axe(warehouse)
    warehouse.goto(f"{reverse('returns:calendar')}?month=2022-11")
    listed = warehouse.locator(".due-list li", has=warehouse.locator("time[datetime='2022-11-28']"))
    assert row.number in " ".join(listed.all_inner_texts())
    shoot(warehouse, "return-calendar")
    warehouse.get_by_text("Day by day").click()
    cell = warehouse.locator("td", has=warehouse.locator("time[datetime='2022-11-28']"))
    assert row.number in cell.inner_text()
    assert "Thanksgiving" in warehouse.locator("td", has=warehouse.locator("time[datetime='2022-11-24']")).inner_text()
    check_axe(warehouse)

    # 4. Operator publishes a policy with 1 business day from today → this return keeps its due date; a new order gets the new rule
    operator = signed_in_page(people["operator"])
    publish(operator, "refund.sla_business_days", "1")
    carrier.record_delivered(return_id=row.pk, at=ARRIVES)  # told again
    assert row.units.get().due_at == DUE
    fresh = make_return(delivered(people["prime-buyer"], ("lamp", 40_00), at=clock.now()), 10)
    carrier.record_delivered(return_id=fresh.pk, at=clock.now())
    assert fresh.units.get().due_at == datetime(2022, 11, 26, 4, 59, 59, tzinfo=UTC)  # the end of Friday
    assert fresh.units.get().due_basis["policy_version"] == "refund.sla_business_days@US#1"

    # 5. Warehouse associate grades "original condition" → refund form allows only the label deduction
    grade(warehouse, row, "Original condition")
    open_refund(warehouse, row)
    assert "Nothing can be kept here apart from return shipping" in words(warehouse)
    assert warehouse.locator("input[name=deduct_pct][type=number]").count() == 0
    check_axe(warehouse)
    shoot(warehouse, "refund-preview", whole=True)

    # 6. Refund → buyer gets $32.75; ledger shows it
    refund(warehouse)
    assert PayBack.objects.get(order=order).amount_minor == 32_75
    seller.goto(reverse("ledger:transactions"))
    assert "32.75" in words(seller)
    assert row.number in words(seller)
    buyer.reload()
    assert "Refunded $32.75" in words(buyer)

    # 7. A twin return left untouched → at the due time refunded automatically, charged to the seller, breach recorded
    clock.set_to(at=DUE - timedelta(minutes=5))
    tasks.returns_due()
    run_tasks()
    assert not Refund.objects.filter(parcel=twin).exists()
    clock.set_to(at=DUE + timedelta(seconds=2))
    tasks.returns_due()
    run_tasks()
    done = Refund.objects.get(parcel=twin)
    assert (done.amount_minor, done.refunded_by, done.is_breach) == (32_75, "due_time", True)
    seller.goto(reverse("returns:seller_return", args=[twin.number]))
    assert "Too late" in words(seller)
    assert "charged the seller" in words(seller)
    assert_books_in_order()
    assert buyer.troubles == seller.troubles == warehouse.troubles == []
