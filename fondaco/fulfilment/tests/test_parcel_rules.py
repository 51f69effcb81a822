"""Sizes, zones, bands and tracking states."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco import policy
from fondaco.engine import clock
from fondaco.fulfilment.carriers.price_list import SERVICES
from fondaco.fulfilment.rules.address import Address
from fondaco.fulfilment.rules.labels import ScanCode, TrackingState, tracking_state
from fondaco.fulfilment.rules.parcels import Package, PackageNotValid, SizeTier, band_price, size_tier
from fondaco.fulfilment.rules.zones import zone_between

TIERS = policy.shipped("prime.size_tiers", at=clock.datetime(2022, 6, 1, tzinfo=clock.UTC)).value


def inches(pounds: float, *sides: float) -> Package:
    return Package(round(pounds * 453.59), *(int(side * 25.4) for side in sides))


@pytest.mark.spec("B-PRIME-07")
@pytest.mark.parametrize(
    ("package", "is_tv", "tier"),
    [
        (inches(20, 18, 14, 8), False, SizeTier.STANDARD),
        (inches(20, 8, 18, 14), False, SizeTier.STANDARD),
        (inches(20.1, 18, 14, 8), False, SizeTier.OVERSIZE),
        (inches(5, 18.1, 14, 8), False, SizeTier.OVERSIZE),
        (inches(49.9, 30, 20, 10), False, SizeTier.OVERSIZE),
        (inches(50.01, 30, 20, 10), False, SizeTier.EXTRA_LARGE),
        (inches(5, 96.1, 2, 2), False, SizeTier.EXTRA_LARGE),
        (inches(5, 95, 2, 2), False, SizeTier.OVERSIZE),
        (inches(5, 40.1, 20, 5), True, SizeTier.EXTRA_LARGE),
        (inches(5, 40.1, 20, 5), False, SizeTier.OVERSIZE),
        (inches(5, 50.1, 20, 20.1), False, SizeTier.EXTRA_LARGE),
    ],
)
def test_size_tiers(package, is_tv, tier):
    assert size_tier(package, TIERS, is_tv=is_tv) is tier


@given(st.integers(1, 60_000), st.lists(st.integers(1, 3000), min_size=3, max_size=3))
def test_a_tier_does_not_depend_on_how_the_parcel_is_turned(weight, sides):
    tiers = {size_tier(Package(weight, *turned), TIERS) for turned in itertools.permutations(sides)}
    assert len(tiers) == 1


@pytest.mark.parametrize("given_", [(0, 1, 1, 1), (1, 0, 1, 1), (-5, 1, 1, 1), (1, 1, 6001, 1), (1_000_001, 1, 1, 1)])
def test_a_parcel_without_size_is_refused(given_):
    with pytest.raises(PackageNotValid):
        Package(*given_)


def test_the_band_is_the_first_that_fits_whatever_the_order():
    bands = [(None, 2750), (454, 610), (2268, 725)]
    assert [band_price(g, bands) for g in (1, 454, 455, 2268, 2269)] == [610, 610, 725, 725, 2750]
    assert band_price(9999, [(454, 610)]) is None


@pytest.mark.parametrize(
    ("to", "zone"),
    [
        (Address("US", "IL", "60601"), 1),
        (Address("US", "WI", "53703"), 3),
        (Address("US", "TX", "78701"), 5),
        (Address("US", "CA", "90001"), 7),
        (Address("US", "AK", "99501"), 9),
        (Address("US", "PR", "00901"), 9),
        (Address("US", "AE", "09012", (), "APO"), 9),
        (Address("VN", "", "70000"), 10),
        (Address("US", "ZZ", ""), 9),
    ],
)
def test_zones_from_chicago(to, zone):
    assert zone_between(Address("US", "IL", "60601"), to) == zone


@pytest.mark.parametrize("service", SERVICES, ids=lambda s: f"{s.carrier}-{s.code}")
def test_further_and_heavier_never_costs_less(service):
    going = [zone for zone in range(1, 11) if service.days[zone - 1] is not None]
    for weight, heavier in itertools.pairwise((100, 1000, 1001, 5000, 15_000)):
        light, heavy = Package(weight, 100, 100, 100), Package(heavier, 100, 100, 100)
        assert all(service.cents(light, zone=z) <= service.cents(heavy, zone=z) for z in going)
        assert all(service.cents(light, zone=a) <= service.cents(light, zone=b) for a, b in itertools.pairwise(going))


@given(st.lists(st.sampled_from(ScanCode)), st.randoms())
def test_where_a_parcel_is_does_not_depend_on_the_order_of_scans(codes, rng):
    state = tracking_state(codes)
    rng.shuffle(codes)
    assert tracking_state(codes) is state
    if ScanCode.DELIVERED in codes:
        assert state is TrackingState.DELIVERED
    if not codes:
        assert state is TrackingState.NOT_SCANNED
