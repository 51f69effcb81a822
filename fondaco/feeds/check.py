"""From raw records to clean rows and issues, a column at a time.

A chunk of sound rows must cost a few microseconds a row, so every test first asks one question of the whole column
("is any longer than 200?", "which different values are there?") and looks at single cells only when the answer is yes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

from fondaco.feeds import values
from fondaco.feeds.columns import (
    ATTRIBUTE,
    ATTRIBUTE_LIMIT,
    BY_KEY,
    CLEAR,
    COLUMNS,
    IMAGE_COLUMNS,
    MAX_PRICE_MINOR,
    OWN_ATTRIBUTE_COLUMNS,
    Column,
    Takes,
)
from fondaco.feeds.errors import Issue, fault, quoted
from fondaco.feeds.families import check_families
from fondaco.feeds.table import STRAY, Layout, Rows
from fondaco.feeds.values import Bad, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the store says: its money, its product types (None: any) with the attributes each must state and the
    themes it allows, the attributes of a theme, the schemes of picture addresses."""

    currency: str = "USD"
    decimals: int = 2
    product_types: frozenset[str] | None = None
    required: Mapping[str, Sequence[str]] = field(default_factory=dict)
    themes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    theme_attributes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    schemes: frozenset[str] = frozenset({"https", "http"})
    encoding: str = "UTF-8"


