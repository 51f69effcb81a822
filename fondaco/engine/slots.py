"""A query that is put together once a process and then only asked: what locks and operations read.

Beside `engine.prepared`, which is asked by keys alone, a value may be of any kind here (numbers, dates), and rows may be tuples.
What an operation reads is written as a queryset of its arguments and decorated:

    @prepared
    def _posting(key: Any) -> QuerySet[Posting]:
        return Posting.objects.filter(key=key)

    _posting.first("order:…")

The function sees placeholders, so it must not look at its arguments, and `None` is no argument (it is other SQL); with
`*keys` it is put together once for each number of them. A model's
rows come as Django makes them, `select_related` and annotations included; `values_list` gives tuples; no `prefetch_related`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial, reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Expression, Q, QuerySet
from django.db.models.query import ModelIterable, get_related_populators

from fondaco.engine.prepared import planning_cursor

_MOST_KEPT = 100
"""Beyond so many values (`in` of a list) a query is not kept: each length is other SQL."""


class Slot(Expression):
    """Stands in a queryset where a value will be."""

    def __init__(self, position: int) -> None:
        super().__init__()
        self.position = position

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    params: tuple[Any, ...]
    converters: list[tuple[int, Any, Any]]
    build: Callable[[Sequence[Any]], Any]


class Prepared[Row]:
    """What `@prepared` makes of a function: compiled at its first use, for each kind of database and number of values."""

    def __init__(self, queryset_of: Callable[..., QuerySet[Any, Row]]) -> None:
        self._queryset_of = queryset_of
        self._compiled: dict[tuple[str, int], _Compiled] = {}

    def all(self, *values: Any) -> list[Row]:
        """All rows, in one query."""
        try:
            known = self._compiled.get((connection.vendor, len(values))) or self._compile(len(values))
        except EmptyResultSet:  # `in` of no values
            return []
        params = [_for_database(values[p.position]) if isinstance(p, Slot) else p for p in known.params]
        with planning_cursor() as cursor:
            cursor.execute(known.sql, params)
            rows = cursor.fetchall()
        return [known.build(_converted(row, known.converters)) for row in rows]

    def first(self, *values: Any) -> Row | None:
        """One row, or None; the queryset itself says which (by a unique key, or sliced)."""
        return next(iter(self.all(*values)), None)

    def _compile(self, arguments: int) -> _Compiled:
        queryset = self._queryset_of(*map(Slot, range(arguments)))
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        chosen = compiler.get_converters([each[0] for each in compiler.select[: compiler.col_count]])
        found = _Compiled(
            sql,
            tuple(params),
            [(position, *pair) for position, pair in chosen.items()],
            _model_builder(queryset, compiler) if queryset._iterable_class is ModelIterable else tuple,
        )
        if arguments <= _MOST_KEPT:
            self._compiled[connection.vendor, arguments] = found
        return found


def prepared[Row](queryset_of: Callable[..., QuerySet[Any, Row]]) -> Prepared[Row]:
    """Decorates a function that makes a queryset of its arguments, and does nothing else with them."""
    return Prepared(queryset_of)


def any_of(name: str, values: Sequence[Any]) -> Q:
    """`name__in` of a foreign key, which Django does not make of placeholders."""
    return reduce(or_, (Q(**{name: value}) for value in values), Q()) if values else Q(pk__in=())


def _for_database(value: Any) -> Any:
    """As Django's fields hand it to this database. PostgreSQL's driver knows both kinds itself."""
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def _converted(row: Sequence[Any], converters: list[tuple[int, Any, Any]]) -> Sequence[Any]:
    if not converters:
        return row
    values = list(row)
    for position, steps, expression in converters:
        for step in steps:
            values[position] = step(values[position], expression, connection)
    return values


def _model_builder(queryset: Any, compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """As `ModelIterable` does it, with all that is the same for each row worked out beforehand."""
    about, select, alias = compiler.klass_info, compiler.select, connection.alias
    start, end = about["select_fields"][0], about["select_fields"][-1] + 1
    names = [each[0].target.attname for each in select[start:end]]
    from_db = partial(about["model"].from_db, fetch_mode=queryset._fetch_mode)
    related = get_related_populators(about, select, alias, queryset._fetch_mode)
    annotated = list((compiler.annotation_col_map or {}).items())

    def build(row: Sequence[Any]) -> Any:
        made = from_db(alias, names, row[start:end])
        for each in related:
            each.populate(row, made)
        for name, position in annotated:
            setattr(made, name, row[position])
        return made

    return build
