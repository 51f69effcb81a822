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
