"""The support desk: everybody's cases, answers and outcomes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.cases import operations, queries
from fondaco.cases.rules import Outcome, Queue, State
from fondaco.cases.web import show, words
from fondaco.cases.web.forms import AssignForm, CloseForm, ReplyForm
from fondaco.cases.web.views import page_context
from fondaco.kit.errors import Refusal
from fondaco.sellers.access import Request
from fondaco.web.access import require_role
from fondaco.web.forms import refuse_with
from fondaco.web.paging import page_of


@require_role(*queries.DESK_ROLES)
def listing(request: Request) -> HttpResponse:
    """Cases, the longest untouched first; `?queue=`, `?state=` and `?whose=` keep some."""
    state = State(wanted) if (wanted := request.GET.get("state", "")) in list(State) else None
    queue = Queue(wanted) if (wanted := request.GET.get("queue", "")) in list(Queue) else None
    whose = wanted if (wanted := request.GET.get("whose", "")) in words.WHOSE else ""
    cases = queries.desk_cases(request.caller, state=state, queue=queue, whose=whose)
    page = page_of(cases, request=request, order=("updated_at", "id"), size=50)
    context = {
        "page": page,
        "rows": [show.row_of(case, at_desk=True) for case in page],
        "queues": _queue_tabs(request, queue),
        "state": state or "",
        "states": words.DESK_STATES,
        "whose": whose,
        "owners": words.WHOSE,
        "queue": queue or "",
        "is_filtered": bool(state or queue or whose),
    }
    return render(request, "cases/desk.html", context)


def _queue_tabs(request: Request, current: Queue | None) -> list[dict[str, Any]]:
    """One tab a queue with the number of cases that wait for support; the first shows all."""
    waiting = queries.waiting_by_queue(request.caller)
    everything = {"label": _("All"), "url": "?", "current": current is None, "count": sum(waiting.values())}
    return [
        everything,
        *(
            {"label": words.QUEUES[q], "url": f"?queue={q}", "current": q == current, "count": waiting[q]}
            for q in Queue
        ),
    ]


@require_POST
@require_role(*queries.DESK_ROLES)
def assignment(request: Request, number: str) -> HttpResponse:
    """Take a case, give it to somebody, or put it back."""
    form = AssignForm(request.POST)
    if form.is_valid():
        to = form.cleaned_data["to"]
        operations.assign(request.caller, number=number, to=to)
        said = _("The case is given to %(name)s.") % {"name": to} if to else _("The case waits for anybody of support.")
        messages.success(request, said)
    return redirect("cases:desk_case", number)


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
    context["assign_form"] = AssignForm(initial={"to": found.assigned_to_id})
    return render(request, "cases/desk_case.html", context, status=422 if form.is_bound else 200)


def _done(request: Request, number: str, form: ReplyForm | CloseForm) -> None:
    given = form.cleaned_data
    if isinstance(form, CloseForm):
        operations.close_case(request.caller, number=number, **{**given, "outcome": Outcome(given["outcome"])})
    else:
        operations.reply(request.caller, number=number, **given)
