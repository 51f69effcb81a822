"""Documents: a place is reserved, bytes are sent to a signed address, and answered from another."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import IO, Any, cast
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_noop as N_

from fondaco.engine import clock, files
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.sellers.models import SellerAccount
from fondaco.spapi.models import Document

STORE = "documents"
HOLDS = timedelta(minutes=15)
MOST_BYTES = 100 * 1024 * 1024
_SALT = "fondaco.spapi.document"


class TicketRefused(Invalid):
    CODE = "document_address_expired"
    STATUS = 403
    WORDS = N_("This address of a document has expired or was changed.")
    FIX = N_("Ask for the document again; it answers with a new address.")


class DocumentTooLarge(Invalid):
    CODE = "document_too_large"
    STATUS = 413
    WORDS = N_("A document may have at most %(limit_mb)s MB.")


class WrongDigest(Invalid):
    CODE = "document_digest_differs"
    WORDS = N_("These bytes do not have the MD5 hash that was announced.")
    FIX = N_("Send the file again, whole.")


class DocumentThere(Refusal):
    CODE = "document_already_sent"
    WORDS = N_("Other bytes were sent for this document already.")
    FIX = N_("Create a new document.")


def reserve(seller: SellerAccount, *, kind: str, content_type: str, md5: str = "") -> Document:
    """A document without bytes; with `md5` (hex) only those bytes are taken."""
    return Document.objects.create(
        seller=seller, kind=kind, content_type=content_type[:120], md5=md5, created_at=clock.now()
    )


def keep(seller: SellerAccount, *, kind: str, content_type: str, source: IO[bytes], is_gzip: bool = False) -> Document:
    """A document with its bytes, made here."""
    sha256, size = files.put_file(STORE, source)
    at = clock.now()
    return Document.objects.create(
        seller=seller,
        kind=kind,
        content_type=content_type[:120],
        sha256=sha256,
        size_bytes=size,
        is_gzip=is_gzip,
        created_at=at,
        arrived_at=at,
    )


def ticket(document: Document, *, put: bool) -> str:
    """The signed part of a document's address: for sending up (`put`) or fetching, for a quarter of an hour."""
    until = int((clock.now() + HOLDS).timestamp())
    return signing.dumps([document.pk.hex, "put" if put else "get", until], salt=_SALT)


def receive(given: str, *, stream: Any, content_type: str) -> Document:
    """Keep the bytes of a reserved document. The same bytes again do nothing. Raises TicketRefused, DocumentTooLarge,
    DocumentThere."""
    document = _named(given, "put")
    limited = _Limited(stream)
    sha256, size = files.put_file(STORE, cast(IO[bytes], limited))
    if document.md5 and limited.md5 != document.md5:
        raise WrongDigest
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        if locked.sha256 and locked.sha256 != sha256:
            raise DocumentThere
        if not locked.sha256:
            locked.sha256, locked.size_bytes, locked.arrived_at = sha256, size, clock.now()
            locked.content_type = (locked.content_type or content_type)[:120]
            locked.save(update_fields=["sha256", "size_bytes", "arrived_at", "content_type"])
    return locked


def fetched(given: str) -> Document:
    """The document behind an address for fetching. Raises TicketRefused, NotFound while it has no bytes."""
    document = _named(given, "get")
    if not document.sha256:
        raise NotFound(what="document")
    return document


def document_of(seller: SellerAccount, document_id: str, *, kinds: tuple[str, ...]) -> Document:
    """A seller's document by its id as the interface says it. Raises NotFound."""
    try:
        pk = UUID(document_id.rsplit(".", 1)[-1])
    except ValueError:
        raise NotFound(what="document") from None
    found = Document.objects.filter(pk=pk, seller=seller, kind__in=kinds).first()
    if found is None:
        raise NotFound(what="document")
    return found


def public_id(document: Document) -> str:
    """The id as the interface says it."""
    return f"fondaco1.document.{document.pk}"


def _named(given: str, verb: str) -> Document:
    try:
        pk, allowed, until = signing.loads(given, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise TicketRefused from None
    if allowed != verb or until < clock.now().timestamp():
        raise TicketRefused
    found = Document.objects.filter(pk=UUID(pk)).first()
    if found is None:
        raise TicketRefused
    return found


class _Limited:
    """A stream that refuses to go on beyond the limit, and knows the MD5 of what it gave."""

    def __init__(self, source: Any) -> None:
        self._source, self._taken, self._hash = source, 0, hashlib.md5(usedforsecurity=False)

    @property
    def md5(self) -> str:
        return self._hash.hexdigest()

    def read(self, size: int = -1) -> bytes:
        piece = cast(bytes, self._source.read(size))
        self._taken += len(piece)
        if self._taken > MOST_BYTES:
            raise DocumentTooLarge(limit_mb=MOST_BYTES // (1024 * 1024))
        self._hash.update(piece)
        return piece
