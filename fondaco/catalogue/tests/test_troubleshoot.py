"""Why is there no picture? Every way through the two trees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from fondaco.catalogue.operations import create_offer
from fondaco.catalogue.queries.missing_image import why_missing
from fondaco.catalogue.rules.troubleshoot import FEED_TREE, PORTAL_TREE, BatchFacts, Method, Reason, leads_to_case
from fondaco.catalogue.tests.factories import make_image, make_jpeg, shown_image
from fondaco.engine import clock
from fondaco.engine.testing import forget_tasks
from fondaco.kit.errors import NotFound
from fondaco.sellers.models import SellerAccount

pytestmark = pytest.mark.django_db
BAD = {"ground": 200, "fill": 0.6}


def later(**delta):
    clock.set_to(at=clock.now() + timedelta(**delta))


def asked(answer):
    return [result.check.code for result in answer.diagnosis.results]


def end(answer):
    return answer.diagnosis.conclusion


@pytest.mark.spec("IMG-02")
def test_the_trees_ask_what_the_seed_asks_in_its_order():
    assert [c.clause for c in PORTAL_TREE if c.clause in {f"IMG-{n:02}" for n in range(8, 13)}] == [
        *("IMG-08", "IMG-09", "IMG-10", "IMG-11", "IMG-12")
    ]
    assert [c.clause for c in FEED_TREE][:3] == ["IMG-23", "IMG-24", "IMG-26"]
    assert PORTAL_TREE[-1].clause == FEED_TREE[-1].clause == "IMG-28"


@pytest.mark.spec("IMG-08")
def test_a_product_that_the_seller_does_not_sell_is_not_in_the_inventory(swift, mug):
    answer = why_missing(swift, mug.asin)
    assert end(answer).check.code == "in_inventory"
    assert end(answer).outcome.link.name == "catalogue:inventory"


@pytest.mark.spec("IMG-10", "IMG-11")
def test_a_picture_on_the_page_ends_the_tree(harbor, mug):
    shown_image(harbor, mug)
    answer = why_missing(harbor, mug.asin)
    assert asked(answer) == ["in_inventory", "located", "detail_page", "shown"]
    assert end(answer).outcome.state == "passed"
    assert answer.diagnosis.results[2].outcome.link.args == {"asin": mug.asin}


@pytest.mark.spec("B-IMG-11")
@pytest.mark.parametrize("store", ["US", "UK", "DE", "JP"])
def test_the_tree_is_the_same_in_every_store(harbor, mug, store):
    """Elsewhere a shown picture skips the step and a missing one leads to support at once: here it does neither."""
    SellerAccount.objects.update(store=store)
    assert asked(why_missing(harbor, mug.asin))[:4] == ["in_inventory", "located", "detail_page", "shown"]
    assert not leads_to_case(why_missing(harbor, mug.asin).diagnosis)
    shown_image(harbor, mug)
    answer = why_missing(harbor, mug.asin)
    assert (end(answer).check.code, end(answer).outcome.state) == ("shown", "passed")


@pytest.mark.spec("IMG-11")
def test_another_contributors_picture_is_enough_for_who_submitted_none(harbor, swift, mug):
    shown_image(harbor, mug)
    create_offer(swift, asin=mug.asin, sku="S-1", price_minor=1)
    assert end(why_missing(swift, mug.asin)).check.code == "shown"


def test_without_a_picture_the_way_leads_to_manage_images(harbor, mug):
    answer = why_missing(harbor, mug.asin)
    assert end(answer).check.code == "submitted"
    assert end(answer).outcome.link.name == "catalogue:manage_images"


@pytest.mark.spec("IMG-12", "Q-16")
def test_before_its_time_the_seller_is_told_when_to_look_again(harbor, mug):
    image = make_image(harbor, mug)
    forget_tasks()
    later(hours=2)
    answer = why_missing(harbor, mug.asin)
    assert end(answer).check.code == "had_time"
    assert (end(answer).outcome.state, answer.diagnosis.until) == ("waiting", image.due_at)
    assert end(answer).outcome.evidence["submitted_at"] == image.submitted_at
    assert not leads_to_case(answer.diagnosis)


@pytest.mark.spec("IMG-12", "Q-16")
def test_before_its_time_what_is_known_already_is_told_too(harbor, mug):
    image = shown_image(harbor, mug, data=make_jpeg(**BAD))
    later(hours=2)
    outcome = end(why_missing(harbor, mug.asin)).outcome
    assert (outcome.state, outcome.until) == ("waiting", image.due_at)
    assert "background_not_white" in outcome.evidence["codes"]
    assert "background" in outcome.evidence["known"]
    assert outcome.fix % outcome.evidence
    assert outcome.link.name == "catalogue:manage_images"


@pytest.mark.spec("IMG-13", "IMG-14")
def test_after_its_time_the_reasons_are_told_and_that_there_may_be_others(harbor, mug):
    shown_image(harbor, mug, data=make_jpeg(**BAD))
    later(hours=25)
    answer = why_missing(harbor, mug.asin)
    standards = answer.diagnosis.results[-2]
    assert standards.check.code == "standards"
    assert "Not every reason may be listed" in standards.outcome.message
    assert standards.outcome.link.args == {"slug": "image-requirements"}
    assert {"background_not_white"} <= set(standards.outcome.evidence["codes"])
    assert end(answer).check.code == "mended"
    assert "Manage Images" in end(answer).outcome.fix
    assert end(answer).outcome.link.args == {"asin": mug.asin}


@pytest.mark.spec("IMG-14", "IMG-15")
def test_a_picture_that_was_not_selected_leads_to_technical_support(harbor, swift, mug):
    shown_image(harbor, mug, data=make_jpeg(size=700))
    shown_image(swift, mug)
    answer = why_missing(harbor, mug.asin)
    assert end(answer).check.code == "selected"
    assert end(answer).outcome.evidence["shown_score"] > end(answer).outcome.evidence["score"]
    assert end(answer).outcome.message % end(answer).outcome.evidence
    assert leads_to_case(answer.diagnosis)
    assert end(answer).outcome.link.args == {"type": "missing_image"}


@pytest.mark.spec("IMG-28", "IMG-29", "IMG-31")
def test_when_nothing_explains_it_a_case_opens_with_the_steps_taken(harbor, mug):
    make_image(harbor, mug)
    forget_tasks()
    later(hours=25)
    answer = why_missing(harbor, mug.asin)
    assert end(answer).check.code == "contact_support"
    assert leads_to_case(answer.diagnosis)
    assert answer.case.asins == (mug.asin,)
    assert [step["code"] for step in answer.case.steps] == asked(answer)
    assert all(step["question"] and step["state"] for step in answer.case.steps)
    assert (answer.case.method, answer.case.batch_number) == ("portal", "")


def batch(*errors, is_done=True):
    now = clock.now()
    return BatchFacts("123456789012", is_done, now, now + timedelta(hours=1), tuple(errors))


URL_ERROR = Reason("http_404", "There is no picture at this address.", "Check the address.")


@pytest.mark.spec("IMG-23", "IMG-24", "IMG-25", "IMG-26")
def test_errors_of_the_report_are_corrected_and_sent_again(harbor, mug):
    answer = why_missing(harbor, mug.asin, method=Method.FEED, batch=batch(URL_ERROR))
    assert asked(answer) == ["report", "corrected", "sent_again"]
    report, corrected, again = answer.diagnosis.results
    assert report.outcome.evidence["known"] == URL_ERROR.words
    assert report.outcome.link.args == {"number": "123456789012"}
    assert corrected.outcome.evidence["fixes"] == URL_ERROR.fix
    assert again.outcome.link.name == "feeds:uploads"
    assert "repeat" in again.outcome.fix


@pytest.mark.spec("IMG-27")
def test_without_errors_the_time_is_waited_for(harbor, mug):
    image = make_image(harbor, mug)
    forget_tasks()
    answer = why_missing(harbor, mug.asin, method="feed", batch=batch())
    assert [r.outcome.state for r in answer.diagnosis.results[:3]] == ["passed"] * 3
    assert (end(answer).check.clause, answer.diagnosis.until) == ("IMG-27", image.due_at)


def test_a_file_that_is_still_worked_off_is_waited_for_and_a_stuck_one_is_not(harbor, mug):
    facts = batch(is_done=False)
    waiting = why_missing(harbor, mug.asin, method="feed", batch=facts)
    assert (end(waiting).outcome.state, waiting.diagnosis.until) == ("waiting", facts.stuck_at)
    later(hours=2)
    assert leads_to_case(why_missing(harbor, mug.asin, method="feed", batch=facts).diagnosis)


@pytest.mark.spec("IMG-28", "IMG-30")
def test_the_data_tree_ends_with_a_case_that_names_the_batch(harbor, mug):
    make_image(harbor, mug)
    forget_tasks()
    facts = batch()
    later(hours=25)
    answer = why_missing(harbor, mug.asin, method="feed", batch=facts)
    assert end(answer).check.code == "contact_support"
    assert (answer.case.method, answer.case.batch_number) == ("feed", "123456789012")


@pytest.mark.parametrize("language", ["en", "vi", "zh-hant"])
def test_reasons_speak_the_readers_language(harbor, mug, language):
    shown_image(harbor, mug, data=make_jpeg(**BAD))
    with translation.override(language):
        known = end(why_missing(harbor, mug.asin)).outcome.evidence["known"]
    assert known
    assert "%(" not in known


def test_a_product_that_does_not_exist_is_not_found(harbor):
    with pytest.raises(NotFound):
        why_missing(harbor, "F0NOTTHERE")
