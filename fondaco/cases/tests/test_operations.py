"""Opening, answering and closing cases: exact rows, and what must not happen."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core import mail

from fondaco import history
from fondaco.cases import checks, operations, queries
from fondaco.cases.models import Case, CaseMessage
from fondaco.cases.operations import CaseClosed, CaseIncomplete, DocumentTooLarge, NothingSaid, keep_document
from fondaco.cases.queries import desk_cases, waiting_by_queue
from fondaco.cases.rules import QUEUES, CaseType, Checks, Outcome, Queue, State
from fondaco.cases.tests.factories import COMPLETE, make_case
from fondaco.cases.tests.test_documents import DOCX
from fondaco.engine import files
from fondaco.kit.errors import Denied, NotFound
from fondaco.sellers.access import Caller, SellerRequired, SignInRequired
from fondaco.sellers.rules import MemberRole, Role
from fondaco.sellers.tests.factories import make_caller, make_member, make_person, make_seller, make_staff, owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_seller()


@pytest.fixture
def caller(seller):
    return make_caller(seller=seller)


@pytest.fixture
def support():
    return make_caller(role=Role.SUPPORT)


def _open(caller: Caller, case_type: CaseType = CaseType.MISSING_IMAGE, key: str = "", **changes) -> Case:
    contents = {**COMPLETE[case_type], **changes}
    return operations.open_case(caller, case_type=case_type, contents=contents, request_key=key, checks=Checks())


@pytest.mark.spec("PLAT-06")
def test_an_opened_case_has_type_contents_thread_and_status(caller, seller) -> None:
    case = _open(caller)
    case.refresh_from_db()
    assert (case.seller, case.opened_by, case.type) == (seller, caller.person, "missing_image")
    assert (case.state, case.outcome) == (State.OPEN, "")
    assert case.contents == {"steps_taken": "Looked at the page", "method": "portal", "asins": ["F012345678"]}
    assert len(case.number) == 10
    assert [m.side for m in queries.thread_of(case)] == ["seller"]
    assert [e.verb for e in history.events_for(case)] == ["case.opened"]


def test_the_same_form_twice_is_one_case(caller) -> None:
    assert _open(caller, key="k") == _open(caller, key="k")
    assert _open(caller, key="k2") != _open(caller, key="k")
    assert Case.objects.count() == 2
    assert CaseMessage.objects.count() == 2


def test_an_incomplete_case_is_not_opened_and_names_every_item(caller) -> None:
    with pytest.raises(CaseIncomplete) as refused:
        _open(caller, steps_taken="", asins="")
    assert refused.value.facts["items"] == ["steps_taken", "asins"]
    assert not Case.objects.exists()


@pytest.mark.spec("Q-20", "IMG-30")
def test_a_domain_above_says_which_batches_are_the_sellers(caller, seller, monkeypatch) -> None:
    monkeypatch.setattr(checks, "_provided", {})
    checks.provide(known_batch=lambda account, number: (account, number) == (seller, "123456789012"))
    contents = {**COMPLETE[CaseType.MISSING_IMAGE], "method": "inventory_data", "batch_id": "123456789012"}
    assert operations.open_case(caller, case_type=CaseType.MISSING_IMAGE, contents=contents)
    other = make_caller(seller=make_seller("Swift Outfitters"))
    with pytest.raises(CaseIncomplete) as refused:
        operations.open_case(other, case_type=CaseType.MISSING_IMAGE, contents=contents)
    assert [f.code for f in refused.value.facts["findings"]] == ["case_batch_unknown"]


@pytest.mark.spec("PLAT-06", "IMG-28")
def test_the_thread_moves_the_state_and_support_closes_with_an_outcome(caller, support) -> None:
    case = _open(caller)

    def state() -> tuple[str, str]:
        case.refresh_from_db()
        return case.state, case.outcome

    operations.reply(support, number=case.number, text="Which page?")
    assert state() == ("waiting_seller", "")
    operations.reply(caller, number=case.number, text="This one.")
    assert state() == ("waiting_support", "")
    operations.close_case(support, number=case.number, outcome=Outcome.SOLVED, text="It shows now.")
    assert state() == ("closed", "solved")
    with pytest.raises(CaseClosed):
        operations.close_case(support, number=case.number, outcome=Outcome.SOLVED)
    operations.reply(caller, number=case.number, text="Not any more.")
    assert state() == ("waiting_support", "")
    verbs = [e.verb for e in history.events_for(case)]
    assert sorted(verbs) == sorted(
        ["case.opened", "case.support_replied", "case.seller_replied", "case.closed", "case.seller_replied"]
    )


@pytest.mark.spec("IMG-28")
def test_the_seller_is_told_of_an_answer_once_and_in_their_language(caller, support) -> None:
    caller.person.language = "vi"
    caller.person.save()
    case = _open(caller)
    for _ in range(2):
        operations.reply(support, number=case.number, text="Which page?", request_key="k")
    assert CaseMessage.objects.filter(case=case, text="Which page?").count() == 1
    (told,) = mail.outbox
    assert told.to == [caller.person.email]
    assert f"{settings.FONDACO_BASE_URL}/seller/cases/{case.number}/" in told.body
    assert "Which page?" in told.body
    assert "Yêu cầu" in told.subject
    operations.reply(caller, number=case.number, text="This one.")
    assert len(mail.outbox) == 1


def test_an_empty_message_says_nothing(caller) -> None:
    case = _open(caller)
    with pytest.raises(NothingSaid):
        operations.reply(caller, number=case.number, text=" \n ")
    assert case.messages.count() == 1


def test_who_opened_a_case_may_only_withdraw_it_and_support_may_not(caller, support) -> None:
    case = _open(caller)
    for who, outcome in [(caller, Outcome.SOLVED), (support, Outcome.WITHDRAWN)]:
        with pytest.raises(Denied):
            operations.close_case(who, number=case.number, outcome=outcome)
    operations.close_case(caller, number=case.number, outcome=Outcome.WITHDRAWN)
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "withdrawn")


def test_a_support_associate_with_a_case_of_their_own_does_not_judge_it() -> None:
    seller = make_seller()
    person = make_person(roles=(Role.SUPPORT,))
    make_member(person, seller, MemberRole.ADMIN)
    own = make_caller(person, seller=seller)
    case = _open(own)
    with pytest.raises(Denied):
        operations.close_case(own, number=case.number, outcome=Outcome.SOLVED)
    operations.reply(own, number=case.number, text="Hello?")
    case.refresh_from_db()
    assert case.state == "open"


# --- one table a verb: stranger, other seller, seller, staff


def _callers(seller) -> dict[str, Caller]:
    roles = {MemberRole.WAREHOUSE, MemberRole.VIEWER, MemberRole.AGENCY}
    members = {}
    for role in roles:
        person = make_person()
        make_member(person, seller, role)
        members[str(role)] = make_caller(person)
    return {
        "visitor": Caller(),
        "stranger": make_caller(make_person()),
        "other seller": make_caller(seller=make_seller("Swift Outfitters")),
        "seller": make_caller(seller=seller),
        **members,
        **{str(role): make_caller(role=role) for role in Role},
    }


def _allowed(callers: dict[str, Caller], verb) -> set[str]:
    done = set()
    for who, caller in callers.items():
        try:
            verb(caller)
        except (NotFound, Denied, SignInRequired, SellerRequired):
            continue
        done.add(who)
    return done


def test_who_sees_answers_and_closes_a_case(seller) -> None:
    case = make_case(seller=seller)
    callers = _callers(seller)
    desk = {"support", "operator"}
    assert _allowed(callers, lambda c: queries.case_for(c, case.number)) == {"seller", "warehouse", "viewer", *desk}
    assert _allowed(callers, lambda c: operations.reply(c, number=case.number, text="Hi")) == {"seller", *desk}
    assert _allowed(callers, lambda c: queries.desk_cases(c)) == desk
    for who in desk:
        other = make_case(seller=seller)
        operations.close_case(callers[who], number=other.number, outcome=Outcome.EXPLAINED)
    closed_by = _allowed(
        {who: c for who, c in callers.items() if who not in desk},
        lambda c: operations.close_case(c, number=case.number, outcome=Outcome.WITHDRAWN),
    )
    assert closed_by == {"seller"}


def test_who_opens_which_case(seller) -> None:
    callers = _callers(seller)
    opens = {
        case_type: _allowed(
            callers,
            lambda c, t=case_type: operations.open_case(c, case_type=t, contents=COMPLETE[t], checks=Checks()),
        )
        for case_type in CaseType
    }
    without_account = {"stranger", *map(str, Role)}
    sellers = {"seller", "other seller"}
    assert opens.pop(CaseType.LOST_INVITATION) == opens.pop(CaseType.OTHER) == sellers | without_account
    assert opens.pop(CaseType.PR_REVIEW) == sellers | {"agency"}
    assert all(who == sellers for who in opens.values()), opens


def test_an_agency_sees_announcements_and_nothing_else(seller) -> None:
    agency = make_person()
    make_member(agency, seller, MemberRole.AGENCY)
    other = make_case(seller=seller)
    draft = make_case(make_caller(agency), case_type=CaseType.PR_REVIEW)
    assert list(queries.cases_for(make_caller(agency))) == [draft]
    with pytest.raises(NotFound):
        queries.case_for(make_caller(agency), other.number)
    assert queries.case_for(make_caller(seller=seller), draft.number) == draft  # the maker sees what the agency sent


def test_a_persons_own_case_without_an_account_is_theirs_alone(seller) -> None:
    person = make_person()
    case = make_case(make_caller(person), case_type=CaseType.LOST_INVITATION)
    assert case.seller is None
    assert list(queries.cases_for(make_caller(person))) == [case]
    assert list(queries.cases_for(make_caller(seller=seller))) == []


def test_lists_show_the_account_being_worked_in(seller) -> None:
    owner = owner_of(seller)
    second = make_seller("Swift Outfitters", owner=owner)
    first_case, second_case = make_case(make_caller(owner, seller=seller)), make_case(make_caller(owner, seller=second))
    assert list(queries.current_cases_for(make_caller(owner, seller=seller))) == [first_case]
    assert list(queries.current_cases_for(make_caller(owner, seller=second))) == [second_case]


# --- documents


def test_a_document_is_kept_by_its_content_and_found_through_its_case_only(caller) -> None:
    document = keep_document(name="../../draft.docx", data=DOCX)
    case = _open(caller, CaseType.PR_REVIEW, draft=document)
    assert files.read("documents", document.sha256) == DOCX
    assert queries.document_of(case, document.sha256)["name"] == "../../draft.docx"
    with pytest.raises(NotFound):
        queries.document_of(case, "b" * 64)
    with pytest.raises(NotFound):
        queries.document_of(_open(caller), document.sha256)


def test_a_file_of_no_known_kind_is_not_kept() -> None:
    assert keep_document(name="draft.docx", data=b"MZ\x90\x00").sha256 == ""


def test_a_file_over_the_limit_is_refused() -> None:
    with pytest.raises(DocumentTooLarge):
        keep_document(name="draft.docx", data=b"x" * (10 * 1024 * 1024 + 1))


@pytest.mark.spec("PLAT-06")
def test_a_case_is_taken_handed_over_and_put_back(caller, support) -> None:
    case = _open(caller)
    other = make_staff(Role.SUPPORT, name="Second desk")
    operations.assign(support, number=case.number, to=support.person)
    operations.assign(support, number=case.number, to=support.person)  # twice changes nothing
    assert list(desk_cases(support, whose="mine")) == [case]
    operations.assign(support, number=case.number, to=other)
    assert list(desk_cases(support, whose="mine")) == []
    operations.assign(support, number=case.number, to=None)
    assert list(desk_cases(support, whose="nobody")) == [case]
    operations.reply(support, number=case.number, text="Which page?")  # who answers first cares for it
    case.refresh_from_db()
    assert case.assigned_to == support.person
    verbs = [e.verb for e in history.events_for(case)]
    assert verbs.count("case.assigned") == 2
    assert verbs.count("case.released") == 1


@pytest.mark.spec("PLAT-06")
def test_only_the_desk_assigns_and_only_to_the_desk(caller, support) -> None:
    case = _open(caller)
    with pytest.raises(Denied):
        operations.assign(caller, number=case.number, to=caller.person)
    with pytest.raises(Denied):
        operations.assign(support, number=case.number, to=caller.person)
    case.refresh_from_db()
    assert case.assigned_to is None


@pytest.mark.spec("PLAT-06")
def test_each_case_waits_in_the_queue_of_its_type(caller, support) -> None:
    for case_type in (CaseType.MISSING_IMAGE, CaseType.IMAGING_QUALITY, CaseType.IMAGING_DELAYED):
        make_case(caller, case_type=case_type)
    answered = make_case(caller, case_type=CaseType.HAZMAT_DISPUTE)
    operations.reply(support, number=answered.number, text="Seen.")
    counts = waiting_by_queue(support)
    assert counts == {
        Queue.IMAGES: 1, Queue.IMAGING: 2, Queue.RETURNS: 0, Queue.HANDMADE: 0, Queue.OTHER: 0
    }  # fmt: skip
    assert {c.type for c in desk_cases(support, queue=Queue.IMAGING)} == {"imaging_quality", "imaging_delayed"}
    assert frozenset().union(*QUEUES.values()) == frozenset(CaseType)
