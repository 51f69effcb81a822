"""Types of policy values: what may stand in a value, and how it is read and written.

A type reads plain JSON (or TOML) into the value that rules receive, collecting every fault with its
place, and writes it back. Values are read-only all the way down: tuples, `Frozen` mappings, `Money`,
`Decimal` percentages; clock times and days stay ISO text. Plain Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, NoReturn

from fondaco.kit.errors import Invalid
from fondaco.kit.money import Money
from fondaco.kit.text import storable

SLUG = r"[a-z][a-z0-9_]*"
_MAX_TEXT = 2000
_MAX_ITEMS = 2000


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a value. `path` leads to it (`codes[3].payer`), empty for the value itself.

    `words` is an English msgid with `%(name)s` placeholders for `facts`.
    """

    path: str
    words: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        sentence = self.words % self.facts
        return f"{self.path}: {sentence}" if self.path else sentence


class WrongValue(Invalid):
    """A value that does not fit its type. `problems` holds every fault found."""

    CODE = "policy_value_invalid"
    WORDS = "The value does not fit: %(first)s"
    FIX = "Correct the places named and try again."

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(first=str(self.problems[0]), problems=[str(problem) for problem in self.problems])


class Frozen(dict):
    """A mapping that refuses every change, so that a cached value can be handed to anybody."""

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("policy values are read-only")

    __setitem__ = __delitem__ = __ior__ = _refuse  # type: ignore[assignment]
    clear = pop = popitem = setdefault = update = _refuse  # type: ignore[assignment]

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[Frozen], tuple[dict[str, Any]]]:
        return Frozen, (dict(self),)


