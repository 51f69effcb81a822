"""Claims, verdicts, fetches, batches, kills: nothing lost, nothing doubled."""

from __future__ import annotations

from datetime import timedelta

import pytest
import pyvips

from fondaco import history
from fondaco.catalogue import tasks as catalogue_tasks
from fondaco.catalogue.models import ImageGroup, ListingImage, Product
from fondaco.catalogue.operations import batch, looking, publish, remove_image, submit_image, sweeping
from fondaco.catalogue.operations.looking import claim, look, settle
from fondaco.catalogue.tests.factories import make_image, make_jpeg, make_product, shown_image
from fondaco.engine import clock, files, holders
from fondaco.engine.testing import forget_tasks, run_tasks
from fondaco.images.models import Inspection, Picture

pytestmark = pytest.mark.django_db


def later(**delta):
    clock.set_to(at=clock.now() + timedelta(**delta))


def by_address(harbor, mug, url, **fields):
    return submit_image(harbor, asin=mug.asin, url=url, method="feed", **fields)


def state(image):
    image.refresh_from_db()
    return image.state


# ---------------------------------------------------------------- formats


@pytest.mark.spec("IMG-20", "Q-18", "Q-19", "B-IMG-03")
@pytest.mark.parametrize(
    ("name", "save", "code"),
    [
        ("mug.jpg", {"jpg": {"Q": 90}}, None),
        ("mug.jpeg", {"jpg": {"Q": 90}}, None),
        ("mug.tif", {"tif": {}}, None),
        ("mug.gif", {"gif": {}}, None),
        ("mug.png", {"png": {}}, "format_not_accepted"),
        ("mug.jpg", {"png": {}}, "format_not_accepted"),
        ("mug.webp", {"webp": {}}, "format_not_accepted"),
    ],
)
def test_only_jpeg_tiff_and_gif_are_taken_whatever_the_name_says(harbor, mug, name, save, code):
    picture = pyvips.Image.new_from_buffer(make_jpeg(), "")
    (suffix, options), *_ = save.items()
    data = picture.write_to_buffer(f".{suffix}", **options)
    image = submit_image(harbor, asin=mug.asin, data=data, file_name=name)
    run_tasks()
    codes = {reason["code"] for reason in ListingImage.objects.get(pk=image.pk).reasons}
    assert (state(image) == "displayed") == (code is None), codes
    assert code is None or code in codes


def test_a_name_that_does_not_fit_is_said_and_not_held_against_the_picture(harbor, mug):
    image = submit_image(harbor, asin=mug.asin, data=make_jpeg(), file_name="mug.gif")
    batch.look_at_many([image.pk])
    image.refresh_from_db()
    assert image.verdict == "eligible"
    assert not Inspection.objects.get().findings, "the name is the submission's, not the picture's"


# ---------------------------------------------------------------- claims


def test_a_claimed_picture_is_not_claimed_again_until_the_claim_runs_out(harbor, mug):
    image = make_image(harbor, mug)
    assert len(claim([image.pk])) == 1
    assert claim([image.pk]) == []
    later(minutes=4)
    assert claim([image.pk])[0].attempts == 2


def test_a_verdict_counts_only_while_the_claim_holds(harbor, mug):
    image = make_image(harbor, mug)
    [slow] = claim([image.pk])
    outcome = look(slow)
    later(minutes=4)
    [quick] = claim([image.pk])
    settle([outcome])
    assert state(image) == "processing"
    settle([look(quick)])
    assert state(image) == "displayed"
    settle([outcome, outcome])
    assert history.events_for(image, verbs=["image.displayed"]).count() == 1


def test_a_picture_that_was_removed_while_it_was_looked_at_stays_removed(harbor, mug):
    image = make_image(harbor, mug)
    [claimed] = claim([image.pk])
    outcome = look(claimed)
    remove_image(harbor, image_id=image.pk)
    settle([outcome])
    assert state(image) == "removed"
    assert not Product.objects.get().main_picture


def test_a_picture_over_which_workers_die_is_given_up_with_its_code(harbor, mug):
    image = make_image(harbor, mug)
    for _ in range(looking.MOST_LOST_CLAIMS):
        assert len(claim([image.pk])) == 1  # and the worker dies
        later(minutes=4)
    assert claim([image.pk]) == []
    image.refresh_from_db()
    assert (image.state, image.verdict, image.reasons[0]["code"]) == ("rejected", "failed", "could_not_inspect")


def test_claims_of_a_process_that_is_gone_are_over_at_once_and_looked_at_alone(harbor, mug, monkeypatch):
    image = make_image(harbor, mug)
    claim([image.pk])
    assert sweeping.free_images_of_the_dead() == 0, "this process lives"
    monkeypatch.setattr(holders, "is_gone", lambda name: name == holders.me())
    assert sweeping.free_images_of_the_dead() == 1
    run_tasks()
    assert (state(image), image.lost, image.attempts) == ("displayed", 1, 2)


