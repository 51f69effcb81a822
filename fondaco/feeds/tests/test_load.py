"""Writing to the catalogue: nothing is left out, nothing counts twice, also when two files come at once."""

from __future__ import annotations

import threading
import uuid
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fondaco.catalogue.models import BarcodeHold, Offer, Product, StockMovement
from fondaco.engine.testing import forget_tasks, run_tasks
from fondaco.feeds.columns import CLEAR
from fondaco.feeds.load import insert, text
from fondaco.feeds.models import Batch, Chunk, RowIssue
from fondaco.feeds.operations import planning, running
from fondaco.feeds.tests.factories import seller_caller, send
from fondaco.feeds.tests.tables import kettle, text_of


@pytest.mark.parametrize(
    ("model", "stated"), [(Product, insert.PRODUCT), (Offer, insert.OFFER), (StockMovement, insert.MOVEMENT)]
)
def test_a_new_row_states_every_column_that_must_be_stated(model, stated):
    needed = {f.column for f in model._meta.concrete_fields if not f.null}
    known = {f.column for f in model._meta.concrete_fields}
    assert needed <= set(stated) <= known


def test_new_rows_state_the_models_own_defaults():
    defaults = {"units_reserved": 0, "units_away": 0, "request_key": "", "image_status": "missing", "status": "active"}
    for name, value in defaults.items():
        assert Offer._meta.get_field(name).get_default() == value
    for name, value in {"searchable": False, "held_reason": "image_missing", "hazmat_class": "none"}.items():
        assert Product._meta.get_field(name).get_default() == value


def test_ids_are_version_seven_and_ascend():
    made = text.ids(5000)
    assert len(set(made)) == 5000
    assert made == sorted(made)
    assert {uuid.UUID(i).version for i in made} == {7}


def test_asins_have_their_form():
    made = text.asins(2000)
    assert len(set(made)) == 2000
    assert all(len(a) == 10 and a.startswith("F0") and a.isalnum() and a.isascii() and a == a.upper() for a in made)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30), min_size=1, max_size=5))
def test_text_survives_escaping(values):
    assert [insert._plain(v) for v in text.escaped(values)] == values


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\t\n\r"), max_size=30), min_size=1, max_size=4)
)
def test_titles_are_folded_as_search_folds_them(titles):
    from fondaco.kit.text import fold

    wanted = [fold(title)[:400] for title in titles]
    if all(title == title.strip() for title in titles):
        assert list(text.title_keys(titles)) == wanted


@pytest.mark.django_db
def test_letters_that_databases_trip_over_arrive_as_they_were_sent():
    nasty = ["\\N", "\\.", "a\\tb", "tab\\", "'; DROP TABLE x;--", "%s %(a)s", '5" "quoted"', "Ấm 藍 😀", "\\\\"]
    caller = seller_caller()
    rows = [kettle(sku=f"N{n}", item_name=value, description=value, brand=value) for n, value in enumerate(nasty)]
    batch = send(caller, text_of(rows))
    assert batch.successful == len(nasty)
    got = {o.sku: o.product for o in Offer.objects.select_related("product")}
    for n, value in enumerate(nasty):
        assert (got[f"N{n}"].title, got[f"N{n}"].description, got[f"N{n}"].brand) == (value, value, value)
    assert send(caller, text_of(rows)).same == len(nasty)


ON_POSTGRESQL = pytest.mark.skipif(connection.vendor != "postgresql", reason="COPY and keys of PostgreSQL")
OFFER_COLUMNS = {
    "sku": ["S1"],
    "condition": ["new"],
    "condition_note": [""],
    "price_minor": ["100"],
    "channel": ["seller"],
    "handling_days": ["1"],
    "restock_date": [text.NULL],
}
REFERENCES = {
    "catalogue_product": {"creator_id": "sellers_selleraccount", "parent_id": "catalogue_product"},
    "catalogue_offer": {"seller_id": "sellers_selleraccount", "product_id": "catalogue_product"},
    "catalogue_stockmovement": {"offer_id": "catalogue_offer"},
}


@pytest.mark.django_db(transaction=True)
@ON_POSTGRESQL
def test_rows_that_vouch_for_each_other_refer_to_rows_that_are_there():
    assert insert._may_vouch(connection.alias)
    send(seller_caller(), text_of(kettle(sku=f"S{n}", quantity=str(n % 3)) for n in range(60)))
    assert Offer.objects.count() == 60
    with connection.cursor() as cursor:
        for table, references in REFERENCES.items():
            for column, there in references.items():
                lost = f"SELECT count(*) FROM {table} t WHERE {column} IS NOT NULL AND NOT EXISTS"
                cursor.execute(f"{lost} (SELECT 1 FROM {there} u WHERE u.id = t.{column})")
                assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
