"""The people of the imaging journeys, each in a browser of their own, and what they do there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.urls import reverse

from fondaco.catalogue.models import Offer
from fondaco.catalogue.tests.factories import make_jpeg, make_offer
from fondaco.engine.testing import run_tasks
from fondaco.sellers.access import Caller
from fondaco.sellers.demo import ensure_personas
from fondaco.sellers.tests.factories import make_caller
from fondaco.studio.models import ImagingOrder
from fondaco.studio.operations import ensure_shipped_guide


class People:
    """Signs each persona in when first asked for."""

    def __init__(self, signed_in_page: Callable[..., Any]) -> None:
        self._open, self._pages = signed_in_page, {}
        self.persons = ensure_personas()
        ensure_shipped_guide()

    def __getattr__(self, name: str) -> Any:
        key = name.replace("_", "-")
        if key not in self._pages:
            self._pages[key] = self._open(self.persons[key])
        return self._pages[key]

    @property
    def seller(self) -> Caller:
        return make_caller(self.persons["harbor"])


def words(page: Any) -> str:
    return " ".join(page.locator("main").inner_text().split())


def offer(people: People, *, quantity: int = 5, **fields: Any) -> Offer:
    """A product of Harbor Goods that the marketplace fulfils."""
    return make_offer(people.seller, quantity=quantity, channel="marketplace", **fields)


def open_pop_up(people: People, product: Any) -> Any:
    """By Manage Images, as step 2 of J01 says; returns the page with the pop-up."""
    page = people.harbor
    page.goto(reverse("catalogue:manage_images", args=[product.asin]))
    page.get_by_role("link", name="Let us image your products (Beta)").click()
    page.locator("#imaging-pop-up").wait_for()
    return page


def box(page: Any) -> str:
    """The box where the order button is."""
    return " ".join(page.locator(".imaging-box").inner_text().split())


def buy(people: People, product: Any) -> ImagingOrder:
    page = open_pop_up(people, product)
    page.get_by_role("button", name="Buy Now (One-Click)").click()
    page.get_by_text("Your imaging order was created.").wait_for()
    return ImagingOrder.objects.select_related("product", "offer").get(product=product, state="ORDER_PLACED")


def pick_and_send(people: People, order: ImagingOrder) -> None:
    page = people.fc
    page.goto(reverse("studio:picks"))
    scan = page.locator(f"#scan-{order.label}")
    scan.fill(order.product.asin)
    scan.press("Enter")
    page.get_by_text("Put the transfer label").wait_for()
    page.get_by_role("button", name="Send to the studio").click()
    page.get_by_text("on its way").first.wait_for()


def receive(people: People, order: ImagingOrder) -> Any:
    page = people.photographer
    page.goto(reverse("studio:received"))
    page.get_by_label("Transfer label").fill(order.label)
    page.get_by_label("Transfer label").press("Enter")
    page.wait_for_url("**/studio/jobs/**")
    return page


def files(folder: Path, count: int, *, seed: int = 0, **look: Any) -> list[Path]:
    made = []
    for number in range(count):
        path = folder / f"shot-{seed}-{number}.jpg"
        path.write_bytes(make_jpeg(size=1800, seed=7000 + seed * 20 + number, **look))
        made.append(path)
    return made


def photograph(people: People, order: ImagingOrder, pictures: list[Path], *, model: int = 0) -> Any:
    """Decide, upload, and wait for the profile's answer beside each; the first `model` with a model."""
    page = people.photographer
    page.goto(reverse("studio:job", args=[order.pk]))
    if not order.no_model:
        page.get_by_role("button", name="With a model" if model else "On a tabletop").click()
        page.wait_for_load_state()
    if model:
        page.get_by_label("A model is in these pictures").check()
        for number, path in enumerate(pictures[:model], start=1):
            page.set_input_files("input[name=pictures]", path)
            page.get_by_role("article", name=f"Picture {number}").wait_for()
        page.get_by_label("A model is in these pictures").uncheck()
    for number, path in enumerate(pictures[model:], start=model + 1):
        page.set_input_files("input[name=pictures]", path)
        page.get_by_role("article", name=f"Picture {number}").wait_for()
    return page


def finish(people: People) -> None:
    page = people.photographer
    page.get_by_role("button", name="Imaging complete: send the unit back").click()
    page.get_by_text("the set waits for the retoucher").wait_for()


def check_in(people: People, order: ImagingOrder) -> None:
    page = people.fc
    page.goto(reverse("studio:check_in"))
    page.get_by_label("Transfer label").fill(order.label)
    page.get_by_label("Transfer label").press("Enter")
    page.get_by_text("is on sale again").first.wait_for()


def pass_and_publish(people: People, order: ImagingOrder) -> Any:
    page = people.retoucher
    page.goto(reverse("studio:edit_order", args=[order.pk]))
    while page.get_by_role("button", name="Accurate: pass").count():
        page.get_by_role("button", name="Accurate: pass").first.click()
        page.wait_for_load_state()
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Released: the set is published").wait_for()
    run_tasks()
    return page


def through_the_studio(people: People, order: ImagingOrder, pictures: list[Path], *, model: int = 0) -> None:
    """From the pick list to the statement."""
    pick_and_send(people, order)
    receive(people, order)
    photograph(people, order, pictures, model=model)
    finish(people)
    pass_and_publish(people, order)
    order.refresh_from_db()


def set_capacity(people: People, most: str, *, only_today: bool = False) -> None:
    """The operator limits the studio's day, on the page of imaging services; empty: no limit."""
    page = people.operator
    page.goto(reverse("studio:operator"))
    page.get_by_label("Orders a day").fill(most)
    page.get_by_label("only today" if only_today else "until it is changed").check()
    page.get_by_role("button", name="Set the capacity").click()
    page.get_by_text("The capacity is set.").wait_for()


def set_price(people: People, price: str) -> None:
    """The operator changes the price of all other products, on the page of prices."""
    page = people.operator
    page.goto(reverse("studio:operator"))
    page.get_by_role("link", name="Change the prices").click()
    page.get_by_label("Price of an order").first.fill(price)
    page.get_by_role("button", name="Publish the prices").click()
    page.get_by_text("The prices are published.").wait_for()


def set_clock(people: People, *, days: int) -> None:
    """The operator moves the store's clock on."""
    page = people.operator
    page.goto(reverse("demo:clock"))
    page.get_by_label("Or move it on by hours").fill(str(days * 24))
    page.get_by_role("button", name="Set the clock").click()
    page.get_by_text("The store's clock is set.").wait_for()


def contact(people: People, title: str) -> Any:
    """The seller opens Contact Us and chooses what it is about."""
    page = people.harbor
    page.goto(reverse("cases:contact"))
    page.get_by_role("link", name=title, exact=True).click()
    return page


def send_unchecked(page: Any) -> None:
    """Sends the case's form without the browser's own checks: the page itself must refuse."""
    form = page.locator("main form").last
    form.evaluate("form => form.noValidate = true")
    form.get_by_role("button").last.click()
    page.wait_for_load_state()


def stock(offer: Offer) -> tuple[int, int]:
    """Sellable, at imaging."""
    offer.refresh_from_db()
    return offer.units_sellable, offer.units_away
