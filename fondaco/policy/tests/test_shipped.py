"""The data files hold every row of SPEC Part 3, and nothing that SPEC does not know."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from fondaco.kit.money import Money
from fondaco.policy import STORES, shipped, shipped_bundle, words
from fondaco.policy.book import shipped_book
from fondaco.policy.shipped import shipped as data

SPEC = (Path(__file__).parents[3] / "docs/requirements/SPEC.md").read_text(encoding="utf-8")
PART_3 = SPEC.split("# Part 3.")[1].split("# Part 4.")[0]
ROWS = [line for line in PART_3.splitlines() if line.startswith("| `")]
AT = datetime(2026, 8, 1, tzinfo=UTC)


def keys_of(row: str) -> list[str]:
    """The keys in a row's first cell: `.x` continues the key before it, `*` stands for all below."""
    found: list[str] = []
    for key in re.findall(r"`([^`]+)`", row.split("|")[1]):
        if key.startswith("."):
            area = found[0].removesuffix(".*").rpartition(".")[0]
            key = area + key
        found.append(key)
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_every_row_of_part_3_is_in_the_data(row: str) -> None:
    for key in keys_of(row):
        if key.endswith(".*"):
            assert any(known.startswith(key[:-1]) for known in data().keys), key
        else:
            assert key in data().keys


def test_part_3_was_read_whole() -> None:
    assert len(ROWS) > 65
    assert "prime.size_tiers" in keys_of(next(row for row in ROWS if "prime.metrics" in row))
    assert keys_of("| `image.url.schemes`, `.timeout_s` |") == ["image.url.schemes", "image.url.timeout_s"]


def test_basis_and_anchor_are_those_of_part_3() -> None:
    for row in ROWS:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        for key in keys_of(row):
            if key not in data().keys:
                continue
            assert data().keys[key].anchor == cells[-1].split(" ")[0].replace("—", ""), key
            assert shipped(key, at=datetime(1999, 1, 1, tzinfo=UTC)).basis in re.findall(r"\b[SBD]\b", cells[-2]), key


def test_every_clause_stands_in_spec() -> None:
    for key in data().keys.values():
        assert key.clauses, key.key
        for clause in key.clauses:
            assert f"| {clause} |" in SPEC, (key.key, clause)


def test_every_source_stands_in_spec() -> None:
    for versions in data().versions.values():
        for version in versions:
            for source in version.source.split(", "):
                assert source.split(" ")[-1] in SPEC, (version.key, source)


def test_every_key_has_a_value_in_every_store_at_any_time() -> None:
    for store in STORES:
        for key in data().keys:
            for year in (1999, 2022, 2026, 2040):
                shipped(key, store, at=datetime(year, 6, 1, tzinfo=UTC))


def test_every_shipped_version_can_be_found_by_its_name_and_written_as_json() -> None:
    for key, versions in data().versions.items():
        of = data().keys[key].type
        for version in versions:
            store = "US" if version.store == "*" else version.store
            assert of.read(json.loads(json.dumps(of.write(version.value)))) == version.value
            if version.store == store or not any(other.store == store for other in versions):
                assert shipped_book().by_version(version.name_in(store)).value == version.value


def test_no_two_shipped_versions_share_a_name() -> None:
    for versions in data().versions.values():
        names = [(version.store, version.begins) for version in versions]
        assert len(set(names)) == len(names)


def test_values_are_those_of_the_seed() -> None:
    image = shipped_bundle("image", at=AT)
    assert image["display_sla_hours"] == 24
    assert [row["format"] for row in image["formats"]] == ["jpg", "tif", "gif"]
    assert image["px"] == {"min": 500, "zoom": 1000, "advised": 1600, "max": 10000}
    assert (image["main.background"], image["main.min_fill_pct"]) == ((255, 255, 255), 85)
    assert image.versions["image.px"] == "image.px@US#0"
    assert shipped("refund.late_max_pct", at=AT).value == 20
    assert shipped("imaging.price_table", at=AT).value[0]["price"] == Money(5000, "USD")
    assert shipped("imaging.price_table", "DE", at=AT).value == ()


