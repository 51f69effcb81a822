"""The way about."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from fondaco.web import nav
from fondaco.web.access import Nobody

PLACES = (
    nav.Place("all", "All", "box", (nav.ANYONE,), (nav.page("Home", "web:home"), nav.page("Gone", "no:such"))),
    nav.Place("none", "None", "box", (nav.ANYONE,), (nav.page("Gone", "no:such"),)),
    nav.Place("desk", "Desk", "box", ("support", "operator"), (
        nav.page("Guide", "no:such", "web:style"),
        nav.page("Deep", "web:style-dialog", who=("operator",)),
    )),
    nav.Place("mine", "Mine", "box", (nav.SELLER,), (nav.page("Refusal", "web:style-refusal"),)),
    nav.Place("start", "Start", "box", (nav.NO_SELLER,), (nav.page("Theme", "web:theme"),)),
)  # fmt: skip


def seen_by(path="/", roles=(), seller=None):
    request = RequestFactory().get(path)
    request.caller = SimpleNamespace(is_signed_in=bool(roles or seller), roles=frozenset(roles), seller=seller)
    return nav.Navigation(request, PLACES)


@pytest.mark.parametrize(
    ("who", "keys"),
    [
        ({}, ["all", "start"]),
        ({"roles": ["support"]}, ["all", "desk", "start"]),
        ({"seller": "Harbor Goods"}, ["all", "mine"]),
        ({"roles": ["photographer"]}, ["all", "start"]),
    ],
)
def test_shows_the_places_of_the_role(who, keys):
    assert [place.key for place in seen_by(**who).places] == keys


def test_leaves_out_pages_that_do_not_exist_and_pages_of_others():
    assert [item.label for item in seen_by().places[0].items] == ["Home"]
    assert [i.label for p in seen_by(roles=["support"]).places if p.key == "desk" for i in p.items] == ["Guide"]


def test_a_page_is_current_by_the_longest_path():
    here = seen_by("/style/dialog", roles=["operator"])
    assert here.current.key == "desk"
    assert [item.is_current for item in here.current.items] == [False, True]
    below = seen_by("/style/colours/", roles=["operator"])
    assert [item.label for item in below.current.items if item.is_current] == ["Guide"]


def test_the_front_page_is_current_only_on_itself():
    assert seen_by("/elsewhere/").current is None


def test_every_role_of_the_places_exists():
    from fondaco.sellers.rules import Role

    special = {nav.ANYONE, nav.SIGNED_IN, nav.SELLER, nav.NO_SELLER}
    named = {who for place in nav.PLACES for item in place.items for who in (*place.who, *item.who)} - special
    assert named <= {str(role) for role in Role}


def test_a_request_that_no_middleware_saw_is_nobody():
    assert isinstance(nav.caller_of(RequestFactory().get("/")), Nobody)
