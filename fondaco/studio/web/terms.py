"""The operator's forms for capacity and prices; the whole history of either is on its page of policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fondaco import policy
from fondaco.catalogue.web.forms import PriceField
from fondaco.engine import clock
from fondaco.kit.errors import Refusal
from fondaco.kit.money import Money
from fondaco.policy.stores import DEFAULT, STORES, Store, store_of
from fondaco.sellers.access import Request
from fondaco.studio import operations
from fondaco.studio.web import kinds
from fondaco.web.access import require_role
from fondaco.web.forms import refuse_with

TODAY, ALWAYS = "today", "always"


class CapacityForm(forms.Form):
    """How many orders a day, and for how long that holds."""

    most = forms.IntegerField(
        label=gettext_lazy("Orders a day"),
        help_text=gettext_lazy("0 closes the studio; empty means no limit. Orders already placed go on."),
        min_value=0,
        max_value=1_000_000,
        required=False,
    )
    holds = forms.ChoiceField(
        label=gettext_lazy("It holds"),
        choices=[(TODAY, gettext_lazy("only today")), (ALWAYS, gettext_lazy("until it is changed"))],
        widget=forms.RadioSelect,
        initial=ALWAYS,
    )


class PriceForm(forms.Form):
    """One row of the price table."""

    category = forms.ChoiceField(label=gettext_lazy("Products"))
    price = PriceField(label=gettext_lazy("Price of an order"))
    remove = forms.BooleanField(label=gettext_lazy("Take this price away"), required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = kinds.choices()  # type: ignore[attr-defined]
        self.fields["price"].currency = currency  # type: ignore[attr-defined]


class _Prices(forms.BaseFormSet):  # type: ignore[type-arg]
    """The table as a whole: no category twice."""

    def clean(self) -> None:
        if any(self.errors):
            return
        named = [row.cleaned_data["category"] for row in self.forms if _counts(row.cleaned_data)]
        if len(set(named)) < len(named):
            raise forms.ValidationError(_("A category has two prices."), "category_twice")


PriceFormSet = forms.formset_factory(PriceForm, formset=_Prices, extra=1, max_num=500)


@require_role("operator")
def prices(request: Request) -> HttpResponse:
    """The price table of a store, a row a category, with an empty row for another."""
    store = chosen_store(request)
    if request.method == "POST":
        rows = PriceFormSet(request.POST, form_kwargs={"currency": store.currency}, prefix="price")
    else:
        table = policy.value("imaging.price_table", store.code, at=clock.now()).value
        shown = [{"category": row["category"], "price": row["price"].minor} for row in table]
        rows = PriceFormSet(initial=shown, form_kwargs={"currency": store.currency}, prefix="price")
    if request.method == "POST" and rows.is_valid():
        try:
            operations.set_prices(request.caller, store=store.code, prices=_prices_of(rows, store.currency))
        except Refusal as refusal:
            refuse_with(rows.forms[0], refusal)
        else:
            messages.success(request, _("The prices are published. Orders already placed keep their quote."))
            return redirect(f"{reverse('studio:prices')}?store={store.code}")
    context = {
        "store": store,
        "tabs": tabs(store, "studio:prices"),
        "rows": rows,
        "trail": [(_("Imaging services"), f"{reverse('studio:operator')}?store={store.code}"), (_("Prices"), "")],
    }
    return render(request, "studio/prices.html", context, status=422 if rows.is_bound else 200)


@require_POST
@require_role("operator")
def capacity(request: Request) -> HttpResponse:
    """Set the day's limit, or clear it."""
    from fondaco.studio.web.operator import overview

    store = chosen_store(request)
    form = CapacityForm(request.POST)
    if form.is_valid():
        try:
            operations.set_capacity(
                request.caller,
                store=store.code,
                most=form.cleaned_data["most"],
                only_today=form.cleaned_data["holds"] == TODAY,
            )
        except Refusal as refusal:
            refuse_with(form, refusal, "most")
    if form.errors:
        request.method = "GET"
        return overview(request, form=form, status=422)
    messages.success(request, _("The capacity is set."))
    return redirect(f"{reverse('studio:operator')}?store={store.code}")


def chosen_store(request: Request) -> Store:
    """The store of the page. Raises UnknownStore."""
    return store_of(request.POST.get("store") or request.GET.get("store") or DEFAULT)


def tabs(here: Store, page: str) -> list[dict[str, Any]]:
    """The stores, each with its own capacity and prices."""
    return [
        {"label": _(store.name), "url": f"{reverse(page)}?store={store.code}", "current": store is here}
        for store in STORES.values()
    ]


def _prices_of(rows: forms.BaseFormSet[PriceForm], currency: str) -> dict[str, Money]:
    given = [row.cleaned_data for row in rows.forms if _counts(row.cleaned_data)]
    return {row["category"]: Money(row["price"], currency) for row in given}


def _counts(row: Mapping[str, Any]) -> bool:
    return bool(row.get("category")) and not row.get("remove") and row.get("price") is not None
