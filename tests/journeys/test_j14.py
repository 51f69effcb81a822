"""J14: delivery, price, badge and guarantee by buyer and address."""

from __future__ import annotations

from typing import Any

import pytest

from fondaco.catalogue.models import Offer
from fondaco.fulfilment.operations import templates
from fondaco.fulfilment.operations.templates import NewOption
from fondaco.fulfilment.tests.factories import FAST, TWO_DAY, prime_offer, prime_seller, with_options
from fondaco.orders.models import CartLine, Order
from tests.journeys.trading import add_to_cart, buyer, monday_morning, new_address, options, words

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("PRIME-05", "PRIME-06", "PRIME-07", "PRIME-08", "PRIME-09", "PRIME-10", "PRIME-11", "PRIME-12"),
    pytest.mark.spec("PRIME-13", "PRIME-14", "PRIME-15", "PRIME-25", "Q-35", "Q-55"),
]

FREE = "$0.00"


@pytest.fixture
def goods() -> dict[str, Offer]:
    """Swift Outfitters: everything fast; a lamp with two-day delivery; a book; a chair that takes five days."""
    monday_morning()
    swift = prime_seller()
    with_options(swift, *FAST)
    made = {
        "helmet": prime_offer(swift, title="Bicycle helmet", price_minor=7400),
        "lamp": prime_offer(swift, title="Table lamp", product_type="lamp", price_minor=8900),
        "book": prime_offer(swift, title="A novel", product_type="book", attributes={"author": "A"}, price_minor=2400),
        "chair": prime_offer(swift, title="Beech chair", price_minor=12900),
    }
    two = templates.save_template(swift, name="Two days", options=TWO_DAY)
    slow = templates.save_template(swift, name="Slow", options=(NewOption("standard", 5, 499),))
    templates.use_template(swift, offer_id=made["lamp"].pk, template_id=two.pk)
    templates.use_template(swift, offer_id=made["chair"].pk, template_id=slow.pk)
    return made


def empty(page: Any) -> None:
    CartLine.objects.all().delete()


def test_j14_delivery_price_badge_guarantee(
    goods: dict[str, Offer], signed_in_page: Any, shoot: Any, check_axe: Any
) -> None:
    member = signed_in_page(buyer("Mara Lindqvist", member=True))
    other = signed_in_page(buyer("Teo Ramirez", member=False))

    # 1. Member, street in Ohio: everything free, also same-day and one-day where offered; badge.
    asin = goods["helmet"].product.asin
    member.goto(f"/product/{asin}/")
    assert member.locator(".buy-box .prime-badge").count() == 1
    check_axe(member)
    shoot(member, "item", whole=True)
    add_to_cart(member, asin)
    check_axe(member)
    member.goto("/checkout/")
    assert options(member) == dict.fromkeys(
        ("Same-day delivery", "One-day delivery", "Two-day delivery", "Standard delivery", "Economy delivery"), FREE
    )
    check_axe(member)
    shoot(member, "ohio", whole=True)

    # 2. Anchorage, an Ohio PO box, Puerto Rico: standard (and slower) only, free.
    for street, city, region, code in (
        ("9 Spruce Court", "Anchorage", "AK", "99501"),
        ("PO Box 12", "Columbus", "OH", "43215"),
        ("Calle Fortaleza 100", "San Juan", "PR", "00901"),
    ):
        new_address(member, street=street, city=city, region=region, code=code)
        shown = options(member)
        assert shown["Standard delivery"] == FREE
        assert not {"Same-day delivery", "One-day delivery", "Two-day delivery"} & set(shown), city

    # 3. APO and Toronto: not eligible, cannot be chosen.
    for address in (
        {"street": "PSC 3 Box 1234", "city": "APO", "region": "AE", "code": "09012"},
        {"street": "1 Front St W", "city": "Toronto", "region": "ON", "code": "M5V 2T6", "country": "CA"},
    ):
        new_address(member, **address)
        assert options(member) == {}
        assert "cannot be sent to the address you chose" in words(member)
        assert member.get_by_role("button", name="Place your order").count() == 0
    shoot(member, "toronto", whole=True)

    # 4. Non-member in Ohio: standard free, two-day at the seller's rate.
    add_to_cart(other, goods["lamp"].product.asin)
    other.goto("/checkout/")
    assert options(other) == {"Two-day delivery": "$7.99", "Standard delivery": FREE}
    assert other.locator(".prime-badge").count() == 0
    other.get_by_role("radio", name="Two-day delivery").check()
    other.locator("#checkout-sums", has_text="$96.99").wait_for()
    shoot(other, "non-member", whole=True)

    # 5. A book and a lamp: the same rows of $0.00.
    empty(member)
    member.goto("/checkout/")
    new_address(member, street="212 Maple Street", city="Columbus", region="OH", code="43215")
    for key in ("book", "helmet"):
        add_to_cart(member, goods[key].product.asin)
    member.goto("/checkout/")
    assert options(member, 0) == options(member, 1)
    assert set(options(member, 0).values()) == {FREE}

    # 6. One-day: the guaranteed date on item and checkout; two-day only: no guarantee message.
    assert "Guaranteed delivery by March 1, 2022" in words(member)
    member.goto(f"/product/{asin}/")
    assert "Guaranteed delivery by" in words(member)
    empty(member)
    member.goto(f"/product/{goods['lamp'].product.asin}/")
    assert "Guaranteed" not in words(member)
    assert "Free delivery by March 3, 2022" in words(member)
    add_to_cart(member, goods["lamp"].product.asin)
    member.goto("/checkout/")
    assert "Guaranteed" not in words(member)

    # 7. Five days: no badge; the order still shows its promised date and free shipping.
    empty(member)
    member.goto(f"/product/{goods['chair'].product.asin}/")
    assert member.locator(".prime-badge").count() == 0
    add_to_cart(member, goods["chair"].product.asin)
    member.goto("/checkout/")
    assert options(member) == {"Standard delivery": FREE}
    member.get_by_role("button", name="Place your order").dblclick()
    member.wait_for_url("**/orders/*/")
    assert Order.objects.count() == 1
    shown = words(member)
    assert "promised by March 8, 2022" in shown
    assert "$129.00" in shown
    assert Order.objects.get().items.get().is_prime
    check_axe(member)
    shoot(member, "order", whole=True)
