"""Applications: what is asked, who decides, and what the applicant sees."""

from __future__ import annotations

import pytest

from fondaco import history, policy
from fondaco.cases.tests.test_documents import archive
from fondaco.kit.errors import Denied, NotFound
from fondaco.makers.models import Application
from fondaco.makers.operations import applying, reviewing
from fondaco.makers.queries import applications as queries
from fondaco.makers.rules.application import PhotoKind, State
from fondaco.makers.tests.factories import ANSWERS, mails_to, make_application, make_draft, make_maker, photo, reviewer
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_person, make_staff

pytestmark = pytest.mark.django_db


def june():
    return make_caller(make_person("June Clay"))


@pytest.mark.spec("HAND-06", "HAND-07")
def test_a_draft_is_begun_once_and_keeps_what_was_filled_in():
    caller = june()
    application = applying.start(caller)
    assert applying.start(caller) == application
    _row, faults = applying.save(
        caller, application.pk, answers={"business_name": "Juniper", "team_size": "many", "country": "VN"}
    )
    assert {f.measured: f.code for f in faults} == {"team_size": "answer_not_valid", "country": "country_not_served"}
    application.refresh_from_db()
    assert application.answers["business_name"] == "Juniper"
    assert "team_size" not in application.answers
    assert application.policy_version


@pytest.mark.spec("HAND-05", "HAND-07")
def test_missing_process_photos_keep_it_from_being_sent_and_the_draft_stays():
    caller = june()
    application = applying.start(caller)
    applying.save(caller, application.pk, answers=ANSWERS)
    applying.add_photo(caller, application.pk, kind=PhotoKind.WORKSPACE, data=photo(), name="shop.jpg")
    with pytest.raises(applying.ApplicationIncomplete) as refused:
        applying.submit(caller, application.pk, accepts_terms=True)
    assert [f.measured for f in refused.value.facts["findings"]] == ["process_photos"]
    application.refresh_from_db()
    assert (application.state, application.answers["business_name"]) == (State.DRAFT, "Juniper Clay")
    applying.add_photo(caller, application.pk, kind=PhotoKind.PROCESS, data=photo(), name="wheel.jpg")
    assert applying.submit(caller, application.pk, accepts_terms=True).state == State.SUBMITTED


@pytest.mark.spec("HAND-01")
def test_the_handmade_terms_are_accepted_with_their_version():
    caller = june()
    draft = make_draft(caller)
    with pytest.raises(applying.TermsNotAccepted):
        applying.submit(caller, draft.pk, accepts_terms=False)
    sent = applying.submit(caller, draft.pk, accepts_terms=True)
    assert (sent.terms_version, bool(sent.terms_accepted_at)) == (applying.TERMS_VERSION, True)


@pytest.mark.spec("B-HAND-05", "Q-45")
def test_questions_are_policy_and_the_version_in_force_at_sending_counts(settings):
    from datetime import timedelta

    from fondaco.engine import clock
    from fondaco.policy.operations import publish

    operator = make_caller(role=Role.OPERATOR)
    caller = june()
    draft = make_draft(caller)
    rows = [dict(r) for r in policy.value("handmade.application_fields", at=clock.now()).value]
    rows.append({"name": "kiln", "label": "Your kiln", "input": "text", "required": True})
    begins = clock.now() + timedelta(seconds=1)
    publish(key="handmade.application_fields", store="US", value=rows, author=operator, effective_from=begins)
    clock.set_to(at=begins + timedelta(seconds=5))
    with pytest.raises(applying.ApplicationIncomplete):
        applying.submit(caller, draft.pk, accepts_terms=True)
    applying.save(caller, draft.pk, answers={"kiln": "gas"})
    sent = applying.submit(caller, draft.pk, accepts_terms=True)
    assert "handmade.application_fields@US#1" in sent.policy_version


