"""J11: inventory data with bad image locations, from the first upload to six products with pictures."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from fondaco.catalogue.models import Offer, Product
from fondaco.demo.imagehost import ImageHost
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.sellers.demo import ensure_personas

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("IMG-16", "IMG-17", "IMG-18", "IMG-19", "IMG-20", "IMG-21", "IMG-22", "IMG-23", "IMG-24"),
    pytest.mark.spec("IMG-25", "IMG-26", "IMG-27", "B-IMG-12", "B-IMG-13"),
]

COLUMNS = ("sku", "item-name", "product-type", "brand", "price", "quantity", "color", "main-image-url")
SIZE = "?size=1100"


@pytest.fixture
def host(settings: Any):
    with ImageHost() as running:
        settings.FONDACO_FETCH_ALLOW = [f"127.0.0.1:{running.port}"]
        # Rendered before anybody waits for them: a slow host would be a fault of another kind.
        running.preload(
            *(
                url.removeprefix(running.url(""))
                for rows in (addresses(running), mended(running))
                for url in rows.values()
            )
        )
        running.forget()
        yield running


def addresses(host: ImageHost) -> dict[str, str]:
    """SKU → where its picture is said to be, as in step 1."""
    return {
        "J11-JPEG": host.url(f"/good/mug/1.jpg{SIZE}"),
        "J11-TIFF": host.url(f"/tiff/bowl/2.tif{SIZE}"),
        "J11-REDIRECT": host.url(f"/redirect/plate/3.jpg{SIZE}"),
        "J11-POPUP": host.url(f"/html/vase/4.jpg{SIZE}"),
        "J11-PNG": host.url(f"/png-as-jpg/mug/5.jpg{SIZE}"),
        "J11-DEAD": host.url("/404"),
    }


def mended(host: ImageHost) -> dict[str, str]:
    """The same with every address put right."""
    kinds = ("mug", "bowl", "plate", "vase", "mug", "teapot")
    good = {
        sku: host.url(f"/good/{kind}/{n}.jpg{SIZE}")
        for n, (sku, kind) in enumerate(zip(addresses(host), kinds, strict=True), 1)
    }
    return good | {sku: addresses(host)[sku] for sku in ("J11-JPEG", "J11-TIFF")}


def write(path: Path, rows: dict[str, str]) -> Path:
    lines = ["TemplateType=fondaco.inventory\tVersion=2026.1", "\t".join(COLUMNS)]
    for n, (sku, url) in enumerate(rows.items(), 1):
        lines.append("\t".join((sku, f"Journey ware number {n}", "mug", "Harbor", "12.90", "5", "white", url)))
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    return path


def send(page: Any, path: Path) -> str:
    """Upload one file by the page; returns its batch ID."""
    page.goto(reverse("feeds:upload"))
    page.set_input_files("input[type=file]", path)  # sent at once; then the list of uploads opens by itself
    page.wait_for_url("**/seller/inventory/files/")
    page.locator("tbody a").first.click()
    page.wait_for_url("**/files/*/")
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def figures(page: Any) -> str:
    return page.locator("main").inner_text()


def test_j11_from_six_records_with_four_faults_to_six_pictures(host, signed_in_page, shoot, tmp_path) -> None:
    ines = ensure_personas()["harbor"]
    page = signed_in_page(ines)

    # 1. Six records: batch ID and "Request submitted", then "Done", 6 processed, 2 successful
    number = send(page, write(tmp_path / "first.txt", addresses(host)))
    assert number.isdigit()
    assert "Request submitted" in figures(page)
    run_tasks()
    page.goto(reverse("feeds:batch", args=[number]))
    assert page.get_by_text("Done", exact=True).first.is_visible()
    shoot(page, "inventory-file", whole=True)

    # 2. The report: counts on top, four errors with record number, SKU, code, type, message
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the report").click()
    report = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    top = {words[1]: words[-1] for line in report[:5] if "Number of records" in line and (words := line.split("\t"))}
    assert top == {"Number of records processed": "6", "Number of records successful": "2"}
    head = next(n for n, line in enumerate(report) if line.startswith("original-record-number"))
    assert report[head].split("\t")[:5] == [
        "original-record-number",
        "sku",
        "error-code",
        "error-type",
        "error-message",
    ]
    rows = {line.split("\t")[1]: line.split("\t") for line in report[head + 1 :] if line.strip()}
    errors = {sku: row for sku, row in rows.items() if row[3] in ("error", "fatal")}
    assert {sku: row[0] for sku, row in errors.items()} == {
        "J11-REDIRECT": "3", "J11-POPUP": "4", "J11-PNG": "5", "J11-DEAD": "6",
    }  # fmt: skip
    assert "direct" in errors["J11-REDIRECT"][4]
    assert "direct" in errors["J11-POPUP"][4]
    assert "FORMAT" in errors["J11-PNG"][2]
    assert "accepted here: GIF, JPEG, TIFF" in errors["J11-PNG"][4]
    for sku in ("J11-REDIRECT", "J11-POPUP", "J11-PNG", "J11-DEAD"):
        assert page.locator("tr", has_text=sku).first.is_visible()

    # 3. The error table: symptom, reason and solution for "does not appear" and "rejected"
    page.goto("/help/image-errors")
    table = page.locator("main").inner_text()
    for words in ("does not appear", "reject", ".jpg, .tif"):
        assert words in table, words

    # 4. Fix three, upload: a new batch, one error left
    three = {**mended(host), "J11-DEAD": host.url("/404")}
    second = send(page, write(tmp_path / "second.txt", three))
    assert second != number
    run_tasks()
    page.goto(reverse("feeds:batch", args=[second]))
    assert page.locator("tr", has_text="J11-DEAD").first.is_visible()
    assert page.locator("tr", has_text="J11-PNG").count() == 0

    # 5. Fix it, upload: no errors, and how long to wait
    third = send(page, write(tmp_path / "third.txt", mended(host)))
    run_tasks()
    page.goto(reverse("feeds:batch", args=[third]))
    assert page.get_by_text("No errors").is_visible()
    assert "24 hours" in figures(page)

    # 6. Clock + 24 hours: all six products show images
    clock.set_to(at=clock.now() + timedelta(hours=24))
    run_tasks(include_delayed=True)
    assert Offer.objects.filter(sku__startswith="J11-").count() == 6
    for asin in Product.objects.filter(offers__sku__startswith="J11-").values_list("asin", flat=True):
        page.goto(reverse("catalogue:product", args=[asin]))
        picture = page.locator(".gallery-picture img").first
        picture.wait_for()
        assert picture.evaluate("async i => { await i.decode(); return i.naturalWidth }") > 200
