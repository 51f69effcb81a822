"""J18: late, used, opened software, and an exception that counts as in time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from fondaco.engine import clock
from fondaco.orders.models import Order
from fondaco.returns.models import Refund, Return
from fondaco.returns.tests.factories import label_price
from fondaco.sellers.demo import ensure_personas
from tests.journeys.returning import (
    ask_by_page,
    choose,
    day,
    delivered,
    grade,
    open_refund,
    photograph,
    receive,
    refund,
    words,
)

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("PRIME-32", "PRIME-38", "PRIME-39", "PRIME-40", "PRIME-42", "Q-23", "Q-24", "Q-25", "Q-26"),
]


def keep(page: Any, pct: int) -> None:
    """Type a percentage and look at the amount."""
    page.locator("input[name=deduct_pct]").fill(str(pct))
    page.get_by_role("button", name="Show the amount").click()
    page.wait_for_load_state()


def amount_of(row: Return) -> int:
    return Refund.objects.get(parcel=row).amount_minor


def test_j18_late_used_opened_and_accepted(signed_in_page: Any, check_axe: Any, shoot: Any, tmp_path: Path) -> None:
    people = ensure_personas()
    buyer, warehouse = signed_in_page(people["prime-buyer"]), signed_in_page(people["warehouse"])
    photo = photograph(tmp_path)
    # Delivered 1 June 2022, window ends 1 July; item $100.00, code 10, label $0.00
    clock.set_to(at=day("06-30"))
    label_price(0)

    def ordered(kind: str = "lamp") -> Order:
        return delivered(people["prime-buyer"], (kind, 100_00), at=day("06-01"))

    orders = [ordered(), ordered(), ordered(), ordered(), ordered("software"), ordered(), ordered()]
    in_time, late, used, both, software = (ask_by_page(buyer, o, "NO_LONGER_NEEDED") for o in orders[:5])
    fault = ask_by_page(buyer, orders[6], "DEFECTIVE")
    assert in_time.units.get().last_day.isoformat() == "2022-07-01"

    # 3. In window but clearly used → up to 50 %, photo and grade needed from 20 %; refund $50.00 at 50 %
    clock.set_to(at=day("06-30", 18))
    receive(warehouse, used, at=day("06-30", 18))
    grade(warehouse, used, "Obviously used")
    open_refund(warehouse, used)
    assert "Up to 50 % is allowed here." in words(warehouse)
    keep(warehouse, 20)
    assert "needs a photo and a grade" in words(warehouse)
    keep(warehouse, 19)
    assert "Refund $81.00" in words(warehouse)
    grade(warehouse, used, "Obviously used", photo=photo)
    open_refund(warehouse, used)
    keep(warehouse, 50)
    assert "Refund $50.00" in words(warehouse)
    check_axe(warehouse)
    shoot(warehouse, "refund-used", whole=True)
    refund(warehouse)
    assert amount_of(used) == 50_00

    # 5. Opened software → up to 100 %; refund $0.00
    receive(warehouse, software, at=day("06-30", 19))
    grade(warehouse, software, "Opened", photo=photo)
    open_refund(warehouse, software)
    assert "Up to 100 % is allowed here." in words(warehouse)
    keep(warehouse, 100)
    refund(warehouse)
    assert amount_of(software) == 0

    # 7. Used item, code 8 → no condition deduction; seller is led to dispute
    receive(warehouse, fault, at=day("06-30", 20))
    grade(warehouse, fault, "Obviously used", photo=photo)
    open_refund(warehouse, fault)
    assert "Nothing can be kept here" in words(warehouse)
    assert warehouse.locator("input[name=deduct_pct][type=number]").count() == 0
    assert warehouse.get_by_role("link", name="Dispute this return").is_visible()
    check_axe(warehouse)
    refund(warehouse)
    assert amount_of(fault) == 100_00

    # 6. Buyer requests on 10 July → out of window; CS accepts; received 25 July → treated as in window, no late fee offered
    clock.set_to(at=day("07-10"))
    buyer.goto(reverse("returns:start", args=[orders[5].number]))
    assert "customer service decides" in words(buyer)
    choose(buyer, orders[5], "NO_LONGER_NEEDED")
    buyer.get_by_role("button", name="See what you get back").click()
    buyer.get_by_role("button", name="Ask for the return").click()
    buyer.wait_for_url(lambda url: "/returns/R" in url)
    assert "Waits for customer service" in words(buyer)
    accepted = Return.objects.get(order=orders[5])
    service = signed_in_page(people["service"])
    service.goto(reverse("returns:desk"))
    service.get_by_role("link", name=accepted.number).click()
    service.get_by_label("Why").fill("A loyal customer who was abroad.")
    service.get_by_role("button", name="Accept the return").click()
    service.get_by_text("The return is authorised.").first.wait_for()
    check_axe(service)
    shoot(service, "return-exception", whole=True)

    # 1. Requested 30 June, received 16 July → form offers no late fee; refund $100.00
    receive(warehouse, in_time, at=day("07-16"))
    open_refund(warehouse, in_time)
    assert "Nothing can be kept here" in words(warehouse)
    refund(warehouse)
    assert amount_of(in_time) == 100_00

    # 2. Same, received 17 July → late fee up to 20 %; 21 % refused; at 20 % refund $80.00
    receive(warehouse, late, at=day("07-17"))
    grade(warehouse, late, "Original condition", photo=photo)
    open_refund(warehouse, late)
    assert "Up to 20 % is allowed here." in words(warehouse)
    keep(warehouse, 21)
    assert "A deduction of 21 % is not allowed here; the highest is 20 %." in words(warehouse)
    assert not Refund.objects.filter(parcel=late).exists()
    keep(warehouse, 20)
    refund(warehouse)
    assert amount_of(late) == 80_00

    # 4. Late and used → at most 50 % in all
    receive(warehouse, both, at=day("07-17", 19))
    grade(warehouse, both, "Obviously used", photo=photo)
    open_refund(warehouse, both)
    assert "Up to 50 % is allowed here." in words(warehouse)
    keep(warehouse, 51)
    assert "the highest is 50 %" in words(warehouse)
    keep(warehouse, 50)
    refund(warehouse)
    assert amount_of(both) == 50_00

    # 6., continued
    accepted.refresh_from_db()
    receive(warehouse, accepted, at=day("07-25"))
    open_refund(warehouse, accepted)
    assert "Accepted by customer service: as if in time" in words(warehouse)
    assert "Nothing can be kept here" in words(warehouse)
    refund(warehouse)
    assert amount_of(accepted) == 100_00
    assert buyer.troubles == warehouse.troubles == service.troubles == []
