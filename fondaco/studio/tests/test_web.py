"""The pages: what each role sees, what a refusal looks like, what a scan does."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_seller, make_staff, owner_of
from fondaco.studio import operations
from fondaco.studio.models import ImageRights, ImagingOrder, Shot
from fondaco.studio.tests.factories import (
    billed,
    complete,
    crew,
    here,
    make_studio_seller,
    placed,
    received,
    studio_jpeg,
)

pytestmark = pytest.mark.django_db


def sign_in(client: Client, person: Any) -> None:
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.spec(
    "IMG-SVC-13",
    "IMG-SVC-14",
    "IMG-SVC-15",
    "IMG-SVC-17",
    "IMG-SVC-18",
    "IMG-SVC-24",
    "IMG-SVC-51",
    "IMG-SVC-59",
    "IMG-SVC-60",
)
def test_the_pop_up_from_quote_to_status(client: Client) -> None:
    seller, caller = make_studio_seller()
    offer = here(caller)
    sign_in(client, owner_of(seller))
    manage = text(client.get(reverse("catalogue:manage_images", args=[offer.product.asin])))
    assert "Let us image your products (Beta)" in manage
    url = reverse("studio:pop_up", args=[offer.product.asin])
    page = client.get(url)
    seen = text(page)
    for wanted in (
        "$50.00",
        "Buy Now (One-Click)",
        "display is not guaranteed",
        "imaging-faq",
        "imaging-terms",
        "decided in the studio",
    ):
        assert wanted in seen
    form = seen.split("Buy Now (One-Click)")[0].rsplit("<form", 1)[1]
    assert 'name="request_key"' in form
    assert not any(word in form for word in ("textarea", 'name="style', 'name="model', 'name="notes'))
    key = page.context["request_key"]
    bought = client.post(reverse("studio:buy", args=[offer.product.asin]), {"request_key": key}, follow=True)
    assert "Your imaging order was created." in text(bought)
    assert "Order placed" in text(bought)
    assert "Buy Now" not in text(bought)
    again = client.post(reverse("studio:buy", args=[offer.product.asin]), {"request_key": key}, follow=True)
    assert again.status_code == 200
    assert ImagingOrder.objects.count() == 1


@pytest.mark.spec("IMG-SVC-16", "Q-02")
def test_a_reason_stands_in_the_place_of_the_button(client: Client) -> None:
    seller, caller = make_studio_seller()
    offer = here(caller, quantity=0)
    sign_in(client, owner_of(seller))
    seen = text(client.get(reverse("studio:pop_up", args=[offer.product.asin])))
    assert "There is no unit available in a fulfilment centre." in seen
    assert "imaging_no_unit" in seen
    assert "Buy Now" not in seen
    refused = client.post(reverse("studio:buy", args=[offer.product.asin]), {"request_key": "k1"})
    assert refused.status_code == 409
    assert "There is no unit available" in text(refused)


def test_a_strangers_products_have_no_pop_up(client: Client) -> None:
    _seller, caller = make_studio_seller()
    offer = here(caller)
    other = make_seller("Stranger")
    sign_in(client, owner_of(other))
    assert client.get(reverse("studio:pop_up", args=[offer.product.asin])).status_code == 404
    order = placed(caller, offer)
    assert client.get(reverse("studio:order", args=[order.pk])).status_code == 404


@pytest.mark.spec("IMG-SVC-01", "IMG-SVC-37")
def test_the_fulfilment_centre_scans(client: Client) -> None:
    _seller, caller = make_studio_seller()
    order = placed(caller)
    sign_in(client, make_staff(Role.FC_ASSOCIATE))
    assert order.label in text(client.get(reverse("studio:picks")))
    wrong = client.post(reverse("studio:pick"), {"label": order.label, "scanned": "B0WRONG"})
    assert wrong.status_code == 422
    assert "The order asks for" in text(wrong)
    assert order.movements.count() == 1
    client.post(reverse("studio:pick"), {"label": order.label, "scanned": order.product.asin})
    client.post(reverse("studio:dispatch"), {"labels": [order.label]})
    order.refresh_from_db()
    assert order.where == "to_studio"
    assert client.get(reverse("studio:label", args=[order.pk])).status_code == 200
    barcode = client.get(reverse("studio:barcode", args=[order.pk]))
    assert barcode.headers["Content-Type"] == "image/svg+xml"
    unknown = client.post(reverse("studio:check_in"), {"label": "FI0000000000"})
    assert unknown.status_code == 404
    early = client.post(reverse("studio:check_in"), {"label": order.label})
    assert early.status_code == 409


@pytest.mark.spec("IMG-SVC-05", "IMG-SVC-06", "IMG-SVC-25")
def test_the_job_sheet(client: Client) -> None:
    _seller, caller = make_studio_seller()
    people = crew()
    order = received(caller, people)
    sign_in(client, people["photographer"].person)
    assert client.get(reverse("studio:received")).status_code == 200
    assert order.product.title in text(client.get(reverse("studio:jobs")))
    url = reverse("studio:job", args=[order.pk])
    assert "Three quarters." in text(client.get(url))
    client.post(reverse("studio:job_act", args=[order.pk, "decide"]), {"shoot_with": "tabletop"})
    file = SimpleUploadedFile("one.jpg", studio_jpeg(1), "image/jpeg")
    sent = client.post(
        reverse("studio:shots", args=[order.pk]),
        {"pictures": [file], "request_key": "abc"},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    assert sent.json() == {"ok": True, "words": "Meets the studio profile"}
    few = client.post(reverse("studio:job_act", args=[order.pk, "finish"]))
    assert few.status_code == 409
    assert "at least 2 are needed" in text(few)
    broken = client.post(
        reverse("studio:shots", args=[order.pk]),
        {"pictures": [SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg")], "request_key": "abd"},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    assert broken.status_code == 422
    assert Shot.objects.count() == 1
    assert client.get(reverse("studio:shot_list", args=[order.pk])).status_code == 200


@pytest.mark.spec("IMG-SVC-08")
def test_the_retouchers_pages(client: Client) -> None:
    _seller, caller = make_studio_seller()
    people = crew()
    order = complete(caller, people)
    sign_in(client, people["retoucher"].person)
    assert order.label in text(client.get(reverse("studio:edits")))
    shot = order.shots.first()
    assert client.get(reverse("studio:retouch", args=[shot.pk])).status_code == 200
    file = SimpleUploadedFile("edit.jpg", studio_jpeg(1, hue=1), "image/jpeg")
    client.post(reverse("studio:retouch_act", args=[shot.pk, "upload"]), {"picture": file})
    edit = shot.edits.get()
    assert edit.faults == ["colour"]
    client.post(reverse("studio:retouch_act", args=[shot.pk, "accept"]), {"edit": str(edit.pk)})
    shown = text(client.get(reverse("studio:retouch", args=[shot.pk])))
    assert "Publication is blocked until this picture is redone" in shown
    passed = client.post(reverse("studio:retouch_act", args=[shot.pk, "pass"]))
    assert passed.status_code == 409
    blocked = client.post(reverse("studio:release", args=[order.pk]))
    assert blocked.status_code == 409
    client.post(reverse("studio:retouch_act", args=[shot.pk, "photograph"]))
    for each in order.shots.all():
        client.post(reverse("studio:retouch_act", args=[each.pk, "pass"]))
    assert client.post(reverse("studio:release", args=[order.pk])).status_code == 302


@pytest.mark.spec("IMG-SVC-42", "IMG-SVC-43", "B-SVC-01")
def test_operator_and_seller_see_rights_and_nobody_a_download(client: Client) -> None:
    seller, caller = make_studio_seller()
    people = crew()
    order = billed(caller, people, shots=2, model=1)
    sign_in(client, people["operator"].person)
    assert client.get(reverse("studio:operator")).status_code == 200
    assert order.product.asin in text(client.get(reverse("studio:rights")))
    tabletop = ImageRights.objects.get(order=order, has_model=False)
    client.post(reverse("studio:rights_act", args=[tabletop.pk, "offsite"]), {"why": "Campaign ended"})
    tabletop.refresh_from_db()
    assert tabletop.offsite_withdrawn_at
    client.post(
        reverse("studio:rights_act", args=[tabletop.pk, "use"]),
        {"use": "https://other.example", "why": "", "request_key": "u1"},
    )
    sign_in(client, owner_of(seller))
    for url in (
        reverse("studio:order", args=[order.pk]),
        reverse("studio:orders"),
        reverse("catalogue:image", args=[order.product.asin, tabletop.pk]),
    ):
        page = client.get(url)
        assert page.status_code == 200
        assert "download" not in text(page).lower().replace("cannot be downloaded", "").replace('d="', "")
    details = text(client.get(reverse("catalogue:image", args=[order.product.asin, tabletop.pk])))
    assert "withdrawn on" in details
    assert "The marketplace" in details
    removal = tabletop.removals.get()
    client.post(reverse("studio:use_removed", args=[removal.pk]))
    removal.refresh_from_db()
    assert removal.done_at
    assert client.get(reverse("studio:operator")).status_code == 404


def test_the_floors_are_closed_to_others(client: Client) -> None:
    seller, caller = make_studio_seller()
    order = placed(caller)
    sign_in(client, owner_of(seller))
    for name, args in (
        ("picks", []),
        ("check_in", []),
        ("received", []),
        ("jobs", []),
        ("job", [order.pk]),
        ("edits", []),
        ("guide", []),
        ("operator", []),
        ("rights", []),
    ):
        assert client.get(reverse(f"studio:{name}", args=args)).status_code == 404, name
    sign_in(client, make_staff(Role.FC_ASSOCIATE))
    assert client.get(reverse("studio:jobs")).status_code == 404


def test_the_style_guide_is_written_by_the_operator(client: Client) -> None:
    people = crew()
    sign_in(client, people["operator"].person)
    url = reverse("studio:guide_entry", args=["mug"])
    client.post(url, {"text": "Handle to the right.", "shots": "Front\nInside", "model": "never"})
    sign_in(client, people["photographer"].person)
    assert "Handle to the right." in text(client.get(url))
    assert client.get(reverse("studio:guide")).status_code == 200
    assert client.post(url, {"text": "x", "shots": "y", "model": "never"}).status_code == 422
    assert operations.ensure_shipped_guide() > 0


@pytest.mark.spec("IMG-SVC-28")
def test_a_list_of_products_is_worked_off_with_progress(client: Client) -> None:
    from fondaco.engine.testing import run_tasks

    seller, caller = make_studio_seller()
    offers = [here(caller) for _ in range(3)]
    sign_in(client, owner_of(seller))
    asins = "\n".join([offer.product.asin for offer in offers] + ["F0NOTHERE1", "junk"])
    page = client.post(reverse("studio:batches"), {"asins": asins, "request_key": "list-1"}, follow=True)
    assert "5 products" in text(page)
    run_tasks()
    done = client.get(page.request["PATH_INFO"])
    assert done.context["ordered"] == 3
    assert done.context["refused"] == 2
    assert client.get(page.request["PATH_INFO"] + "?state=ordered").status_code == 200
    assert ImagingOrder.objects.count() == 3
