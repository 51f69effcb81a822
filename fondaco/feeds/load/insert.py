"""New listings: rows of products, offers and stock movements, written by COPY or by executemany."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import IntegrityError, connection, connections

from fondaco.feeds.load import text
from fondaco.feeds.load.wanted import Wanted, attribute_texts

# Column and kind of everything a new row states. A test holds these to the models: a column that is added there
# without a default in the database must be added here too.
PRODUCT = {
    "id": "uuid",
    "asin": "text",
    "product_type": "text",
    "title": "text",
    "title_key": "text",
    "brand": "text",
    "description": "text",
    "attributes": "text",
    "hazmat_class": "text",
    "parent_id": "uuid",
    "variation_theme": "text",
    "creator_id": "uuid",
    "searchable": "bool",
    "held_reason": "text",
    "created_at": "time",
    "updated_at": "time",
}
OFFER = {
    "id": "uuid",
    "seller_id": "uuid",
    "product_id": "uuid",
    "sku": "text",
    "store": "text",
    "condition": "text",
    "condition_note": "text",
    "price_minor": "int",
    "currency": "text",
    "channel": "text",
    "status": "text",
    "image_status": "text",
    "handling_days": "int",
    "restock_date": "text",
    "units_sellable": "int",
    "units_reserved": "int",
    "units_away": "int",
    "request_key": "text",
    "created_at": "time",
    "updated_at": "time",
}
MOVEMENT = {
    "id": "uuid",
    "offer_id": "uuid",
    "kind": "text",
    "from_bucket": "text",
    "to_bucket": "text",
    "units": "int",
    "cause": "text",
    "at": "time",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What all rows of a batch share."""

    seller_id: str
    store: str
    currency: str
    cause: str
    at: datetime


@dataclass(slots=True, kw_only=True)
class New:
    """Rows (indices of the chunk) to be written as new listings. `product_ids[n]` is an existing product to join, "" for a
    new one, or `=m` for the new one of `rows[m]`; `parents[n]` the id and theme of its family or ("", "")."""

    rows: list[int]
    product_ids: list[str]
    parents: list[tuple[str, str]]


def insert(*, wanted: Wanted, new: New, terms: Terms) -> list[str]:
    """Writes the listings; returns the product ids, row by row.

    An IntegrityError (a SKU or ASIN that another transaction took) leaves nothing: the chunk begins again.
    """
    if not new.rows:
        return []
    picked = _picked(wanted, new.rows)
    fresh = [n for n, product_id in enumerate(new.product_ids) if not product_id]
    made = text.ids(len(fresh))
    product_ids = list(new.product_ids)
    for n, product_id in zip(fresh, made, strict=True):
        product_ids[n] = product_id
    product_ids = [product_ids[int(pk[1:])] if pk.startswith("=") else pk for pk in product_ids]
    offer_ids = text.ids(len(new.rows))
    quantities = picked["units_sellable"]
    if "" in quantities:
        quantities = [q or "0" for q in quantities]
    only_ours = len(fresh) == len(new.rows) and not any(parent for parent, _ in new.parents)
    with _references_shown(terms) if only_ours else nullcontext():
        if fresh:
            _insert_products(wanted, new, fresh, made, terms)
        _insert_offers(picked, product_ids, offer_ids, quantities, terms)
        _insert_movements(offer_ids, quantities, terms)
    return product_ids


@contextmanager
def _references_shown(terms: Terms) -> Iterator[None]:
    """Inside, rows refer only to the seller and to rows that this very block writes: products with no family, their
    offers, the offers' movements. PostgreSQL would look each reference up by itself, three or four a row, a third of the
    database's work. Here the seller is locked once, in the way the key would lock it, and the other references hold
    because the same lists are written on both sides in one transaction. The keys stay on the tables for everybody else.

    Needs the right to set `session_replication_role`; without it, and on SQLite, every key is looked up as ever.
    """
    if connection.vendor != "postgresql" or not _may_vouch(connection.alias):
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sellers_selleraccount WHERE id = %s FOR KEY SHARE", [terms.seller_id])
        if cursor.fetchone() is None:
            raise IntegrityError("the seller is gone")
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


