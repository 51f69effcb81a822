"""The blank template and an example file: what a seller downloads before the first upload."""

from __future__ import annotations

from collections.abc import Sequence

from fondaco.feeds.columns import ATTRIBUTE, TEMPLATE_COLUMNS
from fondaco.kit.csv_safety import tab_line

TEMPLATE_TYPE = "fondaco.inventory"
TEMPLATE_VERSION = "2026.1"
BOM = "\ufeff"
"""Spreadsheets take a text file for UTF-8 only when it says so."""

_EXAMPLES: tuple[dict[str, str], ...] = (
    {
        "sku": "KETTLE-BLUE",
        "item-name": "Enamel kettle, 2 litres, blue",
        "product-type": "kettle",
        "brand": "Hearth & Hill",
        "price": "39.90",
        "quantity": "25",
        "item-condition": "new",
        "fulfilment-channel": "seller",
        "handling-days": "1",
        "main-image-url": "https://pictures.example/kettle-blue.jpg",
        "other-image-url1": "https://pictures.example/kettle-blue-side.jpg",
        "colour": "blue",
        "description": "Steel, enamelled inside and out. For every kind of hob.",
        "operation": "update",
    },
    {"sku": "KETTLE-OLD", "price": "29.90", "quantity": "3", "operation": "partial"},
    {"sku": "KETTLE-GONE", "operation": "delete"},
)


def header(*, attributes: Sequence[str] = (), note: str = "") -> str:
    """The two header lines. `attributes` add columns of the catalogue (`material`); `note` is for people."""
    first = [f"TemplateType={TEMPLATE_TYPE}", f"Version={TEMPLATE_VERSION}"]
    if note:
        first.append(tab_line([note]))
    second = [c.key for c in TEMPLATE_COLUMNS] + [name.replace("_", "-") for name in attributes]
    return "\t".join(first) + "\r\n" + "\t".join(second) + "\r\n"


def blank(*, attributes: Sequence[str] = (), note: str = "") -> bytes:
    """The blank template, UTF-8 with a byte order mark."""
    return (BOM + header(attributes=attributes, note=note)).encode()


def example(*, attributes: Sequence[str] = (), note: str = "") -> bytes:
    """The template with three records: a full one, a partial update, a deletion."""
    keys = [c.key for c in TEMPLATE_COLUMNS] + [ATTRIBUTE + name for name in attributes]
    rows = ["\t".join(row.get(key, "") for key in keys) + "\r\n" for row in _EXAMPLES]
    return (BOM + header(attributes=attributes, note=note) + "".join(rows)).encode()
