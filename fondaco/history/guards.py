"""Tables that only grow: triggers by which both databases refuse to change or delete rows.

    operations = [append_only("history_event")]
    operations = [append_only("policy_policyversion", frozen=["key", "store", "number", "value"])]

Emptying a whole table stays possible where Django does it itself (`flush`, and so tests with real
transactions): PostgreSQL truncates, which row triggers do not see; SQLite deletes row by row, so its
trigger asks a function that is true only while Django flushes. A program that opens the file without that
function cannot delete at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import migrations
from django.db.backends.base.base import BaseDatabaseWrapper

FLUSHING = "fondaco_flushing"
_FUNCTION = "fondaco_refuse_change"

_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def append_only(table: str, *, frozen: Sequence[str] = ()) -> migrations.RunPython:
    """A migration step that guards a table. With `frozen`, only those columns never change; else none does.

    A later migration that rebuilds the table on SQLite drops its triggers and must repeat this step.
    """

    def guard(_apps: Any, schema_editor: Any) -> None:
        for statement in _create(schema_editor.connection, table, frozen):
            schema_editor.execute(statement, params=None)

    def unguard(_apps: Any, schema_editor: Any) -> None:
        for statement in _drop(schema_editor.connection, table):
            schema_editor.execute(statement, params=None)

    return migrations.RunPython(guard, unguard)


def prepare_connection(*, connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Gives a new SQLite connection the function that its triggers ask. Connected to `connection_created`."""
    if connection.vendor != "sqlite":
        return
    flushing = _mark_flushes(connection)
    connection.connection.create_function(FLUSHING, 0, lambda: int(flushing["now"]))


def _mark_flushes(connection: BaseDatabaseWrapper) -> dict[str, bool]:
    known: dict[str, bool] | None = getattr(connection, "_fondaco_flushing", None)
    if known is not None:
        return known
    state = {"now": False}
    flush = connection.ops.execute_sql_flush

    def marked(sql_list: Any) -> None:
        with _true(state):
            flush(sql_list)

    connection.ops.execute_sql_flush = marked  # type: ignore[method-assign]
    connection._fondaco_flushing = state  # type: ignore[attr-defined]
    return state


@contextmanager
def _true(state: dict[str, bool]) -> Iterator[None]:
    state["now"] = True
    try:
        yield
    finally:
        state["now"] = False


def _create(connection: BaseDatabaseWrapper, table: str, frozen: Sequence[str]) -> list[str]:
    quote = connection.ops.quote_name
    columns = f" OF {', '.join(map(quote, frozen))}" if frozen else ""
    if connection.vendor == "postgresql":
        return [
            _POSTGRES_FUNCTION,
            f"CREATE TRIGGER {quote(table + '_grows')} BEFORE UPDATE{columns} OR DELETE ON {quote(table)} "
            f"FOR EACH ROW EXECUTE FUNCTION {_FUNCTION}()",
        ]
    return [
        f"CREATE TRIGGER {quote(table + '_no_update')} BEFORE UPDATE{columns} ON {quote(table)} "
        f"BEGIN SELECT RAISE(ABORT, '{table} only grows: UPDATE refused'); END",
        f"CREATE TRIGGER {quote(table + '_no_delete')} BEFORE DELETE ON {quote(table)} WHEN NOT {FLUSHING}() "
        f"BEGIN SELECT RAISE(ABORT, '{table} only grows: DELETE refused'); END",
    ]


def _drop(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    quote = connection.ops.quote_name
    if connection.vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {quote(table + '_grows')} ON {quote(table)}"]
    return [f"DROP TRIGGER IF EXISTS {quote(table + suffix)}" for suffix in ("_no_update", "_no_delete")]
