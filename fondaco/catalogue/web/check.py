"""One picture against five marketplaces at once: one that was submitted, or any file, which is then not kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fondaco.catalogue.queries.access import image_for
from fondaco.catalogue.terms import MAIN_PROFILE, profile_for, submission_terms
from fondaco.catalogue.web.images import head_context
from fondaco.engine import clock
from fondaco.images.everywhere import Verdict, everywhere
from fondaco.images.models import Picture
from fondaco.images.operations import PictureEmpty, PictureTooBig, Rules, original, rules_for
from fondaco.images.pipeline.bounds import MAX_BYTES
from fondaco.images.queries import picture_urls
from fondaco.kit.errors import NotFound, Refusal
from fondaco.sellers.access import Request
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability
from fondaco.web.access import require_seller
from fondaco.web.forms import refuse_with

TONES = {"eligible": "good", "rejected": "bad", "unreadable": "bad"}
WORDS = {
    "eligible": gettext_lazy("Accepted"),
    "rejected": gettext_lazy("Rejected"),
    "unreadable": gettext_lazy("Not readable"),
}


class CheckForm(forms.Form):
    """Any file; its content is judged, not its name."""

    picture = forms.FileField(
        label=gettext_lazy("Picture"), widget=forms.ClearableFileInput(attrs={"accept": "image/*"})
    )


@require_seller
def check(request: Request) -> HttpResponse:
    """GET shows the form; POST judges the file and forgets it."""
    seller = request.caller.require_seller(Capability.VIEW)
    form = CheckForm(request.POST, request.FILES) if request.method == "POST" else CheckForm()
    verdicts: list[dict[str, Any]] = []
    name = ""
    if request.method == "POST" and form.is_valid():
        upload: UploadedFile = form.cleaned_data["picture"]
        name = upload.name or ""
        try:
            verdicts = _shown(
                everywhere(_read(upload), _own(seller, MAIN_PROFILE, clock.now()), at=clock.now(), name=name)
            )
        except Refusal as refusal:
            refuse_with(form, refusal, "picture")
    trail = [(_("Inventory"), reverse("catalogue:inventory")), (_("Check a picture"), "")]
    context = {"form": form, "verdicts": verdicts, "name": name, "trail": trail, "summary": _summary(verdicts)}
    return render(request, "catalogue/check.html", context, status=422 if form.errors else 200)


@require_seller
def marketplaces(request: Request, asin: str, image_id: str) -> HttpResponse:
    """A submitted picture under every marketplace's rules."""
    image = image_for(request.caller, image_id)
    if image.product.asin != asin.upper() or image.picture is None:
        raise NotFound(what="image")
    own = _own(image.seller, profile_for(image.variant), clock.now())
    found = everywhere(original(image.picture.pk), own, at=clock.now(), name=image.file_name)
    verdicts = _shown(found)
    context = {
        **head_context(request, image.product, "image"),
        "image": image,
        "verdicts": verdicts,
        "summary": _summary(verdicts),
        "picture": _picture(image.picture, image.product.title),
    }
    return render(request, "catalogue/images_marketplaces.html", context)


def _own(seller: SellerAccount, profile: str, at: datetime) -> Rules:
    terms = submission_terms(store=seller.store, at=at)
    return rules_for(profile, limits=terms.limits(profile), policy_version=terms.version, at=at)


def _read(upload: UploadedFile) -> bytes:
    if not upload.size:
        raise PictureEmpty
    if upload.size > MAX_BYTES:
        raise PictureTooBig(size_bytes=upload.size, limit_bytes=MAX_BYTES)
    return upload.read()


def _shown(found: list[Verdict]) -> list[dict[str, Any]]:
    return [
        {
            "verdict": each,
            "state": WORDS[each.verdict],
            "tone": TONES[each.verdict],
            "reasons": [f for f in each.findings if f.severity in ("error", "fatal")],
            "advice": [f for f in each.findings if f.severity not in ("error", "fatal")],
        }
        for each in found
    ]


def _summary(verdicts: list[dict[str, Any]]) -> dict[str, int]:
    return {"good": sum(each["verdict"].is_good for each in verdicts), "all": len(verdicts)}


def _picture(picture: Picture, title: str) -> dict[str, Any]:
    urls = picture_urls(picture)
    return {"src": urls.src, "alt": title, "width": urls.width, "height": urls.height}