def test_an_error_of_ours_lets_the_claim_go_early_and_is_counted(harbor, mug, monkeypatch):
    image = make_image(harbor, mug)

    def breaks(*_args, **_kwargs):
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(looking, "develop_file", breaks)
        looking.look_at([image.pk])
    assert state(image) == "processing"
    later(seconds=30)
    looking.look_at([image.pk])
    assert state(image) == "displayed"
    assert image.lost == 1


STEPS = ["develop_file", "record", "update_rows", "publish_locked", "history.record_all"]


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_repeat_finishes_and_doubles_nothing(harbor, mug, monkeypatch, step):
    """The step happens, then the process is gone: what a kill between two steps leaves behind."""

    class Killed(BaseException):
        pass

    target, _, name = step.rpartition(".")
    owner = {"": looking, "history": looking.history}[target] if step != "publish_locked" else publish
    real = getattr(owner, name)

    def then_dies(*args, **kwargs):
        real(*args, **kwargs)
        raise Killed

    old = shown_image(harbor, mug)
    image = make_image(harbor, mug)
    forget_tasks()
    with monkeypatch.context() as dying:
        dying.setattr(owner, name, then_dies)
        with pytest.raises(Killed):
            looking.look_at([image.pk])
    assert state(old) == "displayed", "a reader sees the old page or the new one, never none"
    later(minutes=4)
    sweeping.nudge_waiting_images()
    run_tasks()
    assert (state(old), state(image)) == ("replaced", "displayed")
    assert ListingImage.objects.filter(state="displayed").count() == 1
    assert Inspection.objects.filter(picture=image.picture).count() == 1
    assert history.events_for(image, verbs=["image.displayed"]).count() == 1


def test_the_sweep_finds_work_whose_every_task_was_lost(harbor, mug):
    image, other = make_image(harbor, mug), make_image(harbor, make_product(harbor))
    forget_tasks()
    later(seconds=10)
    assert sweeping.nudge_waiting_images() == 0, "the submission's own nudge is still on its way"
    later(minutes=1)
    assert sweeping.nudge_waiting_images() == 2
    run_tasks()
    assert state(image) == state(other) == "displayed"


def test_the_sweep_finds_galleries_that_nobody_decided(harbor, mug):
    image = shown_image(harbor, mug)
    ListingImage.objects.update(state="eligible", place=None)
    later(minutes=1)
    assert sweeping.nudge_undecided_galleries() == 1
    run_tasks()
    assert state(image) == "displayed"


def test_lean_renditions_come_later_and_once(harbor, mug):
    picture = shown_image(harbor, mug, data=make_jpeg(size=1000)).picture
    assert (picture.rendered > 0, picture.lean) == (True, 0)
    assert sweeping.nudge_lean_pictures() == 1
    run_tasks()
    picture.refresh_from_db()
    assert picture.lean
    assert sweeping.nudge_lean_pictures() == 0


def test_lean_renditions_give_way_to_pictures_that_wait_but_not_for_ever(harbor, mug):
    picture = shown_image(harbor, mug, data=make_jpeg(size=1000)).picture
    make_image(harbor, make_product(harbor, sku="LATER"), data=make_jpeg(size=1100))
    assert sweeping.nudge_lean_pictures() == 0
    sweeping.make_lean([picture.pk])
    picture.refresh_from_db()
    assert not picture.lean
    later(hours=2)
    assert sweeping.nudge_lean_pictures() == 1
    sweeping.make_lean([picture.pk])
    picture.refresh_from_db()
    assert picture.lean


def test_a_picture_waits_for_its_renditions(harbor, mug):
    image = shown_image(harbor, mug)
    picture = image.picture
    ListingImage.objects.update(state="eligible", place=None)
    Picture.objects.update(rendered=0)
    folder = files.local_path("renditions", "x").parent
    for path in folder.rglob(f"{picture.pk}*"):
        path.unlink()
    publish.publish_galleries([mug.pk])
    assert state(image) == "eligible"
    run_tasks()
    assert state(image) == "displayed"


# ---------------------------------------------------------------- fetching


@pytest.mark.spec("IMG-16")
def test_a_picture_is_fetched_from_the_address_given(harbor, mug, host):
    image = by_address(harbor, mug, host.put("/mug.jpg", make_jpeg()))
    run_tasks()
    assert state(image) == "displayed"
    assert host.asked == ["/mug.jpg"]
    assert image.picture.sha256


@pytest.mark.spec("IMG-22")
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (302, "redirect_refused"),
        (404, "http_404"),
        (403, "http_403"),
        (b"<html><body>mug</body></html>", "html_not_image"),
    ],
)
def test_an_address_that_never_will_is_rejected_at_once(harbor, mug, host, answer, code):
    image = by_address(harbor, mug, host.put("/mug.jpg", answer))
    run_tasks()
    image.refresh_from_db()
    assert (image.state, image.verdict, image.picture) == ("rejected", "failed", None)
    assert image.reasons[0]["code"] == code
    assert image.reasons[0]["severity"] == "error"
    later(days=1)
    assert sweeping.nudge_waiting_images() == 0


