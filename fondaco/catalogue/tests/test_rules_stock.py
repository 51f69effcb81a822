"""Units: what any sequence of movements must leave true."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fondaco.catalogue.rules import states, stock
from fondaco.catalogue.rules.states import ImageState, WrongImageState
from fondaco.catalogue.rules.stock import WAYS, Bucket, MovementKind, NotEnoughUnits, Units

moves = st.lists(st.tuples(st.sampled_from(list(MovementKind)), st.integers(1, 50), st.randoms()), max_size=40)


@settings(deadline=None)
@given(moves)
def test_no_bucket_goes_below_zero_and_units_only_come_and_go_outside(given_moves):
    units, balance = Units(), 0
    for kind, n, random in given_moves:
        way = random.choice(sorted(WAYS[kind]))
        moved = stock.movement(kind, units=n, from_bucket=way[0])
        try:
            units = stock.apply(units, moved)
        except NotEnoughUnits:
            continue
        balance += n * ((moved.from_bucket is Bucket.OUTSIDE) - (moved.to_bucket is Bucket.OUTSIDE))
        assert min(units.sellable, units.reserved, units.away) >= 0
    assert units.sellable + units.reserved + units.away == balance


@settings(deadline=None)
@given(st.integers(0, 100), st.integers(0, 100))
def test_a_count_makes_exactly_that_many_sellable(before, quantity):
    moved = stock.count_to(Units(sellable=before, reserved=3, away=1), quantity=quantity)
    after = stock.apply(Units(before, 3, 1), moved) if moved else Units(before, 3, 1)
    assert after == Units(quantity, 3, 1)
    assert (moved is None) == (before == quantity)


def test_refuses_more_than_there_are():
    with pytest.raises(NotEnoughUnits) as refused:
        stock.apply(Units(sellable=2), stock.movement(MovementKind.RESERVE, units=3))
    assert refused.value.facts == {"available": 2, "wanted": 3}


@pytest.mark.parametrize("kind", [MovementKind.COUNT, MovementKind.LOST])
def test_a_kind_with_several_ways_needs_to_be_told_which(kind):
    with pytest.raises(ValueError, match="ways"):
        stock.movement(kind, units=1)


def test_every_state_of_a_picture_can_be_left_or_is_an_end():
    ends = {old for old in ImageState if not states.MAY_BECOME[old]}
    assert ends == set(states.OVER)
    reached = {new for ways in states.MAY_BECOME.values() for new in ways} | {ImageState.SUBMITTED}
    assert reached == set(ImageState)


def test_refuses_a_step_that_does_not_exist():
    with pytest.raises(WrongImageState):
        states.require_step(old="removed", new="displayed")
