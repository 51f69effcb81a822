"""A store of any size in minutes: listings, offers, pictures and search documents written by the database itself.

    python -m benchmarks.page_store 1000000       # into FONDACO_DATABASE_URL (PostgreSQL), which must be its own

Goes into the real tables with the real constraints and indexes (which are made after the rows). `FONDACO_BENCH_PICTURES`: of each listing
(five). Prints one JSON object:
what the benchmark asks the pages for. Of the listings, one in ten belongs to one seller; 3 in 100 are held back because
their picture was rejected, 2 in 100 have none; the others show five. A title has words of every frequency: one of ten
(each in a tenth of the listings), one of a thousand, and one that twenty listings share.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

from benchmarks.handmade_titles import titles

TYPES = ("mug", "lamp", "kettle", "shirt", "toy", "chair")
FREQUENT = ("sturdy", "light", "fine", "plain", "large", "small", "round", "soft", "bright", "quiet")
COLOURS = ("blue", "red", "green", "white", "black", "grey", "yellow")
PICTURES = 5
SELLERS = 99
HANDMADE = 6_000  # listings with titles of handmade goods, in a store of a million; as many as fit in a smaller one
BIG = "Harbor Goods"
SMALLER = (
    "catalogue_product", "catalogue_offer", "catalogue_listingimage", "catalogue_searchdocument",
    "catalogue_stockmovement", "images_picture",
)  # fmt: skip

# Numbers to ids that ascend, as the product's own do; to contents; and to one of so many, evenly.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION bench_id(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (substr(t, 1, 8) || '-' || substr(t, 9, 4) || '-7000-8' || kind || '00-' || lpad(to_hex(n), 12, '0'))::uuid
  FROM (SELECT lpad(to_hex(1700000000000 + n), 12, '0') AS t) made $$;
CREATE OR REPLACE FUNCTION bench_sha(n bigint, place int) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT md5('a' || n || '.' || place) || md5('b' || n || '.' || place) $$;
CREATE OR REPLACE FUNCTION bench_of(n bigint, salt int, many int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ((hashint8(n * 31 + salt)::bigint & 2147483647) % many)::int $$;
CREATE OR REPLACE FUNCTION bench_word(kind text, n int) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT kind || translate(n::text, '0123456789', 'abcdefghij') $$;
CREATE OR REPLACE FUNCTION bench_asin(n bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT 'F0' || upper(lpad(to_hex((n * 2654435761) % 4294967296), 8, '0')) $$;
"""

GOODS = """
CREATE UNLOGGED TABLE bench_goods AS
SELECT n, bench_id('1', n) AS product, bench_id('2', n) AS offer, bench_asin(n) AS asin,
  (%(types)s::text[])[1 + bench_of(n, 1, 6)] AS type,
  (%(frequent)s::text[])[1 + bench_of(n, 2, 10)] AS frequent,
  (%(colours)s::text[])[1 + bench_of(n, 3, 7)] AS colour,
  bench_word('mid', bench_of(n, 4, 1000)) AS middle,
  bench_word('rare', bench_of(n, 5, greatest(1, %(count)s / 20))) AS rare,
  n %% 10 = 0 AS is_big,
  (%(sellers)s::uuid[])[1 + CASE WHEN n %% 10 = 0 THEN 0 ELSE 1 + bench_of(n, 6, %(others)s) END] AS seller,
  CASE bench_of(n, 7, 100) WHEN 0 THEN 'rejected' WHEN 1 THEN 'rejected' WHEN 2 THEN 'rejected'
    WHEN 3 THEN 'missing' WHEN 4 THEN 'missing' ELSE 'shown' END AS pictures,
  now() - interval '400 days' + n * interval '1 second' AS at
FROM generate_series(1, %(count)s) n;
"""

