"""What the journeys of returns share: delivered goods of Swift Outfitters, and the steps of buyer and warehouse by the pages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.urls import reverse

from fondaco.catalogue.tests.factories import make_jpeg
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.orders.models import Order, OrderUnit
from fondaco.orders.tests.factories import delivered_order
from fondaco.returns.models import Return
from fondaco.returns.operations import carrier
from fondaco.returns.tests.factories import make_ware
from fondaco.sellers.models import Person, SellerAccount


def day(text: str, hour: int = 17) -> datetime:
    """Noon or so in Ohio, of a day of 2022: `"06-30"`."""
    month, date = text.split("-")
    return datetime(2022, int(month), int(date), hour, tzinfo=UTC)


def swift() -> SellerAccount:
    return SellerAccount.objects.get(display_name="Swift Outfitters")


def delivered(buyer: Person, *wares: tuple[str, int], at: datetime, quantity: int = 1, **fields: Any) -> Order:
    """Prime items of Swift Outfitters: (kind, price in cents) each, delivered then."""
    offers = [make_ware(swift(), kind, price_minor=price, **fields) for kind, price in wares]
    return delivered_order(buyer=buyer, offers=offers, quantity=quantity, delivered_at=at, item={"is_prime": True})


def words(page: Any) -> str:
    return " ".join(page.locator("main").inner_text().split())


def ask_by_page(page: Any, order: Order, *reasons: str) -> Return:
    """Your Orders → Return items → a reason for each unit → what comes back → ask. The page shows the return afterwards."""
    page.goto(reverse("orders:order", args=[order.number]))
    page.get_by_role("link", name="Return items").first.click()
    page.wait_for_url("**/returns/new/**")
    choose(page, order, *reasons)
    page.get_by_role("button", name="See what you get back").click()
    page.get_by_text("Expected refund").wait_for()
    page.get_by_role("button", name="Ask for the return").click()
    page.wait_for_url(lambda url: "/returns/R" in url)
    run_tasks()
    page.reload()
    return Return.objects.order_by("-requested_at").first()  # type: ignore[return-value]


def choose(page: Any, order: Order, *reasons: str) -> None:
    units = OrderUnit.objects.filter(item__order=order).order_by("item__position", "number")
    for unit, reason in zip(units, reasons, strict=True):
        page.locator(f"[name=take_{unit.pk.hex}]").check()
        page.locator(f"[name=reason_{unit.pk.hex}]").select_option(reason)


def receive(page: Any, row: Return, *, at: datetime) -> None:
    """The carrier delivers; the warehouse scans the label, and checks everything in."""
    clock.set_to(at=at)
    carrier.record_delivered(return_id=row.pk, at=at)
    row.refresh_from_db()
    page.goto(reverse("returns:arrivals"))
    page.get_by_label("Tracking number, return number or order number").fill(row.tracking_number)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/seller/returns/{row.number}/")
    page.get_by_role("button", name="Check in").click()
    page.get_by_text("Checked in.").first.wait_for()


def grade(page: Any, row: Return, condition: str, *, unit: int = 1, photo: Path | None = None) -> None:
    page.goto(reverse("returns:seller_return", args=[row.number]))
    part = page.locator(f"#unit-{unit}")
    field = part.get_by_label(condition, exact=True)
    if not field.is_visible():
        part.get_by_text("Grade and photograph").click()
    field.check()
    if photo:
        page.set_input_files(f"input[name=u{unit}-photos]", photo)
    part.get_by_role("button", name="Save the grade").click()
    page.get_by_text("Graded. Refund it now").first.wait_for()


def open_refund(page: Any, row: Return, *, unit: int = 1) -> None:
    page.goto(reverse("returns:seller_return", args=[row.number]))
    page.locator(f"#unit-{unit}").get_by_role("link", name="Refund", exact=True).click()
    page.wait_for_url("**/refund/")


def refund(page: Any) -> None:
    page.locator("button[value=refund]").click()
    page.get_by_text("Refunded: the buyer gets").first.wait_for()


def publish(page: Any, key: str, value: str, why: str = "For this journey") -> None:
    """The operator publishes a value by the policy page, in force from now on."""
    page.goto(reverse("policy:detail", args=[key]))
    page.get_by_label("Value").fill(value)
    page.get_by_label("Reason").fill(why)
    page.get_by_role("button", name="Show what would change").click()
    page.locator("#changes ins").first.wait_for()
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url(f"**/operator/policy/{key}/?store=US")


def photograph(folder: Path) -> Path:
    path = folder / "condition.jpg"
    path.write_bytes(make_jpeg(size=700))
    return path
