"""What sellers may wish for, look at and keep: nothing as shipped, and what the operator's policy opens."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fondaco.catalogue.tests.factories import shown_image
from fondaco.engine import files
from fondaco.policy import operations as policies
from fondaco.sellers.tests.factories import owner_of
from fondaco.studio import operations
from fondaco.studio.models import ImageRights, ImagingOrder
from fondaco.studio.rules.wishes import NoModelChoice, NoStylingRequests, Wishes
from fondaco.studio.tests.factories import billed, complete, crew, here, make_studio_seller, placed, received

pytestmark = pytest.mark.django_db
LOGIN = "allauth.account.auth_backends.AuthenticationBackend"


def allow(people: dict[str, Any], key: str) -> None:
    policies.publish(author=people["operator"], key=key, store="US", value=True, note="x")


def seen(client: Client, url: str) -> str:
    return client.get(url).content.decode()


@pytest.mark.spec("IMG-SVC-24", "IMG-SVC-60")
def test_no_wish_is_taken_by_any_door(client: Client) -> None:
    seller, caller = make_studio_seller()
    asin = here(caller).product.asin
    for wishes, refusal in (
        (Wishes(styling="On moss, please."), NoStylingRequests),
        (Wishes(model="woman"), NoModelChoice),
    ):
        with pytest.raises(refusal):
            operations.place_order(caller, asin=asin, request_key="k", wishes=wishes)
    client.force_login(owner_of(seller), backend=LOGIN)
    form = seen(client, reverse("studio:pop_up", args=[asin]))
    assert 'name="styling"' not in form
    assert 'name="wished_model"' not in form
    posted = {"request_key": "k", "styling": "On moss, please."}
    refused = client.post(reverse("studio:buy", args=[asin]), posted)
    assert refused.status_code == 422
    assert "imaging_no_styling_requests" in refused.content.decode()
    assert not ImagingOrder.objects.exists()


@pytest.mark.spec("IMG-SVC-24")
def test_styling_notes_reach_the_job_sheet_where_policy_takes_them(client: Client) -> None:
    seller, caller = make_studio_seller()
    people = crew()
    allow(people, "imaging.styling_requests")
    offer = here(caller)
    client.force_login(owner_of(seller), backend=LOGIN)
    pop_up = seen(client, reverse("studio:pop_up", args=[offer.product.asin]))
    assert 'name="styling"' in pop_up
    assert 'name="wished_model"' not in pop_up  # each key for itself
    client.post(
        reverse("studio:buy", args=[offer.product.asin]), {"request_key": "k", "styling": " On moss.\r\nNo fog. "}
    )
    order = ImagingOrder.objects.get()
    assert (order.styling, order.wished_model) == ("On moss.\nNo fog.", "")
    operations.receive(people["photographer"], label=order.label)
    client.force_login(people["photographer"].person, backend=LOGIN)
    assert "On moss." in seen(client, reverse("studio:job", args=[order.pk]))


@pytest.mark.spec("IMG-SVC-60")
def test_a_model_is_wished_for_where_policy_lets_sellers_choose(client: Client) -> None:
    seller, caller = make_studio_seller()
    people = crew()
    allow(people, "imaging.model_choice")
    offer = here(caller)
    client.force_login(owner_of(seller), backend=LOGIN)
    pop_up = seen(client, reverse("studio:pop_up", args=[offer.product.asin]))
    assert 'name="wished_model"' in pop_up
    assert 'name="styling"' not in pop_up
    with pytest.raises(NoModelChoice):
        operations.place_order(caller, asin=offer.product.asin, request_key="k1", wishes=Wishes(model="robot"))
    client.post(reverse("studio:buy", args=[offer.product.asin]), {"request_key": "k", "wished_model": "man"})
    order = ImagingOrder.objects.get()
    operations.receive(people["photographer"], label=order.label)
    client.force_login(people["photographer"].person, backend=LOGIN)
    assert "A man" in seen(client, reverse("studio:job", args=[order.pk]))
    client.force_login(owner_of(seller), backend=LOGIN)
    assert "A man" in seen(client, reverse("studio:order", args=[order.pk]))


@pytest.mark.spec("IMG-SVC-60", "Q-14")
def test_an_order_converted_to_no_model_wishes_for_none() -> None:
    _seller, caller = make_studio_seller()
    people = crew()
    allow(people, "imaging.model_choice")
    asin = here(caller).product.asin
    order = operations.place_order(caller, asin=asin, request_key="k", wishes=Wishes(model="child"))
    operations.convert_to_no_model(people["support"], order_id=str(order.pk))
    order.refresh_from_db()
    assert (order.no_model, order.wished_model) == (True, "")


@pytest.mark.spec("IMG-SVC-49")
@pytest.mark.parametrize("is_open", [False, True])
def test_a_picture_is_seen_before_publication_only_where_policy_lets(client: Client, is_open: bool) -> None:
    seller, caller = make_studio_seller()
    people = crew()
    if is_open:
        allow(people, "imaging.preview")
    order = complete(caller, people)
    first, second = order.shots.order_by("number")
    operations.pass_shot(people["retoucher"], shot_id=str(first.pk))
    client.force_login(owner_of(seller), backend=LOGIN)
    pages = [
        reverse("studio:order", args=[order.pk]),
        reverse("studio:orders"),
        reverse("studio:pop_up", args=[order.product.asin]),
        reverse("catalogue:manage_images", args=[order.product.asin]),
    ]
    found = [first.final_id in seen(client, page) for page in pages]
    assert found == [is_open, False, False, False]
    assert not any(second.final_id in seen(client, page) for page in pages)  # nobody has passed it


@pytest.mark.spec("IMG-SVC-43", "Q-11")
def test_a_file_to_keep_only_where_policy_offers_it(client: Client) -> None:
    seller, caller = make_studio_seller()
    people = crew()
    order = billed(caller, people, shots=2, model=1)
    own = shown_image(caller, order.product, variant="PT05", request_key="own")
    model, tabletop = ImageRights.objects.filter(order=order).order_by("-has_model")
    client.force_login(owner_of(seller), backend=LOGIN)
    addresses = {pk: reverse("studio:download", args=[pk]) for pk in (own.pk, model.pk, tabletop.pk)}
    assert [client.get(url).status_code for url in addresses.values()] == [404, 404, 404]
    assert "cannot be downloaded" in seen(client, reverse("catalogue:image", args=[order.product.asin, tabletop.pk]))
    allow(people, "imaging.download")
    assert [client.get(url).status_code for url in addresses.values()] == [200, 404, 200]  # no model picture leaves
    file = client.get(addresses[own.pk])
    assert own.picture_id
    assert b"".join(file) == files.read("originals", own.picture_id)
    assert file.headers["Content-Disposition"].startswith("attachment;")
    page = seen(client, reverse("catalogue:image", args=[order.product.asin, tabletop.pk]))
    assert addresses[tabletop.pk] in page
    assert "cannot be downloaded" not in page
    operations.withdraw(people["operator"], image_id=str(tabletop.pk), why="Ended")
    assert client.get(addresses[tabletop.pk]).status_code == 404
    stranger, _caller = make_studio_seller("Stranger")
    client.force_login(owner_of(stranger), backend=LOGIN)
    assert client.get(addresses[own.pk]).status_code == 404


def test_nothing_wished_stands_nowhere(client: Client) -> None:
    _seller, caller = make_studio_seller()
    people = crew()
    order = received(caller, people)
    client.force_login(people["photographer"].person, backend=LOGIN)
    assert "What the seller wishes" not in seen(client, reverse("studio:job", args=[order.pk]))
    assert placed(caller).styling == ""


def test_no_page_of_the_seller_names_staff_by_an_email_address(client: Client) -> None:
    seller, caller = make_studio_seller()
    people = crew()
    for one in people.values():
        one.person.name = ""
        one.person.save()
    order = billed(caller, people)
    client.force_login(owner_of(seller), backend=LOGIN)
    for url in (
        reverse("studio:order", args=[order.pk]),
        reverse("studio:orders"),
        reverse("studio:pop_up", args=[order.product.asin]),
        reverse("catalogue:manage_images", args=[order.product.asin]),
    ):
        page = seen(client, url)
        assert not [one.person.email for one in people.values() if one.person.email in page], url
