"""What the journeys of buying share: people, addresses, moments, and reading the checkout."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.fulfilment.models import Label
from fondaco.orders.models import Order
from fondaco.orders.tests.factories import make_buyer
from fondaco.sellers.addresses import PostalAddress, as_dict
from fondaco.sellers.models import Address, Person

OHIO = PostalAddress(
    name="Mara Lindqvist", street="212 Maple Street", city="Columbus", region="OH", postal_code="43215", country="US"
)


def monday_morning(hour: int = 9, minute: int = 0) -> None:
    """Tuesday, 1 March 2022, so many o'clock in Chicago."""
    clock.set_to(at=datetime(2022, 3, 1, hour + 6, minute, tzinfo=UTC))


def buyer(name: str, *, member: bool, at: PostalAddress | None = OHIO) -> Person:
    person = make_buyer(name, member=member, email=f"{name.split()[0].casefold()}@fondaco.example")
    if at:
        Address.objects.create(person=person, **as_dict(at))
    return person


def words(page: Any) -> str:
    return " ".join(page.locator("main").inner_text().split())


def add_to_cart(page: Any, asin: str) -> None:
    page.goto(f"/product/{asin}/")
    page.get_by_role("button", name="Add to cart").first.click()
    page.wait_for_url("**/cart/")


def options(page: Any, number: int = 0) -> dict[str, str]:
    """The delivery options of the n-th line of the checkout: label → price."""
    line = page.locator("#checkout .cart-line").nth(number)
    return {
        row.locator("strong").first.inner_text(): row.locator(".numeric").inner_text()
        for row in line.locator(".speed").all()
    }


def new_address(page: Any, *, street: str, city: str, region: str, code: str, country: str = "US") -> None:
    """By the form; then it is the chosen one."""
    page.goto("/checkout/address/")
    if country != "US":
        page.select_option("[name=country]", country)
        page.wait_for_function(f"document.querySelector('#address-parts [name=country]').value === '{country}'")
        page.locator(f"[name=region] option[value='{region}']").wait_for(state="attached")
    page.fill("[name=name]", "Mara Lindqvist")
    page.fill("[name=street]", street)
    page.fill("[name=city]", city)
    page.select_option("[name=region]", region)
    page.fill("[name=postal_code]", code)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/checkout/")


def buy_by_page(page: Any, asin: str, *, speed: str = "") -> Order:
    """Into the cart, to the checkout, the speed by its words, placed."""
    add_to_cart(page, asin)
    page.goto("/checkout/")
    if speed:
        page.get_by_role("radio", name=speed).check()
    page.get_by_role("button", name="Place your order").click()
    page.wait_for_url("**/orders/*/")
    return Order.objects.get(number=page.url.rstrip("/").rsplit("/", 1)[-1])


def label_by_page(page: Any, order: Order, *, service: str) -> Label:
    """The seller buys the label: `service` is the rate's value, as in `swiftline/two_day`. Terms are accepted if asked."""
    page.goto(f"/seller/orders/{order.number}/")
    page.get_by_role("link", name="Buy Shipping").click()
    page.fill("[name=weight]", "1.5")
    for side, inches in (("length", "8"), ("width", "6"), ("height", "5")):
        page.fill(f"[name={side}]", inches)
    page.get_by_role("button", name="Show rates").click()
    page.locator(f"input[name=rate][value='{service}']").check()
    for box in page.locator("input[name=accept]").all():
        box.check()
    page.get_by_role("button", name="Buy the label").click()
    page.wait_for_url("**/seller/labels/*/")
    run_tasks()
    return Label.objects.get(pk=page.url.rstrip("/").rsplit("/", 1)[-1])


def carrier_by_page(page: Any, label: Label, step: str) -> None:
    """The operator moves a parcel on by hand on the page of the simulated carriers: "Next scan now", "Deliver now"."""
    page.goto("/operator/simulators/carriers/")
    row = page.locator("tr", has_text=label.tracking_number)
    row.get_by_role("button", name=step).click()
    page.get_by_text("Done:").first.wait_for()
    run_tasks()
