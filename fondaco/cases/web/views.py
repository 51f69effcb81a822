"""Contact Us, my cases, and the page of one case."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco import history
from fondaco.cases import operations, prefill, queries
from fondaco.cases.models import Case
from fondaco.cases.rules import CLAUSES, WITHOUT_SELLER, CaseType, Outcome, State
from fondaco.cases.web import show, words
from fondaco.cases.web.forms import ContactForm, ReplyForm
from fondaco.cases.web.panels import panels_for
from fondaco.engine import files
from fondaco.kit.errors import Denied, Refusal
from fondaco.sellers.access import Caller, Request
from fondaco.sellers.rules import Capability
from fondaco.web.access import signed_in
from fondaco.web.forms import refuse_with
from fondaco.web.paging import page_of


@signed_in
def contact(request: Request) -> HttpResponse:
    """Contact Us: first what it is about, then the form for that, filled with what is known already."""
    case_type, contents, origin = prefill.read(request.POST if request.method == "POST" else request.GET)
    if case_type is None:
        return render(request, "cases/contact.html", {"groups": _groups(request.caller)})
    if case_type not in _open_to(request.caller):
        raise Denied
    if request.method == "POST":
        form = ContactForm(request.POST, request.FILES, case_type=case_type)
        if form.is_valid() and (case := _opened(request, form)):
            messages.success(
                request, _("Case %(number)s is open. Support answers here and by mail.") % {"number": case.number}
            )
            return redirect("cases:case", case.number)
        form.hold()
    else:
        form = ContactForm(case_type=case_type, initial={**_known(request.caller, contents), "origin": origin})
    context = {
        "form": form,
        "case_type": str(case_type),
        "title": words.TYPES[case_type],
        "about": words.ABOUT[case_type],
        "clause": CLAUSES[case_type],
    }
    return render(request, "cases/contact_form.html", context, status=422 if form.is_bound else 200)


def _opened(request: Request, form: ContactForm) -> Case | None:
    try:
        return operations.open_case(
            request.caller,
            case_type=form.case_type,
            contents=form.contents(),
            request_key=form.cleaned_data["request_key"],
            origin=form.cleaned_data["origin"],
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return None


@signed_in
def listing(request: Request) -> HttpResponse:
    """The cases of the account, the last touched first."""
    state = _state(request)
    cases = queries.current_cases_for(request.caller, state=state)
    page = page_of(cases, request=request, order=("-updated_at", "-id"), size=25)
    context = {
        "page": page,
        "rows": [show.row_of(case, at_desk=False) for case in page],
        "tabs": state_tabs(words.STATES, state),
    }
    return render(request, "cases/list.html", context)


@signed_in
def case(request: Request, number: str) -> HttpResponse:
    """One case: what it says, its thread, and the form for an answer."""
    found = queries.case_for(request.caller, number)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.reply(request.caller, number=number, **form.cleaned_data)
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            messages.success(request, _("Your message is sent."))
            return redirect("cases:case", number)
    context = {**page_context(request, found, at_desk=False), "form": form}
    return render(request, "cases/case.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in
def withdraw(request: Request, number: str) -> HttpResponse:
    """The seller needs no answer any more."""
    operations.close_case(request.caller, number=number, outcome=Outcome.WITHDRAWN)
    messages.success(request, _("The case is withdrawn."))
    return redirect("cases:case", number)


@signed_in
def document(request: Request, number: str, sha256: str) -> HttpResponse:
    """A handed-in file: always as a download, never shown in the page."""
    found = queries.document_of(queries.case_for(request.caller, number), sha256)
    response = HttpResponse(files.read("documents", sha256), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(True, found["name"])
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def page_context(request: Request, found: Case, *, at_desk: bool) -> dict[str, Any]:
    """What the page of a case shows, on both sides of the desk."""
    return {
        **show.row_of(found, at_desk=at_desk),
        "is_closed": found.state == State.CLOSED,
        "contents": show.contents_of(found),
        "letters": show.thread(queries.thread_of(found), request.caller),
        "events": history.timeline(found),
        "clause": CLAUSES[CaseType(found.type)],
        "may_write": _may_write(request.caller, found),
        "panels": panels_for(request, found, at_desk=at_desk),
    }


def state_tabs(states: dict[str, Any], current: State | None) -> list[dict[str, Any]]:
    """Tabs that choose a state; the first shows all."""
    everything = {"label": _("All"), "url": "?", "current": current is None}
    return [everything, *({"label": s, "url": f"?state={k}", "current": k == current} for k, s in states.items())]


def _state(request: Request) -> State | None:
    wanted = request.GET.get("state", "")
    return State(wanted) if wanted in list(State) else None


def _open_to(caller: Caller) -> frozenset[CaseType]:
    """The types that this person may open where they are working."""
    if caller.seller is None:
        return WITHOUT_SELLER
    allowed = set(CaseType) - {CaseType.PR_REVIEW} if caller.may(Capability.OPEN_CASES) else set()
    return frozenset(allowed | ({CaseType.PR_REVIEW} if caller.may(Capability.SUBMIT_PR) else set()))


def _groups(caller: Caller) -> list[dict[str, Any]]:
    allowed = _open_to(caller)
    groups = [
        {
            "title": title,
            "types": [
                {"value": str(t), "title": words.TYPES[t], "about": words.ABOUT[t]} for t in types if t in allowed
            ],
        }
        for title, types in words.GROUPS
    ]
    return [group for group in groups if group["types"]]


def _known(caller: Caller, contents: dict[str, Any]) -> dict[str, Any]:
    """What the link brought, and the account's name, which nobody should have to type."""
    lists = {name: "\n".join(v) if isinstance(v, list) else v for name, v in contents.items()}
    return {"account_name": caller.seller.display_name if caller.seller else "", **lists}


def _may_write(caller: Caller, found: Case) -> bool:
    if found.seller is None or (caller.person and found.opened_by_id == caller.person.pk):
        return True
    if caller.role_in(found.seller) is None:
        return True  # the desk: who is neither member nor desk has not found the case
    needed = Capability.SUBMIT_PR if found.type == CaseType.PR_REVIEW else Capability.OPEN_CASES
    return caller.may(needed, seller=found.seller)