ROWS = {
    "catalogue_product": """
INSERT INTO catalogue_product (id, asin, product_type, title, title_key, brand, description, attributes, hazmat_class,
  parent_id, variation_theme, creator_id, main_picture_id, searchable, held_reason, created_at, updated_at)
SELECT product, asin, type, initcap(frequent) || ' ' || colour || ' ' || type || ' ' || middle || ' ' || rare || ', 350 ml',
  frequent || ' ' || colour || ' ' || type || ' ' || middle || ' ' || rare || ', 350 ml', 'Harbor',
  repeat('A thing that does what it should and looks well on a table. ', 4),
  jsonb_build_object('color', colour, 'material', 'stoneware'), 'none', NULL, '', seller,
  CASE WHEN pictures = 'shown' THEN bench_sha(n, 0) END, pictures = 'shown',
  CASE pictures WHEN 'shown' THEN '' WHEN 'rejected' THEN 'not_on_white' ELSE 'image_missing' END, at, at
FROM bench_goods""",
    "catalogue_offer": """
INSERT INTO catalogue_offer (id, seller_id, product_id, sku, store, condition, condition_note, price_minor, currency,
  channel, status, image_status, handling_days, units_sellable, units_reserved, units_away, request_key, created_at,
  updated_at)
SELECT offer, seller, product, 'SKU-' || lpad(n::text, 8, '0'), 'US', 'new', '', 100 + bench_of(n, 8, 20000), 'USD',
  CASE bench_of(n, 9, 4) WHEN 0 THEN 'marketplace' ELSE 'seller' END,
  CASE bench_of(n, 10, 20) WHEN 0 THEN 'closed' ELSE 'active' END, pictures, 1, bench_of(n, 11, 90), 0, 0, '', at, at
FROM bench_goods""",
    "catalogue_stockmovement": """
INSERT INTO catalogue_stockmovement (id, offer_id, kind, from_bucket, to_bucket, units, cause, at)
SELECT bench_id('4', n), offer, 'count', 'outside', 'sellable', bench_of(n, 11, 90), 'batch', at
FROM bench_goods WHERE bench_of(n, 11, 90) > 0""",
    "images_picture": """
INSERT INTO images_picture (sha256, format, width, height, frames, size_bytes, colour, rendered, lean, box_hash, created_at)
SELECT bench_sha(n, place), 'jpeg', 1600, 1600, 1, 250000, 'srgb', 1, 1, hashint8extended(n, place), at
FROM bench_goods, generate_series(0, %(last)s) place WHERE pictures = 'shown' OR (pictures = 'rejected' AND place = 0)""",
    "catalogue_listingimage": """
INSERT INTO catalogue_listingimage (id, product_id, seller_id, source, variant, method, state, place, picture_id,
  file_name, source_url, verdict, reasons, verdict_rules, policy_version, batch_record, request_key, attempts, tries,
  lost, holder, submitted_at, due_at, decided_at, shown_at)
SELECT bench_id('3', n * 8 + place), product, seller, 'seller', CASE place WHEN 0 THEN 'MAIN' ELSE 'PT0' || place END,
  'feed', CASE pictures WHEN 'shown' THEN 'displayed' ELSE 'rejected' END, CASE pictures WHEN 'shown' THEN place END,
  bench_sha(n, place), '', 'https://pictures.example/' || n || '/' || place || '.jpg',
  CASE pictures WHEN 'shown' THEN 'eligible' ELSE 'rejected' END,
  CASE pictures WHEN 'shown' THEN '[]'::jsonb ELSE '[{"code": "too_small", "severity": "error"}]'::jsonb END,
  'bench', 'bench', n, '', 1, 0, 0, '', at, at + interval '1 day', at, at
FROM bench_goods, generate_series(0, %(last)s) place WHERE pictures = 'shown' OR (pictures = 'rejected' AND place = 0)""",
}


