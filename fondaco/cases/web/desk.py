"""The support desk: everybody's cases, answers and outcomes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fondaco.cases import operations, queries
from fondaco.cases.rules import Outcome, State
from fondaco.cases.web import show, words
from fondaco.cases.web.forms import CloseForm, ReplyForm
from fondaco.cases.web.views import page_context, state_tabs
from fondaco.kit.errors import Refusal
from fondaco.sellers.access import Request
from fondaco.web.access import require_role
from fondaco.web.forms import refuse_with
from fondaco.web.paging import page_of


@require_role(*queries.DESK_ROLES)
def listing(request: Request) -> HttpResponse:
    """Cases, the longest untouched first; `?state=` keeps one state."""
    wanted = request.GET.get("state", "")
    state = State(wanted) if wanted in list(State) else None
    cases = queries.desk_cases(request.caller, state=state)
    page = page_of(cases, request=request, order=("updated_at", "id"), size=50)
    context = {
        "page": page,
        "rows": [show.row_of(case, at_desk=True) for case in page],
        "tabs": state_tabs(words.DESK_STATES, state),
    }
    return render(request, "cases/desk.html", context)


@require_role(*queries.DESK_ROLES)
def case(request: Request, number: str) -> HttpResponse:
    """One case with the forms to answer and to close it."""
    found = queries.case_for(request.caller, number)
    closing = request.POST.get("verb") == "close"
    answer = ReplyForm(None if closing else request.POST or None, prefix="answer")
    close = CloseForm(request.POST if closing else None, prefix="close")
    form = close if closing else answer
    if request.method == "POST" and form.is_valid():
        try:
            _done(request, number, form)
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            messages.success(request, _("The case is closed.") if closing else _("The answer is sent."))
            return redirect("cases:desk_case", number)
    context = {**page_context(request, found, at_desk=True), "form": answer, "close_form": close}
    return render(request, "cases/desk_case.html", context, status=422 if form.is_bound else 200)


def _done(request: Request, number: str, form: ReplyForm | CloseForm) -> None:
    given = form.cleaned_data
    if isinstance(form, CloseForm):
        operations.close_case(request.caller, number=number, **{**given, "outcome": Outcome(given["outcome"])})
    else:
        operations.reply(request.caller, number=number, **given)
