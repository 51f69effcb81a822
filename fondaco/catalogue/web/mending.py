"""A proposed mend: before and after, what it removes, and taking it (or not)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fondaco.catalogue.operations.mending import Mend, accept_mend, preview_mend
from fondaco.catalogue.web.images import head_context
from fondaco.images.models import Picture
from fondaco.images.pipeline.findings import CATALOGUE
from fondaco.images.queries import picture_urls, shown_findings
from fondaco.kit.errors import NotFound
from fondaco.kit.ids import new_id
from fondaco.sellers.access import Request
from fondaco.web import dates
from fondaco.web.access import require_seller

_SALT = "fondaco.catalogue.mending"


@require_seller
def mend(request: Request, asin: str, image_id: UUID) -> HttpResponse:
    """GET shows the picture as it would be, with all mends or those that are ticked; POST submits that very picture."""
    if request.method == "POST":
        return _accepted(request, image_id)
    kinds = request.GET.getlist("fix") if "chosen" in request.GET else None
    preview = preview_mend(request.caller, image_id=image_id, kinds=kinds)
    product = preview.image.product
    context = {
        **head_context(request, product, "image"),
        "image": preview.image,
        "fixes": [_fix(each, preview) for each in preview.proposed],
        "before": _side(preview.before, product.title),
        "after": _side(preview.after, product.title) if preview.after else None,
        "gone": [_(CATALOGUE[code].title) for code in preview.gone if code in CATALOGUE],
        "left": shown_findings(finding.as_dict() for finding in preview.left),
        "is_clean": preview.is_clean,
        "token": _token(preview),
        "request_key": new_id().hex,
    }
    return render(request, "catalogue/images_mend.html", context)


def _accepted(request: Request, image_id: UUID) -> HttpResponse:
    try:
        made_from, sha256 = signing.loads(request.POST.get("picture", ""), salt=_SALT, max_age=86400)
    except (signing.BadSignature, ValueError):
        raise NotFound(what="picture") from None
    if made_from != str(image_id):
        raise NotFound(what="picture")
    key = request.POST.get("request_key", "")[:40]
    image = accept_mend(request.caller, image_id=image_id, sha256=sha256, request_key=key)
    words = _("The mended picture is being processed for the slot %(slot)s. It is due by %(due)s.")
    messages.success(request, words % {"slot": image.variant, "due": dates.at(image.due_at)})
    return redirect("catalogue:manage_images", image.product.asin)


def _fix(fix: Any, preview: Mend) -> dict[str, Any]:
    return {
        "kind": fix.kind,
        "title": _(fix.title),
        "what": _(fix.what),
        "mends": [_(CATALOGUE[code].title) for code in fix.mends if code in CATALOGUE],
        "needs_cutout": fix.needs_cutout,
        "is_chosen": fix.kind in preview.chosen,
    }


def _side(picture: Picture, title: str) -> dict[str, Any]:
    urls = picture_urls(picture)
    return {"src": urls.large, "alt": title, "width": urls.width, "height": urls.height}


def _token(preview: Mend) -> str:
    if preview.after is None:
        return ""
    return signing.dumps([str(preview.image.pk), preview.after.pk], salt=_SALT)
