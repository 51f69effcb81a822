"""Answering a search: bounded work for any words, whatever the size of the catalogue.

The newest 200 listings that have all the words are the candidates; among them the ones whose title says it best come
first. Both databases find the same candidates, and the order is worked out here, so both answer alike. On PostgreSQL
a frequent word would match a tenth of a million rows: the newest blocks of numbers are asked first, and only words
that are rare there are looked up in the whole index, where they are rare too.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection

from fondaco.catalogue import featuring
from fondaco.catalogue.models import Product
from fondaco.catalogue.search.documents import mark
from fondaco.catalogue.search.tokens import query_tokens
from fondaco.engine import clock
from fondaco.engine.prepared import Prepared

CANDIDATES = 200
PAGE = 24
FEW = 2_000
BLOCKS = {"a": 2_000, "b": 16_000, "c": 128_000}
"""How many listings a block of each size holds (migration 0002). What is rarer than 200 in the two newest blocks of
128,000 is rare enough for the whole index."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results. `is_cut`: more listings have the words than are looked through; more words narrow it."""

    products: tuple[Product, ...]
    page: int
    pages: int
    count: int
    is_cut: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    number: int
    product_id: UUID
    tokens: Sequence[str]


def search(query: str, *, store: str = "US", page: int = 1, department: str = "", product_type: str = "") -> Found:
    """Listings of a store that have all the words, the best first; without words, the newest.

    `page` counts from 1; one beyond the last is empty. Only listings that are not held back can be found.
    """
    words = query_tokens(query)
    marks = [mark("store", store)]
    marks += [mark("dept", department)] if department else []
    marks += [mark("type", product_type)] if product_type else []
    if query.strip() and not words:
        return Found((), 1, 0, 0, False)
    candidates = _candidates(words, marks)
    fast = _points(candidates, store) if words else {}
    ranked = sorted(candidates, key=lambda c: _rank(c, words, fast.get(c.product_id, 0)))
    shown = ranked[(page - 1) * PAGE : page * PAGE] if page >= 1 else []
    pages = -(-len(ranked) // PAGE)
    return Found(_products(shown), page, pages, len(ranked), len(ranked) == CANDIDATES)


def _points(candidates: Sequence[_Candidate], store: str) -> dict[UUID, int]:
    """What faster delivery earns among listings whose words fit equally well (PRIME-16)."""
    return featuring.search_points((c.product_id for c in candidates), store=store, at=clock.now())


def _rank(candidate: _Candidate, words: Sequence[str], points: int = 0) -> tuple[int, int, int, int]:
    """Words next to each other in the order asked, words early in the title, faster delivery, then the newest."""
    places = [candidate.tokens.index(word) for word in words]
    if not places:
        return 0, 0, 0, -candidate.number
    in_order = all(later - earlier == 1 for earlier, later in pairwise(places))
    return 0 if in_order else 1, max(places) // 4, -points, -candidate.number


_SHOWN = Prepared(lambda products: Product.objects.filter(pk__in=products).select_related("main_picture"))


def _products(candidates: Sequence[_Candidate]) -> tuple[Product, ...]:
    ids = [candidate.product_id for candidate in candidates]
    found = {p.pk: p for p in _SHOWN.rows(products=ids)} if ids else {}
    return tuple(found[pk] for pk in ids if pk in found)


def products_saying(words: Sequence[str], marks: Sequence[str], *, most: int) -> list[UUID]:
    """The newest listings, held back or not, whose words begin with all of `words` and that have all `marks`."""
    if not words and not marks:
        return []
    if connection.vendor == "postgresql":
        terms = [f"'{word}':*" for word in words] + [f"':{each}'" for each in marks]
        rows = _matching(" & ".join(terms), most)
    else:
        terms = [f'tokens : "{word}" *' for word in words] + [f'marks : "{each}"' for each in marks]
        rows = _hits(" AND ".join(terms), most)
    return [_uuid(product_id) for _, product_id, _ in rows]


def _candidates(words: Sequence[str], marks: Sequence[str]) -> list[_Candidate]:
    rows = _postgresql(words, marks) if connection.vendor == "postgresql" else _sqlite(words, marks)
    return [_Candidate(number, _uuid(product_id), tokens.split(" ")) for number, product_id, tokens in rows]


def _sqlite(words: Sequence[str], marks: Sequence[str]) -> list[Any]:
    terms = [f'tokens : "{word}"' for word in words] + [f'marks : "{each}"' for each in marks]
    return _hits(" AND ".join(terms), CANDIDATES)


def _hits(match: str, most: int) -> list[Any]:
    """FTS5 merges its lists by row number, so the newest come first and the scan stops at the limit."""
    sql = """
        SELECT d.number, d.product_id, d.tokens
        FROM (SELECT rowid FROM catalogue_search_words WHERE catalogue_search_words MATCH %s
              ORDER BY rowid DESC LIMIT %s) hit
        JOIN catalogue_searchdocument d ON d.number = hit.rowid
        ORDER BY d.number DESC
    """
    return _rows(sql, [match, most])


def _postgresql(words: Sequence[str], marks: Sequence[str]) -> list[Any]:
    """Words that many listings have are looked for among the newest first; of few, all are read at once."""
    terms = " & ".join([f"'{word}'" for word in words] + [f"':{each}'" for each in marks])
    if _estimated(terms) > FEW:
        newest = _rows("SELECT max(number) FROM catalogue_searchdocument", [])[0][0] or 0
        for name, size in BLOCKS.items():
            last = newest // size
            if last == 0:
                break
            rows = _matching(f"{terms} & ('#{name}{last}' | '#{name}{last - 1}')", CANDIDATES)
            if len(rows) == CANDIDATES:
                return rows
    return _matching(terms, CANDIDATES)


def _estimated(terms: str) -> int:
    """How many listings have them all, as the planner guesses from its statistics; it reads none."""
    sql = "EXPLAIN (FORMAT JSON) SELECT FROM catalogue_searchdocument WHERE words @@ %s::tsquery"
    ((found,),) = _rows(sql, [terms])
    return int((json.loads(found) if isinstance(found, str) else found)[0]["Plan"]["Plan Rows"])


def _matching(query: str, most: int) -> list[Any]:
    # MATERIALIZED: otherwise the planner may walk the primary key and test every row for the words.
    sql = """
        WITH hit AS MATERIALIZED (
            SELECT number, product_id, tokens FROM catalogue_searchdocument WHERE words @@ %s::tsquery
        )
        SELECT number, product_id, tokens FROM hit ORDER BY number DESC LIMIT %s
    """
    return _rows(sql, [query, most])


def _rows(sql: str, params: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