@cache
def _may_vouch(alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser') = 'on', current_setting('server_version_num')::int")
        superuser, version = cursor.fetchone()
        if superuser or version < 150_000:
            return bool(superuser)
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        return bool(cursor.fetchone()[0])


def _picked(wanted: Wanted, rows: Sequence[int]) -> dict[str, Sequence[str]]:
    if len(rows) == len(wanted):
        return wanted.columns
    return {name: [column[i] for i in rows] for name, column in wanted.columns.items()}


def _insert_products(wanted: Wanted, new: New, fresh: list[int], ids: list[str], terms: Terms) -> None:
    rows = [new.rows[n] for n in fresh]
    whole = len(rows) == len(wanted)
    columns = _picked(wanted, rows)
    clean = wanted.checked.columns
    titles = clean["item-name"] if whole else [clean["item-name"][i] for i in rows]
    attributes = attribute_texts(wanted.checked, wanted.shape.attributes)
    count, at = len(rows), terms.at.isoformat()
    none, empty = [text.NULL] * count, [""] * count
    families = any(p[0] for p in new.parents)
    themes = clean["variation-theme"]
    write(
        "catalogue_product",
        PRODUCT,
        [
            ids,
            text.asins(count),
            columns["product_type"],
            columns["title"],
            text.escaped(text.title_keys(titles)),
            columns["brand"],
            columns["description"],
            attributes if whole else [attributes[i] for i in rows],
            ["none"] * count,
            [new.parents[n][0] or text.NULL for n in fresh] if families else none,
            [new.parents[n][1] or (themes[new.rows[n]] if new.parents[n][0] else "") for n in fresh]
            if families
            else empty,
            [terms.seller_id] * count,
            ["f"] * count,
            ["image_missing"] * count,
            [at] * count,
            [at] * count,
        ],
    )


def _insert_offers(
    picked: dict[str, Sequence[str]], product_ids: list[str], ids: list[str], quantities: Sequence[str], terms: Terms
) -> None:
    count, at = len(ids), terms.at.isoformat()
    zero = ["0"] * count
    write(
        "catalogue_offer",
        OFFER,
        [
            ids,
            [terms.seller_id] * count,
            product_ids,
            picked["sku"],
            [terms.store] * count,
            picked["condition"],
            picked["condition_note"],
            picked["price_minor"],
            [terms.currency] * count,
            picked["channel"],
            ["active"] * count,
            ["missing"] * count,
            picked["handling_days"],
            picked["restock_date"],
            quantities,
            zero,
            zero,
            [""] * count,
            [at] * count,
            [at] * count,
        ],
    )


def _insert_movements(offer_ids: Sequence[str], quantities: Sequence[str], terms: Terms) -> None:
    if "0" in quantities:
        kept = [(o, q) for o, q in zip(offer_ids, quantities, strict=True) if q != "0"]
        offer_ids, quantities = [o for o, _ in kept], [q for _, q in kept]
    if offer_ids:
        _write_movements(offer_ids, ["outside"] * len(offer_ids), ["sellable"] * len(offer_ids), quantities, terms)


def movements(*, moved: Sequence[tuple[str, int]], terms: Terms) -> None:
    """Writes that the seller stated so many units more (or, negative, fewer) of these offers."""
    more = [units > 0 for _, units in moved]
    _write_movements(
        [offer for offer, _ in moved],
        ["outside" if m else "sellable" for m in more],
        ["sellable" if m else "outside" for m in more],
        [str(abs(units)) for _, units in moved],
        terms,
    )


def _write_movements(
    offers: Sequence[str], sources: Sequence[str], targets: Sequence[str], units: Sequence[str], terms: Terms
) -> None:
    count = len(offers)
    write(
        "catalogue_stockmovement",
        MOVEMENT,
        [
            text.ids(count),
            offers,
            ["count"] * count,
            sources,
            targets,
            units,
            [terms.cause] * count,
            [terms.at.isoformat()] * count,
        ],
    )


def write(table: str, kinds: dict[str, str], columns: Sequence[Sequence[str]]) -> None:
    """Rows given as columns of COPY text, into `table`."""
    if connection.vendor == "postgresql":
        _copy(table, list(kinds), columns)
        return
    converted = [_KINDS[kind](column) for kind, column in zip(kinds.values(), columns, strict=True)]
    marks = ", ".join(["%s"] * len(kinds))
    with connection.cursor() as cursor:
        rows = list(zip(*converted, strict=True))
        cursor.executemany(f"INSERT INTO {table} ({', '.join(kinds)}) VALUES ({marks})", rows)


def _copy(table: str, names: list[str], columns: Sequence[Sequence[str]]) -> None:
    """COPY goes past Django's cursor, so its errors must be given Django's names here."""
    body = "\n".join(map("\t".join, zip(*columns, strict=True))) + "\n"
    statement = f"COPY {table} ({', '.join(names)}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.cursor.copy(statement) as out:
        out.write(body)


def _plain(value: str) -> Any:
    if value == text.NULL:
        return None
    return _unescape(value) if "\\" in value else value


_ESCAPED = {"\\": "\\", "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}


def _unescape(value: str) -> str:
    parts, at = [], 0
    while (found := value.find("\\", at)) >= 0:
        parts += [value[at:found], _ESCAPED[value[found + 1]]]
        at = found + 2
    return "".join([*parts, value[at:]])


def _hex(column: Sequence[str]) -> list[Any]:
    return [None if v == text.NULL else v.replace("-", "") for v in column]


def _times(column: Sequence[str]) -> list[str]:
    known: dict[str, str] = {}
    for value in set(column):
        known[value] = datetime.fromisoformat(value).astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    return [known[value] for value in column]


_KINDS: dict[str, Callable[[Sequence[str]], list[Any]]] = {
    "uuid": _hex,
    "text": lambda column: [_plain(v) for v in column],
    "int": lambda column: [None if v == text.NULL else int(v) for v in column],
    "bool": lambda column: [v == "t" for v in column],
    "time": _times,
}
