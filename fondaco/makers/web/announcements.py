"""Announcements on the maker's side and the agency's: sending in, what was said, the next round."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fondaco import history, policy
from fondaco.engine import clock
from fondaco.kit.errors import NotFound, Refusal
from fondaco.makers import words
from fondaco.makers.models import Announcement, Comment, DraftRound
from fondaco.makers.operations import announcing, documents
from fondaco.makers.queries import announcements as queries
from fondaco.makers.rules.announcement import Author, State
from fondaco.makers.rules.difference import difference
from fondaco.makers.web.forms import AnnouncementForm, DateForm, RoundForm
from fondaco.makers.web.review import download
from fondaco.policy import store_of
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web.access import signed_in
from fondaco.web.forms import refuse_with
from fondaco.web.paging import page_of


@signed_in
def listing(request: Request) -> HttpResponse:
    """Everything of the maker's accounts, whoever sent it in."""
    page = page_of(queries.announcements_of(request.caller), request=request, order=("-submitted_at", "-id"), size=25)
    context = {
        "page": page,
        "rows": [row_of(a) for a in page],
        "may_submit": bool(request.caller.seller and request.caller.may(Capability.SUBMIT_PR)),
    }
    return render(request, "makers/announcements.html", context)


@signed_in
def new(request: Request) -> HttpResponse:
    """Send a draft in."""
    seller = request.caller.require_seller(Capability.SUBMIT_PR)
    form = AnnouncementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        data, name = form.file()
        try:
            made = announcing.submit(
                request.caller,
                data=data,
                file_name=name,
                issue_date=given["issue_date"],
                author=Author(given["author"]),
                plan=given["plan"],
                request_key=given["request_key"],
            )
        except Refusal as refusal:
            field = (
                "issue_date"
                if refusal.CODE == "issue_date_past"
                else "draft"
                if refusal.CODE.startswith("draft_")
                else None
            )
            refuse_with(form, refusal, field)
            if field != "draft":
                form.keep(data, name)
        else:
            messages.success(request, _("Your draft is submitted."))
            return redirect("makers:announcement", made.number)
    elif request.method == "POST":
        _hold(form)
    at, store = clock.now(), store_of(seller.store)
    days = policy.value("pr.lead_days", seller.store, at=at).value
    held = getattr(form, "held", None)
    context = {
        "form": form,
        "held": held[1] if held and "draft" not in form.errors else "",
        "seller": seller,
        "days": days,
        "earliest": at.astimezone(store.zone).date() + timedelta(days=days),
        "zone": store.zone.key,
    }
    return render(request, "makers/announcement_new.html", context, status=422 if form.errors else 200)


def _hold(form: AnnouncementForm) -> None:
    """Keeps a draft that came with a form in which something else is wrong; tells at once what is wrong with the draft."""
    upload = form.cleaned_data.get("draft")
    if not upload:
        return
    data = upload.read()
    try:
        documents.judged(data, at=clock.now())
    except Refusal as refusal:
        refuse_with(form, refusal, "draft")
    else:
        form.keep(data, upload.name)


@signed_in
def one(request: Request, number: str) -> HttpResponse:
    """One announcement: status and age, the newest round with what was remarked, and the next round."""
    found = queries.announcement_for(request.caller, number)
    may_submit = request.caller.may(Capability.SUBMIT_PR, seller=found.seller)
    verb = request.POST.get("verb", "")
    round_form = RoundForm(request.POST if verb == "round" else None, request.FILES if verb == "round" else None)
    date_form = DateForm(request.POST if verb == "date" else None, initial={"issue_date": found.issue_date})
    form: Any = round_form if verb == "round" else date_form
    if request.method == "POST" and form.is_valid():
        try:
            if verb == "round":
                upload = round_form.cleaned_data["draft"]
                announcing.send_round(request.caller, number=number, data=upload.read(), file_name=upload.name)
                messages.success(request, _("The next round is with the reviewer."))
            else:
                announcing.change_issue_date(request.caller, number=number, **date_form.cleaned_data)
                messages.success(request, _("The planned day is changed."))
        except Refusal as refusal:
            field = "draft" if verb == "round" else "issue_date"
            refuse_with(form, refusal, field if refusal.CODE.startswith("draft_") or verb == "date" else None)
        else:
            return redirect("makers:announcement", number)
    context = {
        **row_of(found),
        **draft_context(found, request.GET.get("round", ""), shared_only=True),
        "why": words.PR_WHY[found.state],
        "round_form": round_form if may_submit and found.state == State.CHANGES_REQUESTED else None,
        "date_form": date_form if may_submit and found.state != State.CLEARED else None,
        "events": history.timeline(found),
        "target": policy.value("pr.target_days", found.seller.store, at=found.submitted_at).value,
        "at_desk": False,
    }
    return render(request, "makers/announcement.html", context, status=422 if form.is_bound else 200)


@signed_in
def draft_file(request: Request, number: str, round_number: int) -> HttpResponse:
    """The file of a round, as a download, for both sides."""
    try:
        found = queries.announcement_for(request.caller, number)
    except NotFound:
        found = queries.announcement_at_desk(request.caller, number)
    row = found.rounds.filter(number=round_number).first()
    if row is None:
        raise NotFound
    return download(row.sha256, row.file_name)


def row_of(found: Announcement) -> dict[str, Any]:
    """One line of a list, on both sides."""
    return {
        "announcement": found,
        "state": words.PR_STATES[found.state],
        "tone": words.PR_TONES[found.state],
        "author": words.PR_AUTHORS[found.author],
    }


def draft_context(found: Announcement, wanted: str, *, shared_only: bool) -> dict[str, Any]:
    """The round that is looked at, paragraph by paragraph with its remarks, and what changed since the one before."""
    rounds = queries.rounds_of(found)
    chosen = next((r for r in rounds if str(r.number) == wanted), rounds[0])
    before = next((r for r in rounds if r.number == chosen.number - 1), None)
    comments = queries.comments_on(chosen, shared_only=shared_only)
    return {
        "rounds": rounds,
        "round": chosen,
        "is_newest": chosen.pk == rounds[0].pk,
        "paragraphs": _paragraphs(chosen, comments),
        "on_whole": [c for c in comments if c.paragraph is None],
        "earlier_comments": [
            {"round": r, "comments": [(c, _quoted(r, c)) for c in queries.comments_on(r, shared_only=shared_only)]}
            for r in rounds
            if r.pk != chosen.pk
        ],
        "changes": difference(before.paragraphs, chosen.paragraphs) if before else (),
        "before": before,
    }


def _paragraphs(round_: DraftRound, comments: list[Comment]) -> list[dict[str, Any]]:
    return [
        {"number": n, "text": text, "comments": [c for c in comments if c.paragraph == n]}
        for n, text in enumerate(round_.paragraphs)
    ]


def _quoted(round_: DraftRound, comment: Comment) -> str:
    if comment.paragraph is None or comment.paragraph >= len(round_.paragraphs):
        return ""
    return str(round_.paragraphs[comment.paragraph])[:160]
