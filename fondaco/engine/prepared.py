"""Reads that are asked for all the time: their SQL is written once a thread, and planned once a connection (PostgreSQL).

Of a read of one row by its key, Django spends nine tenths on writing the same SQL again, and PostgreSQL most of its part on the same
plan. What comes back is what the queryset would give: the model's own rows, with their relations.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

Key = UUID | str
_PLACES = 1000


class Prepared[M: Model]:
    """A read by keys: `build` makes its queryset of the keyword arguments that it will be asked with.

    Each is an identifier, a text, or a list of them to look for with `__in` (its last one is repeated up to a power of two, so that
    there are few statements). Whatever else tells two questions apart, the queryset must not depend on.
    """

    def __init__(self, build: Callable[..., QuerySet[M]]) -> None:
        self._build = build
        self._kept = threading.local()  # compilers hold their thread's connection

    def rows(self, **keys: Key | Sequence[Key]) -> list[Any]:
        """The rows for these keys, with what `select_related` names."""
        keys = _ready(keys)
        return self._statement(keys).rows(keys)

    def count(self, **keys: Key | Sequence[Key]) -> int:
        """How many there are."""
        keys = _ready(keys)
        return self._statement(keys).count(keys)

    def first(self, **keys: Key | Sequence[Key]) -> Any:
        """The first of them; `build` says how many are looked for."""
        return next(iter(self.rows(**keys)), None)

    def _statement(self, keys: dict[str, Any]) -> _Statement:
        shape = tuple((name, None if isinstance(key, Key) else len(key)) for name, key in keys.items())
        kept = self._of_this_thread().get(shape)
        if kept is None:
            kept = self._of_this_thread()[shape] = _statement(self._build, keys)
        return kept

    def _of_this_thread(self) -> dict[Any, _Statement]:
        if not hasattr(self._kept, "statements"):
            self._kept.statements = {}
        statements: dict[Any, _Statement] = self._kept.statements
        return statements


def hold(row: Model, name: str, found: Iterable[Model]) -> None:
    """Say what `row.name.all()` is from now on, as `prefetch_related` does. It can be gone through, not filtered further."""
    if not hasattr(row, "_prefetched_objects_cache"):
        row._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    row._prefetched_objects_cache[name] = list(found)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the parameters a key stands, and how the database wants it."""

    name: str
    number: int | None
    as_hex: bool

    def of(self, keys: dict[str, Any]) -> Any:
        key = keys[self.name] if self.number is None else keys[self.name][self.number]
        return key.hex if self.as_hex else key


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL with places for keys, and Django's compiler that made it, which knows how rows become models."""

    sql: str
    parameters: tuple[Any, ...]
    compiler: Any
    converters: Any
    queryset: Any

    def count(self, keys: dict[str, Any]) -> int:
        number: int = self._asked(f"SELECT COUNT(*) FROM ({self.sql}) counted", keys)[0][0]
        return number

    def _asked(self, sql: str, keys: dict[str, Any]) -> list[Any]:
        values = [p.of(keys) if isinstance(p, _Place) else p for p in self.parameters]
        with planning_cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())

    def rows(self, keys: dict[str, Any]) -> list[Any]:
        found = self._asked(self.sql, keys)
        if not found:
            return []
        answered = _Answered(self, found)
        asked: Any = SimpleNamespace(
            db=connection.alias,
            query=SimpleNamespace(get_compiler=lambda using: answered),
            model=self.queryset.model,
            _fetch_mode=self.queryset._fetch_mode,
            _known_related_objects={},
        )
        return list(ModelIterable(asked))


class _Answered:
    """A compiler whose answer has come; the rest is asked of the one that is kept."""

    def __init__(self, statement: _Statement, found: list[Any]) -> None:
        self._statement, self._found = statement, found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._statement.compiler, name)

    def execute_sql(self, **_: Any) -> list[Any]:
        return self._found

    def results_iter(self, results: list[Any]) -> Iterator[Any]:
        converters = self._statement.converters
        return self._statement.compiler.apply_converters(results, converters) if converters else iter(results)


def _statement(build: Callable[..., QuerySet[Any]], keys: dict[str, Any]) -> _Statement:
    marks: dict[Any, tuple[str, int | None]] = {}
    asked: dict[str, Any] = {}
    for at, (name, key) in enumerate(keys.items()):
        if isinstance(key, Key):
            asked[name] = _mark(key, at * _PLACES)
            marks[asked[name]] = name, None
        else:
            asked[name] = [_mark(each, at * _PLACES + n) for n, each in enumerate(key)]
            marks |= {mark: (name, n) for n, mark in enumerate(asked[name])}
    queryset = build(**asked)
    compiler = queryset.query.get_compiler(using=connection.alias)
    sql, given = compiler.as_sql()
    in_hex = {mark.hex: mark for mark in marks if isinstance(mark, UUID)}
    parameters = tuple(
        _Place(*marks[mark], as_hex=value in in_hex) if (mark := in_hex.get(value, value)) in marks else value
        for value in given
    )
    named = {p.name for p in parameters if isinstance(p, _Place)}
    assert named == set(keys), f"the query does not compare {set(keys) - named} as it stands"
    columns = [column[0] for column in compiler.select[: compiler.col_count]]
    return _Statement(sql, parameters, compiler, compiler.get_converters(columns), queryset)


def _ready(keys: dict[str, Any]) -> dict[str, Any]:
    return {name: key if isinstance(key, Key) else _filled(key) for name, key in keys.items()}


def _filled(keys: Sequence[Key]) -> Sequence[Key]:
    return [*keys, *[keys[-1]] * ((1 << (len(keys) - 1).bit_length()) - len(keys))]


def _mark(key: Key, number: int) -> Key:
    """What stands for a key while the SQL is written: of its kind, and like no other."""
    if isinstance(key, UUID):
        return UUID(int=(0x5072_6570_6172_6564 << 64) + number)
    return f"prepared:{number}"


def planning_cursor() -> Any:
    """Django's cursor; on PostgreSQL one that sends parameters apart from the SQL, so that the server keeps the plan."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from fondaco.engine.planned import Planned

    connection.ensure_connection()
    database: Any = connection
    return database._prepare_cursor(Planned(database.connection))
