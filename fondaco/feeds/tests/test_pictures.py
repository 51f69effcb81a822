"""Files with addresses of pictures: from the address to the page, or to an error in the report."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import cv2
import numpy as np
import pytest

from fondaco.catalogue.models import ListingImage, Offer, Product
from fondaco.catalogue.tests.factories import make_jpeg
from fondaco.engine import clock
from fondaco.engine.fetch.tests.servers import serving
from fondaco.engine.testing import run_tasks
from fondaco.feeds import queries, words
from fondaco.feeds.columns import CLEAR
from fondaco.feeds.models import Batch, RowIssue
from fondaco.feeds.operations import finishing, retry_failed, sweeping
from fondaco.feeds.tests.factories import seller_caller, send
from fondaco.feeds.tests.tables import kettle, text_of

pytestmark = pytest.mark.django_db


def as_format(jpeg: bytes, ending: str) -> bytes:
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    return cv2.imencode(ending, pixels)[1].tobytes()


@contextmanager
def host(settings) -> Iterator[tuple[str, dict[str, tuple[int, str, bytes, str]]]]:
    """A host of pictures by path: status, type, body, Location. Yields its address and the shelf to fill."""
    shelf: dict[str, tuple[int, str, bytes, str]] = {}

    def answer(conn: socket.socket, request: bytes) -> bool:
        path = request.split(b" ", 2)[1].decode()
        status, kind, body, location = shelf.get(path, (404, "text/plain", b"no", ""))
        head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        head += f"Location: {location}\r\n" if location else ""
        conn.sendall(head.encode() + b"\r\n" + body)
        return True

    with serving(answer) as seen:
        settings.FONDACO_FETCH_ALLOW = [f"127.0.0.1:{seen.port}"]
        yield f"http://127.0.0.1:{seen.port}", shelf


def picture_file(url: str, names: list[str]) -> str:
    return text_of(kettle(sku=f"K{n}", main_image_url=f"{url}/{name}") for n, name in enumerate(names, 1))


def found(batch: Batch) -> list[tuple[int, str, str]]:
    rows = queries.issues_of(batch).exclude(fault="attribute-missing")
    return [(r.record, r.sku, r.code) for r in rows]


@pytest.mark.spec("IMG-16", "IMG-17", "IMG-20", "IMG-22", "IMG-24", "IMG-26", "B-IMG-12", "B-IMG-14", "Q-17", "Q-18")
def test_bad_image_locations_are_errors_and_mending_them_ends_without(settings):
    caller = seller_caller()
    jpeg = make_jpeg(seed=1)
    with host(settings) as (url, shelf):
        shelf["/good.jpg"] = (200, "image/jpeg", jpeg, "")
        shelf["/good.tif"] = (200, "image/tiff", as_format(make_jpeg(seed=2), ".tif"), "")
        shelf["/moved.jpg"] = (302, "text/html", b"", "/good.jpg")
        shelf["/popup.jpg"] = (200, "text/html", b"<html><img src=good.jpg></html>", "")
        shelf["/really.jpg"] = (200, "image/jpeg", as_format(make_jpeg(seed=3), ".png"), "")
        names = ["good.jpg", "good.tif", "moved.jpg", "popup.jpg", "really.jpg", "dead.jpg"]
        batch = send(caller, picture_file(url, names))
        assert (batch.state, batch.processed, batch.successful) == ("DONE", 6, 2)
        assert [(n, sku) for n, sku, _ in found(batch)] == [(3, "K3"), (4, "K4"), (5, "K5"), (6, "K6")]
        codes = [code for _, _, code in found(batch)]
        assert (codes[0], codes[1], codes[3]) == ("15", "15", "20000")
        assert codes[2] == "LOCAL-IMG-FORMAT-NOT-ACCEPTED"
        said = {i.record: i for i in map(words.said, queries.issues_of(batch))}
        for record in (3, 4):
            assert "The URL must be direct" in said[record].message
            assert said[record].clause == "IMG-22"
        assert "JPEG" in said[5].fix
        assert said[5].clause == "IMG-20"

        shelf["/three.jpg"] = (200, "image/jpeg", make_jpeg(seed=4), "")
        shelf["/four.jpg"] = (200, "image/jpeg", make_jpeg(seed=5), "")
        shelf["/five.jpg"] = (200, "image/jpeg", make_jpeg(seed=6), "")
        names[2:5] = ["three.jpg", "four.jpg", "five.jpg"]
        second = send(caller, picture_file(url, names))
        assert second.number != batch.number
        assert [n for n, _, _ in found(second)] == [6]
        assert (second.processed, second.successful) == (6, 5)

        shelf["/six.jpg"] = (200, "image/jpeg", make_jpeg(seed=7), "")
        third = send(caller, picture_file(url, [*names[:5], "six.jpg"]))
        assert (third.errors, third.successful) == (0, 6)
    assert Product.objects.filter(main_picture__isnull=False, searchable=True).count() == 6


def test_the_same_pictures_again_are_not_fetched_again_unless_asked(settings):
    caller = seller_caller()
    with host(settings) as (url, shelf):
        shelf["/a.jpg"] = (200, "image/jpeg", make_jpeg(seed=1), "")
        send(caller, picture_file(url, ["a.jpg"]))
        before = list(ListingImage.objects.values())
        again = send(caller, picture_file(url, ["a.jpg"]))
        assert list(ListingImage.objects.values()) == before
        assert (again.images, again.same, again.successful) == (0, 1, 1)
        assert again.finished_at is not None
        anew = send(caller, picture_file(url, ["a.jpg"]), refetch=True)
        assert anew.images == 1


def test_a_new_address_replaces_the_picture_when_it_proves_good_and_the_mark_for_empty_takes_it_away(settings):
    caller = seller_caller()
    with host(settings) as (url, shelf):
        shelf["/a.jpg"] = (200, "image/jpeg", make_jpeg(seed=1), "")
        shelf["/b.jpg"] = (200, "image/jpeg", make_jpeg(seed=2), "")
        send(caller, picture_file(url, ["a.jpg"]))
        send(caller, picture_file(url, ["missing.jpg"]))
        product = Product.objects.get()
        first = product.main_picture_id
        assert first
        send(caller, picture_file(url, ["b.jpg"]))
        product.refresh_from_db()
        assert product.main_picture_id not in (None, first)
        send(caller, text_of([{"sku": "K1", "main-image-url": CLEAR, "operation": "partial"}]))
        product.refresh_from_db()
        assert product.main_picture_id is None
        assert not product.searchable


def test_a_bad_picture_leaves_the_rest_of_its_record(settings):
    caller = seller_caller()
    with host(settings) as (url, _shelf):
        batch = send(caller, text_of([kettle(main_image_url=f"{url}/no.jpg", other_image_url1="kettle.jpg")]))
    assert Offer.objects.count() == 1
    assert found(batch) == [(1, "KETTLE-1", "15"), (1, "KETTLE-1", "20000")]
    assert (batch.processed, batch.successful, batch.errors) == (1, 0, 2)


def test_a_record_whose_picture_failed_is_retried(settings):
    caller = seller_caller()
    with host(settings) as (url, shelf):
        shelf["/a.jpg"] = (200, "image/jpeg", make_jpeg(seed=1), "")
        batch = send(caller, picture_file(url, ["a.jpg", "late.jpg"]))
        shelf["/late.jpg"] = (200, "image/jpeg", make_jpeg(seed=2), "")
        again = retry_failed(caller, number=batch.number)
        run_tasks()
    again.refresh_from_db()
    assert (again.processed, again.successful, again.errors) == (1, 1, 0)


def test_a_slow_host_is_waited_for_and_the_report_is_brought_up_to_date(settings):
    caller = seller_caller()
    with host(settings) as (url, shelf):
        shelf["/busy.jpg"] = (503, "text/plain", b"later", "")
        shelf["/mending.jpg"] = (503, "text/plain", b"later", "")
        batch = send(caller, picture_file(url, ["busy.jpg", "mending.jpg"]))
        assert batch.state == "IN_PROGRESS"
        assert not found(batch)
        Batch.objects.update(rows_done_at=clock.now() - finishing.PATIENCE - timedelta(seconds=1))
        finishing.finish_batch(batch.pk)
        batch.refresh_from_db()
        assert (batch.state, batch.successful, batch.warnings) == ("DONE", 2, 3)
        assert [c for _, _, c in found(batch)] == ["LOCAL-IMG-02"] * 2
        assert re.search(r"until .*\d", words.said(queries.issues_of(batch).get(record=1)).message)
        shelf["/mending.jpg"] = (200, "image/jpeg", make_jpeg(seed=3), "")
        del shelf["/busy.jpg"]
        ListingImage.objects.update(next_try_at=clock.now())
        from fondaco.catalogue.operations.batch import look_at_many

        look_at_many(list(ListingImage.objects.values_list("pk", flat=True)))
        assert sweeping.settle_late_pictures() == 1
        batch.refresh_from_db()
        assert found(batch) == [(1, "K1", "20000")]
        assert (batch.successful, batch.errors) == (1, 1)
        assert sweeping.settle_late_pictures() == 0
    assert not RowIssue.objects.filter(fault="image-still-trying").exists()


def test_pictures_go_to_their_slots(settings):
    caller = seller_caller()
    with host(settings) as (url, shelf):
        shelf["/a.jpg"] = (200, "image/jpeg", make_jpeg(seed=1), "")
        shelf["/b.jpg"] = (200, "image/jpeg", make_jpeg(seed=2), "")
        send(caller, text_of([kettle(main_image_url=f"{url}/a.jpg", other_image_url1=f"{url}/b.jpg")]))
    states = dict(ListingImage.objects.values_list("variant", "state"))
    assert states == {"MAIN": "displayed", "PT01": "displayed"}
    image = ListingImage.objects.get(variant="PT01")
    assert (image.method, image.batch_record) == ("feed", 1)
    assert image.batch_id == Batch.objects.get().pk
