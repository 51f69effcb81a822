"""Handing in a file, calling it off, trying its failed rows again."""

from __future__ import annotations

import tempfile
from typing import IO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as N_

from fondaco import history
from fondaco.engine import clock, files
from fondaco.feeds import encoding, failed, nudges, rules, sniff
from fondaco.feeds.models import Batch, Chunk
from fondaco.feeds.queries import batch_for
from fondaco.feeds.rules import BatchState, ChunkState, Kind
from fondaco.kit import text
from fondaco.kit.errors import Invalid, Refusal
from fondaco.sellers.access import Caller
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability

DOCUMENTS = "documents"
MAX_BYTES = int(getattr(settings, "FONDACO_FEED_MAX_BYTES", 2 * 1024**3))


class FileTooLarge(Invalid):
    CODE = "feed_too_large"
    STATUS = 413
    WORDS = N_("The file has %(size_mb)s MB; at most %(limit_mb)s MB are accepted.")
    FIX = N_("Split the file. Every part needs the two header lines.")


class HalfUploaded(Invalid):
    CODE = "feed_half_uploaded"
    WORDS = N_("The upload broke off: %(received)s of %(expected)s bytes arrived.")
    FIX = N_("Send the file again. Nothing of it was used.")


class UnknownEncoding(Invalid):
    CODE = "unknown_encoding"
    WORDS = N_("%(encoding)s is not an encoding that can be read here.")
    FIX = N_("Choose one of the list, or save the file as UTF-8.")


class BatchOver(Refusal):
    CODE = "batch_over"
    WORDS = N_("This batch is over already.")
    FIX = N_("Send the file again if something in it is to change.")
    CLAUSE = "B-IMG-13"


class NothingToRetry(Refusal):
    CODE = "nothing_to_retry"
    WORDS = N_("No record of this batch failed.")


def submit(
    caller: Caller,
    *,
    file: IO[bytes],
    name: str = "",
    declared_encoding: str = "",
    expected_bytes: int | None = None,
    refetch: bool = False,
    request_key: str = "",
) -> Batch:
    """Hand in an inventory file or a JSON listings feed; it is read soon, by a task.

    `file` is streamed, never held whole. `expected_bytes` is what the sender announced. `refetch` fetches pictures
    again whose address did not change. The same `request_key` again answers the same batch.
    Raises FileTooLarge, HalfUploaded, UnknownEncoding, SellerRequired, Denied.
    """
    seller = caller.require_seller(Capability.EDIT_LISTINGS)
    if done := _of_request(seller, request_key):
        return done
    declared = _declared(declared_encoding)
    limited = _Limited(file, MAX_BYTES)
    sha256, size = files.put_file(DOCUMENTS, limited)  # type: ignore[arg-type]
    if expected_bytes is not None and size != expected_bytes:
        raise HalfUploaded(received=size, expected=expected_bytes)
    kind = Kind.JSON_LISTINGS if sniff.looks_like_json(head=limited.head) else Kind.INVENTORY
    return _write(
        caller,
        seller,
        Batch(
            kind=kind,
            file=sha256,
            size_bytes=size,
            file_name=text.shorten(text.line(_base(name), limit=10_000), 255),
            declared_encoding=declared,
            refetch=refetch,
            request_key=request_key[:64],
        ),
    )


def cancel(caller: Caller, *, number: str) -> Batch:
    """Call a batch off. Records that are through stay as they are; pictures on their way arrive.

    Cancelling a cancelled batch does nothing. Raises NotFound, Denied, BatchOver.
    """
    found = batch_for(caller, number)
    if not caller.sees_every_seller:
        caller.require(Capability.EDIT_LISTINGS, seller=found.seller)
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",), no_key=True).select_related("seller").get(pk=found.pk)
        if batch.state == BatchState.CANCELLED:
            return batch
        if not rules.may_cancel(state=BatchState(batch.state)):
            raise BatchOver(state=batch.state)
        Chunk.objects.filter(batch=batch, state=ChunkState.WAITING.value).update(state=ChunkState.CANCELLED.value)
        from fondaco.feeds.operations.finishing import close

        close(batch, state=BatchState.CANCELLED, at=clock.now())
        history.record(actor=caller, verb="feed.cancelled", subject=batch, about={"batch": batch.number})
    return batch


def retry_failed(caller: Caller, *, number: str, request_key: str = "") -> Batch:
    """A new batch with only the failed records of a batch that is done (as they were sent).

    Raises NotFound, Denied, BatchOver for one that is still open, NothingToRetry.
    """
    found = batch_for(caller, number)
    caller.require(Capability.EDIT_LISTINGS, seller=found.seller)
    if done := _of_request(found.seller, request_key):
        return done
    if found.state != BatchState.DONE:
        raise BatchOver(state=found.state)
    with tempfile.TemporaryFile() as spool:
        count = 0
        for piece, records in failed.pieces(found):
            spool.write(piece)
            count += records
        if not count:
            raise NothingToRetry
        spool.seek(0)
        sha256, size = files.put_file(DOCUMENTS, spool)
    return _write(
        caller,
        found.seller,
        Batch(
            kind=Kind.INVENTORY,
            file=sha256,
            size_bytes=size,
            file_name=text.shorten(f"{found.number}-retry.txt", 255),
            declared_encoding=encoding.UTF8,
            refetch=found.refetch,
            retry_of=found,
            request_key=request_key[:64],
        ),
    )


def _write(caller: Caller, seller: SellerAccount, batch: Batch) -> Batch:
    batch.seller, batch.person, batch.store, batch.submitted_at = seller, caller.person, seller.store, clock.now()
    for _ in range(5):
        try:
            with transaction.atomic():
                batch.save(force_insert=True)
                about = {"batch": batch.number, "file": batch.file_name, "bytes": batch.size_bytes}
                history.record(actor=caller, verb="feed.submitted", subject=batch, about=about, clause="B-IMG-13")
                nudges.plan(batch.pk)
            return batch
        except IntegrityError:
            if done := _of_request(seller, batch.request_key):
                return done
            batch.number = Batch._meta.get_field("number").get_default()
    raise IntegrityError("no free batch number in five tries")


def _of_request(seller: SellerAccount, request_key: str) -> Batch | None:
    return Batch.objects.filter(seller=seller, request_key=request_key[:64]).first() if request_key else None


def _declared(name: str) -> str:
    if not name.strip():
        return ""
    found = encoding.canonical(name)
    if found is None:
        raise UnknownEncoding(encoding=name[:40])
    return found


def _base(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1].replace("\0", "")


class _Limited:
    """A stream that refuses to go on beyond the limit, and remembers its first bytes."""

    def __init__(self, file: IO[bytes], limit: int) -> None:
        self._file, self._limit, self._taken = file, limit, 0
        self.head = b""

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._taken += len(piece)
        if len(self.head) < 4096:
            self.head += piece[:4096]
        if self._taken > self._limit:
            raise FileTooLarge(size_mb=f"{self._taken / 1e6:.0f}+", limit_mb=f"{self._limit / 1e6:.0f}")
        return piece
