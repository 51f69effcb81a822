"""The simulated carriers, for the operator of a demo store: look at them, let them fail, move parcels on by hand."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fondaco import history
from fondaco.engine import clock
from fondaco.fulfilment import nudges
from fondaco.fulfilment.carriers import simulator
from fondaco.fulfilment.carriers.price_list import CARRIERS
from fondaco.fulfilment.models import Label, SimulatedCall, SimulatedFault, SimulatedParcel
from fondaco.fulfilment.models.carrier import FaultKind, ParcelState
from fondaco.fulfilment.rules.labels import ScanCode
from fondaco.fulfilment.web import words
from fondaco.kit.errors import NotFound
from fondaco.sellers.access import Request
from fondaco.web.access import require_role
from fondaco.web.paging import page_of


def _only_in_a_demo() -> None:
    if not (settings.DEMO or settings.TESTING):
        raise NotFound


class FaultForm(forms.Form):
    """Who fails, at what, how, how often."""

    carrier = forms.ChoiceField(label=gettext_lazy("Carrier"), required=False)
    call = forms.ChoiceField(label=gettext_lazy("When asked for"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Behave like"))
    times = forms.IntegerField(
        label=gettext_lazy("How often"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=gettext_lazy("Empty: until mended."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        every = [("", _("Everything"))]
        self.fields["carrier"].choices = [("", _("Every carrier")), *CARRIERS.items()]  # type: ignore[attr-defined]
        self.fields["call"].choices = every + list(words.CALLS.items())  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(str(k), w) for k, w in words.FAULTS.items()]  # type: ignore[attr-defined]


@require_role("operator")
def page(request: Request) -> HttpResponse:
    """Parcels, faults and what was asked."""
    _only_in_a_demo()
    return _shown(request, FaultForm(), 200)


@require_role("operator")
@require_POST
def fault(request: Request) -> HttpResponse:
    """Let the carriers fail."""
    _only_in_a_demo()
    form = FaultForm(request.POST)
    if not form.is_valid():
        return _shown(request, form, 422)
    given = form.cleaned_data
    set_ = simulator.fail(
        kind=FaultKind(given["kind"]), carrier=given["carrier"], call=given["call"], times=given["times"]
    )
    history.record(actor=request.caller, verb="carriers.fault_set", subject=set_, about={"kind": given["kind"]})
    messages.success(request, _("From now on it fails."))
    return redirect("fulfilment:simulator")


@require_role("operator")
@require_POST
def heal(request: Request) -> HttpResponse:
    """End all faults."""
    _only_in_a_demo()
    simulator.heal()
    history.record(actor=request.caller, verb="carriers.healed", subject=("carriers", "1"))
    messages.success(request, _("The carriers are well again."))
    return redirect("fulfilment:simulator")


@require_role("operator")
@require_POST
def move(request: Request, parcel_id: UUID) -> HttpResponse:
    """One parcel, by hand: the next scan, delivery, a delay, a loss."""
    _only_in_a_demo()
    parcel = SimulatedParcel.objects.filter(pk=parcel_id).first()
    what = request.POST.get("what", "")
    if parcel is None or what not in ("scan", "deliver", "delay", "lose"):
        raise NotFound
    if what == "scan":
        simulator.scan_now(str(parcel.pk))
    elif what == "deliver":
        simulator.scan_now(str(parcel.pk), code=ScanCode.DELIVERED)
    elif what == "delay":
        simulator.delay(str(parcel.pk), days=1)
    else:
        simulator.lose(str(parcel.pk))
    history.record(actor=request.caller, verb="carriers.moved", subject=parcel, about={"what": what})
    if label := Label.objects.filter(tracking_number=parcel.tracking_number).first():
        nudges.look_at_tracking(label.pk)
    messages.success(request, _("Done: %(number)s.") % {"number": parcel.tracking_number})
    return redirect("fulfilment:simulator")


def _shown(request: Request, form: FaultForm, status: int) -> HttpResponse:
    simulator.run(at=clock.now())
    parcels = page_of(
        SimulatedParcel.objects.prefetch_related("scans"), request=request, order=("-bought_at", "-id"), size=20
    )
    context = {
        "form": form,
        "page": parcels,
        "parcels": [_row(parcel) for parcel in parcels],
        "moves": [
            ("scan", _("Next scan now")),
            ("deliver", _("Deliver now")),
            ("delay", _("Delay by a day")),
            ("lose", _("Lose it")),
        ],
        "faults": [
            {"what": words.FAULTS[f.kind], "carrier": CARRIERS.get(f.carrier), "call": words.CALLS.get(f.call), "left": f.left}
            for f in SimulatedFault.objects.order_by("set_at", "id")
        ],
        "calls": SimulatedCall.objects.order_by("-at", "-id")[:40],
    }  # fmt: skip
    return render(request, "fulfilment/simulator.html", context, status=status)


def _row(parcel: SimulatedParcel) -> dict[str, object]:
    scans = sorted(parcel.scans.all(), key=lambda scan: (scan.happened_at or scan.due_at, scan.number))
    happened = [scan for scan in scans if scan.happened_at]
    coming = [scan for scan in scans if not scan.happened_at]
    return {
        "parcel": parcel,
        "carrier": CARRIERS.get(parcel.carrier, parcel.carrier),
        "state": words.PARCELS[parcel.state],
        "tone": words.PARCEL_TONES[ParcelState(parcel.state)],
        "last": happened and {"words": words.SCANS[happened[-1].code], "at": happened[-1].happened_at},
        "next": coming and {"words": words.SCANS[coming[0].code], "at": coming[0].due_at},
        "is_open": parcel.state in (ParcelState.READY, ParcelState.MOVING),
    }
