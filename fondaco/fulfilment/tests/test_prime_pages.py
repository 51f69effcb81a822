"""The programme's pages: enrolment, volume, offers, the badge's diagnosis, templates, sanctions, what speed earns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from fondaco.catalogue.models import Offer
from fondaco.catalogue.operations import change_offer, create_offer
from fondaco.catalogue.queries.product_page import product_page
from fondaco.catalogue.search.find import search
from fondaco.catalogue.tests.factories import make_offer
from fondaco.engine import clock
from fondaco.fulfilment.models import PrimeItem, Sanction, ShippingTemplate
from fondaco.fulfilment.operations import volume
from fondaco.fulfilment.operations.templates import NewOption
from fondaco.fulfilment.rules.badge_tree import BadgeCase, diagnose
from fondaco.fulfilment.rules.enrolment import Suspension
from fondaco.fulfilment.tests.factories import FAST, TWO_DAY, prime_offer, prime_seller, with_options
from fondaco.orders.tests.factories import make_buyer
from fondaco.sellers.access import Caller
from fondaco.sellers.models import Person
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tuesday() -> None:
    clock.set_to(at=datetime(2022, 3, 1, 15, 0, tzinfo=UTC))


def client_of(who: Person | Caller) -> Client:
    client = Client()
    person = who.person if isinstance(who, Caller) else who
    assert person
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


@pytest.mark.spec("PRIME-01", "PRIME-28", "PRIME-04", "PRIME-55")
def test_a_seller_enrols_on_the_page() -> None:
    caller = make_caller(seller=make_seller("Swift", return_to="IL"))
    client = client_of(caller)
    first = page(client, "/seller/prime/")
    assert "I accept these requirements" in first
    for label in ("How to enrol", "Programme overview", "Maintain enrolment", "Process orders", "Reimbursement claims"):
        assert label in first
    assert client.post("/seller/prime/apply/", {"version": "2026-01"}).status_code == 409
    client.post("/seller/prime/apply/", {"version": "2026-01", "accept": "yes"})
    assert client.post("/seller/prime/activate/").status_code == 409
    assert client.post("/seller/prime/volume/", {"limit": "zero"}).status_code == 422
    client.post("/seller/prime/volume/", {"limit": "3", "cutoff-mon": "16:00"})
    client.post("/seller/prime/activate/")
    shown = page(client, "/seller/prime/")
    assert "Active" in shown
    assert 'value="16:00"' in shown
    assert "help/prime-maintain-enrolment" in shown
    client.post("/seller/prime/switch/", {"off": "yes"})
    assert "All offers are switched off" in page(client, "/seller/prime/")
    client.post("/seller/prime/leave/")
    assert "Left" in page(client, "/seller/prime/")


def test_offers_are_enrolled_and_taken_out_on_the_page() -> None:
    caller = prime_seller()
    offer = make_offer(caller, quantity=3)
    client = client_of(caller)
    assert offer.sku in page(client, "/seller/prime/offers/?show=others")
    client.post(f"/seller/prime/offers/{offer.pk}/enrol/")
    assert offer.sku in page(client, "/seller/prime/offers/?show=enrolled")
    change_offer(caller, offer_id=offer.pk, quantity=0)
    shown = page(client, "/seller/prime/offers/")
    assert "Suspended" in shown
    assert "out of stock" in shown
    client.post(f"/seller/prime/offers/{offer.pk}/remove/")
    assert PrimeItem.objects.get().state == "removed"
    stranger = client_of(prime_seller("Rival"))
    assert stranger.post(f"/seller/prime/offers/{offer.pk}/enrol/").status_code == 404
    assert stranger.get(f"/seller/prime/offers/{offer.pk}/").status_code == 404


@pytest.mark.spec("PRIME-18")
def test_the_badge_page_says_why_and_how_to_mend_it() -> None:
    caller = prime_seller()
    with_options(caller, *TWO_DAY)
    offer = prime_offer(caller)
    client = client_of(caller)
    url = f"/seller/prime/offers/{offer.pk}/"
    assert "The badge is shown to this buyer" in page(client, url)
    assert "Only members of the programme see the badge" in page(client, f"{url}?member=no")
    assert "takes 5 days" in page(client, f"{url}?zip=99501")
    assert "Military and foreign addresses are not served" in page(client, f"{url}?zip=09012")
    for odd in ("", "abc", "00000", "%00"):
        page(client, f"{url}?zip={odd}")
    change_offer(caller, offer_id=offer.pk, quantity=0)
    volume.switch_all(caller, off=True)
    shown = page(client, url)
    assert "Set the quantity above zero" in shown
    assert "Switch them on again" in shown


GOOD = {
    "enrolment": "active",
    "offer_status": "active",
    "is_sanctioned": False,
    "is_enrolled": True,
    "suspensions": (),
    "is_eligible": True,
    "address_known": True,
    "days": 2,
    "most_days": 2,
    "audience": "members",
    "is_member": True,
}


@pytest.mark.spec("PRIME-18")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"enrolment": ""}, "account"),
        ({"enrolment": "ineligible"}, "account"),
        ({"offer_status": "closed"}, "offer"),
        ({"is_sanctioned": True}, "offer"),
        ({"is_enrolled": False}, "enrolled"),
        ({"suspensions": (Suspension.DUPLICATE,)}, "duplicate"),
        ({"suspensions": (Suspension.OUT_OF_STOCK,)}, "stock"),
        ({"suspensions": (Suspension.RESTOCK_DATE,)}, "restock"),
        ({"suspensions": (Suspension.ALL_OFF,)}, "switched_on"),
        ({"suspensions": (Suspension.LIMIT_REACHED,)}, "limit"),
        ({"is_eligible": False}, "address"),
        ({"days": 3}, "speed"),
        ({"days": None}, "speed"),
        ({"is_member": False}, "buyer"),
        ({"is_member": False, "audience": "everyone"}, None),
    ],
)
def test_each_reason_has_its_question(change: dict[str, Any], code: str | None) -> None:
    faults = [r.check.code for r in diagnose(BadgeCase(**{**GOOD, **change})).faults]
    assert faults == ([code] if code else [])
    assert all(r.outcome.fix for r in diagnose(BadgeCase(**{**GOOD, **change})).faults)


def test_a_template_is_made_changed_and_removed_on_the_page() -> None:
    caller = prime_seller()
    client = client_of(caller)
    form = {
        "name": "Fast",
        "use-two_day": "yes",
        "days-two_day": "2",
        "price-two_day": "7.99",
        "further-two_day": "1",
        "regions-two_day": ["contiguous"],
        "use-standard": "yes",
        "days-standard": "5",
        "regions-standard": ["contiguous", "alaska_hawaii"],
        "states-standard": "pr, zz",
        "delivers_saturday": "yes",
        "request_key": "t1",
    }
    assert client.post("/seller/shipping/templates/new/", form).status_code == 422  # ZZ is no state
    form["states-standard"] = "PR"
    for _ in range(2):
        assert client.post("/seller/shipping/templates/new/", form).status_code == 302
    row = ShippingTemplate.objects.get(name="Fast")
    options = {o.speed: o for o in row.options.all()}
    assert (options["two_day"].price_minor, options["two_day"].further_minor) == (799, 100)
    assert options["standard"].regions == ["contiguous", "alaska_hawaii", "US-PR"]
    assert row.delivers_saturday
    assert "$7.99" in page(client, "/seller/shipping/templates/")
    for wrong in ({"days-two_day": "-1"}, {"days-two_day": "999"}, {"price-two_day": "-5"}, {"price-two_day": "1e9"}):
        url = f"/seller/shipping/templates/{row.pk}/"
        assert client.post(url, {**form, **wrong}).status_code == 422
    assert client.post(f"/seller/shipping/templates/{row.pk}/remove/").status_code == 302
    default = ShippingTemplate.objects.get(is_default=True)
    assert client.post(f"/seller/shipping/templates/{default.pk}/remove/").status_code == 409
    rival = client_of(prime_seller("Rival"))
    assert rival.get(f"/seller/shipping/templates/{default.pk}/").status_code == 404


@pytest.mark.spec("PRIME-03", "Q-53")
def test_the_operator_sanctions_on_the_page_and_nobody_else() -> None:
    caller = prime_seller()
    offer = prime_offer(caller)
    assert caller.seller
    number = caller.seller.number
    for who in (caller, make_buyer(), make_staff(Role.SUPPORT)):
        assert client_of(who).get("/operator/sanctions/").status_code == 404
        assert (
            client_of(who).post(f"/operator/sanctions/{number}/make/", {"kind": "remove_eligibility"}).status_code
            == 404
        )
    boss = client_of(make_staff(Role.OPERATOR))
    url = f"/operator/sanctions/{number}/"
    assert offer.sku in page(boss, url)
    assert boss.post(f"{url}make/", {"kind": "remove_eligibility", "reason": ""}).status_code == 422
    boss.post(f"{url}make/", {"kind": "remove_offers", "offer": str(offer.pk), "reason": "Unsafe plug"})
    boss.post(f"{url}make/", {"kind": "remove_eligibility", "reason": "Late parcels"})
    seller_page = page(client_of(caller), "/seller/prime/")
    assert "Unsafe plug" in seller_page
    assert "Late parcels" in seller_page
    row = Sanction.objects.get(kind="remove_eligibility")
    boss.post(f"/operator/sanctions/{row.pk}/lift/", {"reason": "Plan accepted"})
    assert "Plan accepted" in page(boss, "/operator/sanctions/")
    caller.seller.prime.refresh_from_db()
    assert caller.seller.prime.state == "active"


@pytest.mark.spec("PRIME-16")
def test_faster_delivery_features_an_offer_and_says_so() -> None:
    slow = make_caller(seller=make_seller("Slow", return_to="IL"))
    with_options(slow, NewOption("standard", 5, 0))
    cheap = make_offer(slow, price_minor=1900, quantity=3, title="Copper kettle")
    fast = prime_seller("Fast")
    with_options(fast, *FAST)
    dearer = create_offer(fast, asin=cheap.product.asin, sku="FAST", price_minor=2000, quantity=3)
    visitor = make_caller(make_person())
    assert product_page(visitor, cheap.product.asin).offers[0].pk == dearer.pk
    shown = page(client_of(make_person()), f"/product/{cheap.product.asin}/")
    assert "Why this offer stands first" in shown
    assert "Same-day delivery: 8 %" in shown
    change_offer(fast, offer_id=dearer.pk, price_minor=2200)
    assert product_page(visitor, cheap.product.asin).offers[0].pk == cheap.pk


@pytest.mark.spec("PRIME-16")
def test_a_prime_offer_is_found_before_one_that_fits_equally_well() -> None:
    from fondaco.catalogue.models import Product
    from fondaco.catalogue.search.documents import refresh

    fast = prime_seller("Fast")
    with_options(fast, *FAST)
    first = prime_offer(fast, title="Copper kettle, old")
    second = make_offer(make_caller(seller=make_seller("Slow")), title="Copper kettle, new")
    Product.objects.all().update(searchable=True, held_reason="")
    refresh(Product.objects.values_list("pk", flat=True))
    found = [p.pk for p in search("copper kettle").products]
    assert found == [first.product_id, second.product_id]


def test_nobody_outside_sees_the_sellers_pages() -> None:
    for url in ("/seller/prime/", "/seller/prime/offers/", "/seller/shipping/templates/"):
        assert Client().get(url).status_code == 302
        assert client_of(make_buyer()).get(url).status_code in (302, 403, 404)
    assert Offer.objects.count() == 0
