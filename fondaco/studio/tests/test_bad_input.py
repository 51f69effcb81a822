"""What is wrong is refused with its reason, through the page and the API alike, and nothing moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fondaco.cases.operations import open_case
from fondaco.cases.rules import CaseType
from fondaco.catalogue.models import ListingImage, Offer, StockMovement
from fondaco.catalogue.tests.factories import make_jpeg
from fondaco.history.models import Event
from fondaco.kit.errors import Refusal
from fondaco.ledger.models import Posting
from fondaco.studio import operations
from fondaco.studio.models import Edit, ImagingOrder, Movement, Shot
from fondaco.studio.tests.factories import (
    complete,
    crew,
    here,
    make_studio_seller,
    placed,
    received,
    released,
    studio_jpeg,
)

pytestmark = pytest.mark.django_db
LOGIN = "allauth.account.auth_backends.AuthenticationBackend"


def everything() -> list[Any]:
    """All that could have moved."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (ImagingOrder, Movement, StockMovement, Offer, Shot, Edit, ListingImage, Posting, Event)
    ]


def refuses(code: str, act: Callable[[], Any]) -> Refusal:
    """Refused with this code, with words and what to do; nothing moved."""
    before = everything()
    with pytest.raises(Refusal) as refused:
        act()
    assert code == refused.value.CODE
    assert refused.value.WORDS
    assert everything() == before
    return refused.value


def page_refuses(client: Client, url: str, data: dict[str, Any], code: str, *, status: int) -> None:
    """The same through a page: the reason is on it, with its code."""
    before = everything()
    answer = client.post(url, data)
    assert answer.status_code == status
    assert code in answer.content.decode()
    assert everything() == before


@pytest.fixture
def floor() -> Any:
    """A seller, its caller, and one member of staff for each floor."""
    _seller, caller = make_studio_seller()
    return caller, crew()


@pytest.mark.spec("IMG-SVC-01")
@pytest.mark.parametrize("scanned", ["B0WRONG", "4006381333931", "<script>", "x" * 5000, "\x00", "🧤"])
def test_a_wrong_barcode(client: Client, floor: Any, scanned: str) -> None:
    caller, people = floor
    order = placed(caller)
    refuses(
        "imaging_wrong_product", lambda: operations.pick(people["fc_associate"], label=order.label, scanned=scanned)
    )
    client.force_login(people["fc_associate"].person, backend=LOGIN)
    data = {"label": order.label, "scanned": scanned}
    page_refuses(client, reverse("studio:pick"), data, "imaging_wrong_product", status=422)
    for verb in ("check_in", "received"):
        who = "fc_associate" if verb == "check_in" else "photographer"
        client.force_login(people[who].person, backend=LOGIN)
        page_refuses(client, reverse(f"studio:{verb}"), {"label": scanned}, "imaging_unknown_label", status=404)


@pytest.mark.spec("IMG-SVC-01")
def test_nothing_scanned(floor: Any) -> None:
    caller, people = floor
    order = placed(caller)
    fc = people["fc_associate"]
    refuses("imaging_nothing_scanned", lambda: operations.pick(fc, label=order.label, scanned="  "))
    refuses("imaging_nothing_scanned", lambda: operations.dispatch(fc, labels=[]))


@pytest.mark.spec("IMG-SVC-01")
def test_a_unit_of_another_order(floor: Any) -> None:
    caller, people = floor
    fc, photographer = people["fc_associate"], people["photographer"]
    mine, other = placed(caller), placed(caller)
    refuses("imaging_wrong_product", lambda: operations.pick(fc, label=mine.label, scanned=other.label))
    refuses("imaging_wrong_product", lambda: operations.pick(fc, label=mine.label, scanned=other.offer.sku))
    operations.pick(fc, label=mine.label, scanned=mine.label)
    refuses("imaging_unit_elsewhere", lambda: operations.dispatch(fc, labels=[mine.label, other.label]))  # all or none
    refuses("imaging_unit_elsewhere", lambda: operations.check_in(fc, label=mine.label))
    refuses("imaging_unit_elsewhere", lambda: operations.give_up(fc, label=mine.label))
    at_work = received(caller, people)
    refuses("imaging_not_released", lambda: operations.check_in(fc, label=at_work.label))
    refuses("imaging_wrong_state", lambda: operations.send_back(photographer, label=at_work.label))


