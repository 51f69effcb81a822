"""The pages of the ledger in a real browser."""

from __future__ import annotations

import os

import pytest
from django.urls import reverse

from fondaco.engine.testing import run_tasks
from fondaco.ledger import operations
from fondaco.ledger.tests.factories import bill, give, order, usd
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_card, make_seller, make_staff, owner_of
from tests.browser import PHONE, WIDE, overflow_px

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("viewport", "scheme"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide-light", "phone-dark"])
def test_pages_have_no_barriers_and_fit(signed_in_page, check_axe, viewport, scheme):
    seller, operator = make_seller(), make_staff(Role.OPERATOR)
    make_card(seller=seller, declines=True)
    give(seller, 300_000)
    operations.hold(seller=seller, amount=usd(5000), cause=order(), reason="refund", key="h")
    taken = bill(seller, 5000, cause=order("Imaging order 101-7"))
    operations.reverse(posting_id=taken.pk, why="damaged")
    bill(seller, 310_000, cause=order("Imaging order for a very long product name of a bamboo steamer"))
    run_tasks()
    give(seller, 70, cause=order("Late sale"))
    seller_pages = [reverse(f"ledger:{name}") for name in ("reports", "statement", "transactions")]
    pages = {owner_of(seller): seller_pages, operator: [reverse("ledger:books"), f"{reverse('ledger:books')}?check=1"]}
    for person, paths in pages.items():
        page = signed_in_page(person, viewport=viewport, color_scheme=scheme)
        for number, path in enumerate(paths):
            page.goto(path)
            if folder := os.environ.get("FONDACO_LOOK"):
                name = f"ledger-{person.name[:5]}-{number}-{viewport['width']}.png"
                page.screenshot(path=f"{folder}/{name}", full_page=True)
            check_axe(page)
            assert overflow_px(page) == 0, path


def test_a_statement_leads_to_its_lines_and_the_card_can_be_tried(signed_in_page):
    seller = make_seller()
    give(seller, 3000)
    bill(seller, 5000, cause=order("Imaging order 101-7"))
    run_tasks()
    make_card(seller=seller)
    page = signed_in_page(owner_of(seller))
    page.goto(reverse("ledger:reports"))
    page.get_by_role("link", name="Payments").click()
    page.get_by_role("link", name="Imaging services").click()
    assert "Imaging order 101-7" in page.inner_text("table")
    page.get_by_role("button", name="Try the card now").click()
    page.get_by_text("The card is being asked again.").first.wait_for()
    run_tasks()
    page.get_by_role("link", name="Transaction View").click()
    assert "Charged to the card on file (visa …4242)" in page.inner_text("table")
    assert not page.get_by_text("Unpaid balance", exact=True).is_visible()
