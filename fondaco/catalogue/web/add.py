"""Add a Product: find it in the catalogue or describe a new one, and offer it, with its pictures (IMG-06)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from fondaco.catalogue import restrictions
from fondaco.catalogue.models import Method, Offer, Product
from fondaco.catalogue.operations import Added, NewImage, add_product
from fondaco.catalogue.product_types import ProductType, all_types, product_type
from fondaco.catalogue.queries.access import product_by_asin
from fondaco.catalogue.queries.inventory import Filters, inventory
from fondaco.catalogue.search.find import search
from fondaco.catalogue.web import staging
from fondaco.catalogue.web.addresses import plausible
from fondaco.catalogue.web.departments import shown_departments, type_name
from fondaco.catalogue.web.forms import PICTURES, ListingForm
from fondaco.catalogue.web.standards import Standards, standards_for
from fondaco.engine import clock
from fondaco.kit.errors import Invalid, NotFound, Refusal
from fondaco.policy import store_of
from fondaco.sellers.access import Request
from fondaco.sellers.models import SellerAccount
from fondaco.sellers.rules import Capability
from fondaco.web import dates
from fondaco.web.access import require_seller
from fondaco.web.refusals import spoken

MOST_FOUND = 8


class NoSuchPicture(Invalid):
    CODE = "no_picture_sent"
    WORDS = N_("No file arrived.")
    FIX = N_("Choose the picture again.")


@dataclass(frozen=True, slots=True)
class Match:
    """A product of the catalogue; `mine` is the seller's own offer on it."""

    product: Product
    mine: Offer | None


@require_seller
def choose(request: Request) -> HttpResponse:
    """First: is it in the catalogue already? Otherwise: what kind of thing is it?"""
    seller = _lister(request)
    query = request.GET.get("q", "").replace("\0", "").strip()[:200]
    context = {
        "query": query,
        "matches": _matches(request, query, seller),
        "departments": shown_departments(),
        "steps": _steps(1),
    }
    return render(request, "catalogue/add.html", context)


@require_seller
def new(request: Request) -> HttpResponse:
    """A product that the catalogue does not have."""
    key = request.POST.get("type") or request.GET.get("type", "")
    if key not in all_types():
        return redirect("catalogue:add_product")
    return _listing(request, of_type=product_type(key))


@require_seller
def join(request: Request, asin: str) -> HttpResponse:
    """An offer on a product of the catalogue."""
    return _listing(request, product=product_by_asin(asin))


def _listing(request: Request, *, of_type: ProductType | None = None, product: Product | None = None) -> HttpResponse:
    seller = _lister(request)
    if of_type is not None:  # who may not list it at all hears so before filling anything in
        restrictions.require_allowed(seller=seller, product_type=of_type, store=seller.store, at=clock.now())
    standards = standards_for(seller)
    if request.method == "POST" and request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return _sent_ahead(request, seller, standards)
    form = ListingForm(
        request.POST or None,
        request.FILES or None,
        of_type=of_type,
        most=standards.most,
        accept=standards.accept,
        currency=store_of(seller.store).currency,
    )
    kept = staging.opened(seller, request.POST.getlist("kept"), most=standards.most)
    if request.method == "POST" and form.is_valid():
        added = _added(request, form, kept, product=product, standards=standards)
        if added is not None:
            messages.success(request, _confirmation(added, standards))
            return redirect("catalogue:manage_images", added.product.asin)
    context = {
        "form": form,
        "kept": kept,
        "of_type": of_type,
        "type_name": type_name(of_type.key) if of_type else "",
        "product": product,
        "standards": standards,
        "steps": _steps(2),
    }
    return render(request, "catalogue/add_listing.html", context, status=422 if form.is_bound else 200)


def _sent_ahead(request: Request, seller: SellerAccount, standards: Standards) -> JsonResponse:
    """One file of the drop zone: kept and judged, long before the form is sent."""
    upload = request.FILES.get(PICTURES)
    try:
        if upload is None:
            raise NoSuchPicture
        is_main = not request.POST.getlist("kept") and not request.FILES.getlist(PICTURES)[1:]
        staged = staging.stage(seller, upload, is_main=is_main, standards=standards)
    except Refusal as refusal:
        said = spoken(refusal)
        return JsonResponse({"ok": False, "words": f"{said.words} {said.fix}".strip()}, status=422)
    keep = {"name": "kept", "value": staged.token, "remove": _("Take away")}
    if staged.faults:
        words = _("It would be rejected: %(faults)s") % {"faults": staged.words}
        return JsonResponse({"ok": True, "words": words, "tone": "warn", "keep": keep})
    return JsonResponse({"ok": True, "words": _("Meets the standards, as far as they can be checked."), "keep": keep})


def _added(
    request: Request,
    form: ListingForm,
    kept: list[staging.Staged],
    *,
    product: Product | None,
    standards: Standards,
) -> Added | None:
    """The product, made once however often the form is sent; None when something is to be put right."""
    seller = _lister(request)
    try:
        files = form.cleaned_data[PICTURES]
        sent = [
            staging.stage(seller, file, is_main=not kept and number == 0, standards=standards)
            for number, file in enumerate(files)
        ]
        return add_product(
            request.caller,
            asin=product.asin if product else "",
            pictures=[*staging.as_new_images([*kept, *sent]), *_by_address(form, standards)],
            method=Method.PORTAL,
            **form.product(),
            **form.offer(),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _by_address(form: ListingForm, standards: Standards) -> list[NewImage]:
    url = form.cleaned_data["picture_url"].strip()
    return [NewImage(url=plausible(url, standards.terms), variant="")] if url else []


def _confirmation(added: Added, standards: Standards) -> str:
    facts = {"title": added.product.title, "sku": added.offer.sku, "asin": added.product.asin}
    if not added.images:
        return _("%(title)s is listed as %(asin)s, SKU %(sku)s. It still needs a picture.") % facts
    due = max(image.due_at for image in added.images)
    return _(
        "%(title)s is listed as %(asin)s, SKU %(sku)s. Its pictures are being processed; they are due within %(hours)s hours, by %(due)s."
    ) % {**facts, "hours": standards.within_hours, "due": dates.at(due)}


def _lister(request: Request) -> SellerAccount:
    return request.caller.require_seller(Capability.EDIT_LISTINGS)


def _matches(request: Request, query: str, seller: SellerAccount) -> list[Match]:
    """By ASIN, also of a listing that search does not show; else by words, the seller's own held back ones too."""
    if not query:
        return []
    try:
        found = [product_by_asin(query)]
    except NotFound:
        mine = inventory(request.caller, Filters(text=query, status="all")).order_by("-id")[:MOST_FOUND]
        public = search(query, store=seller.store).products[:MOST_FOUND]
        found = list({product.pk: product for product in (*public, *(o.product for o in mine))}.values())[:MOST_FOUND]
    own = {o.product_id: o for o in Offer.objects.filter(seller=seller, product__in=found)}
    return [Match(product, own.get(product.pk)) for product in found]


def _steps(now: int) -> list[dict[str, Any]]:
    labels = (_("Find it"), _("Describe and offer it"), _("Pictures are processed"))
    return [
        {"label": label, "state": "done" if n < now else "now" if n == now else "todo"}
        for n, label in enumerate(labels, start=1)
    ]
