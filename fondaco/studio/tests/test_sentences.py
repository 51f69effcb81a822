"""Sentences of the requirements that no other test holds by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fondaco.cases.operations import open_case
from fondaco.cases.rules import CaseType
from fondaco.catalogue.models import ListingImage, Offer, Product
from fondaco.catalogue.operations import create_family, create_offer
from fondaco.catalogue.operations.images import remove_image
from fondaco.engine import clock
from fondaco.engine.sweeps import run_all
from fondaco.engine.testing import run_tasks
from fondaco.kit.errors import Denied, NotFound
from fondaco.ledger.models import Posting
from fondaco.sellers.rules import MemberRole
from fondaco.sellers.tests.factories import make_caller, make_member, make_person, owner_of
from fondaco.studio import operations
from fondaco.studio.models import GuideEntry, ImageRights, ImagingOrder
from fondaco.studio.operations.siblings import NoOtherSize
from fondaco.studio.tests.factories import billed, crew, here, make_studio_seller, placed, received

pytestmark = pytest.mark.django_db
LOGIN = "allauth.account.auth_backends.AuthenticationBackend"


def shown_on(product_id: Any) -> list[str]:
    rows = ListingImage.objects.filter(product_id=product_id, state="displayed").order_by("place")
    return list(rows.values_list("picture_id", flat=True))


@pytest.fixture
def sweaters() -> tuple[Any, dict[tuple[str, str], Offer]]:
    """One seller's sweaters in two colours and three sizes, as one family."""
    _seller, caller = make_studio_seller()
    made = {
        (colour, size): here(
            caller,
            title=f"Sweater {colour} {size}",
            product_type="sweater",
            attributes={"color": colour, "size": size, "material": "wool"},
        )
        for colour in ("red", "blue")
        for size in ("S", "M", "L")
    }
    create_family(
        caller,
        child_asins=[each.product.asin for each in made.values()],
        variation_theme="size_color",
        title="Sweater",
        brand="",
        description="",
    )
    return caller, made


@pytest.mark.spec("Q-09", "IMG-SVC-57", "Q-13")
def test_other_sizes_show_a_picture_only_when_the_seller_links_it(client: Client, sweaters: Any) -> None:
    caller, made = sweaters
    order = billed(caller, crew(), made["red", "M"], shots=2, model=1)
    sizes = [made["red", size].product_id for size in ("S", "L")]
    assert [shown_on(pk) for pk in sizes] == [[], []]
    main = ImageRights.objects.select_related("image").get(order=order, image__variant="MAIN")
    client.force_login(owner_of(caller.seller), backend=LOGIN)
    page = reverse("catalogue:image", args=[order.product.asin, main.pk])
    assert "Show it on these sizes too" in client.get(page).content.decode()
    assert client.post(reverse("studio:link_sizes", args=[main.pk])).status_code == 302
    assert [shown_on(pk) for pk in sizes] == [[main.image.picture_id]] * 2
    assert not any(shown_on(made["blue", size].product_id) for size in ("S", "M", "L"))
    assert "Show it on these sizes too" not in client.get(page).content.decode()
    with pytest.raises(NoOtherSize):
        operations.link_to_sizes(caller, image_id=main.pk)
    copies = ImageRights.objects.filter(image__product__in=sizes)
    assert {(r.has_model, r.ends_on, r.offsite) for r in copies} == {(True, main.ends_on, False)}
    clock.set_to(at=clock.now() + timedelta(days=3 * 365))
    for _minute in range(2):
        run_all()
        run_tasks()
    assert [shown_on(pk) for pk in sizes] == [[], []]  # the links end with the licence


@pytest.mark.spec("Q-09")
def test_who_may_link(sweaters: Any) -> None:
    caller, made = sweaters
    order = billed(caller, crew(), made["red", "M"])
    main = ImageRights.objects.get(order=order, image__variant="MAIN")
    _other, stranger = make_studio_seller("Stranger")
    with pytest.raises(NotFound):
        operations.link_to_sizes(stranger, image_id=main.pk)
    viewer = make_person("View")
    make_member(viewer, caller.seller, MemberRole.VIEWER)
    with pytest.raises(Denied):
        operations.link_to_sizes(make_caller(viewer, seller=caller.seller), image_id=main.pk)
    remove_image(caller, image_id=main.pk)
    with pytest.raises(NotFound):
        operations.link_to_sizes(caller, image_id=main.pk)
    assert not shown_on(made["red", "S"].product_id)


