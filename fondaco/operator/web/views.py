"""The operator's pages: each makes one call."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.engine import clock
from fondaco.operator import operations, queries
from fondaco.sellers.access import Request
from fondaco.web.access import require_role


@require_role("operator")
def home(request: Request) -> HttpResponse:
    """Figures first, then what to look at."""
    counts = queries.counts(at=clock.now())
    stats = [
        {"label": _("Listings in search"), "value": counts["searchable"]},
        {
            "label": _("Listings held out of search"),
            "value": counts["held"],
            "note": _("no good main picture"),
            "tone": "warn" if counts["held"] else "good",
        },
        {
            "label": _("Pictures being looked at"),
            "value": counts["waiting"],
            "note": _("%(n)s past their time") % {"n": counts["overdue"]},
            "tone": "bad" if counts["overdue"] else "neutral",
        },
        {
            "label": _("Tasks put aside"),
            "value": counts["put_aside"],
            "note": _("%(n)s being tried again") % {"n": counts["retrying"]},
            "tone": "bad" if counts["put_aside"] else "good",
        },
    ]
    return render(request, "operator/home.html", {"stats": stats})


@require_role("operator")
def tasks(request: Request) -> HttpResponse:
    """Tasks that failed: put aside, or (with ?all=1) also those still being tried."""
    everything = request.GET.get("all") == "1"
    found = queries.failures(only_dead=not everything)
    return render(request, "operator/tasks.html", {"failures": found, "everything": everything})


@require_role("operator")
@require_POST
def retry(request: Request, key: str) -> HttpResponse:
    """Try one again."""
    operations.try_again(request.caller, key=key)
    messages.success(request, _("The task is queued again."))
    return redirect("operator:tasks")


@require_role("operator")
@require_POST
def discard(request: Request, key: str) -> HttpResponse:
    """Forget one."""
    operations.discard(request.caller, key=key)
    messages.success(request, _("The task is discarded."))
    return redirect("operator:tasks")
