"""New pictures for a product: dropped, chosen, or named by address; answered by a page or, to the drop zone, by JSON."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from fondaco.catalogue.models import ListingImage, Product
from fondaco.catalogue.operations import NewImage, submit_images
from fondaco.catalogue.queries.gallery import managed_images
from fondaco.catalogue.web import images
from fondaco.catalogue.web.addresses import plausible
from fondaco.catalogue.web.file_names import slot_of
from fondaco.catalogue.web.forms import PICTURES, AddressForm, UploadForm
from fondaco.catalogue.web.staging import checked
from fondaco.catalogue.web.standards import Standards, standards_for
from fondaco.kit.errors import Refusal
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web import dates
from fondaco.web.access import require_seller
from fondaco.web.forms import refuse_with


@require_POST
@require_seller
def upload(request: Request, asin: str) -> HttpResponse:
    """Files for the slot that the form names, that their names name (B-IMG-06), or the next free ones."""
    seller = request.caller.require_seller(Capability.EDIT_LISTINGS)
    managed = managed_images(request.caller, asin)
    standards = standards_for(seller)
    form = UploadForm(request.POST, request.FILES, most=standards.most, accept=standards.accept)
    try:
        sent = _submitted(request, form, managed.product, standards) if form.is_valid() else []
    except Refusal as refusal:
        refuse_with(form, refusal, PICTURES)
        sent = []
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return _told(form, sent)
    if not form.is_valid():
        context = images.page_context(request, managed, standards, slot=request.POST.get("slot", ""), upload_form=form)
        return render(request, "catalogue/images.html", context, status=422)
    messages.success(request, _confirmation(sent))
    return redirect("catalogue:manage_images", managed.product.asin)


@require_POST
@require_seller
def by_address(request: Request, asin: str) -> HttpResponse:
    """A picture that we fetch from an address (IMG-16)."""
    seller = request.caller.require_seller(Capability.EDIT_LISTINGS)
    managed = managed_images(request.caller, asin)
    standards = standards_for(seller)
    names = [(row.variant, row.variant) for row in managed.slots]
    form = AddressForm(request.POST, slots=names)
    if form.is_valid():
        try:
            url = plausible(form.cleaned_data["picture_url"].strip(), standards.terms)
            sent = submit_images(
                request.caller,
                asin=managed.product.asin,
                pictures=[NewImage(url=url, variant=form.cleaned_data["slot"])],
                request_key=form.cleaned_data["request_key"],
            )
        except Refusal as refusal:
            refuse_with(form, refusal, "picture_url")
        else:
            messages.success(request, _confirmation(sent))
            return redirect("catalogue:manage_images", managed.product.asin)
    context = images.page_context(request, managed, standards, address_form=form)
    return render(request, "catalogue/images.html", context, status=422)


def _submitted(request: Request, form: UploadForm, product: Product, standards: Standards) -> list[ListingImage]:
    files = form.cleaned_data[PICTURES]
    slot = form.cleaned_data["slot"].upper()
    pictures = [
        NewImage(
            data=checked(file, standards),
            file_name=file.name or "",
            variant=slot or slot_of(file.name or "", product=product, terms=standards.terms),
        )
        for file in files
    ]
    return submit_images(
        request.caller,
        asin=product.asin,
        pictures=pictures,
        request_key=_request_key(form.cleaned_data["request_key"], pictures),
    )


def _request_key(given: str, pictures: list[NewImage]) -> str:
    """The drop zone sends one form several times, each time with another file: the content is part of the key."""
    if not given:
        return ""
    seen = hashlib.sha256(given.encode())
    for each in pictures:
        seen.update(hashlib.sha256(each.data or b"").digest())
    return seen.hexdigest()[:40]


def _told(form: UploadForm, sent: list[ListingImage]) -> JsonResponse:
    """For one line of the drop zone."""
    if not form.is_valid():
        errors: Any = form.errors.values()
        return JsonResponse({"ok": False, "words": " ".join(e for found in errors for e in found)}, status=422)
    facts = {"slot": ", ".join(image.variant for image in sent), "due": dates.at(sent[0].due_at)}
    return JsonResponse({"ok": True, "words": _("Processing, for the slot %(slot)s. Due by %(due)s.") % facts})


def _confirmation(sent: list[ListingImage]) -> str:
    facts = {"n": len(sent), "due": dates.at(max(image.due_at for image in sent))}
    return (
        ngettext(
            "%(n)s picture is being processed. It is due by %(due)s.",
            "%(n)s pictures are being processed. They are due by %(due)s.",
            len(sent),
        )
        % facts
    )