@dataclass(slots=True, kw_only=True)
class Checked:
    """The outcome of a chunk. `columns[key]` are the clean values of the rows that go on, in the order of `numbers`.

    Text is `""` when empty; counts, money and dates are None. In a row with operation `partial` an empty value means
    "leave as it is" and `CLEAR` (text) "empty it". `images` holds, by row index, the addresses by variant.
    `attributes` are the columns that state attributes, by attribute; `lacking` counts rows by (type, attribute that
    the type should state). `processed` counts records that are not blank, `failed` those that were left out.
    """

    columns: dict[str, Sequence[Any]]
    numbers: list[int]
    attributes: dict[str, Sequence[str]] = field(default_factory=dict)
    lacking: Counter[tuple[str, str]] = field(default_factory=Counter)
    images: dict[int, dict[str, str]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    processed: int = 0
    failed: int = 0

    def __len__(self) -> int:
        return len(self.numbers)


_MISS = object()
CLEARABLE = frozenset(
    {"brand", "condition-note", "handling-days", "restock-date", "colour", "size", "description", "gtin"}
    | {c.key for c in IMAGE_COLUMNS}
)
_CACHE_MAX = 50_000


class Checker:
    """Checks the chunks of one batch. Keeps what it learnt of single values (prices and counts repeat)."""

    def __init__(self, *, layout: Layout, context: Context) -> None:
        self.layout, self.context = layout, context
        self._caches: dict[str, dict[str, Any]] = {}
        money = Money(currency=context.currency, decimals=context.decimals, mark=layout.settings.decimal)
        self._plain = _plain_prices(money.decimals) if money.mark == "." and money.decimals else None
        self._readers: dict[Takes, Callable[[str, Column], Any]] = {
            Takes.MONEY: lambda text, _column: values.price(text, money),
            Takes.COUNT: values.count,
            Takes.CHOICE: values.choice,
            Takes.DATE: lambda text, _column: values.day(text),
        }

    def check(
        self, rows: Rows, *, again: Iterable[tuple[int, int]] = (), skip: frozenset[int] = frozenset()
    ) -> Checked:
        """`again` are records whose SKU stands earlier in the file; `skip` are records another chunk works off."""
        return _Chunk(self, rows, dict(again), skip).run()

    def read(self, column: Column, cells: Sequence[str], bad: Callable[[int, str, Bad], None]) -> Sequence[Any]:
        """The values of a column's cells; None where empty or refused (then `bad` was told)."""
        cache = self._caches.setdefault(column.key, {"": None, CLEAR: CLEAR})
        if cells[0] in cache and cells.count(cells[0]) == len(cells):
            return [cache[cells[0]]] * len(cells)
        if column.takes is Takes.MONEY and (prices := self._plain_prices(cells)) is not None:
            return prices
        found = [cache.get(cell, _MISS) for cell in cells]
        if _MISS not in found:
            return found
        reader = self._readers[column.takes]
        if len(cache) > _CACHE_MAX:
            self._caches[column.key] = cache = {"": None, CLEAR: CLEAR}
        for index, value in enumerate(found):
            if value is not _MISS:
                continue
            text = cells[index]
            value = cache[text] if text in cache else reader(text, column)
            if isinstance(value, Bad):
                bad(index, column.key, value)
                value = None
            else:
                cache[text] = value
            found[index] = value
        return found

    def _plain_prices(self, cells: Sequence[str]) -> list[int] | None:
        """Prices that are all written in full, `12.90`: read together. Of a million rows most prices are different ones."""
        together = "\n".join(cells)
        if self._plain is None or not self._plain.fullmatch(together):
            return None
        minors = list(map(int, together.replace(".", "").split("\n")))
        return minors if len(minors) == len(cells) and min(minors) > 0 and max(minors) <= MAX_PRICE_MINOR else None


def _plain_prices(decimals: int) -> re.Pattern[str]:
    one = rf"[0-9]{{1,12}}\.[0-9]{{{decimals}}}"
    return re.compile(rf"{one}(?:\n{one})*+")


class _Chunk:
    """The work on one chunk. `dead` are the row indices that will be left out."""

    def __init__(self, checker: Checker, rows: Rows, again: dict[int, int], skip: frozenset[int]) -> None:
        self.checker, self.layout, self.context = checker, checker.layout, checker.context
        self.rows, self.again, self.skip = rows, again, skip
        self.issues: list[Issue] = []
        self.dead: set[int] = set()
        self.raw: dict[str, Sequence[str]] = {}
        self.clean: dict[str, Sequence[Any]] = {}
        self.attributes: dict[str, Sequence[str]] = {}
        self.lacking: Counter[tuple[str, str]] = Counter()
        self.images: dict[int, dict[str, str]] = {}
        self.numbers = rows.numbers

    def run(self) -> Checked:
        if not self.rows.plain:
            self._tidy()
        across: Sequence[Sequence[str]] = list(zip(*self.rows.cells, strict=True))
        if not across:
            return Checked(columns={}, numbers=[], issues=self.rows.issues)
        empty = ("",) * len(self.numbers)
        self.raw = {c.key: across[self.layout.places[c.key]] if c.key in self.layout.places else empty for c in COLUMNS}
        self._find_attributes(across)
        self._number_by_message()
        self._place_row_issues()
        self._skus()
        self._typed()
        self._texts()
        self._product_numbers()
        if self.rows.clears:
            self._clears()
        self._required()
        self._count_lacking()
        self._money_and_stock()
        check_families(
            clean=self.clean,
            attributes=self.attributes,
            themes=self.context.themes,
            theme_attributes=self.context.theme_attributes,
            tell=self.tell,
        )
        self._addresses()
        return self._outcome()

    # --- telling ---

    def tell(self, index: int, key: str, *, column: str = "", sent: str = "", **args: Any) -> None:
        """Note an issue of row `index`; an issue that stops the row leaves it out."""
        sku = self.raw["sku"][index].strip() if self.raw else ""
        self.issues.append(Issue(self.numbers[index], quoted(sku)[:80], key, column, quoted(sent), args))
        if fault(key).stops_row:
            self.dead.add(index)

    def _bad(self, index: int, column: str, bad: Bad) -> None:
        self.tell(index, bad.fault, column=column, sent=self.raw[column][index], **bad.args)

    # --- steps ---

    def _tidy(self) -> None:
        """Spaces at the edges go; control characters and damaged bytes are noted and their rows left out."""
        breakable = {self.layout.places[k] for k in ("description", "condition-note") if k in self.layout.places}
        for index, row in enumerate(self.rows.cells):
            for place, cell in enumerate(row):
                if not cell:
                    continue
                tidy = cell.strip(" \t\r\n\u00a0\u3000\ufeff\u200b")
                if "\n" in tidy or "\r" in tidy:
                    lines = tidy.replace("\r\n", "\n").replace("\r", "\n")
                    tidy = lines if place in breakable else " ".join(lines.split())
                if "\t" in tidy:
                    tidy = tidy.replace("\t", " ")
                if STRAY.search(tidy):
                    self._stray(index, place, tidy)
                    tidy = STRAY.sub("\ufffd", tidy)
                row[place] = tidy

    def _stray(self, index: int, place: int, cell: str) -> None:
        damaged = any("\ud800" <= c <= "\udfff" for c in cell)
        column = next((k for k, at in self.layout.places.items() if at == place), f"#{place + 1}")
        sku_at = self.layout.places["sku"]
        sku = STRAY.sub("\ufffd", self.rows.cells[index][sku_at].strip())
        key = "row-bytes" if damaged else "row-control"
        args = {"encoding": self.context.encoding} if damaged else {}
        self.issues.append(Issue(self.numbers[index], sku[:80], key, column, quoted(cell), args))
        self.dead.add(index)

    def _find_attributes(self, across: Sequence[Sequence[str]]) -> None:
        """The columns that state attributes; they share one limit."""
        for key, place in self.layout.places.items():
            name = key.removeprefix(ATTRIBUTE) if key.startswith(ATTRIBUTE) else OWN_ATTRIBUTE_COLUMNS.get(key)
            if name:
                self.attributes[name] = across[place]
            if key.startswith(ATTRIBUTE):
                self.raw[key] = across[place]
                self._limit(key, across[place], ATTRIBUTE_LIMIT)

    def _limit(self, key: str, cells: Sequence[str], limit: int) -> None:
        if max(map(len, cells)) <= limit:
            return
        for index, cell in enumerate(cells):
            if len(cell) > limit:
                column = key.removeprefix(ATTRIBUTE)
                self.tell(index, "value-too-long", column=column, sent=cell, length=len(cell), limit=limit)

    def _number_by_message(self) -> None:
        if "message-id" in self.layout.places:
            self.numbers = [
                int(m) if m.isdecimal() else n for m, n in zip(self.raw["message-id"], self.numbers, strict=True)
            ]

    def _place_row_issues(self) -> None:
        at_record = {number: index for index, number in enumerate(self.rows.numbers)} if self.rows.issues else {}
        for issue in self.rows.issues:
            index = at_record.get(issue.record)
            if index is None:
                continue
            args = dict(issue.args)
            place = args.pop("place", None)
            column = next((k for k, at in self.layout.places.items() if at == place), "") if place is not None else ""
            self.tell(index, issue.fault, column=column, sent=issue.sent, **args)

    def _skus(self) -> None:
        skus = self.raw["sku"]
        if self.skip:
            self.dead.update(i for i, n in enumerate(self.rows.numbers) if n in self.skip)
        if "" in skus:
            for index in _where_empty(skus):
                self.tell(index, "sku-missing", column="sku")
        for index, number in enumerate(self.rows.numbers) if self.again else ():
            if number in self.again:
                self.tell(index, "sku-twice", column="sku", first=self.again[number])

    def _typed(self) -> None:
        for column in COLUMNS:
            if column.takes in (Takes.TEXT, Takes.ADDRESS):
                continue
            cells = self.raw[column.key]
            known = column.key in self.layout.places
            self.clean[column.key] = self.checker.read(column, cells, self._bad) if known else (None,) * len(cells)
        default = self.layout.settings.operation
        ops = self.clean["operation"]
        self.clean["operation"] = (
            [op if op in ("update", "partial", "delete") else default for op in ops] if None in ops else ops
        )

    def _texts(self) -> None:
        for column in COLUMNS:
            if column.takes is not Takes.TEXT:
                continue
            cells = self.raw[column.key]
            self.clean[column.key] = cells
            if column.key in self.layout.places and column.key not in ("product-id", "currency"):
                self._limit(column.key, cells, column.limit)
        self._product_types()

    def _product_types(self) -> None:
        types, known = self.clean["product-type"], self.context.product_types
        different = set(types)
        meant = {t: t.strip().lower().replace(" ", "_").replace("-", "_") for t in different}
        if any(t != m for t, m in meant.items()):
            types = self.clean["product-type"] = [meant[t] if t != CLEAR else t for t in types]
        if known is None:
            return
        unknown = {m for t, m in meant.items() if m and t != CLEAR and m not in known}
        if unknown:
            for index, value in enumerate(types):
                if value in unknown:
                    self.tell(
                        index, "product-type-unknown", column="product-type", sent=self.raw["product-type"][index]
                    )

    def _product_numbers(self) -> None:
        cells, kinds = self.raw["product-id"], self.clean["product-id-type"]
        asins: Sequence[str] = cells
        gtins: Sequence[str] = ("",) * len(cells)
        if any(cells):
            asins, gtins = [""] * len(cells), [""] * len(cells)
            for index, cell in enumerate(cells):
                if not cell or cell == CLEAR:
                    continue
                number = values.product_number(cell, kinds[index] or "")
                if isinstance(number, Bad):
                    self._bad(index, "product-id", number)
                elif number[0] == "asin":
                    asins[index] = number[1]
                else:
                    gtins[index] = number[1]
        self.clean["asin"], self.clean["gtin"] = asins, gtins

    def _clears(self) -> None:
        """`<clear>` means "empty" in a full record; in a partial one it may stand only where empty is possible."""
        ops = self.clean["operation"]
        for key, column in [*self.clean.items(), *self.attributes.items()]:
            if CLEAR not in column or key == "operation":
                continue
            mine = self.attributes if key in self.attributes and column is self.attributes[key] else self.clean
            empty = "" if mine is self.attributes or key not in BY_KEY or BY_KEY[key].takes is Takes.TEXT else None
            told: list[Any] = [
                empty if cell == CLEAR and op != "partial" else cell for cell, op in zip(column, ops, strict=True)
            ]
            mine[key] = told
            if mine is self.attributes or key in CLEARABLE:
                continue
            for index, cell in enumerate(mine[key]):
                if cell == CLEAR:
                    self.tell(index, "value-missing", column=key)

    def _required(self) -> None:
        """What a full record must have: a name and a type unless it joins an existing product; price and quantity
        unless it is a parent or the units lie in our own centre."""
        clean, ops = self.clean, self.clean["operation"]
        for key in ("item-name", "product-type", "price", "quantity"):
            column = clean[key]
            lacking = "" in column or None in column
            if not lacking:
                continue
            for index, value in enumerate(column):
                told = self.raw[key][index] not in ("", CLEAR)  # one that was refused
                if value in ("", None) and not told and ops[index] == "update" and self._must_have(key, index):
                    self.tell(index, "value-missing", column=key)

    def _must_have(self, key: str, index: int) -> bool:
        clean = self.clean
        if key in ("item-name", "product-type"):
            return not clean["asin"][index] and self.raw["requirements"][index] != "LISTING_OFFER_ONLY"
        if clean["parentage"][index] == "parent":
            return False
        return key == "price" or clean["fulfilment-channel"][index] != "marketplace"

    def _count_lacking(self) -> None:
        """Attributes that a type should state and a new product's row does not. Counted, not told row by row."""
        types, required = self.clean["product-type"], self.context.required
        for kind in set(types):
            for name in required.get(kind, ()):
                column = self.attributes.get(name)
                if column is not None and "" not in column:
                    continue
                for index, value in enumerate(types):
                    if value == kind and not (column and column[index]) and self._states_facts(index):
                        self.lacking[kind, name] += 1

    def _states_facts(self, index: int) -> bool:
        clean = self.clean
        return (
            clean["operation"][index] == "update" and clean["parentage"][index] != "parent" and not clean["asin"][index]
        )

    def _money_and_stock(self) -> None:
        clean = self.clean
        if any(self.raw["currency"]):
            wanted = self.context.currency
            for index, cell in enumerate(self.raw["currency"]):
                if cell and cell != CLEAR and cell.upper() != wanted:
                    self.tell(index, "currency-wrong", column="currency", sent=cell, currency=wanted)
        if "marketplace" in clean["fulfilment-channel"]:
            self._leave_quantity_to_us()
        if any(self.raw["condition-note"]):
            self._drop_notes_on_new()

    def _leave_quantity_to_us(self) -> None:
        channels, quantities = self.clean["fulfilment-channel"], list(self.clean["quantity"])
        for index, channel in enumerate(channels):
            if channel == "marketplace" and quantities[index] is not None:
                self.tell(index, "quantity-ignored", column="quantity", sent=self.raw["quantity"][index])
                quantities[index] = None
        self.clean["quantity"] = quantities

    def _drop_notes_on_new(self) -> None:
        notes, conditions = list(self.clean["condition-note"]), self.clean["item-condition"]
        for index, note in enumerate(notes):
            if (
                note
                and note != CLEAR
                and conditions[index] in ("new", None)
                and self.clean["operation"][index] == "update"
            ):
                self.tell(index, "note-ignored", column="condition-note", sent=note)
                notes[index] = ""
        self.clean["condition-note"] = notes

    def _addresses(self) -> None:
        for column in IMAGE_COLUMNS:
            cells = self.raw[column.key]
            if not any(cells):
                continue
            for index, cell in enumerate(cells):
                if not cell or index in self.dead or self.clean["operation"][index] == "delete":
                    continue
                url: str | Bad = cell if cell == CLEAR else values.address(cell, self.context.schemes)
                if isinstance(url, str) and len(url) > column.limit:
                    self.tell(
                        index, "value-too-long", column=column.key, sent=cell, length=len(url), limit=column.limit
                    )
                elif isinstance(url, Bad):
                    self._bad(index, column.key, url)
                else:
                    self.images.setdefault(index, {})[column.variant] = url

    def _outcome(self) -> Checked:
        skipped = sum(1 for n in self.rows.numbers if n in self.skip) if self.skip else 0
        processed = len(self.numbers) - skipped
        if not self.dead:
            return Checked(
                columns=self.clean,
                numbers=self.numbers,
                attributes=self.attributes,
                lacking=self.lacking,
                images=self.images,
                issues=self.issues,
                processed=processed,
            )
        alive = [index not in self.dead for index in range(len(self.numbers))]
        new_index = {old: new for new, old in enumerate(compress(range(len(alive)), alive))}
        return Checked(
            columns={key: list(compress(column, alive)) for key, column in self.clean.items()},
            numbers=list(compress(self.numbers, alive)),
            attributes={name: list(compress(column, alive)) for name, column in self.attributes.items()},
            lacking=self.lacking,
            images={new_index[old]: found for old, found in self.images.items() if old in new_index},
            issues=self.issues,
            processed=processed,
            failed=len(self.dead) - skipped,
        )


def _where_empty(cells: Sequence[str]) -> list[int]:
    return [index for index, cell in enumerate(cells) if not cell]
