"""The invented goods of the style guide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.templatetags.static import static

from fondaco.kit.diagnosis import Check, Diagnosis, failed, passed, run, waiting
from fondaco.kit.findings import Finding, Severity
from fondaco.kit.money import Money
from fondaco.web import charts
from fondaco.web.paging import Page
from fondaco.web.pictures import Shown, shown_findings


@dataclass(frozen=True)
class Row:
    sku: str
    title: str
    status: str
    tone: str
    stock: int
    price: Money
    changed_at: datetime


def rows(now: datetime) -> list[Row]:
    table = (
        ("HG-VASE-01", "Stoneware vase, speckled white, 24 cm", "Displayed", "good", 128, 4900, 2),
        ("HG-LAMP-07", "Brass reading lamp with linen shade", "Processing", "progress", 12, 12950, 5),
        ("HG-KETL-02", "Enamel kettle, 1.8 l", "Not selected", "warn", 4, 3800, 26),
        ("HG-BOWL-11", "Set of four olive-wood bowls", "Held out of search", "bad", 0, 6400, 71),
        ("HG-RUGS-03", "Hand-woven wool rug, 140 × 200 cm", "Draft", "neutral", 1, 38900, 120),
    )
    return [
        Row(sku, title, status, tone, stock, Money(price, "USD"), now - timedelta(hours=hours))
        for sku, title, status, tone, stock, price, hours in table
    ]


def picture() -> Shown:
    findings = [
        Finding("ground_not_white", Severity.ERROR, "B-IMG-01", "RGB 243, 240, 232", "RGB 255, 255, 255", (40, 60, 260, 300),
                "The ground is not pure white.", "Photograph on white, or cut the product out and put it on white."),
        Finding("text_on_picture", Severity.ERROR, "B-IMG-09", None, None, (640, 100, 250, 110),
                "There is text on the picture.", "Use the picture without the banner."),
        Finding("too_small_in_frame", Severity.WARNING, "B-IMG-01", "61 %", "85 %", (330, 260, 340, 600),
                "The product fills 61 % of the frame.", "Crop closer, so that it fills at least 85 %."),
        Finding("no_zoom", Severity.INFO, "B-IMG-01", "1000 px", "1600 px", None,
                "The picture is large enough to zoom; larger is better.", ""),
    ]  # fmt: skip
    return Shown(
        static("web/img/sample-flawed.svg"), "Stoneware vase on a cream ground", 1000, 1000, shown_findings(findings)
    )


def before_after() -> dict[str, dict[str, Any]]:
    return {
        "before": {
            "src": static("web/img/sample-flawed.svg"),
            "alt": "Vase on a cream ground",
            "width": 1000,
            "height": 1000,
        },
        "after": {
            "src": static("web/img/sample-clean.svg"),
            "alt": "Vase on white, larger",
            "width": 1000,
            "height": 1000,
        },
    }


def diagnosis(now: datetime) -> Diagnosis:
    submitted = now - timedelta(hours=3)
    checks: tuple[Check[None], ...] = (
        Check("shown", "Is a picture shown on the product page?", lambda _facts: failed(message="No picture is shown.", goes_on=True), clause="IMG-11"),
        Check("sent", "Was a picture submitted?", lambda _facts: passed(message="One picture, by inventory file.", evidence={"batch": "481516234210", "record": 4}), clause="IMG-12"),
        Check("fetched", "Could it be fetched?", lambda _facts: failed(
            message="The address led to a web page, not to a picture.", goes_on=True,
            fix="Give the direct address of the picture file: open it in a browser, only the picture must appear.",
            evidence={"url": "https://pictures.example/view?id=77", "content_type": "text/html"}), clause="IMG-22"),
        Check("time", "Have 24 hours passed since it was submitted?", lambda _facts: waiting(until=submitted + timedelta(hours=24), message="It is still being processed.", evidence={"submitted_at": submitted.isoformat()}), clause="IMG-13"),
    )  # fmt: skip
    return run(checks, None)


def events(now: datetime) -> list[dict[str, Any]]:
    return [
        {"title": "Submitted by inventory file", "at": now - timedelta(hours=3), "by": "Mai Tran, Harbor Goods", "tone": "neutral", "icon": "upload"},
        {"title": "Fetched and inspected", "at": now - timedelta(hours=2, minutes=58), "text": "1,600 × 1,600 px, 412 kB, no faults.", "tone": "good"},
        {"title": "Not selected", "at": now - timedelta(hours=1), "text": "Another group of pictures ranks higher.", "tone": "warn"},
        {"title": "Displayed at the latest", "at": now + timedelta(hours=21), "due": True},
    ]  # fmt: skip


def steps() -> list[dict[str, str]]:
    return [
        {"label": "Read", "state": "done", "note": "1,045 rows"},
        {"label": "Checked", "state": "done", "note": "15 with faults"},
        {"label": "Pictures fetched", "state": "now", "note": "612 of 1,030"},
        {"label": "Published", "state": "todo"},
        {"label": "Report", "state": "todo"},
    ]


def stats() -> list[dict[str, str]]:
    return [
        {"label": "Listings that show", "value": "1,030", "note": "of 1,045", "tone": "good"},
        {"label": "In processing", "value": "12", "note": "next due in 3 hours", "tone": "progress"},
        {"label": "Held out of search", "value": "3", "note": "no good main picture", "tone": "bad", "url": "#tables"},
        {"label": "Proceeds this period", "value": "$18,240.50", "note": "pays out on Friday"},
    ]


def drawings() -> dict[str, charts.Chart]:
    money = lambda minor: Money(int(minor), "USD").format()  # noqa: E731
    return {
        "bars": charts.bars(
            [("Ground not white", 41, "bad"), ("Product too small", 27, "bad"), ("Text on picture", 12, "warn"), ("Blurred", 5)],
            title="Why pictures were refused this month",
        ),
        "waterfall": charts.waterfall(
            [("Referral fees", -27400), ("Imaging services", -5000), ("Refunds", -8125), ("Reimbursement", 1800)],
            start=("Sales", 212000), total="Paid out", title="How the pay-out came about", written=money,
        ),
        "lines": charts.lines(
            [("Submitted", [210, 340, 280, 420, 510, 380, 460]), ("Displayed", [200, 310, 275, 390, 480, 371, 402])],
            labels=["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], title="Pictures this week",
        ),
        "fill": charts.meter(label="Product fills the frame", value=61, least=85, written=lambda v: f"{v} %"),
        "limit": charts.meter(label="Prime orders today", value=2, most=3, top=5),
    }  # fmt: skip


def page(now: datetime) -> Page[Any]:
    return Page(items=rows(now), previous="", next="sample", is_first=True)
