"""The announcements team and the stakeholders: drafts, remarks, routing and the decision (HAND-26, HAND-28, HAND-29)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco import history
from fondaco.kit.errors import Refusal
from fondaco.makers import words
from fondaco.makers.models import Announcement
from fondaco.makers.operations import announcing
from fondaco.makers.queries import announcements as queries
from fondaco.makers.rules.announcement import OPEN, State
from fondaco.makers.web.announcements import draft_context, row_of
from fondaco.sellers.access import Request
from fondaco.sellers.queries import staff_with
from fondaco.sellers.rules import Role
from fondaco.web.access import require_role
from fondaco.web.refusals import spoken


@require_role(*queries.TEAM, Role.STAKEHOLDER)
def drafts(request: Request) -> HttpResponse:
    """The queue, the longest in its state first; a stakeholder's holds only what was routed to them."""
    wanted = request.GET.get("show", "open")
    states = (State.CLEARED,) if wanted == "cleared" else OPEN
    rows = [row_of(a) for a in queries.desk(request.caller, states=states)[:200]]
    context = {
        "rows": rows,
        "tabs": [
            {"label": _("Under review"), "url": "?show=open", "current": wanted != "cleared"},
            {"label": words.PR_STATES[State.CLEARED], "url": "?show=cleared", "current": wanted == "cleared"},
        ],
        "is_team": request.caller.has(*queries.TEAM),
    }
    return render(request, "makers/drafts.html", context)


@require_role(*queries.TEAM, Role.STAKEHOLDER)
def draft(request: Request, number: str) -> HttpResponse:
    """One draft. Opening it as its reviewer begins the review."""
    found = queries.announcement_at_desk(request.caller, number)
    is_team = request.caller.has(*queries.TEAM)
    if request.method == "POST":
        return _acted(request, found)
    if is_team:
        found = announcing.begin(request.caller, number=number)
    person = request.caller.require_person()
    asked = found.routings.filter(stakeholder=person, done_at=None).first()
    context: dict[str, Any] = {
        **row_of(found),
        **draft_context(found, request.GET.get("round", ""), shared_only=False),
        "is_team": is_team,
        "at_desk": True,
        "is_mine": found.reviewer_id == person.pk,
        "asked": asked,
        "in_review": found.state == State.IN_REVIEW,
        "is_routed": found.state == State.ROUTED,
        "may_route": found.state in (State.IN_REVIEW, State.ROUTED),
        "may_comment": found.state != State.CLEARED and (is_team or asked is not None),
        "routings": found.routings.select_related("stakeholder").order_by("routed_at"),
        "stakeholders": staff_with(Role.STAKEHOLDER) if is_team else [],
        "reviewers": staff_with(Role.PR_REVIEWER) if is_team else [],
        "events": history.timeline(found),
    }
    return render(request, "makers/draft.html", context)


@require_POST
@require_role(Role.SUPPORT, *queries.TEAM)
def connect(request: Request, number: str) -> HttpResponse:
    """Give an announcement its reviewer; from a support case back to that case."""
    row = announcing.connect(request.caller, number=number, reviewer_id=request.POST.get("reviewer", ""))
    messages.success(request, _("%(reviewer)s reviews it now.") % {"reviewer": row.reviewer})
    case = request.POST.get("case", "")
    if case.isdigit():
        return redirect("cases:desk_case", case)
    return redirect("makers:draft", number)


def _acted(request: Request, found: Announcement) -> HttpResponse:
    post, caller, number = request.POST, request.caller, found.number
    verb = post.get("verb", "")
    revision = int(post.get("revision", "")) if post.get("revision", "").isdigit() else -1
    text, key = post.get("text", ""), post.get("request_key", "")[:64]
    try:
        if verb == "comment":
            at = post.get("paragraph", "")
            announcing.comment(
                caller,
                number=number,
                text=text,
                paragraph=int(at) if at.isdigit() and len(at) < 7 else None,
                is_shared=bool(post.get("is_shared")),
                request_key=key,
            )
        elif verb == "share":
            announcing.share(caller, number=number, comment_id=post.get("comment", ""))
        elif verb == "route":
            announcing.route(
                caller, number=number, stakeholder_id=post.get("stakeholder", ""), question=text, revision=revision
            )
        elif verb == "done":
            announcing.finish_routing(caller, number=number)
        elif verb == "recall":
            announcing.recall(caller, number=number, revision=revision)
        elif verb == "changes":
            announcing.request_changes(caller, number=number, text=text, revision=revision)
        elif verb == "clear":
            announcing.clear(caller, number=number, text=text, revision=revision)
    except Refusal as refusal:
        if refusal.STATUS == 404:
            raise
        said = spoken(refusal)
        messages.error(request, f"{said.words} {said.fix}".strip())
    else:
        messages.success(request, _("Done."))
    anchor = f"#p{post['paragraph']}" if post.get("paragraph", "").isdigit() else ""
    response = redirect("makers:draft", number)
    response.headers["Location"] += anchor
    return response
