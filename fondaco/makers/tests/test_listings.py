"""Handmade listings: who may, what they may say, what keeps them out of search, and how they move over."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco import policy
from fondaco.catalogue.models import Offer, Product
from fondaco.catalogue.operations import NewImage, add_product, change_offer, change_product, create_offer
from fondaco.catalogue.search.find import search
from fondaco.catalogue.tests.factories import make_jpeg, make_offer
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.makers import handmade
from fondaco.makers.models import HandmadeListing, Relisting
from fondaco.makers.operations import listing as operations
from fondaco.makers.operations import relisting
from fondaco.makers.queries.shop import suggestions_for, why_not_found
from fondaco.makers.rules import customisation
from fondaco.makers.rules.application import warnings
from fondaco.makers.rules.fee import referral_fee
from fondaco.makers.rules.links import Own, inspect
from fondaco.makers.terms import application_terms
from fondaco.makers.tests.factories import VASE, make_maker_of
from fondaco.policy.operations import publish
from fondaco.sellers.access import Caller
from fondaco.sellers.operations import start_vacation
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller

pytestmark = pytest.mark.django_db


@pytest.fixture
def june() -> Caller:
    person = make_person("June Clay")
    seller = make_seller("Juniper Clay", owner=person, country="CA")
    make_maker_of(seller, person)
    return make_caller(person, seller=seller)


def shown(caller: Caller, sku: str = "VASE", **fields) -> Product:
    added = add_product(caller, sku=sku, pictures=[NewImage(data=make_jpeg())], **{**VASE, **fields})
    run_tasks()
    return Product.objects.get(pk=added.product.pk)


@pytest.mark.spec("HAND-05")
def test_nobody_lists_before_approval():
    with pytest.raises(handmade.HandmadeNotApproved):
        add_product(make_caller(seller=make_seller()), sku="A", **VASE)
    assert not Product.objects.exists()


@pytest.mark.spec("HAND-13", "Q-44", "B-HAND-13")
def test_each_store_of_the_region_has_its_own_listing_in_its_currency(june):
    vase = shown(june)
    offer = operations.list_in_store(
        june, asin=vase.asin, store="CA", sku="VASE-CA", price_minor=6500, quantity=2, handling_days=5
    )
    assert (offer.store, offer.currency) == ("CA", "CAD")
    assert not search("half-dipped vase", store="MX").products
    with pytest.raises(handmade.StoreNotOpen):
        create_offer(june, asin=vase.asin, sku="VASE-DE", price_minor=1, store="DE")


@pytest.mark.spec("HAND-03", "B-HAND-03", "HAND-04", "B-HAND-04", "B-HAND-10", "Q-45")
@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"title": "Wedding invitation, instant download"}, handmade.ProhibitedHandmade),
        ({"description": "We dropship this from our partner."}, handmade.ProhibitedHandmade),
        ({"title": "Thiệp cưới tải xuống"}, handmade.ProhibitedHandmade),
        ({"title": "婚禮邀請函 數位下載"}, handmade.ProhibitedHandmade),
        ({"title": "Live plant in a pot"}, handmade.ProhibitedHandmade),
        ({"title": "Air plant in a handmade pot, live plant"}, handmade.ProhibitedHandmade),
        ({"description": "Finished with a lead glaze."}, handmade.CategoryLimit),
        ({"handling_days": 0}, handmade.WrongProductionTime),
        ({"handling_days": 31}, handmade.WrongProductionTime),
        ({"title": "Air plants with a handmade pot"}, None),
        ({"description": "Never mass produced."}, None),
        ({"handling_days": 30}, None),
        ({"handling_days": 1}, None),
    ],
)
def test_what_a_listing_may_say(june, fields, refusal):
    if refusal is None:
        assert add_product(june, sku="A", **{**VASE, **fields})
        return
    with pytest.raises(refusal):
        add_product(june, sku="A", **{**VASE, **fields})
    assert not Product.objects.exists()


@pytest.mark.spec("B-HAND-02", "HAND-02")
@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"description": "Made in a factory near us."}, handmade.NotEligible),
        ({"description": "Made from a kit, in an evening."}, handmade.NotEligible),
        ({"description": "Lắp từ bộ kit."}, handmade.NotEligible),
        ({"description": "由套件製成的花瓶"}, handmade.NotEligible),
        ({"description": "Produced by a contractor."}, handmade.NotEligible),
        ({"attributes": {**VASE["attributes"], "how_made": "Outsourced to a workshop"}}, handmade.ProhibitedHandmade),
        ({"title": "Fake designer vase"}, handmade.NotEligible),
        ({"condition": "used_good"}, handmade.HandmadeNotNew),
        ({"condition": "refurbished"}, handmade.HandmadeNotNew),
        ({"description": "Never made in a factory, never made from a kit."}, None),
        ({"condition": "new"}, None),
    ],
)
def test_what_every_product_must_be(june, fields, refusal):
    if refusal is None:
        assert add_product(june, sku="A", **{**VASE, **fields})
        return
    with pytest.raises(refusal) as refused:
        add_product(june, sku="A", **{**VASE, **fields})
    assert ("HAND-03" if refusal is handmade.ProhibitedHandmade else "B-HAND-02") == refused.value.CLAUSE
    assert not Product.objects.exists()


@pytest.mark.spec("B-HAND-02")
def test_what_the_operator_takes_off_the_list_is_not_looked_for(june):
    staff = make_caller(role=Role.OPERATOR)
    rows = policy.value("handmade.eligibility", "US", at=clock.now()).value
    kept = [row for row in rows["products"] if row["code"] not in ("new", "not_from_kit")]
    publish(key="handmade.eligibility", store="US", value={**rows, "products": kept}, author=staff, note="x")
    add_product(june, sku="A", **{**VASE, "description": "Made from a kit.", "condition": "used_good"})
    with pytest.raises(handmade.NotEligible):
        add_product(june, sku="B", **{**VASE, "description": "Made in a factory."})


@pytest.mark.spec("B-HAND-02")
def test_the_review_desk_is_told_when_not_all_is_made_by_hand():
    found = warnings(application_terms(at=clock.now()).form, {"handmade_percent": 60, "team_size": 2})
    assert [(f.code, f.measured, f.clause) for f in found] == [("not_all_by_hand", 60, "B-HAND-02")]


def test_later_changes_are_judged_too(june):
    vase = shown(june)
    with pytest.raises(handmade.ProhibitedHandmade):
        change_product(june, asin=vase.asin, title="Vase, printable")
    with pytest.raises(handmade.WrongProductionTime):
        change_offer(june, offer_id=Offer.objects.get().pk, handling_days=90)


@pytest.mark.spec("HAND-02")
def test_another_maker_does_not_sell_ones_work(june):
    vase = shown(june)
    other = make_seller("Lind Weaving", owner=make_person("Tove"))
    tove = make_caller(seller=other)
    make_maker_of(other, tove.person)
    with pytest.raises(handmade.NotYourWork):
        create_offer(tove, asin=vase.asin, sku="COPY", price_minor=1, handling_days=3)


@pytest.mark.spec("HAND-21")
def test_it_shows_within_the_hours_of_policy(june):
    vase = shown(june)
    row = HandmadeListing.objects.get()
    assert row.due_at - row.listed_at == timedelta(hours=24)
    assert vase.searchable


@pytest.mark.spec("B-HAND-09", "HAND-22")
def test_stock_vacation_and_marks_hide_it_and_the_diagnosis_says_so(june):
    vase = shown(june)
    offer = Offer.objects.get()

    def state() -> tuple[bool, str]:
        run_tasks()
        _row, diagnosis = why_not_found(june, vase.asin)
        end = diagnosis.conclusion
        return bool(search("half-dipped vase").products), end.check.code if end else ""

    assert state()[0]
    change_offer(june, offer_id=offer.pk, quantity=0)
    assert state() == (False, "out_of_stock")
    change_offer(june, offer_id=offer.pk, quantity=2)
    operations.mark(june, asin=vase.asin, is_private=True, is_adult=False)
    assert state() == (False, "private_or_adult")
    operations.mark(june, asin=vase.asin, is_private=False, is_adult=False)
    assert state()[0]
    start_vacation(june, june.seller, from_date=clock.now().date() - timedelta(days=1), until_date=None)
    from fondaco.makers.tasks import refresh_holds

    refresh_holds()
    assert state() == (False, "vacation_mode")
    from fondaco.sellers.operations import close_vacation

    close_vacation(june, june.seller)
    refresh_holds()
    assert state()[0]


@pytest.mark.spec("HAND-19", "B-HAND-14", "Q-46")
def test_a_product_moves_over_and_is_never_live_twice(june):
    bowl = make_offer(june, title="Ash-glazed bowl", sku="BOWL", quantity=4)
    bowl_images = [NewImage(data=make_jpeg())]
    from fondaco.catalogue.operations import submit_images

    submit_images(june, asin=bowl.product.asin, pictures=bowl_images)
    run_tasks()
    answers = {"product_type_key": "handmade_home", "attributes": {"material": "clay", "how_made": "by me"}}
    with pytest.raises(relisting.CriteriaNotMet):
        relisting.relist(june, offer_id=bowl.pk, sku="BOWL-H", confirmed={"new"}, **answers)
    everything = set(relisting.criteria())
    from fondaco.catalogue.operations.offers import SkuTaken

    with pytest.raises(SkuTaken):
        relisting.relist(june, offer_id=bowl.pk, sku="BOWL", confirmed=everything, **answers)
    row = relisting.relist(june, offer_id=bowl.pk, sku="BOWL-H", confirmed=everything, **answers)
    assert relisting.relist(june, offer_id=bowl.pk, sku="BOWL-X", confirmed=everything, **answers) == row
    assert Offer.objects.get(pk=bowl.pk).status == "active"
    run_tasks()
    row.refresh_from_db()
    assert row.switched_at
    assert Offer.objects.get(pk=bowl.pk).status == "closed"
    assert [p.pk for p in search("ash-glazed bowl").products] == [row.offer.product_id]
    assert not relisting.switch(row.pk)
    assert Relisting.objects.count() == 1


@pytest.mark.spec("B-HAND-16")
def test_a_removed_product_comes_back_after_an_appeal(june):
    vase = shown(june)
    keiko = make_caller(role=Role.HANDMADE_REVIEWER)
    due = clock.now().date() + timedelta(days=10)
    with pytest.raises(operations.DueInThePast):
        operations.remove(
            keiko, asin=vase.asin, reason="r", wanted="w", due_date=clock.now().date() - timedelta(days=3)
        )
    operations.remove(keiko, asin=vase.asin, reason="Looks moulded.", wanted="A video of the throwing.", due_date=due)
    run_tasks()
    assert Offer.objects.get().status == "removed"
    assert not search("half-dipped vase").products
    operations.appeal(june, asin=vase.asin, text="Here is the video.")
    operations.decide_removal(keiko, asin=vase.asin, restore=True, answer="Thank you.")
    run_tasks()
    assert Offer.objects.get().status == "active"
    assert search("half-dipped vase").products


@pytest.mark.spec("HAND-24")
def test_suggestions_come_from_the_makers_own_listings(june):
    shown(june, title="Vase", quantity=0)
    found = {s.code: s for s in suggestions_for(june.seller.maker)}
    assert {"write_profile", "restock", "longer_title", "more_pictures", "describe"} <= set(found)
    assert found["restock"].asins == (Product.objects.get().asin,)
    assert "make_faster" not in found


@pytest.mark.spec("HAND-20", "B-HAND-09")
def test_found_by_title_words_in_three_languages(june):
    titles = {
        "Bình gốm nhúng men xanh": ["binh gom", "men xanh", "Bình GỐM"],
        "手工陶瓷花瓶": ["陶瓷", "花瓶", "手工陶瓷"],
        "Half-dipped vase": ["half dipped", "VASE"],
    }
    for n, title in enumerate(titles):
        shown(june, sku=f"L{n}", title=title)
    for title, queries in titles.items():
        for query in queries:
            assert [p.title for p in search(query).products] == [title], query


@pytest.mark.spec("B-HAND-12")
@given(
    price=st.integers(0, 10**7),
    shipping=st.integers(0, 10**5),
    quantity=st.integers(1, 20),
    rate=st.decimals(0, 100, places=2),
)
def test_the_referral_fee_has_a_minimum_an_item_and_never_exceeds_the_sale(price, shipping, quantity, rate):
    fee = referral_fee(
        price_minor=price, shipping_minor=shipping, gift_wrap_minor=0, quantity=quantity, rate=rate, minimum_minor=100
    )
    assert 0 <= fee <= price + shipping
    assert fee >= min(100 * quantity, price + shipping)
    assert abs(fee - (price + shipping) * rate / Decimal(100)) <= max(1, 100 * quantity)


LIMITS = customisation.Limits(
    frozenset({"text", "image", "configuration"}), 5, 10, 99, 50, 100,
    frozenset({"warranties", "unrelated_bundles", "manufacturer_upc", "free_promotions", "yes_no_options"}),
)  # fmt: skip


@pytest.mark.spec("B-HAND-11")
@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"kind": "text", "label": "Name", "max": 99}, ""),
        ({"kind": "text", "label": "Name", "max": 100}, "customisation_text_length"),
        ({"kind": "configuration", "label": "Glaze", "options": ["A", "B"]}, ""),
        ({"kind": "configuration", "label": "Glaze", "options": ["A"]}, "customisation_options"),
        ({"kind": "configuration", "label": "G", "options": [f"o{n}" for n in range(101)]}, "customisation_options"),
        ({"kind": "configuration", "label": "Wrap it?", "options": ["Yes", "No"]}, "customisation_barred"),
        ({"kind": "configuration", "label": "包裝", "options": ["是", "否"]}, "customisation_barred"),
        ({"kind": "configuration", "label": "Extended warranty", "options": ["1 y", "2 y"]}, "customisation_barred"),
        ({"kind": "text", "label": "", "max": 5}, "customisation_label"),
        ({"kind": "smell", "label": "x"}, "customisation_kind"),
    ],
)
def test_limits_of_customisation(item, code):
    _clean, findings = customisation.read({"surfaces": [{"name": "Front", "items": [item]}]}, limits=LIMITS)
    assert [f.code for f in findings] == ([code] if code else [])


@pytest.mark.spec("B-HAND-11")
def test_a_text_on_a_picture_is_shorter_and_drawn_inside_its_box():
    item = {"kind": "text", "label": "Name", "max": 51, "box": [10, 40, 80, 20]}
    surface = {"name": "Front", "picture": "a" * 64, "items": [item]}
    _clean, findings = customisation.read({"surfaces": [surface]}, limits=LIMITS)
    assert [f.code for f in findings] == ["customisation_text_length"]
    item["max"] = 50
    clean, findings = customisation.read({"surfaces": [surface]}, limits=LIMITS)
    assert not findings
    kept, wrong, more = customisation.read_choices(clean, {"1.1": "Mai"})
    assert (wrong, more) == ((), 0)
    (drawn,) = customisation.marks(clean["surfaces"][0], number=1, choices=kept)
    assert (drawn.value, drawn.x, drawn.y) == ("Mai", 50, 50)
    assert drawn.size * 3 * 0.62 <= 80
    assert drawn.size <= 20
    six = {"surfaces": [{**surface, "name": f"S{n}"} for n in range(6)]}
    assert customisation.read(six, limits=LIMITS)[1][0].code == "customisation_too_many_surfaces"


@pytest.mark.spec("HAND-18", "B-HAND-08")
@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("I came to clay at nine.", []),
        ("See https://market.example/makers/juniper for more.", []),
        ("See https://other-shop.com/pots", ["profile_link"]),
        ("Find me at other-shop.com", ["profile_link"]),
        ("Write to me@clay.com", ["profile_contact"]),
        ("Call +1 604 555 0199", ["profile_contact"]),
        ("Follow @juniperclay", ["profile_contact"]),
        ("Use my discount code", ["profile_barred"]),
        ("Like Lind Weaving, I work alone.", ["profile_other_shop"]),
    ],
)
def test_a_profile_speaks_for_its_maker_alone(text, codes):
    own = Own(hosts=frozenset({"market.example"}), other_shops=frozenset({"lind weaving"}))
    assert [f.code for f in inspect({"story": text}, own=own, barred=["discount code"])] == codes