@pytest.mark.spec("IMG-SVC-27", "Q-10")
def test_a_studio_picture_is_removed_at_once_stays_the_marketplaces_and_earns_no_credit() -> None:
    _seller, caller = make_studio_seller()
    order = billed(caller, crew())
    before = Posting.objects.count()
    main = ImageRights.objects.get(order=order, image__variant="MAIN")
    remove_image(caller, image_id=main.pk)
    run_tasks()
    main.refresh_from_db()
    assert main.image.picture_id not in shown_on(order.product_id)
    assert (main.owner, Posting.objects.count()) == ("marketplace", before)
    order.refresh_from_db()
    assert (order.state, order.price_minor) == ("BILLED", 5000)


@pytest.mark.spec("Q-11")
def test_studio_pictures_serve_the_offer_of_another_seller(client: Client) -> None:
    _seller, caller = make_studio_seller()
    order = billed(caller, crew())
    _other, second = make_studio_seller("Second")
    create_offer(second, asin=order.product.asin, sku="SECOND-1", price_minor=1500, quantity=3)
    Offer.objects.filter(seller=caller.seller).update(status="closed")
    run_tasks()
    page = client.get(reverse("catalogue:product", args=[order.product.asin])).content.decode()
    assert "Second" in page
    assert all(pk in page for pk in shown_on(order.product_id))
    assert len(shown_on(order.product_id)) == 2


@pytest.mark.spec("IMG-SVC-47", "Q-14")
def test_the_case_route_is_named_first_and_converts_only_before_receipt(client: Client) -> None:
    seller, caller = make_studio_seller()
    people = crew()
    offer = here(caller)
    client.force_login(owner_of(seller), backend=LOGIN)
    page = client.get(reverse("studio:pop_up", args=[offer.product.asin])).content.decode()
    assert "No models? Write to Support before you order" in page
    assert page.index("type=no_model_imaging") < page.index("Buy Now (One-Click)")
    answers = client.get(reverse("help:article", args=["imaging-faq"])).content.decode()
    assert "model" in answers
    assert "guarantee" in answers  # IMG-SVC-51: display is not guaranteed

    def ask(order: ImagingOrder, key: str) -> str:
        contents = {"request": "No model, please.", "account_name": "Harbor Goods", "asins": [order.product.asin]}
        names = {item.name for item in _items(CaseType.NO_MODEL_IMAGING)}
        contents = {name: contents.get(name, "No model, please.") for name in names}
        case = open_case(caller, case_type=CaseType.NO_MODEL_IMAGING, contents=contents, request_key=key)
        return str(case.number)

    early, late = placed(caller, offer), received(caller, people)
    assert not early.no_model  # the order stands until then
    operations.fulfil_no_model(people["support"], number=ask(early, "early"))
    (refused,) = operations.fulfil_no_model(people["support"], number=ask(late, "late"))
    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.no_model, late.no_model) == (True, False)
    assert refused.refusal.CODE == "imaging_wrong_state"  # type: ignore[union-attr]


def _items(case_type: CaseType) -> Any:
    from fondaco.cases.rules import CONTENTS

    return CONTENTS[case_type]


@pytest.mark.spec("IMG-SVC-23", "IMG-SVC-19")
def test_a_quote_obliges_to_nothing(client: Client) -> None:
    seller, caller = make_studio_seller()
    offer = here(caller)
    client.force_login(owner_of(seller), backend=LOGIN)
    for _look in range(2):
        assert "$50.00" in client.get(reverse("studio:pop_up", args=[offer.product.asin])).content.decode()
    offer.refresh_from_db()
    assert (offer.units_sellable, offer.units_away) == (5, 0)
    assert not ImagingOrder.objects.exists()
    assert not Posting.objects.exists()


@pytest.mark.spec("IMG-SVC-07", "IMG-SVC-25")
def test_how_many_pictures_depends_on_the_product_type(client: Client) -> None:
    operations.ensure_shipped_guide()
    wanted = {entry.product_type: len(entry.shots) for entry in GuideEntry.objects.all()}
    assert set(wanted.values()) >= {2, 3}
    _seller, caller = make_studio_seller()
    people = crew()
    order = placed(caller)
    operations.receive(people["photographer"], label=order.label)
    client.force_login(people["photographer"].person, backend=LOGIN)
    sheet = client.get(reverse("studio:job", args=[order.pk]))
    assert len(sheet.context["wanted"]) == wanted[order.product.product_type]
    assert Product.objects.get(pk=order.product_id).product_type == "mug"