@ON_POSTGRESQL
@pytest.mark.parametrize("may", [True, False])
def test_a_seller_who_is_gone_gets_no_rows_whoever_looks_the_key_up(monkeypatch, may):
    monkeypatch.setattr(insert, "_may_vouch", lambda alias: may)
    nobody = insert.Terms(
        seller_id=str(uuid.uuid4()), store="US", currency="USD", cause="batch 1", at=datetime.now(tz=UTC)
    )
    with pytest.raises(IntegrityError), transaction.atomic(), insert._references_shown(nobody):
        insert._insert_offers(OFFER_COLUMNS, [str(uuid.uuid4())], text.ids(1), ["1"], nobody)
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)


@pytest.mark.django_db
@ON_POSTGRESQL
def test_nothing_but_keys_would_fire_on_rows_that_vouch_for_each_other():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = ANY(%s::regclass[])", [list(REFERENCES)]
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])",
            [list(REFERENCES)],
        )
        assert len(cursor.fetchall()) == sum(map(len, REFERENCES.values())) + 1  # main_picture: new products have none


@pytest.mark.django_db(transaction=True)
def test_two_files_with_the_same_skus_at_once_make_each_listing_once():
    caller = seller_caller()
    skus = [f"S{n}" for n in range(300)]
    one = send(caller, text_of(kettle(sku=s) for s in skus), run=False)
    two = send(caller, text_of(kettle(sku=s, price="41.00") for s in reversed(skus)), run=False)
    at_once(one, two)
    assert Offer.objects.count() == Product.objects.count() == 300
    done = Chunk.objects.order_by("batch_id").values_list("created", "changed", "same")
    assert sum(created for created, _, _ in done) == 300
    assert sum(changed + same for _, changed, same in done) == 300
    assert set(Offer.objects.values_list("price_minor", flat=True)) in ({3990}, {4100})
    assert_stock_adds_up()


@pytest.mark.django_db(transaction=True)
def test_two_sellers_with_the_same_barcodes_at_once_share_each_product(monkeypatch):
    codes = [f"20000000{n:04d}" for n in range(30)]
    codes = [code + str(-sum(int(d) * (3 if k % 2 else 1) for k, d in enumerate(code)) % 10) for code in codes]
    batches = []
    for name, order in (("Harbor Goods", codes), ("Second Cup", codes[::-1])):
        rows = [kettle(sku=f"S{code}", **{"product-id": code, "product-id-type": "EAN"}) for code in order]
        batches.append(send(seller_caller(name), text_of(rows), run=False))
    meet_before_writing(monkeypatch)
    at_once(*batches)
    assert (Product.objects.count(), Offer.objects.count()) == (30, 60)
    assert {p.offers.count() for p in Product.objects.prefetch_related("offers")} == {2}
    assert not BarcodeHold.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_files_with_the_same_variation_at_once_add_it_once(monkeypatch):
    caller = seller_caller()
    send(
        caller,
        text_of([kettle(sku="P", product_type="shirt", parentage="parent", variation_theme="SizeColor", quantity="")]),
    )
    child = kettle(product_type="shirt", parent_sku="P", variation_theme="SizeColor", parentage="child", colour="red")
    batches = [send(caller, text_of([child | {"sku": sku, "size": "S"}]), run=False) for sku in ("ONE", "TWO")]
    meet_before_writing(monkeypatch)
    at_once(*batches)
    assert Offer.objects.count() == Product.objects.exclude(parent=None).count() == 1
    assert RowIssue.objects.filter(fault="variation-same").count() == 1


