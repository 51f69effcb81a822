"""The retoucher's queue: before and after, what an edit changes in the product, pass, publish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_POST

from fondaco import history, policy
from fondaco.engine import clock
from fondaco.images.models import Picture
from fondaco.images.pipeline.findings import CATALOGUE
from fondaco.images.queries import picture_urls, shown_findings
from fondaco.kit.errors import NotFound, Refusal
from fondaco.sellers.access import Request
from fondaco.studio import operations
from fondaco.studio.models import Edit, ImagingOrder, Shot
from fondaco.studio.operations.retouch import codes_against, shot_for
from fondaco.studio.queries import floor as queries
from fondaco.studio.reading import at_order
from fondaco.studio.web import words
from fondaco.web.access import require_role
from fondaco.web.paging import page_of
from fondaco.web.refusals import spoken

SEE = tuple(str(role) for role in queries.STUDIO)
RETOUCH = tuple(str(role) for role in queries.RETOUCHING)


class EditForm(forms.Form):
    picture = forms.FileField(
        label=gettext_lazy("A retouched file"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/tiff"}),
    )


@require_GET
@require_role(*SEE)
def queue(request: Request) -> HttpResponse:
    """Sets that wait, the nearest estimate first."""
    page = page_of(queries.to_retouch(request.caller), request=request, order=("eta_at", "id"), size=25)
    return render(request, "studio/edits.html", {"page": page, "rows": list(page), "now": clock.now()})


@require_GET
@require_role(*SEE)
def order(request: Request, order_id: str) -> HttpResponse:
    """One set: every picture with its check, and the button that publishes it."""
    return _set(request, queries.floor_order(request.caller, order_id))


@require_POST
@require_role(*RETOUCH)
def publish(request: Request, order_id: str) -> HttpResponse:
    """The set goes out; there is no preview for the seller (IMG-SVC-49)."""
    found = queries.floor_order(request.caller, order_id)
    try:
        operations.release(request.caller, order_id=order_id)
    except Refusal as refusal:
        return _set(request, found, refused=refusal, status=refusal.STATUS)
    messages.success(request, _("Released: the set is published and billed by itself."))
    return redirect("studio:edit_order", order_id)


@require_GET
@require_role(*RETOUCH)
def shot(request: Request, shot_id: str) -> HttpResponse:
    """One picture: the photograph beside what would be published, proposed mends, edits with their measures."""
    return _retouch(request, shot_for(request.caller, shot_id))


@require_POST
@require_role(*RETOUCH)
def act(request: Request, shot_id: str, verb: str) -> HttpResponse:
    """One verb on a picture; a refusal is shown on its page."""
    found = shot_for(request.caller, shot_id)
    if verb not in _VERBS:
        raise NotFound
    try:
        said = _VERBS[verb](request, found)
    except Refusal as refusal:
        return _retouch(request, found, refused=refusal, status=refusal.STATUS)
    messages.success(request, said)
    if verb == "pass":
        return redirect("studio:edit_order", str(found.order_id))
    return redirect("studio:retouch", shot_id)


def _pass(request: Request, found: Shot) -> str:
    operations.pass_shot(request.caller, shot_id=str(found.pk))
    return _("Picture %(n)s passed the accuracy check.") % {"n": found.number}


def _flaw(request: Request, found: Shot) -> str:
    operations.mark_flaw(request.caller, shot_id=str(found.pk), fault=request.POST.get("fault", ""))
    return _("Marked. The set cannot be published until this picture is redone.")


def _mend(request: Request, found: Shot) -> str:
    operations.try_mends(request.caller, shot_id=str(found.pk), kinds=request.POST.getlist("kind"))
    return _("Tried. Compare it with the photograph, then accept it or not.")


def _upload(request: Request, found: Shot) -> str:
    form = EditForm(request.POST, request.FILES)
    if not form.is_valid():
        from fondaco.studio.operations.shoot import BrokenFile

        raise BrokenFile
    file = form.cleaned_data["picture"]
    operations.take_edit(request.caller, shot_id=str(found.pk), data=file.read(), file_name=file.name or "")
    return _("Measured. Compare it with the photograph, then accept it or not.")


def _accept(request: Request, found: Shot) -> str:
    operations.accept_edit(request.caller, edit_id=request.POST.get("edit", ""))
    return _("Accepted: this is what would be published.")


def _photograph(request: Request, found: Shot) -> str:
    operations.back_to_photograph(request.caller, shot_id=str(found.pk))
    return _("The photograph itself would be published.")


_VERBS: dict[str, Callable[[Request, Shot], str]] = {
    "pass": _pass,
    "flaw": _flaw,
    "mend": _mend,
    "upload": _upload,
    "accept": _accept,
    "photograph": _photograph,
}


def _set(request: Request, found: ImagingOrder, *, refused: Refusal | None = None, status: int = 200) -> HttpResponse:
    shots = list(found.shots.select_related("picture", "final").prefetch_related("edits").order_by("number"))
    least = at_order(found.versions, "imaging.min_images")
    context = {
        "order": found,
        "product": found.product,
        "state": words.state_of(found),
        "tone": words.STATE_TONES[found.state],
        "trail": [(_("Edit queue"), reverse("studio:edits")), (found.label, "")],
        "shots": [_shot(each, found) for each in shots],
        "least": least,
        "is_ready": len(shots) >= least and all(each.passed_at for each in shots),
        "is_waiting": found.state == "IMAGING_COMPLETE" and found.release_at is None,
        "may_retouch": request.caller.has(*queries.RETOUCHING),
        "refusal": spoken(refused) if refused else None,
        "events": history.timeline(found),
    }
    return render(request, "studio/edit_order.html", context, status=status)


def _retouch(request: Request, found: Shot, *, refused: Refusal | None = None, status: int = 200) -> HttpResponse:
    edits = list(found.edits.select_related("picture", "difference").order_by("-at"))
    looked_at = next((e for e in edits if str(e.pk) == request.GET.get("edit")), None) or (edits[0] if edits else None)
    proposed = operations.proposals(request.caller, shot_id=str(found.pk)) if _waits(found.order) else []
    context = {
        **_shot(found, found.order),
        "order": found.order,
        "product": found.order.product,
        "trail": [
            (_("Edit queue"), reverse("studio:edits")),
            (found.order.label, reverse("studio:edit_order", args=[found.order_id])),
            (_("Picture %(n)s") % {"n": found.number}, ""),
        ],
        "before": _side(found.picture, _("Photograph")),
        "after": _side(looked_at.picture, pgettext("a retouched picture", "Edit")) if looked_at else None,
        "edit": _edit(looked_at, found) if looked_at else None,
        "edits": [_edit(each, found) for each in edits],
        "fixes": [
            {
                "kind": fix.kind,
                "title": _(fix.title),
                "what": _(fix.what),
                "needs_cutout": fix.needs_cutout,
                "mends": [_(CATALOGUE[code].title) for code in fix.mends if code in CATALOGUE],
            }
            for fix in proposed
        ],
        "limits": policy.value("imaging.accuracy", found.order.store, at=clock.now()).value,
        "upload_form": EditForm(),
        "is_waiting": _waits(found.order),
        "refusal": spoken(refused) if refused else None,
    }
    return render(request, "studio/retouch.html", context, status=status)


def _waits(found: ImagingOrder) -> bool:
    return found.state == "IMAGING_COMPLETE" and found.release_at is None


def _shot(each: Shot, order: ImagingOrder) -> dict[str, Any]:
    is_edited = each.final_id != each.picture_id
    edit = next((e for e in each.edits.all() if e.picture_id == each.final_id), None) if is_edited else None
    return {
        "shot": each,
        "picture": each.final,
        "is_edited": is_edited,
        "flaws": [words.FLAWS[flaw] for flaw in each.flaws],
        "is_good": each.final_verdict == "eligible",
        "against": codes_against(each) if each.final_verdict != "eligible" else [],
        "findings": shown_findings(edit.findings if edit else each.findings),
        "sides": (_side(each.picture, _("Photograph")), _side(each.final, _("To be published"))),
    }


def _edit(each: Edit, shot: Shot) -> dict[str, Any]:
    return {
        "row": each,
        "mean": round(each.mean_delta_e, 1),
        "most": round(each.p95_delta_e, 1),
        "overlap": round(each.overlap * 100, 1),
        "faults": [words.FLAWS[fault] for fault in each.faults],
        "is_final": each.picture_id == shot.final_id,
        "is_good": each.verdict == "eligible",
        "findings": shown_findings(f for f in each.findings if f["severity"] in ("error", "fatal")),
        "difference": picture_urls(each.difference).large if each.difference else "",
        "kinds": each.kinds,
    }


def _side(picture: Picture, caption: str) -> dict[str, Any]:
    urls = picture_urls(picture)
    return {"src": urls.large, "alt": caption, "width": urls.width, "height": urls.height, "caption": caption}