@pytest.mark.spec("IMG-SVC-06")
@pytest.mark.parametrize("shots", [0, 1])
def test_fewer_than_two_images(client: Client, floor: Any, shots: int) -> None:
    caller, people = floor
    order = received(caller, people)
    by = people["photographer"]
    operations.decide(by, order_id=str(order.pk), shoot_with="tabletop")
    for number in range(shots):
        operations.take_shot(by, order_id=str(order.pk), data=studio_jpeg(number + 1), request_key=f"s{number}")
    refuses("imaging_too_few_images", lambda: operations.finish(by, order_id=str(order.pk)))
    client.force_login(by.person, backend=LOGIN)
    page_refuses(client, reverse("studio:job_act", args=[order.pk, "finish"]), {}, "imaging_too_few_images", status=409)
    retoucher = people["retoucher"]
    refuses("imaging_wrong_state", lambda: operations.release(retoucher, order_id=str(order.pk)))


@pytest.mark.spec("IMG-SVC-06")
def test_a_set_that_lost_a_picture_is_not_published(client: Client, floor: Any) -> None:
    caller, people = floor
    order = complete(caller, people)
    for shot in order.shots.all():
        operations.pass_shot(people["retoucher"], shot_id=str(shot.pk))
    order.shots.get(number=2).delete()  # whatever way it went
    refuses("imaging_too_few_images", lambda: operations.release(people["retoucher"], order_id=str(order.pk)))
    client.force_login(people["retoucher"].person, backend=LOGIN)
    page_refuses(client, reverse("studio:release", args=[order.pk]), {}, "imaging_too_few_images", status=409)


@pytest.mark.spec("IMG-SVC-05", "IMG-SVC-08")
def test_an_image_rejected_by_the_profile(client: Client, floor: Any) -> None:
    caller, people = floor
    order = received(caller, people)
    by, retoucher = people["photographer"], people["retoucher"]
    operations.decide(by, order_id=str(order.pk), shoot_with="tabletop")
    operations.take_shot(by, order_id=str(order.pk), data=studio_jpeg(1), request_key="s1")
    small = operations.take_shot(by, order_id=str(order.pk), data=make_jpeg(size=400), request_key="s2")
    assert small.verdict == "rejected"
    assert any(f["severity"] in ("error", "fatal") for f in small.findings)
    operations.finish(by, order_id=str(order.pk))
    refuses("imaging_below_standard", lambda: operations.pass_shot(retoucher, shot_id=str(small.pk)))
    operations.pass_shot(retoucher, shot_id=str(order.shots.get(number=1).pk))
    refuses("imaging_below_standard", lambda: operations.release(retoucher, order_id=str(order.pk)))
    client.force_login(retoucher.person, backend=LOGIN)
    page_refuses(client, reverse("studio:release", args=[order.pk]), {}, "imaging_below_standard", status=409)
    page_refuses(
        client, reverse("studio:retouch_act", args=[small.pk, "pass"]), {}, "imaging_below_standard", status=409
    )


BROKEN = {
    "empty": b"",
    "text": b"no picture at all",
    "cut off": studio_jpeg(1)[:2000],
    "page": b"<html><body>404</body></html>",
    "header alone": studio_jpeg(1)[:20],
}


