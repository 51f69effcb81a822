"""Forms of Buy Shipping. Sizes are typed in the units that the seller is used to, and kept in grams and millimetres."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fondaco.fulfilment.rules.parcels import Package, PackageNotValid
from fondaco.kit.ids import new_id
from fondaco.orders.models import OrderUnit
from fondaco.web.forms import refuse_with

METRIC, IMPERIAL = "metric", "imperial"
_PER_UNIT = {METRIC: (Decimal(1000), Decimal(10)), IMPERIAL: (Decimal("453.59237"), Decimal("25.4"))}
"""Grams in a kilogram or pound; millimetres in a centimetre or inch."""


def shown_in(system: str, package: Package) -> dict[str, str]:
    """A package as the form's first values."""
    heavy, long = _PER_UNIT[system]
    sides = dict(zip(("length", "width", "height"), package.sides_mm, strict=True))
    return {
        "weight": _plain(Decimal(package.weight_g) / heavy, "0.01"),
        **{name: _plain(Decimal(side) / long, "0.1") for name, side in sides.items()},
    }


def _plain(number: Decimal, step: str) -> str:
    return format(number.quantize(Decimal(step), ROUND_HALF_UP).normalize(), "f")


class ParcelForm(forms.Form):
    """What goes into the parcel, and how big it is."""

    units = forms.MultipleChoiceField(label=_("Items in this parcel"), widget=forms.CheckboxSelectMultiple)
    system = forms.ChoiceField(
        label=_("Measured in"), choices=[(IMPERIAL, _("Pounds and inches")), (METRIC, _("Kilograms and centimetres"))]
    )
    weight = forms.DecimalField(label=_("Weight, packed"), min_value=Decimal("0.01"), max_digits=8, decimal_places=3)
    length = forms.DecimalField(label=_("Length"), min_value=Decimal("0.1"), max_digits=6, decimal_places=2)
    width = forms.DecimalField(label=_("Width"), min_value=Decimal("0.1"), max_digits=6, decimal_places=2)
    height = forms.DecimalField(label=_("Height"), min_value=Decimal("0.1"), max_digits=6, decimal_places=2)
    ship_date = forms.DateField(label=_("Ship date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, units: list[OrderUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(unit.pk), _unit_words(unit)) for unit in units]
        self.fields["units"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            heavy, long = _PER_UNIT[given["system"]]
            whole = [int((given["weight"] * heavy).to_integral_value(ROUND_HALF_UP))] + [
                int((given[side] * long).to_integral_value(ROUND_HALF_UP)) for side in ("length", "width", "height")
            ]
            try:
                given["package"] = Package(*(max(1, number) for number in whole))
            except PackageNotValid as refusal:
                refuse_with(self, refusal)
        return given


class BuyForm(forms.Form):
    """The chosen rate, with the parcel it was asked for in hidden fields of the page."""

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    rate = forms.CharField(max_length=80)
    price = forms.CharField(max_length=400, required=False, widget=forms.HiddenInput)
    accept = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    @staticmethod
    def fresh_key() -> str:
        return new_id().hex


class OwnLabelForm(forms.Form):
    """A parcel sent with a label from elsewhere."""

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    units = forms.MultipleChoiceField(label=_("Items in this parcel"), widget=forms.CheckboxSelectMultiple)
    carrier = forms.CharField(label=_("Carrier"), max_length=60)
    tracking = forms.CharField(label=_("Tracking number"), max_length=40)

    def __init__(self, *args: Any, units: list[OrderUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = [(str(unit.pk), _unit_words(unit)) for unit in units]  # type: ignore[attr-defined]
        self.fields["request_key"].initial = lambda: new_id().hex


def _unit_words(unit: OrderUnit) -> str:
    if unit.item.quantity == 1:
        return f"{unit.item.title} ({unit.item.sku})"
    return f"{unit.item.title} ({unit.item.sku}) {unit.number}/{unit.item.quantity}"
