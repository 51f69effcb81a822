"""J07: pictures with a model: rights, expiry, and orders without one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.urls import reverse

from fondaco.cases.models import Case
from fondaco.catalogue.models import ListingImage
from fondaco.engine import clock
from fondaco.engine import files as stored
from fondaco.engine.sweeps import run_all
from fondaco.engine.testing import run_tasks
from fondaco.studio.models import ImageRights, ImagingOrder
from tests.journeys.imaging import (
    People,
    box,
    buy,
    files,
    finish,
    offer,
    open_pop_up,
    pass_and_publish,
    photograph,
    pick_and_send,
    receive,
    through_the_studio,
    words,
)

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("IMG-SVC-39", "IMG-SVC-40", "IMG-SVC-41", "IMG-SVC-42", "IMG-SVC-43", "IMG-SVC-44", "IMG-SVC-45"),
    pytest.mark.spec("IMG-SVC-46", "IMG-SVC-47", "IMG-SVC-48", "IMG-SVC-59", "IMG-SVC-60", "IMG-SVC-61", "IMG-SVC-62"),
    pytest.mark.spec("Q-11", "Q-13", "Q-14"),
]
CHICAGO = ZoneInfo("America/Chicago")


def on(year: int, month: int, day: int) -> None:
    clock.set_to(at=datetime(year, month, day, 12, tzinfo=CHICAGO))


def worker() -> None:
    """What the worker does each minute, until nothing is due."""
    for _ in range(3):
        run_all()
        run_tasks()


def test_j07_rights_expiry_and_no_model(signed_in_page, tmp_path: Path) -> None:
    people = People(signed_in_page)
    on(2022, 1, 10)
    worn = offer(
        people, title="Knitted hat", product_type="hat", attributes={"color": "red", "size": "M", "material": "wool"}
    )
    order = buy(people, worn.product)
    through_the_studio(people, order, files(tmp_path, 2), model=1)

    # 1. One model and one tabletop picture: owner, off-site use no / yes, no download
    page = people.harbor
    model, tabletop = ImageRights.objects.order_by("-has_model").select_related("image")
    for each, offsite in ((model, "not allowed"), (tabletop, "allowed until withdrawn")):
        page.goto(reverse("catalogue:image", args=[worn.product.asin, each.pk]))
        seen = words(page)
        assert "The marketplace" in seen
        assert offsite in seen
        assert page.locator("a[download]").count() == 0

    # 2. 11 December 2023 → the 30-day notice for the model picture alone
    on(2023, 12, 10)
    worker()
    assert not any("will be deleted" in m.subject for m in mail.outbox)
    on(2023, 12, 11)
    worker()
    notices = [m for m in mail.outbox if "will be deleted" in m.subject]
    assert len(notices) == 1
    assert "MAIN" in notices[0].body
    assert "PT01" not in notices[0].body

    # 3. 10 January 2024 → the model picture is deleted, the tabletop one remains; reorder is offered
    sha256 = model.image.picture_id
    on(2024, 1, 10)
    worker()
    assert ListingImage.objects.get(pk=model.pk).state == "expired"
    assert ListingImage.objects.get(pk=tabletop.pk).state == "displayed"
    assert not stored.exists("originals", sha256)
    page.goto(reverse("catalogue:image", args=[worn.product.asin, model.pk]))
    assert page.get_by_role("link", name="Order again").is_visible()
    assert "Buy Now" in box(open_pop_up(people, worn.product))

    # 4. The operator withdraws off-site use of the tabletop picture → its details show the date
    desk = people.operator
    desk.goto(reverse("studio:rights"))
    panel = desk.get_by_role("region", name=f"{worn.product.asin} PT01")
    panel.get_by_text("Withdraw the right of use").click()
    panel.get_by_label("Reason").first.fill("Campaign ended")
    panel.get_by_role("button", name="On other sites").click()
    desk.get_by_text("Withdrawn. It shows on the picture").wait_for()
    page.goto(reverse("catalogue:image", args=[worn.product.asin, tabletop.pk]))
    assert "withdrawn on January 10, 2024" in words(page)

    # 5. "No-model imaging" case: without the account name it is refused
    pair = [offer(people, title=f"No model {n}") for n in (1, 2)]
    page.goto(f"{reverse('cases:contact')}?type=no_model_imaging")
    page.get_by_label("Account name").fill("")
    page.get_by_label("ASIN of each product").fill("\n".join(each.product.asin for each in pair))
    page.locator("textarea").first.fill("Please without a model.")
    page.locator("main form").last.evaluate("form => form.noValidate = true")
    page.locator("main form").last.get_by_role("button").last.click()
    page.wait_for_load_state()
    assert not Case.objects.exists()
    page.get_by_label("Account name").fill("Harbor Goods")
    page.locator("main form").last.get_by_role("button").last.click()
    page.wait_for_url("**/cases/*/")
    case = Case.objects.get()

    # 6. Support creates both → the pop-ups show Order placed and "tabletop"
    people.support.goto(reverse("cases:desk_case", args=[case.number]))
    people.support.get_by_role("button", name="Make the orders without a model").click()
    people.support.wait_for_load_state()
    for each in pair:
        seen = box(open_pop_up(people, each.product))
        assert "Order placed" in seen
        assert "tabletop" in seen

    # 7. The job sheet allows no model → "model: no"
    made = ImagingOrder.objects.select_related("product", "offer").get(product=pair[0].product)
    pick_and_send(people, made)
    sheet = receive(people, made)
    assert sheet.get_by_role("button", name="With a model").count() == 0
    assert "No model: shoot on a tabletop" in words(sheet)
    photograph(people, made, files(tmp_path, 2, seed=4))
    assert words(sheet).count("model: no") == 2
    finish(people)
    pass_and_publish(people, made)
    assert not ImageRights.objects.filter(order=made, has_model=True).exists()

    # 8. A size that does not do → the seller is contacted, with the recommended sizes
    third = buy(people, worn.product)
    pick_and_send(people, third)
    sheet = receive(people, third)
    sheet.get_by_text("A problem with the size").click()
    sheet.get_by_label("What does not fit?").fill("XL hangs loose on every model.")
    sheet.get_by_role("button", name="Contact the seller").click()
    sheet.get_by_text("The seller is contacted").wait_for()
    letter = next(m for m in mail.outbox if "a question about the size" in m.subject)
    assert "Size Small" in letter.body
    assert "Size Medium" in letter.body
    assert "XL hangs loose" in open_pop_up(people, worn.product).locator("#imaging-pop-up").inner_text()
