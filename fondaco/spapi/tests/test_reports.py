"""Reports, schedules, money and uploads."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from fondaco.catalogue.operations import submit_image
from fondaco.catalogue.tests.factories import make_jpeg, make_offer
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.ledger.tests.factories import give
from fondaco.orders.tests.factories import placed_order
from fondaco.sellers.tests.factories import make_seller
from fondaco.spapi.models import ReportRequest, ReportSchedule
from fondaco.spapi.operations import reports
from fondaco.spapi.rules import periods
from fondaco.spapi.tests.client import US, make_client

pytestmark = pytest.mark.django_db
LONG_AGO = "2020-01-01T00:00:00Z"


@pytest.fixture(autouse=True)
def _no_limits(settings) -> None:
    settings.FONDACO_SPAPI_LIMITS = 0


def _lines(client, report_type: str, **body) -> list[list[str]]:
    body = {"reportType": report_type, "marketplaceIds": [US], **body}
    number = client.ok("POST", "/reports/2021-06-30/reports", body=body)["reportId"]
    assert client.ok("GET", f"/reports/2021-06-30/reports/{number}")["processingStatus"] == "IN_QUEUE"
    run_tasks()
    made = client.ok("GET", f"/reports/2021-06-30/reports/{number}")
    assert made["processingStatus"] == "DONE"
    document = client.ok("GET", f"/reports/2021-06-30/documents/{made['reportDocumentId']}")
    response = client.web.get(document["url"].partition("testserver")[2])
    text = b"".join(response.streaming_content).decode()
    return [line.split("\t") for line in text.splitlines()]


def test_listing_reports_hold_the_accounts_own_listings(client_of):
    make_offer(client_of.caller, sku="GOOD", title="Tasse à café — 350 ml")
    make_offer(client_of.caller, sku="EMPTY", quantity=0)
    make_offer(sku="THEIRS")
    head, *rows = _lines(client_of, "GET_MERCHANT_LISTINGS_ALL_DATA")
    assert {row[head.index("seller-sku")] for row in rows} == {"GOOD", "EMPTY"}
    assert [row[head.index("seller-sku")] for row in _lines(client_of, "GET_MERCHANT_LISTINGS_DATA")[1:]] == ["GOOD"]
    assert [row[head.index("seller-sku")] for row in _lines(client_of, "GET_MERCHANT_LISTINGS_INACTIVE_DATA")[1:]] == [
        "EMPTY"
    ]
    assert {row[0] for row in _lines(client_of, "GET_FLAT_FILE_OPEN_LISTINGS_DATA")[1:]} == {"GOOD", "EMPTY"}


def test_suppressed_listings_say_why(client_of):
    offer = make_offer(client_of.caller, sku="GREY")
    submit_image(client_of.caller, asin=offer.product.asin, data=make_jpeg(ground=200), file_name="a.jpg")
    run_tasks()
    head, row = _lines(client_of, "GET_MERCHANTS_LISTINGS_FYP_REPORT")
    assert row[head.index("SKU")] == "GREY"
    assert row[head.index("Issue Description")]


def test_order_reports_hold_orders_in_time(client_of):
    order = placed_order(offer=make_offer(client_of.caller), quantity=2)
    name = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"
    head, row = _lines(client_of, name, dataStartTime=LONG_AGO)
    assert (row[0], row[head.index("quantity")]) == (order.number, "2")
    later = (clock.now() - timedelta(seconds=0)).isoformat()
    assert len(_lines(client_of, name, dataStartTime=later)) == 1


def test_the_settlement_lists_what_was_booked(client_of):
    give(client_of.seller, 5000)
    head, *rows = _lines(client_of, "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2", dataStartTime=LONG_AGO)
    assert sum(float(row[head.index("amount")]) for row in rows) == 50.0


def test_cells_do_not_run_in_spreadsheets(client_of):
    make_offer(client_of.caller, sku="X", title="=HYPERLINK(1)\tmug")
    head, row = _lines(client_of, "GET_MERCHANT_LISTINGS_ALL_DATA")
    assert row[head.index("item-name")].startswith("'=HYPERLINK")
    assert len(row) == len(head)


@pytest.mark.parametrize(
    "body",
    [
        {"reportType": "GET_NOTHING", "marketplaceIds": [US]},
        {"reportType": "GET_MERCHANT_LISTINGS_DATA", "marketplaceIds": ["NOWHERE"]},
        {"reportType": "GET_MERCHANT_LISTINGS_DATA", "marketplaceIds": []},
        {"reportType": "GET_MERCHANT_LISTINGS_DATA", "marketplaceIds": [US], "dataStartTime": "2999-01-01T00:00:00Z"},
    ],
)
def test_wrong_reports_are_refused(client_of, body):
    assert client_of.call("POST", "/reports/2021-06-30/reports", body=body).status_code == 400
    assert not ReportRequest.objects.exists()


def test_reports_are_listed_cancelled_and_kept_apart(client_of):
    body = {"reportType": "GET_MERCHANT_LISTINGS_DATA", "marketplaceIds": [US]}
    numbers = [client_of.ok("POST", "/reports/2021-06-30/reports", body=body)["reportId"] for _ in range(3)]
    client_of.ok("DELETE", f"/reports/2021-06-30/reports/{numbers[0]}")
    client_of.ok("DELETE", f"/reports/2021-06-30/reports/{numbers[0]}")
    run_tasks()
    listed = client_of.ok("GET", "/reports/2021-06-30/reports", pageSize=2)
    assert [r["reportId"] for r in listed["reports"]] == numbers[:0:-1]
    rest = client_of.ok("GET", "/reports/2021-06-30/reports", pageSize=2, nextToken=listed["nextToken"])
    assert [r["processingStatus"] for r in rest["reports"]] == ["CANCELLED"]
    assert client_of.call("DELETE", f"/reports/2021-06-30/reports/{numbers[1]}").status_code == 400
    other = make_client(make_seller("Other"))
    assert other.get(f"/reports/2021-06-30/reports/{numbers[1]}").status_code == 404
    assert other.get(f"/reports/2021-06-30/documents/{listed['reports'][0]['reportDocumentId']}").status_code == 404


def test_a_report_that_is_made_twice_has_one_document(client_of):
    body = {"reportType": "GET_MERCHANT_LISTINGS_DATA", "marketplaceIds": [US]}
    client_of.ok("POST", "/reports/2021-06-30/reports", body=body)
    row = ReportRequest.objects.get()
    reports.make(row.pk)
    first = ReportRequest.objects.get().document_id
    reports.make(row.pk)
    assert ReportRequest.objects.get().document_id == first


def test_a_schedule_makes_each_report_once_and_skips_what_was_missed(client_of):
    begin = clock.now() + timedelta(hours=1)
    body = {
        "reportType": "GET_MERCHANT_LISTINGS_DATA",
        "marketplaceIds": [US],
        "period": "PT1H",
        "nextReportCreationTime": begin.isoformat(),
    }
    number = client_of.ok("POST", "/reports/2021-06-30/schedules", body=body)["reportScheduleId"]
    again = client_of.ok("POST", "/reports/2021-06-30/schedules", body=body)["reportScheduleId"]
    assert client_of.get(f"/reports/2021-06-30/schedules/{number}").status_code == 404
    assert reports.run_schedules(at=begin - timedelta(seconds=1)) == 0
    assert reports.run_schedules(at=begin + timedelta(hours=5, minutes=1)) == 1
    assert reports.run_schedules(at=begin + timedelta(hours=5, minutes=1)) == 0
    shown = client_of.ok("GET", f"/reports/2021-06-30/schedules/{again}")
    assert datetime.fromisoformat(shown["nextReportCreationTime"]) == (begin + timedelta(hours=6)).replace(
        microsecond=begin.microsecond // 1000 * 1000
    )
    listed = client_of.ok("GET", "/reports/2021-06-30/schedules", reportTypes="GET_MERCHANT_LISTINGS_DATA")
    assert [s["reportScheduleId"] for s in listed["reportSchedules"]] == [again]
    client_of.ok("DELETE", f"/reports/2021-06-30/schedules/{again}")
    assert not ReportSchedule.objects.filter(next_at__isnull=False).exists()
    assert ReportRequest.objects.get().schedule.number == again


def test_a_month_ends_on_its_last_day():
    assert periods.after(datetime(2024, 1, 31, tzinfo=UTC), "P1M") == datetime(2024, 2, 29, tzinfo=UTC)
    assert periods.after(datetime(2024, 12, 15, tzinfo=UTC), "P1M") == datetime(2025, 1, 15, tzinfo=UTC)


def test_money_is_told_as_the_books_have_it(client_of):
    order = placed_order(offer=make_offer(client_of.caller))
    give(client_of.seller, 1500)
    listed = client_of.ok("GET", "/finances/2024-06-19/transactions", postedAfter=LONG_AGO)["payload"]["transactions"]
    assert sum(t["totalAmount"]["currencyAmount"] for t in listed) == pytest.approx(order.total_minor / 100 + 15)
    query = {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": order.number}
    (one,) = client_of.ok("GET", "/finances/2024-06-19/transactions", **query)["payload"]["transactions"]
    assert one["transactionType"] == "Shipment"
    balances = client_of.ok("GET", "/finances/2024-06-19/balances", balanceType="TOTAL")["balances"]
    assert balances[0]["amount"]["currencyAmount"] == pytest.approx(order.total_minor / 100 + 15)
    (summary,) = client_of.ok("GET", "/finances/2024-06-19/summary")["summaries"]
    assert summary["netProceeds"]["currencyAmount"] == pytest.approx(order.total_minor / 100 + 15)
    (group,) = client_of.ok("GET", "/finances/v0/financialEventGroups")["payload"]["FinancialEventGroupList"]
    path = f"/finances/v0/financialEventGroups/{group['FinancialEventGroupId']}/financialEvents"
    events = client_of.ok("GET", path)["payload"]["FinancialEvents"]
    assert [e["AmazonOrderId"] for e in events["ShipmentEventList"] if "AmazonOrderId" in e] == [order.number]
    events = client_of.ok("GET", f"/finances/v0/orders/{order.number}/financialEvents")["payload"]["FinancialEvents"]
    assert len(events["ShipmentEventList"]) == 1
    other = make_client(make_seller("Other"))
    assert other.get(path).status_code == 404
    theirs = other.ok("GET", f"/finances/v0/orders/{order.number}/financialEvents")["payload"]["FinancialEvents"]
    assert theirs["ShipmentEventList"] == []


def test_money_comes_in_pages(client_of):
    for minor in (100, 200, 300):
        give(client_of.seller, minor)
    query = {"PostedAfter": LONG_AGO, "MaxResultsPerPage": 2}
    first = client_of.ok("GET", "/finances/v0/financialEvents", **query)["payload"]
    second = client_of.ok("GET", "/finances/v0/financialEvents", **query, NextToken=first["NextToken"])["payload"]
    assert "NextToken" not in second
    assert sum(len(v) for page in (first, second) for v in page["FinancialEvents"].values()) == 3


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("transactions", {}),
        ("transactions", {"postedAfter": LONG_AGO, "relatedIdentifierName": "ORDER_ID"}),
        ("transactions", {"postedAfter": "2022-02-02T00:00:00Z", "postedBefore": LONG_AGO}),
        ("balances", {"balanceType": "GOLD"}),
        ("balances", {"asOfDate": "2020-01-01"}),
        ("summary", {"periodStart": "soon"}),
    ],
)
def test_wrong_questions_about_money_are_refused(client_of, path, query):
    assert client_of.get(f"/finances/2024-06-19/{path}", **query).status_code == 400


def test_an_upload_takes_just_the_bytes_that_were_announced(client_of):
    data = b"%PDF-1.4 warranty"
    md5 = base64.b64encode(hashlib.md5(data).digest()).decode()
    resource = "messaging/v1/orders/123-1234567-1234567/messages/warranty"
    made = client_of.ok(
        "POST",
        f"/uploads/2020-11-01/uploadDestinations/{resource}",
        marketplaceIds=US,
        contentMD5=md5,
        contentType="application/pdf",
    )["payload"]
    address = made["url"].partition("testserver")[2]
    assert client_of.web.put(address, b"other").status_code == 400
    assert client_of.web.put(address, data, content_type="application/pdf").status_code == 200
    for bad in ({"contentMD5": "zz"}, {}):
        query = {"marketplaceIds": US, "contentMD5": md5, **bad}
        path = "aplus/2020-11-01/contentDocuments" if not bad else resource
        response = client_of.call("POST", f"/uploads/2020-11-01/uploadDestinations/{path}", **query)
        assert response.status_code == 400


def test_returns_reports_tell_what_came_back(client_of):
    from xml.etree import ElementTree

    from fondaco.orders.tests.factories import delivered_order
    from fondaco.returns.rules.reasons import Reason
    from fondaco.returns.tests.factories import ask
    from fondaco.spapi.report_types_returns import COLUMNS, REASON_CODES

    assert set(REASON_CODES) == set(Reason)
    order = delivered_order(offer=make_offer(client_of.caller, title="Mug & saucer"), item={"is_prime": True})
    ask(order, "DEFECTIVE")
    head, row = _lines(client_of, "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE")
    assert tuple(head) == COLUMNS
    told = dict(zip(head, row, strict=False))
    assert (told["Order ID"], told["Return Reason"], told["Is prime"]) == (order.number, "CR-DEFECTIVE", "Y")
    assert told["Label to be paid by"] == "Seller"
    (head, row) = [line[0] for line in _lines(client_of, "GET_CSV_MFN_PRIME_RETURNS_REPORT")]
    assert row.startswith(order.number)
    text = "\n".join("\t".join(line) for line in _lines(client_of, "GET_XML_RETURNS_DATA_BY_RETURN_DATE"))
    (entry,) = ElementTree.fromstring(text)
    assert entry.findtext("item_name") == "Mug & saucer"
    head, row = _lines(client_of, "GET_FLAT_FILE_MFN_SKU_RETURN_ATTRIBUTES_REPORT")
    assert row[2] == "Y"
