"""Writing clean rows to the catalogue, a chunk at a time.

New rows go in by `COPY` on PostgreSQL and by `executemany` on SQLite; rows that the catalogue already says are found by
comparing text lines and not touched; the few that change are locked and changed one statement a table.
"""
