"""The fulfilment centre: pick list, dispatch, what cannot be located, check-in. A scanner types and presses Enter."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from fondaco.kit.errors import Refusal
from fondaco.sellers.access import Request
from fondaco.studio import operations
from fondaco.studio.barcodes import code128_svg
from fondaco.studio.queries import floor as queries
from fondaco.studio.web import words
from fondaco.web.access import require_role
from fondaco.web.paging import page_of
from fondaco.web.refusals import spoken

ROLES = tuple(str(role) for role in queries.FC)


@require_GET
@require_role(*ROLES)
def picks(request: Request, refused: Refusal | None = None, status: int = 200) -> HttpResponse:
    """What to take off the shelves, what waits at the dock, and what is looked for."""
    page = page_of(queries.to_pick(request.caller), request=request, order=("placed_at", "id"), size=25)
    context = {
        "page": page,
        "picked": list(queries.picked(request.caller)[:200]),
        "missing": list(queries.missing(request.caller)[:100]),
        "refusal": spoken(refused) if refused else None,
        "typed": request.POST.get("scanned", "") if refused and not request.POST.get("label") else "",
    }
    return render(request, "studio/fc_picks.html", context, status=status)


@require_POST
@require_role(*ROLES)
def pick(request: Request) -> HttpResponse:
    """A product's code scanned, for one row of the list or for whichever order asks for it: the unit is in the hand."""
    scanned = request.POST.get("scanned", "")

    def picked() -> Any:
        label = request.POST.get("label") or queries.wanting(request.caller, scanned).label
        return operations.pick(request.caller, label=label, scanned=scanned)

    return _done(
        request,
        picked,
        _("Picked: %(title)s. Put the transfer label %(label)s on it."),
    )


@require_POST
@require_role(*ROLES)
def dispatch(request: Request) -> HttpResponse:
    """The ticked units, or one scanned label, leave for the studio."""
    labels = [label for label in [*request.POST.getlist("labels"), request.POST.get("label", "")] if label.strip()]
    try:
        sent = operations.dispatch(request.caller, labels=labels)
    except Refusal as refusal:
        return _again(request, refusal)
    messages.success(
        request, ngettext("%(n)s unit is on its way.", "%(n)s units are on their way.", len(sent)) % {"n": len(sent)}
    )
    return redirect("studio:picks")


@require_POST
@require_role(*ROLES)
def cannot_locate(request: Request) -> HttpResponse:
    """No unit is there: the order ends and the seller is told."""
    return _done(
        request,
        lambda: operations.cannot_locate(request.caller, label=request.POST.get("label", "")),
        _("%(title)s: not located. The seller is told, and nothing is charged."),
    )


@require_POST
@require_role(*ROLES)
def search(request: Request) -> HttpResponse:
    """A unit that was looked for: found, or given up."""
    found = request.POST.get("verb") == "found"
    verb = operations.found_again if found else operations.give_up
    return _done(
        request,
        lambda: verb(request.caller, label=request.POST.get("label", "")),
        _("%(title)s: found, and on sale again.") if found else _("%(title)s: given up and reimbursed as a loss."),
    )


@require_role(*ROLES)
def check_in(request: Request) -> HttpResponse:
    """Units that come back: scan the label, the unit is on sale."""
    refused, status = None, 200
    if request.method == "POST":
        try:
            order = operations.check_in(request.caller, label=request.POST.get("label", ""))
        except Refusal as refusal:
            refused, status = refusal, refusal.STATUS
        else:
            messages.success(request, _("Checked in: %(title)s is on sale again.") % {"title": order.product.title})
            return redirect("studio:check_in")
    context = {
        "rows": [{"order": o, "where": words.WHERE[o.where]} for o in queries.to_check_in(request.caller)[:100]],
        "dock": [o for o in queries.picked(request.caller)[:100] if not o.is_open],
        "refusal": spoken(refused) if refused else None,
        "typed": request.POST.get("label", "") if refused else "",
    }
    return render(request, "studio/fc_check_in.html", context, status=status)


@require_GET
@require_role(*ROLES)
def label(request: Request, order_id: str) -> HttpResponse:
    """The transfer label, to print."""
    return render(request, "studio/label.html", {"order": queries.floor_order(request.caller, order_id)})


@require_GET
@require_role(*ROLES)
def barcode(request: Request, order_id: str) -> HttpResponse:
    """The label's barcode."""
    order = queries.floor_order(request.caller, order_id)
    return HttpResponse(code128_svg(order.label), content_type="image/svg+xml")


def _done(request: Request, verb: Any, said: str) -> HttpResponse:
    try:
        order = verb()
    except Refusal as refusal:
        return _again(request, refusal)
    messages.success(request, said % {"title": order.product.title, "label": order.label})
    return redirect("studio:picks")


def _again(request: Request, refusal: Refusal) -> HttpResponse:
    """The list once more, with the reason above it; nothing has moved."""
    request.method = "GET"
    return picks(request, refused=refusal, status=refusal.STATUS)
