"""J19: hazmat: blocked, refunded by customer service, disputed, cleared, returned."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from fondaco.cases.models import Case
from fondaco.cases.prefill import contact_url
from fondaco.cases.rules import CaseType
from fondaco.engine import clock
from fondaco.kit.calendar import local_date, zone
from fondaco.ledger.tests.factories import assert_books_in_order, proceeds
from fondaco.sellers.demo import ensure_personas
from tests.journeys.returning import ask_by_page, day, delivered, swift, words

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("PRIME-46", "PRIME-47", "PRIME-48", "PRIME-49", "PRIME-50", "Q-33", "Q-34", "B-PRIME-26"),
]


def test_j19_hazmat(signed_in_page: Any, check_axe: Any, shoot: Any, tmp_path: Path) -> None:
    people = ensure_personas()
    clock.set_to(at=day("06-29"))
    order = delivered(
        people["prime-buyer"],
        ("lamp", 24_00),
        at=day("06-01"),
        hazmat_class="potential",
        title="Oil lamp",
        brand="Swift",
    )
    asin = order.items.get().asin
    buyer, seller = signed_in_page(people["prime-buyer"]), signed_in_page(people["swift"])
    service, support = signed_in_page(people["service"]), signed_in_page(people["support"])

    # 1. Member opens the Online Returns Center for an item classed "potential hazmat" → blocked, with the way to call CS
    buyer.goto(reverse("orders:order", args=[order.number]))
    buyer.get_by_role("link", name="Return items").first.click()
    assert "This item cannot be returned" in words(buyer)
    assert buyer.locator("[name^=take_]").count() == 0
    assert order.number in buyer.get_by_role("link", name="Call customer service").get_attribute("href")
    check_axe(buyer)
    shoot(buyer, "return-blocked")

    # 2. CS refunds $18.00 at discretion, charged to the seller → seller sees amount, reason, author
    before = proceeds(swift())
    service.goto(reverse("service:order", args=[order.number]))
    service.locator("[name=refund-kind]").select_option("non_returnable")
    service.locator("[name=refund-units]").first.check()
    service.locator("[name=refund-amount]").fill("18.00")
    service.locator("[name=refund-why]").fill("The wick burned through on the first evening.")
    check_axe(service)
    service.locator("form[action$='/refund/'] button[type=submit]").first.click()
    service.get_by_text("$18.00 goes back to the buyer").first.wait_for()
    shoot(service, "refund-without-return", whole=True)
    assert before - proceeds(swift()) == 18_00
    seller.goto(reverse("service:seller_claims"))
    shown = words(seller)
    assert "$18.00" in shown
    assert "The wick burned through on the first evening." in shown
    assert people["service"].name in shown

    # 3. Seller opens a misclassification case with a safety data sheet
    seller.goto(contact_url(CaseType.HAZMAT_DISPUTE, {"asin": asin}))
    seller.get_by_label("Why the class is wrong").fill("It is sold without oil.")
    sheet = tmp_path / "sds.pdf"
    sheet.write_bytes(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF")
    seller.set_input_files("input[name=document]", sheet)
    seller.get_by_label("Kind of document").select_option("safety_data_sheet")
    seller.get_by_label("Product name on the document").fill("Oil lamp")
    seller.get_by_label("Brand or maker on the document").fill("Swift")
    seller.get_by_label("Date on the document").fill("2016-01-31")
    seller.get_by_role("button", name="Open the case").click()
    seller.get_by_text("This document is too old").first.wait_for()
    assert not Case.objects.exists()
    seller.set_input_files("input[name=document]", sheet)
    seller.get_by_label("Date on the document").fill("2020-01-31")
    seller.get_by_role("button", name="Open the case").click()
    seller.wait_for_url("**/seller/cases/*/")
    case = Case.objects.get()

    # 4. Support clears the class → item returnable; window ends at least 15 days after the decision
    clock.set_to(at=day("07-05"))  # the window has ended meanwhile
    support.goto(reverse("cases:desk_case", args=[case.number]))
    assert "Hazard class" in words(support)
    support.get_by_label("Sections that you counted").fill("16")
    support.get_by_label("Your reason, which the seller reads").fill("No oil, no hazard.")
    check_axe(support)
    shoot(support, "hazmat-dispute", whole=True)
    support.get_by_role("button", name="Clear the class").click()
    support.get_by_text("The class is cleared.").first.wait_for()
    order.items.get().product.refresh_from_db()
    assert order.items.get().product.hazmat_class == "none"
    buyer.goto(reverse("returns:start", args=[order.number]))
    assert "can be returned until July 20, 2022" in words(buyer)

    # 5. Buyer requests again → authorised with label
    clock.set_to(at=day("07-18"))
    row = ask_by_page(buyer, order, "NO_LONGER_NEEDED")
    assert row.acceptance == "authorised"
    assert row.label_state == "bought"
    ends = row.units.get().last_day
    assert ends >= local_date(day("07-05"), zone(row.zone)) + timedelta(days=15)
    assert "Print the prepaid label" in words(buyer)
    assert_books_in_order()
    assert buyer.troubles == seller.troubles == service.troubles == support.troubles == []
