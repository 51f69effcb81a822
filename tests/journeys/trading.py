"""What the journeys of buying share: people, addresses, moments, and reading the checkout."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fondaco.engine import clock
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
