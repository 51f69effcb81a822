"""JSON listing feeds become rows of a table."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fondaco.feeds import json_feed
from fondaco.feeds.columns import CLEAR
from fondaco.feeds.json_feed import Reading, Unreadable, header_issues, rows


def feed(*messages, header=None) -> bytes:
    return json.dumps({"header": header or {"sellerId": "A1", "version": "2.0"}, "messages": list(messages)}).encode()


def update(number=1, sku="KETTLE-1", **attributes):
    return {
        "messageId": number,
        "sku": sku,
        "operationType": "UPDATE",
        "productType": "KETTLE",
        "attributes": attributes or {"brand": [{"value": "Hearth & Hill"}]},
    }


def read(raw: bytes, **kwargs):
    reading = Reading()
    return list(rows(file=io.BytesIO(raw), reading=reading, **kwargs)), reading


def test_reads_the_published_example():
    example = feed(
        {"messageId": 1, "sku": "A", "operationType": "DELETE"},
        {
            "messageId": 2,
            "sku": "B",
            "operationType": "PARTIAL_UPDATE",
            "productType": "LUGGAGE",
            "attributes": {"fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 10}]},
        },
        update(3, "C", item_name=[{"value": "My Title", "language_tag": "en_US"}]),
        {
            "messageId": 4,
            "sku": "D",
            "operationType": "PATCH",
            "productType": "LUGGAGE",
            "patches": [
                {
                    "op": "replace",
                    "path": "/attributes/fulfillment_availability",
                    "value": [{"fulfillment_channel_code": "DEFAULT", "quantity": 3}],
                }
            ],
        },
        {
            "messageId": 5,
            "sku": "E",
            "operationType": "PATCH",
            "productType": "LUGGAGE",
            "patches": [{"op": "delete", "path": "/attributes/other_product_image_locator_2"}],
        },
    )
    made, reading = read(example)
    assert not reading.issues
    assert not header_issues(reading=reading, seller_id="A1")
    assert [m["operation"] for m in made] == ["delete", "partial", "update", "partial", "partial"]
    assert made[1]["quantity"] == "10"
    assert made[1]["restock-date"] == CLEAR
    assert made[2] == {
        "message-id": "3",
        "sku": "C",
        "operation": "update",
        "requirements": "LISTING",
        "product-type": "KETTLE",
        "item-name": "My Title",
    }
    assert made[4]["other-image-url2"] == CLEAR


def test_reads_price_pictures_family_and_own_attributes():
    made, reading = read(
        feed(
            update(
                purchasable_offer=[{"currency": "USD", "our_price": [{"schedule": [{"value_with_tax": 39.9}]}]}],
                main_product_image_locator=[{"media_location": "https://p.example/a.jpg", "marketplace_id": "X"}],
                child_parent_sku_relationship=[{"parent_sku": "P"}],
                variation_theme=[{"name": "SIZE/COLOR"}],
                material=[{"value": "steel"}],
                bullet_point=[{"value": "x"}],
            )
        ),
        attributes=frozenset({"material"}),
    )
    row = made[0]
    assert (row["price"], row["currency"], row["main-image-url"]) == ("39.9", "USD", "https://p.example/a.jpg")
    assert (row["parent-sku"], row["variation-theme"], row["attribute:material"]) == ("P", "SIZE/COLOR", "steel")
    assert [(i.record, i.fault, i.column) for i in reading.issues] == [(1, "json-attribute-unknown", "bullet_point")]


@pytest.mark.parametrize(
    "message",
    [
        "text",
        7,
        {},
        {"messageId": 0, "sku": "A", "operationType": "DELETE"},
        {"messageId": True, "sku": "A", "operationType": "DELETE"},
        {"messageId": 2**31, "sku": "A", "operationType": "DELETE"},
        {"messageId": 1, "sku": " ", "operationType": "DELETE"},
        {"messageId": 1, "sku": "A", "operationType": "EXPLODE"},
        {"messageId": 1, "sku": "A", "operationType": "DELETE", "productType": "X"},
        {"messageId": 1, "sku": "A", "operationType": "UPDATE", "attributes": {"a": []}},
        {"messageId": 1, "sku": "A", "operationType": "UPDATE", "productType": "X", "attributes": {}},
        {"messageId": 1, "sku": "A", "operationType": "PATCH", "productType": "X", "attributes": {"a": []}},
        {
            "messageId": 1,
            "sku": "A",
            "operationType": "UPDATE",
            "productType": "X",
            "attributes": {"a": []},
            "requirements": "ALL",
        },
    ],
)
def test_a_message_outside_the_schema_is_an_error_of_its_own(message):
    made, reading = read(feed(message, update(9, "GOOD")))
    assert [m["sku"] for m in made] == ["GOOD"]
    assert [i.fault for i in reading.issues] == ["json-message"]


@pytest.mark.parametrize("value", [[], "x", [3], [{}], [{"value": None}], [{"value": {"a": 1}}], {"value": "x"}])
def test_an_attribute_of_another_shape_is_told(value):
    made, reading = read(feed(update(item_name=value)))
    assert not made
    assert [(i.fault, i.column) for i in reading.issues] == [("json-attribute-shape", "item_name")]


def test_a_message_id_counts_once():
    made, reading = read(feed(update(4, "A"), update(4, "B")))
    assert [m["sku"] for m in made] == ["A"]
    assert [(i.record, i.fault, i.sku) for i in reading.issues] == [(4, "json-message-twice", "B")]


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ({"sellerId": "A1", "version": "1.0"}, "json-version"),
        ({"sellerId": "A2", "version": "2.0"}, "json-seller"),
        ({"version": "2.0"}, "json-header"),
        ([], "json-header"),
    ],
)
def test_the_header_is_checked(header, fault):
    raw = json.dumps({"header": header, "messages": [update()]}).encode()
    _, reading = read(raw)
    assert header_issues(reading=reading, seller_id="A1")[0].fault == fault


def test_the_header_may_come_last():
    raw = json.dumps({"messages": [update()], "header": {"sellerId": "A1", "version": "2.0"}}).encode()
    made, reading = read(raw)
    assert len(made) == 1
    assert not header_issues(reading=reading, seller_id="A1")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{",
        b'{"messages": [',
        b'{"messages": [{}',
        b'{"messages": [{}]} x',
        b"{'a': 1}",
        b"\xff{}",
        b'{"a": ' + b"[" * 100_000,
    ],
)
def test_what_is_no_json_says_where(raw):
    with pytest.raises(Unreadable) as caught:
        read(raw)
    assert caught.value.offset <= len(raw)


def test_more_than_25000_messages_are_refused():
    raw = b'{"header":{},"messages":[' + b",".join([b"1"] * 25_001) + b"]}"
    _, reading = read(raw)
    assert reading.fatal.fault == "json-too-many"


@pytest.mark.parametrize("encode", ["utf-8", "utf-8-sig", "utf-16"])
def test_letters_arrive_whole_in_every_encoding(encode):
    title = "Ấm đun nước 藍色琺瑯水壺"
    raw = json.dumps({"header": {}, "messages": [update(item_name=[{"value": title}])]}, ensure_ascii=False).encode(
        encode
    )
    assert read(raw)[0][0]["item-name"] == title


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=5), st.booleans())
def test_a_row_of_the_table_reads_back_to_its_cells(titles, ascii_only):
    from fondaco.feeds import table

    messages = [update(n, f"S{n}", item_name=[{"value": t}]) for n, t in enumerate(titles, 1)]
    raw = json.dumps({"header": {}, "messages": messages}, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    try:
        made, _ = read(raw)
    except Unreadable:
        return
    for cells in made:
        text = json_feed.table_line(cells=cells, keys=("sku", "item-name"))
        record = next(iter(table.records(text)))
        back = table.split_record(record)[0]
        assert back[0] == cells["sku"]
        if not any("\ud800" <= c <= "\udfff" for c in cells["item-name"]) and "\r" not in cells["item-name"]:
            assert back[1] == cells["item-name"]
