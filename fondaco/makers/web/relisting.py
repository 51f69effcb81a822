"""The wizard that moves a product from another category into the handmade store (HAND-19, Q-46)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fondaco.catalogue.models import Offer, OfferStatus
from fondaco.catalogue.product_types import all_types, attributes
from fondaco.catalogue.queries.access import offer_for
from fondaco.kit.errors import NotFound, Refusal
from fondaco.makers.models import Relisting
from fondaco.makers.operations import relisting as operations
from fondaco.makers.queries.applications import maker_for
from fondaco.makers.rules.listing import TYPES
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Capability
from fondaco.web.access import signed_in
from fondaco.web.forms import refuse_with

MOST = 60


@signed_in
def choose(request: Request) -> HttpResponse:
    """Listings of the maker that stand in other categories."""
    maker = maker_for(request.caller)
    request.caller.require(Capability.EDIT_LISTINGS, seller=maker.seller)
    found = Offer.objects.filter(seller=maker.seller, status=OfferStatus.ACTIVE, condition="new")
    found = found.exclude(product__product_type__in=list(TYPES)).exclude(relisting__isnull=False)
    moving = Relisting.objects.filter(original__seller=maker.seller).select_related(
        "original__product__main_picture", "offer__product__main_picture"
    )
    context = {
        "maker": maker,
        "offers": found.select_related("product__main_picture").order_by("-id")[:MOST],
        "moving": moving.order_by("-started_at")[:MOST],
    }
    return render(request, "makers/relist.html", context)


@signed_in
def wizard(request: Request, offer_id: str) -> HttpResponse:
    """Check the copied words, answer for each criterion, give a new SKU."""
    maker = maker_for(request.caller)
    original = offer_for(request.caller, offer_id)
    if original.seller_id != maker.seller_id:
        raise NotFound
    done = Relisting.objects.filter(original=original).select_related("offer__product").first()
    if done is not None:
        return redirect("makers:listing", done.offer.product.asin)
    operations.require_relistable(original)
    form = RelistForm(request.POST or None, initial=_initial(original))
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.relist(request.caller, offer_id=original.pk, **form.answers())
        except Refusal as refusal:
            refuse_with(form, refusal, _FIELDS.get(refusal.CODE))
        else:
            messages.success(
                request, _("The copy is made. When its pictures are checked it appears, and the original ends with it.")
            )
            return redirect("makers:listing", made.offer.product.asin)
    context = {"maker": maker, "form": form, "original": original}
    return render(request, "makers/relist_wizard.html", context, status=422 if form.errors else 200)


_FIELDS = {
    "sku_taken": "sku",
    "relisting_criteria_not_met": "criteria",
    "handmade_production_days": "handling_days",
    "handmade_prohibited": "title",
    "handmade_category_limit": "product_type_key",
    "attributes_missing": "how_made",
}


class RelistForm(forms.Form):
    """What the copy says, and the criteria."""

    product_type_key = forms.ChoiceField(label=gettext_lazy("Handmade category"))
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    description = forms.CharField(
        label=gettext_lazy("Description"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    material = forms.CharField(label=gettext_lazy("Material"), max_length=500)
    how_made = forms.CharField(
        label=gettext_lazy("How it is made, and by whom"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    handling_days = forms.IntegerField(
        label=gettext_lazy("Production time in days"), help_text=gettext_lazy("Customisation included."), min_value=0
    )
    sku = forms.CharField(
        label=gettext_lazy("New SKU"),
        max_length=40,
        help_text=gettext_lazy("Another one than that of the original, which keeps its orders."),
    )
    criteria = forms.MultipleChoiceField(
        label=gettext_lazy("This product"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = sorted(((key, _(all_types()[key].name)) for key in TYPES), key=lambda pair: pair[1])
        self.fields["product_type_key"].choices = types  # type: ignore[attr-defined]
        self.fields["criteria"].choices = [(c, _(label)) for c, label in operations.criteria().items()]  # type: ignore[attr-defined]

    def answers(self) -> dict[str, Any]:
        given = self.cleaned_data
        of_type = all_types()[given["product_type_key"]]
        stated = {"how_made": given["how_made"]}
        stated |= {name: given["material"] for name in of_type.attributes if name not in ("how_made", "age_range")}
        if "color" in of_type.attributes:
            stated.pop("color", None)
        known = set(attributes())
        return {
            "product_type_key": given["product_type_key"],
            "sku": given["sku"],
            "confirmed": set(given["criteria"]),
            "title": given["title"],
            "description": given["description"],
            "attributes": {k: v for k, v in stated.items() if k in known},
            "handling_days": given["handling_days"],
        }


def _initial(original: Offer) -> dict[str, Any]:
    product = original.product
    return {
        "product_type_key": "handmade_home",
        "title": product.title,
        "description": product.description,
        "material": product.attributes.get("material", ""),
        "handling_days": max(1, original.handling_days),
        "sku": f"{original.sku}-H"[:40],
    }
