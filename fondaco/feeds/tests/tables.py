"""Small inventory files for tests: the goods of the invented market's kitchen stall."""

from __future__ import annotations

import io
from collections.abc import Iterable

from fondaco.feeds import plan, table
from fondaco.feeds.check import Checked, Checker, Context
from fondaco.feeds.table import Layout

COLUMNS = (  # noqa: SIM905
    "sku item-name product-type brand price quantity item-condition condition-note fulfilment-channel handling-days "
    "restock-date product-id product-id-type main-image-url other-image-url1 parent-sku parentage variation-theme "
    "colour size description operation"
).split()

KETTLE = {
    "sku": "KETTLE-1",
    "item-name": "Enamel kettle",
    "product-type": "kettle",
    "brand": "Hearth & Hill",
    "price": "39.90",
    "quantity": "5",
}


def line(cells: dict[str, str], columns: Iterable[str] = COLUMNS) -> str:
    return "\t".join(cells.get(c, "") for c in columns)


def kettle(**changed: str) -> dict[str, str]:
    return KETTLE | {k.replace("_", "-"): v for k, v in changed.items()}


def text_of(
    rows: Iterable[dict[str, str]],
    *,
    columns: Iterable[str] = COLUMNS,
    settings: str = "TemplateType=fondaco.inventory",
) -> str:
    columns = list(columns)
    lines = [settings, "\t".join(columns), *(line(row, columns) for row in rows)]
    return "\n".join(lines) + "\n"


def layout_of(text: str, attributes: Iterable[str] = ()) -> Layout:
    return table.read_layout(lines=text.split("\n")[:2], attributes=attributes)


def checked(
    *rows: dict[str, str],
    settings: str = "TemplateType=fondaco.inventory",
    context: Context | None = None,
    columns: Iterable[str] = COLUMNS,
) -> Checked:
    """The outcome of a file of these rows, through header, plan and check."""
    return checked_text(text_of(rows, settings=settings, columns=columns), context=context)


def checked_text(text: str, *, context: Context | None = None, attributes: Iterable[str] = ("material",)) -> Checked:
    file = io.BytesIO(text.encode("utf-8", "surrogateescape"))
    lines, start = plan.header_lines(file=file)
    layout = table.read_layout(lines=lines, attributes=attributes)
    assert layout.is_usable, layout.issues
    made = plan.plan(file=file, start=start, layout=layout)
    assert len(made.chunks) == 1
    span = made.chunks[0]
    file.seek(span.offset)
    rows = table.read_rows(raw=file.read(span.length), first_record=span.first_record, width=layout.width)
    return Checker(layout=layout, context=context or Context()).check(rows, again=made.again_in(span))


def faults(outcome: Checked) -> list[tuple[int, str, str]]:
    return [(i.record, i.fault, i.column) for i in outcome.issues]
