"""The clock and the simulators. Only the operator of a demo store may set its clock."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco.demo import beside
from fondaco.demo.imagehost import BEHAVIOURS
from fondaco.demo.web.forms import ClockForm, FaultForm
from fondaco.engine import clock
from fondaco.engine.sweeps import sweep_all
from fondaco.engine.tasks import nudge
from fondaco.history.operations import record
from fondaco.kit.errors import NotFound
from fondaco.sellers.access import Request
from fondaco.web.access import require_role


def _only_in_a_demo() -> None:
    if not (settings.DEMO or settings.TESTING):
        raise NotFound


@require_role("operator")
def clock_page(request: Request) -> HttpResponse:
    """What the store's clock says, and the form to set it."""
    _only_in_a_demo()
    form = ClockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        before = clock.now()
        clock.set_to(at=form.cleaned_data["at"] or before + timedelta(hours=form.cleaned_data["hours"]))
        record(actor=request.caller, verb="clock.set", subject=("clock", "1"), about={"from": before.isoformat()})
        nudge(sweep_all)  # what has come due in between
        messages.success(request, _("The store's clock is set."))
        return redirect("demo:clock")
    status = 422 if form.is_bound else 200
    return render(
        request, "demo/clock.html", {"form": form, "now": clock.now(), "ahead": clock.offset()}, status=status
    )


@require_role("operator")
@require_POST
def clock_real(request: Request) -> HttpResponse:
    """Back to the machine's time."""
    _only_in_a_demo()
    clock.reset()
    record(actor=request.caller, verb="clock.reset", subject=("clock", "1"))
    messages.success(request, _("The store's clock agrees with the machine's again."))
    return redirect("demo:clock")


@require_role("operator")
def simulators(request: Request) -> HttpResponse:
    """The image host: what was asked of it, which faults are set, and addresses to try in an inventory file."""
    _only_in_a_demo()
    return render(request, "demo/simulators.html", _image_host(FaultForm(kinds=sorted(BEHAVIOURS))))


@require_role("operator")
@require_POST
def fault(request: Request) -> HttpResponse:
    """Let the image host fail in a chosen way."""
    _only_in_a_demo()
    form = FaultForm(request.POST, kinds=sorted(BEHAVIOURS))
    host = beside.image_host()
    if not form.is_valid() or host is None:
        return render(request, "demo/simulators.html", _image_host(form), status=422)
    host.fail(form.cleaned_data["path"], form.cleaned_data["kind"], times=form.cleaned_data["times"])
    messages.success(request, _("From now on it fails."))
    return redirect("demo:simulators")


@require_role("operator")
@require_POST
def heal(request: Request) -> HttpResponse:
    """End all faults."""
    _only_in_a_demo()
    if host := beside.image_host():
        host.heal()
    messages.success(request, _("The image host is well again."))
    return redirect("demo:simulators")


def _image_host(form: FaultForm) -> dict[str, object]:
    host = beside.image_host()
    examples = [
        "/good/mug/1.jpg",
        "/tiff/vase/2.tif",
        "/png-as-jpg/bowl/3.jpg",
        "/redirect/mug/1.jpg",
        "/html/mug/1.jpg",
        "/404",
    ]
    return {
        "form": form,
        "host": host,
        "examples": [host.url(path) for path in examples] if host else [],
        "faults": host.faults() if host else [],
        "requests": list(reversed(host.requests))[:50] if host else [],
    }