def build(count: int, *, pictures: int = PICTURES) -> dict[str, Any]:
    """Writes the store into the database of the settings; what the benchmark needs to know of it."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench_facts')")
        if cursor.fetchone()[0]:
            cursor.execute("SELECT facts FROM bench_facts")
            facts = json.loads(cursor.fetchone()[0])
            if "handmade" not in facts:  # kept from before there were any
                facts["handmade"] = _write_handmade(cursor, count)
                cursor.execute("UPDATE bench_facts SET facts = %s", [json.dumps(facts)])
            return {**facts, "cookies": _cookies()}
        _write(cursor, count, _people(), pictures)
        facts = {**_asked_for(cursor, count), "handmade": _write_handmade(cursor, count), "cookies": _cookies()}
        cursor.execute("CREATE TABLE bench_facts AS SELECT %s::text AS facts", [json.dumps(facts)])
    sys.stderr.write(f"{count:,} listings in {time.monotonic() - began:.0f} s\n")
    return facts


def _people() -> list[str]:
    """The seller with a tenth of everything and ninety-nine others; their ids."""
    from fondaco.sellers.models import SellerAccount
    from fondaco.sellers.tests.factories import make_seller

    values = {"legal_name": "Stall", "country": "US", "store": "US"}
    others = [SellerAccount.objects.create(display_name=f"Stall {n}", **values) for n in range(SELLERS)]
    return [str(each.pk) for each in (make_seller(BIG), *others)]


def _cookies() -> str:
    """The owner of the big seller account, signed in."""
    from django.test import Client

    from fondaco.sellers.models import Person

    client = Client()
    client.force_login(Person.objects.get(memberships__seller__display_name=BIG))
    return f"sessionid={client.cookies['sessionid'].value}"


def _write(cursor: Any, count: int, sellers: list[str], pictures: int) -> None:
    terms = {"count": count, "types": list(TYPES), "frequent": list(FREQUENT), "colours": list(COLOURS)}
    terms |= {"sellers": sellers, "others": SELLERS, "last": pictures - 1}
    cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")  # no foreign-key lookups
    cursor.execute("SET maintenance_work_mem = '768MB'; SET work_mem = '64MB'")
    cursor.execute(FUNCTIONS)
    cursor.execute(GOODS, terms)
    indexes = _drop_indexes(cursor)
    for table, statement in ROWS.items():
        _timed(cursor, statement, terms, f"rows of {table}")
    _timed(cursor, _documents(), terms, "search documents")
    for name, statement in indexes:
        _timed(cursor, statement, {}, f"index {name}")
    cursor.execute("DROP TABLE bench_goods")
    for table in SMALLER:
        _timed(cursor, f"VACUUM (ANALYZE) {table}", {}, f"vacuum {table}")
    cursor.execute("SET session_replication_role = DEFAULT; CHECKPOINT")


def _timed(cursor: Any, statement: str, terms: dict[str, Any], what: str) -> None:
    began = time.monotonic()
    cursor.execute(statement, terms or None)
    if (took := time.monotonic() - began) > 2:
        sys.stderr.write(f"  {took:6.1f} s  {what}\n")


def _drop_indexes(cursor: Any) -> list[tuple[str, str]]:
    """Takes away what can be made again after the rows, which takes a tenth of the time."""
    cursor.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(%s) AND NOT EXISTS "
        "(SELECT FROM pg_constraint c WHERE c.conindid = i.indexname::regclass)",
        [list(SMALLER)],
    )
    found = list(cursor.fetchall())
    for name, _ in found:
        cursor.execute(f"DROP INDEX {name}")
    return found


def _documents() -> str:
    """What `search.documents` would write, with the words of type and department as it spells them."""
    from fondaco.catalogue.product_types import all_types
    from fondaco.catalogue.search.documents import mark
    from fondaco.catalogue.search.tokens import tokens_of

    named = {key: all_types()[key] for key in TYPES}
    words = {key: " ".join(t for t in tokens_of(of.name) if t != key) for key, of in named.items()}
    shelves = {key: f"{mark('type', key)} {mark('dept', of.department)}" for key, of in named.items()}
    of_type = " ".join(f"WHEN '{key}' THEN '{value}'" for key, value in words.items())
    shelf = " ".join(f"WHEN '{key}' THEN '{value}'" for key, value in shelves.items())
    return f"""
