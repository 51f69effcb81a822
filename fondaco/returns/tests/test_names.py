"""People without a name: no party reads the e-mail address of another."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from fondaco.returns.tests.factories import arrived_order, make_return, make_returning_seller
from fondaco.sellers.models import Person
from fondaco.sellers.tests.factories import owner_of

pytestmark = pytest.mark.django_db


def nameless(person: Person) -> Person:
    person.name = ""
    person.save()
    return person


def test_buyer_and_seller_of_a_return_do_not_read_each_others_address() -> None:
    shop = make_returning_seller()
    order = arrived_order(shop)
    buyer, owner = nameless(order.buyer), nameless(owner_of(shop))
    row = make_return(order, 10)
    pages = {
        owner: (
            [buyer],
            [
                reverse("returns:seller_list"),
                reverse("returns:seller_return", args=[row.number]),
                reverse("orders:seller_order", args=[order.number]),
            ],
        ),
        buyer: (
            [owner],
            [reverse("returns:return", args=[row.number]), reverse("orders:order", args=[order.number])],
        ),
    }
    for reader, (others, urls) in pages.items():
        client = Client()
        client.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")
        for url in urls:
            answer = client.get(url)
            assert answer.status_code == 200, url
            assert not any(other.email in answer.content.decode() for other in others), url
