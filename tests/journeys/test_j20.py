"""J20: customer service decides what went wrong on the way; the operator sanctions, and takes it back."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from fondaco.catalogue.models import Offer
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.fulfilment.models import PrimeItem, Sanction
from fondaco.fulfilment.tests.factories import FAST, prime_offer, prime_seller
from fondaco.ledger.models import Posting
from fondaco.ledger.tests.factories import assert_books_in_order, owed, proceeds
from fondaco.messaging.models import Conversation
from fondaco.orders.models import Order
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_staff
from fondaco.service.models import Reimbursement, Remedy
from tests.journeys.returning import ask_by_page
from tests.journeys.trading import buy_by_page, buyer, carrier_by_page, label_by_page, words

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("PRIME-02", "PRIME-03", "PRIME-21", "PRIME-22", "PRIME-23", "PRIME-24", "PRIME-26", "PRIME-41",
                     "Q-34", "Q-42", "Q-53"),
]  # fmt: skip
TUESDAY, MONDAY = datetime(2022, 6, 7, 15, 0, tzinfo=UTC), datetime(2022, 6, 13, 15, 0, tzinfo=UTC)


def net(account: SellerAccount) -> int:
    """What the marketplace owes the seller less what the seller owes: a charge may be more than the proceeds."""
    return proceeds(account) - owed(account)


def sent(shop: Any, boss: Any, order: Order, *, late_days: int = 0) -> None:
    """The seller buys a label by its pages and hands the parcel over a day late, so that the label does not protect it;
    the carrier delivers on the promised day, or `late_days` after it."""
    label = label_by_page(shop, order, service="swiftline/two_day")
    carrier_by_page(boss, label, "Delay by a day")
    arrives = order.items.get().promised_date + timedelta(days=late_days)
    clock.set_to(at=datetime.combine(arrives, time(15), UTC))
    carrier_by_page(boss, label, "Deliver now")


def write_about(page: Any, order: Order, text: str) -> None:
    page.goto(reverse("orders:order", args=[order.number]))
    page.get_by_role("link", name="Contact Seller").first.click()
    page.get_by_label("Subject").select_option("delivery")
    page.get_by_label("What is it about?").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/messages/*/")


def badges(page: Any, offer: Offer) -> int:
    page.goto(reverse("catalogue:product", args=[offer.product.asin]))
    return int(page.locator(".buy-box .prime-badge").count())


def sanction(page: Any, button: str, *, why: str, offer: Offer | None = None) -> None:
    form = page.locator("form", has=page.get_by_role("button", name=button))
    if offer:
        form.get_by_label("Offer").select_option(str(offer.pk))
    form.get_by_label("Reason").fill(why)
    page.get_by_role("button", name=button).click()
    page.wait_for_load_state()


def refund(page: Any, *, kind: str, why: str) -> None:
    page.get_by_label("What for").select_option(label=kind)
    form = page.locator("form[action$='/refund/']")
    form.get_by_label("Reason").fill(why)
    form.get_by_role("button", name="Refund").click()


@pytest.fixture(autouse=True)
def own_clock():
    clock.set_to(at=TUESDAY)
    yield
    clock.reset()


def test_j20_customer_service_decides_and_the_operator_sanctions(signed_in_page, shoot, check_axe) -> None:
    seller = prime_seller("Swift Outfitters")
    offer = prime_offer(seller, options=FAST)
    second = prime_offer(seller, title="Second mug")
    mara, teo = buyer("Mara Lindqvist", member=True), buyer("Teo Ramirez", member=False)
    amir, grete = make_staff(Role.CUSTOMER_SERVICE, name="Amir Haddad"), make_staff(Role.OPERATOR, name="Grete Holm")
    member, other, shop = signed_in_page(mara), signed_in_page(teo), signed_in_page(seller.person)
    desk, boss = signed_in_page(amir), signed_in_page(grete)
    assert badges(member, offer) == badges(member, second) == 1
    order = buy_by_page(member, offer.product.asin, speed="Two-day delivery")
    sent(shop, boss, order)

    # 1. Tracking says delivered, the buyer has nothing: from the order the contact goes to customer service
    member.goto(reverse("orders:order", args=[order.number]))
    assert "Delivered" in words(member)
    write_about(member, order, "It says delivered, but there is no parcel.")
    contact = Conversation.objects.get()
    assert contact.audience == "service"
    shop.goto(reverse("orders:seller_order", args=[order.number]))
    panel = shop.locator("section", has_text="Directed to customer service").last
    panel.get_by_role("link", name="Delivery").click()
    shop.wait_for_url(f"**{reverse('messaging:seller_conversation', args=[contact.number])}")
    assert "Directed to customer service" in words(shop)
    assert "there is no parcel" not in words(shop)
    assert shop.get_by_role("textbox").and_(shop.locator("main *")).count() == 0  # nothing to answer in
    check_axe(shop)
    shoot(shop, "directed-to-customer-service")

    # 2. Customer service refunds and charges the seller; the seller claims it back with the proof of delivery
    before = net(seller.seller)
    desk.goto(reverse("service:desk"))
    check_axe(desk)
    desk.get_by_label("Order number, tracking number or e-mail address").fill(order.number)
    desk.get_by_role("button", name="Find").click()
    desk.wait_for_url(f"**/service/orders/{order.number}/")
    desk.get_by_role("link", name="Delivery").click()
    assert "It says delivered, but there is no parcel." in words(desk)
    desk.goto(reverse("service:order", args=[order.number]))
    check_axe(desk)
    refund(desk, kind="Not received, although tracking says delivered", why="Nobody at the address has seen it.")
    desk.get_by_text("goes back to the buyer").wait_for()
    shoot(desk, "customer-service")
    remedy = Remedy.objects.get()
    assert remedy.charges_seller
    assert remedy.amount_minor == order.total_minor
    assert net(seller.seller) == before - remedy.amount_minor
    posting = Posting.objects.get(pk=remedy.parts.get().payback.posting_id)
    assert (posting.reason, posting.clause) == ("not_received_refund", "PRIME-41")
    shop.goto(reverse("ledger:transactions"))
    assert "19.99" in words(shop)
    shop.goto(reverse("service:seller_claims"))
    assert "Nobody at the address has seen it." in words(shop)
    assert "Amir Haddad" in words(shop)
    check_axe(shop)
    shop.get_by_role("link", name="Claim it back").click()
    shop.get_by_label("Ground").select_option("delivered_claimed_lost")
    shop.get_by_label("Message").fill("Delivered with your label; see the scans.")
    shop.get_by_role("button", name="File the claim").click()
    shop.get_by_text("The claim is filed").wait_for()
    assert Reimbursement.objects.get().asked_minor == remedy.amount_minor
    check_axe(shop)

    # 3. A non-member paid for two-day delivery and got it a day late: the full shipping cost goes back
    clock.set_to(at=MONDAY)
    late = buy_by_page(other, offer.product.asin, speed="Two-day delivery")
    assert "$7.99" in words(other)
    assert (late.items.get().shipping_minor, late.is_member) == (799, False)
    sent(shop, boss, late, late_days=1)
    before = net(seller.seller)
    write_about(other, late, "It came a day late.")
    assert Conversation.objects.filter(order=late, audience="service").count() == 1
    desk.goto(reverse("service:order", args=[late.number]))
    assert "1 day late" in words(desk)
    form = desk.locator("form[action$='/late/']")
    form.get_by_label("Reason").fill("A day late.")
    form.get_by_role("button", name="Refund the shipping").click()
    desk.get_by_text("$7.99 goes back to the buyer").wait_for()
    assert net(seller.seller) == before - 799

    # 4. Before buying, a question about the product reaches the seller
    other.goto(reverse("catalogue:product", args=[offer.product.asin]))
    other.get_by_role("link", name="Ask the seller").click()
    other.get_by_label("Subject").select_option("product_question")
    other.get_by_label("What is it about?").fill("Is it dishwasher safe?")
    other.get_by_role("button", name="Send", exact=True).click()
    other.wait_for_url("**/messages/*/")
    question = Conversation.objects.get(subject="product_question")
    assert question.audience == "seller"
    shop.goto(reverse("messaging:seller_conversation", args=[question.number]))
    assert "Is it dishwasher safe?" in words(shop)

    # 5. The operator removes the offer, then eligibility, each with its reason: badges vanish, returns still work
    mail.outbox.clear()
    boss.goto(reverse("fulfilment:sanctions_seller", args=[seller.seller.number]))
    check_axe(boss)
    sanction(boss, "Remove the offer", offer=offer, why="Broken on arrival, twice.")
    run_tasks()
    assert (badges(member, offer), badges(member, second)) == (0, 1)  # only this one
    sanction(boss, "Remove eligibility", why="Too many late parcels.")
    run_tasks()
    assert (badges(member, offer), badges(member, second)) == (0, 0)
    told = " ".join(message.body for message in mail.outbox)
    assert "Broken on arrival, twice." in told
    assert "Too many late parcels." in told
    shop.goto(reverse("fulfilment:prime"))
    assert "Too many late parcels." in words(shop)
    check_axe(shop)
    shoot(shop, "sanctioned")
    row = ask_by_page(other, late, "DEFECTIVE")  # what is open goes on, by the programme's rules (PRIME-02)
    assert row.acceptance == "authorised"
    assert "Authorised" in words(other)
    check_axe(other)

    # 6. Eligibility comes back: offers can be enrolled again, and their badges are there
    boss.goto(reverse("fulfilment:sanctions_seller", args=[seller.seller.number]))
    check_axe(boss)
    for _each in range(2):
        form = boss.locator("form[action*='/lift/']").first
        form.get_by_label("Reason").fill("Parcels are in time again.")
        form.get_by_role("button", name="Take back").click()
        boss.get_by_text("Taken back. The seller is told.").wait_for()
    assert not Sanction.objects.filter(lifted_at=None).exists()
    run_tasks()
    shop.goto(reverse("fulfilment:prime_items"))
    shop.locator("tr", has_text=offer.sku).get_by_role("button", name="Enrol").click()
    shop.wait_for_load_state()
    assert set(PrimeItem.objects.values_list("state", flat=True)) == {"enrolled"}
    assert badges(member, offer) == badges(member, second) == 1
    shoot(member, "badge-again")
    assert_books_in_order()
    assert member.troubles == other.troubles == shop.troubles == desk.troubles == boss.troubles == []
