"""The address rules on a held-out table, and on anything at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco.fulfilment.rules.address import Address, place
from fondaco.fulfilment.tests.addresses_us import rows

TABLE = rows()


def test_the_table_is_large_enough_and_covers_every_place() -> None:
    assert len(TABLE) >= 200
    assert len({row[5] for row in TABLE}) == 8
    assert len({row[2] for row in TABLE if row[5].startswith("contiguous") and row[6]}) >= 49


@pytest.mark.spec("Q-35", "PRIME-06", "PRIME-07", "PRIME-08")
@pytest.mark.parametrize("row", TABLE, ids=lambda row: "|".join(row[:5]))
def test_sorts_real_shaped_addresses(row: tuple[str, str, str, str, str, str, bool]) -> None:
    street, city, state, code, country, where, known = row
    found = place(Address(country, state, code, tuple(street.split("/")), city))
    assert (found.place.value, found.known) == (where, known)


@pytest.mark.spec("Q-35")
@given(st.builds(Address, st.text(), st.text(), st.text(), st.lists(st.text()).map(tuple), st.text()))
def test_no_address_is_an_exception(address: Address) -> None:
    place(address)


@given(
    st.sampled_from(TABLE),
    st.sampled_from([str.upper, str.lower, str.title, lambda s: f"  {s}  "]),
)
def test_letter_case_and_spaces_do_not_matter(row: tuple[str, str, str, str, str, str, bool], change: object) -> None:
    street, city, state, code, country, where, _known = row
    assert callable(change)
    lines = tuple(change(part) for part in street.split("/"))
    assert place(Address(country, state, code, lines, change(city))).place.value == where