@pytest.mark.spec("IMG-SVC-05")
@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file(client: Client, floor: Any, kind: str) -> None:
    caller, people = floor
    order = received(caller, people)
    by, retoucher = people["photographer"], people["retoucher"]
    operations.decide(by, order_id=str(order.pk), shoot_with="tabletop")
    take = lambda: operations.take_shot(by, order_id=str(order.pk), data=BROKEN[kind], request_key="s")  # noqa: E731
    assert refuses("imaging_broken_file" if BROKEN[kind] else "file_empty", take).WORDS
    client.force_login(by.person, backend=LOGIN)
    before = everything()
    file = SimpleUploadedFile("a.jpg", BROKEN[kind], "image/jpeg")
    answer = client.post(reverse("studio:shots", args=[order.pk]), {"pictures": [file], "request_key": "k"})
    assert answer.status_code == 422
    assert everything() == before
    done = complete(caller, people)
    shot = done.shots.get(number=1)
    code = "imaging_broken_file" if BROKEN[kind] else "file_empty"
    refuses(code, lambda: operations.take_edit(retoucher, shot_id=str(shot.pk), data=BROKEN[kind]))


@pytest.mark.spec("IMG-SVC-54", "Q-05")
def test_uploading_to_a_cancelled_order(client: Client, floor: Any) -> None:
    caller, people = floor
    order = placed(caller)
    case = open_case(
        caller,
        case_type=CaseType.IMAGING_CANCELLATION,
        contents={"asin": order.product.asin, "reason": "sold out"},
        request_key="case",
    )
    operations.pick(people["fc_associate"], label=order.label, scanned=order.label)
    operations.dispatch(people["fc_associate"], labels=[order.label])
    operations.decide_cancellation(people["support"], number=case.number, accept=True)
    by = people["photographer"]
    operations.receive(by, label=order.label)  # it is here, to go back
    pk = str(order.pk)
    refuses(
        "imaging_wrong_state",
        lambda: operations.take_shot(by, order_id=pk, data=studio_jpeg(1), request_key="s"),
    )
    refuses("imaging_wrong_state", lambda: operations.decide(by, order_id=pk, shoot_with="tabletop"))
    refuses("imaging_wrong_state", lambda: operations.note_research(by, order_id=pk, text="x"))
    refuses("imaging_wrong_state", lambda: operations.finish(by, order_id=pk))
    refuses("imaging_wrong_state", lambda: operations.release(people["retoucher"], order_id=pk))
    client.force_login(by.person, backend=LOGIN)
    file = SimpleUploadedFile("a.jpg", studio_jpeg(1), "image/jpeg")
    url = reverse("studio:shots", args=[order.pk])
    page_refuses(client, url, {"pictures": [file], "request_key": "k"}, "imaging_wrong_state", status=409)


@pytest.mark.spec("IMG-SVC-08")
def test_nothing_is_changed_once_the_set_is_let_go(floor: Any) -> None:
    caller, people = floor
    order = released(caller, people)
    shot = order.shots.get(number=1)
    by, retoucher = people["photographer"], people["retoucher"]
    refuses("imaging_wrong_state", lambda: operations.mark_flaw(retoucher, shot_id=str(shot.pk)))
    refuses("imaging_wrong_state", lambda: operations.back_to_photograph(retoucher, shot_id=str(shot.pk)))
    refuses("imaging_wrong_state", lambda: operations.take_edit(retoucher, shot_id=str(shot.pk), data=studio_jpeg(5)))
    refuses("imaging_wrong_state", lambda: operations.drop_shot(by, order_id=str(order.pk), shot_id=str(shot.pk)))


@pytest.mark.spec("IMG-SVC-48", "IMG-SVC-59")
def test_a_model_where_none_is_allowed(floor: Any) -> None:
    caller, people = floor
    offer = here(caller)
    order = operations.place_for_seller(
        people["support"], seller=caller.seller, asin=offer.product.asin, case=None, request_key="k"
    )
    by = people["photographer"]
    operations.receive(by, label=order.label)
    refuses("imaging_no_model_allowed", lambda: operations.decide(by, order_id=str(order.pk), shoot_with="model"))
    refuses(
        "imaging_no_model_allowed",
        lambda: operations.take_shot(by, order_id=str(order.pk), data=studio_jpeg(1), request_key="s", has_model=True),
    )
