"""Pictures that look alike among millions: how long one question takes, on the database that the settings name.

The rows lie in the real table of a test database, filled by the database itself. The number is `--short`'s, five millions, or
what FONDACO_BENCH_PICTURES says.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.row import Row

PICTURES, SHORT = 5_000_000, 200_000
PLANTED = 40
TARGET_MS = 100.0


def run(*, short: bool = False) -> list[Row]:
    """Rows for filling and for asking; each question must find the copies planted for it."""
    count = int(os.environ.get("FONDACO_BENCH_PICTURES", 0)) or (SHORT if short else PICTURES)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("FONDACO_DATABASE_URL", f"sqlite:///{Path(folder) / 'looks.sqlite3'}")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fondaco.config.settings")
        import django

        django.setup()
        return _measured(count)


def _measured(count: int) -> list[Row]:
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        began = time.perf_counter()
        questions = _fill(count)
        filled = time.perf_counter() - began
        took, found = _ask(questions)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    middle, worst = statistics.median(took), max(took)
    where = connection.vendor
    return [
        Row(f"{where}: pictures filed", count / filled, "a second"),
        Row(f"{where}: found among {count:,}", found, "of planted copies", "1", found, "1", found == 1),
        Row(
            f"{where}: one question, median",
            middle,
            "ms",
            f"{TARGET_MS:g} ms",
            middle / TARGET_MS,
            "≤ 1",
            middle <= TARGET_MS,
        ),
        Row(f"{where}: one question, worst of {len(took)}", worst, "ms"),
    ]


def _fill(count: int) -> list[tuple[str, set[str]]]:
    """Random hashes, and for some pictures three copies that differ in up to six bits. Gives picture and copies."""
    from fondaco.engine import clock
    from fondaco.images.models import Picture

    rng, at = random.Random(7), clock.now()

    def signed(value: int) -> int:
        return value - 2**64 if value >= 2**63 else value

    def row(number: int, looks: int) -> Picture:
        return Picture(sha256=f"{number:064x}", size_bytes=1, box_hash=signed(looks), created_at=at)

    questions, rows = [], []
    for i in range(PLANTED):
        looks, copies = rng.getrandbits(64), set()
        rows.append(row(i * 10, looks))
        for n in range(1, 4):
            other = looks
            for bit in rng.sample(range(64), rng.randrange(7)):
                other ^= 1 << bit
            rows.append(row(i * 10 + n, other))
            copies.add(f"{i * 10 + n:064x}")
        questions.append((f"{i * 10:064x}", copies))
    _let_the_database_fill(count)
    Picture.objects.bulk_create(rows)
    _analyse()
    return questions


# Hashes of the row's number, so that every run asks the same.
_NUMBERS = {
    "postgresql": (
        "SELECT encode(sha256(n::text::bytea), 'hex') AS sha256, "
        "('x' || substr(md5(n::text), 1, 16))::bit(64)::bigint AS looks FROM generate_series(1, %s) AS n"
    ),
    "sqlite": (
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s) "
        "SELECT printf('%%064x', n * 2654435761 + 1000000) AS sha256, random() AS looks FROM numbers"
    ),
}


def _let_the_database_fill(count: int) -> None:
    """Indexes are made after the rows, as a restored copy of a database does."""
    from django.db import connection

    from fondaco.engine import clock
    from fondaco.images.models import Picture

    fields = [f for f in Picture._meta.concrete_fields if f.column not in ("sha256", "box_hash")]
    fixed = {"size_bytes": 1, "frames": 1, "created_at": clock.now()}
    values = [fixed.get(f.column, 0 if not f.null and f.empty_strings_allowed is False else "") for f in fields]
    values = [None if f.null else value for f, value in zip(fields, values, strict=True)]
    columns = ", ".join(f'"{f.column}"' for f in fields)
    places = ", ".join(["%s"] * len(fields))
    with connection.schema_editor() as editor:
        for index in Picture._meta.indexes:
            editor.remove_index(Picture, index)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO images_picture ("sha256", "box_hash", {columns}) '
            f"SELECT sha256, looks, {places} FROM ({_NUMBERS[connection.vendor]}) AS made",
            [*values, count],
        )
    with connection.schema_editor() as editor:
        for index in Picture._meta.indexes:
            editor.add_index(Picture, index)


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _ask(questions: list[tuple[str, set[str]]]) -> tuple[list[float], float]:
    """Milliseconds of each question after a first round, and the share of planted copies that was found."""
    from fondaco.images.models import Picture
    from fondaco.images.queries import looking_like

    found = wanted = 0
    took = []
    for sha256, copies in questions:
        picture = Picture.objects.get(pk=sha256)
        began = time.perf_counter()
        alike = {other.pk for other, _ in looking_like(picture)}
        took.append(1000 * (time.perf_counter() - began))
        found, wanted = found + len(copies & alike), wanted + len(copies)
    return took, found / wanted
