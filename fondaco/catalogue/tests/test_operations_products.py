"""Products, offers, stock and families."""

from __future__ import annotations

import pytest

from fondaco import history
from fondaco.catalogue import product_types, restrictions, words
from fondaco.catalogue.models import ListingImage, Offer, Product, StockMovement
from fondaco.catalogue.operations import (
    NewImage,
    add_product,
    change_offer,
    change_product,
    close,
    create_family,
    create_offer,
    link_variation,
    move_units,
    reopen,
    unlink_variation,
)
from fondaco.catalogue.operations.offers import (
    OfferEnded,
    SellerNotActive,
    SkuTaken,
    WrongChoice,
    WrongHandlingTime,
    WrongPrice,
    WrongQuantity,
)
from fondaco.catalogue.operations.products import AttributesMissing, NotTheCreator, UnknownHazmatClass
from fondaco.catalogue.operations.variations import (
    AlreadyInFamily,
    NotAParent,
    NotOneType,
    SameVariation,
    ThemeValueMissing,
    TooFew,
    UnknownTheme,
)
from fondaco.catalogue.product_types import UnknownProductType
from fondaco.catalogue.rules.stock import MovementKind, NotEnoughUnits
from fondaco.catalogue.tests.factories import make_jpeg, make_offer, make_product, seller_and_caller
from fondaco.engine.testing import run_tasks
from fondaco.kit.errors import Denied, NotFound, Refusal
from fondaco.kit.text import TextMissing, TextTooLong, UnstorableText
from fondaco.policy.stores import UnknownStore
from fondaco.sellers.access import SellerRequired, SignInRequired
from fondaco.sellers.rules import MemberRole, Role
from fondaco.sellers.tests.factories import make_caller, make_member, make_person

pytestmark = pytest.mark.django_db

MUG = {
    "title": "Stoneware mug",
    "product_type": "mug",
    "attributes": {"color": "blue"},
    "sku": "MUG-1",
    "price_minor": 1999,
    "quantity": 5,
}


def test_every_type_has_a_department_and_known_attributes():
    types = product_types.all_types()
    assert len(types) >= 40
    for of_type in types.values():
        assert of_type.department in product_types.departments()
        assert set(of_type.attributes) <= set(product_types.attributes())
        for key in of_type.themes:
            assert set(product_types.theme(key).attributes) <= set(product_types.attributes())


def test_rule_categories_are_all_covered():
    """What policy rows and clauses name: free returns, damage without reimbursement, software, media, handmade."""
    covered = frozenset().union(*(of_type.categories for of_type in product_types.all_types().values()))
    assert covered >= {
        *("apparel", "jewelry", "loose_gemstones", "shoes", "watches", "baby"),
        *("software", "books", "music", "video", "dvd", "bmvd"),
        *("perishables", "requires_assembly", "hazmat_likely", "handmade", "electronics", "home"),
    }


def test_every_name_of_the_data_file_is_marked_for_translation():
    named = [*product_types.all_types().values(), *product_types.departments().values()]
    assert {each.name for each in [*named, *product_types.attributes().values()]} == set(words.NAMES)


@pytest.mark.spec("IMG-06")
def test_a_product_is_added_with_its_picture(harbor):
    added = add_product(
        harbor, **MUG, pictures=[NewImage(data=make_jpeg()), NewImage(data=make_jpeg(), variant="PT01")]
    )
    assert added.product.asin.startswith("F0")
    assert len(added.product.asin) == 10
    assert [image.variant for image in added.images] == ["MAIN", "PT01"]
    run_tasks()
    assert Product.objects.get().searchable
    movement = StockMovement.objects.get()
    assert (movement.kind, movement.from_bucket, movement.to_bucket, movement.units) == (
        "count",
        "outside",
        "sellable",
        5,
    )


def test_adding_again_with_the_same_key_answers_the_same(harbor):
    picture = make_jpeg()
    first, again = (
        add_product(harbor, **MUG, request_key="form-1", pictures=[NewImage(data=picture)]) for _ in range(2)
    )
    assert (first.product.pk, first.offer.pk, first.images[0].pk) == (
        again.product.pk,
        again.offer.pk,
        again.images[0].pk,
    )
    assert (Product.objects.count(), Offer.objects.count(), ListingImage.objects.count()) == (1, 1, 1)


