"""Region automation: fast delivery where it can be kept, and nowhere else (B-PRIME-09)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from fondaco.engine import clock
from fondaco.fulfilment.models import ShippingTemplate
from fondaco.fulfilment.rules.address import Address, Place
from fondaco.fulfilment.rules.regions import reaches, states_within
from fondaco.fulfilment.tests.factories import FAST, prime_offer, prime_seller, with_options
from fondaco.orders import delivery
from fondaco.orders.delivery import Wanted
from fondaco.orders.tests.factories import make_buyer
from fondaco.sellers.addresses import PostalAddress

pytestmark = pytest.mark.spec("B-PRIME-09", "PRIME-17")
ILLINOIS = Address("US", "IL", "60601")


@pytest.fixture
def tuesday():
    clock.set_to(at=datetime(2022, 6, 7, 15, 0, tzinfo=UTC))
    yield
    clock.reset()


def test_near_states_within_a_day_most_within_two_none_beyond_the_contiguous_ones():
    one, two = (set(states_within(ILLINOIS, days=days)) for days in (1, 2))
    assert "IL" in one
    assert one < two
    assert "OH" in two - one
    assert not {"CA", "WA", "AK", "HI", "PR"} & two
    assert set(states_within(ILLINOIS, days=3)) >= {"CA", "WA", "DC"}
    assert not {"AK", "HI", "PR", "GU", "FM", "MH", "PW", "AE"} & set(states_within(ILLINOIS, days=60))
    assert len(states_within(ILLINOIS, days=60)) == 49
    assert not reaches(ILLINOIS, Place.CONTIGUOUS_PO_BOX, "IL", days=5)


def speeds(offer, region: str, code: str) -> set[str]:
    there = PostalAddress(name="M", street="1 Main Street", city="Town", region=region, postal_code=code, country="US")
    (found,) = delivery.provider().choices(
        [Wanted(offer, 1)], address=there, person=make_buyer(f"Member {region}{code}", member=True), at=clock.now()
    )
    return {str(option.speed.value) for option in found.options}


@pytest.mark.django_db
def test_automation_decides_where_one_day_and_two_day_are_promised(tuesday):
    seller = prime_seller()
    offer = prime_offer(seller, options=FAST)
    fast = {"one_day", "two_day"}
    assert fast <= speeds(offer, "OH", "43004")
    assert fast <= speeds(offer, "CA", "90001")
    with_options(seller, *FAST, automation=True)
    assert fast <= speeds(offer, "IL", "60602")
    assert speeds(offer, "OH", "43004") & fast == {"two_day"}
    assert speeds(offer, "CA", "90001") & fast == set()
    assert "standard" in speeds(offer, "CA", "90001")


@pytest.mark.django_db
def test_it_is_switched_on_in_the_template_and_shows_what_it_chose(tuesday):
    seller = prime_seller()
    with_options(seller, *FAST)
    row = ShippingTemplate.objects.get()
    client = Client()
    client.force_login(seller.person)
    url = reverse("fulfilment:template", args=[row.pk])
    assert "Choose them automatically" in client.get(url).content.decode()
    given = {"name": "Fast", "use-two_day": "yes", "days-two_day": "2", "price-two_day": "7.99"}
    given |= {"use-standard": "yes", "days-standard": "5", "automation": "yes"}
    assert client.post(url, given).status_code == 302
    row.refresh_from_db()
    assert row.automation
    page = client.get(reverse("fulfilment:templates")).content.decode()
    assert "chosen automatically" in page
    assert ", ".join(states_within(ILLINOIS, days=2)) in page
    advice = client.get(reverse("fulfilment:settings")).content.decode()
    assert "Let regions be chosen automatically" in advice
    client.post(url, {key: value for key, value in given.items() if key != "automation"})
    row.refresh_from_db()
    assert not row.automation
