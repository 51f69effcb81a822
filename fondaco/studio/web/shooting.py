"""The studio floor: receive by scan, job sheets, the set with the profile's answer beside each shot."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fondaco import history
from fondaco.catalogue.product_types import attributes, product_type
from fondaco.images.queries import picture_urls, shown_findings
from fondaco.kit.errors import NotFound, Refusal
from fondaco.kit.ids import new_id
from fondaco.sellers.access import Request
from fondaco.studio import operations
from fondaco.studio.models import ImagingOrder, Shot
from fondaco.studio.queries import floor as queries
from fondaco.studio.reading import at_order
from fondaco.studio.web import words
from fondaco.studio.web.kinds import name_of
from fondaco.web.access import require_role
from fondaco.web.forms import FilesField
from fondaco.web.paging import page_of
from fondaco.web.refusals import spoken

SEE = tuple(str(role) for role in queries.STUDIO)
SHOOT = tuple(str(role) for role in queries.SHOOTING)
MOST_BYTES = 60 * 1024 * 1024


class ShotForm(forms.Form):
    """Photographs of one set."""

    pictures = FilesField(
        label=gettext_lazy("Choose photographs"),
        max_files=9,
        widget=FilesField.widget(attrs={"accept": "image/jpeg,image/tiff,image/gif"}),
    )
    has_model = forms.BooleanField(label=gettext_lazy("A model is in these pictures"), required=False)
    model_until = forms.DateField(
        label=gettext_lazy("The model's licence ends on"),
        help_text=gettext_lazy("Only if another end was agreed with the model."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    request_key = forms.CharField(max_length=40, widget=forms.HiddenInput)


@require_role(*SEE)
def received(request: Request) -> HttpResponse:
    """Scan what arrives; below it what is on its way and what must go back."""
    refused, status, typed = None, 200, request.POST.get("label", "")
    if request.method == "POST":
        verb = operations.send_back if request.POST.get("verb") == "send_back" else operations.receive
        try:
            order = verb(request.caller, label=typed)
        except Refusal as refusal:
            refused, status = refusal, refusal.STATUS
        else:
            return _received(request, order)
    context = {
        "arriving": list(queries.arriving(request.caller)[:100]),
        "back": [{"order": o, "state": words.state_of(o)} for o in queries.to_send_back(request.caller)[:100]],
        "refusal": spoken(refused) if refused else None,
        "typed": typed if refused else "",
        "may_shoot": request.caller.has(*queries.SHOOTING),
    }
    return render(request, "studio/received.html", context, status=status)


@require_GET
@require_role(*SEE)
def jobs(request: Request) -> HttpResponse:
    """Everything that is being photographed."""
    page = page_of(queries.in_studio(request.caller), request=request, order=("received_at", "id"), size=25)
    return render(request, "studio/jobs.html", {"page": page, "rows": [_row(each) for each in page]})


@require_GET
@require_role(*SEE)
def job(request: Request, order_id: str) -> HttpResponse:
    """The job sheet."""
    return _sheet(request, queries.floor_order(request.caller, order_id))


@require_GET
@require_role(*SEE)
def shot_list(request: Request, order_id: str) -> HttpResponse:
    """The region with the set, after an upload."""
    found = queries.floor_order(request.caller, order_id)
    return render(request, "studio/job.html#set", _context(request, found))


@require_POST
@require_role(*SHOOT)
def shots(request: Request, order_id: str) -> HttpResponse:
    """New photographs: answered by the page, or, to the drop zone, by JSON with the profile's verdict."""
    found = queries.floor_order(request.caller, order_id)
    form = ShotForm(request.POST, request.FILES)
    taken: list[Shot] = []
    refused: Refusal | None = None
    if form.is_valid():
        try:
            taken = [_take(request, order_id, form, file) for file in form.cleaned_data["pictures"]]
        except Refusal as refusal:
            refused = refusal
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return _told(form, taken, refused)
    if refused or not form.is_valid():
        return _sheet(request, found, form=form, refused=refused, status=refused.STATUS if refused else 422)
    messages.success(request, _("Added: %(n)s") % {"n": len(taken)})
    return redirect("studio:job", order_id)


@require_POST
@require_role(*SHOOT)
def drop(request: Request, order_id: str, shot_id: str) -> HttpResponse:
    """A photograph leaves the set."""
    operations.drop_shot(request.caller, order_id=order_id, shot_id=shot_id)
    messages.success(request, _("The photograph is out of the set."))
    return redirect("studio:job", order_id)


@require_POST
@require_role(*SHOOT)
def act(request: Request, order_id: str, verb: str) -> HttpResponse:
    """One verb of the job sheet; a refusal is shown on the sheet."""
    found = queries.floor_order(request.caller, order_id)
    if verb not in _VERBS:
        raise NotFound
    try:
        said = _VERBS[verb](request, found)
    except Refusal as refusal:
        return _sheet(request, found, refused=refusal, status=refusal.STATUS)
    messages.success(request, said)
    return redirect(
        "studio:jobs" if verb in ("finish", "turn-away", "lost", "damaged") else "studio:job", *_args(verb, order_id)
    )


def _args(verb: str, order_id: str) -> list[str]:
    return [] if verb in ("finish", "turn-away", "lost", "damaged") else [order_id]


def _decide(request: Request, found: ImagingOrder) -> str:
    operations.decide(request.caller, order_id=str(found.pk), shoot_with=request.POST.get("shoot_with", ""))
    return _("Noted how the product is shot.")


def _research(request: Request, found: ImagingOrder) -> str:
    operations.note_research(request.caller, order_id=str(found.pk), text=request.POST.get("research", ""))
    return _("The research note is on the order.")


