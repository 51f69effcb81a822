"""What is refused with its reason, and what was filled in or handed over stays (issue: bad input)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fondaco.engine import clock
from fondaco.makers.models import Announcement, Application, Maker, ProfileVersion
from fondaco.makers.operations import inviting
from fondaco.makers.tests.factories import (
    ANSWERS,
    approve,
    make_application,
    make_maker_of,
    photo,
    secret_mailed_to,
    word,
)
from fondaco.sellers.access import caller_for
from fondaco.sellers.tests.factories import make_caller, make_person, make_seller

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def june(client: Client) -> Any:
    """A registered maker who is signed in."""
    person = make_person("June Clay")
    seller = make_seller("Juniper Clay", owner=person)
    make_maker_of(seller, person)
    client.force_login(person)
    return make_caller(person, seller=seller)


@pytest.mark.spec("B-HAND-06", "Q-43")
def test_another_letter_case_is_refused_and_the_link_stays_open(client: Client) -> None:
    person = make_person("June Clay", email="June@clay.example")
    seller = make_seller("Juniper Clay", owner=person)
    application, _caller = make_application(caller_for(person, seller_number=seller.number))
    approve(application)
    secret = secret_mailed_to("June@clay.example")
    other = make_person("June Clay", email="june@CLAY.example.net")
    client.force_login(other)
    url = reverse("makers:invitation", args=[secret])
    assert "signed in with another" in text_of(client.get(url))
    person.email = "june@clay.example"
    person.save(update_fields=["email"])
    client.force_login(person)
    refused = client.post(url, {"option": "professional", "seller": seller.number})
    assert refused.status_code == 403
    assert "differs in upper and lower case" in text_of(refused)
    person.email = "June@clay.example"
    person.save(update_fields=["email"])
    client.force_login(person)
    assert client.post(url, {"option": "professional", "seller": seller.number}).status_code == 302


@pytest.mark.spec("Q-43")
def test_an_expired_link_says_so_and_nothing_is_lost(client: Client) -> None:
    person = make_person("June Clay", email="june@clay.example")
    seller = make_seller("Juniper Clay", owner=person)
    application, _caller = make_application(caller_for(person, seller_number=seller.number))
    approve(application)
    client.force_login(person)
    clock.set_to(at=clock.now() + timedelta(days=31))
    answer = client.get(reverse("makers:invitation", args=[secret_mailed_to(person.email)]))
    assert answer.status_code == 410
    assert "This invitation expired on" in text_of(answer)
    application.refresh_from_db()
    assert (application.state, application.answers["business_name"]) == ("invited", "Juniper Clay")


@pytest.mark.spec("HAND-10", "HAND-11", "Q-43")
def test_a_second_registration_is_refused_on_the_same_and_on_another_account(client: Client) -> None:
    person = make_person("June Clay", email="june@clay.example")
    seller, second = make_seller("Juniper Clay", owner=person), make_seller("Juniper Glass", owner=person)
    application, _caller = make_application(caller_for(person, seller_number=seller.number))
    approve(application)
    secret = secret_mailed_to(person.email)
    client.force_login(person)
    url = reverse("makers:invitation", args=[secret])
    assert client.post(url, {"option": "professional", "seller": seller.number}).status_code == 302
    again = client.get(url)
    assert again.status_code == 410
    assert "This invitation has been used" in text_of(again)
    client.post(url, {"option": "professional", "seller": second.number})
    assert [m.seller for m in Maker.objects.all()] == [seller]
    with pytest.raises(inviting.AlreadyMaker):
        inviting.open_region(caller_for(person, seller_number=second.number))


@pytest.mark.spec("HAND-07")
def test_an_application_with_mistakes_keeps_every_answer_that_can_be_read(client: Client) -> None:
    client.force_login(make_person("June Clay"))
    wrong = {
        **ANSWERS,
        "team_size": "several",
        "handmade_percent": "140",
        "country": "VN",
        "verb": "send",
        "accepts_terms": "1",
    }
    answer = client.post(reverse("makers:apply"), wrong)
    assert answer.status_code == 422
    kept = Application.objects.get()
    assert kept.state == "draft"
    assert kept.answers["products_and_process"] == ANSWERS["products_and_process"]
    assert kept.answers["categories"] == ANSWERS["categories"]
    shown = client.get(reverse("makers:apply")).content.decode()
    assert ANSWERS["products_and_process"] in shown


@pytest.mark.spec("HAND-25", "Q-47")
def test_a_day_in_the_past_is_refused_and_the_draft_is_kept(client: Client, june: Any) -> None:
    clock.set_to(at=datetime(2022, 5, 6, 17, tzinfo=UTC))
    url = reverse("makers:announcement_new")
    draft = SimpleUploadedFile("spring.docx", word("Juniper Clay opens."))
    refused = client.post(url, {"draft": draft, "issue_date": "2022-05-01", "author": "own", "plan": "Radio"})
    assert refused.status_code == 422
    assert "lies in the past" in text_of(refused)
    assert "spring.docx is kept" in text_of(refused)
    assert "Radio" in refused.content.decode()
    token = re.search(r'name="kept" value="([^"]+)"', refused.content.decode())
    assert token
    sent = client.post(url, {"kept": token[1], "issue_date": "2022-05-20", "author": "own", "plan": "Radio"})
    assert sent.status_code == 302
    row = Announcement.objects.get()
    assert row.rounds.get().paragraphs == ["Juniper Clay opens."]
    assert row.rounds.get().file_name == "spring.docx"
    forged = client.post(url, {"kept": token[1][:-3] + "abc", "issue_date": "2022-05-20", "author": "own"})
    assert "Choose the file of your draft." in text_of(forged)


@pytest.mark.spec("HAND-27", "Q-48")
@pytest.mark.parametrize(
    ("data", "words"),
    [(b"%PDF-1.7\n", "Word document"), (b"", ""), (b"MZ\x90\0", "Word document"), (word()[:500], "")],
)
def test_a_draft_that_is_none_is_refused_and_the_rest_of_the_form_stays(
    client: Client, june: Any, data: bytes, words: str
) -> None:
    day = (clock.now() + timedelta(days=40)).date().isoformat()
    draft = SimpleUploadedFile("a.docx", data)
    answer = client.post(
        reverse("makers:announcement_new"), {"draft": draft, "issue_date": day, "author": "own", "plan": "Two papers"}
    )
    assert answer.status_code == 422
    assert words in text_of(answer)
    shown = answer.content.decode()
    assert day in shown
    assert "Two papers" in shown
    assert not Announcement.objects.exists()


@pytest.mark.spec("HAND-25", "Q-47")
def test_a_day_moved_into_the_past_is_refused_and_an_earlier_one_is_checked_again(client: Client, june: Any) -> None:
    clock.set_to(at=datetime(2022, 5, 6, 17, tzinfo=UTC))
    draft = SimpleUploadedFile("spring.docx", word())
    new = reverse("makers:announcement_new")
    client.post(new, {"draft": draft, "issue_date": "2022-06-20", "author": "own"})
    row = Announcement.objects.get()
    url = reverse("makers:announcement", args=[row.number])
    refused = client.post(url, {"verb": "date", "issue_date": "2022-05-05"})
    assert refused.status_code == 422
    assert "lies in the past" in text_of(refused)
    row.refresh_from_db()
    assert (row.issue_date.isoformat(), row.is_short_notice) == ("2022-06-20", False)
    assert client.post(url, {"verb": "date", "issue_date": "2022-05-12"}).status_code == 302
    row.refresh_from_db()
    assert row.is_short_notice
    assert row.rounds.count() == 1


@pytest.mark.spec("HAND-16", "B-HAND-08")
def test_a_small_profile_picture_is_refused_and_the_words_are_kept(client: Client, june: Any) -> None:
    url = reverse("makers:profile")
    values = {
        "name": "Juniper Clay",
        "slug": "juniper",
        "store": "US",
        "language": "en",
        "story": "I came to clay at nine.",
    }
    small = SimpleUploadedFile("small.jpg", photo(size=199), content_type="image/jpeg")
    refused = client.post(url, {**values, "inspiration": "Tides.", "portrait_file": small})
    assert refused.status_code == 422
    assert "199 pixels; it needs at least 200" in text_of(refused)
    assert "I came to clay at nine." in refused.content.decode()
    assert not ProfileVersion.objects.exists()
    large = SimpleUploadedFile("large.jpg", photo(), content_type="image/jpeg")
    linked = client.post(url, {**values, "inspiration": "See www.other.com", "portrait_file": large})
    assert "leads to another business" in text_of(linked)
    token = re.search(r'name="portrait_kept" value="([^"]+)"', linked.content.decode())
    assert token, "the picture need not be chosen again"
    assert client.post(url, {**values, "inspiration": "Tides.", "portrait_kept": token[1]}).status_code == 302
    assert ProfileVersion.objects.get().content["portrait"]["picture"]
