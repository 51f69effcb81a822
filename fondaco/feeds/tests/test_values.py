"""Single cells: money, counts, dates, product numbers, addresses."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco.feeds import values
from fondaco.feeds.columns import BY_KEY
from fondaco.feeds.values import Bad, Money

SCHEMES = frozenset({"http", "https"})


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("39.90", 3990),
        ("39.9", 3990),
        ("39", 3900),
        ("0.01", 1),
        ("1299.900", 129990),
        ("1,299.90", 129990),
        ("1,299,000", 129900000),
        ("３９．９０", 3990),
        ("0039.90", 3990),
    ],
)
def test_reads_prices(text, minor):
    assert values.price(text, Money()) == minor


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("1,299", "price-comma"),
        ("39,90", "price-comma"),
        ("$39.90", "price-unreadable"),
        ("39.90 USD", "price-unreadable"),
        ("-3", "price-unreadable"),
        ("1e3", "price-unreadable"),
        ("NaN", "price-unreadable"),
        ("39.999", "price-decimals"),
        ("0", "value-range"),
        ("0.00", "value-range"),
        ("9999999999999", "price-unreadable"),
        ("99999999999", "value-range"),
    ],
)
def test_refuses_what_is_no_clear_price(text, fault):
    assert values.price(text, Money()).fault == fault


@pytest.mark.parametrize(("text", "minor"), [("39,90", 3990), ("1.299,90", 129990), ("1299", 129900)])
def test_a_file_may_say_that_its_decimal_mark_is_a_comma(text, minor):
    assert values.price(text, Money(mark=",")) == minor


def test_a_currency_without_decimals_takes_whole_numbers():
    dong = Money(currency="VND", decimals=0)
    assert values.price("129000", dong) == 129000
    assert values.price("129000.00", dong) == 129000
    assert values.price("129000.5", dong).fault == "price-decimals"


@given(st.integers(1, 10**11))
def test_a_price_written_out_comes_back(minor):
    assert values.price(f"{minor // 100}.{minor % 100:02d}", Money()) == minor


@given(st.text(max_size=20), st.sampled_from(".,"))
def test_any_text_is_a_price_or_a_fault(text, mark):
    found = values.price(text, Money(mark=mark))
    assert isinstance(found, Bad) or found > 0


@pytest.mark.parametrize(("text", "number"), [("5", 5), ("0", 0), ("12.0", 12), ("+7", 7), ("１２", 12), ("007", 7)])
def test_reads_counts(text, number):
    assert values.count(text, BY_KEY["quantity"]) == number


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("1.5", "value-not-number"),
        ("-1", "value-range"),
        ("many", "value-not-number"),
        ("9" * 30, "value-range"),
        ("1_000", "value-not-number"),
        ("1,000", "value-not-number"),
    ],
)
def test_refuses_what_is_no_count(text, fault):
    assert values.count(text, BY_KEY["quantity"]).fault == fault


@given(st.text(max_size=20))
def test_any_text_is_a_count_or_a_fault(text):
    found = values.count(text, BY_KEY["quantity"])
    assert isinstance(found, Bad) or 0 <= found <= 99_999_999


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("item-condition", "New", "new"),
        ("item-condition", "used - like new", "used_like_new"),
        ("item-condition", "UsedVeryGood", "used_very_good"),
        ("item-condition", "11", "new"),
        ("fulfilment-channel", "DEFAULT", "seller"),
        ("operation", "PartialUpdate", "partial"),
        ("parentage", "Parent", "parent"),
    ],
)
def test_reads_choices_whatever_their_spelling(column, text, value):
    assert values.choice(text, BY_KEY[column]) == value


def test_names_the_allowed_choices():
    bad = values.choice("nearly new", BY_KEY["item-condition"])
    assert "used-like-new" in bad.args["allowed"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("2026-12-24", date(2026, 12, 24)), ("2026/1/2", date(2026, 1, 2)), ("2026-12-24T00:00:00Z", date(2026, 12, 24))],
)
def test_reads_dates(text, value):
    assert values.day(text) == value


@pytest.mark.parametrize("text", ["24.12.2026", "12/24/2026", "2026-02-30", "tomorrow", "2026-13-01"])
def test_refuses_dates_that_can_be_read_in_two_ways_or_none(text):
    assert values.day(text).fault == "date-unreadable"


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("F0ABCDE123", "", ("asin", "F0ABCDE123")),
        ("f0abcde123", "asin", ("asin", "F0ABCDE123")),
        ("4006381333931", "", ("gtin", "04006381333931")),
        ("036000291452", "upc", ("gtin", "00036000291452")),
        ("978-0-306-40615-7", "isbn", ("gtin", "09780306406157")),
        ("0306406152", "isbn", ("gtin", "09780306406157")),
        ("080442957X", "", ("gtin", "09780804429573")),
    ],
)
def test_reads_product_numbers(text, kind, number):
    assert values.product_number(text, kind) == number


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("4006381333932", "ean"),
        ("123", "upc"),
        ("0306406153", "isbn"),
        ("B0", "asin"),
        ("036000291452", "ean"),
        ("４００６３８１３３３９３１", "ean"),
    ],
)
def test_refuses_product_numbers_that_do_not_check(text, kind):
    assert values.product_number(text, kind).fault == "product-id-wrong"


@given(st.integers(0, 10**12 - 1))
def test_exactly_one_check_digit_fits(body):
    assert sum(values.check_digit_ok(f"{body:012d}{d}") for d in range(10)) == 1


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://pictures.example/kettle.jpg", "https://pictures.example/kettle.jpg"),
        ("HTTP://Pictures.Example:8080/a/b.jpg?x=1&y=2", "HTTP://Pictures.Example:8080/a/b.jpg?x=1&y=2"),
        ("https://pictures.example/ấm.jpg", "https://pictures.example/%E1%BA%A5m.jpg"),
        ("https://bücher.example/a.jpg", "https://xn--bcher-kva.example/a.jpg"),
        ("https://pictures.example", "https://pictures.example/"),
        ("https://pictures.example/a%20b.jpg", "https://pictures.example/a%20b.jpg"),
    ],
)
def test_reads_addresses(text, url):
    assert values.address(text, SCHEMES) == url


@pytest.mark.spec("B-IMG-14")
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("kettle.jpg", "image-url-invalid"),
        ("www.pictures.example/kettle.jpg", "image-url-invalid"),
        ("https://", "image-url-invalid"),
        ("https:///kettle.jpg", "image-url-invalid"),
        ("https://pictures.example/a b.jpg", "image-url-invalid"),
        ("https://pictures.example:99999/a.jpg", "image-url-invalid"),
        ("https://[::1/a.jpg", "image-url-invalid"),
        ("https://host\\@evil.example/a.jpg", "image-url-invalid"),
        ("ftp://pictures.example/a.jpg", "image-url-scheme"),
        ("s3://bucket/a.jpg", "image-url-scheme"),
        ("file:///etc/passwd", "image-url-scheme"),
        ("javascript:alert(1)", "image-url-scheme"),
        ("data:image/png;base64,AAAA", "image-url-scheme"),
        ("https://user:pw@pictures.example/a.jpg", "image-url-credentials"),
    ],
)
def test_refuses_addresses_that_cannot_be_a_picture(text, fault):
    from fondaco.feeds.errors import fault as entry

    assert values.address(text, SCHEMES).fault == fault
    assert entry(fault).code == "15"


@given(st.text(max_size=60))
def test_any_text_is_an_ascii_address_or_a_fault(text):
    for candidate in (text, "https://" + text):
        found = values.address(candidate, SCHEMES)
        assert isinstance(found, Bad) or (found.isascii() and " " not in found)
