"""Slots and file names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fondaco import policy
from fondaco.catalogue.rules.variants import Slots, parse_file_name

AT = datetime(2026, 1, 1, tzinfo=UTC)
EXTENSIONS = ("jpg", "jpeg", "tif", "tiff", "gif")


@pytest.fixture
def slots():
    return Slots.of(policy.shipped("image.variants", at=AT).value)


@pytest.mark.spec("B-IMG-07", "B-IMG-05")
def test_slots_are_those_of_policy(slots):
    assert slots.gallery == ("MAIN", *(f"PT0{n}" for n in range(1, 9)))
    for name in (
        "SWCH",
        "FRNT",
        "BACK",
        "LEFT",
        "RGHT",
        "TOPP",
        "BOTT",
        "PAIR",
        "FACT",
        "EEGL",
        "PS06",
        "INGR",
        "IN01",
    ):
        assert slots.has(name)
        assert name not in slots.gallery


def test_the_first_free_slot_is_main(slots):
    assert slots.first_free(set()) == "MAIN"
    assert slots.first_free({"MAIN", "PT01", "PT03"}) == "PT02"
    assert slots.first_free(set(slots.gallery)) is None


@pytest.mark.spec("B-IMG-06")
@pytest.mark.parametrize(
    ("name", "identifier", "variant"),
    [
        ("F0ABCDEFGH.MAIN.jpg", "F0ABCDEFGH", "MAIN"),
        ("F0ABCDEFGH.PT01.JPG", "F0ABCDEFGH", "PT01"),
        ("F0ABCDEFGH.jpg", "F0ABCDEFGH", "MAIN"),
        ("f0abcdefgh.swch.tiff", "F0ABCDEFGH", "SWCH"),
        ("9780306406157.gif", "9780306406157", "MAIN"),
        ("C:\\pictures\\F0ABCDEFGH.MAIN.jpg", "F0ABCDEFGH", "MAIN"),
    ],
)
def test_reads_asin_variant_and_extension(slots, name, identifier, variant):
    read = parse_file_name(name, slots, extensions=EXTENSIONS)
    assert read.is_valid
    assert (read.identifier, read.variant) == (identifier, variant)


@pytest.mark.spec("B-IMG-06")
@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("F0ABCDEFGH MAIN.jpg", {"name_has_strange_characters"}),
        ("F0ABCDEFGH-MAIN.jpg", {"name_has_strange_characters"}),
        ("F0ABCDEFGH.MAIN_1.jpg", {"name_has_strange_characters"}),
        ("F0ABCDEFGH.MAIN.final.jpg", {"name_not_three_parts"}),
        ("F0ABCDEFGH", {"name_not_three_parts"}),
        ("F0ABCDEFGH..jpg", {"name_not_three_parts"}),
        ("", {"name_has_strange_characters"}),
        ("mug.jpg", {"name_without_asin"}),
        ("F0ABCDEFGH.PT09.jpg", {"name_unknown_variant"}),
        ("F0ABCDEFGH.MAIN.png", {"name_unknown_extension"}),
        ("mug.PT77.webp", {"name_without_asin", "name_unknown_variant", "name_unknown_extension"}),
    ],
)
def test_names_every_fault(slots, name, codes):
    read = parse_file_name(name, slots, extensions=EXTENSIONS)
    assert {finding.code for finding in read.findings} == codes
    assert not read.identifier
