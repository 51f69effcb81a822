"""The forms of the account pages. They check shapes; what may be done is decided by the operations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fondaco.kit.errors import Refusal
from fondaco.kit.ids import new_id
from fondaco.sellers.addresses import PostalAddress, as_dict, countries, shape_of
from fondaco.sellers.models import Address, Person, SellerAccount
from fondaco.sellers.operations.addresses import AddressRefused
from fondaco.sellers.rules import MemberRole, Plan, Role, SellerStatus
from fondaco.sellers.web import words
from fondaco.web.forms import refuse_with


class OnceForm(forms.Form):
    """A form that carries a key, so that sending it twice does it once."""

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = lambda: new_id().hex

    @property
    def key(self) -> str:
        return self.cleaned_data.get("request_key", "")


class AddressForm(OnceForm):
    """An address in the shape of its country. Another country shows other parts: the page asks for them anew."""

    country = forms.ChoiceField(label=words.PARTS["country"])

    def __init__(self, *args: Any, country: str = "US", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.data.get(self.add_prefix("country")) if self.is_bound else self.initial.get("country", country)
        self.shape = shape_of(chosen if chosen in countries() else "US")
        self.fields["country"] = forms.ChoiceField(
            label=words.PARTS["country"],
            choices=words.country_choices(),
            initial=self.shape.country,
            widget=forms.Select(attrs={"autocomplete": "country", **_RESHAPES}),
        )
        self.fields["name"] = _text("name", autocomplete="name")
        self.fields["company"] = _text("company", autocomplete="organization", required=False)
        for part in self.shape.parts:
            self.fields[part] = self._part(part)
        self.fields["phone"] = _text("phone", autocomplete="tel", required=False)

    @property
    def address_fields(self) -> list[forms.BoundField]:
        """The parts in the order in which the country writes them, after the country itself."""
        return [self[name] for name in ("name", "company", *self.shape.parts, "phone")]

    def address(self) -> PostalAddress:
        """What was typed, unchecked."""
        parts = ("country", "name", "company", *self.shape.parts, "phone")
        return PostalAddress(**{part: self.cleaned_data.get(part) or "" for part in parts})

    def refuse(self, refusal: Refusal) -> None:
        """The refusal's words, at the parts of the address that are wrong or above the form."""
        if not isinstance(refusal, AddressRefused):
            refuse_with(self, refusal)
            return
        for finding in refusal.facts["findings"]:
            place = finding.measured if finding.measured in self.fields else None
            self.add_error(place, forms.ValidationError(words.FAULTS[finding.code], finding.code))

    def _part(self, part: str) -> forms.Field:
        label = words.part_label(part, self.shape.words.get(part, ""))
        is_required = part in self.shape.required
        if part == "region" and self.shape.regions:
            empty = [("", "—")]
            select = forms.Select(attrs={"autocomplete": "address-level1"})
            return forms.ChoiceField(
                label=label, choices=empty + list(self.shape.regions), required=is_required, widget=select
            )
        if part == "street":
            widget = forms.Textarea(attrs={"rows": 2, "autocomplete": "street-address"})
            return forms.CharField(label=label, max_length=240, required=is_required, widget=widget)
        field = _text(part, label=label, required=is_required, autocomplete=_AUTOCOMPLETE.get(part, "off"))
        if part == "postal_code" and self.shape.postal_example:
            field.help_text = _("For example %(code)s") % {"code": self.shape.postal_example}
        return field


# With script, another country brings its own parts at once; without, the button beside it does (`show=address`).
_RESHAPES = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-vals": '{"show": "address"}',
    "hx-select": "#address-parts",
    "hx-target": "#address-parts",
    "hx-swap": "outerHTML",
}
_AUTOCOMPLETE = {"city": "address-level2", "city_area": "address-level3", "postal_code": "postal-code"}
_LENGTHS = {"postal_code": 20, "sorting_code": 40, "phone": 40}


def _text(part: str, *, label: Any = None, autocomplete: str, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label or words.PARTS[part],
        max_length=_LENGTHS.get(part, 120),
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
    )


def address_initial(row: Address) -> dict[str, str]:
    """A stored address as the form's initial values."""
    return as_dict(row.postal)


class RegistrationForm(AddressForm):
    """Everything that a seller account needs on its first day."""

    display_name = forms.CharField(
        label=_("Display name"), max_length=80, help_text=_("What buyers read. You can change it later.")
    )
    legal_name = forms.CharField(
        label=_("Legal name"), max_length=120, help_text=_("As registered; not shown to buyers.")
    )
    plan = forms.ChoiceField(label=_("Selling plan"), widget=forms.RadioSelect, initial=Plan.PROFESSIONAL.value)
    accepts_terms = forms.BooleanField(label=_("I accept the selling terms"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].choices = words.choices(words.PLANS)  # type: ignore[attr-defined]


class ProfileForm(forms.Form):
    display_name = forms.CharField(label=_("Display name"), max_length=80)
    legal_name = forms.CharField(label=_("Legal name"), max_length=120)
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("The clock of your cut-off times and reports."))

    def __init__(self, *args: Any, seller: SellerAccount, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {n: getattr(seller, n) for n in ("display_name", "legal_name", "time_zone")})
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = words.zone_choices()  # type: ignore[attr-defined]


class VacationForm(forms.Form):
    from_date = forms.DateField(
        label=_("First day away"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until_date = forms.DateField(
        label=_("Last day away"),
        required=False,
        help_text=_("Leave it empty to be away until you say that you are back."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class CardForm(OnceForm):
    number = forms.CharField(
        label=_("Card number"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "cc-number"}),
    )
    expiry_month = forms.IntegerField(
        label=_("Month of expiry"),
        min_value=1,
        max_value=12,
        widget=forms.NumberInput(attrs={"autocomplete": "cc-exp-month"}),
    )
    expiry_year = forms.IntegerField(
        label=_("Year of expiry"),
        min_value=2000,
        max_value=2199,
        widget=forms.NumberInput(attrs={"autocomplete": "cc-exp-year"}),
    )


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, grantable: frozenset[MemberRole], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = words.choices(words.MEMBER_ROLES, only=grantable)  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("All times are shown in this zone, which is named beside them.")
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {n: getattr(person, n) for n in ("name", "language", "time_zone")})
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = words.language_choices()  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = words.zone_choices()  # type: ignore[attr-defined]


class StatusForm(forms.Form):
    status = forms.ChoiceField(label=_("Status"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        help_text=_("The seller reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, seller: SellerAccount, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"status": seller.status})
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = words.choices(words.STATUSES, only=SellerStatus)  # type: ignore[attr-defined]


class BrandForm(forms.Form):
    name = forms.CharField(label=_("Brand name"), max_length=80)


class StaffRoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = words.choices(words.ROLES, only=Role)  # type: ignore[attr-defined]
