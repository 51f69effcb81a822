"""What a case of each type must contain, and the state that a thread leaves it in. No database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fondaco.cases.rules import (
    CLAUSES,
    CONTENTS,
    MOST_ASINS,
    CaseType,
    Checks,
    Document,
    Outcome,
    Side,
    State,
    check_contents,
    state_of,
)
from fondaco.cases.tests.factories import COMPLETE, WORD_DRAFT

DATA = {"steps_taken": "All of them", "method": "inventory_data", "asins": "F012345678", "batch_id": "123456789012"}


def _faults(case_type: CaseType, contents: dict, checks: Checks = Checks()) -> list[tuple[str, str]]:
    _clean, findings = check_contents(case_type=case_type, given=contents, checks=checks)
    return [(f.code, f.measured) for f in findings]


@pytest.mark.parametrize("case_type", list(CaseType))
def test_a_complete_case_of_every_type_has_no_faults(case_type: CaseType) -> None:
    assert _faults(case_type, COMPLETE[case_type]) == []
    assert CLAUSES[case_type]


@pytest.mark.spec("PLAT-06", "IMG-29", "IMG-30", "IMG-31", "Q-20")
@pytest.mark.parametrize(
    ("case_type", "required"),
    [
        (CaseType.IMAGING_QUALITY, {"asin", "problems"}),
        (CaseType.IMAGING_CANCELLATION, {"asin", "reason"}),
        (CaseType.NO_MODEL_IMAGING, {"no_model_request", "account_name", "asins"}),
        (CaseType.IMAGING_DELAYED, {"asin"}),
        (CaseType.MISSING_IMAGE, {"steps_taken", "method", "asins"}),
        (CaseType.HAZMAT_DISPUTE, {"asin", "grounds"}),
        (CaseType.LOST_INVITATION, {"application_email"}),
        (CaseType.PR_REVIEW, {"draft", "issue_date", "author"}),
        (CaseType.OTHER, {"subject", "details"}),
    ],
)
def test_an_empty_case_names_each_missing_item_and_so_does_each_single_gap(case_type: CaseType, required: set) -> None:
    assert {name for _code, name in _faults(case_type, {})} == required
    for name in required:
        rest = {n: v for n, v in COMPLETE[case_type].items() if n != name}
        assert _faults(case_type, rest) == [("case_item_missing", name)]
        for nothing in ("", "   ", None, []):
            assert _faults(case_type, {**rest, name: nothing}) == [("case_item_missing", name)]


@pytest.mark.spec("IMG-30", "Q-20")
def test_the_batch_id_is_required_for_inventory_data_only() -> None:
    without = {n: v for n, v in DATA.items() if n != "batch_id"}
    assert _faults(CaseType.MISSING_IMAGE, without) == [("case_item_missing", "batch_id")]
    assert _faults(CaseType.MISSING_IMAGE, {**without, "method": "portal"}) == []
    clean, _ = check_contents(case_type=CaseType.MISSING_IMAGE, given={**DATA, "method": "portal"})
    assert "batch_id" not in clean


@pytest.mark.spec("Q-20")
def test_the_batch_must_be_one_of_the_sellers() -> None:
    checks = Checks(known_batch=lambda number: number == "123456789012")
    assert _faults(CaseType.MISSING_IMAGE, DATA, checks) == []
    other = {**DATA, "batch_id": "999999999999"}
    assert _faults(CaseType.MISSING_IMAGE, other, checks) == [("case_batch_unknown", "batch_id")]


def test_a_delayed_order_is_named_by_its_asin_or_its_number() -> None:
    assert _faults(CaseType.IMAGING_DELAYED, {"order": "018f"}) == []
    assert _faults(CaseType.IMAGING_DELAYED, {"asin": "F012345678"}) == []
    assert _faults(CaseType.IMAGING_DELAYED, {}) == [("case_item_missing", "asin")]


@pytest.mark.spec("IMG-SVC-54")
def test_a_cancellation_is_refused_once_the_order_can_no_longer_be_cancelled() -> None:
    late = Checks(can_cancel_imaging=lambda asin: False)
    given = COMPLETE[CaseType.IMAGING_CANCELLATION]
    assert _faults(CaseType.IMAGING_CANCELLATION, given, late) == [("case_not_cancellable", "asin")]
    assert _faults(CaseType.IMAGING_CANCELLATION, given, Checks(can_cancel_imaging=lambda asin: True)) == []


@pytest.mark.parametrize("typed", ["F012345678, f0abcdefgh", "F012345678\nF0ABCDEFGH\n", ["F012345678", "F0ABCDEFGH"]])
def test_asins_are_read_in_any_spacing_and_each_once(typed) -> None:
    given = {**COMPLETE[CaseType.MISSING_IMAGE], "asins": typed}
    clean, findings = check_contents(case_type=CaseType.MISSING_IMAGE, given=given)
    assert findings == ()
    assert clean["asins"] == ["F012345678", "F0ABCDEFGH"]
    twice, _ = check_contents(case_type=CaseType.MISSING_IMAGE, given={**given, "asins": "F012345678 F012345678"})
    assert twice["asins"] == ["F012345678"]


@pytest.mark.parametrize(
    ("case_type", "name", "value"),
    [
        (CaseType.MISSING_IMAGE, "asins", "B0"),
        (CaseType.MISSING_IMAGE, "asins", " ".join(f"F0{n:08d}" for n in range(MOST_ASINS + 1))),
        (CaseType.MISSING_IMAGE, "method", "telepathy"),
        (CaseType.MISSING_IMAGE, "steps_taken", "x" * 20_001),
        (CaseType.MISSING_IMAGE, "steps_taken", "a\x00b"),
        (CaseType.IMAGING_QUALITY, "asin", "F01234567"),
        (CaseType.LOST_INVITATION, "application_email", "not an address"),
        (CaseType.PR_REVIEW, "issue_date", "20 May"),
        (CaseType.PR_REVIEW, "author", "ghost"),
    ],
)
def test_an_item_that_cannot_be_read_is_named(case_type: CaseType, name: str, value: str) -> None:
    assert _faults(case_type, {**COMPLETE[case_type], name: value}) == [("case_item_not_valid", name)]


def test_unknown_products_are_listed_by_name() -> None:
    checks = Checks(known_asin=lambda asin: asin == "F012345678")
    given = {**COMPLETE[CaseType.MISSING_IMAGE], "asins": "F012345678 F0NONENONE"}
    _clean, (finding,) = check_contents(case_type=CaseType.MISSING_IMAGE, given=given, checks=checks)
    assert (finding.code, finding.measured, finding.limit) == ("case_asin_unknown", "asins", ["F0NONENONE"])


@pytest.mark.parametrize("kind", ["pdf", "jpeg", ""])
def test_an_announcement_must_be_a_word_document(kind: str) -> None:
    draft = Document("draft.docx", "a" * 64, kind, 10)
    given = {**COMPLETE[CaseType.PR_REVIEW], "draft": draft}
    assert _faults(CaseType.PR_REVIEW, given) == [("case_document_refused", "draft")]


def test_what_the_type_does_not_ask_for_is_left_out_and_values_are_plain_json() -> None:
    import json

    given = {**COMPLETE[CaseType.PR_REVIEW], "issue_date": date(2022, 5, 20), "is_admin": "yes"}
    clean, _ = check_contents(case_type=CaseType.PR_REVIEW, given=given)
    assert set(clean) == {item.name for item in CONTENTS[CaseType.PR_REVIEW]}
    assert json.loads(json.dumps(clean)) == clean
    assert clean["issue_date"] == "2022-05-20"
    assert clean["draft"]["sha256"] == WORD_DRAFT.sha256


def test_the_application_address_keeps_its_letter_case() -> None:
    given = {"application_email": " June@Clay.example "}
    clean, _ = check_contents(case_type=CaseType.LOST_INVITATION, given=given)
    assert clean["application_email"] == "June@Clay.example"


OPENING = (Side.SELLER, None)


@pytest.mark.parametrize(
    ("thread", "state"),
    [
        ([OPENING], State.OPEN),
        ([OPENING, (Side.SELLER, None)], State.OPEN),
        ([OPENING, (Side.SUPPORT, None)], State.WAITING_SELLER),
        ([OPENING, (Side.SUPPORT, None), (Side.SELLER, None)], State.WAITING_SUPPORT),
        ([OPENING, (Side.SUPPORT, Outcome.SOLVED)], State.CLOSED),
        ([OPENING, (Side.SELLER, Outcome.WITHDRAWN)], State.CLOSED),
        ([OPENING, (Side.SUPPORT, Outcome.SOLVED), (Side.SELLER, None)], State.WAITING_SUPPORT),
        ([OPENING, (Side.SUPPORT, Outcome.SOLVED), (Side.SUPPORT, None)], State.WAITING_SELLER),
    ],
)
def test_the_thread_says_whose_turn_it_is(thread: list, state: State) -> None:
    assert state_of(thread) is state


MESSAGES = st.lists(st.tuples(st.sampled_from(Side), st.sampled_from([None, *Outcome])), max_size=12)


@given(MESSAGES)
def test_a_thread_is_closed_exactly_when_its_last_message_closed_it(later: list) -> None:
    thread = [OPENING, *later]
    assert (state_of(thread) is State.CLOSED) == (thread[-1][1] is not None)


@given(MESSAGES)
def test_a_case_is_open_only_as_long_as_nobody_of_support_wrote_and_nobody_closed_it(later: list) -> None:
    untouched = all(side is Side.SELLER and outcome is None for side, outcome in later)
    assert (state_of([OPENING, *later]) is State.OPEN) == untouched
