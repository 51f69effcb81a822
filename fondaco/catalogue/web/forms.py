"""Forms of the seller's pages. They read what was typed; the operations judge it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fondaco.catalogue.models import Channel
from fondaco.catalogue.operations.offers import MOST_HANDLING_DAYS, MOST_UNITS, NOTE_LIMIT, SKU_LIMIT
from fondaco.catalogue.operations.products import BRAND_LIMIT, DESCRIPTION_LIMIT, TITLE_LIMIT, VALUE_LIMIT
from fondaco.catalogue.product_types import ProductType, attributes, theme
from fondaco.catalogue.web import words
from fondaco.kit.errors import Refusal
from fondaco.kit.ids import new_id
from fondaco.kit.money import Money
from fondaco.web.forms import FilesField, refuse_with
from fondaco.web.refusals import spoken

PICTURES = "pictures"
URL_LIMIT = 2000
REQUEST_KEY_LIMIT = 40


class PriceField(forms.CharField):
    """An amount in major units; gives minor units."""

    def __init__(self, *, currency: str = "USD", **kwargs: Any) -> None:
        self.currency = currency
        super().__init__(max_length=24, **kwargs)
        self.widget.attrs.update(inputmode="decimal", autocomplete="off", size=12)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Money.parse(
                text.replace(",", ".") if text.count(",") == 1 and "." not in text else text, self.currency
            ).minor
        except Refusal as refusal:
            said = spoken(refusal)
            raise forms.ValidationError(f"{said.words} {said.fix}".strip(), refusal.CODE) from None

    def prepare_value(self, value: Any) -> Any:
        return str(Money(value, self.currency).amount) if isinstance(value, int) else value


def _select(choices: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(str(value), label) for value, label in choices.items()]


def _units(**kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(min_value=0, max_value=MOST_UNITS, **kwargs)


def _days(**kwargs: Any) -> forms.IntegerField:
    help_text = _("From the order until the parcel is handed to the carrier.")
    return forms.IntegerField(
        label=_("Handling time in days"), min_value=0, max_value=MOST_HANDLING_DAYS, help_text=help_text, **kwargs
    )


class OfferFields(forms.Form):
    """What an offer says, new or changed."""

    def __init__(self, *args: Any, currency: str = "USD", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["price_minor"].currency = currency  # type: ignore[attr-defined]
        self.fields["price_minor"].label = gettext("Price in %(currency)s") % {"currency": currency}

    price_minor = PriceField(label=_("Price"))
    quantity = _units(label=_("Quantity"), help_text=_("Units that can be bought now."))
    handling_days = _days(initial=1)
    channel = forms.ChoiceField(
        label=_("Who ships"), choices=_select(words.CHANNELS), initial=Channel.SELLER, widget=forms.RadioSelect
    )
    condition_note = forms.CharField(
        label=_("Condition note"), max_length=NOTE_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class EditOfferForm(OfferFields):
    """Change an offer. The condition stays: other condition, other SKU."""

    restock_date = forms.DateField(
        label=_("Restock date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("When units come in again; empty when there are some."),
    )


class ListingForm(OfferFields):
    """Add a Product: an offer with pictures. With a product type, the product's own words too (IMG-06).

    `kept` are pictures that were sent ahead (`staging`), as tokens.
    """

    request_key = forms.CharField(max_length=REQUEST_KEY_LIMIT, widget=forms.HiddenInput, required=False)
    sku = forms.CharField(
        label=_("SKU"), max_length=SKU_LIMIT, help_text=_("Your own number for it; it stays with the offer.")
    )
    condition = forms.ChoiceField(label=_("Condition"), choices=_select(words.CONDITIONS))
    pictures = FilesField(label=_("Pictures"), required=False, max_files=9)
    picture_url = forms.CharField(
        label=_("Address of a picture"),
        max_length=URL_LIMIT,
        required=False,
        help_text=_("We fetch a copy from there. It must lead to the picture itself: no page, no redirect."),
        widget=forms.URLInput(attrs={"placeholder": "https://", "inputmode": "url"}),
    )

    def __init__(
        self, *args: Any, of_type: ProductType | None = None, most: int = 9, accept: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.of_type = of_type
        self.fields["request_key"].initial = lambda: new_id().hex
        self.fields[PICTURES].max_files = most  # type: ignore[attr-defined]
        self.fields[PICTURES].widget.attrs["accept"] = accept
        if of_type is not None:
            self._describe(of_type)

    def _describe(self, of_type: ProductType) -> None:
        self.fields["title"] = forms.CharField(
            label=_("Title"), max_length=TITLE_LIMIT, help_text=_("What it is, its size and its colour, in this order.")
        )
        self.fields["brand"] = forms.CharField(label=_("Brand"), max_length=BRAND_LIMIT, required=False)
        self.fields["description"] = forms.CharField(
            label=_("Description"),
            max_length=DESCRIPTION_LIMIT,
            required=False,
            widget=forms.Textarea(attrs={"rows": 5}),
        )
        self.fields["hazmat_class"] = forms.ChoiceField(label=_("Hazard class"), choices=_select(words.HAZMAT))
        if of_type.is_handmade:
            self.fields["handling_days"].label = gettext("Production time in days")
            self.fields["handling_days"].help_text = gettext("Customisation included, until the parcel is handed over.")
        names = attributes()
        for key in _attributes_of(of_type):
            self.fields[_field_of(key)] = forms.CharField(
                label=gettext(names[key].name) if key in names else key,
                max_length=VALUE_LIMIT,
                required=key in of_type.attributes,
            )
        # Faults are listed in the order of the page.
        stated = [_field_of(key) for key in _attributes_of(of_type)]
        self.order_fields(["title", "brand", *stated, "description", "hazmat_class", "sku"])

    @property
    def stated(self) -> list[forms.BoundField]:
        """The fields of the type's attributes, those that must be stated first."""
        return [self[_field_of(key)] for key in _attributes_of(self.of_type)] if self.of_type else []

    def product(self) -> dict[str, Any]:
        """What `add_product` takes beside the offer; nothing when a product of the catalogue is joined."""
        if self.of_type is None:
            return {}
        data = self.cleaned_data
        given = {key: data.get(_field_of(key), "") for key in _attributes_of(self.of_type)}
        described = {name: data[name] for name in ("title", "brand", "description", "hazmat_class")}
        return {"product_type": self.of_type.key, "attributes": given, **described}

    def offer(self) -> dict[str, Any]:
        """The offer's part of the same."""
        names = (
            "sku",
            "price_minor",
            "quantity",
            "channel",
            "condition",
            "condition_note",
            "handling_days",
            "request_key",
        )
        return {name: self.cleaned_data[name] for name in names}

    def refuse(self, refusal: Refusal) -> None:
        """The refusal's words beside the field that it is about."""
        refuse_with(self, refusal, _FIELD_OF_REFUSAL.get(refusal.CODE))


