"""The rules about pictures hold whatever the door: each door is given the same bad files and must say what is wrong.

Listing doors end in a submission that is rejected with its reasons and never shown. The studio keeps what can be mended, with
its findings. Doors for evidence and for makers refuse what is unsound, and say so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fondaco.catalogue.models import ListingImage, Product
from fondaco.catalogue.queries.gallery import gallery_of
from fondaco.catalogue.tests.factories import make_jpeg, make_product
from fondaco.catalogue.tests.picture_host import PictureHost, serving
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.feeds.tests.factories import send
from fondaco.feeds.tests.tables import kettle, text_of
from fondaco.images.models import Inspection
from fondaco.images.tests import hostile, pictures
from fondaco.kit.errors import Refusal
from fondaco.sellers.access import Caller
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller

pytestmark = pytest.mark.django_db

Files = dict[str, bytes]
Codes = dict[str, set[str]]

# What must be said of each file, by the rule that it breaks.
EXPECTED = {
    "ground_grey": "background_not_white",  # B-IMG-01
    "fill_60": "product_too_small",  # B-IMG-01, B-IMG-08
    "tiny": "too_small",  # B-IMG-01
    "animated": "animated",  # B-IMG-02
    "long": "too_large",  # B-IMG-02
    "png": "format_not_accepted",  # B-IMG-03
    "text": "not_an_image",  # B-IMG-03
    "cut_off": "corrupt_pixels",
    "archive": "bytes_after_image",
    "blurred": "out_of_focus",  # B-IMG-08, B-IMG-09
    "cropped": "touches_edge",  # B-IMG-09
}
GOOD = ("good", "cmyk")  # B-IMG-04: CMYK is accepted and converted


def bad_files() -> Files:
    clean = pictures.product(1000, fill=0.9)
    return {
        "ground_grey": make_jpeg(ground=215),
        "fill_60": make_jpeg(fill=0.6),
        "tiny": make_jpeg(size=300),
        "animated": hostile.gif(3),
        "long": hostile.CASES["jpeg: 12,000 px long"].make(),
        "png": hostile.CASES["png: a good one"].make(),
        "text": b"<!doctype html><html><body>Sign in</body></html>",
        "cut_off": make_jpeg()[:30_000],
        "archive": make_jpeg() + hostile.archive(),
        "blurred": pictures.jpeg(pictures.blurred(clean, 6)),
        "cropped": pictures.jpeg(clean[200:-200, 200:-200]),
    }


def good_files() -> Files:
    return {"good": make_jpeg(), "cmyk": hostile.CASES["jpeg: CMYK with a profile"].make()}


# ---------------------------------------------------------------- listings


@pytest.fixture
def host(settings) -> Iterator[PictureHost]:
    with serving() as host:
        settings.FONDACO_FETCH_ALLOW = [host.address]
        settings.FONDACO_SPAPI_LIMITS = 0
        yield host


@pytest.fixture
def harbor(db) -> Caller:
    return make_caller(seller=make_seller("Harbor Goods"))


def _by_page(harbor: Caller, files: Files, host: PictureHost) -> dict[str, Product]:
    browser = Client()
    browser.force_login(harbor.person)
    made = {}
    for name, data in files.items():
        made[name] = make_product(harbor, sku=name)
        sent = SimpleUploadedFile("IMG_1.jpg", data, "image/jpeg")
        browser.post(reverse("catalogue:images_upload", args=[made[name].asin]), {"pictures": [sent]})
    return made


def _by_address_on_the_page(harbor: Caller, files: Files, host: PictureHost) -> dict[str, Product]:
    browser = Client()
    browser.force_login(harbor.person)
    made = {}
    for name, data in files.items():
        made[name] = make_product(harbor, sku=name)
        address = host.put(f"/{name}.jpg", data)
        answer = browser.post(
            reverse("catalogue:images_by_address", args=[made[name].asin]),
            {"picture_url": address, "slot": "MAIN", "request_key": f"key-{name}"},
        )
        assert answer.status_code < 400
    return made


def _by_inventory_file(harbor: Caller, files: Files, host: PictureHost) -> dict[str, Product]:
    rows = [kettle(sku=name, main_image_url=host.put(f"/{name}.jpg", data)) for name, data in files.items()]
    send(harbor, text_of(rows))
    return _of_skus(harbor, files)


def _by_json_feed(harbor: Caller, files: Files, host: PictureHost) -> dict[str, Product]:
    assert harbor.seller is not None
    messages = [
        {
            "messageId": number,
            "sku": name,
            "operationType": "UPDATE",
            "productType": "KETTLE",
            "requirements": "LISTING",
            "attributes": _attributes(host.put(f"/{name}.jpg", data)),
        }
        for number, (name, data) in enumerate(files.items(), start=1)
    ]
    document = {"header": {"sellerId": harbor.seller.number, "version": "2.0"}, "messages": messages}
    send(harbor, json.dumps(document))
    return _of_skus(harbor, files)


def _by_listings_api(harbor: Caller, files: Files, host: PictureHost) -> dict[str, Product]:
    from fondaco.spapi.door import limits
    from fondaco.spapi.tests import published
    from fondaco.spapi.tests.client import US, make_client

    published.require()
    limits.forget()
    client = make_client(harbor.seller)
    for name, data in files.items():
        body = {
            "productType": "KETTLE",
            "requirements": "LISTING",
            "attributes": _attributes(host.put(f"/{name}.jpg", data), marketplace_id=US),
        }
        client.ok("PUT", f"/listings/2021-08-01/items/{client.seller.number}/{name}", body=body, marketplaceIds=US)
    limits.forget()
    return _of_skus(harbor, files)


def _attributes(address: str, **where: str) -> dict[str, object]:
    price = {"currency": "USD", "our_price": [{"schedule": [{"value_with_tax": 19.99}]}], **where}
    return {
        "item_name": [{"value": "Enamel kettle", "language_tag": "en_US", **where}],
        "brand": [{"value": "Hearth & Hill", **where}],
        "condition_type": [{"value": "new_new", **where}],
        "purchasable_offer": [price],
        "fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 5}],
        "main_product_image_locator": [{"media_location": address, **where}],
    }


def _of_skus(harbor: Caller, files: Files) -> dict[str, Product]:
    run_tasks()
    return {name: Product.objects.get(offers__sku=name, offers__seller=harbor.seller) for name in files}


LISTING_DOORS = (_by_page, _by_address_on_the_page, _by_inventory_file, _by_json_feed, _by_listings_api)


@pytest.mark.spec("B-IMG-01", "B-IMG-02", "B-IMG-03", "B-IMG-04", "B-IMG-08", "B-IMG-09", "IMG-19", "IMG-20")
@pytest.mark.parametrize("door", LISTING_DOORS, ids=lambda door: door.__name__.strip("_"))
def test_a_listings_door_rejects_with_the_reason_and_shows_nothing(
    door: Callable[..., dict[str, Product]], harbor: Caller, host: PictureHost
) -> None:
    made = door(harbor, bad_files() | good_files(), host)
    run_tasks()
    wrong = []
    for name, product in made.items():
        image = ListingImage.objects.get(product=product)
        said = {reason["code"] for reason in image.reasons}
        if name in GOOD:
            if image.verdict != "eligible":
                wrong.append(f"{name}: {image.state} {said}")
            continue
        if image.state != "rejected" or EXPECTED[name] not in said:
            # What an address answers is looked at before it is a picture at all.
            if name == "text" and image.source_url and image.state == "rejected" and said:
                continue
            wrong.append(f"{name}: {image.state} {said}")
        if gallery_of(product).pictures:
            wrong.append(f"{name} is shown")
    assert not wrong, "\n".join(wrong)


@pytest.mark.spec("B-IMG-05", "B-IMG-07")
def test_no_door_takes_a_tenth_picture_or_a_slot_that_does_not_exist(harbor: Caller) -> None:
    from fondaco.catalogue.operations import NewImage, submit_images

    product = make_product(harbor)
    everything = [NewImage(data=make_jpeg(), variant="" if n else "MAIN") for n in range(9)]
    submit_images(harbor, asin=product.asin, pictures=everything)
    for variant in ("", "PT09", "NINE"):
        with pytest.raises(Refusal):
            submit_images(harbor, asin=product.asin, pictures=[NewImage(data=make_jpeg(), variant=variant)])


# ---------------------------------------------------------------- studio


@pytest.mark.spec("IMG-SVC-05", "B-IMG-01", "B-IMG-08", "B-IMG-09")
def test_the_studio_keeps_what_can_be_mended_and_refuses_what_cannot_be_read() -> None:
    from fondaco.studio import operations
    from fondaco.studio.operations.shoot import BrokenFile
    from fondaco.studio.tests.factories import crew, make_studio_seller, received

    _seller, caller = make_studio_seller()
    people = crew()
    order = received(caller, people)
    operations.decide(people["photographer"], order_id=str(order.pk), shoot_with="tabletop")

    def shoot(name: str, data: bytes) -> set[str]:
        shot = operations.take_shot(
            people["photographer"], order_id=str(order.pk), data=data, request_key=name, file_name=f"{name}.jpg"
        )
        codes = {f["code"] for f in shot.findings}
        operations.drop_shot(people["photographer"], order_id=str(order.pk), shot_id=str(shot.pk))
        return codes

    files = bad_files()
    for name in ("text", "cut_off"):
        with pytest.raises(BrokenFile):
            shoot(name, files.pop(name))
    assert not order.shots.exists()
    wrong = [name for name, data in files.items() if EXPECTED[name] not in shoot(name, data)]
    # The studio's camera writes PNG as well.
    assert set(wrong) <= {"png"}, wrong


# ---------------------------------------------------------------- evidence, capture, mail, returns, makers

UNSOUND = ("text", "cut_off", "archive")


@pytest.mark.spec("B-PHOTO-01", "Q-50")
def test_an_uploaded_or_captured_photograph_is_judged_before_it_is_sent() -> None:
    from fondaco.messaging.models import Upload
    from fondaco.messaging.operations.uploads import add_part, begin_upload
    from fondaco.orders.tests.factories import caller_of_buyer, placed_order

    buyer = caller_of_buyer(placed_order())
    files = bad_files()
    for name in UNSOUND:
        begun = begin_upload(buyer, name=f"{name}.jpg", size_bytes=len(files[name]))
        done = add_part(buyer, upload_id=begun.pk, offset=0, data=files[name])
        assert done.state == Upload.REFUSED, name
        assert done.kept["refused"]
    for data in (make_jpeg(ground=200), pictures.jpeg(pictures.blurred(pictures.product(1000), 6))):
        begun = begin_upload(buyer, name="a.jpg", size_bytes=len(data))
        assert add_part(buyer, upload_id=begun.pk, offset=0, data=data).state == Upload.READY  # a house is no studio


@pytest.mark.spec("PHOTO-26", "Q-50")
def test_a_mailed_photograph_is_judged_like_any_other() -> None:
    from fondaco.messaging.mail.accept import accept
    from fondaco.messaging.tests.test_mail import setting

    where, _conversation = setting()
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = where.buyer, where.to_seller, where.subject
    letter["Message-ID"], letter["References"] = "<bad@phone>", where.thread_id
    letter.set_content("Here are the photographs.")
    files = bad_files()
    for name in (*UNSOUND, "good"):
        data = files.get(name) or make_jpeg(size=1400)
        letter.add_attachment(data, maintype="image", subtype="jpeg", filename=f"{name}.jpg")
    (row,) = accept(letter.as_bytes(), sender=where.buyer, recipients=[where.to_seller], source="smtp")
    run_tasks()
    row.refresh_from_db()
    assert row.message is not None
    assert [a.file_name for a in row.message.attachments.all()] == ["good.jpg"]


@pytest.mark.spec("B-PRIME-16")
def test_a_photograph_of_a_returned_unit_is_inspected_as_evidence() -> None:
    from fondaco.returns.operations import warehouse
    from fondaco.returns.operations.warehouse import NewPhoto
    from fondaco.returns.refusals import NotAPhoto
    from fondaco.returns.rules.refund import Grade
    from fondaco.returns.tests.factories import arrived_order, make_return, make_returning_seller

    shop = make_returning_seller()
    caller = make_caller(seller=shop)
    row = make_return(arrived_order(shop), "NO_LONGER_NEEDED", received_at=clock.now())
    files = bad_files()
    with pytest.raises(NotAPhoto):
        warehouse.grade(caller, number=row.number, unit=1, found=Grade.USED, photos=[NewPhoto(files["text"], "a.jpg")])
    photos = [NewPhoto(files[name], f"{name}.jpg") for name in ("cut_off", "archive", "blurred")]
    warehouse.grade(caller, number=row.number, unit=1, found=Grade.USED, photos=photos)
    run_tasks()
    for photo in row.units.get().photos.all():
        name = photo.file_name.removesuffix(".jpg")
        seen = Inspection.objects.get(picture=photo.picture, profile="evidence")
        assert EXPECTED[name] in {f["code"] for f in seen.findings}, name


@pytest.mark.spec("B-HAND-08")
def test_a_makers_photographs_and_portrait_are_inspected() -> None:
    from fondaco.images.operations import PictureEmpty
    from fondaco.makers.operations import applying, profile
    from fondaco.makers.operations.pictures import PhotoNotAcceptable, take_photo
    from fondaco.makers.rules.application import PhotoKind

    caller = make_caller(make_person("June Clay"))
    draft = applying.start(caller)
    files = bad_files()
    for name in ("text", "cut_off", "animated"):
        with pytest.raises(PhotoNotAcceptable):
            applying.add_photo(caller, draft.pk, kind=PhotoKind.WORKSPACE, data=files[name], name=f"{name}.jpg")
        with pytest.raises(Refusal):
            profile.take_portrait(data=files[name], name=f"{name}.jpg")
    with pytest.raises(PictureEmpty):
        applying.add_photo(caller, draft.pk, kind=PhotoKind.WORKSPACE, data=b"", name="empty.jpg")
    assert not draft.photos.exists()
    # Only pictures made anew are ever served, so what hangs behind one is said and no reason to refuse it.
    _picture, findings = take_photo(data=files["archive"], name="archive.jpg")
    assert "bytes_after_image" in {f["code"] for f in findings}