def test_a_host_that_is_down_is_tried_again_and_the_reason_told_meanwhile(harbor, mug, host):
    image = by_address(harbor, mug, host.put("/mug.jpg", 503))
    run_tasks()
    image.refresh_from_db()
    assert (image.state, image.tries, image.lost) == ("submitted", 1, 0)
    assert image.reasons[0]["code"] == "http_5xx"
    assert image.next_try_at > clock.now()
    host.put("/mug.jpg", make_jpeg())
    run_tasks()
    assert host.asked == ["/mug.jpg"], "not before its time"
    later(minutes=2)
    sweeping.nudge_waiting_images()
    run_tasks()
    assert state(image) == "displayed"


@pytest.mark.spec("IMG-03")
def test_a_host_that_stays_down_is_given_up_before_the_picture_is_due(harbor, mug, host):
    image = by_address(harbor, mug, host.put("/mug.jpg", 503))
    for _ in range(12):
        forget_tasks()
        catalogue_tasks.fetch_listing_image.func(str(image.pk))
        if state(image) == "rejected":
            break
        clock.set_to(at=image.next_try_at + timedelta(seconds=1))
    assert (image.state, image.reasons[0]["code"]) == ("rejected", "http_5xx")
    assert clock.now() < image.due_at
    assert image.tries > 3


def test_private_addresses_are_refused(harbor, mug, settings, host):
    settings.FONDACO_FETCH_ALLOW = []
    image = by_address(harbor, mug, host.put("/mug.jpg", make_jpeg()))
    run_tasks()
    assert state(image) == "rejected"
    assert not host.asked


# ---------------------------------------------------------------- many at once


def test_a_batch_settles_good_bad_and_late_ones_together(harbor, host):
    good, shared = make_jpeg(), make_jpeg()
    pages = {"/a.jpg": good, "/b.jpg": make_jpeg(ground=200), "/c.jpg": 404, "/d.jpg": 503, "/e.jpg": shared}
    products = [make_product(harbor) for _ in range(7)]
    for path, page in pages.items():
        host.put(path, page)
    paths = [*pages, "/e.jpg", "/e.jpg"]
    images = [
        by_address(harbor, product, f"http://{host.address}{path}")
        for product, path in zip(products, paths, strict=True)
    ]
    forget_tasks()
    assert batch.look_at_many([image.pk for image in images]) == 7
    assert [state(image) for image in images] == [
        "displayed",
        "rejected",
        "rejected",
        "submitted",
        "displayed",
        "displayed",
        "displayed",
    ]
    assert Product.objects.filter(searchable=True).count() == 4
    assert ImageGroup.objects.count() == 4
    assert Picture.objects.count() == 3
    assert batch.look_at_many([image.pk for image in images]) == 0


def test_a_batch_takes_the_verdict_that_was_reached_before(harbor, host, monkeypatch):
    url = host.put("/mug.jpg", make_jpeg())
    first, second = make_product(harbor), make_product(harbor)
    batch.look_at_many([by_address(harbor, first, url).pk])
    monkeypatch.setattr(looking, "develop_file", None)
    again = by_address(harbor, second, url)
    batch.look_at_many([again.pk])
    assert state(again) == "displayed"


def test_a_batch_killed_in_the_middle_repeats_only_what_was_in_flight(harbor, host, monkeypatch):
    class Killed(BaseException):
        pass

    images = [by_address(harbor, make_product(harbor), host.put(f"/{n}.jpg", make_jpeg(size=600))) for n in range(6)]
    forget_tasks()
    monkeypatch.setattr(batch, "SETTLED_TOGETHER", 2)
    real, calls = looking.settle, []

    def dies_after_two(outcomes):
        if len(calls) == 2:
            raise Killed
        calls.append(outcomes)
        real(outcomes)

    with monkeypatch.context() as dying:
        dying.setattr(looking, "settle", dies_after_two)
        with pytest.raises(Killed):
            batch.look_at_many([image.pk for image in images])
    done = [image for image in images if state(image) == "displayed"]
    assert 0 < len(done) < 6
    later(minutes=4)
    sweeping.nudge_waiting_images()
    run_tasks()
    assert all(state(image) == "displayed" for image in images)
    assert all(history.events_for(image, verbs=["image.displayed"]).count() == 1 for image in images)


def test_a_picture_over_which_a_worker_died_is_not_taken_together_with_others(harbor, host):
    suspect, innocent = (make_image(harbor, make_product(harbor)) for _ in range(2))
    forget_tasks()
    claim([suspect.pk])  # and the worker dies
    later(minutes=4)
    assert batch.look_at_many([suspect.pk, innocent.pk]) == 1
    assert (state(suspect), state(innocent)) == ("processing", "displayed")
    run_tasks()
    assert state(suspect) == "displayed"
