"""What this domain adds to support cases: lost invitations and announcements (HAND-12, HAND-26)."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.http import HttpRequest

from fondaco import policy
from fondaco.cases import checks, hooks
from fondaco.cases.models import Case
from fondaco.cases.rules import CaseType
from fondaco.cases.web import panels
from fondaco.engine import clock, files
from fondaco.kit.errors import Refusal
from fondaco.makers.models import Announcement
from fondaco.makers.operations import announcing, documents
from fondaco.makers.operations.announcing import IssueDatePast
from fondaco.makers.queries.applications import invited_with
from fondaco.makers.rules.announcement import notice
from fondaco.makers.rules.application import State
from fondaco.makers.rules.invitation import Match, match
from fondaco.makers.words import PR_STATES, PR_TONES, STATES, TONES
from fondaco.policy import store_of
from fondaco.sellers.access import Request, caller_for
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.queries import staff_with
from fondaco.sellers.rules import Role
from fondaco.web.refusals import spoken


def register() -> None:
    """Called once, when the app is loaded."""
    checks.provide(draft_fault=draft_fault, issue_date_fault=issue_date_fault)
    hooks.when_opened(CaseType.PR_REVIEW, announcement_opened)
    panels.panel(CaseType.PR_REVIEW)(announcement_panel)
    panels.panel(CaseType.LOST_INVITATION)(invitation_panel)


def announcement_opened(case: Case) -> None:
    """The announcement of a case, made with the case, in the name of who opened it."""
    number = case.seller.number if case.seller else ""
    announcing.from_case(caller_for(case.opened_by, seller_number=number), case)


def draft_fault(seller: SellerAccount | None, sha256: str) -> str:
    """What is wrong with a kept draft, in the reader's language; empty when nothing is."""
    try:
        documents.judged(files.read("documents", sha256), at=clock.now())
    except Refusal as refusal:
        said = spoken(refusal)
        return f"{said.words} {said.fix}".strip()
    return ""


def issue_date_fault(seller: SellerAccount | None, day: str) -> str:
    """What is wrong with a planned day, in the reader's language."""
    store, at = store_of(seller.store if seller else "US"), clock.now()
    issue_on = date.fromisoformat(day)
    days = policy.value("pr.lead_days", store.code, at=at).value
    if not notice(submitted_at=at, issue_on=issue_on, lead_days=days, zone=store.zone).is_past:
        return ""
    said = spoken(IssueDatePast(issue_date=issue_on))
    return f"{said.words} {said.fix}"


def announcement_panel(request: HttpRequest, case: Case, at_desk: bool) -> dict[str, Any] | None:
    """On a case about an announcement: its state, and for support whom to connect."""
    found = Announcement.objects.filter(case=case).select_related("reviewer", "seller").first()
    if found is None:
        return None
    may_connect = at_desk and cast(Request, request).caller.has(Role.SUPPORT, Role.OPERATOR)
    return {
        "template": "makers/case_announcement.html",
        "announcement": found,
        "state": PR_STATES[found.state],
        "tone": PR_TONES[found.state],
        "at_desk": at_desk,
        "reviewers": staff_with(Role.PR_REVIEWER) if may_connect and found.state != "cleared" else [],
    }


def invitation_panel(request: HttpRequest, case: Case, at_desk: bool) -> dict[str, Any] | None:
    """On a case about a lost invitation: the applications with that address, and the button that re-issues."""
    if not at_desk:
        return None
    email = str(case.contents.get("application_email", ""))
    rows = [
        {
            "application": found,
            "state": STATES[found.state],
            "tone": TONES[found.state],
            "is_invited": found.state == State.INVITED,
            "is_exact": found.email == email,
            "is_of_writer": found.applicant_id == case.opened_by_id,
            "other_case": found.applicant.email
            if match(invited=found.email, signed_in=found.applicant.email) is Match.OTHER_CASE
            else "",
        }
        for found in invited_with(cast(Request, request).caller, email)
    ]
    return {"template": "makers/case_invitation.html", "rows": rows, "email": email}
