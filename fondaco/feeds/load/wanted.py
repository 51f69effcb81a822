"""What a chunk of clean rows wants the catalogue to say, as columns of text ready for comparison and for COPY."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fondaco.feeds.check import Checked
from fondaco.feeds.columns import OWN_ATTRIBUTE_COLUMNS
from fondaco.feeds.load import text

OFFER_FIELDS: tuple[tuple[str, str, str], ...] = (
    # column of the file, column of the offer's table, what an empty cell means
    ("price", "price_minor", ""),
    ("quantity", "units_sellable", ""),
    ("item-condition", "condition", "new"),
    ("condition-note", "condition_note", ""),
    ("fulfilment-channel", "channel", "seller"),
    ("handling-days", "handling_days", "1"),
    ("restock-date", "restock_date", text.NULL),
)
PRODUCT_FIELDS: tuple[tuple[str, str], ...] = (
    ("item-name", "title"),
    ("product-type", "product_type"),
    ("brand", "brand"),
    ("description", "description"),
)


@dataclass(slots=True, kw_only=True)
class Shape:
    """Which of the catalogue's columns this file speaks about. What it has no column for is left alone.

    `attributes` are names of product attributes, in order.
    """

    offer: tuple[tuple[str, str, str], ...]
    product: tuple[tuple[str, str], ...]
    attributes: tuple[str, ...]
    families: bool

    @classmethod
    def of(cls, places: Mapping[str, int]) -> Shape:
        own = [OWN_ATTRIBUTE_COLUMNS[key] for key in places if key in OWN_ATTRIBUTE_COLUMNS]
        named = [key.partition(":")[2] for key in places if key.startswith("attribute:")]
        return cls(
            offer=tuple(f for f in OFFER_FIELDS if f[0] in places),
            product=tuple(f for f in PRODUCT_FIELDS if f[0] in places),
            attributes=tuple(sorted({*own, *named})) + (("gtin",) if "product-id" in places else ()),
            families="parent-sku" in places,
        )


@dataclass(slots=True, kw_only=True)
class Wanted:
    """The rows of a chunk with operation `update`, by index into `checked`.

    `lines[i]` is what the catalogue should answer for row i (see `state`): the fields of `Shape`, tab between. The
    `columns` are text for COPY.
    """

    checked: Checked
    shape: Shape
    lines: list[str] = field(default_factory=list)
    columns: dict[str, Sequence[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.checked)


def wanted(*, checked: Checked, shape: Shape) -> Wanted:
    """The rows as lines and as columns."""
    made = Wanted(checked=checked, shape=shape)
    clean = checked.columns
    columns: dict[str, Sequence[str]] = {"sku": text.escaped(clean["sku"])}
    for key, name, default in OFFER_FIELDS:
        columns[name] = _offer_column(clean[key], key, default)
    for key, name in PRODUCT_FIELDS:
        columns[name] = text.escaped(clean[key])
    made.columns = columns
    bare = dict(columns) | {name: clean[key] for key, name in (*PRODUCT_FIELDS, ("condition-note", "condition_note"))}
    bare |= {"attribute:" + name: _attribute(checked, name) for name in shape.attributes}
    bare |= {
        "restock_date": _offer_column(clean["restock-date"], "restock-date", ""),
        "parent_sku": clean["parent-sku"],
    }
    names = [name for _, name, _ in shape.offer] + [name for _, name in shape.product]
    names += ["attribute:" + name for name in shape.attributes] + (["parent_sku"] if shape.families else [])
    made.lines = text.lines([bare[name] for name in names]) if names else [""] * len(checked)
    return made


def _offer_column(cells: Sequence[Any], key: str, default: str) -> Sequence[str]:
    if len(cells) > 1 and cells.count(cells[0]) == len(cells):
        return list(_offer_column(cells[:1], key, default)) * len(cells)
    if key == "condition-note":
        return text.escaped(cells)
    if key in ("item-condition", "fulfilment-channel"):
        return [cell or default for cell in cells] if None in cells else cells
    if key in ("price", "quantity"):
        return ["" if cell is None else str(cell) for cell in cells] if None in cells else list(map(str, cells))
    if key == "handling-days":
        return [default if cell is None else str(cell) for cell in cells]
    return [cell.isoformat() if isinstance(cell, date) else default for cell in cells]


def _attribute(checked: Checked, name: str) -> Sequence[str]:
    return checked.columns["gtin"] if name == "gtin" else checked.attributes[name]


_cache: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {}


def attribute_texts(checked: Checked, names: Sequence[str]) -> list[str]:
    """The JSON object of each row's attributes as text for COPY; empty values are left out."""
    if not names or not any(any(_attribute(checked, name)) for name in names):
        return ["{}"] * len(checked)
    if len(_cache) > 20_000:
        _cache.clear()
    key = tuple(names)
    made = []
    for values in zip(*(_attribute(checked, name) for name in names), strict=True):
        found = _cache.get((key, values))
        if found is None:
            stated = {name: value for name, value in zip(names, values, strict=True) if value}
            found = _cache[key, values] = json.dumps(stated, ensure_ascii=False)
        made.append(found)
    return list(text.escaped(made))