def meet_before_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each chunk that is about to write new listings waits a second for another one to come as far."""
    meeting, write = threading.Barrier(2), insert.insert

    def wait_and_write(**given: Any) -> list[str]:
        if given["new"].rows:
            with suppress(threading.BrokenBarrierError):
                meeting.wait(1)
        return write(**given)

    monkeypatch.setattr(insert, "insert", wait_and_write)


def at_once(*batches: Batch) -> None:
    """Works off these batches, each in a thread of its own, and then what is left to do."""
    forget_tasks()
    for batch in batches:
        planning.plan_batch(batch.pk)
    start = threading.Barrier(len(batches))
    errors: list[BaseException] = []

    def work(batch: Batch) -> None:
        try:
            start.wait(10)
            running.run_chunks(batch.pk)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(b,)) for b in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors
    run_tasks()


def assert_stock_adds_up() -> None:
    """Invariant of stock: what is sellable is the sum of the movements."""
    for offer in Offer.objects.prefetch_related("movements"):
        moved = sum(m.units if m.to_bucket == "sellable" else -m.units for m in offer.movements.all())
        assert moved == offer.units_sellable, offer.sku


SKUS = st.sampled_from(["A", "B", "C", "D"])
PRICES = st.integers(1, 99_999)
UNITS = st.integers(0, 50)


class Files(RuleBasedStateMachine):
    """Any files, in any order, with repetitions and killed workers, against a plain dictionary."""

    @initialize()
    def open_shop(self) -> None:
        self.caller = seller_caller()
        self.model: dict[str, dict] = {}
        self.last = ""

    def _send(self, rows: list[dict[str, str]]) -> Batch:
        self.last = text_of(rows)
        return send(self.caller, self.last)

    @rule(sku=SKUS, price=PRICES, units=UNITS, colour=st.sampled_from(["", "red", "blue"]))
    def full_record(self, sku, price, units, colour):
        self._send([kettle(sku=sku, price=f"{price / 100:.2f}", quantity=str(units), colour=colour)])
        self.model[sku] = {"price": price, "units": units, "colour": colour, "status": "active", "day": None}

    @rule(
        sku=SKUS,
        price=st.none() | PRICES,
        units=st.none() | UNITS,
        colour=st.sampled_from(["", "red", CLEAR]),
        day=st.sampled_from(["", "2027-01-02", CLEAR]),
    )
    def partial_record(self, sku, price, units, colour, day):
        row = {"sku": sku, "operation": "partial", "colour": colour, "restock-date": day}
        row["price"] = "" if price is None else f"{price / 100:.2f}"
        row["quantity"] = "" if units is None else str(units)
        self._send([row])
        if sku not in self.model:
            return
        known = self.model[sku]
        known["status"] = "active"
        known["price"] = known["price"] if price is None else price
        known["units"] = known["units"] if units is None else units
        known["colour"] = {"": known["colour"], CLEAR: ""}.get(colour, colour)
        known["day"] = {"": known["day"], CLEAR: None}.get(day, date(2027, 1, 2))

    @rule(sku=SKUS)
    def deletion(self, sku):
        self._send([{"sku": sku, "operation": "delete"}])
        if sku in self.model:
            self.model[sku]["status"] = "closed"

    @rule(sku=SKUS)
    def broken_record(self, sku):
        self._send([kettle(sku=sku, price="cheap")])

    @rule()
    def the_same_file_again(self):
        if self.last:
            before = list(Offer.objects.order_by("id").values()) if "delete" not in self.last else None
            send(self.caller, self.last)
            if before is not None:
                assert list(Offer.objects.order_by("id").values()) == before

    @rule()
    def a_chunk_done_twice(self):
        latest = Batch.objects.filter(seller=self.caller.seller, table__gt="").order_by("submitted_at", "id").last()
        if latest is None:
            return
        before = list(Offer.objects.order_by("id").values())
        Batch.objects.filter(pk=latest.pk).update(state="IN_PROGRESS")
        Chunk.objects.filter(batch=latest).update(state="WAITING", lease_until=None, attempts=0)
        running.run_chunks(latest.pk)
        forget_tasks()
        Batch.objects.filter(pk=latest.pk).update(state="DONE")
        assert list(Offer.objects.order_by("id").values()) == before

    @invariant()
    def the_shop_is_as_the_files_say(self):
        if not hasattr(self, "model"):
            return
        rows = Offer.objects.filter(seller=self.caller.seller).select_related("product")
        found = {
            o.sku: {
                "price": o.price_minor,
                "units": o.units_sellable,
                "colour": o.product.attributes.get("color", ""),
                "status": o.status,
                "day": o.restock_date,
            }
            for o in rows
        }
        assert found == self.model
        assert_stock_adds_up()


@pytest.mark.django_db
def test_any_files_in_any_order_leave_what_they_say():
    class Apart(Files):
        """Each run in a transaction of its own that is given up afterwards."""

        def __init__(self):
            super().__init__()
            self._atomic = transaction.atomic()
            self._atomic.__enter__()

        def teardown(self):
            forget_tasks()
            transaction.set_rollback(True)
            self._atomic.__exit__(None, None, None)

    Apart.TestCase.settings = settings(
        max_examples=12, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
    )
    Apart.TestCase("runTest").runTest()
