"""J25: announcements: a draft in time, one on short notice, routing, two rounds, a decision, and an agency's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from fondaco.cases.models import Case
from fondaco.engine import clock
from fondaco.makers.models import Announcement
from fondaco.makers.tests.factories import mails_to, make_maker_of, word
from fondaco.sellers.demo import ensure_personas
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import MemberRole, Role
from fondaco.sellers.tests.factories import make_member, make_person, make_seller, make_staff

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.spec("HAND-25", "HAND-26", "HAND-27", "HAND-28", "HAND-29", "Q-47", "Q-48", "Q-49", "B-HAND-17"),
]


def words(page: Any) -> str:
    return " ".join(page.locator("main").inner_text().split())


def open_case(page: Any, draft: Path, issue: str) -> None:
    """Contact Us → Handmade Support → PR review."""
    page.goto(reverse("cases:contact"))
    page.get_by_role("link", name="review of an announcement").click()
    page.set_input_files("input[name=draft]", draft)
    page.locator("input[name=issue_date]").fill(issue)
    page.get_by_label("We wrote it ourselves").check()
    page.get_by_role("button", name="Open the case").click()


def test_j25_an_announcement_is_reviewed(signed_in_page, shoot, tmp_path, check_axe) -> None:
    people = ensure_personas()
    june, rafael, nora, sofia, victor = (people[k] for k in ("juniper", "agency", "support", "pr", "stakeholder"))
    juniper = SellerAccount.objects.get(display_name="Juniper Clay")
    make_maker_of(juniper, june)
    second = make_staff(Role.STAKEHOLDER, name="Wanda Ito")
    (tmp_path / "news.pdf").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "renamed.docx").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "news.docx").write_bytes(word("Juniper Clay opens.", "The best pottery in the country."))
    (tmp_path / "news-2.docx").write_bytes(word("Juniper Clay opens.", "The pottery of a Vancouver boathouse."))

    # 1. Contact Us → PR review, issue date 20 May 2022; a PDF is refused, a .docx accepted on 6 May 2022
    clock.set_to(at=datetime(2022, 5, 6, 17, tzinfo=UTC))
    page = signed_in_page(june)
    open_case(page, tmp_path / "news.pdf", "2022-05-20")
    assert "not of the kind that is needed" in words(page)
    assert page.locator("input[name=issue_date]").input_value() == "2022-05-20"  # the rest is kept
    open_case(page, tmp_path / "renamed.docx", "2022-05-20")
    assert not Case.objects.exists()
    open_case(page, tmp_path / "news.docx", "2022-05-20")
    page.wait_for_url("**/seller/cases/*/")
    first = Announcement.objects.get()
    assert (first.is_short_notice, first.issue_date, first.state) == (False, date(2022, 5, 20), "submitted")
    assert "It has no reviewer yet." in words(page)

    # 2. The same on 7 May → accepted, marked "short notice, less than two weeks"
    clock.set_to(at=datetime(2022, 5, 7, 17, tzinfo=UTC))
    open_case(page, tmp_path / "news.docx", "2022-05-20")
    page.wait_for_url("**/seller/cases/*/")
    assert "Short notice, less than two weeks" in words(page)
    short = Announcement.objects.get(is_short_notice=True)
    page.goto(reverse("makers:announcements"))
    assert page.get_by_role("row").filter(has_text=short.number).get_by_text("Short notice").is_visible()
    shoot(page, "announcements")

    # an earlier day of issue is checked again; one in the past is refused
    page.goto(reverse("makers:announcement", args=[first.number]))
    page.locator("input[name=issue_date]").fill("2022-05-01")
    page.get_by_role("button", name="Change the day").click()
    assert "lies in the past" in words(page)
    page.locator("input[name=issue_date]").fill("2022-05-18")
    page.get_by_role("button", name="Change the day").click()
    page.get_by_text("The planned day is changed.").wait_for()
    first.refresh_from_db()
    assert first.is_short_notice  # 6 May + 14 is after 18 May

    # 3. Support connects it to a PR reviewer → maker sees the name and status
    desk = signed_in_page(nora)
    desk.goto(reverse("cases:desk_case", args=[first.case.number]))
    desk.get_by_label("Connect with").select_option(label="Sofia Marin")
    desk.get_by_role("button", name="Connect", exact=True).click()
    desk.get_by_text("Sofia Marin reviews it.").wait_for()
    page.goto(reverse("makers:announcement", args=[first.number]))
    assert "Sofia Marin" in words(page)
    assert page.get_by_text("Assigned", exact=True).first.is_visible()

    # 4. Reviewer routes it to two stakeholders → they see only this draft and comment
    review = signed_in_page(sofia)
    review.goto(reverse("makers:drafts"))
    review.get_by_role("link", name=first.number).click()
    for name in ("Victor Lund", "Wanda Ito"):
        review.get_by_label("Stakeholder").select_option(label=name)
        review.get_by_label("What should they look at?").fill("Is the second sentence true?")
        review.get_by_role("button", name="Route the draft").click()
        review.get_by_text("Done.").wait_for()
    shoot(review, "draft-at-desk", whole=True)
    check_axe(review)
    for person, said in ((victor, "No, it is not."), (second, "It needs a source.")):
        seat = signed_in_page(person)
        seat.goto(reverse("makers:drafts"))
        assert seat.locator("tbody tr").count() == 1
        assert seat.goto(reverse("makers:draft", args=[short.number])).status == 404
        seat.goto(reverse("makers:draft", args=[first.number]))
        seat.locator("#p1 summary").click()
        seat.locator("#p1 textarea").fill(said)
        seat.locator("#p1").get_by_role("button", name="Remark").click()
        seat.get_by_text(said).wait_for()
        seat.get_by_role("button", name="I have nothing to add").click()
        seat.get_by_text("Done.").wait_for()
    page.goto(reverse("makers:announcement", args=[first.number]))
    assert "It needs a source." not in words(page)  # until the reviewer passes it on

    # 5. Reviewer requests changes; maker uploads round two; reviewer clears it → maker notified, decision stored
    review.goto(reverse("makers:draft", args=[first.number]))
    review.locator("#p1 .remark").filter(has_text="It needs a source.").get_by_role("button").click()
    review.get_by_text("Shared with the maker").first.wait_for()
    review.get_by_label("Reply to the maker").fill("Please rephrase the second sentence.")
    review.get_by_role("button", name="Request changes").click()
    review.get_by_text("Done.").wait_for()
    page.reload()
    assert "It needs a source." in words(page)
    assert "Please rephrase the second sentence." in words(page)
    page.set_input_files("input[name=draft]", tmp_path / "news-2.docx")
    page.get_by_role("button", name="Send the next round").click()
    page.get_by_text("The next round is with the reviewer.").wait_for()
    review.goto(reverse("makers:draft", args=[first.number]))
    assert review.locator("del").filter(has_text="best").count() >= 1
    assert review.locator("ins").filter(has_text="boathouse").count() >= 1
    shoot(review, "draft-difference", whole=True)
    review.get_by_label("Reply to the maker").fill("Fine now.")
    review.get_by_role("button", name="Clear it").click()
    review.get_by_text("Done.").wait_for()
    first.refresh_from_db()
    assert (first.state, first.decision, first.decided_by) == ("cleared", "Fine now.", sofia)
    assert "may be issued as it stands" in mails_to(june)[0]
    page.goto(reverse("makers:announcement", args=[first.number]))
    assert "Fine now." in words(page)

    # 6. An agency submits for another maker → that maker sees it and its status
    owner = make_person("Tove Lind")
    other = make_seller("Lind Weaving", owner=owner)
    make_maker_of(other, owner)
    make_member(rafael, other, MemberRole.AGENCY)
    (tmp_path / "lind.docx").write_bytes(word("Lind Weaving weaves for the marketplace."))
    agency = signed_in_page(rafael)
    agency.goto(reverse("makers:announcements"))
    agency.locator("summary[aria-label='Your account']").click()
    agency.get_by_role("button", name="Lind Weaving").click()
    agency.wait_for_load_state()
    agency.goto(reverse("makers:announcements"))
    agency.get_by_role("link", name="Submit a draft").first.click()
    assert "In the name of Lind Weaving." in words(agency)
    agency.set_input_files("input[name=draft]", tmp_path / "lind.docx")
    agency.locator("input[name=issue_date]").fill("2022-04-01")
    agency.get_by_label("A contracted agency").check()
    agency.get_by_role("button", name="Submit", exact=True).click()
    assert "lies in the past" in words(agency)
    assert "lind.docx" in words(agency)  # the draft is kept: only the day is to be put right
    agency.locator("input[name=issue_date]").fill("2022-07-01")
    agency.get_by_role("button", name="Submit", exact=True).click()
    agency.get_by_text("Your draft is submitted.").wait_for()
    sent = Announcement.objects.get(seller=other)
    assert (sent.author, sent.submitted_by, sent.is_short_notice) == ("agency", rafael, False)
    assert "submitted an announcement in the name of Lind Weaving" in mails_to(owner)[0]
    weaver = signed_in_page(owner)
    weaver.goto(reverse("makers:announcements"))
    assert weaver.get_by_role("row").filter(has_text=sent.number).get_by_text("Submitted").is_visible()
    assert "Rafael Voss" in words(weaver)
    agency.goto(reverse("makers:announcement", args=[sent.number]))
    assert "Lind Weaving" in words(agency)
    assert page.troubles == []
