"""Finding products by the barcode on their package."""

from __future__ import annotations

from collections.abc import Collection
from itertools import batched
from uuid import UUID

from django.db import connection

_TOGETHER = 500
_VALUE = {"postgresql": "attributes->>'gtin'", "sqlite": "json_extract(attributes, '$.gtin')"}


def products_with_barcodes(gtins: Collection[str]) -> dict[str, tuple[UUID, str, str]]:
    """Id, ASIN and product type of the product with each of these numbers (fourteen digits); of several the oldest."""
    value = _VALUE[connection.vendor]  # as the index `product_gtin` has it
    found: dict[str, tuple[UUID, str, str]] = {}
    with connection.cursor() as cursor:
        for some in batched(sorted(gtins), _TOGETHER):
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(
                f"SELECT {value}, id, asin, product_type FROM catalogue_product WHERE {value} IN ({marks}) ORDER BY id",
                list(some),
            )
            for gtin, pk, asin, product_type in cursor.fetchall():
                found.setdefault(gtin, (pk if isinstance(pk, UUID) else UUID(pk), asin, product_type))
    return found
