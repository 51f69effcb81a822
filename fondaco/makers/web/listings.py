"""A maker's listings: how each stands, its marks, its countries, and why it is not found."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fondaco import history, policy
from fondaco.cases.prefill import contact_url
from fondaco.cases.rules import CaseType
from fondaco.catalogue.models import Offer
from fondaco.catalogue.web.forms import PriceField
from fondaco.engine import clock
from fondaco.kit.errors import NotFound, Refusal
from fondaco.makers import words
from fondaco.makers.models import Relisting, Removal
from fondaco.makers.operations import listing as operations
from fondaco.makers.queries.applications import maker_for
from fondaco.makers.queries.shop import listings_of, own_listing, why_not_found
from fondaco.makers.web import show
from fondaco.makers.web.forms import MarksForm, WordsForm
from fondaco.makers.words import said
from fondaco.policy import store_of
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web.access import signed_in
from fondaco.web.forms import refuse_with
from fondaco.web.paging import page_of


@signed_in
def listing(request: Request) -> HttpResponse:
    """All listings, the newest first."""
    maker = maker_for(request.caller)
    request.caller.require(Capability.VIEW, seller=maker.seller)
    page = page_of(listings_of(maker), request=request, order=("-listed_at", "-id"), size=25)
    return render(
        request, "makers/listings.html", {"maker": maker, "page": page, "rows": [show.listed(r) for r in page]}
    )


@signed_in
def one(request: Request, asin: str) -> HttpResponse:
    """One listing with everything that this domain knows of it."""
    return render(request, "makers/listing.html", _context(request, asin))


@require_POST
@signed_in
def marks(request: Request, asin: str) -> HttpResponse:
    """Private and adult."""
    form = MarksForm(request.POST)
    form.is_valid()
    operations.mark(request.caller, asin=asin, **form.cleaned_data)
    messages.success(request, _("The marks are saved. Search follows within minutes."))
    return redirect("makers:listing", asin)


@require_POST
@signed_in
def store(request: Request, asin: str) -> HttpResponse:
    """An offer in another store of the region."""
    code = request.POST.get("store", "")
    if code not in maker_for(request.caller).stores:
        raise NotFound
    form = StoreForm(request.POST, store=code)
    if form.is_valid():
        try:
            operations.list_in_store(request.caller, asin=asin, store=code, **form.offer())
        except Refusal as refusal:
            refuse_with(form, refusal)
        else:
            messages.success(request, _("Listed in %(store)s.") % {"store": _(store_of(code).name)})
            return redirect("makers:listing", asin)
    return render(request, "makers/listing.html", _context(request, asin, failed=form), status=422)


@require_POST
@signed_in
def appeal(request: Request, asin: str) -> HttpResponse:
    """The maker's answer to a removal."""
    form = WordsForm(request.POST)
    operations.appeal(request.caller, asin=asin, text=form.cleaned_data["text"] if form.is_valid() else "")
    messages.success(request, _("Your appeal is with the review desk."))
    return redirect("makers:listing", asin)


@signed_in
def not_found(request: Request) -> HttpResponse:
    """The common reasons, answered for one listing; first, which one."""
    maker = maker_for(request.caller)
    asin, asked = (
        request.GET.get("asin", "").strip().upper()[:10],
        request.GET.get("q", "").replace("\0", "").strip()[:200],
    )
    rows = [show.listed(r) for r in listings_of(maker)[:100]]
    reasons = policy.value("handmade.not_found_reasons", maker.seller.store, at=clock.now()).value
    context: dict[str, Any] = {
        "maker": maker,
        "rows": rows,
        "asin": asin,
        "asked": asked,
        "reasons": [said(r["label"]) for r in reasons],
    }
    if asin:
        row, diagnosis = why_not_found(request.caller, asin, asked=asked)
        end = diagnosis.conclusion
        contents = {"subject": _("Listing not found: %(asin)s") % {"asin": asin}, "details": _steps(diagnosis)}
        context |= {
            "listing": show.listed(row),
            "diagnosis": diagnosis,
            "is_fine": row.product.searchable and (end is None or end.outcome.state == "passed"),
            "contact": contact_url(CaseType.OTHER, contents, origin=f"diagnosis:{asin}"),
        }
    return render(request, "makers/not_found.html", context)


class StoreForm(forms.Form):
    """An offer in one store, in its currency."""

    store = forms.CharField(widget=forms.HiddenInput)
    sku = forms.CharField(label="SKU", max_length=40)
    price_minor = PriceField()
    quantity = forms.IntegerField(min_value=0)
    handling_days = forms.IntegerField(min_value=0)

    def __init__(self, *args: Any, store: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = store_of(store).currency
        self.fields["price_minor"].currency = currency  # type: ignore[attr-defined]
        self.fields["price_minor"].label = _("Price in %(currency)s") % {"currency": currency}
        self.fields["quantity"].label = _("Quantity")
        self.fields["handling_days"].label = _("Production time in days")
        self.code = store

    def offer(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("sku", "price_minor", "quantity", "handling_days")}


def _context(request: Request, asin: str, *, failed: StoreForm | None = None) -> dict[str, Any]:
    row = own_listing(request.caller, asin)
    request.caller.require(Capability.VIEW, seller=row.seller)
    maker = maker_for(request.caller)
    offers = list(Offer.objects.filter(product=row.product, seller=row.seller).order_by("store", "created_at"))
    removal = Removal.objects.filter(listing=row).order_by("-removed_at").first()
    moved = Relisting.objects.filter(offer__product=row.product).select_related("original__product").first()
    first = offers[0] if offers else None
    taken = {o.store for o in offers}
    stores = [
        {
            "store": store_of(code),
            "offers": [o for o in offers if o.store == code],
            "form": None
            if code in taken
            else failed
            if failed is not None and failed.code == code
            else StoreForm(
                store=code,
                initial={
                    "store": code,
                    "sku": f"{first.sku}-{code}"[:40] if first else "",
                    "handling_days": first.handling_days if first else 1,
                },
            ),
        }
        for code in maker.stores
    ]
    return {
        **show.listed(row),
        "maker": maker,
        "offers": offers,
        "stores": stores,
        "marks": MarksForm(initial={"is_private": row.is_private, "is_adult": row.is_adult}),
        "removal": removal,
        "removal_state": words.REMOVAL_STATES[removal.state] if removal else "",
        "appeal_form": WordsForm() if removal and removal.state == "removed" else None,
        "moved": moved,
        "events": history.timeline(row.product),
        "customisation_state": _customisation_state(row),
        "may_edit": request.caller.may(Capability.EDIT_LISTINGS),
        "not_found_url": f"{reverse('makers:not_found')}?asin={row.product.asin}",
    }


def _customisation_state(row: Any) -> str:
    if not row.customisation:
        return ""
    return "active" if row.customisation_at else "waiting"


def _steps(diagnosis: Any) -> str:
    from fondaco.web.refusals import filled

    return "\n".join(f"{r.number}. {filled(r.check.question, {})} – {r.outcome.state}" for r in diagnosis.results)
