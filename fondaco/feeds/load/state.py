"""What the catalogue says now about the SKUs of a chunk, as lines in the form of `wanted`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from fondaco.feeds.load import text
from fondaco.feeds.load.wanted import Shape

_IN_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Present:
    """A listing that exists. `line` holds the fields of the shape; `own` whether the seller created the product."""

    offer_id: str
    product_id: str
    own: bool
    status: str
    asin: str
    line: str


def present(*, seller_id: UUID, skus: Sequence[str], shape: Shape) -> dict[str, Present]:
    """The listings of these SKUs. Must run inside the chunk's transaction."""
    if not skus:
        return {}
    rows = (
        _from_postgres(seller_id, skus, shape)
        if connection.vendor == "postgresql"
        else _from_sqlite(seller_id, skus, shape)
    )
    return {row[0]: Present(row[1], row[2], row[3] == "t", row[4], row[5], row[6]) for row in rows}


def digest_of(lines: Iterable[str]) -> str:
    """One name for these lines, whatever their order."""
    hashed = hashlib.blake2b(digest_size=20)
    for line in sorted(lines):
        hashed.update(line.encode())
        hashed.update(b"\n")
    return hashed.hexdigest()


def outcome_line(sku: str, line: str) -> str:
    """A line with what it depends on besides: an active offer on a product of the seller's own."""
    return f"{sku}\tt\tactive\t{line}"


def present_outcome(*, seller_id: UUID, skus: Sequence[str], shape: Shape) -> str:
    """The digest of `outcome_line`s as the catalogue says them now; compares with a chunk's `outcome`."""
    if connection.vendor == "postgresql":
        # The same lines, but never taken apart: the server has put them into this form already.
        query = _query(shape, sql.SQL("o.sku, p.creator_id = o.seller_id, o.status"))
        lines = _copied(query, seller_id, skus).split("\n")
        lines.pop()
        return digest_of(lines)
    rows = _from_sqlite(seller_id, skus, shape)
    return digest_of(f"{text.as_text(row[0])}\t{row[3]}\t{row[4]}\t{row[6]}" for row in rows)


# --- PostgreSQL -------------------------------------------------------------------------------------------------------

_POSTGRES_OFFER = {
    "units_sellable": "CASE WHEN o.channel = 'marketplace' THEN '' ELSE o.units_sellable::text END",
}


def _query(shape: Shape, head: sql.Composable) -> sql.Composable:
    fields: list[sql.Composable] = [head]
    for _, name, _default in shape.offer:
        special = _POSTGRES_OFFER.get(name)
        fields.append(sql.SQL(special) if special else sql.SQL("o.{}").format(sql.Identifier(name)))
    fields += [sql.SQL("p.{}").format(sql.Identifier(name)) for _, name in shape.product]
    fields += [sql.SQL("coalesce(p.attributes->>{}, '')").format(sql.Literal(name)) for name in shape.attributes]
    families = sql.SQL("")
    if shape.families:
        fields.append(sql.SQL("coalesce(f.sku, '')"))
        families = sql.SQL(" LEFT JOIN feeds_familysku f ON f.product_id = p.parent_id AND f.seller_id = o.seller_id")
    return sql.SQL(
        "SELECT {} FROM catalogue_offer o JOIN catalogue_product p ON p.id = o.product_id{}"
        " WHERE o.seller_id = {{seller}} AND o.sku = ANY({{skus}}::varchar[])"
    ).format(sql.SQL(", ").join(fields), families)


def _copied(query: sql.Composable, seller_id: UUID, skus: Sequence[str]) -> str:
    """The answer of a query as one text: 20 fields as 20 Python objects each would cost more than the query."""
    with connection.cursor() as cursor:
        raw = cursor.cursor
        asked = sql.SQL("COPY ({}) TO STDOUT").format(
            sql.SQL(query.as_string(raw)).format(seller=sql.Literal(seller_id), skus=sql.Literal(list(skus)))
        )
        with raw.copy(asked) as answer:
            return b"".join(answer).decode()


def _from_postgres(seller_id: UUID, skus: Sequence[str], shape: Shape) -> list[list[str]]:
    head = sql.SQL("o.sku, o.id, o.product_id, p.creator_id = o.seller_id, o.status, p.asin")
    lines = _copied(_query(shape, head), seller_id, skus).split("\n")
    lines.pop()
    rows = [line.split("\t", 6) for line in lines]
    for row in rows:
        if len(row) == 6:
            row.append("")
        if "\\" in row[0]:
            row[0] = _unescaped(row[0])
    return rows


def _unescaped(value: str) -> str:
    return value.replace("\\\\", "\\")  # a SKU holds no other character that COPY escapes


# --- SQLite -----------------------------------------------------------------------------------------------------------


def _from_sqlite(seller_id: UUID, skus: Sequence[str], shape: Shape) -> list[list[str]]:
    offer = [name for _, name, _default in shape.offer]
    product = [name for _, name in shape.product]
    names = ["o.sku", "o.id", "o.product_id", "p.creator_id", "o.status", "p.asin", "o.channel", "p.attributes"]
    names += [f"o.{name}" for name in offer] + [f"p.{name}" for name in product]
    names += ["f.sku"] if shape.families else []
    join = " LEFT JOIN feeds_familysku f ON f.product_id = p.parent_id AND f.seller_id = o.seller_id"
    rows: list[list[str]] = []
    with connection.cursor() as cursor:
        for at in range(0, len(skus), _IN_AT_ONCE):
            some = skus[at : at + _IN_AT_ONCE]
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(
                f"SELECT {', '.join(names)} FROM catalogue_offer o JOIN catalogue_product p ON p.id = o.product_id"
                f"{join if shape.families else ''} WHERE o.seller_id = %s AND o.sku IN ({marks})",
                [seller_id.hex, *some],
            )
            rows += [_sqlite_row(found, seller_id.hex, shape, offer, len(product)) for found in cursor.fetchall()]
    return rows


def _sqlite_row(found: tuple[Any, ...], seller: str, shape: Shape, offer: Sequence[str], products: int) -> list[str]:
    sku, offer_id, product_id, creator, status, asin, channel, attributes = found[:8]
    values = [text.as_text(v) for v in found[8 : 8 + len(offer) + products]]
    if channel == "marketplace" and "units_sellable" in offer:
        values[offer.index("units_sellable")] = ""
    if shape.attributes:
        stated = json.loads(attributes or "{}")
        values += [text.as_text(stated.get(name) or "") for name in shape.attributes]
    if shape.families:
        values.append(text.as_text(found[-1] or ""))
    own = "t" if creator == seller else "f"
    return [sku, str(UUID(offer_id)), str(UUID(product_id)), own, status, asin, "\t".join(values)]
