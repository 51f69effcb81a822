"""Addresses are accepted in the spellings people use, and refused with the part that is wrong."""

from __future__ import annotations

import zoneinfo

import pytest

from fondaco.sellers.addresses import PostalAddress, check_address, shape_of, zone_of

CHICAGO = {
    "name": "Ana",
    "street": "12 Wharf Street",
    "city": "Chicago",
    "region": "IL",
    "postal_code": "60601",
    "country": "US",
}


def _us(**parts: str) -> PostalAddress:
    return PostalAddress(**{**CHICAGO, **parts})


def _taipei(region: str, city: str) -> PostalAddress:
    return PostalAddress(name="王", street="信義路五段7號", city=city, region=region, postal_code="110", country="TW")


def _vietnam(region: str) -> PostalAddress:
    return PostalAddress(name="Lan", street="1 Lê Lợi", city="Quận 1", region=region, postal_code="70000", country="VN")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (_us(region="illinois"), ("IL", "60601")),
        (_us(region=" Il "), ("IL", "60601")),
        (_us(postal_code="606011234"), ("IL", "60601-1234")),
        (_us(postal_code="６０６０１"), ("IL", "60601")),
        (_taipei("臺北市", "信義區"), ("台北市", "110")),
        (_taipei("Taipei City", "Xinyi District"), ("台北市", "110")),
        (_vietnam("TP. Hồ Chí Minh"), ("Thành phố Hồ Chí Minh", "70000")),
        (_vietnam("tp ho chi minh"), ("Thành phố Hồ Chí Minh", "70000")),
        (_vietnam("Sài Gòn"), ("Thành phố Hồ Chí Minh", "70000")),
        (_vietnam("Hanoi"), ("Hà Nội", "70000")),
        (_vietnam("Tỉnh Đắk Lắk"), ("Đắk Lắk", "70000")),
        (_vietnam("dak lak"), ("Đắk Lắk", "70000")),
        (_vietnam("Thừa Thiên Huế"), ("Thừa Thiên–Huế", "70000")),
        (_vietnam("Huế"), ("Thừa Thiên–Huế", "70000")),
        (
            PostalAddress(
                name="J", street="9 Bay", city="Toronto", region="ontario", postal_code="m5h2n2", country="ca"
            ),
            ("ON", "M5H 2N2"),
        ),
        (
            PostalAddress(
                name="J", street="Calle 1", city="México", region="mexico city", postal_code="06000", country="MX"
            ),
            ("CDMX", "06000"),
        ),
    ],
)
def test_accepts_the_spellings_that_people_use(typed: PostalAddress, stored: tuple[str, str]) -> None:
    kept, faults = check_address(typed)
    assert faults == ()
    assert (kept.region, kept.postal_code) == stored


@pytest.mark.parametrize(
    ("address", "code", "part"),
    [
        (_us(region="Ontario"), "address_not_valid", "region"),
        (_us(region=""), "address_required", "region"),
        (_us(street="  "), "address_required", "street"),
        (_us(name=""), "address_required", "name"),
        (_us(postal_code="90210"), "address_not_valid", "postal_code"),
        (_us(postal_code="SW1A 1AA"), "address_not_valid", "postal_code"),
        (_us(country="XX"), "address_country_unknown", "country"),
        (_us(country=""), "address_country_unknown", "country"),
        (_us(country="ZZ"), "address_country_unknown", "country"),
        (_taipei("Chiayi", "東區"), "address_not_valid", "region"),  # a city and a county bear the name
    ],
)
def test_refuses_with_the_part_that_is_wrong(address: PostalAddress, code: str, part: str) -> None:
    _, faults = check_address(address)
    assert (code, part) in [(f.code, f.measured) for f in faults]


def test_names_every_wrong_part_at_once() -> None:
    _, faults = check_address(PostalAddress(country="US"))
    assert {f.measured for f in faults} == {"name", "street", "city", "region", "postal_code"}


def test_asks_a_vietnamese_address_for_a_province_and_not_for_a_sorting_code() -> None:
    shape = shape_of("VN")
    assert "region" in shape.parts
    assert "sorting_code" not in shape.parts
    assert "postal_code" not in shape.required
    assert ("Hà Nội", "Hà Nội") in shape.regions


@pytest.mark.parametrize(
    ("country", "region", "zone"),
    [
        ("US", "IL", "America/Chicago"),
        ("US", "AK", "America/Anchorage"),
        ("US", "PR", "America/Puerto_Rico"),
        ("US", "NY", "America/New_York"),
        ("CA", "BC", "America/Vancouver"),
        ("VN", "Hà Nội", "Asia/Ho_Chi_Minh"),
        ("TW", "台北市", "Asia/Taipei"),
        ("AQ", "", None),
    ],
)
def test_knows_the_clock_of_an_address(country: str, region: str, zone: str | None) -> None:
    found = zone_of(country=country, region=region)
    zoneinfo.ZoneInfo(found)
    assert zone is None or found == zone


def test_every_state_and_province_has_a_zone_that_exists() -> None:
    for country in ("US", "CA", "MX", "AU"):
        for region, _ in shape_of(country).regions:
            zoneinfo.ZoneInfo(zone_of(country=country, region=region))
