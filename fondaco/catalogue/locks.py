"""The catalogue's locks, and the one order in which they are taken: product, then offer, then image.

Every operation locks here, before it checks what it is about to change. On SQLite the transaction itself is the lock
(IMMEDIATE); on PostgreSQL rows are locked `FOR NO KEY UPDATE`, so that inserting an offer or an image of a locked
product does not wait. Several rows of a kind are locked by ascending id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from fondaco.catalogue.models import BarcodeHold, ListingImage, Offer, Product
from fondaco.engine.slots import prepared
from fondaco.kit.errors import NotFound


def product(product_id: UUID) -> Product:
    """The product, locked until the transaction ends. Raises NotFound."""
    return _one(products([product_id]))


def products(ids: Iterable[UUID]) -> list[Product]:
    """These products, locked, by ascending id; what does not exist is left out."""
    _require_transaction()
    return list(Product.objects.filter(pk__in=list(ids)).order_by("pk").select_for_update(no_key=True))


def barcodes(gtins: Collection[str]) -> None:
    """Waits for every other transaction that is making products with one of these barcodes, and makes later ones wait.

    Nothing that exists could be locked: the product is not there yet. So the number itself is put into a table with one
    place for each and taken out again at once; who puts in the same one waits until this transaction is over, and is
    not refused then. Only the same barcode waits: chunks of a file with different ones go on side by side.
    """
    _require_transaction()
    if connection.vendor == "postgresql" and gtins:
        table = BarcodeHold._meta.db_table
        with connection.cursor() as cursor:
            numbers = sorted(set(gtins))
            cursor.execute(f"INSERT INTO {table} SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", [numbers])
            cursor.execute(f"DELETE FROM {table} WHERE gtin = ANY(%s)", [numbers])


def offer(offer_id: UUID) -> Offer:
    """The offer, locked. Raises NotFound."""
    return _one(offers([offer_id]))


def offers(ids: Iterable[UUID]) -> list[Offer]:
    """These offers, locked, by ascending id."""
    _require_transaction()
    return _offers.all(*ids)


@prepared
def _offers(*ids: Any) -> QuerySet[Offer]:
    return Offer.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)


def image(image_id: UUID) -> ListingImage:
    """The submitted picture, locked; its product must be locked before. Raises NotFound."""
    return _one(images([image_id]))


def images(ids: Iterable[UUID]) -> list[ListingImage]:
    """These submitted pictures, locked, by ascending id."""
    _require_transaction()
    return list(ListingImage.objects.filter(pk__in=list(ids)).order_by("pk").select_for_update(no_key=True))


def _one[T](rows: list[T]) -> T:
    if not rows:
        raise NotFound
    return rows[0]


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a lock outside a transaction holds nothing")