def test_another_seller_joins_an_existing_product(harbor, swift):
    product = make_product(harbor)
    added = add_product(swift, asin=product.asin.lower(), sku="S-1", price_minor=1500)
    assert added.product.pk == product.pk
    assert Offer.objects.filter(product=product).count() == 2


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"product_type": "spaceship"}, UnknownProductType),
        ({"attributes": {}}, AttributesMissing),
        ({"attributes": {"color": "  "}}, AttributesMissing),
        ({"title": "  "}, TextMissing),
        ({"title": "x" * 201}, TextTooLong),
        ({"title": "mug\x00"}, UnstorableText),
        ({"sku": ""}, TextMissing),
        ({"sku": "x" * 41}, TextTooLong),
        ({"price_minor": -1}, WrongPrice),
        ({"price_minor": 19.99}, WrongPrice),
        ({"price_minor": True}, WrongPrice),
        ({"price_minor": 10**13}, WrongPrice),
        ({"quantity": -1}, WrongQuantity),
        ({"condition": "mint"}, WrongChoice),
        ({"channel": "drone"}, WrongChoice),
        ({"handling_days": 999}, WrongHandlingTime),
        ({"hazmat_class": "explosive"}, UnknownHazmatClass),
        ({"store": "ZZ"}, UnknownStore),
        ({"asin": "F0NOTTHERE"}, NotFound),
    ],
)
def test_refusals_write_nothing(harbor, changed, refusal):
    with pytest.raises(refusal):
        add_product(harbor, **{**MUG, **changed})
    assert not Product.objects.exists()
    assert not Offer.objects.exists()


def test_a_sku_is_used_once_by_a_seller(harbor, swift):
    add_product(harbor, **MUG)
    with pytest.raises(SkuTaken):
        add_product(harbor, **MUG)
    assert add_product(swift, **MUG).offer.sku == "MUG-1"
    assert Product.objects.count() == 2


def test_a_suspended_seller_lists_nothing(harbor):
    harbor.seller.status = "suspended"
    harbor.seller.save()
    with pytest.raises(SellerNotActive):
        add_product(harbor, **MUG)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("nobody", SignInRequired),
        ("buyer", SellerRequired),
        ("viewer", Denied),
        ("warehouse", Denied),
        ("agency", Denied),
        ("operator", SellerRequired),
        ("admin", None),
    ],
)
def test_who_may_add_products(harbor, who, refusal):
    def member(role):
        person = make_person()
        make_member(person, harbor.seller, role)
        return make_caller(person, seller=harbor.seller)

    caller = {
        "nobody": lambda: make_caller(),
        "buyer": lambda: make_caller(make_person()),
        "viewer": lambda: member(MemberRole.VIEWER),
        "warehouse": lambda: member(MemberRole.WAREHOUSE),
        "agency": lambda: member(MemberRole.AGENCY),
        "operator": lambda: make_caller(role=Role.OPERATOR),
        "admin": lambda: member(MemberRole.ADMIN),
    }[who]()
    if refusal is None:
        assert add_product(caller, **MUG).product.creator == harbor.seller
        return
    with pytest.raises(refusal):
        add_product(caller, **MUG)
    assert not Product.objects.exists()


def test_a_gate_refuses_a_product_type(harbor, monkeypatch):
    monkeypatch.setattr(restrictions, "_gates", [])  # those of domains above are tested there

    class NotApproved(Refusal):
        CODE = "not_approved"

    @restrictions.gate
    def approval(*, seller, product_type, store, at):
        if product_type.is_handmade:
            raise NotApproved

    try:
        with pytest.raises(NotApproved):
            add_product(harbor, **{**MUG, "product_type": "handmade_home", "attributes": {"material": "clay"}})
        assert add_product(harbor, **MUG).product.product_type == "mug"
    finally:
        restrictions.lift(approval)


# ---------------------------------------------------------------- offers


