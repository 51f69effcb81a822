"""Whether a connection that comes out of the pool still leads to the database, mostly without asking it."""

from __future__ import annotations

import select
import time
from typing import Any

from psycopg_pool import ConnectionPool

TRUSTED_S = 5.0


def check(connection: Any) -> None:
    """Raises what psycopg raises on a connection that has ended.

    A server that goes says so on the connection, which then has something to read. Only a connection on which there is, or that has
    rested for some seconds, is asked.
    """
    now = time.monotonic()
    rested_s = now - getattr(connection, "fondaco_checked_at", 0.0)
    if rested_s > TRUSTED_S or _has_something_to_say(connection.fileno()):
        ConnectionPool.check_connection(connection)
    connection.fondaco_checked_at = now


def _has_something_to_say(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