INSERT INTO catalogue_searchdocument (product_id, tokens, marks)
SELECT product, frequent || ' ' || colour || ' ' || type || ' ' || middle || ' ' || rare || ' 350 ml harbor ' || lower(asin)
  || ' ' || CASE type {of_type} END || ' stoneware',
  CASE pictures WHEN 'shown' THEN 'storeus ' ELSE 'held heldnotonwhite ' END || CASE type {shelf} END
FROM bench_goods WHERE pictures <> 'missing' ORDER BY n"""


def _write_handmade(cursor: Any, count: int) -> dict[str, list[list[str]]]:
    """Gives listings that are shown, evenly spread over the store, titles of handmade goods in three languages.

    Language → what is typed and the ASIN that it is to find.
    """
    from fondaco.catalogue.product_types import all_types
    from fondaco.catalogue.search.documents import mark
    from fondaco.catalogue.search.tokens import tokens_of

    cursor.execute(
        "SELECT d.number, p.id, p.asin FROM catalogue_searchdocument d JOIN catalogue_product p ON p.id = d.product_id "
        "WHERE p.searchable AND d.number %% %s = 0 ORDER BY d.number LIMIT %s",
        [max(1, count // HANDMADE), HANDMADE],
    )
    rows = cursor.fetchall()
    of_type = all_types()["handmade_home"]
    marks = f"{mark('store', 'US')} {mark('type', of_type.key)} {mark('dept', of_type.department)}"
    asked: dict[str, list[list[str]]] = {}
    for (number, product, asin), titled in zip(rows, titles(len(rows)), strict=True):
        cursor.execute(
            "UPDATE catalogue_product SET title = %s, title_key = lower(%s), product_type = %s WHERE id = %s",
            [titled.title, titled.title, of_type.key, product],
        )
        tokens = " ".join(tokens_of(titled.title, "Harbor", asin, of_type.name, "stoneware"))
        cursor.execute(
            "UPDATE catalogue_searchdocument SET tokens = %s, marks = %s WHERE number = %s", [tokens, marks, number]
        )
        asked.setdefault(titled.language, []).append([titled.asked, asin])
    cursor.execute("VACUUM (ANALYZE) catalogue_searchdocument")
    return asked


def _asked_for(cursor: Any, count: int) -> dict[str, Any]:
    """Of the pages, which: evenly spread over the store."""
    step = max(1, count // 500)
    cursor.execute(
        "SELECT bench_asin(n), bench_word('rare', bench_of(n, 5, greatest(1, %s / 20))), "
        "bench_word('mid', bench_of(n, 4, 1000)), 'SKU-' || lpad(n::text, 8, '0') "
        "FROM generate_series(10, %s, %s) n",
        [count, count, step],
    )
    rows = cursor.fetchall()
    own = [10 * (n * count // 5000 + 1) for n in range(400)]
    cursor.execute(
        "SELECT bench_word('rare', bench_of(n, 5, greatest(1, %s / 20))), 'SKU-' || lpad(n::text, 8, '0') "
        "FROM unnest(%s::bigint[]) n WHERE n <= %s",
        [count, own, count],
    )
    of_seller = cursor.fetchall()
    return {
        "asins": [row[0] for row in rows],
        "rare": sorted({row[1] for row in rows}),
        "middle": sorted({row[2] for row in rows}),
        "own_rare": sorted({row[0] for row in of_seller}),
        "own_skus": [row[1] for row in of_seller],
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fondaco.config.settings")
    print(json.dumps(build(int(sys.argv[1]), pictures=int(os.environ.get("FONDACO_BENCH_PICTURES", PICTURES)))))
