"""Ordering by a list of ASINs, with progress."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.ids import new_id
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.studio import operations
from fondaco.studio.models import Batch, BatchLine
from fondaco.studio.queries import seller as queries
from fondaco.studio.rules.ordering import REFUSALS
from fondaco.web.access import require_seller
from fondaco.web.forms import refuse_with
from fondaco.web.paging import page_of
from fondaco.web.refusals import filled


class BatchForm(forms.Form):
    asins = forms.CharField(
        label=gettext_lazy("ASINs"),
        help_text=gettext_lazy("One a line, or with commas or spaces between. Each product is one order."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        max_length=2_000_000,
    )
    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput)


@require_seller
def listing(request: Request) -> HttpResponse:
    """The form, and earlier lists."""
    request.caller.require_seller(Capability.ORDER_IMAGING)
    form = BatchForm(request.POST or None, initial={"request_key": new_id().hex})
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.submit_batch(request.caller, **form.cleaned_data)
        except Refusal as refusal:
            refuse_with(form, refusal, "asins")
        else:
            return redirect("studio:batch", str(made.pk))
    page = page_of(queries.batches_for(request.caller), request=request, order=("-at", "-id"), size=20)
    context = {"form": form, "page": page, "rows": [_counted(each) for each in page]}
    return render(request, "studio/batches.html", context, status=422 if form.is_bound else 200)


@require_seller
def batch(request: Request, batch_id: str) -> HttpResponse:
    """One list: how far it is, and what was refused and why."""
    found = queries.batch_for(request.caller, batch_id)
    state = request.GET.get("state", "refused")
    rows = found.lines.filter(state=state if state in ("ordered", "waiting") else "refused").select_related("order")
    page = page_of(rows, request=request, order=("number",), size=50)
    context = {**_counted(found), "page": page, "lines": [_line(each) for each in page], "current": state}
    if request.htmx and not request.htmx.boosted:
        return render(request, "studio/batch.html#progress", context)
    return render(request, "studio/batch.html", context)


def _counted(each: Batch) -> dict[str, Any]:
    counts = Counter(each.lines.values_list("state", flat=True))
    done = counts["ordered"] + counts["refused"]
    return {
        "batch": each,
        "ordered": counts["ordered"],
        "refused": counts["refused"],
        "waiting": counts["waiting"],
        "done": done,
        "is_done": each.done_at is not None,
        "tabs": [
            {"label": _("Refused"), "url": "?state=refused", "count": counts["refused"]},
            {"label": _("Ordered"), "url": "?state=ordered", "count": counts["ordered"]},
            {"label": _("Waiting"), "url": "?state=waiting", "count": counts["waiting"]},
        ],
    }


def _line(each: BatchLine) -> dict[str, Any]:
    refusal = REFUSALS.get(each.refusal, NotFound if each.refusal == "not_found" else None)
    return {
        "line": each,
        "words": filled(refusal.WORDS, each.facts) if refusal else "",
        "fix": filled(refusal.FIX, each.facts) if refusal else "",
    }