def test_table_b_is_free_in_all_ten_options() -> None:
    rows = shipped("prime.price_table", at=AT).value
    assert {row["number"] for row in rows} == set(range(1, 11))
    assert len(rows) == 20
    assert all(row["price"] == Money(0, "USD") for row in rows)


def test_table_c_is_word_for_word_that_of_spec() -> None:
    table = SPEC.split("**Table C.")[1].split("## 1.5")[0]
    expected = re.findall(r"^\| (\d+) \| (\w+) \| (.+?) \| (Buyer|Seller) \|$", table, re.MULTILINE)
    rows = shipped("return.reason_codes", at=AT).value
    assert [(str(r["number"]), r["key"], r["label"], r["payer"].title()) for r in rows] == expected
    assert sum(row["payer"] == "buyer" for row in rows) == 7
    assert [row["number"] for row in rows if row["at_fault"]] == [3, 5, 6, 7, 8, 13, 16]


@pytest.mark.spec("B-PRIME-06")
@pytest.mark.parametrize(
    ("day", "standard", "oversize", "extra_large"),
    [
        ("2021-03-01", ("20", "55", None), ("10", "45", None), (None, "15", None)),
        ("2023-01-01", ("30", "70", None), ("10", "45", None), (None, "15", None)),
        ("2024-12-01", ("20", "45", None), ("5", "30", None), (None, "15", None)),
        ("2025-01-04", ("20", "45", None), ("5", "30", None), (None, "15", None)),
        ("2025-01-05", ("30", "70", None), ("10", "45", None), (None, "15", None)),
        ("2026-07-06", ("40", "75", "90"), ("15", None, "80"), (None, "25", "60")),
    ],
)
def test_speed_targets_are_those_of_their_day(day: str, standard: tuple, oversize: tuple, extra_large: tuple) -> None:
    at = datetime.fromisoformat(f"{day}T18:00:00+00:00")
    for tier, expected in (("standard", standard), ("oversize", oversize), ("extra_large", extra_large)):
        value = shipped(f"prime.speed_targets.{tier}", at=at).value
        assert tuple(value[name] for name in ("one_day", "two_day", "five_day")) == tuple(
            None if rate is None else Decimal(rate) for rate in expected
        )


def test_dated_values_begin_on_their_day_in_the_stores_own_zone() -> None:
    last, first = datetime(2026, 2, 16, 5, 59, 59, tzinfo=UTC), datetime(2026, 2, 16, 6, tzinfo=UTC)
    assert [shipped("claim.reimbursement.window_days", at=at).value for at in (last, first)] == [60, 30]
    assert shipped("claim.reimbursement.window_days", "JP", at=last).value == 30
    assert (
        shipped("claim.reimbursement.window_days", at=first).version
        == "claim.reimbursement.window_days@US#0:2026-02-16"
    )


def test_a_value_for_one_store_beats_the_one_for_all() -> None:
    assert shipped("prime.metrics.buy_shipping_min", "UK", at=AT).value == 98
    assert shipped("prime.metrics.buy_shipping_min", "US", at=AT).value == 99
    assert shipped("handmade.referral_fee", "ES", at=AT).value["rate"] == Decimal("12.36")


def test_units_of_money_are_those_of_the_store() -> None:
    def currencies(value: object) -> set[str]:
        if isinstance(value, Money):
            return {value.currency}
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()
        return {currency for item in inner for currency in currencies(item)}

    for store in STORES.values():
        for key in data().keys:
            assert currencies(shipped(key, store.code, at=AT).value) <= {store.currency}, (key, store.code)


def test_the_words_for_translators_are_those_of_the_data() -> None:
    assert words.WORDING.read_text(encoding="utf-8") == words.source(), "run python -m fondaco.policy.words"
