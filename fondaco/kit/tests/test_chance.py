"""Chance is the machine's, or a sequence that somebody put in its place."""

from __future__ import annotations

import uuid
from collections import Counter

import pytest

from fondaco.kit import chance, ids


class _Counting:
    def __init__(self) -> None:
        self.next = 0

    def id(self) -> uuid.UUID:
        self.next += 1
        return uuid.UUID(int=self.next)

    def passing_id(self) -> uuid.UUID:
        return uuid.UUID(int=0)

    def draw(self, count: int) -> bytes:
        self.next += 1
        return self.next.to_bytes(count, "big")


@pytest.fixture
def _counting():
    chance.use(_Counting())
    yield
    chance.use(None)


def test_the_machines_numbers_are_spread_evenly() -> None:
    seen = Counter(chance.below(6) for _ in range(6000))
    assert set(seen) == set(range(6))
    assert min(seen.values()) > 800


def test_ids_sort_by_creation() -> None:
    made = [ids.new_id() for _ in range(500)]
    assert made == sorted(set(made))
    assert {each.version for each in made} == {7}


def test_tokens_have_the_bytes_that_were_asked_for() -> None:
    assert len(chance.token_hex(16)) == 32
    assert len(chance.token_urlsafe(32)) == 43
    assert chance.token_urlsafe(32) != chance.token_urlsafe(32)


@pytest.mark.usefixtures("_counting")
def test_a_sequence_can_take_its_place() -> None:
    assert not chance.is_machine()
    assert [ids.new_id().int, ids.new_id().int] == [1, 2]
    assert ids.new_order_number() == "000-0000000-0000003"
