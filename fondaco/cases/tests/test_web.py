"""Contact Us, the list, the page of a case and the desk."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from fondaco.cases import checks, operations
from fondaco.cases.models import Case
from fondaco.cases.prefill import contact_url
from fondaco.cases.rules import CONTENTS, CaseType, Outcome
from fondaco.cases.tests.factories import COMPLETE, make_case
from fondaco.cases.tests.test_documents import DOCX
from fondaco.cases.web import words
from fondaco.sellers.models import Person
from fondaco.sellers.rules import MemberRole, Role
from fondaco.sellers.tests.factories import make_caller, make_member, make_person, make_seller, make_staff, owner_of

pytestmark = pytest.mark.django_db

MISSING = {
    "type": "missing_image",
    "steps_taken": "Looked at the page",
    "method": "portal",
    "asins": "F012345678\nF0ABCDEFGH",
    "request_key": "k",
}


@pytest.fixture
def seller():
    return make_seller()


@pytest.fixture
def browser(seller, client: Client) -> Client:
    client.force_login(owner_of(seller))
    return client


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(make_staff(Role.SUPPORT, name="Nora Feld"))
    return client


@pytest.fixture(autouse=True)
def _nothing_provided(monkeypatch):
    monkeypatch.setattr(checks, "_provided", {})


def _text(response) -> str:
    return response.content.decode()


@pytest.mark.spec("PLAT-06")
def test_contact_us_opens_a_case_with_thread_and_status(browser: Client) -> None:
    choices = _text(browser.get(reverse("cases:contact")))
    for case_type in CaseType:
        assert f"?type={case_type}" in choices
    assert 'name="steps_taken"' in _text(browser.get(reverse("cases:contact"), {"type": "missing_image"}))
    response = browser.post(reverse("cases:contact"), MISSING)
    case = Case.objects.get()
    assert response.url == reverse("cases:case", args=[case.number])
    browser.post(reverse("cases:contact"), MISSING)  # the button, pressed twice
    assert Case.objects.count() == 1
    page = _text(browser.get(response.url))
    for said in (case.number, "Open", "Looked at the page", "F012345678", "F0ABCDEFGH", "Opened the case."):
        assert said in page
    assert case.number in _text(browser.get(reverse("cases:list")))


@pytest.mark.spec("IMG-29", "IMG-30", "IMG-31", "Q-20")
@pytest.mark.parametrize(
    ("change", "label"),
    [
        ({"steps_taken": ""}, "Steps that you have taken"),
        ({"method": ""}, "How you manage your products"),
        ({"asins": " "}, "ASIN of each product"),
        ({"method": "inventory_data", "batch_id": ""}, "Batch ID"),
    ],
)
def test_the_form_blocks_a_case_without_a_required_content_and_names_it(browser: Client, change, label) -> None:
    response = browser.post(reverse("cases:contact"), {**MISSING, **change})
    assert response.status_code == 422
    page = _text(response)
    summary = page[page.index("error-summary") : page.index("</ul>", page.index("error-summary"))]
    assert label in summary
    assert "Looked at the page" in page or "steps_taken" in change  # nothing that was typed is lost
    assert not Case.objects.exists()


@pytest.mark.spec("Q-20")
def test_a_batch_of_somebody_else_is_refused(browser: Client, seller) -> None:
    checks.provide(known_batch=lambda account, number: account == seller and number == "123456789012")
    data = {**MISSING, "method": "inventory_data"}
    refused = browser.post(reverse("cases:contact"), {**data, "batch_id": "999999999999"})
    assert refused.status_code == 422
    assert "None of your uploads has this batch ID" in _text(refused)
    assert browser.post(reverse("cases:contact"), {**data, "batch_id": "123456789012"}).status_code == 302


@pytest.mark.parametrize("case_type", list(CaseType))
@pytest.mark.parametrize("language", ["en", "vi", "zh-hant"])
def test_the_form_of_every_type_opens_in_every_language(browser: Client, case_type, language) -> None:
    Person.objects.update(language=language)
    page = _text(browser.get(reverse("cases:contact"), {"type": str(case_type)}))
    with translation.override(language):
        wanted = [words.TYPES[case_type], *(words.ITEMS[item.name] for item in CONTENTS[case_type])]
        assert all(str(label) in page for label in wanted)
    with translation.override("en"):
        assert (f"<h1>{words.TYPES[case_type]}</h1>" in page) == (language == "en")


def test_a_link_fills_the_form_and_a_signed_one_carries_what_the_troubleshooter_found(browser: Client) -> None:
    plain = _text(browser.get(reverse("cases:contact"), {"type": "imaging_delayed", "asin": "F012345678"}))
    assert 'value="F012345678"' in plain
    contents = {"steps_taken": "Is there a picture on the page? No", "method": "portal", "asins": ["F012345678"]}
    url = contact_url(CaseType.MISSING_IMAGE, contents, origin="diagnosis:42")
    page = _text(browser.get(url))
    assert "Is there a picture on the page? No" in page
    assert 'value="diagnosis:42"' in page
    assert "F012345678</textarea>" in page
    forged = _text(browser.get(url[:-3] + "xyz"))
    assert "Is there a picture" not in forged
    browser.post(reverse("cases:contact"), {**MISSING, "origin": "diagnosis:42"})
    assert Case.objects.get().origin == "diagnosis:42"


def test_the_account_name_is_filled_in(browser: Client) -> None:
    assert 'value="Harbor Goods"' in _text(browser.get(reverse("cases:contact"), {"type": "no_model_imaging"}))


def test_a_word_draft_is_attached_and_comes_back_as_a_download_only(browser: Client, desk: Client) -> None:
    form = {"type": "pr_review", "issue_date": "2022-05-20", "author": "own", "request_key": "k"}
    renamed = SimpleUploadedFile("draft.docx", b"%PDF-1.7", content_type="application/msword")
    refused = browser.post(reverse("cases:contact"), {**form, "draft": renamed})
    assert refused.status_code == 422
    assert "not of the kind" in _text(refused)
    draft = SimpleUploadedFile("Thông cáo.docx", DOCX)
    assert browser.post(reverse("cases:contact"), {**form, "draft": draft}).status_code == 302
    case = Case.objects.get()
    url = reverse("cases:document", args=[case.number, case.contents["draft"]["sha256"]])
    for reader in (browser, desk):
        response = reader.get(url)
        assert response.content == DOCX
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in response.headers["Content-Security-Policy"]
    stranger = Client()
    stranger.force_login(owner_of(make_seller("Swift Outfitters")))
    assert stranger.get(url).status_code == 404


def _kept(response) -> str:
    return response.context["form"].data.get("kept", "")


@pytest.mark.spec("PLAT-06", "HAND-27")
def test_a_file_is_kept_while_something_else_is_put_right(browser: Client) -> None:
    form = {"type": "pr_review", "author": "own", "request_key": "k"}
    draft = SimpleUploadedFile("Thông cáo.docx", DOCX)
    no_day = browser.post(reverse("cases:contact"), {**form, "issue_date": "", "draft": draft})
    assert no_day.status_code == 422
    assert "Thông cáo.docx is kept" in _text(no_day)
    again = browser.post(reverse("cases:contact"), {**form, "issue_date": "no day", "kept": _kept(no_day)})
    assert "Thông cáo.docx is kept" in _text(again)
    forged = browser.post(reverse("cases:contact"), {**form, "issue_date": "2022-05-20", "kept": _kept(again)[:-2]})
    assert forged.status_code == 422
    assert "is kept" not in _text(forged)
    sent = browser.post(reverse("cases:contact"), {**form, "issue_date": "2022-05-20", "kept": _kept(again)})
    assert sent.status_code == 302
    assert Case.objects.get().contents["draft"]["name"] == "Thông cáo.docx"


def test_a_file_that_is_refused_itself_is_not_kept(browser: Client) -> None:
    form = {"type": "pr_review", "author": "own", "request_key": "k", "issue_date": "2022-05-20"}
    renamed = SimpleUploadedFile("draft.docx", b"%PDF-1.7", content_type="application/msword")
    refused = browser.post(reverse("cases:contact"), {**form, "draft": renamed})
    assert refused.status_code == 422
    assert "is kept" not in _text(refused)
    assert not _kept(refused)


def test_another_sellers_case_reads_as_not_found(browser: Client, seller) -> None:
    case = make_case(seller=seller)
    document = "a" * 64
    urls = [
        reverse("cases:case", args=[case.number]),
        reverse("cases:document", args=[case.number, document]),
        reverse("cases:desk_case", args=[case.number]),
        reverse("cases:desk"),
    ]
    for person in (owner_of(make_seller("Swift Outfitters")), make_person(), make_staff(Role.PHOTOGRAPHER)):
        stranger = Client()
        stranger.force_login(person)
        for url in urls:
            assert stranger.get(url).status_code == 404, url
        assert stranger.post(urls[0], {"text": "Hi"}).status_code == 404
        assert stranger.post(reverse("cases:withdraw", args=[case.number])).status_code == 404
        assert case.number not in _text(stranger.get(reverse("cases:list")))
    case.refresh_from_db()
    assert case.messages.count() == 1


def test_a_visitor_is_led_to_sign_in_and_back() -> None:
    response = Client().get(reverse("cases:contact"), {"type": "other"})
    assert response.status_code == 302
    assert "next=/seller/contact/%3Ftype%3Dother" in response.url


def test_a_viewer_reads_cases_and_opens_none(seller) -> None:
    person = make_person()
    make_member(person, seller, MemberRole.VIEWER)
    case = make_case(seller=seller)
    viewer = Client()
    viewer.force_login(person)
    page = _text(viewer.get(reverse("cases:case", args=[case.number])))
    assert 'name="text"' not in page
    assert viewer.get(reverse("cases:contact"), {"type": "missing_image"}).status_code == 403
    assert viewer.post(reverse("cases:contact"), MISSING).status_code == 403
    assert viewer.post(reverse("cases:case", args=[case.number]), {"text": "Hi"}).status_code == 422


@pytest.mark.spec("PLAT-06", "IMG-28")
def test_support_answers_and_closes_and_the_seller_sees_it(browser: Client, desk: Client, seller) -> None:
    case = make_case(make_caller(seller=seller))
    assert case.number in _text(desk.get(reverse("cases:desk")))
    page = _text(desk.get(reverse("cases:desk_case", args=[case.number])))
    for said in ("Looked at the page", "F012345678", "Add a Product or Manage Inventory", "Harbor Goods"):
        assert said in page
    url = reverse("cases:desk_case", args=[case.number])
    desk.post(url, {"answer-text": "We are looking.", "answer-request_key": "a", "verb": "answer"})
    seen = _text(browser.get(reverse("cases:case", args=[case.number])))
    assert "We are looking." in seen
    assert "Waiting for you" in seen
    browser.post(reverse("cases:case", args=[case.number]), {"text": "Thank you", "request_key": "b"})
    assert "Waiting for support" in _text(desk.get(reverse("cases:desk")))
    desk.post(url, {"close-outcome": "solved", "close-text": "It shows.", "verb": "close"})
    seen = _text(browser.get(reverse("cases:case", args=[case.number])))
    assert "Nora Feld closed the case: Solved" in seen
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "solved")


def test_the_lists_keep_one_state_and_say_when_there_is_nothing(browser: Client, desk: Client, seller) -> None:
    assert "No cases here" in _text(browser.get(reverse("cases:list")))
    caller = make_caller(seller=seller)
    open_case, closed = make_case(caller), make_case(caller)
    operations.close_case(caller, number=closed.number, outcome=Outcome.WITHDRAWN)
    for who, name in ((browser, "cases:list"), (desk, "cases:desk")):
        everything = _text(who.get(reverse(name)))
        assert open_case.number in everything
        assert closed.number in everything
        only = _text(who.get(reverse(name), {"state": "closed"}))
        assert closed.number in only
        assert open_case.number not in only


def test_an_empty_answer_is_shown_again_with_its_fault(desk: Client) -> None:
    case = make_case()
    response = desk.post(reverse("cases:desk_case", args=[case.number]), {"answer-text": " ", "verb": "answer"})
    assert response.status_code == 422


def test_withdrawing(browser: Client, seller) -> None:
    case = make_case(make_caller(seller=seller))
    assert browser.post(reverse("cases:withdraw", args=[case.number])).status_code == 302
    case.refresh_from_db()
    assert case.outcome == "withdrawn"


def test_somebody_without_an_account_may_ask_for_a_lost_invitation(client: Client) -> None:
    client.force_login(make_person())
    choices = _text(client.get(reverse("cases:contact")))
    assert "?type=lost_invitation" in choices
    assert "?type=missing_image" not in choices
    form = {"type": "lost_invitation", **COMPLETE[CaseType.LOST_INVITATION]}
    assert client.post(reverse("cases:contact"), form).status_code == 302
    assert Case.objects.get().seller is None
