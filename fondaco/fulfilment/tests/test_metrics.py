"""Rates against targets: what counts as in time, what is left out, which version of the targets holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from fondaco import policy
from fondaco.engine import clock
from fondaco.fulfilment.queries.metrics import performance_of
from fondaco.fulfilment.rules.advice import SettingsFacts, suggestions
from fondaco.fulfilment.rules.metrics import (
    Code,
    Definitions,
    Measure,
    ParcelFacts,
    Rate,
    Target,
    basis,
    buy_shipping,
    on_time_delivery,
    on_time_shipment,
    valid_tracking,
)
from fondaco.fulfilment.tests.factories import prime_offer, prime_seller
from fondaco.orders import operations as orders
from fondaco.orders.tests.factories import delivered_order, placed_order

DAY = date(2022, 6, 7)
TODAY = date(2022, 6, 20)
GOOD = ParcelFacts(
    ship_by=DAY, promised=DAY + timedelta(days=2), confirmed=DAY, shipped=DAY, delivered=DAY + timedelta(days=2),
    has_label=True,
)  # fmt: skip
OLD, NEW = (
    Definitions.of(policy.shipped("prime.metrics.definitions", at=at).value)
    for at in (datetime(2022, 6, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
)


@pytest.mark.spec("B-PRIME-04")
@pytest.mark.parametrize(
    ("parcel", "counts", "in_time"),
    [
        (GOOD, 1, 1),
        (replace(GOOD, shipped=DAY + timedelta(days=1)), 1, 1),  # late off, but there in time
        (replace(GOOD, shipped=DAY + timedelta(days=1), delivered=DAY + timedelta(days=3)), 1, 0),
        (replace(GOOD, shipped=None, delivered=None), 1, 0),  # confirmed is not shipped
        (replace(GOOD, shipped=None, delivered=None, confirmed=None, ship_by=TODAY), 0, 0),  # not due yet
    ],
)
def test_shipped_is_the_first_scan(parcel, counts, in_time):
    assert on_time_shipment([parcel], OLD, today=TODAY) == Rate(in_time, counts)


@pytest.mark.spec("B-PRIME-03", "B-PRIME-05")
def test_delivery_counts_what_was_promised_and_is_due():
    late = replace(GOOD, delivered=DAY + timedelta(days=3))
    lost = replace(GOOD, delivered=None)
    not_due = replace(GOOD, delivered=None, promised=TODAY)
    assert on_time_delivery([GOOD, late, lost, not_due], OLD, labels="all", today=TODAY) == Rate(1, 3)
    elsewhere = replace(late, has_label=False)
    assert on_time_delivery([GOOD, elsewhere], OLD, labels="bought_elsewhere", today=TODAY) == Rate(0, 1)
    excused = replace(late, automation=True, is_protected=True)
    assert on_time_delivery([GOOD, excused], OLD, labels="all", today=TODAY) == Rate(1, 2)
    assert on_time_delivery([GOOD, excused], NEW, labels="all", today=TODAY) == Rate(1, 1)


@pytest.mark.spec("B-PRIME-25")
def test_what_the_marketplace_bears_does_not_count():
    lost = replace(GOOD, delivered=None, borne_by_marketplace=True)
    assert on_time_delivery([GOOD, lost], OLD, labels="all", today=TODAY) == Rate(1, 1)


def test_tracking_and_labels_are_counted_on_confirmed_parcels():
    unsent = replace(GOOD, confirmed=None, shipped=None, has_label=False)
    silent = replace(GOOD, shipped=None, has_label=False)
    assert valid_tracking([GOOD, unsent, silent]) == Rate(1, 2)
    assert buy_shipping([GOOD, unsent, silent]) == Rate(1, 2)


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_a_target_is_met_exactly_when_the_share_says_so(good, of):
    good = min(good, of)
    least = Measure(Code.BUY_SHIPPING, Rate(good, of), Target("v", least=basis("99")))
    most = Measure(Code.CANCELLATIONS, Rate(good, of), Target("v", most=basis("0.5")))
    assert least.met is (good * 100 >= 99 * of)
    assert most.met is (good * 1000 <= 5 * of)


@pytest.mark.spec("B-PRIME-03")
def test_two_dated_versions_of_the_targets():
    then, later = datetime(2022, 6, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)
    found = [policy.shipped("prime.metrics.on_time_delivery_min", at=at).value for at in (then, later)]
    assert [(str(v["rate"]), v["labels"]) for v in found] == [("97", "bought_elsewhere"), ("93.5", "all")]
    assert policy.shipped("prime.metrics.on_time_shipment_min", at=later).value is None


@pytest.mark.spec("PRIME-17", "B-PRIME-09")
def test_advice_names_what_is_not_done_yet():
    published = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "14:00")
    plain = suggestions(SettingsFacts(published=published, covers_contiguous=False))
    codes = [row["code"] for row in policy.shipped("prime.suggestions", at=datetime(2022, 6, 1, tzinfo=UTC)).value]
    assert list(plain) == codes
    assert not any(plain.values())
    fast = SettingsFacts(
        ships_saturday=True, automation=True, cutoffs=dict.fromkeys(published, "16:30"), published=published
    )
    assert all(suggestions(fast).values())
    assert not suggestions(replace(fast, cutoffs={"mon": "16:30"}))["later_cutoff"]


@pytest.fixture
def tuesday():
    clock.set_to(at=datetime(2022, 6, 7, 15, 0, tzinfo=UTC))
    yield
    clock.reset()


@pytest.mark.django_db
@pytest.mark.spec("B-PRIME-03", "B-PRIME-06")
def test_a_sellers_performance_from_real_orders_and_its_page(tuesday):
    seller = prime_seller()
    offer = prime_offer(seller)
    item = {"is_prime": True, "ship_by": DAY, "promised_date": DAY + timedelta(days=2)}
    delivered_order(offer=offer, item=item, delivered_at=clock.now() + timedelta(days=2))
    delivered_order(offer=offer, item=item, delivered_at=clock.now() + timedelta(days=4))
    cancelled = placed_order(offer=offer, item=item)
    orders.cancel_order(seller, number=cancelled.number, reason="no_stock")
    clock.set_to(at=clock.now() + timedelta(days=8))
    found = {m.code: m for m in performance_of(seller.seller, at=clock.now()).measures}
    assert found[Code.ON_TIME_SHIPMENT].rate.of == 2
    assert found[Code.BUY_SHIPPING].rate == Rate(2, 2)
    assert found[Code.CANCELLATIONS].rate == Rate(1, 3)
    assert found[Code.CANCELLATIONS].met is False
    assert found[Code.CANCELLATIONS].target.version == "prime.metrics.cancellations_max@US#0"
    client = Client()
    client.force_login(seller.person)
    page = client.get(reverse("fulfilment:performance")).content.decode()
    assert "These figures inform you" in page
    assert "Missed" in page
    page = client.get(reverse("fulfilment:settings")).content.decode()
    assert "Ship on six days a week." in page
