"""Reads whose SQL is kept give what their querysets give."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fondaco.engine.prepared import Prepared, hold
from fondaco.sellers.models import Membership, SellerAccount
from fondaco.sellers.tests.factories import make_seller

pytestmark = pytest.mark.django_db

_OF_SELLER = Prepared(
    lambda seller: Membership.objects.filter(seller=seller).select_related("person", "seller__ship_from").order_by("pk")
)
_NAMED = Prepared(
    lambda names, country: SellerAccount.objects.filter(display_name__in=names, country=country).order_by(
        "display_name"
    )
)


def test_gives_the_rows_of_the_queryset_with_their_relations() -> None:
    for name in ("Harbor Goods", "Lamp Works"):
        seller = make_seller(name)
        wanted = list(_OF_SELLER._build(seller=seller.pk))
        with CaptureQueriesContext(connection) as asked:
            found = _OF_SELLER.rows(seller=seller.pk)
            assert [(m, m.person, m.person.email, m.seller, m.role, m._state.adding) for m in found] == [
                (m, m.person, m.person.email, m.seller, m.role, False) for m in wanted
            ]
        assert len(asked) == 1
        assert wanted


def test_a_list_of_keys_may_have_any_length() -> None:
    sellers = [make_seller(f"Stall {n}") for n in range(4)]
    for names in (["Stall 2"], ["Stall 0", "Stall 3"], ["Stall 1", "Stall 2", "nobody"], ["'; --", "%s"]):
        found = _NAMED.rows(names=names, country="US")
        assert found == [s for s in sellers if s.display_name in names]
        assert _NAMED.count(names=names, country="US") == len(found)


def test_the_same_read_sees_what_was_written_since() -> None:
    seller = make_seller("Harbor Goods")
    for city in ("Columbus", "Đà Nẵng", "臺北"):
        seller.display_name = city
        seller.save()
        for _ in range(8):  # past the point where a server begins to keep a plan
            assert _NAMED.first(names=[city], country="US") == seller
    assert _OF_SELLER.first(seller=uuid4()) is None


def test_a_key_that_the_query_does_not_compare_as_it_stands_is_a_mistake() -> None:
    ignored = Prepared(lambda seller, other: SellerAccount.objects.filter(pk=seller))
    with pytest.raises(AssertionError, match="other"):
        ignored.rows(seller=uuid4(), other="x")


def test_what_is_held_is_not_asked_for_again() -> None:
    seller = make_seller("Harbor Goods")
    members = list(seller.memberships.all())
    hold(seller, "memberships", members)
    with CaptureQueriesContext(connection) as asked:
        assert list(seller.memberships.all()) == members
    assert not asked.captured_queries
