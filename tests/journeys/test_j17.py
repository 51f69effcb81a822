"""J17: free categories, units of several kinds in one parcel, and a changed reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from fondaco.engine import clock
from fondaco.orders.models import OrderUnit
from fondaco.orders.tests.factories import delivered_order
from fondaco.returns.operations import carrier, refund
from fondaco.returns.tests.factories import label_price, make_ware
from fondaco.sellers.demo import ensure_personas
from fondaco.sellers.tests.factories import make_caller
from tests.journeys.returning import ask_by_page, day, delivered, swift, words

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("PRIME-35", "PRIME-43", "PRIME-44", "PRIME-45", "Q-28", "Q-29", "Q-31"),
]
FREE = {
    "shoes": {"product_type": "shoes", "attributes": {"shoe_size": "42", "color": "white"}},
    "watch": {"product_type": "watch", "attributes": {"color": "white"}},
    "ring": {"product_type": "ring", "attributes": {"metal": "gold"}},
    "gem": {"product_type": "loose_gemstone", "attributes": {"gem_type": "sapphire", "carat": "1.2"}},
    "baby": {"product_type": "baby_care", "attributes": {"age_range": "from birth"}},
}


def test_j17_free_categories_and_a_changed_reason(signed_in_page: Any, check_axe: Any, shoot: Any) -> None:
    people = ensure_personas()
    clock.set_to(at=day("06-10"))
    buyer = signed_in_page(people["prime-buyer"])
    owner = make_caller(people["swift"])

    # 1. Buyer returns two shirts at $25.00, code 2 → refund shown $50.00, label $6.10 on the seller
    shirts = delivered(people["prime-buyer"], ("shirt", 25_00), at=day("06-05"), quantity=2)
    row = ask_by_page(buyer, shirts, "BETTER_PRICE", "BETTER_PRICE")
    assert "Still to come $50.00" in words(buyer)
    assert row.label_minor == 6_10
    carrier.record_delivered(return_id=row.pk, at=clock.now())
    done = [refund.refund_unit(owner, number=row.number, unit=n) for n in (1, 2)]
    assert sum(d.amount_minor for d in done) == 50_00
    assert sum(d.label_on_seller_minor for d in done) == 6_10

    # 2. Order of headphones $60.00 (code 2) and shirt $25.00 (code 2), one parcel, label $8.00 → refund $81.00, seller bears $4.00
    label_price(8_00)
    mixed = delivered(people["prime-buyer"], ("headphones", 60_00), ("shirt", 25_00), at=day("06-05"))
    row = ask_by_page(buyer, mixed, "BETTER_PRICE", "BETTER_PRICE")
    assert row.label_minor == 8_00
    assert "Still to come $81.00" in words(buyer)

    # 3. Before the first scan the buyer changes headphones to code 8 → expected refund $85.00; history shows both
    number = row.units.get(price_minor=60_00).number
    part = buyer.locator(f"#unit-{number}")
    part.get_by_text("Change the reason").click()
    part.get_by_label("Reason").select_option("DEFECTIVE")
    part.get_by_role("button", name="Save the reason").click()
    buyer.get_by_text("The reason is changed.").first.wait_for()
    assert "Still to come $85.00" in words(buyer)
    assert "changed from Better price available to Defective or does not work properly" in words(buyer)
    assert "Chosen before Better price available" in words(buyer)
    check_axe(buyer)
    shoot(buyer, "return-reason-changed", whole=True)
    part.get_by_text("Change the reason").click()
    part.get_by_label("Reason").select_option("BETTER_PRICE")
    part.get_by_role("button", name="Save the reason").click()
    buyer.get_by_text("$81.00").first.wait_for()
    assert "Still to come $81.00" in words(buyer)

    # 4. Carrier scans; buyer tries again → refused, contact CS
    part.get_by_text("Change the reason").click()
    part.get_by_label("Reason").select_option("DEFECTIVE")
    carrier.record_scan(return_id=row.pk, at=clock.now())
    part.get_by_role("button", name="Save the reason").click()
    buyer.get_by_text("Only customer service can change the return now").wait_for()
    assert "Contact customer service" in words(buyer)
    assert row.units.get(number=number).reason == "BETTER_PRICE"
    buyer.goto(reverse("returns:return", args=[row.number]))
    assert "only customer service can change the reason now" in words(buyer)
    assert buyer.get_by_text("Change the reason", exact=True).count() == 0
    carrier.record_delivered(return_id=row.pk, at=clock.now())
    done = [refund.refund_unit(owner, number=row.number, unit=n) for n in (1, 2)]
    assert sum(d.amount_minor for d in done) == 81_00
    assert sum(d.label_on_seller_minor for d in done) == 4_00

    # 5. All 18 codes appear once in the chooser; of them 7 warn that return shipping is deducted for a lamp, none for shoes,
    #    watches, jewelry, loose gemstones, baby products
    offers = [
        make_ware(swift(), "lamp"),
        *(make_ware(swift(), "lamp", title=kind, **fields) for kind, fields in FREE.items()),
    ]
    order = delivered_order(
        buyer=people["prime-buyer"], offers=offers, delivered_at=day("06-05"), item={"is_prime": True}
    )
    buyer.goto(reverse("returns:start", args=[order.number]))
    lamp, *free = OrderUnit.objects.filter(item__order=order).order_by("item__position")
    assert len(free) == 5
    for unit, warned in ((lamp, 7), *((each, 0) for each in free)):
        options = buyer.locator(f"[name=reason_{unit.pk.hex}] option:not([value=''])").all_inner_texts()
        assert len(set(options)) == len(options) == 18, unit.item.title
        assert sum("return shipping is deducted" in text for text in options) == warned, unit.item.title
    check_axe(buyer)
    shoot(buyer, "online-returns-center")
    assert buyer.troubles == []
