"""The store of `page_store`, with as many orders as listings, and a program that may ask for them.

    python -m benchmarks.spapi_store 1000000      # into FONDACO_DATABASE_URL (PostgreSQL), which must be its own

Orders stand without the checkouts that they came of, which no operation reads. One in ten belongs to the seller whose program
asks. Prints one JSON object: what the benchmark asks for, and an access token.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

from benchmarks import page_store

TABLES = ("orders_order", "orders_orderitem", "orders_orderunit", "messaging_alias")
BUYERS = 500

ROWS = {
    "orders_order": """
INSERT INTO orders_order (id, number, checkout_id, buyer_id, seller_id, store, currency, placed_at, address, place, is_member,
  has_prime, language, status, policy_version, request_key, updated_at)
SELECT bench_id('5', n), bench_number(n), bench_id('8', n), (%(buyers)s::uuid[])[1 + bench_of(n, 20, %(many)s)], seller_id, 'US',
  'USD', at, %(address)s::jsonb, 'contiguous', false, false, 'en', 'placed', 'bench', '', at
FROM bench_orders""",
    "orders_orderitem": """
INSERT INTO orders_orderitem (id, order_id, offer_id, product_id, position, sku, asin, title, quantity, price_minor, tax_minor,
  shipping_minor, is_prime, had_badge, speed, ship_by, promised_date, guaranteed, product_type, categories, hazmat_class,
  channel, condition, terms, customisation)
SELECT bench_id('6', n), bench_id('5', n), offer_id, product_id, 1, sku, 'F000000000', 'A thing of stoneware', 1, price_minor, 0,
  0, false, false, 'standard', at::date + 1, at::date + 5, true, 'mug', '[]', 'none', 'seller', 'new', '{}', '{}'
FROM bench_orders""",
    "orders_orderunit": """
INSERT INTO orders_orderunit (id, item_id, number, parcel_id, state)
SELECT bench_id('7', n), bench_id('6', n), 1, NULL, 'ordered' FROM bench_orders""",
}
NUMBER = """
CREATE OR REPLACE FUNCTION bench_number(n bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT substr(t, 1, 3) || '-' || substr(t, 4, 7) || '-' || substr(t, 11, 7)
  FROM (SELECT lpad(((n * 1000003) %% 100000000000000000)::text, 17, '0') AS t) made $$
"""
ORDERS = """
CREATE UNLOGGED TABLE bench_orders AS
SELECT row_number() OVER (ORDER BY id) AS n, seller_id, id AS offer_id, product_id, sku, price_minor, created_at AS at
FROM catalogue_offer
"""


def build(count: int) -> dict[str, Any]:
    """Writes listings, then orders; what the benchmark needs to know of them."""
    facts = page_store.build(count)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench_orders_done')")
        if not cursor.fetchone()[0]:
            began = time.monotonic()
            _write(cursor)
            cursor.execute("CREATE TABLE bench_orders_done (at timestamptz)")
            sys.stderr.write(f"{count:,} orders in {time.monotonic() - began:.0f} s\n")
        step = max(1, count // 5000)
        cursor.execute(
            "SELECT o.number FROM (SELECT o.number, row_number() OVER (ORDER BY o.id) AS n FROM orders_order o "
            "JOIN sellers_selleraccount s ON s.id = o.seller_id WHERE s.display_name = %s) o WHERE o.n %% %s = 0 LIMIT 500",
            [page_store.BIG, step],
        )
        orders = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT o.sku FROM (SELECT o.sku, row_number() OVER (ORDER BY o.id) AS n FROM catalogue_offer o JOIN sellers_selleraccount s "
            "ON s.id = o.seller_id WHERE s.display_name = %s AND o.status = 'active') o WHERE o.n %% %s = 0 LIMIT 500",
            [page_store.BIG, step],
        )
        skus = [row[0] for row in cursor.fetchall()]
    return {**facts, **_program(), "orders": orders, "skus": skus}


def _write(cursor: Any) -> None:
    from fondaco.sellers.models import Person

    buyers = [Person.objects.create_user(email=f"buyer{n}@bench.example", name=f"Buyer {n}") for n in range(BUYERS)]
    address = {
        "name": "Ada Buyer", "company": "", "street": "1 Main St", "city_area": "", "city": "Columbus", "region": "OH",
        "postal_code": "43004", "sorting_code": "", "country": "US", "phone": "+1 555 0100",
    }  # fmt: skip
    terms = {"buyers": [str(b.pk) for b in buyers], "many": BUYERS, "address": json.dumps(address)}
    cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '64MB'")
    cursor.execute(NUMBER.replace("%%", "%"))
    cursor.execute(ORDERS)
    for table, statement in ROWS.items():
        page_store._timed(cursor, statement, terms, f"rows of {table}")
    cursor.execute("DROP TABLE bench_orders")
    cursor.execute("SET session_replication_role = DEFAULT")
    for table in TABLES:
        page_store._timed(cursor, f"VACUUM (ANALYZE) {table}", {}, f"vacuum {table}")
    cursor.execute("CHECKPOINT")


def _program() -> dict[str, Any]:
    """An application of the big seller with every role, and a token for this run."""
    from fondaco.sellers.models import Person, SellerAccount
    from fondaco.sellers.tests.factories import make_caller
    from fondaco.spapi.operations import access
    from fondaco.spapi.rules.roles import ALL

    seller = SellerAccount.objects.get(display_name=page_store.BIG)
    caller = make_caller(Person.objects.get(memberships__seller=seller))
    made = access.register(caller, name=f"Bench {time.time():.0f}", roles=[str(role) for role in ALL])
    granted = access.grant(caller, application_id=made.application.pk)
    token = access.exchange(
        {
            "grant_type": "refresh_token",
            "client_id": made.application.client_id,
            "client_secret": made.secret,
            "refresh_token": granted.refresh_token,
        }
    )["access_token"]
    return {"token": token, "seller": seller.number}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fondaco.config.settings")
    print(json.dumps(build(int(sys.argv[1]))))
