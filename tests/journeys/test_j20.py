"""J20: customer service decides what went wrong on the way; the operator sanctions, and takes it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.fulfilment.carriers import simulator
from fondaco.fulfilment.models import PrimeItem, Sanction, SimulatedParcel
from fondaco.fulfilment.operations import buying, items
from fondaco.fulfilment.operations.tracking import look_at_tracking
from fondaco.fulfilment.rules.labels import MARKETPLACE_TERMS, ScanCode
from fondaco.fulfilment.rules.parcels import Package
from fondaco.fulfilment.tests.factories import FAST, prime_offer, prime_seller
from fondaco.ledger.models import Posting
from fondaco.ledger.tests.factories import assert_books_in_order, owed, proceeds
from fondaco.messaging.models import Conversation
from fondaco.orders.models import Order, OrderUnit
from fondaco.orders.tests.factories import make_buyer, placed_order
from fondaco.returns.operations.request import Wanted, request_return
from fondaco.sellers.access import caller_for
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_staff
from fondaco.service.models import Reimbursement, Remedy

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("PRIME-02", "PRIME-03", "PRIME-21", "PRIME-22", "PRIME-23", "PRIME-24", "PRIME-26", "PRIME-41",
                     "Q-34", "Q-42", "Q-53"),
]  # fmt: skip
TUESDAY = datetime(2022, 6, 7, 15, 0, tzinfo=UTC)


def net(account: SellerAccount) -> int:
    """What the marketplace owes the seller less what the seller owes: a charge may be more than the proceeds."""
    return proceeds(account) - owed(account)


def words(page: Any) -> str:
    return " ".join(page.locator("main").inner_text().split())


def sent(seller: Any, order: Order, *, late_days: int = 0) -> None:
    """The seller buys a label without protection here, the carrier delivers; `late_days` after its own plan."""
    units = list(OrderUnit.objects.filter(item__order=order))
    promised = min(unit.item.promised_date for unit in units)
    label = buying.buy_shipping(
        seller, order=order, units=units, package=Package(700, 200, 150, 120),
        ship_date=clock.now().astimezone(seller.zone).date(), carrier="swiftline", service="two_day",
        request_key=f"label:{order.number}", accepted=(MARKETPLACE_TERMS, "swiftline-2022-01"),
    )  # fmt: skip
    run_tasks()
    # Handed over a day after it was to be shipped: the label does not protect the seller.
    clock.set_to(at=clock.now() + timedelta(days=2))
    parcel = SimulatedParcel.objects.get(key=label.key)
    simulator.scan_now(str(parcel.pk), code=ScanCode.ACCEPTED)
    arrives = datetime.combine(promised + timedelta(days=late_days), datetime.min.time(), UTC) + timedelta(hours=20)
    clock.set_to(at=max(clock.now(), arrives))
    simulator.scan_now(str(parcel.pk), code=ScanCode.DELIVERED)
    look_at_tracking(label_id=label.pk)


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
    mara, teo = make_buyer("Mara Lindqvist", member=True), make_buyer("Teo Ramirez")
    amir, grete = make_staff(Role.CUSTOMER_SERVICE, name="Amir Haddad"), make_staff(Role.OPERATOR, name="Grete Holm")
    order = placed_order(buyer=mara, offer=offer, speed="two_day")
    assert order.has_prime
    sent(seller, order)
    run_tasks()

    # 1. Tracking says delivered, the buyer has nothing: from the order the contact goes to customer service
    buyer = signed_in_page(mara)
    buyer.goto(reverse("orders:order", args=[order.number]))
    assert "Delivered" in words(buyer)
    buyer.get_by_role("link", name="Contact Seller").first.click()
    buyer.get_by_label("Subject").select_option("delivery")
    buyer.get_by_label("What is it about?").fill("It says delivered, but there is no parcel.")
    buyer.get_by_role("button", name="Send", exact=True).click()
    buyer.wait_for_url("**/messages/*/")
    contact = Conversation.objects.get()
    assert contact.audience == "service"
    shop = signed_in_page(seller.person)
    shop.goto(reverse("orders:seller_order", args=[order.number]))
    assert "Directed to customer service" in words(shop)
    answer = shop.goto(reverse("messaging:seller_conversation", args=[contact.number]))
    assert answer.status == 404  # nothing to answer in: the contact is customer service's

    # 2. Customer service refunds and charges the seller; the seller claims it back with the proof of delivery
    before = net(seller.seller)
    desk = signed_in_page(amir)
    desk.goto(reverse("service:desk"))
    check_axe(desk)
    desk.get_by_label("Order number, tracking number or e-mail address").fill(order.number)
    desk.get_by_role("button", name="Find").click()
    desk.wait_for_url(f"**/service/orders/{order.number}/")
    assert "It says delivered" not in words(desk)  # the contact is linked, not copied
    assert "Delivery" in words(desk)
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
    late = placed_order(buyer=teo, offer=offer, speed="two_day")
    item = late.items.get()
    assert (item.shipping_minor, late.is_member) == (799, False)
    sent(seller, late, late_days=1)
    run_tasks()
    before = net(seller.seller)
    other = signed_in_page(teo)
    other.goto(reverse("orders:order", args=[late.number]))
    other.get_by_role("link", name="Contact Seller").first.click()
    other.get_by_label("Subject").select_option("delivery")
    other.get_by_label("What is it about?").fill("It came a day late.")
    other.get_by_role("button", name="Send", exact=True).click()
    other.wait_for_url("**/messages/*/")
    assert Conversation.objects.filter(order=late, audience="service").count() == 1
    desk.goto(reverse("service:order", args=[late.number]))
    assert "1 day late" in words(desk)
    form = desk.locator("form[action$='/late/']")
    form.get_by_label("Reason").fill("A day late.")
    form.get_by_role("button", name="Refund the shipping").click()
    desk.get_by_text("$7.99 goes back to the buyer").wait_for()
    assert net(seller.seller) == before - 799

    # 4. Before buying, a question about the product reaches the seller
    other.goto(f"{reverse('messaging:new')}?asin={offer.product.asin}&seller={seller.seller.number}")
    other.get_by_label("Subject").select_option("product_question")
    other.get_by_label("What is it about?").fill("Is it dishwasher safe?")
    other.get_by_role("button", name="Send", exact=True).click()
    other.wait_for_url("**/messages/*/")
    question = Conversation.objects.get(subject="product_question")
    assert question.audience == "seller"
    shop.goto(reverse("messaging:seller_conversation", args=[question.number]))
    assert "Is it dishwasher safe?" in words(shop)

    # 5. The operator removes the offer, then eligibility, each with its reason: badges vanish, returns still work
    second = prime_offer(seller, title="Second mug")
    boss = signed_in_page(grete)
    mail.outbox.clear()
    boss.goto(reverse("fulfilment:sanctions_seller", args=[seller.seller.number]))
    check_axe(boss)
    removal = boss.locator("form", has=boss.get_by_role("button", name="Remove the offer"))
    removal.get_by_label("Offer").select_option(str(offer.pk))
    removal.get_by_label("Reason").fill("Broken on arrival, twice.")
    boss.get_by_role("button", name="Remove the offer").click()
    boss.wait_for_load_state()
    eligibility = boss.locator("form", has=boss.get_by_role("button", name="Remove eligibility"))
    eligibility.get_by_label("Reason").fill("Too many late parcels.")
    boss.get_by_role("button", name="Remove eligibility").click()
    boss.wait_for_load_state()
    run_tasks()
    told = " ".join(message.body for message in mail.outbox)
    assert "Broken on arrival, twice." in told
    assert "Too many late parcels." in told
    for gone in (offer, second):
        buyer.goto(reverse("catalogue:product", args=[gone.product.asin]))
        assert buyer.locator(".prime-badge").count() == 0
    other.goto(reverse("returns:start", args=[late.number]))  # what is open goes on
    assert late.number in words(other)
    check_axe(other)
    (made,) = request_return(
        caller_for(teo), order_number=late.number, request_key="j20",
        wanted=[Wanted(OrderUnit.objects.get(item__order=late).pk, "DEFECTIVE")],
    )  # fmt: skip
    assert made.acceptance == "authorised"

    # 6. Eligibility comes back: offers can be enrolled again
    boss.goto(reverse("fulfilment:sanctions_seller", args=[seller.seller.number]))
    check_axe(boss)
    for _each in range(2):
        form = boss.locator("form[action*='/lift/']").first
        form.get_by_label("Reason").fill("Parcels are in time again.")
        form.get_by_role("button", name="Take back").click()
        boss.get_by_text("Taken back. The seller is told.").wait_for()
    assert not Sanction.objects.filter(lifted_at=None).exists()
    for back in (offer, second):
        items.enrol(caller_for(seller.person), offer_id=back.pk)
        assert PrimeItem.objects.get(offer=back).state == "enrolled"
    shop.goto(reverse("fulfilment:prime_items"))
    assert second.sku in words(shop)
    assert_books_in_order()
