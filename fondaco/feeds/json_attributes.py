"""From the attributes of a JSON message to the cells of an inventory row, and back to nothing else.

The names on the left are those of the compatible API; only the ones listed here are used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fondaco.feeds.columns import ATTRIBUTE, CLEAR

Cells = dict[str, str]


class Malformed(Exception):
    """An attribute does not have its shape: `attribute` and the English reason."""

    def __init__(self, attribute: str, reason: str) -> None:
        self.attribute, self.reason = attribute, reason
        super().__init__(attribute, reason)


def cells_of(message: Mapping[str, Any], *, own: frozenset[str] = frozenset()) -> tuple[Cells, list[str]]:
    """The cells of a message that follows the schema, and the attributes that are not used here.

    `own` are the catalogue's attribute keys (`material`), taken as they are. Raises Malformed.
    """
    operation = message["operationType"]
    if operation == "DELETE":
        return {"operation": "delete"}, []
    cells: Cells = {"operation": "update" if operation == "UPDATE" else "partial"}
    if operation == "UPDATE":
        requirements = message.get("requirements", "LISTING")
        cells["requirements"] = requirements
        if requirements == "LISTING_PRODUCT_ONLY":
            cells["operation"] = "partial"
    cells["product-type"] = message["productType"]
    unknown: list[str] = []
    if operation == "PATCH":
        for patch in message["patches"]:
            _patch(patch, cells, unknown, own)
        return cells, unknown
    for name, value in message["attributes"].items():
        _attribute(name, value, cells, unknown, own, replaces=operation == "PARTIAL_UPDATE")
    return cells, unknown


def _patch(patch: Any, cells: Cells, unknown: list[str], own: frozenset[str]) -> None:
    if not isinstance(patch, dict) or patch.get("op") not in ("add", "replace", "merge", "delete"):
        raise Malformed("patches", "op: add | replace | merge | delete")
    path = patch.get("path")
    if not isinstance(path, str) or not path.startswith("/attributes/") or path.count("/") != 2:
        raise Malformed("patches", "path: /attributes/NAME")
    name = path.removeprefix("/attributes/").replace("~1", "/").replace("~0", "~")
    if patch["op"] == "delete":
        if name not in READERS and name not in own:
            unknown.append(name)
        cells.update(dict.fromkeys(_columns_of(name), CLEAR))
        return
    if "value" not in patch:
        raise Malformed(name, "value: needed")
    _attribute(name, patch["value"], cells, unknown, own, replaces=patch["op"] != "merge")


def _attribute(name: str, value: Any, cells: Cells, unknown: list[str], own: frozenset[str], *, replaces: bool) -> None:
    """Adds the cells of one attribute. `replaces`: what the attribute does not state is emptied, not left alone."""
    reader = READERS.get(name)
    if reader is None and name not in own:
        unknown.append(name)
        return
    entry = _entry(name, value)
    made = reader[1](name, entry) if reader else {ATTRIBUTE + name: _text(name, entry, "value")}
    if replaces:
        clearable = {c: CLEAR for c in _columns_of(name) if c in CLEARED_WHEN_REPLACED and c not in made}
        cells.update(clearable)
    cells.update(made)


CLEARED_WHEN_REPLACED = ("restock-date",)


def _columns_of(name: str) -> Sequence[str]:
    return READERS[name][0] if name in READERS else (ATTRIBUTE + name,)


_own: frozenset[str] = frozenset()


# --- reading one attribute --------------------------------------------------------------------------------------------


def _entry(name: str, value: Any) -> Mapping[str, Any]:
    """The one entry of an attribute: a list of objects, of which the first counts."""
    if not isinstance(value, list) or not value:
        raise Malformed(name, "a list with at least one entry")
    if not isinstance(value[0], dict):
        raise Malformed(name, "entries are objects")
    return value[0]


def _text(name: str, entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        raise Malformed(name, f"{key}: needed")
    return _plain(value)


def _plain(value: Any) -> str:
    """A JSON string or number as a cell; a number without an exponent."""
    if isinstance(value, float):
        return format(value, "f").rstrip("0").rstrip(".") if value == value and abs(value) < 1e15 else str(value)
    return str(value)


def _value_into(column: str) -> tuple[tuple[str, ...], Callable[[str, Mapping[str, Any]], Cells]]:
    return (column,), lambda name, entry: {column: _text(name, entry, "value")}


def _picture_into(column: str) -> tuple[tuple[str, ...], Callable[[str, Mapping[str, Any]], Cells]]:
    return (column,), lambda name, entry: {column: _text(name, entry, "media_location")}


def _offer(name: str, entry: Mapping[str, Any]) -> Cells:
    """`purchasable_offer`: our_price[0].schedule[0].value_with_tax."""
    prices = entry.get("our_price")
    if not isinstance(prices, list) or not prices or not isinstance(prices[0], dict):
        raise Malformed(name, "our_price: needed")
    schedule = prices[0].get("schedule")
    if not isinstance(schedule, list) or not schedule or not isinstance(schedule[0], dict):
        raise Malformed(name, "our_price.schedule: needed")
    cells = {"price": _text(name, schedule[0], "value_with_tax")}
    if isinstance(entry.get("currency"), str):
        cells["currency"] = entry["currency"]
    return cells


def _fulfilment(name: str, entry: Mapping[str, Any]) -> Cells:
    """`fulfillment_availability`: channel, quantity, days of handling, restock date."""
    cells = {"fulfilment-channel": _text(name, entry, "fulfillment_channel_code")}
    for key, column in (
        ("quantity", "quantity"),
        ("lead_time_to_ship_max_days", "handling-days"),
        ("restock_date", "restock-date"),
    ):
        if entry.get(key) is not None:
            cells[column] = _text(name, entry, key)
    return cells


def _identifier(name: str, entry: Mapping[str, Any]) -> Cells:
    kind = entry.get("type")
    cells = {"product-id": _text(name, entry, "value")}
    return cells | {"product-id-type": kind} if isinstance(kind, str) else cells


def _asin(name: str, entry: Mapping[str, Any]) -> Cells:
    return {"product-id": _text(name, entry, "value"), "product-id-type": "asin"}


def _parent(name: str, entry: Mapping[str, Any]) -> Cells:
    return {"parent-sku": _text(name, entry, "parent_sku")}


def _theme(name: str, entry: Mapping[str, Any]) -> Cells:
    return {"variation-theme": _text(name, entry, "name")}


Reader = tuple[tuple[str, ...], Callable[[str, Mapping[str, Any]], Cells]]

READERS: dict[str, Reader] = {
    "item_name": _value_into("item-name"),
    "brand": _value_into("brand"),
    "product_description": _value_into("description"),
    "condition_type": _value_into("item-condition"),
    "condition_note": _value_into("condition-note"),
    "color": _value_into("colour"),
    "size": _value_into("size"),
    "parentage_level": _value_into("parentage"),
    "externally_assigned_product_identifier": (("product-id", "product-id-type"), _identifier),
    "merchant_suggested_asin": (("product-id", "product-id-type"), _asin),
    "purchasable_offer": (("price", "currency"), _offer),
    "fulfillment_availability": (("fulfilment-channel", "quantity", "handling-days", "restock-date"), _fulfilment),
    "child_parent_sku_relationship": (("parent-sku",), _parent),
    "variation_theme": (("variation-theme",), _theme),
    "main_product_image_locator": _picture_into("main-image-url"),
    "main_offer_image_locator": _picture_into("main-image-url"),
    "swatch_product_image_locator": _picture_into("swatch-image-url"),
    **{f"other_product_image_locator_{n}": _picture_into(f"other-image-url{n}") for n in range(1, 9)},
    **{f"other_offer_image_locator_{n}": _picture_into(f"other-image-url{n}") for n in range(1, 9)},
}