def test_changes_price_and_counts_stock_as_a_movement(harbor):
    offer = make_offer(harbor, quantity=5)
    change_offer(harbor, offer_id=offer.pk, price_minor=2500, quantity=2)
    offer.refresh_from_db()
    assert (offer.price_minor, offer.units_sellable) == (2500, 2)
    moved = StockMovement.objects.order_by("-at", "-pk").first()
    assert (moved.from_bucket, moved.to_bucket, moved.units) == ("sellable", "outside", 3)
    change_offer(harbor, offer_id=offer.pk, price_minor=2500, quantity=2)
    assert StockMovement.objects.count() == 2
    assert history.events_for(offer, verbs=["offer.changed"]).count() == 1


def test_a_new_count_leaves_reserved_units_alone(harbor):
    offer = make_offer(harbor, quantity=5)
    move_units(offer_id=offer.pk, kind=MovementKind.RESERVE, units=2)
    change_offer(harbor, offer_id=offer.pk, quantity=10)
    offer.refresh_from_db()
    assert (offer.units_sellable, offer.units_reserved) == (10, 2)


def test_a_movement_with_a_key_happens_once(harbor):
    offer = make_offer(harbor, quantity=5)
    first, again = (
        move_units(offer_id=offer.pk, kind=MovementKind.RESERVE, units=2, key="order-1", cause="order") for _ in "ab"
    )
    offer.refresh_from_db()
    assert first.pk == again.pk
    assert (offer.units_sellable, offer.units_reserved) == (3, 2)


@pytest.mark.spec("Q-04")
def test_refuses_to_move_more_than_there_are(harbor):
    offer = make_offer(harbor, quantity=1)
    with pytest.raises(NotEnoughUnits):
        move_units(offer_id=offer.pk, kind=MovementKind.TO_STUDIO, units=2)
    offer.refresh_from_db()
    assert (offer.units_sellable, offer.units_away) == (1, 0)


def test_closing_and_reopening(harbor):
    offer = make_offer(harbor)
    assert close(harbor, offer_id=offer.pk, why="discontinued").status == "closed"
    assert close(harbor, offer_id=offer.pk).status == "closed"
    assert history.events_for(offer, verbs=["offer.closed"]).count() == 1
    with pytest.raises(OfferEnded):
        change_offer(harbor, offer_id=offer.pk, price_minor=1)
    assert reopen(harbor, offer_id=offer.pk).status == "active"
    Offer.objects.update(status="removed")
    for verb in (close, reopen):
        with pytest.raises(OfferEnded):
            verb(harbor, offer_id=offer.pk)


@pytest.mark.parametrize(
    "verb",
    [
        lambda c, o: change_offer(c, offer_id=o.pk, price_minor=1),
        lambda c, o: close(c, offer_id=o.pk),
        lambda c, o: reopen(c, offer_id=o.pk),
    ],
)
def test_another_sellers_offer_is_not_found(harbor, swift, verb):
    offer = make_offer(harbor)
    for caller in (swift, make_caller(), make_caller(make_person())):
        with pytest.raises(NotFound):
            verb(caller, offer)
    with pytest.raises(NotFound):  # staff sees it, but it is no member's of the account
        verb(make_caller(role=Role.SUPPORT), offer)
    offer.refresh_from_db()
    assert (offer.price_minor, offer.status) == (1999, "active")


def test_only_who_added_a_product_changes_what_its_page_says(harbor, swift):
    product = make_product(harbor)
    create_offer(swift, asin=product.asin, sku="S-1", price_minor=100)
    with pytest.raises(NotTheCreator):
        change_product(swift, asin=product.asin, title="Mine now")
    with pytest.raises(AttributesMissing):
        change_product(harbor, asin=product.asin, attributes={"color": ""})
    assert change_product(harbor, asin=product.asin, title="Ấm trà", attributes={"size": "L"}).title_key == "am tra"
    product.refresh_from_db()
    assert product.attributes == {"color": "grey", "size": "L"}


# ---------------------------------------------------------------- families


