"""Enrolment, Prime items, options by buyer and address, the day's count, sanctions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from fondaco.catalogue.models import Offer
from fondaco.catalogue.operations import change_offer, create_offer
from fondaco.catalogue.operations import close as close_offer
from fondaco.catalogue.operations import reopen as reopen_offer
from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine import clock
from fondaco.fulfilment.models import CountedOrder, PrimeDay, PrimeItem
from fondaco.fulfilment.operations import enrolment, items, sanctions, templates, volume
from fondaco.fulfilment.queries.prequalify import prequalification_of
from fondaco.fulfilment.queries.sides import sides
from fondaco.fulfilment.tasks import keep_items_in_step
from fondaco.fulfilment.tests.factories import FAST, TWO_DAY, prime_offer, prime_seller, with_options
from fondaco.kit.errors import Denied
from fondaco.orders import delivery, operations
from fondaco.orders.models import Order
from fondaco.orders.operations import Line
from fondaco.orders.tests.factories import make_buyer, shipped_order
from fondaco.sellers.access import Caller
from fondaco.sellers.addresses import PostalAddress
from fondaco.sellers.models import Person
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2022, 3, 1, 15, 0, tzinfo=UTC)  # 9:00 in Chicago


def us(region: str, code: str, street: str = "12 Elm Street", city: str = "Town") -> PostalAddress:
    return PostalAddress(name="M", street=street, city=city, region=region, postal_code=code, country="US")


OHIO = us("OH", "43215")
OHIO_BOX = us("OH", "43215", "PO Box 12")
ANCHORAGE = us("AK", "99501")
PUERTO_RICO = us("PR", "00901")
APO = us("AE", "09012", "PSC 3 Box 1234", "APO")
TORONTO = PostalAddress(
    name="M", street="1 Front St W", city="Toronto", region="ON", postal_code="M5V 2T6", country="CA"
)


@pytest.fixture(autouse=True)
def _tuesday() -> None:
    clock.set_to(at=TUESDAY)


def choices(
    offer: Offer, address: PostalAddress = OHIO, *, person: Person | None = None, kept: bool = False, quantity: int = 1
) -> delivery.Choices:
    offer = Offer.objects.select_related("product", "seller__ship_from").get(pk=offer.pk)
    (found,) = delivery.provider().choices(
        [delivery.Wanted(offer, quantity, kept)], address=address, person=person, at=clock.now()
    )
    return found


def prices(found: delivery.Choices) -> dict[str, int]:
    return {o.speed.value: o.price_minor for o in found.options}


def member() -> Person:
    return make_buyer(member=True)


def buy(offer: Offer, *, person: Person | None = None, key: str = "k", **line: Any) -> Order:
    caller = make_caller(person or member())
    line = {"speed": "two_day", **line}
    (order,) = operations.place_order(caller, lines=[Line(offer.pk, **line)], address=OHIO, request_key=key)
    return order


# --- enrolment --------------------------------------------------------------------------------------------------------


@pytest.mark.spec("PRIME-01")
def test_joining_records_the_accepted_terms_with_version_and_time() -> None:
    caller = prime_seller(limit=None)
    with pytest.raises(enrolment.TermsNotAccepted):
        enrolment.apply(make_caller(seller=make_seller("Other")), accepted_version="")
    assert caller.seller
    row = caller.seller.prime
    assert (row.state, row.terms_version) == ("applied", enrolment.TERMS_VERSION)
    assert abs(row.terms_accepted_at - TUESDAY) < timedelta(minutes=1)
    assert row.terms_accepted_by == caller.person


@pytest.mark.spec("PRIME-28", "PRIME-29", "PRIME-27")
def test_enrolment_is_not_active_without_a_limit() -> None:
    caller = prime_seller(limit=None)
    with pytest.raises(enrolment.LimitNeeded) as refused:
        enrolment.activate(caller)
    assert refused.value.CLAUSE == "PRIME-28"
    volume.control_volume(caller, limit_per_day=3)
    assert enrolment.activate(caller).state == "active"
    with pytest.raises(volume.LimitStillNeeded):
        volume.control_volume(caller, limit_per_day=None)


@pytest.mark.parametrize("limit", [0, -1, True, 10**9, 2.5])
def test_refuses_wrong_limits(limit: Any) -> None:
    with pytest.raises(volume.WrongLimit):
        volume.control_volume(prime_seller(limit=None), limit_per_day=limit)


@pytest.mark.spec("B-PRIME-08")
def test_cut_offs_are_not_earlier_than_published() -> None:
    caller = prime_seller()
    with pytest.raises(volume.CutoffTooEarly):
        volume.control_volume(caller, limit_per_day=9, cutoffs={"mon": "13:59"})
    with pytest.raises(volume.WrongCutoff):
        volume.control_volume(caller, limit_per_day=9, cutoffs={"mon": "25:00"})
    row = volume.control_volume(caller, limit_per_day=9, cutoffs={"mon": "16:30", "sat": "10:30", "sun": ""})
    assert row.cutoffs == {"mon": "16:30", "sat": "10:30"}


@pytest.mark.spec("B-PRIME-01")
def test_prequalification_is_measured_and_only_informs() -> None:
    caller = prime_seller(limit=None)
    assert caller.seller
    measured = {row.code: row for row in prequalification_of(caller.seller, at=clock.now()).rows}
    assert measured["packages"].passes is False
    assert measured["plan"].passes is True
    assert measured["plan"].policy_version.startswith("prime.prequalify.targets@US")
    volume.control_volume(caller, limit_per_day=3)
    assert enrolment.activate(caller).state == "active"


def test_only_who_manages_the_account_enrols_it() -> None:
    from fondaco.sellers.rules import MemberRole
    from fondaco.sellers.tests.factories import make_member

    owner = prime_seller()
    assert owner.seller
    helper = make_person("Viewer")
    make_member(helper, owner.seller, MemberRole.VIEWER)
    viewer = make_caller(helper)
    for verb in (lambda: enrolment.activate(viewer), lambda: volume.control_volume(viewer, limit_per_day=1)):
        with pytest.raises(Denied):
            verb()


# --- items ------------------------------------------------------------------------------------------------------------


@pytest.mark.spec("PRIME-51", "PRIME-52", "Q-40")
def test_an_identical_second_offer_is_refused_with_a_pointer() -> None:
    caller = prime_seller()
    first = prime_offer(caller, sku="FIRST", condition_note="Boxed, as new.")
    again = {"asin": first.product.asin, "price_minor": 900, "quantity": 3}
    with pytest.raises(items.IdenticalOffer) as refused:
        create_offer(caller, sku="SECOND", condition_note="boxed  AS-NEW", **again)
    assert refused.value.facts["sku"] == "FIRST"
    used = create_offer(caller, sku="USED", condition="used_good", **again)
    assert create_offer(caller, sku="NOTE", condition_note="Without box", **again)
    with pytest.raises(items.IdenticalOffer):
        change_offer(caller, offer_id=Offer.objects.get(sku="NOTE").pk, condition_note="Boxed as new")
    assert items.enrol(caller, offer_id=used.pk).state == "enrolled"
    close_offer(caller, offer_id=first.pk)
    twin = create_offer(caller, sku="TWIN", condition_note="Boxed as new", **again)
    with pytest.raises(items.IdenticalOffer):
        reopen_offer(caller, offer_id=first.pk)
    assert twin.status == "active"


@pytest.mark.spec("PRIME-51")
def test_an_offer_with_an_identical_twin_is_not_enrolled() -> None:
    caller = prime_seller()
    first = make_offer(caller, sku="A", quantity=2)
    second = create_offer(caller, asin=first.product.asin, sku="B", price_minor=5, quantity=2)
    with pytest.raises(items.IdenticalOffer):
        items.enrol(caller, offer_id=second.pk)


@pytest.mark.spec("PRIME-53")
def test_a_future_restock_date_bars_enrolment() -> None:
    caller = prime_seller()
    offer = make_offer(caller, quantity=5)
    change_offer(caller, offer_id=offer.pk, restock_date=date(2022, 4, 1))
    with pytest.raises(items.RestockDateSet):
        items.enrol(caller, offer_id=offer.pk)
    change_offer(caller, offer_id=offer.pk, restock_date=date(2022, 3, 1))
    assert items.enrol(caller, offer_id=offer.pk).state == "enrolled"


@pytest.mark.spec("PRIME-54", "Q-41")
def test_out_of_stock_suspends_at_once_and_stock_restores() -> None:
    caller = prime_seller()
    offer = prime_offer(caller, quantity=1)
    who = member()
    assert choices(offer, person=who).has_badge
    change_offer(caller, offer_id=offer.pk, quantity=0)
    item = PrimeItem.objects.get(offer=offer)
    assert (item.state, item.reason) == ("suspended", "out_of_stock")
    assert not choices(offer, person=who).has_badge
    change_offer(caller, offer_id=offer.pk, quantity=5)
    item.refresh_from_db()
    assert (item.state, item.reason) == ("enrolled", "")
    assert choices(offer, person=who).has_badge
    change_offer(caller, offer_id=offer.pk, restock_date=date(2022, 3, 20))
    item.refresh_from_db()
    assert item.reason == "restock_date"


@pytest.mark.spec("PRIME-54")
def test_the_last_unit_bought_suspends_the_item() -> None:
    offer = prime_offer(quantity=1)
    buy(offer)
    assert PrimeItem.objects.get(offer=offer).reason == "out_of_stock"


@pytest.mark.spec("Q-41")
def test_the_sweep_restores_when_the_restock_date_has_come(tasks: Any) -> None:
    caller = prime_seller()
    offer = prime_offer(caller)
    change_offer(caller, offer_id=offer.pk, restock_date=date(2022, 3, 3))
    assert PrimeItem.objects.get(offer=offer).state == "suspended"
    clock.set_to(at=TUESDAY + timedelta(days=3))
    keep_items_in_step()
    tasks()
    assert PrimeItem.objects.get(offer=offer).state == "enrolled"


# --- options ----------------------------------------------------------------------------------------------------------


@pytest.mark.spec("PRIME-05", "PRIME-06", "PRIME-09", "PRIME-10", "PRIME-11")
def test_a_member_in_ohio_has_every_option_free() -> None:
    found = choices(prime_offer(options=FAST), person=member())
    assert prices(found) == dict.fromkeys(("same_day", "one_day", "two_day", "standard", "economy"), 0)
    assert found.has_badge


@pytest.mark.spec("PRIME-07")
@pytest.mark.parametrize("address", [ANCHORAGE, OHIO_BOX, PUERTO_RICO])
def test_a_member_elsewhere_has_standard_free(address: PostalAddress) -> None:
    offer = prime_offer(options=FAST)
    found = choices(offer, address, person=member())
    assert prices(found).get("standard") == 0
    assert not {"same_day", "one_day", "two_day"} & set(prices(found))


@pytest.mark.spec("PRIME-08")
@pytest.mark.parametrize("address", [APO, TORONTO])
def test_military_and_foreign_addresses_cannot_be_chosen(address: PostalAddress) -> None:
    offer = prime_offer(options=TWO_DAY)
    found = choices(offer, address, person=member())
    assert not found.is_eligible
    assert found.clause == "PRIME-08"
    with pytest.raises(operations.AddressNotServed):
        operations.place_order(make_caller(member()), lines=[Line(offer.pk)], address=address, request_key="k")


@pytest.mark.spec("PRIME-12", "PRIME-13")
def test_a_non_member_pays_the_sellers_rate_for_fast_delivery() -> None:
    found = choices(prime_offer(options=TWO_DAY), person=make_buyer())
    assert prices(found) == {"two_day": 799, "standard": 0}
    assert not found.has_badge
    order = buy(prime_offer(prime_seller("B"), options=TWO_DAY), person=make_buyer())
    item = order.items.get()
    assert (item.shipping_minor, item.is_prime, item.had_badge) == (799, True, False)


@pytest.mark.spec("PRIME-12")
def test_standard_is_offered_where_the_template_forgot_it() -> None:
    from fondaco.fulfilment.operations.templates import NewOption

    found = choices(prime_offer(options=(NewOption("two_day", 2, 799),)), ANCHORAGE, person=make_buyer())
    assert prices(found) == {"standard": 0}


@pytest.mark.spec("PRIME-11")
def test_books_and_lamps_have_the_same_rows() -> None:
    caller = prime_seller()
    with_options(caller, *FAST)
    book = prime_offer(caller, product_type="book", attributes={"author": "A"})
    lamp = prime_offer(caller, product_type="lamp", attributes={"color": "red"})
    who = member()
    assert (
        prices(choices(book, person=who))
        == prices(choices(lamp, person=who))
        == dict.fromkeys(prices(choices(lamp)), 0)
    )


@pytest.mark.spec("PRIME-25", "Q-55")
def test_the_guarantee_message_is_for_one_day_or_faster() -> None:
    by_speed = {o.speed.value: o.guaranteed for o in choices(prime_offer(options=FAST), person=member()).options}
    assert by_speed == {"same_day": True, "one_day": True, "two_day": False, "standard": False, "economy": False}
    slow = choices(prime_offer(prime_seller("B"), options=TWO_DAY), person=member())
    assert not any(o.guaranteed for o in slow.options)


@pytest.mark.spec("PRIME-14", "PRIME-15")
def test_an_offer_of_five_days_has_no_badge_and_keeps_the_benefits() -> None:
    from fondaco.fulfilment.operations.templates import NewOption

    offer = prime_offer(options=(NewOption("standard", 5, 399),))
    found = choices(offer, person=member())
    assert not found.has_badge
    assert "too_slow" in found.facts["badge"]
    order = buy(offer, speed="standard")
    item = order.items.get()
    assert (item.is_prime, item.had_badge, item.shipping_minor) == (True, False, 0)
    assert item.promised_date == date(2022, 3, 8)


@pytest.mark.spec("Q-35")
@pytest.mark.parametrize("code", ["", "99999", "00000", "4321", "ABCDE", "43215-12"])
def test_an_unknown_zip_gets_standard_without_guarantee(code: str) -> None:
    found = choices(prime_offer(options=FAST), us("OH", code), person=member())
    assert set(prices(found)) <= {"standard", "economy"}
    assert not any(o.guaranteed for o in found.options)
    assert not found.address_known


@pytest.mark.spec("Q-36")
def test_days_count_by_the_weekend_setting_from_the_ship_day() -> None:
    caller = prime_seller()
    offer = prime_offer(caller, options=TWO_DAY)
    clock.set_to(at=datetime(2022, 3, 4, 21, 0, tzinfo=UTC))  # Friday 15:00 in Chicago, after the cut-off
    option = choices(offer, person=member()).option("two_day")
    assert option
    assert (option.ship_by, option.promised_date) == (date(2022, 3, 7), date(2022, 3, 9))
    with_options(
        caller, *TWO_DAY, weekend=templates.Weekend(ships_saturday=True, delivers_saturday=True, delivers_sunday=True)
    )
    option = choices(offer, person=member()).option("two_day")
    assert option
    assert (option.ship_by, option.promised_date) == (date(2022, 3, 5), date(2022, 3, 7))


def test_an_offer_outside_the_programme_costs_what_its_seller_asks() -> None:
    caller = make_caller(seller=make_seller("Plain", return_to="IL"))
    with_options(caller, *FAST[:3], templates.NewOption("standard", 4, 399, 100))
    offer = make_offer(caller)
    found = choices(offer, person=member(), quantity=3)
    assert prices(found)["standard"] == 399 + 2 * 100
    assert not found.is_prime
    assert not any(o.guaranteed for o in found.options)


# --- the day's count --------------------------------------------------------------------------------------------------


@pytest.mark.spec("PRIME-27", "B-PRIME-10", "Q-39")
def test_at_the_limit_prime_offers_are_off_until_the_cut_off() -> None:
    caller = prime_seller(limit=3)
    offer = prime_offer(caller, options=TWO_DAY)
    for n in range(3):
        buy(offer, key=f"k{n}", seen_prime=True)
    found = choices(offer, person=member())
    assert not found.is_prime
    assert found.facts["suspended"] == ["limit_reached"]
    with pytest.raises(operations.PrimeOfferOff):
        buy(offer, seen_prime=True, key="late")
    kept = buy(offer, keeps_prime=True, seen_prime=True, key="kept")
    assert kept.items.get().is_prime
    assert CountedOrder.objects.filter(beyond_limit=True).count() == 1
    clock.set_to(at=datetime(2022, 3, 1, 20, 1, tzinfo=UTC))  # 14:01 in Chicago
    again = choices(offer, person=member())
    assert again.is_prime
    option = again.option("two_day")
    assert option
    assert option.ship_by == date(2022, 3, 2)
    assert buy(offer, key="tomorrow").items.get().ship_by == date(2022, 3, 2)


@pytest.mark.spec("B-PRIME-10")
def test_standard_orders_do_not_use_the_limit() -> None:
    offer = prime_offer(prime_seller(limit=1), options=TWO_DAY)
    for n in range(3):
        buy(offer, speed="standard", key=f"s{n}")
    assert not PrimeDay.objects.filter(taken__gt=0).exists()
    assert choices(offer, person=member()).is_prime


def test_an_order_of_two_prime_items_counts_once_and_cancelling_frees_the_place() -> None:
    caller = prime_seller(limit=1)
    offers = [prime_offer(caller, options=TWO_DAY), prime_offer(caller)]
    who = make_caller(member())
    lines = [Line(o.pk, speed="two_day") for o in offers]
    (order,) = operations.place_order(who, lines=lines, address=OHIO, request_key="k")
    assert PrimeDay.objects.get().taken == 1
    for _ in range(2):
        try:
            operations.cancel_order(who, number=order.number, reason="buyer_changed_mind")
        except operations.NotCancellable:
            pass
    assert PrimeDay.objects.get().taken == 0


def test_a_declined_card_frees_the_place() -> None:
    from fondaco.sellers.tests.factories import make_card

    offer = prime_offer(prime_seller(limit=1), options=TWO_DAY)
    poor = make_person(prime_until_date=date(2099, 1, 1))
    make_card(person=poor, declines=True)
    with pytest.raises(operations.CardDeclined):
        buy(offer, person=poor)
    assert PrimeDay.objects.get().taken == 0


@pytest.mark.spec("B-PRIME-10")
def test_the_toggle_switches_all_off_at_once() -> None:
    caller = prime_seller()
    offer = prime_offer(caller, options=TWO_DAY)
    volume.switch_all(caller, off=True)
    assert not choices(offer, person=member()).is_prime
    volume.switch_all(caller, off=False)
    assert choices(offer, person=member()).is_prime


# --- sanctions --------------------------------------------------------------------------------------------------------


def operator() -> Caller:
    return make_caller(role=Role.OPERATOR)


@pytest.mark.spec("PRIME-03", "Q-53", "PRIME-02")
def test_three_separate_sanctions_with_reason_author_and_time() -> None:
    caller = prime_seller()
    offer, other = prime_offer(caller, options=TWO_DAY), prime_offer(caller)
    assert caller.seller
    boss = operator()
    open_order = buy(offer)
    with pytest.raises(sanctions.ReasonNeeded):
        sanctions.sanction_offer(boss, offer_id=offer.pk, reason=" ")
    with pytest.raises(Denied):
        sanctions.sanction_offer(caller, offer_id=offer.pk, reason="x")
    mail.outbox.clear()
    one = sanctions.sanction_offer(boss, offer_id=offer.pk, reason="Unsafe plug")
    assert (one.author, one.reason) == (boss.person, "Unsafe plug")
    assert abs(one.made_at - clock.now()) < timedelta(minutes=1)
    assert len(mail.outbox) == 1
    assert "Unsafe plug" in mail.outbox[0].body
    with pytest.raises(operations.NotSellable):
        buy(offer, key="k2")
    assert choices(other, person=member()).has_badge  # the other offer is untouched
    two = sanctions.sanction_eligibility(boss, seller=caller.seller, reason="Too many late parcels")
    assert not choices(other, person=member()).has_badge
    with pytest.raises(enrolment.NotEligible):
        enrolment.activate(caller)
    assert buy(other, speed="standard", key="k3").items.get().is_prime is False  # still sold, without Prime
    parcel = operations.record_shipment(
        order=open_order, carrier="S", tracking="T", key="p", label_id=open_order.pk, caller=caller
    )
    assert parcel.pk  # open orders go on
    sanctions.lift(boss, sanction_id=two.pk, reason="Plan of action accepted")
    assert choices(other, person=member()).has_badge
    sanctions.lift(boss, sanction_id=one.pk, reason="Plug replaced")
    assert items.enrol(caller, offer_id=offer.pk).state == "enrolled"
    three = sanctions.sanction_selling(boss, seller=caller.seller, reason="Fraud")
    with pytest.raises(operations.NotSellable):
        buy(other, key="k4")
    sanctions.lift(boss, sanction_id=three.pk, reason="Cleared")
    assert buy(other, key="k5")


def test_a_sanction_happens_once_however_often_it_is_asked() -> None:
    caller = prime_seller()
    assert caller.seller
    boss = operator()
    first = sanctions.sanction_eligibility(boss, seller=caller.seller, reason="A")
    assert sanctions.sanction_eligibility(boss, seller=caller.seller, reason="B").pk == first.pk
    sanctions.lift(boss, sanction_id=first.pk, reason="C")
    assert sanctions.lift(boss, sanction_id=first.pk, reason="D").lift_reason == "C"


def test_shipping_an_order_late_is_measured() -> None:
    order = shipped_order(at=TUESDAY + timedelta(days=9))
    measured = {r.code: r for r in prequalification_of(order.seller, at=TUESDAY + timedelta(days=10)).rows}
    assert measured["late_shipment"].value == "100.0 %"
    assert measured["late_shipment"].passes is False


def test_a_side_takes_a_fixed_number_of_queries(django_assert_max_num_queries: Any) -> None:
    caller = prime_seller()
    offers = [prime_offer(caller, options=TWO_DAY) for _ in range(5)]
    loaded = list(Offer.objects.filter(pk__in=[o.pk for o in offers]).select_related("product", "seller__ship_from"))
    with django_assert_max_num_queries(8):
        sides(loaded, at=clock.now())
