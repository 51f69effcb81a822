"""The pages of inventory files."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fondaco.catalogue.models import Offer
from fondaco.engine.testing import run_tasks
from fondaco.feeds.models import Batch
from fondaco.feeds.tests.factories import send
from fondaco.feeds.tests.tables import kettle, text_of
from fondaco.sellers.rules import MemberRole, Role
from fondaco.sellers.tests.factories import make_caller, make_member, make_person, make_seller, make_staff, owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_seller()


@pytest.fixture
def signed_in(client, seller):
    client.force_login(owner_of(seller))
    return client


def upload(client, text: str, **fields):
    file = SimpleUploadedFile("goods.txt", text.encode(), content_type="text/plain")
    headers = fields.pop("headers", {})
    return client.post(reverse("feeds:upload"), {"file": file, **fields}, headers=headers)


@pytest.mark.spec("IMG-16", "IMG-23", "B-IMG-13")
def test_a_seller_uploads_a_file_and_reads_the_report(signed_in):
    answer = upload(signed_in, text_of([kettle(), kettle(sku="K2", price="cheap")]))
    batch = Batch.objects.get()
    assert answer.status_code == 302
    assert answer.url == reverse("feeds:batch", args=[batch.number])
    waiting = signed_in.get(answer.url)
    assert "Request submitted" in waiting.content.decode()
    assert 'hx-trigger="every 1s"' in waiting.content.decode()
    run_tasks()
    page = signed_in.get(answer.url).content.decode()
    assert "hx-trigger" not in page.split('id="feed-live"')[1].split(">")[0]
    assert "“cheap” is not a price." in page
    assert "LOCAL-VAL-05" in page
    assert "Retry failed rows" in page
    listed = signed_in.get(reverse("feeds:uploads")).content.decode()
    assert batch.number in listed
    assert "2 records processed, 1 successful, 1 with errors" in listed


def test_a_script_gets_json(signed_in):
    answer = upload(signed_in, text_of([kettle()]), headers={"accept": "application/json"})
    assert answer.json()["ok"] is True
    assert answer.json()["batches"] == [Batch.objects.get().number]
    wrong = signed_in.post(reverse("feeds:upload"), {}, headers={"accept": "application/json"})
    assert wrong.status_code == 422
    assert wrong.json()["ok"] is False


def test_the_same_form_sent_twice_makes_one_batch(signed_in):
    for _ in range(2):
        upload(signed_in, text_of([kettle()]), request_key="once")
    assert Batch.objects.count() == 1


def test_the_live_region_is_a_part_of_the_page(signed_in, seller):
    batch = send(make_caller(seller=seller), text_of([kettle()]), run=False)
    url = reverse("feeds:batch", args=[batch.number])
    region = signed_in.get(url, headers={"hx-request": "true", "hx-target": "feed-live"}).content.decode()
    assert "<html" not in region
    assert region.strip().startswith('<div id="feed-live"')
    assert "Read the file" in region


@pytest.mark.spec("B-IMG-12", "IMG-23")
def test_the_report_downloads_in_the_form_people_know(signed_in, seller):
    batch = send(make_caller(seller=seller), text_of([kettle(), kettle(sku="=1+1", price="x")]))
    answer = signed_in.get(reverse("feeds:report", args=[batch.number]))
    assert "attachment" in answer["Content-Disposition"]
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").split("\r\n")
    assert lines[1].endswith("\t2")
    assert lines[2].endswith("\t1")
    row = next(line for line in lines if line.startswith("2\t"))
    assert row.split("\t")[1:4] == ["'=1+1", "LOCAL-VAL-05", "error"]


def test_the_report_speaks_the_readers_language(signed_in, seller):
    batch = send(make_caller(seller=seller), text_of([kettle(price="x")]))
    signed_in.cookies["django_language"] = "vi"
    page = signed_in.get(
        reverse("feeds:batch", args=[batch.number]), headers={"accept-language": "vi"}
    ).content.decode()
    assert "không phải là một mức giá" in page


@pytest.mark.spec("IMG-25", "IMG-26")
def test_failed_rows_are_retried_with_one_button_or_mended_as_a_file(signed_in, seller):
    batch = send(make_caller(seller=seller), text_of([kettle(), kettle(sku="K2", price="x")]))
    answer = signed_in.post(reverse("feeds:retry", args=[batch.number]))
    again = Batch.objects.get(retry_of=batch)
    assert answer.url == reverse("feeds:batch", args=[again.number])
    run_tasks()
    again.refresh_from_db()
    assert (again.processed, again.successful) == (1, 0)
    file = b"".join(signed_in.get(reverse("feeds:failed", args=[batch.number])).streaming_content).decode()
    mended = send(make_caller(seller=seller), file.replace("\tx\t", "\t3.00\t"))
    assert mended.successful == 1
    assert Offer.objects.filter(sku="K2").exists()


def test_a_batch_is_cancelled(signed_in, seller):
    batch = send(make_caller(seller=seller), text_of([kettle()]), run=False)
    assert "Cancel the batch" in signed_in.get(reverse("feeds:batch", args=[batch.number])).content.decode()
    signed_in.post(reverse("feeds:cancel", args=[batch.number]))
    batch.refresh_from_db()
    assert batch.state == "CANCELLED"


def test_errors_are_filtered_by_type_and_code(signed_in, seller):
    batch = send(make_caller(seller=seller), text_of([kettle(price="x"), kettle(sku="K2", condition_note="a scratch")]))
    url = reverse("feeds:batch", args=[batch.number])
    warnings = signed_in.get(url, {"type": "warning"}).content.decode()
    assert "A condition note on a new item" in warnings
    assert "is not a price." not in warnings.split("<tbody>")[1]
    coded = signed_in.get(url, {"code": "LOCAL-VAL-05"}).content.decode()
    assert "A condition note" not in coded.split("<tbody>")[1]


def test_templates_download_and_go_back_in(signed_in, seller):
    blank = signed_in.get(reverse("feeds:template")).content
    assert blank.decode("utf-8-sig").split("\r\n")[1].startswith("sku\tproduct-id")
    example = re.sub(rb"https://[^\t]+", b"", signed_in.get(reverse("feeds:example")).content)
    batch = send(make_caller(seller=seller), example)
    assert batch.created == 1
    assert {i.fault for i in batch.issues.all()} <= {"sku-unknown", "attribute-missing"}


def who(role, seller):
    if role == "owner":
        return owner_of(seller)
    if role == "viewer":
        person = make_person("Viewer")
        make_member(person, seller, MemberRole.VIEWER)
        return person
    if role == "other":
        return owner_of(make_seller("Other"))
    return make_staff(Role(role))


@pytest.mark.parametrize(
    ("role", "sees", "cancels"),
    [
        ("owner", 200, "CANCELLED"),
        ("viewer", 200, "REQUEST_SUBMITTED"),
        ("other", 404, "REQUEST_SUBMITTED"),
        ("support", 200, "CANCELLED"),
    ],
)
def test_who_may_see_and_cancel_a_batch(client, seller, role, sees, cancels):
    batch = send(make_caller(seller=seller), text_of([kettle()]), run=False)
    client.force_login(who(role, seller))
    assert client.get(reverse("feeds:batch", args=[batch.number])).status_code == sees
    assert client.get(reverse("feeds:report", args=[batch.number])).status_code == sees
    client.post(reverse("feeds:cancel", args=[batch.number]))
    batch.refresh_from_db()
    assert batch.state == cancels


def test_nobody_uploads_without_signing_in(client):
    assert client.get(reverse("feeds:upload")).status_code == 302
    assert io.BytesIO(b"") is not None
    assert upload(client, "x").status_code == 302
    assert not Batch.objects.exists()


@pytest.mark.spec("B-IMG-12")
def test_the_json_report_names_each_message_when_the_feed_asks_for_it(signed_in, seller):
    good = {
        "messageId": 1,
        "sku": "J1",
        "operationType": "UPDATE",
        "productType": "KETTLE",
        "attributes": {
            "item_name": [{"value": "A kettle"}],
            "purchasable_offer": [{"currency": "USD", "our_price": [{"schedule": [{"value_with_tax": 39.9}]}]}],
            "fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 4}],
            "material": [{"value": "steel"}],
        },
    }
    poor = good | {"messageId": 2, "sku": "J2", "attributes": {"item_name": [{"value": "x"}]}}
    senseless = {"messageId": 3, "sku": "J3", "operationType": "NO"}

    def items(**header):
        head = {"sellerId": seller.number, "version": "2.0", **header}
        batch = send(
            make_caller(seller=seller),
            json.dumps({"header": head, "messages": [good, poor, senseless]}),
            name="feed.json",
        )
        answer = signed_in.get(reverse("feeds:report", args=[batch.number]), {"form": "json"})
        return json.loads(b"".join(answer.streaming_content)).get("items")

    assert items() is None
    first, second, third = items(report={"includedData": ["identifiers", "issues", "weather"]})
    asin = Offer.objects.get(sku="J1").product.asin
    assert first == {
        "messageId": 1,
        "sku": "J1",
        "status": "ACCEPTED",
        "identifiers": [{"marketplaceId": "ATVPDKIKX0DER", "asin": asin}],
        "issues": [],
    }
    assert (second["sku"], second["status"], second["identifiers"]) == ("J2", "INVALID", [])
    assert {issue["severity"] for issue in second["issues"]} == {"ERROR"}
    assert (third["messageId"], third["sku"], third["status"]) == (3, "J3", "INVALID")
    assert "identifiers" not in items(report={"includedData": ["issues"]})[0]
