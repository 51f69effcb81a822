"""Every page of makers answers, for who may open it and in three languages, and for nobody else."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from fondaco.catalogue.operations import NewImage, add_product
from fondaco.catalogue.tests.factories import make_jpeg, make_offer
from fondaco.engine import clock
from fondaco.engine.testing import run_tasks
from fondaco.makers.models import ProfileVersion
from fondaco.makers.operations import announcing, applying, profile
from fondaco.makers.operations import listing as listing_operations
from fondaco.makers.rules.announcement import Author
from fondaco.makers.tests.factories import VASE, make_application, make_maker, photo, reviewer, word
from fondaco.sellers.rules import Role
from fondaco.sellers.tests.factories import make_caller, make_person, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Any:
    """A maker with everything, an applicant, and staff."""
    maker, june = make_maker()
    added = add_product(june, sku="VASE", pictures=[NewImage(data=make_jpeg())], **VASE)
    old = make_offer(june, sku="BOWL", title="Bowl")
    run_tasks()
    portrait = profile.take_portrait(data=photo(), name="june.jpg")
    texts = {"CA": {"en": {"inspiration": "Rivers.", "story": "I began at nine.", "process": "A wheel."}}}
    version = profile.send(
        june, profile.NewProfile(name="Juniper Clay", slug="juniper", portrait=portrait.pk, texts=texts)
    )
    run_tasks()
    surfaces = [
        {
            "name": "Front",
            "picture": "",
            "items": [
                {"kind": "text", "label": "Name", "max": 20},
                {"kind": "configuration", "label": "Glaze", "options": ["Moss", "Snow"]},
            ],
        }
    ]
    listing_operations.save_customisation(june, asin=added.product.asin, definition={"surfaces": surfaces})
    draft = announcing.submit(
        june,
        data=word(),
        file_name="news.docx",
        issue_date=clock.now().date() + timedelta(days=30),
        author=Author.OWN,
    )
    pr = make_staff(Role.PR_REVIEWER)
    announcing.connect(make_caller(role=Role.SUPPORT), number=draft.number, reviewer_id=pr.pk)
    application, applicant = make_application()
    return SimpleNamespace(
        maker=maker,
        june=june,
        vase=added.product,
        old=old,
        version=version,
        draft=draft,
        pr=pr,
        application=application,
        applicant=applicant,
        keiko=reviewer().person,
    )


def pages(m: Any) -> dict[str, list[tuple[Any, str]]]:
    asin, number = m.vase.asin, m.draft.number
    return {
        "maker": [
            (m.june.person, reverse(f"makers:{name}"))
            for name in (
                *("home", "registered", "regions", "vacation", "suggestions", "guidance", "profile", "profile_preview"),
                *("listings", "not_found", "relist", "announcements", "announcement_new"),
            )
        ]
        + [
            (m.june.person, reverse("makers:listing", args=[asin])),
            (m.june.person, reverse("makers:customise", args=[asin])),
            (m.june.person, f"{reverse('makers:not_found')}?asin={asin}&q=vase"),
            (m.june.person, reverse("makers:relist_wizard", args=[m.old.pk])),
            (m.june.person, reverse("makers:announcement", args=[number])),
        ],
        "applicant": [(m.applicant.person, reverse("makers:home"))],
        "desk": [
            (m.keiko, reverse("makers:review")),
            (m.keiko, f"{reverse('makers:review')}?show=registered"),
            (m.keiko, reverse("makers:review_application", args=[m.application.pk])),
            (m.keiko, reverse("makers:review_profiles")),
            (m.keiko, reverse("makers:review_profile", args=[m.version.pk])),
            (m.keiko, reverse("makers:review_listings")),
            (m.keiko, reverse("makers:review_listing", args=[asin])),
        ],
        "pr": [(m.pr, reverse("makers:drafts")), (m.pr, reverse("makers:draft", args=[number]))],
        "public": [(None, reverse("makers:makers")), (None, reverse("makers:maker", args=["juniper"]))],
    }


@pytest.mark.parametrize("language", ["en", "vi", "zh-hant"])
def test_every_page_answers(client, market, language):
    for group in pages(market).values():
        for person, url in group:
            client.logout()
            if person is not None:
                person.language = language
                person.save()
                client.force_login(person)
            answer = client.get(url, headers={"Accept-Language": language})
            assert answer.status_code == 200, (url, answer.status_code)
            assert "%(" not in answer.content.decode(), url


def test_pages_of_one_role_are_not_found_by_another(client, market):
    stranger = make_person("Stranger")
    for group, rows in pages(market).items():
        for _person, url in rows:
            client.logout()
            if group == "public":
                continue
            assert client.get(url).status_code == 302, url
            client.force_login(stranger)
            status = client.get(url).status_code
            open_to_all = {reverse("makers:home"), reverse("makers:regions"), reverse("makers:announcements")}
            assert status in ((200,) if url in open_to_all else (403, 404)), (url, status)


def test_a_draft_form_keeps_what_was_filled_in_when_it_cannot_be_sent(client):
    caller = make_caller(make_person("Ana"))
    client.force_login(caller.person)
    url = reverse("makers:apply")
    assert client.get(url).status_code == 200
    answer = client.post(
        url, {"verb": "send", "business_name": "Ana’s pots", "team_size": "some", "accepts_terms": "1"}
    )
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "Ana’s pots" in body
    assert "Who may apply" in body
    assert applying.start(caller).answers["business_name"] == "Ana’s pots"
    assert ProfileVersion.objects.count() == 0
