"""Addresses made in bulk are those that Django makes."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from fondaco.kit.ids import new_id
from fondaco.web.addresses import address

_ID = new_id()


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("catalogue:product", ("F0ABCDEFGH",)),
        ("catalogue:product", ("F0 %?ü@~",)),
        ("catalogue:edit_offer", (_ID,)),
        ("catalogue:image", ("F0ABCDEFGH", _ID)),
        ("images:rendition", ("0a" * 32, "v1.w400", "jpg")),
        ("catalogue:home", ()),
    ],
)
def test_is_what_reverse_says(name, parts):
    assert address(name, *parts) == reverse(name, args=parts)


def test_follows_the_place_where_the_site_is_mounted():
    address("catalogue:product", "F0ABCDEFGH")
    set_script_prefix("/market/")
    try:
        assert address("catalogue:product", "F0ABCDEFGH") == "/market/product/F0ABCDEFGH/"
    finally:
        set_script_prefix("/")


def test_an_unknown_name_is_as_wrong_as_for_reverse():
    with pytest.raises(NoReverseMatch):
        address("catalogue:nowhere")
