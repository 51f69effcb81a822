"""What must be true after the storm: everything that was accepted is there, once, and nothing else is."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from benchmarks.storm_goods import File, Good, Photo

SAMPLE = 300


def faults(seller: Any, sent: Sequence[File], photos: Sequence[Photo]) -> dict[str, list[str]]:
    """By kind of fault, what is wrong; empty lists when all is well."""
    goods = [good for file in sent for good in file.goods]
    found: dict[str, list[str]] = {
        "lost": [*_lost_offers(seller, goods), *_lost_pictures(seller, goods, photos)],
        "doubled": [*_doubled(seller, goods), *_doubled_events()],
        "counts": list(_wrong_counts(seller, goods)),
        "report": [line for file in sent for line in _wrong_report(seller, file)],
        "files": list(_wrong_files(goods)),
        "queue": list(_left_over()),
    }
    return found


def _lost_offers(seller: Any, goods: Sequence[Good]) -> Iterator[str]:
    from fondaco.catalogue.models import Offer

    there = set(Offer.objects.filter(seller=seller).values_list("sku", flat=True))
    yield from (f"offer {good.sku}" for good in goods if good.fault != "row" and good.sku not in there)


def _lost_pictures(seller: Any, goods: Sequence[Good], photos: Sequence[Photo]) -> Iterator[str]:
    """Each picture was decided; the good ones are displayed, first on their page, and found by search."""
    from fondaco.catalogue.models import ListingImage, Offer

    asked = [good for good in goods if good.fault != "row" and good.cells[-1]]
    rows = ListingImage.objects.filter(seller=seller).select_related("product")
    by_product = {row.product_id: row for row in rows}
    product_of = dict(Offer.objects.filter(seller=seller).values_list("sku", "product_id"))
    for good in asked:
        row = by_product.get(product_of.get(good.sku))
        if row is None:
            yield f"picture of {good.sku}: never submitted"
        elif fault := _wrong_picture(row, good.sha256):
            yield f"picture of {good.sku}: {fault}"
    by_asin = {row.product.asin: row for row in by_product.values()}
    for photo in photos:
        row = by_asin.get(photo.asin)
        fault = _wrong_picture(row, photo.sha256) if row else "never submitted"
        if fault:
            yield f"photo of {photo.asin}: {fault}"


def _wrong_picture(row: Any, digest: str) -> str:
    if not digest:
        return "" if row.state == "rejected" and row.reasons else f"is {row.state}, should be rejected with a reason"
    codes = [reason.get("code") for reason in row.reasons]
    if row.state != "displayed" or row.picture_id != digest or row.place != 0:
        return f"is {row.state} {codes}, place {row.place}, content {row.picture_id}"
    if row.product.main_picture_id != digest or not row.product.searchable:
        return f"is displayed, but its product is held back: {row.product.held_reason}"
    return ""


def _doubled(seller: Any, goods: Sequence[Good]) -> Iterator[str]:
    from django.db.models import Count

    from fondaco.catalogue.models import ListingImage, Offer, SearchDocument

    wanted = {good.sku for good in goods if good.fault != "row"}
    skus = Counter(Offer.objects.filter(seller=seller, sku__startswith="S-").values_list("sku", flat=True))
    yield from (f"offer {sku} × {n}" for sku, n in skus.items() if n != 1 or sku not in wanted)
    products = Offer.objects.filter(seller=seller).values("product").annotate(n=Count("id")).filter(n__gt=1)
    yield from (f"product {row['product']} has {row['n']} offers" for row in products)
    images = ListingImage.objects.values("product").annotate(n=Count("id")).filter(n__gt=1)
    yield from (f"product {row['product']} has {row['n']} submissions" for row in images)
    documents = SearchDocument.objects.filter(marks__startswith="store").count()  # held back, it names no store
    shown = ListingImage.objects.filter(state="displayed").count()
    if documents != shown:
        yield f"{documents} search documents for {shown} displayed listings"


def _doubled_events() -> Iterator[str]:
    """What happened once is told once."""
    from django.db.models import Count

    from fondaco.history.models import Event

    once = ("image.submitted", "image.displayed", "image.rejected", "feed.submitted", "feed.done", "product.searchable")
    rows = Event.objects.filter(verb__in=once).values("verb", "subject_id").annotate(n=Count("id")).filter(n__gt=1)
    yield from (f"event {row['verb']} of {row['subject_id']} × {row['n']}" for row in rows.order_by())


def _wrong_counts(seller: Any, goods: Sequence[Good]) -> Iterator[str]:
    """Units counted on the offer, the sum of its movements and what the file said are the same number."""
    from fondaco.catalogue.models import Offer, StockMovement

    moved: Counter[Any] = Counter()
    movements = StockMovement.objects.filter(offer__seller=seller)
    for offer_id, to, units in movements.values_list("offer_id", "to_bucket", "units"):
        moved[offer_id] += units if to == "sellable" else -units
    stated = {good.sku: good.quantity for good in goods}
    for pk, sku, units in Offer.objects.filter(seller=seller).values_list("pk", "sku", "units_sellable"):
        if not moved[pk] == units == stated.get(sku, units):
            yield f"{sku}: file {stated.get(sku)}, offer {units}, movements {moved[pk]}"


def _wrong_report(seller: Any, file: File) -> Iterator[str]:
    from fondaco.feeds.models import Batch, RowIssue

    made = list(Batch.objects.filter(seller=seller, file_name=file.name))
    if len(made) != 1 or file.numbers != {made[0].number}:
        yield f"{file.name}: answered {sorted(file.numbers)}, there are {[b.number for b in made]}"
        return
    batch = made[0]
    wrong = {n for n, good in enumerate(file.goods, 1) if good.fault}
    images = sum(bool(good.cells[-1]) for good in file.accepted())
    expected = ("DONE", len(file.goods), len(file.goods) - len(wrong), len(file.accepted()), images)
    stands = (batch.state, batch.processed, batch.successful, batch.created, batch.images)
    if stands != expected:
        yield f"{file.name}: report says {stands}, expected {expected}"
    told = Counter(
        RowIssue.objects.filter(batch=batch, type="error", record__gt=0).values_list("record", "fault", "attribute")
    )
    yield from (f"{file.name}: {key} told {n} times" for key, n in told.items() if n > 1)
    named = {record for record, _, _ in told}
    if named != wrong:
        yield f"{file.name}: names {sorted(named - wrong)[:5]} too many, {sorted(wrong - named)[:5]} too few"


def _wrong_files(goods: Iterable[Good]) -> Iterator[str]:
    """Of a sample: the original is there byte for byte, and every rendition that the page needs."""
    from fondaco.engine import files
    from fondaco.images.develop import page_recipes
    from fondaco.images.models import Picture
    from fondaco.images.operations import rendition_name

    digests = [good.sha256 for good in goods if good.sha256]
    for digest in digests[:: max(1, len(digests) // SAMPLE)]:
        picture = Picture.objects.filter(pk=digest).first()
        if picture is None or sha256(files.read("originals", digest)).hexdigest() != digest:
            yield f"original {digest}"
            continue
        for recipe in page_recipes(picture.width, picture.height):
            if not files.exists("renditions", rendition_name(digest, recipe)):
                yield f"rendition {recipe} of {digest}"


def waits() -> dict[str, int]:
    """What is not settled yet; all noughts when the storm's work is done. Lean renditions are left to quiet hours."""
    from fondaco.catalogue.models import ListingImage
    from fondaco.catalogue.rules import states
    from fondaco.feeds.models import Batch
    from fondaco.feeds.rules import OPEN_STATES

    waiting = [s.value for s in (*states.WAITING, states.ImageState.ELIGIBLE)]
    return {
        "batches": Batch.objects.filter(state__in=[s.value for s in OPEN_STATES]).count(),
        "pictures": ListingImage.objects.filter(state__in=waiting).count(),
        "tasks": _tasks().count(),
    }


def _tasks() -> Any:
    from dj_queue.models import Job

    aside = ("fondaco.engine.sweeps.sweep_all", "fondaco.catalogue.tasks.make_lean_pictures")
    return Job.objects.filter(finished_at=None).exclude(task_path__in=aside)


def _left_over() -> Iterator[str]:
    from dj_queue.models import ClaimedExecution, FailedExecution, Process

    from fondaco.engine.models import JobFailure

    yield from (f"task left: {job.task_path} {str(job.payload)[:80]} is {job.status}" for job in _tasks()[:20])
    yield from (f"put aside: {row.task} {row.last_error[:200]}" for row in JobFailure.objects.filter(dead=True))
    yield from (
        f"failed in the queue: {row.exception_class} {row.message}" for row in FailedExecution.objects.all()[:20]
    )
    if held := ClaimedExecution.objects.count():
        yield f"{held} tasks are held by nobody"
    # One that had to end itself hard is still on the list; the next sweep takes it off.
    if alive := [pid for pid in Process.objects.values_list("pid", flat=True) if _runs(pid)]:
        yield f"processes {alive} run after all have stopped"


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