_FIELD_OF_REFUSAL = {
    "sku_taken": "sku",
    "wrong_price": "price_minor",
    "wrong_quantity": "quantity",
    "wrong_handling_time": "handling_days",
    "handmade_production_days": "handling_days",
    "handmade_prohibited": "title",
    "handmade_category_limit": "title",
    "file_too_big": PICTURES,
    "file_empty": PICTURES,
    "no_free_image_slot": PICTURES,
    "image_slot_twice": PICTURES,
    "picture_not_acceptable": PICTURES,
    "picture_address_wrong": "picture_url",
}


def _attributes_of(of_type: ProductType) -> list[str]:
    """What must be stated, then what its variations vary by."""
    further = [name for key in of_type.themes for name in theme(key).attributes]
    return list(dict.fromkeys([*of_type.attributes, *further]))


def _field_of(attribute: str) -> str:
    return f"attribute_{attribute}"


class UploadForm(forms.Form):
    """Pictures for a product: files, into a named slot or the free ones."""

    request_key = forms.CharField(max_length=REQUEST_KEY_LIMIT, widget=forms.HiddenInput, required=False)
    slot = forms.CharField(max_length=4, widget=forms.HiddenInput, required=False)
    pictures = FilesField(label=_("Pictures"))

    def __init__(self, *args: Any, most: int = 9, accept: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = lambda: new_id().hex
        self.fields[PICTURES].max_files = most  # type: ignore[attr-defined]
        self.fields[PICTURES].widget.attrs["accept"] = accept


class AddressForm(forms.Form):
    """A picture by its address, for a slot."""

    request_key = forms.CharField(max_length=REQUEST_KEY_LIMIT, widget=forms.HiddenInput, required=False)
    picture_url = forms.CharField(
        label=_("Address of the picture"),
        max_length=URL_LIMIT,
        help_text=_("It must lead to the picture itself: no page around it, no redirect."),
        widget=forms.URLInput(attrs={"placeholder": "https://", "inputmode": "url"}),
    )
    slot = forms.ChoiceField(label=_("Slot"), required=False)

    def __init__(self, *args: Any, slots: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = lambda: new_id().hex
        self.fields["slot"].choices = [("", gettext("The first free one")), *slots]  # type: ignore[attr-defined]
