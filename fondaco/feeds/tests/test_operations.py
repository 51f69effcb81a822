"""Whole batches: from a file to listings and a report."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.db import transaction

from fondaco.catalogue.models import ListingImage, Offer, Product, StockMovement
from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine import clock, holders
from fondaco.engine.testing import forget_tasks, run_tasks
from fondaco.feeds import failed, queries
from fondaco.feeds.columns import CLEAR
from fondaco.feeds.models import Batch, Chunk, FamilySku, RowIssue
from fondaco.feeds.operations import cancel, claims, planning, retry_failed, running, submitting, sweeping
from fondaco.feeds.operations.submitting import BatchOver, FileTooLarge, HalfUploaded, NothingToRetry, submit
from fondaco.feeds.rules import ROWS_PER_CHUNK, BatchState
from fondaco.feeds.tests.factories import seller_caller, send
from fondaco.feeds.tests.tables import COLUMNS, kettle, line, text_of
from fondaco.kit.errors import Denied, NotFound
from fondaco.sellers.rules import MemberRole
from fondaco.sellers.tests.factories import make_caller, make_member, make_person

pytestmark = pytest.mark.django_db


def found(batch: Batch) -> list[tuple[int, str, str]]:
    return list(queries.issues_of(batch).exclude(fault="attribute-missing").values_list("record", "sku", "fault"))


def test_a_file_becomes_products_offers_and_counted_units():
    caller = seller_caller()
    batch = send(
        caller, text_of([kettle(colour="blue", description="Two litres.\\nEnamel."), kettle(sku="K2", quantity="0")])
    )
    assert (batch.state, batch.processed, batch.successful, batch.created) == ("DONE", 2, 2, 2)
    offer = Offer.objects.get(seller=caller.seller, sku="KETTLE-1")
    assert (offer.price_minor, offer.units_sellable, offer.currency, offer.condition) == (3990, 5, "USD", "new")
    product = offer.product
    assert (product.title, product.title_key, product.brand) == ("Enamel kettle", "enamel kettle", "Hearth & Hill")
    assert product.description == "Two litres.\\nEnamel."
    assert product.attributes == {"color": "blue"}
    assert (product.creator_id, product.searchable, product.held_reason) == (caller.seller.pk, False, "image_missing")
    moves = StockMovement.objects.values_list("offer_id", "kind", "from_bucket", "to_bucket", "units", "cause")
    assert list(moves) == [(offer.pk, "count", "outside", "sellable", 5, f"batch {batch.number}")]
    assert Product.objects.count() == 2


@pytest.mark.spec("B-IMG-13")
def test_the_batch_has_an_id_and_goes_from_submitted_to_done():
    batch = send(seller_caller(), text_of([kettle()]), run=False)
    assert len(batch.number) == 12
    assert batch.number.isdecimal()
    assert batch.state == BatchState.REQUEST_SUBMITTED
    run_tasks()
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE
    assert batch.finished_at is not None


def snapshot():
    return (
        list(Product.objects.order_by("id").values()),
        list(Offer.objects.order_by("id").values()),
        list(StockMovement.objects.order_by("id").values()),
        list(ListingImage.objects.order_by("id").values()),
    )


@pytest.mark.parametrize("ending", ["", " \t"])
def test_the_same_file_again_changes_nothing(ending):
    caller = seller_caller()
    rows = [
        kettle(sku=f"K{n}", colour="blue", restock_date="2026-12-01", description='5" wide \\ "x"') for n in range(20)
    ]
    text = text_of(rows) + ending
    send(caller, text)
    before = snapshot()
    batch = send(caller, text)
    assert (batch.created, batch.changed, batch.same) == (0, 0, 20)
    assert (batch.processed, batch.successful) == (20, 20)
    assert snapshot() == before


def test_the_same_file_again_is_known_by_its_bytes_but_not_believed_blindly():
    caller = seller_caller()
    text = text_of([kettle(sku=f"K{n}") for n in range(3)])
    send(caller, text)
    assert Chunk.objects.get().outcome
    Offer.objects.filter(sku="K1").update(price_minor=1)
    batch = send(caller, text)
    assert (batch.changed, batch.same) == (1, 2)
    assert Offer.objects.get(sku="K1").price_minor == 3990


def test_a_changed_file_changes_only_what_it_says():
    caller = seller_caller()
    send(caller, text_of([kettle(), kettle(sku="K2")]))
    other = Offer.objects.get(sku="K2")
    batch = send(caller, text_of([kettle(price="41.00", quantity="3", item_name="Big kettle"), kettle(sku="K2")]))
    assert (batch.created, batch.changed, batch.same) == (0, 1, 1)
    offer = Offer.objects.select_related("product").get(sku="KETTLE-1")
    assert (offer.price_minor, offer.units_sellable, offer.product.title) == (4100, 3, "Big kettle")
    assert offer.product.title_key == "big kettle"
    assert sorted(StockMovement.objects.filter(offer=offer).values_list("from_bucket", "units")) == [
        ("outside", 5),
        ("sellable", 2),
    ]
    again = Offer.objects.get(sku="K2")
    assert again.updated_at == other.updated_at


def test_columns_that_the_file_does_not_have_are_left_alone():
    caller = seller_caller()
    send(caller, text_of([kettle(description="Long words.", handling_days="3")]))
    few = ["sku", "item-name", "product-type", "brand", "price", "quantity"]
    send(caller, text_of([kettle(price="9.00")], columns=few))
    offer = Offer.objects.select_related("product").get(sku="KETTLE-1")
    assert (offer.price_minor, offer.handling_days, offer.product.description) == (900, 3, "Long words.")


def test_a_partial_update_changes_one_thing_and_the_mark_for_empty_empties():
    caller = seller_caller()
    send(caller, text_of([kettle(restock_date="2026-12-01", colour="blue")]))
    rows = [{"sku": "KETTLE-1", "price": "5.00", "restock-date": CLEAR, "colour": CLEAR, "operation": "partial"}]
    batch = send(caller, text_of(rows))
    offer = Offer.objects.select_related("product").get(sku="KETTLE-1")
    assert (offer.price_minor, offer.restock_date, offer.units_sellable) == (500, None, 5)
    assert (offer.product.title, offer.product.attributes) == ("Enamel kettle", {})
    assert batch.changed == 1


def test_a_partial_update_or_deletion_of_an_unknown_sku_is_told():
    rows = [
        {"sku": "X", "price": "5.00", "operation": "partial"},
        {"sku": "Y", "operation": "delete"},
        {"sku": "Z", "main-image-url": "https://p.example/z.jpg", "operation": "partial"},
    ]
    batch = send(seller_caller(), text_of(rows))
    assert found(batch) == [(1, "X", "sku-unknown"), (2, "Y", "sku-unknown"), (3, "Z", "image-no-listing")]
    assert RowIssue.objects.get(sku="Z").code == "20005"
    assert batch.successful == 0


def test_deleting_ends_the_offer_and_sending_it_again_takes_it_up():
    caller = seller_caller()
    send(caller, text_of([kettle()]))
    batch = send(caller, text_of([{"sku": "KETTLE-1", "operation": "delete"}]))
    assert batch.deleted == 1
    assert Offer.objects.get().status == "closed"
    again = send(caller, text_of([{"sku": "KETTLE-1", "operation": "delete"}]))
    assert (again.deleted, again.same) == (0, 1)
    batch = send(caller, text_of([kettle()]))
    assert batch.changed == 1
    assert Offer.objects.get().status == "active"


def test_what_the_marketplace_removed_no_file_brings_back():
    caller = seller_caller()
    send(caller, text_of([kettle()]))
    Offer.objects.update(status="removed")
    batch = send(caller, text_of([kettle(price="1.00")]))
    assert found(batch) == [(1, "KETTLE-1", "offer-removed")]


def test_an_asin_joins_an_existing_product_and_leaves_its_facts():
    other = make_offer(title="Stoneware mug")
    run_tasks()
    caller = seller_caller("Second Cup")
    row = {
        "sku": "MUG",
        "product-id": other.product.asin,
        "price": "7.00",
        "quantity": "2",
        "item-name": "My own words",
    }
    batch = send(caller, text_of([row]))
    offer = Offer.objects.get(sku="MUG")
    assert (offer.product_id, batch.created) == (other.product_id, 1)
    assert Product.objects.get().title == "Stoneware mug"
    batch = send(caller, text_of([row | {"price": "8.00"}]))
    assert found(batch) == [(1, "MUG", "facts-not-yours")]
    assert (batch.changed, batch.successful, batch.warnings) == (1, 1, 1)


def test_unknown_asins_and_skus_of_other_products_are_told():
    caller = seller_caller()
    mine = make_offer(caller, sku="MUG")
    other = make_offer(caller, sku="CUP")
    run_tasks()
    rows = [
        {"sku": "A", "product-id": "F0AAAAAAAA", "price": "7.00", "quantity": "2"},
        {"sku": "MUG", "product-id": other.product.asin, "price": "7.00", "quantity": "2"},
    ]
    batch = send(caller, text_of(rows))
    assert found(batch) == [(1, "A", "product-id-unknown"), (2, "MUG", "sku-other-product")]
    mine.refresh_from_db()
    assert mine.price_minor == 1999


def test_a_barcode_joins_the_product_that_has_it_and_the_same_one_in_the_same_file():
    first, second = seller_caller(), seller_caller("Second Cup")
    barcode = {"product-id": "4006381333931", "product-id-type": "EAN"}
    rows = [kettle(**barcode), kettle(sku="USED", item_condition="UsedGood", **barcode), kettle(sku="PLAIN")]
    batch = send(first, text_of(rows))
    assert (found(batch), batch.created) == ([], 3)
    product = Product.objects.get(attributes__gtin="04006381333931")
    assert set(product.offers.values_list("sku", flat=True)) == {"KETTLE-1", "USED"}
    same_number = {"product-id": "0 4006381 33393 1", "product-id-type": "GTIN"}
    batch = send(second, text_of([kettle(sku="MINE", **same_number), kettle(sku="BAD", product_type="mug", **barcode)]))
    assert found(batch) == [(2, "BAD", "product-id-other-type")]
    assert Offer.objects.get(sku="MINE").product == product
    assert Product.objects.count() == 2
    again = send(second, text_of([kettle(sku="MINE", **same_number)]))
    assert (again.created, Product.objects.count()) == (0, 2)


def test_members_of_a_family_must_differ_in_its_theme():
    caller = seller_caller()
    parent = kettle(
        sku="P", product_type="shirt", parentage="parent", variation_theme="SizeColor", price="", quantity=""
    )
    child = kettle(product_type="shirt", parent_sku="P", variation_theme="SizeColor", parentage="child", colour="red")
    rows = [
        parent,
        child | {"sku": "C1", "size": "S"},
        child | {"sku": "C2", "size": "M"},
        child | {"sku": "C3", "size": "s", "colour": "Red"},
    ]
    batch = send(caller, text_of(rows))
    assert found(batch) == [(4, "C3", "variation-same")]
    batch = send(caller, text_of([child | {"sku": "C4", "size": "M"}, child | {"sku": "C2", "size": "L"}]))
    assert found(batch) == [(1, "C4", "variation-same")]
    assert Offer.objects.get(sku="C2").product.attributes["size"] == "L"
    again = send(caller, text_of([child | {"sku": "C1", "size": "S"}]))
    assert (found(again), again.same) == ([], 1)


def test_families_parents_come_first_wherever_they_stand():
    caller = seller_caller()
    child = kettle(product_type="shirt", parent_sku="P", variation_theme="size-colour", parentage="child", colour="red")
    parent = kettle(
        sku="P", product_type="shirt", parentage="parent", variation_theme="SizeColor", price="", quantity=""
    )
    text = text_of(
        [
            child | {"sku": "C1", "size": "S"},
            child | {"sku": "C2", "size": "M"},
            parent,
            child | {"sku": "C3", "parent-sku": "NO", "size": "L"},
        ]
    )
    batch = send(caller, text)
    assert found(batch) == [(4, "C3", "parent-unknown")]
    family = FamilySku.objects.get(sku="P").product
    assert {o.product.parent_id for o in Offer.objects.select_related("product")} == {family.pk}
    assert {o.product.variation_theme for o in Offer.objects.select_related("product")} == {"size_color"}
    assert not Offer.objects.filter(sku="P").exists()
    assert (batch.processed, batch.successful, batch.created) == (4, 3, 3)
    before = snapshot()
    again = send(caller, text)
    assert (again.created, again.changed, again.same) == (0, 0, 3)
    assert snapshot() == before
    batch = send(
        caller, text_of([child | {"sku": "C1", "size": "S", "parent-sku": "", "parentage": "", "variation-theme": ""}])
    )
    assert Offer.objects.get(sku="C1").product.parent_id is None


@pytest.mark.spec("IMG-17", "B-IMG-12")
def test_faults_of_rows_are_in_the_report_and_the_others_go_in():
    rows = [kettle(), kettle(sku="K2", price="cheap"), kettle(sku="K3"), kettle(sku="K4", quantity="")]
    batch = send(seller_caller(), text_of(rows))
    assert (batch.processed, batch.successful, batch.errors) == (4, 2, 2)
    assert found(batch) == [(2, "K2", "price-unreadable"), (4, "K4", "value-missing")]
    assert set(Offer.objects.values_list("sku", flat=True)) == {"KETTLE-1", "K3"}


def test_attributes_that_a_type_should_state_are_one_line_for_all_records():
    batch = send(seller_caller(), text_of([kettle(), kettle(sku="K2")]))
    rows = RowIssue.objects.filter(batch=batch, fault="attribute-missing")
    assert {(r.record, r.args["count"], r.type) for r in rows} == {(0, 2, "warning")}
    assert batch.successful == 2


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "file-empty"),
        (b"\xef\xbb\xbf \r\n", "file-empty"),
        (b"PK\x03\x04rest", "file-not-text"),
        (b"%PDF-1.7", "file-not-text"),
        (b"<html><body>no</body></html>", "file-not-text"),
        (b"x\nsku,item-name,price\n", "file-separator"),
        (b"sku\tprice\nA\t3\n", "file-header-missing"),
        (b"x\nname\tprice\n", "file-columns-missing"),
        (b"x\nsku\titem-name\n", "file-no-records"),
        ("x\nsku\n".encode("utf-32"), "file-encoding-unsupported"),
        (b"x\nsku\titem-name\nA\t" + bytes(range(0x80, 0x100)) * 2, "file-encoding-unknown"),
        (b"{", "json-unreadable"),
        (b'{"header": {"sellerId": "X", "version": "1"}, "messages": [{}]}', "json-version"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_reason(raw, fault):
    batch = send(seller_caller(), raw)
    assert batch.state == BatchState.FATAL
    assert (0, "", fault) in found(batch)
    assert not Offer.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-16-le"])
def test_letters_arrive_whole_whatever_the_encoding(encoding):
    title = "Ấm đun nước tráng men 藍色琺瑯水壺"
    batch = send(seller_caller(), text_of([kettle(item_name=title)]).replace("\n", "\r\n").encode(encoding))
    assert batch.state == BatchState.DONE
    assert Product.objects.get().title == title
    assert (queries.issues_of(batch).filter(type="error").count(), batch.records) == (0, 1)


def test_an_encoding_may_be_declared():
    raw = text_of([kettle(item_name="Ấm"), kettle(sku="K2", item_name="Ga")]).replace("Ấm", "X").encode() + b"\xe9\n"
    raw = text_of([kettle(item_name="@")]).encode().replace(b"@", b"caf\xe9")
    batch = send(seller_caller(), raw, declared_encoding="latin-1")
    assert batch.encoding == "cp1252"
    assert Product.objects.get().title == "café"


def test_old_line_ends_work_too():
    batch = send(seller_caller(), text_of([kettle(), kettle(sku="K2")]).replace("\n", "\r"))
    assert (batch.state, batch.created) == (BatchState.DONE, 2)


def test_json_feeds_go_the_same_way():
    caller = seller_caller()
    price = [{"currency": "USD", "our_price": [{"schedule": [{"value_with_tax": 39.9}]}]}]
    stock = [{"fulfillment_channel_code": "DEFAULT", "quantity": 4}]
    message = {
        "messageId": 7,
        "sku": "J1",
        "operationType": "UPDATE",
        "productType": "KETTLE",
        "attributes": {
            "item_name": [{"value": 'A "big"\tkettle'}],
            "purchasable_offer": price,
            "fulfillment_availability": stock,
            "material": [{"value": "steel"}],
        },
    }
    bad = {"messageId": 9, "sku": "J2", "operationType": "NO"}
    worse = message | {
        "messageId": 11,
        "sku": "J3",
        "attributes": message["attributes"] | {"purchasable_offer": price[:0] or [{}]},
    }
    poor = message | {"messageId": 12, "sku": "J4", "attributes": {"item_name": [{"value": "x"}]}}
    document = {"header": {"sellerId": caller.seller.number, "version": "2.0"}, "messages": [message, bad, worse, poor]}
    batch = send(caller, json.dumps(document))
    assert batch.state == BatchState.DONE, found(batch)
    offer = Offer.objects.select_related("product").get()
    assert (offer.sku, offer.price_minor, offer.units_sellable) == ("J1", 3990, 4)
    assert (offer.product.title, offer.product.attributes) == ('A "big" kettle', {"material": "steel"})
    assert set(found(batch)) == {
        (9, "J2", "json-message"),
        (11, "J3", "json-attribute-shape"),
        (12, "J4", "value-missing"),
    }
    assert (batch.processed, batch.successful) == (4, 1)


# --- working safely ---------------------------------------------------------------------------------------------------


def test_a_chunk_done_twice_changes_nothing():
    caller = seller_caller()
    batch = send(caller, text_of([kettle(), kettle(sku="K2")]), run=False)
    planning.plan_batch(batch.pk)
    batch.refresh_from_db()
    assert running.run_chunks(batch.pk) == 1
    before = snapshot()
    Chunk.objects.update(state="WAITING", lease_until=None)
    assert running.run_chunks(batch.pk) == 1
    assert snapshot() == before
    assert Chunk.objects.get().same == 2


def test_a_killed_worker_leaves_nothing_and_another_takes_over(monkeypatch):
    caller = seller_caller()
    batch = send(caller, text_of([kettle()]), run=False)
    planning.plan_batch(batch.pk)
    batch = Batch.objects.select_related("seller").get(pk=batch.pk)
    chunk = claims.claim(batch)
    assert claims.claim(batch) is None
    assert running.run_chunks(batch.pk) == 0
    forget_tasks()
    Chunk.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    sweeping.nudge_open_batches()
    run_tasks()
    batch.refresh_from_db()
    assert (batch.state, batch.created) == (BatchState.DONE, 1)
    assert Chunk.objects.get().attempts == chunk.attempts + 1


def test_claims_of_a_process_that_is_gone_are_over_at_once(monkeypatch):
    caller = seller_caller()
    batch = send(caller, text_of([kettle()]), run=False)
    planning._claim(batch.pk)
    forget_tasks()
    sweeping.nudge_open_batches()
    run_tasks()
    batch.refresh_from_db()
    assert batch.state == BatchState.REQUEST_SUBMITTED, "this process lives and is planning"
    with monkeypatch.context() as restarted:
        restarted.setattr(holders, "is_gone", lambda name: name == holders.me())
        sweeping.nudge_open_batches()
    planning.plan_batch(batch.pk)
    batch = Batch.objects.select_related("seller").get(pk=batch.pk)
    claims.claim(batch)
    forget_tasks()
    with monkeypatch.context() as restarted:
        restarted.setattr(holders, "is_gone", lambda name: name == holders.me())
        sweeping.nudge_open_batches()
    run_tasks()
    batch.refresh_from_db()
    assert (batch.state, batch.created) == (BatchState.DONE, 1)


def test_a_chunk_over_which_a_worker_died_waits_behind_the_others():
    batch = send(seller_caller(), text_of([kettle(sku=f"K{n}") for n in range(ROWS_PER_CHUNK + 1)]), run=False)
    planning.plan_batch(batch.pk)
    batch = Batch.objects.select_related("seller").get(pk=batch.pk)
    first = claims.claim(batch)
    Chunk.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert claims.claim(batch).number != first.number


def test_a_worker_that_was_thought_dead_cannot_write_a_second_time():
    batch = send(seller_caller(), text_of([kettle()]), run=False)
    planning.plan_batch(batch.pk)
    batch = Batch.objects.select_related("seller", "person").get(pk=batch.pk)
    chunk = claims.claim(batch)
    Chunk.objects.update(attempts=chunk.attempts + 1)
    with submitting.files.open_file("documents", batch.table) as source, pytest.raises(running.LostClaim):
        running.do_chunk(running._bench(batch, source), chunk)
    assert not Offer.objects.exists()
    assert not RowIssue.objects.exists()


def test_losing_every_task_loses_no_batch():
    batch = send(seller_caller(), text_of([kettle()]), run=False)
    for _ in range(4):
        forget_tasks()
        Batch.objects.update(submitted_at=clock.now() - timedelta(minutes=2))
        sweeping.nudge_open_batches()
        run_tasks(limit=1) if False else None
        from fondaco.engine.testing import _held

        if _held:
            task = _held.pop(0)
            task.task.func(*task.args)
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE


def test_a_fault_of_ours_puts_the_chunk_back_and_at_last_aside(monkeypatch):
    batch = send(seller_caller(), text_of([kettle(), kettle(sku="K2")]), run=False)
    planning.plan_batch(batch.pk)

    def broken(*args, **kwargs):
        raise RuntimeError("out of order")

    monkeypatch.setattr(running.load, "apply", broken)
    for _ in range(8):
        Chunk.objects.update(lease_until=None)
        running.run_chunks(batch.pk)
    run_tasks()
    batch.refresh_from_db()
    assert (batch.state, batch.processed, batch.successful) == (BatchState.DONE, 2, 0)
    assert found(batch) == [(1, "", "rows-internal")]


def test_a_seller_has_only_so_many_workers(settings):
    caller = seller_caller()
    rows = [kettle(sku=f"K{n}") for n in range(10)]
    batch = send(caller, text_of(rows), run=False)
    planning.plan_batch(batch.pk)
    chunk = Chunk.objects.get()
    Chunk.objects.bulk_create(
        Chunk(batch=batch, seller_id=batch.seller_id, number=n, offset=chunk.offset, length=chunk.length, records=10)
        for n in range(1, 6)
    )
    batch = Batch.objects.select_related("seller").get(pk=batch.pk)
    claimed = [claims.claim(batch) for _ in range(5)]
    assert sum(c is not None for c in claimed) == claims.RUNNERS_PER_SELLER


def test_another_seller_may_take_the_same_sku():
    first, second = seller_caller("One"), seller_caller("Two")
    send(first, text_of([kettle()]))
    batch = send(second, text_of([kettle(price="1.00")]))
    assert batch.created == 1
    assert Offer.objects.get(seller=first.seller).price_minor == 3990


# --- cancel, retry, access --------------------------------------------------------------------------------------------


def test_cancelling_keeps_what_is_through_and_drops_the_rest():
    caller = seller_caller()
    batch = send(caller, text_of([kettle()]), run=False)
    planning.plan_batch(batch.pk)
    cancel(caller, number=batch.number)
    run_tasks()
    batch.refresh_from_db()
    assert (batch.state, batch.processed) == (BatchState.CANCELLED, 0)
    assert not Offer.objects.exists()
    assert cancel(caller, number=batch.number).state == BatchState.CANCELLED
    assert found(batch) == [(0, "", "batch-cancelled")]


def test_a_batch_that_is_over_cannot_be_cancelled():
    caller = seller_caller()
    batch = send(caller, text_of([kettle()]))
    with pytest.raises(BatchOver):
        cancel(caller, number=batch.number)


@pytest.mark.spec("IMG-25")
def test_only_the_failed_records_are_retried():
    caller = seller_caller()
    rows = [
        kettle(),
        kettle(sku="K2", parent_sku="P", parentage="child"),
        kettle(sku="K3", price="x", item_name='5" pot'),
    ]
    batch = send(caller, text_of(rows))
    assert batch.successful == 1
    send(caller, text_of([kettle(sku="P", parentage="parent", variation_theme="color", price="", quantity="")]))
    again = retry_failed(caller, number=batch.number)
    run_tasks()
    again.refresh_from_db()
    assert (again.retry_of_id, again.processed, again.successful, again.created) == (batch.pk, 2, 1, 1)
    assert found(again) == [(2, "K3", "price-unreadable")]


def test_the_failed_records_are_a_file_that_can_be_mended_and_sent():
    caller = seller_caller()
    batch = send(caller, text_of([kettle(), kettle(sku="K2", price="x", description='a "b"\tc'.replace("\t", " "))]))
    text = b"".join(piece for piece, _ in failed.pieces(batch)).decode("utf-8-sig")
    assert len(text.splitlines()) == 3
    done = send(caller, text.replace("\tx\t", "\t3.00\t"))
    assert (done.processed, done.successful, done.created) == (1, 1, 1)
    assert Offer.objects.get(sku="K2").product.description == 'a "b" c'


def test_nothing_to_retry_is_told():
    caller = seller_caller()
    batch = send(caller, text_of([kettle()]))
    with pytest.raises(NothingToRetry):
        retry_failed(caller, number=batch.number)


def test_the_same_request_makes_one_batch():
    caller = seller_caller()
    one = send(caller, text_of([kettle()]), run=False, request_key="form-1")
    two = send(caller, text_of([kettle()]), run=False, request_key="form-1")
    assert one.pk == two.pk


def test_what_is_too_large_or_half_there_is_refused(monkeypatch):
    caller = seller_caller()
    with pytest.raises(HalfUploaded):
        submit(caller, file=io.BytesIO(b"half"), expected_bytes=8)
    monkeypatch.setattr(submitting, "MAX_BYTES", 10)
    with pytest.raises(FileTooLarge):
        submit(caller, file=io.BytesIO(b"x" * 11))
    assert not Batch.objects.exists()


def test_strangers_do_not_find_a_batch_and_viewers_may_not_change_it():
    caller = seller_caller()
    batch = send(caller, text_of([kettle()]), run=False)
    with pytest.raises(NotFound):
        queries.batch_for(seller_caller("Other"), batch.number)
    viewer = make_person("Viewer")
    make_member(viewer, caller.seller, MemberRole.VIEWER)
    looking = make_caller(viewer, seller=caller.seller)
    assert queries.batch_for(looking, batch.number).pk == batch.pk
    with pytest.raises(Denied):
        cancel(looking, number=batch.number)
    with pytest.raises(Denied):
        send(looking, text_of([kettle()]))


@pytest.mark.spec("B-IMG-13")
def test_the_list_shows_the_last_ten_uploads():
    caller = seller_caller()
    numbers = [send(caller, text_of([kettle(sku=f"K{n}")]), run=False).number for n in range(12)]
    assert [b.number for b in queries.batches_of(caller, caller.seller)] == numbers[::-1][:10]


@pytest.mark.spec("B-IMG-13")
def test_a_small_batch_counts_as_stuck_after_an_hour():
    batch = send(seller_caller(), text_of([kettle()]), run=False)
    assert not queries.standing(batch, at=batch.submitted_at + timedelta(minutes=59)).is_stuck
    assert queries.standing(batch, at=batch.submitted_at + timedelta(minutes=61)).is_stuck
    batch.size_bytes = 6_000_000
    assert not queries.standing(batch, at=batch.submitted_at + timedelta(hours=7)).is_stuck
    assert queries.standing(batch, at=batch.submitted_at + timedelta(hours=9)).is_stuck


def test_progress_counts_rows_stage_by_stage():
    batch = send(seller_caller(), text_of([kettle(), kettle(sku="K2", price="x")]))
    now = queries.standing(batch, at=clock.now())
    assert [(s.stage.value, s.done, s.total) for s in now.stages][:3] == [
        ("PARSE", 2, 2),
        ("CHECK", 2, 2),
        ("UPSERT", 2, 2),
    ]
    assert (now.processed, now.successful, now.with_errors) == (2, 1, 1)
    assert now.stages[-1].is_complete


def test_a_rolled_back_submission_leaves_no_task():
    caller = seller_caller()
    try:
        with transaction.atomic():
            send(caller, text_of([kettle()]), run=False)
            raise RuntimeError
    except RuntimeError:
        pass
    assert not Batch.objects.exists()
    assert line(kettle(), COLUMNS)
