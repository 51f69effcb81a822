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
    read = _from_postgres if connection.vendor == "postgresql" else _from_sqlite
    return {row[0]: Present(*row[1:]) for row in read(seller_id, skus, shape)}


def outcome_of(lines: Iterable[str]) -> str:
    """One name for these lines, whatever their order."""
    return hashlib.md5("\n".join(sorted(lines)).encode(), usedforsecurity=False).hexdigest()


def outcome_line(sku: str, line: str) -> str:
    """A line with what it depends on besides: an active offer on a product of the seller's own."""
    return f"{sku}\tt\tactive\t{line}"


def present_outcome(*, seller_id: UUID, skus: Sequence[str], shape: Shape) -> str:
    """The name of the lines as the catalogue says them now; compares with a chunk's `outcome`."""
    if connection.vendor != "postgresql":
        rows = _from_sqlite(seller_id, skus, shape)
        return outcome_of(f"{row[0]}\t{'t' if row[3] else 'f'}\t{row[4]}\t{row[6]}" for row in rows)
    # PostgreSQL puts the lines together and names them itself, so that a thousand rows come back as one word. By SKU is
    # by line: a line begins with its SKU, and the tab behind it sorts before all that a SKU can hold.
    line, join = _line(shape)
    whole = sql.SQL("concat(o.sku, E'\\t', p.creator_id = o.seller_id, E'\\t', o.status, E'\\t', {})").format(line)
    asked = sql.SQL("md5(string_agg({whole}, E'\\n' ORDER BY o.sku COLLATE \"C\"))").format(whole=whole)
    found = _ask(sql.SQL("SELECT {} {}").format(asked, join), seller_id, skus)
    return found[0][0] or outcome_of([])


# --- PostgreSQL -------------------------------------------------------------------------------------------------------

_SPECIAL = {
    "units_sellable": "CASE WHEN o.channel = 'marketplace' THEN '' ELSE o.units_sellable::text END",
    "restock_date": "coalesce(o.restock_date::text, '')",
}


def _line(shape: Shape) -> tuple[sql.Composable, sql.Composable]:
    """The expression of a listing's line, and the tables it reads. One text a row: twenty fields as twenty Python
    objects each would cost more than the query."""
    fields: list[sql.Composable] = []
    for _, name, _default in shape.offer:
        fields.append(sql.SQL(_SPECIAL[name]) if name in _SPECIAL else sql.SQL("o.{}").format(sql.Identifier(name)))
    fields += [sql.SQL("p.{}").format(sql.Identifier(name)) for _, name in shape.product]
    fields += [sql.SQL("p.attributes->>{}").format(sql.Literal(name)) for name in shape.attributes]
    tables = "FROM catalogue_offer o JOIN catalogue_product p ON p.id = o.product_id"
    if shape.families:
        fields.append(sql.SQL("f.sku"))
        tables += " LEFT JOIN feeds_familysku f ON f.product_id = p.parent_id AND f.seller_id = o.seller_id"
    line = sql.SQL("concat({})").format(sql.SQL(", E'\\t', ").join(fields)) if fields else sql.SQL("''")
    return line, sql.SQL(tables)


def _ask(query: sql.Composable, seller_id: UUID, skus: Sequence[str]) -> list[tuple[Any, ...]]:
    """Rows of these SKUs. They go as one text: a list of a thousand takes Python longer to write than the query."""
    where = sql.SQL(" WHERE o.seller_id = %s AND o.sku = ANY(string_to_array(%s, E'\\n')::varchar[])")
    with connection.cursor() as cursor:
        cursor.execute((query + where).as_string(cursor.cursor), [seller_id, "\n".join(skus)])
        return list(cursor.fetchall())


def _from_postgres(seller_id: UUID, skus: Sequence[str], shape: Shape) -> list[tuple[Any, ...]]:
    line, tables = _line(shape)
    head = sql.SQL("SELECT o.sku, o.id::text, o.product_id::text, p.creator_id = o.seller_id, o.status, p.asin, {} {}")
    return _ask(head.format(line, tables), seller_id, skus)


# --- SQLite -----------------------------------------------------------------------------------------------------------


def _from_sqlite(seller_id: UUID, skus: Sequence[str], shape: Shape) -> list[tuple[Any, ...]]:
    offer = [name for _, name, _default in shape.offer]
    product = [name for _, name in shape.product]
    names = ["o.sku", "o.id", "o.product_id", "p.creator_id", "o.status", "p.asin", "o.channel", "p.attributes"]
    names += [f"o.{name}" for name in offer] + [f"p.{name}" for name in product]
    names += ["f.sku"] if shape.families else []
    join = " LEFT JOIN feeds_familysku f ON f.product_id = p.parent_id AND f.seller_id = o.seller_id"
    rows: list[tuple[Any, ...]] = []
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


def _sqlite_row(
    found: tuple[Any, ...], seller: str, shape: Shape, offer: Sequence[str], products: int
) -> tuple[Any, ...]:
    sku, offer_id, product_id, creator, status, asin, channel, attributes = found[:8]
    values = ["" if v is None else str(v) for v in found[8 : 8 + len(offer) + products]]
    if channel == "marketplace" and "units_sellable" in offer:
        values[offer.index("units_sellable")] = ""
    if shape.attributes:
        stated = json.loads(attributes or "{}")
        values += [str(stated.get(name) or "") for name in shape.attributes]
    if shape.families:
        values.append(found[-1] or "")
    return sku, str(UUID(offer_id)), str(UUID(product_id)), creator == seller, status, asin, "\t".join(values)