def _size(request: Request, found: ImagingOrder) -> str:
    key = request.POST.get("request_key", "")[:64]
    operations.report_size(request.caller, order_id=str(found.pk), note=request.POST.get("note", ""), request_key=key)
    return _("The seller is contacted, with the recommended sizes.")


def _finish(request: Request, found: ImagingOrder) -> str:
    operations.finish(request.caller, order_id=str(found.pk))
    return _("Imaging complete: the unit goes back, the set waits for the retoucher.")


def _turn_away(request: Request, found: ImagingOrder) -> str:
    operations.turn_away(request.caller, order_id=str(found.pk))
    return _("Turned away for lack of capacity. The unit goes back, and nothing is charged.")


def _harm(request: Request, found: ImagingOrder, *, is_loss: bool) -> str:
    decided = operations.report_harm(request.caller, label=found.label, is_loss=is_loss)
    if decided.excluded:
        return _("Recorded. Damage to products of this kind is not reimbursed (%(kinds)s).") % {
            "kinds": ", ".join(name_of(kind) for kind in decided.excluded)
        }
    return _("Recorded. The seller is reimbursed: %(amount)s.") % {"amount": decided.amount}


_VERBS: dict[str, Callable[[Request, ImagingOrder], str]] = {
    "decide": _decide,
    "research": _research,
    "size": _size,
    "finish": _finish,
    "turn-away": _turn_away,
    "lost": lambda request, found: _harm(request, found, is_loss=True),
    "damaged": lambda request, found: _harm(request, found, is_loss=False),
}


def _received(request: Request, order: ImagingOrder) -> HttpResponse:
    if order.state == "RECEIVED_AT_STUDIO":
        messages.success(request, _("Received: %(title)s.") % {"title": order.product.title})
        return redirect("studio:job", str(order.pk))
    if order.where == "to_fc":
        messages.success(request, _("%(title)s goes back.") % {"title": order.product.title})
    else:
        messages.warning(
            request,
            _("%(title)s is here, but its order has ended: %(state)s. Send it back.")
            % {"title": order.product.title, "state": words.state_of(order)},
        )
    return redirect("studio:received")


def _take(request: Request, order_id: str, form: ShotForm, file: Any) -> Shot:
    data = file.read()
    key = hashlib.sha256(form.cleaned_data["request_key"].encode() + hashlib.sha256(data).digest()).hexdigest()[:40]
    return operations.take_shot(
        request.caller,
        order_id=order_id,
        data=data,
        request_key=key,
        has_model=form.cleaned_data["has_model"],
        model_until=form.cleaned_data["model_until"],
        file_name=file.name or "",
    )


def _told(form: ShotForm, taken: list[Shot], refused: Refusal | None) -> JsonResponse:
    if refused:
        return JsonResponse({"ok": False, "words": spoken(refused).words}, status=422)
    if not taken:
        words_ = " ".join(str(e) for errors in form.errors.values() for e in errors)
        return JsonResponse({"ok": False, "words": words_}, status=422)
    bad = [shot for shot in taken if shot.verdict != "eligible"]
    if bad:
        found = shown_findings(f for f in bad[0].findings if f["severity"] in ("error", "fatal"))
        return JsonResponse({"ok": True, "tone": "warn", "words": " ".join(f.words for f in found)})
    return JsonResponse({"ok": True, "words": _("Meets the studio profile")})


def _sheet(
    request: Request,
    found: ImagingOrder,
    *,
    form: ShotForm | None = None,
    refused: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {**_context(request, found, form), "refusal": spoken(refused) if refused else None}
    return render(request, "studio/job.html", context, status=status)


def _context(request: Request, found: ImagingOrder, form: ShotForm | None = None) -> dict[str, Any]:
    taken = list(found.shots.select_related("picture").order_by("number"))
    guide = found.guide if found.guide_id else None
    kind, named = product_type(found.product.product_type), attributes()
    return {
        **_row(found),
        "trail": [(_("Job sheets"), reverse("studio:jobs")), (found.label, "")],
        "kind": _(kind.name),
        "attributes": [(_(named[k].name) if k in named else k, v) for k, v in found.product.attributes.items() if v],
        "guide": guide,
        "shots": [shown_shot(each, found) for each in taken],
        "wanted": guide.shots if guide else [],
        "least": at_order(found.versions, "imaging.min_images"),
        "form": form or ShotForm(initial={"request_key": new_id().hex}),
        "choices": words.SHOOT_WITH.items(),
        "shoot_with": words.SHOOT_WITH.get(found.shoot_with, ""),
        "wished_model": words.MODELS.get(found.wished_model, ""),
        "is_shooting": found.state == "RECEIVED_AT_STUDIO",
        "may_shoot": request.caller.has(*queries.SHOOTING),
        "size_problems": list(found.size_problems.order_by("-at")),
        "request_key": new_id().hex,
        "max_bytes": MOST_BYTES,
        "events": history.timeline(found),
    }


def shown_shot(each: Shot, order: ImagingOrder) -> dict[str, Any]:
    """A shot with what the profile says of it."""
    urls = picture_urls(each.picture)
    found = shown_findings(each.findings)
    return {
        "shot": each,
        "picture": each.picture,
        "urls": urls,
        "findings": found,
        "against": [f for f in found if f.severity in ("error", "fatal")],
        "is_good": each.verdict == "eligible",
        "name": order.guide.shots[each.number - 1]
        if order.guide_id and order.guide and each.number <= len(order.guide.shots)
        else "",
    }


def _row(each: ImagingOrder) -> dict[str, Any]:
    return {
        "order": each,
        "product": each.product,
        "state": words.state_of(each),
        "tone": words.STATE_TONES[each.state],
        "where": words.WHERE[each.where],
    }
