"""Submitting pictures: processing, verdict, gallery, replacing, restoring, removing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fondaco import history
from fondaco.catalogue.models import ListingImage, Offer, Product
from fondaco.catalogue.operations import NewImage, remove_image, restore_image, submit_image, submit_images
from fondaco.catalogue.operations.images import NoFreeSlot, NoPictureGiven, SlotTwice, UnknownSlot
from fondaco.catalogue.rules.states import WrongImageState
from fondaco.catalogue.tests.factories import make_image, make_jpeg, make_product, seller_and_caller, shown_image
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.images.models import Inspection, Picture
from fondaco.images.operations import PictureEmpty
from fondaco.kit.errors import Denied, NotFound
from fondaco.policy import cache as policy_cache
from fondaco.policy.operations import publish
from fondaco.sellers.access import SellerRequired, SignInRequired
from fondaco.sellers.rules import MemberRole, Role
from fondaco.sellers.tests.factories import make_caller, make_member, make_person

pytestmark = pytest.mark.django_db


def states(product):
    return dict(ListingImage.objects.filter(product=product).order_by("submitted_at").values_list("variant", "state"))


def reload(*rows):
    for row in rows:
        row.refresh_from_db()
    return rows[0] if len(rows) == 1 else rows


@pytest.mark.spec("IMG-03", "IMG-07")
def test_a_new_picture_is_processing_with_the_time_it_is_due(harbor, mug):
    image = make_image(harbor, mug)
    assert image.state == "submitted"
    assert image.due_at - image.submitted_at == timedelta(hours=24)
    assert image.policy_version == "image@US#0"
    assert Offer.objects.get().image_status == "processing"
    assert not reload(mug).searchable


@pytest.mark.spec("IMG-03", "IMG-04", "Q-16")
def test_a_good_picture_is_displayed_as_soon_as_it_is_ready(harbor, mug):
    assert mug.held_reason == "image_missing"
    image = shown_image(harbor, mug)
    reload(mug)
    assert (image.state, image.place, image.reasons, image.verdict) == ("displayed", 0, [], "eligible")
    assert image.shown_at is not None
    assert (mug.main_picture_id, mug.searchable, mug.held_reason) == (image.picture_id, True, "")
    assert image.picture.rendered
    assert Offer.objects.get().image_status == "shown"


@pytest.mark.spec("B-IMG-10", "IMG-03")
def test_a_picture_shows_within_minutes_and_a_day_is_the_upper_bound(harbor, mug):
    image = shown_image(harbor, mug)
    assert image.shown_at - image.submitted_at < timedelta(minutes=15)
    assert image.due_at - image.submitted_at == timedelta(hours=24)


@pytest.mark.spec("B-IMG-10")
def test_what_fails_the_technical_check_is_not_reviewed_for_quality(harbor, mug):
    grey = make_jpeg(ground=200, size=420)
    technical = shown_image(harbor, mug, data=grey[: len(grey) // 2])
    assert {reason["code"] for reason in technical.reasons} >= {"corrupt_pixels"}
    assert "background_not_white" not in {reason["code"] for reason in technical.reasons}
    assert not technical.picture.inspections.get().measures
    whole = shown_image(harbor, mug, data=grey)
    assert "background_not_white" in {reason["code"] for reason in whole.reasons}


@pytest.mark.spec("IMG-14", "B-IMG-08")
def test_a_bad_main_picture_is_rejected_with_every_reason(harbor, mug):
    image = shown_image(harbor, mug, data=make_jpeg(ground=200, size=420))
    assert (image.state, image.verdict) == ("rejected", "rejected")
    assert {"background_not_white", "too_small"} <= {reason["code"] for reason in image.reasons}
    assert image.picture.rendered, "its owner is shown what is wrong with it"
    assert reload(mug).held_reason == "image_missing"
    assert Offer.objects.get().image_status == "rejected"


def test_the_same_picture_need_not_be_on_white_in_another_slot(harbor, mug):
    assert shown_image(harbor, mug, data=make_jpeg(ground=200), variant="PT01").state == "displayed"


def test_what_is_no_picture_is_rejected_and_not_an_error(harbor, mug):
    image = shown_image(harbor, mug, data=b"<html>not a picture</html>")
    assert (image.state, image.verdict) == ("rejected", "unreadable")
    assert [reason["code"] for reason in image.reasons] == ["not_an_image"]


def test_a_bad_new_picture_does_not_take_a_good_old_one_off_the_page(harbor, mug):
    good = shown_image(harbor, mug)
    bad = shown_image(harbor, mug, data=make_jpeg(ground=200))
    reload(mug, good)
    assert (good.state, bad.state) == ("displayed", "rejected")
    assert mug.main_picture_id == good.picture_id
    assert mug.searchable


def test_a_good_new_picture_replaces_the_old_one_when_it_is_ready(harbor, mug):
    old = shown_image(harbor, mug)
    new = make_image(harbor, mug)
    assert reload(old).state == "displayed"
    run_tasks()
    reload(mug, old, new)
    assert (old.state, new.state, mug.main_picture_id) == ("replaced", "displayed", new.picture_id)
    assert old.place is None
    assert old.ended_at is not None


def test_of_two_waiting_pictures_the_newer_stays(harbor, mug):
    first, second = make_image(harbor, mug), make_image(harbor, mug)
    run_tasks()
    reload(first, second)
    assert (first.state, second.state) == ("replaced", "displayed")


def test_restoring_brings_a_good_picture_back_at_once(harbor, mug):
    old, new = shown_image(harbor, mug), shown_image(harbor, mug)
    restore_image(harbor, image_id=old.pk)
    run_tasks()
    reload(mug, old, new)
    assert (old.state, new.state, mug.main_picture_id) == ("displayed", "replaced", old.picture_id)


def test_restoring_what_was_never_good_looks_again_under_todays_policy(harbor, mug):
    bad = shown_image(harbor, mug, data=make_jpeg(fill=0.7))
    shown_image(harbor, mug)
    with policy_cache.drafts({("image.main.min_fill_pct", "US"): 50}):
        restore_image(harbor, image_id=bad.pk)
        assert reload(bad).state == "submitted"
        run_tasks()
    assert reload(bad).state == "displayed"


def test_restoring_what_stands_is_refused(harbor, mug):
    image = shown_image(harbor, mug)
    with pytest.raises(WrongImageState):
        restore_image(harbor, image_id=image.pk)


@pytest.mark.spec("Q-13")
def test_when_the_main_picture_goes_the_next_eligible_one_moves_up(harbor, mug):
    main, next_one = shown_image(harbor, mug), shown_image(harbor, mug, variant="PT01")
    remove_image(harbor, image_id=main.pk)
    run_tasks()
    reload(mug, main, next_one)
    assert main.state == "removed"
    assert (next_one.place, mug.main_picture_id, mug.searchable) == (0, next_one.picture_id, True)
    remove_image(harbor, image_id=next_one.pk)
    run_tasks()
    assert (reload(mug).main_picture, mug.searchable, mug.held_reason) == (None, False, "image_missing")


@pytest.mark.spec("B-IMG-09")
def test_a_picture_that_moves_up_must_meet_the_main_standards_or_the_listing_is_held_back(harbor, mug):
    main = shown_image(harbor, mug)
    shown_image(harbor, mug, variant="PT01", data=make_jpeg(ground=200))
    remove_image(harbor, image_id=main.pk)
    run_tasks()
    assert (reload(mug).main_picture is not None, mug.searchable, mug.held_reason) == (True, False, "not_on_white")


def test_removing_twice_does_nothing_more(harbor, mug):
    image = shown_image(harbor, mug)
    remove_image(harbor, image_id=image.pk)
    remove_image(harbor, image_id=image.pk)
    assert history.events_for(image, verbs=["image.removed"]).count() == 1


def test_the_same_request_again_answers_the_same_submission(harbor, mug):
    data = make_jpeg()
    first = submit_image(harbor, asin=mug.asin, data=data, request_key="k1")
    again = submit_image(harbor, asin=mug.asin, data=data, request_key="k1")
    assert first.pk == again.pk
    assert ListingImage.objects.count() == 1


def test_several_at_once_fill_the_slots_in_order(harbor, mug):
    made = submit_images(harbor, asin=mug.asin, pictures=[NewImage(data=make_jpeg(), variant="") for _ in range(3)])
    assert [image.variant for image in made] == ["MAIN", "PT01", "PT02"]
    run_tasks()
    assert set(states(mug).values()) == {"displayed"}
    places = ListingImage.objects.order_by("place").values_list("place", "variant")
    assert list(places) == [(0, "MAIN"), (1, "PT01"), (2, "PT02")]


def test_refuses_more_than_the_gallery_holds_when_no_slot_is_named(harbor, mug):
    with pytest.raises(NoFreeSlot):
        submit_images(harbor, asin=mug.asin, pictures=[NewImage(data=make_jpeg(seed=1), variant="") for _ in range(10)])
    assert not ListingImage.objects.exists()


@pytest.mark.parametrize(
    ("pictures", "refusal"),
    [
        ([NewImage()], NoPictureGiven),
        ([NewImage(data=b"")], PictureEmpty),
        ([NewImage(data=b"x", variant="PT99")], UnknownSlot),
        ([NewImage(data=b"x", variant="PT01"), NewImage(data=b"y", variant="pt01")], SlotTwice),
    ],
)
def test_refusals_leave_nothing_behind(harbor, mug, pictures, refusal):
    with pytest.raises(refusal):
        submit_images(harbor, asin=mug.asin, pictures=pictures)
    assert not ListingImage.objects.exists()


def test_two_products_with_the_same_picture_share_its_content_and_inspection(harbor, mug):
    data, other = make_jpeg(), make_product(harbor)
    shown_image(harbor, mug, data=data)
    shown_image(harbor, other, data=data)
    assert Picture.objects.count() == Inspection.objects.count() == 1
    assert reload(other).searchable


@pytest.mark.spec("Q-52")
def test_a_picture_is_judged_by_the_policy_of_its_submission(harbor, mug):
    image = make_image(harbor, mug, data=make_jpeg(size=600))
    later = clock.now() + timedelta(hours=1)
    sizes = {"min": 900, "zoom": 1000, "advised": 1600, "max": 10000}
    publish(key="image.px", store="US", value=sizes, effective_from=later, author=make_caller(role=Role.OPERATOR))
    clock.set_to(at=later + timedelta(minutes=5))
    run_tasks()
    newer = shown_image(harbor, mug, data=make_jpeg(size=600))
    assert reload(image).state == "displayed"
    assert newer.state == "rejected"
    assert newer.reasons[0]["limit"] == 900
    assert newer.policy_version == "image@US#0 px#1"


def verbs(harbor, mug, image):
    return [
        ("submit", lambda caller: submit_image(caller, asin=mug.asin, data=make_jpeg(), variant="PT05")),
        ("remove", lambda caller: remove_image(caller, image_id=image.pk)),
        ("restore", lambda caller: restore_image(caller, image_id=image.pk)),
    ]


@pytest.mark.parametrize("verb", ["submit", "remove", "restore"])
@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("nobody", {"submit": SignInRequired, "remove": NotFound, "restore": NotFound}),
        ("buyer", {"submit": SellerRequired, "remove": NotFound, "restore": NotFound}),
        ("other seller", {"submit": None, "remove": NotFound, "restore": NotFound}),
        ("viewer", {"submit": Denied, "remove": Denied, "restore": Denied}),
        ("warehouse", {"submit": Denied, "remove": Denied, "restore": Denied}),
        ("support", {"submit": SellerRequired, "remove": NotFound, "restore": NotFound}),
        ("admin", {"submit": None, "remove": None, "restore": WrongImageState}),
    ],
)
def test_who_may_do_what_with_pictures(harbor, mug, who, refusal, verb):
    image = shown_image(harbor, mug)
    seller = harbor.seller

    def member(role):
        person = make_person()
        make_member(person, seller, role)
        return make_caller(person, seller=seller)

    callers = {
        "nobody": lambda: make_caller(),
        "buyer": lambda: make_caller(make_person()),
        "other seller": lambda: seller_and_caller("Other")[1],
        "viewer": lambda: member(MemberRole.VIEWER),
        "warehouse": lambda: member(MemberRole.WAREHOUSE),
        "support": lambda: make_caller(role=Role.SUPPORT),
        "admin": lambda: member(MemberRole.ADMIN),
    }
    act = dict(verbs(harbor, mug, image))[verb]
    caller = callers[who]()
    if refusal[verb] is None:
        act(caller)
    else:
        with pytest.raises(refusal[verb]):
            act(caller)
        assert reload(image).state == "displayed"
        assert ListingImage.objects.count() == 1


def test_history_tells_what_happened(harbor, mug):
    image = shown_image(harbor, mug)
    shown_image(harbor, mug)
    told = [row.verb for row in history.timeline(image)]
    assert told == ["image.displayed", "image.submitted"]
    assert history.timeline(mug)[0].verb == "product.searchable"


def test_products_that_nobody_knows_are_not_found(harbor):
    with pytest.raises(NotFound):
        submit_image(harbor, asin="F0NOTTHERE", data=make_jpeg())
    assert not Product.objects.filter(asin="F0NOTTHERE").exists()
