"""Tables A and B by buyer and address, promise dates, badge."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco.fulfilment.rules.address import Address, Place, place
from fondaco.fulfilment.rules.badge import BadgeFacts, BadgePolicy, badge
from fondaco.fulfilment.rules.promise import Option, PromiseFacts, PromisePolicy, Speed, promise

CHICAGO = ZoneInfo("America/Chicago")
OPTIONS = (
    Option(Speed.SAME_DAY, 0, 1499),
    Option(Speed.ONE_DAY, 1, 999),
    Option(Speed.TWO_DAY, 2, 799),
    Option(Speed.STANDARD, 4, 399),
    Option(Speed.ECONOMY, 6, 0),
)
OHIO = Address("US", "OH", "43004", ("12 Elm St",), "Blacklick")
DEFAULTS = PromisePolicy()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 3, day, hour, minute, tzinfo=CHICAGO)  # 1 March 2022 is a Tuesday


def rows(address: Address, *, member: bool = True, when: datetime | None = None, **more):
    return promise(PromiseFacts(member, address, OPTIONS, when or at(1, 9), **more), DEFAULTS)


PLACES = [
    (OHIO, Place.CONTIGUOUS_STREET),
    (Address("US", "OH", "43004", ("PO Box 12",)), Place.CONTIGUOUS_PO_BOX),
    (Address("US", "OH", "43004", ("P.O. BOX 12",)), Place.CONTIGUOUS_PO_BOX),
    (Address("US", "OH", "43004", ("POB 12",)), Place.CONTIGUOUS_PO_BOX),
    (Address("US", "OH", "43004", ("100 Post Office Road",)), Place.CONTIGUOUS_STREET),
    (Address("US", "IA", "50001", ("RR 2 Box 152",)), Place.CONTIGUOUS_STREET),
    (Address("US", "DC", "20500", ("1600 Pennsylvania Ave NW",)), Place.CONTIGUOUS_STREET),
    (Address("US", "AK", "99501", ("1 4th Ave",)), Place.ALASKA_HAWAII_STREET),
    (Address("US", "HI", "96813", ("PO Box 9",)), Place.ALASKA_HAWAII_PO_BOX),
    (Address("US", "PR", "00901", ("Calle Fortaleza 1",)), Place.UNINCORPORATED_STREET),
    (Address("PR", "", "00901", ("Apartado 9",)), Place.UNINCORPORATED_PO_BOX),
    (Address("US", "GU", "96910", ("1 Marine Corps Dr",)), Place.UNINCORPORATED_STREET),
    (Address("US", "AS", "96799", ("PO Box 1",)), Place.UNINCORPORATED_PO_BOX),
    (Address("US", "AE", "09012", ("PSC 3 Box 1234",), "APO"), Place.MILITARY),
    (Address("US", "AP", "96349", ("Unit 100100 Box 5",), "DPO"), Place.MILITARY),
    (Address("CA", "ON", "M5V 2T6", ("1 Front St W",), "Toronto"), Place.INTERNATIONAL),
    (Address("US", "MH", "96960", ("1 Main",), "Majuro"), Place.INTERNATIONAL),
]


@pytest.mark.parametrize(("address", "expected"), PLACES)
def test_sorts_addresses(address: Address, expected: Place) -> None:
    assert place(address).place is expected


@given(
    st.builds(
        Address,
        country=st.sampled_from(["US", "CA", ""]),
        state=st.text(max_size=3),
        zip=st.text(max_size=12),
        lines=st.tuples(st.text(max_size=40)),
    )
)
def test_no_address_is_ever_an_error(address: Address) -> None:
    rows(address)


def test_a_member_in_ohio_gets_everything_free() -> None:
    got = rows(OHIO)
    assert [o.speed for o in got.options] == list(Speed)
    assert {o.price_minor for o in got.options} == {0}


@pytest.mark.parametrize(
    "address", [a for a, p in PLACES if p not in (Place.CONTIGUOUS_STREET, Place.MILITARY, Place.INTERNATIONAL)]
)
def test_other_us_places_get_standard_free(address: Address) -> None:
    got = rows(address)
    assert [o.speed for o in got.options] == [Speed.STANDARD, Speed.ECONOMY]
    assert {o.price_minor for o in got.options} == {0}


@pytest.mark.parametrize("address", [a for a, p in PLACES if p in (Place.MILITARY, Place.INTERNATIONAL)])
def test_military_and_foreign_are_not_eligible(address: Address) -> None:
    got = rows(address)
    assert not got.eligible
    assert got.options == ()


def test_a_non_member_pays_the_sellers_rate_for_speed_only() -> None:
    got = {o.speed: o.price_minor for o in rows(OHIO, member=False).options}
    assert (got[Speed.STANDARD], got[Speed.TWO_DAY]) == (0, 799)


def test_an_unknown_zip_is_standard_without_guarantee() -> None:
    got = rows(Address("US", "OH", "99999", ("1 Elm",)))
    assert [o.speed for o in got.options] == [Speed.STANDARD, Speed.ECONOMY]
    assert not any(o.guaranteed for o in got.options)


def test_guarantee_message_up_to_one_day_only() -> None:
    got = {o.speed: o.guaranteed for o in rows(OHIO).options}
    assert got == {
        Speed.SAME_DAY: True,
        Speed.ONE_DAY: True,
        Speed.TWO_DAY: False,
        Speed.STANDARD: False,
        Speed.ECONOMY: False,
    }


@pytest.mark.parametrize(
    ("when", "ships", "arrives"),
    [
        (at(1, 13, 59), date(2022, 3, 1), date(2022, 3, 3)),
        (at(1, 14, 0), date(2022, 3, 2), date(2022, 3, 4)),
        (at(4, 15), date(2022, 3, 7), date(2022, 3, 9)),  # Friday after the cut-off: Monday
        (at(5, 9), date(2022, 3, 7), date(2022, 3, 9)),  # Saturday
    ],
)
def test_counts_delivery_days_from_the_ship_day(when: datetime, ships: date, arrives: date) -> None:
    two_day = next(o for o in rows(OHIO, when=when).options if o.speed is Speed.TWO_DAY)
    assert (two_day.ship_date, two_day.promised_date) == (ships, arrives)


@pytest.mark.spec("Q-36", "B-PRIME-08", "B-PRIME-10")
@pytest.mark.parametrize(
    ("ordered", "ships"),
    [
        ("2022-03-11T19:59", date(2022, 3, 11)),  # Friday 13:59 in Chicago, winter time
        ("2022-03-11T20:00", date(2022, 3, 14)),
        ("2022-03-14T18:59", date(2022, 3, 14)),  # Monday 13:59, summer time since Sunday: an hour earlier in UTC
        ("2022-03-14T19:00", date(2022, 3, 15)),
        ("2022-11-04T18:59", date(2022, 11, 4)),
        ("2022-11-04T19:00", date(2022, 11, 7)),
        ("2022-11-07T19:59", date(2022, 11, 7)),  # winter time again
        ("2022-11-07T20:00", date(2022, 11, 8)),
        ("2022-03-13T07:59", date(2022, 3, 14)),  # in the hour before the clocks are put on
        ("2022-11-06T06:30", date(2022, 11, 7)),  # in the hour that comes twice
    ],
)
def test_the_cut_off_is_on_the_ship_from_clock_in_summer_and_winter(ordered: str, ships: date) -> None:
    when = datetime.fromisoformat(ordered).replace(tzinfo=UTC)
    for somewhere in (
        UTC,
        ZoneInfo("America/New_York"),
        ZoneInfo("Asia/Ho_Chi_Minh"),
    ):  # whose clock asks does not matter
        two_day = next(o for o in rows(OHIO, when=when.astimezone(somewhere)).options if o.speed is Speed.TWO_DAY)
        assert two_day.ship_date == ships


@pytest.mark.spec("Q-36", "B-PRIME-08")
def test_each_weekday_has_its_own_cut_off() -> None:
    cutoffs = {0: time(17, 0), 1: time(14, 0), 2: time(15, 30)}
    for day, hour, minute, ships in ((1, 14, 0, 2), (2, 15, 29, 2), (2, 15, 30, 3), (7, 16, 59, 7), (7, 17, 0, 8)):
        got = rows(OHIO, when=at(day, hour, minute), cutoffs=cutoffs)
        assert got.options[0].ship_date == date(2022, 3, ships)


@pytest.mark.spec("B-PRIME-27")
def test_a_holiday_is_no_operating_day_unless_the_seller_ships_on_it() -> None:
    holiday = frozenset({date(2022, 3, 2)})  # Wednesday
    for ships_holidays, ships, arrives in ((False, 3, 7), (True, 2, 4)):
        got = rows(OHIO, when=at(2, 9), holidays=holiday, ships_holidays=ships_holidays)
        two_day = next(o for o in got.options if o.speed is Speed.TWO_DAY)
        assert (two_day.ship_date, two_day.promised_date) == (date(2022, 3, ships), date(2022, 3, arrives))
    # Carriers keep the holiday, whatever the seller does.
    got = rows(OHIO, when=at(1, 9), holidays=holiday, ships_holidays=True)
    assert next(o for o in got.options if o.speed is Speed.TWO_DAY).promised_date == date(2022, 3, 4)


def test_weekends_count_where_the_template_says_so() -> None:
    got = rows(OHIO, when=at(5, 9), ships_weekend=True, delivers_weekend=True, cutoffs={5: time(10, 30)})
    two_day = next(o for o in got.options if o.speed is Speed.TWO_DAY)
    assert (two_day.ship_date, two_day.promised_date) == (date(2022, 3, 5), date(2022, 3, 7))


def test_the_badge_is_for_members_and_two_days() -> None:
    assert badge(BadgeFacts(member=True, delivery_days=2), BadgePolicy()).shown
    assert not badge(BadgeFacts(member=False, delivery_days=2), BadgePolicy()).shown
    assert not badge(BadgeFacts(member=True, delivery_days=3), BadgePolicy()).shown


def test_every_reason_against_the_badge_is_told() -> None:
    got = badge(BadgeFacts(member=True, delivery_days=5, units_sellable=0, limit_reached=True), BadgePolicy())
    assert [r.code for r in got.reasons] == ["out_of_stock", "limit_reached", "too_slow"]
    assert all(r.clause and r.fix for r in got.reasons)