@pytest.fixture
def shirts(harbor):
    """A parent without an offer, and red and blue shirts in two sizes."""
    parent = Product.objects.create(
        product_type="shirt",
        title="Shirt",
        title_key="shirt",
        creator=harbor.seller,
        created_at=harbor.seller.created_at,
        updated_at=harbor.seller.created_at,
    )
    values = [("S", "red"), ("M", "red"), ("S", "blue")]
    children = [
        make_product(harbor, product_type="shirt", attributes={"size": size, "color": color, "material": "linen"})
        for size, color in values
    ]
    return parent, children


def asins(children):
    return [child.asin for child in children]


def test_links_variations_that_differ(harbor, shirts):
    parent, children = shirts
    for _ in range(2):
        link_variation(harbor, parent_asin=parent.asin, child_asins=asins(children), variation_theme="size_color")
    assert set(parent.children.all()) == set(children)
    assert history.events_for(parent, verbs=["product.linked"]).count() == 1
    unlink_variation(harbor, asin=children[0].asin)
    assert parent.children.count() == 2


def test_makes_a_family_with_a_parent_that_nobody_can_buy(harbor, swift, shirts):
    _, children = shirts
    make = {"child_asins": asins(children), "variation_theme": "size_color", "title": "Linen shirt", "brand": "Harbor"}
    parent = create_family(harbor, **make)
    assert create_family(harbor, **make) == parent
    assert set(parent.children.all()) == set(children)
    assert (parent.title, parent.title_key, parent.product_type) == ("Linen shirt", "linen shirt", "shirt")
    assert parent.attributes == {"material": "linen"}
    assert (parent.offers.count(), parent.searchable) == (0, False)
    assert history.events_for(parent, verbs=["product.added"]).count() == 1
    more = make_product(harbor, product_type="shirt", attributes={"size": "L", "color": "red", "material": "linen"})
    for refusal, caller, changed in [
        (TooFew, harbor, {"child_asins": [more.asin] * 2}),
        (AlreadyInFamily, harbor, {"child_asins": [more.asin, children[0].asin]}),
        (UnknownTheme, harbor, {"variation_theme": "flavor", "child_asins": [more.asin, make_product(harbor).asin]}),
        (NotTheCreator, swift, {}),
    ]:
        before = Product.objects.count()
        with pytest.raises(refusal):
            create_family(caller, **make | changed)
        assert Product.objects.count() == before


def test_refuses_families_that_make_no_sense(harbor, swift, shirts):
    parent, children = shirts

    def link(theme="size_color", of=children, under=parent, caller=harbor):
        link_variation(caller, parent_asin=under.asin, child_asins=asins(of), variation_theme=theme)

    twin = make_product(harbor, product_type="shirt", attributes={"size": "s", "color": "RED", "material": "silk"})
    mug = make_product(harbor)
    cases = [
        (UnknownTheme, {"theme": "flavor"}),
        (SameVariation, {"theme": "color"}),
        (SameVariation, {"of": [*children, twin]}),
        (NotOneType, {"of": [mug]}),
        (NotAParent, {"under": children[0], "of": children[1:]}),
        (NotTheCreator, {"caller": swift}),
    ]
    for refusal, case in cases:
        with pytest.raises(refusal):
            link(**case)
    Product.objects.filter(pk=twin.pk).update(attributes={"size": "L", "material": "silk"})
    with pytest.raises(ThemeValueMissing):
        link(of=[twin])
    other = Product.objects.create(
        **{f: getattr(parent, f) for f in ("product_type", "title", "title_key", "creator", "created_at", "updated_at")}
    )
    link()
    with pytest.raises(AlreadyInFamily):
        link(under=other)
    assert parent.children.count() == 3


def test_pictures_are_not_shared_in_a_family(harbor, shirts):
    from fondaco.catalogue.tests.factories import shown_image

    parent, children = shirts
    link_variation(harbor, parent_asin=parent.asin, child_asins=asins(children), variation_theme="size_color")
    shown_image(harbor, children[0])
    assert Product.objects.filter(main_picture__isnull=False).get() == children[0]


def test_a_stranger_in_two_accounts_works_in_the_chosen_one():
    _, harbor = seller_and_caller("Harbor Goods")
    other, _ = seller_and_caller("Second")
    make_member(harbor.person, other, MemberRole.ADMIN)
    both = make_caller(harbor.person, seller=other)
    assert add_product(both, **MUG).product.creator == other