class _Faults:
    """Collects problems while a value is read."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, path: str, words: str, **facts: Any) -> None:
        self.found.append(Problem(path, words, facts))


@dataclass(frozen=True, slots=True)
class Type:
    """A kind of value. `unit` says what a number counts."""

    kind: ClassVar[str] = ""
    unit: str = ""

    def read(self, raw: Any) -> Any:
        """The value in its read-only form. Raises `WrongValue` with every fault."""
        faults = _Faults()
        value = self._read(raw, "", faults)
        if faults.found:
            raise WrongValue(faults.found)
        return value

    def write(self, value: Any) -> Any:
        """The value as plain JSON; `read(write(v)) == v`."""
        return value

    def _read(self, raw: Any, path: str, faults: _Faults) -> Any:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Int(Type):
    """A whole number from `min` to `max`, both allowed."""

    kind = "int"
    min: int = 0
    max: int = 2**53

    def _read(self, raw: Any, path: str, faults: _Faults) -> Any:
        if isinstance(raw, bool) or not isinstance(raw, int):
            return faults.add(path, "A whole number is needed.")
        if not self.min <= raw <= self.max:
            return faults.add(path, "It must be from %(min)s to %(max)s.", min=self.min, max=self.max)
        return raw


@dataclass(frozen=True, slots=True)
class Percent(Int):
    """Whole percent."""

    kind = "percent"
    unit: str = "%"
    max: int = 100


@dataclass(frozen=True, slots=True)
class Rate(Type):
    """Percent with up to two decimals, as `Decimal`; written as text so that no float touches it."""

    kind = "rate"
    unit: str = "%"
    min: int = 0
    max: int = 100

    def _read(self, raw: Any, path: str, faults: _Faults) -> Any:
        if isinstance(raw, bool | float) or not isinstance(raw, int | str | Decimal):
            return faults.add(path, "A percentage is needed, written as text, for example 93.5.")
        try:
            value = Decimal(raw)
        except InvalidOperation:
            return faults.add(path, "A percentage is needed, written as text, for example 93.5.")
        if not value.is_finite() or not self.min <= value <= self.max:
            return faults.add(path, "It must be from %(min)s to %(max)s.", min=self.min, max=self.max)
        if value != round(value, 2):
            return faults.add(path, "At most two decimals are kept.")
        return value.normalize() if value % 1 else Decimal(int(value))

    def write(self, value: Any) -> Any:
        return format(value, "f")


@dataclass(frozen=True, slots=True)
class Bool(Type):
    """Yes or no."""

    kind = "bool"

    def _read(self, raw: Any, path: str, faults: _Faults) -> Any:
        return raw if isinstance(raw, bool) else faults.add(path, "Yes or no is needed.")


@dataclass(frozen=True, slots=True)
class Text(Type):
    """One text of at most `limit` characters that fits `pattern` as a whole, if there is one.

    `label` marks an English sentence or word for people: a msgid that pages translate.
    """

    kind = "text"
    limit: int = 200
    pattern: str = ""
    label: bool = False

    def _read(self, raw: Any, path: str, faults: _Faults) -> Any:
        if not isinstance(raw, str) or not raw.strip() or not storable(raw):
            return faults.add(path, "A text is needed.")
        if len(raw) > min(self.limit, _MAX_TEXT):
            return faults.add(path, "At most %(limit)s characters are allowed.", limit=self.limit)
        if self.pattern and not re.fullmatch(self.pattern, raw):
            return faults.add(path, "%(given)s is not written in the form needed here.", given=raw)
        return raw


@dataclass(frozen=True, slots=True)
class Choice(Type):
    """One of the options."""

    kind = "choice"
    options: tuple[str, ...] = ()

    def _read(self, raw: Any, path: str, faults: _Faults) -> Any:
        if raw not in self.options:
            return faults.add(path, "One of these is needed: %(options)s.", options=", ".join(self.options))
        return raw


@dataclass(frozen=True, slots=True)
class Day(Type):
    """A calendar day as ISO text: `2026-02-16`."""

    kind = "day"

    def _read(self, raw: Any, path: str, faults: _Faults) -> Any:
        text = raw.isoformat() if isinstance(raw, date) else raw
        try:
            date.fromisoformat(text)
        except (TypeError, ValueError):
            return faults.add(path, "A date is needed, for example 2026-02-16.")
        return text


@dataclass(frozen=True, slots=True)
class Clock(Type):
    """A time of day on the wall as text: `14:00`."""

    kind = "clock"

    def _read(self, raw: Any, path: str, faults: _Faults) -> Any:
        if not isinstance(raw, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", raw):
            return faults.add(path, "A time of day is needed, for example 14:00.")
        return raw


@dataclass(frozen=True, slots=True)
class Amount(Type):
    """Money that is not negative: `{"minor": 5000, "currency": "USD"}`, read as `kit.money.Money`."""

    kind = "amount"

    def _read(self, raw: Any, path: str, faults: _Faults) -> Any:
        try:
            value = raw if isinstance(raw, Money) else Money(raw["minor"], raw["currency"])
        except (TypeError, KeyError, Invalid):
            return faults.add(path, "An amount is needed: whole minor units and a currency.")
        if value.minor < 0:
            return faults.add(path, "The amount must not be negative.")
        return value

    def write(self, value: Any) -> Any:
        return value.as_dict()


@dataclass(frozen=True, slots=True)
class Optional(Type):
    """Nothing (None), or a value of the inner type."""

    kind = "optional"
    of: Type = field(default_factory=Bool)

    def _read(self, raw: Any, path: str, faults: _Faults) -> Any:
        return None if raw is None else self.of._read(raw, path, faults)

    def write(self, value: Any) -> Any:
        return None if value is None else self.of.write(value)


@dataclass(frozen=True, slots=True)
class Items(Type):
    """Values of one type in order, none twice when `unique`."""

    kind = "list"
    of: Type = field(default_factory=Text)
    unique: bool = True
    min: int = 0
    max: int = _MAX_ITEMS

    def _read(self, raw: Any, path: str, faults: _Faults) -> Any:
        if not isinstance(raw, list | tuple):
            return faults.add(path, "A list is needed.")
        if not self.min <= len(raw) <= self.max:
            return faults.add(path, "From %(min)s to %(max)s entries are needed.", min=self.min, max=self.max)
        values = tuple(self.of._read(item, f"{path}[{n}]", faults) for n, item in enumerate(raw))
        if self.unique and len(set(values)) != len(values):
            faults.add(path, "An entry stands here twice.")
        return values

    def write(self, value: Any) -> Any:
        return [self.of.write(item) for item in value]


@dataclass(frozen=True, slots=True)
class Record(Type):
    """Named fields. Those of an `Optional` type may be left out and are None then."""

    kind = "record"
    fields: Mapping[str, Type] = field(default_factory=dict)

    def _read(self, raw: Any, path: str, faults: _Faults) -> Any:
        if not isinstance(raw, Mapping):
            return faults.add(path, "An object with named fields is needed.")
        for name in raw:
            if name not in self.fields:
                faults.add(_join(path, str(name)), "There is no such field.")
        return Frozen({name: self._field(name, raw, path, faults) for name in self.fields})

    def _field(self, name: str, raw: Mapping[str, Any], path: str, faults: _Faults) -> Any:
        place = _join(path, name)
        if name not in raw and not isinstance(self.fields[name], Optional):
            return faults.add(place, "This field is missing.")
        return self.fields[name]._read(raw.get(name), place, faults)

    def write(self, value: Any) -> Any:
        return {name: of.write(value[name]) for name, of in self.fields.items()}


@dataclass(frozen=True, slots=True)
class Table(Type):
    """Rows of the same columns; the columns named in `key` together appear once only."""

    kind = "table"
    columns: Mapping[str, Type] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    min: int = 0
    max: int = _MAX_ITEMS

    def _read(self, raw: Any, path: str, faults: _Faults) -> Any:
        before = len(faults.found)
        rows = Items(of=Record(fields=self.columns), unique=False, min=self.min, max=self.max)._read(raw, path, faults)
        if len(faults.found) == before and self.key:
            self._check_keys(rows, path, faults)
        return rows

    def _check_keys(self, rows: Sequence[Mapping[str, Any]], path: str, faults: _Faults) -> None:
        seen: set[tuple[Any, ...]] = set()
        for n, row in enumerate(rows):
            key = tuple(row[name] for name in self.key)
            if key in seen:
                faults.add(f"{path}[{n}]", "%(key)s stands here twice.", key=" / ".join(map(str, key)))
            seen.add(key)

    def write(self, value: Any) -> Any:
        row = Record(fields=self.columns)
        return [row.write(item) for item in value]


@dataclass(frozen=True, slots=True)
class Map(Type):
    """Names of the same shape, each with a value of one type."""

    kind = "map"
    of: Type = field(default_factory=Int)
    names: str = SLUG

    def _read(self, raw: Any, path: str, faults: _Faults) -> Any:
        if not isinstance(raw, Mapping):
            return faults.add(path, "An object with named fields is needed.")
        for name in raw:
            if not re.fullmatch(self.names, str(name)):
                faults.add(_join(path, str(name)), "%(given)s is not written in the form needed here.", given=name)
        return Frozen({str(name): self.of._read(item, _join(path, str(name)), faults) for name, item in raw.items()})

    def write(self, value: Any) -> Any:
        return {name: self.of.write(item) for name, item in value.items()}


def build(spec: Mapping[str, Any]) -> Type:
    """The type that a data file describes: `{kind = "int", min = 1, unit = "hours"}`."""
    options = dict(spec)
    kind = options.pop("kind")
    return _BUILDERS.get(kind, _simple)(kind, options)


def _simple(kind: str, options: dict[str, Any]) -> Type:
    if kind == "slug":
        return Text(pattern=SLUG, limit=80, **options)
    if kind == "label":
        return Text(label=True, limit=options.pop("limit", 500), **options)
    if "options" in options:
        options["options"] = tuple(options["options"])
    return _KINDS[kind](**options)


def _nested(kind: str, options: dict[str, Any]) -> Type:
    return _KINDS[kind](**options | {"of": build(options["of"])})


def _fielded(name: str) -> Callable[[str, dict[str, Any]], Type]:
    def make(kind: str, options: dict[str, Any]) -> Type:
        built = {column: build(spec) for column, spec in options[name].items()}
        if "key" in options:
            options["key"] = tuple(options["key"])
        return _KINDS[kind](**options | {name: built})

    return make


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


_KINDS: Mapping[str, type[Type]] = {
    cls.kind: cls
    for cls in (Int, Percent, Rate, Bool, Text, Choice, Day, Clock, Amount, Optional, Items, Record, Table, Map)
}
_BUILDERS: Mapping[str, Callable[[str, dict[str, Any]], Type]] = {
    "optional": _nested,
    "list": _nested,
    "map": _nested,
    "record": _fielded("fields"),
    "table": _fielded("columns"),
}
