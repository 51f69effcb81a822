"""Return requests: approved at once, blocked, or for customer service."""

from __future__ import annotations

from datetime import date

import pytest

from fondaco.returns.rules.authorise import Answer, ReturnFacts, decide_return
from fondaco.returns.rules.reasons import Payer, Reason
from fondaco.returns.rules.window import Window

JULY_1 = Window(date(2022, 6, 1), date(2022, 7, 1))


def facts(**more) -> ReturnFacts:
    return ReturnFacts(
        **{"reason": Reason.NO_LONGER_NEEDED, "requested_on": date(2022, 6, 13), "window": JULY_1, **more}
    )


def test_authorises_at_once_inside_the_window() -> None:
    got = decide_return(facts())
    assert got.answer is Answer.AUTHORISED
    assert got.payment is not None
    assert got.payment.payer is Payer.BUYER


@pytest.mark.parametrize(("day", "answer"), [(1, Answer.AUTHORISED), (2, Answer.OUT_OF_WINDOW)])
def test_the_last_day_counts(day: int, answer: Answer) -> None:
    assert decide_return(facts(requested_on=date(2022, 7, day))).answer is answer


def test_customer_service_may_accept_a_late_request() -> None:
    assert decide_return(facts(requested_on=date(2022, 7, 10), accepted_by_cs=True)).answer is Answer.AUTHORISED


@pytest.mark.parametrize("hazard", ["hazmat", "potential"])
def test_blocks_dangerous_goods_with_the_way_to_customer_service(hazard: str) -> None:
    got = decide_return(facts(hazmat_class=hazard, accepted_by_cs=True))
    assert got.answer is Answer.BLOCKED
    assert "customer service" in got.next_step
    assert decide_return(facts(hazmat_class=hazard, hazmat_exception=True)).answer is Answer.AUTHORISED


def test_what_was_not_delivered_goes_to_customer_service() -> None:
    assert decide_return(facts(window=None)).answer is Answer.NOT_DELIVERED


@pytest.mark.spec("B-HAND-15")
@pytest.mark.parametrize("reason", list(Reason))
def test_what_was_made_for_a_buyer_comes_back_for_error_damage_or_difference(reason: Reason) -> None:
    wrong = {
        Reason.ITEM_DAMAGED_BOX_OK,
        Reason.MISSING_PARTS,
        Reason.BOX_AND_ITEM_DAMAGED,
        Reason.WRONG_ITEM,
        Reason.DEFECTIVE,
        Reason.EXTRA_ITEM,
        Reason.INACCURATE_DESCRIPTION,
        Reason.DAMAGED_IN_TRANSIT,
        Reason.BAD_PACKAGING,
    }
    got = decide_return(facts(reason=reason, personalised=True))
    assert got.answer is (Answer.AUTHORISED if reason in wrong else Answer.BLOCKED)
    assert reason in wrong or got.clause == "B-HAND-15"
    assert decide_return(facts(reason=reason)).answer is Answer.AUTHORISED