@pytest.mark.spec("B-HAND-01")
def test_an_organisation_adds_documents_and_a_large_team_is_only_a_warning():
    caller = june()
    draft = make_draft(caller, maker_type="cooperative", team_size="35")
    with pytest.raises(applying.ApplicationIncomplete) as refused:
        applying.submit(caller, draft.pk, accepts_terms=True)
    assert [f.code for f in refused.value.facts["findings"]] == ["documents_missing"]
    with pytest.raises(applying.DocumentRefused):
        applying.add_document(caller, draft.pk, data=b"MZ\x90\x00", name="statutes.pdf")
    applying.add_document(caller, draft.pk, data=b"%PDF-1.7\n", name="statutes.pdf")
    assert applying.submit(caller, draft.pk, accepts_terms=True).state == State.SUBMITTED
    from fondaco.engine import clock
    from fondaco.makers.rules.application import warnings
    from fondaco.makers.terms import application_terms

    draft.refresh_from_db()
    form = application_terms(at=clock.now()).form
    assert [(f.code, f.measured, f.limit) for f in warnings(form, draft.answers)] == [("team_over_preference", 35, 20)]


def test_photos_pass_the_inspector():
    from fondaco.makers.operations.pictures import PhotoNotAcceptable

    caller = june()
    draft = applying.start(caller)
    for data, name in ((b"no picture", "a.jpg"), (archive("x"), "b.jpg"), (photo(size=120), "small.jpg")):
        with pytest.raises(PhotoNotAcceptable):
            applying.add_photo(caller, draft.pk, kind=PhotoKind.WORKSPACE, data=data, name=name)
    same = photo()
    first = applying.add_photo(caller, draft.pk, kind=PhotoKind.WORKSPACE, data=same, name="c.jpg")
    assert applying.add_photo(caller, draft.pk, kind=PhotoKind.WORKSPACE, data=same, name="c.jpg") == first
    assert draft.photos.count() == 1
    assert first.picture.rendered


@pytest.mark.spec("HAND-08")
def test_a_reviewer_asks_and_the_applicant_answers():
    application, caller = make_application()
    keiko = reviewer()
    taken = reviewing.take(keiko, application.pk, revision=application.revision)
    assert (taken.state, taken.reviewer) == (State.IN_REVIEW, keiko.person)
    reviewing.ask(keiko, application.pk, text="Who glazes the pieces?", revision=taken.revision, request_key="k")
    letter = mails_to(caller.person)[0]
    assert "Who glazes the pieces?" in letter
    application.refresh_from_db()
    assert application.state == State.INFO_REQUESTED
    applying.add_photo(caller, application.pk, kind=PhotoKind.PROCESS, data=photo(), name="glaze.jpg")
    applying.answer(caller, application.pk, text="I do, with a brush.", request_key="a")
    application.refresh_from_db()
    assert (application.state, application.reviewer) == (State.IN_REVIEW, keiko.person)
    assert [m.text for m in queries.thread_of(application)] == ["Who glazes the pieces?", "I do, with a brush."]
    with pytest.raises(applying.ApplicationMoved):
        applying.answer(caller, application.pk, text="And I fire them.", request_key="b")


@pytest.mark.spec("HAND-08")
def test_two_people_never_decide_the_same():
    application, _caller = make_application()
    keiko, grete = reviewer(), make_caller(role=Role.OPERATOR)
    taken = reviewing.take(keiko, application.pk, revision=application.revision)
    with pytest.raises(reviewing.SeenTooOld):
        reviewing.take(grete, application.pk, revision=application.revision)
    with pytest.raises(reviewing.OthersReview):
        reviewing.decline(grete, application.pk, reason="No.", revision=taken.revision)
    over = reviewing.take(grete, application.pk, revision=taken.revision)
    with pytest.raises(reviewing.SeenTooOld):
        reviewing.approve(keiko, application.pk, revision=taken.revision)
    reviewing.decline(grete, application.pk, reason="Bought at a fair.", revision=over.revision)
    with pytest.raises(reviewing.SeenTooOld):
        reviewing.approve(grete, application.pk, revision=over.revision)
    application.refresh_from_db()
    assert (application.state, application.decision_reason) == (State.DECLINED, "Bought at a fair.")
    assert [e.verb for e in history.events_for(application)][:2] == ["application.declined", "application.taken_over"]


