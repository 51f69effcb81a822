"""PostgreSQL's side of prepared reads; imported only where psycopg is needed."""

from __future__ import annotations

from typing import Any

from psycopg import Cursor


class Planned(Cursor[Any]):
    """Sends parameters apart from the statement, which the connection then knows by a name."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Planned:
        super().execute(query, params, prepare=True)
        return self