def test_a_declined_applicant_reads_why_and_may_apply_again():
    application, caller = make_application()
    keiko = reviewer()
    taken = reviewing.take(keiko, application.pk, revision=application.revision)
    with pytest.raises(reviewing.WordsMissing):
        reviewing.decline(keiko, application.pk, reason="  ", revision=taken.revision)
    reviewing.decline(keiko, application.pk, reason="The photos are stock pictures.", revision=taken.revision)
    assert "stock pictures" in mails_to(caller.person)[0]
    again = applying.start(caller)
    assert again.pk != application.pk
    assert queries.my_application(caller) == again
    assert queries.earlier_of(again) == [application]


def test_near_duplicate_photos_of_other_applicants_are_shown():
    import cv2
    import numpy as np

    first, _a = make_application()
    stock = photo(seed=77)
    other = june()
    draft = applying.start(other)
    applying.add_photo(other, draft.pk, kind=PhotoKind.WORKSPACE, data=stock, name="stock.jpg")
    caller = june()
    mine = applying.start(caller)
    decoded = cv2.imdecode(np.frombuffer(stock, np.uint8), cv2.IMREAD_COLOR)
    smaller = cv2.imencode(".jpg", cv2.resize(decoded, (500, 500), interpolation=cv2.INTER_AREA))[1].tobytes()
    near = applying.add_photo(caller, mine.pk, kind=PhotoKind.WORKSPACE, data=smaller, name="mine.jpg")
    same = applying.add_photo(caller, mine.pk, kind=PhotoKind.PROCESS, data=stock, name="same.jpg")
    found = queries.lookalikes(mine)
    assert [look.photo.application for look in found[same.pk]] == [draft]
    assert found[same.pk][0].is_same
    assert [look.photo.application for look in found[near.pk]] == [draft]
    assert not found[near.pk][0].is_same
    assert queries.lookalikes(first) == {}


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("stranger", Denied),
        ("applicant", Denied),
        ("support", Denied),
        ("reviewer", None),
        ("operator", None),
        ("own", reviewing.OwnApplication),
    ],
)
def test_only_a_handmade_reviewer_decides(who, refusal):
    application, applicant = make_application()
    staff = {"support": Role.SUPPORT, "reviewer": Role.HANDMADE_REVIEWER, "operator": Role.OPERATOR}
    callers = {"stranger": june, "applicant": lambda: applicant}
    if who == "own":
        keiko = make_caller(make_staff(Role.HANDMADE_REVIEWER))
        application, _same = make_application(keiko)
        caller = keiko
    else:
        caller = callers[who]() if who in callers else make_caller(role=staff[who])
    if refusal is None:
        assert reviewing.take(caller, application.pk, revision=application.revision).state == State.IN_REVIEW
        return
    with pytest.raises(refusal):
        reviewing.take(caller, application.pk, revision=application.revision)


def test_a_strangers_application_is_not_found():
    application, _caller = make_application()
    with pytest.raises(NotFound):
        applying.save(june(), application.pk, answers={})
    draft = applying.start(june())
    with pytest.raises(NotFound):
        queries.application_at_desk(reviewer(), draft.pk)
    assert list(queries.queue(reviewer())) == [application]


def test_a_maker_has_nothing_to_apply_for():
    _maker, caller = make_maker()
    with pytest.raises(applying.AlreadyMaker):
        applying.start(caller)


def test_the_database_holds_one_application_under_way():
    from django.db import IntegrityError, transaction

    caller = june()
    applying.start(caller)
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.create(applicant=caller.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.create(applicant=make_person(), state="approved")
