"""Forms of customer service and of claims."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fondaco.kit.errors import Refusal
from fondaco.kit.ids import new_id
from fondaco.kit.money import Money
from fondaco.orders.models import OrderUnit
from fondaco.service.operations.refusals import CannotBeClaimed
from fondaco.service.rules.claims import Fault, Ground
from fondaco.service.web import words
from fondaco.web.forms import FilesField, refuse_with

TEXT_LIMIT = 4000


class Keyed(forms.Form):
    """A form that is safe to send twice."""

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = lambda: new_id().hex

    def money(self, name: str, currency: str) -> Money | None:
        """An optional amount as typed. Raises NotAnAmount."""
        given = self.cleaned_data.get(name)
        return Money.parse(given, currency) if given else None


def _why() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The seller reads it, with your name."),
    )


class RefundForm(Keyed):
    """A refund at discretion."""

    kind = forms.ChoiceField(label=_("What for"))
    units = forms.MultipleChoiceField(label=_("Units"), widget=forms.CheckboxSelectMultiple)
    amount = forms.CharField(
        label=_("Amount"), required=False, max_length=20, help_text=_("Empty: all that is left of these units.")
    )
    charge_seller = forms.BooleanField(label=_("Charge the seller"), required=False, initial=True)
    why = _why()

    def __init__(self, *args: Any, units: list[tuple[str, str]], kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = units  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(str(k), words.KINDS[k]) for k in kinds]  # type: ignore[attr-defined]


class LateForm(Keyed):
    """The shipping cost of a late item."""

    item = forms.ChoiceField(label=_("Item"))
    charge_seller = forms.BooleanField(label=_("Charge the seller"), required=False, initial=True)
    why = _why()

    def __init__(self, *args: Any, items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = items  # type: ignore[attr-defined]


class AddressForm(forms.Form):
    """Another address for an order."""

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=120)
    street = forms.CharField(label=_("Street"), max_length=240, widget=forms.Textarea(attrs={"rows": 2}))
    city = forms.CharField(label=_("City"), max_length=120)
    region = forms.CharField(label=_("State or province"), max_length=120, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    country = forms.CharField(label=_("Country"), max_length=2, min_length=2)
    why = _why()


class SayForm(Keyed):
    """A question, an answer, an appeal."""

    text = forms.CharField(label=_("Message"), max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 3}))


class ProveForm(SayForm):
    """An answer with more evidence."""

    item_photos = FilesField(label=words.EVIDENCE["item_photos"], required=False, max_files=4)
    packaging_photos = FilesField(label=words.EVIDENCE["packaging_photos"], required=False, max_files=4)
    documents = FilesField(label=words.EVIDENCE["documents"], required=False, max_files=4)

    def evidence(self) -> list[tuple[str, str, bytes]]:
        """What was handed in: kind, name, content."""
        return [
            (kind, upload.name or "", upload.read())
            for kind in ("item_photos", "packaging_photos", "documents")
            for upload in self.cleaned_data.get(kind) or []
        ]


class FileForm(ProveForm):
    """A reimbursement claim."""

    ground = forms.ChoiceField(label=_("Ground"), choices=[(str(g), words.GROUNDS[g]) for g in Ground])
    amount = forms.CharField(
        label=_("Amount"), required=False, max_length=20, help_text=_("Empty: all that was charged.")
    )
    field_order = ["ground", "amount", "text", "item_photos", "packaging_photos", "documents"]


class DecideForm(Keyed):
    """Yes or no, with reasons."""

    verdict = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[("granted", words.VERDICTS["granted"]), ("declined", words.VERDICTS["declined"])],
    )
    amount = forms.CharField(label=_("Amount"), required=False, max_length=20, help_text=_("Empty: all that is asked."))
    text = forms.CharField(label=_("Reason"), max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(Keyed):
    """The seller's answer to a guarantee claim."""

    accept = forms.ChoiceField(
        label=_("Answer"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Refund the buyer in full")), ("no", _("No: let customer service decide"))],
    )
    text = forms.CharField(label=_("Message"), max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 3}))


class OpenForm(forms.Form):
    """A buyer's guarantee claim."""

    unit = forms.ChoiceField(label=_("Which one"))
    fault = forms.ChoiceField(
        label=_("What is wrong"), widget=forms.RadioSelect, choices=[(str(f), words.FAULTS[f]) for f in Fault]
    )
    text = forms.CharField(label=_("What happened"), max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, units: list[OrderUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = unit_choices(units)  # type: ignore[attr-defined]


def unit_choices(units: list[OrderUnit]) -> list[tuple[str, str]]:
    """Units by name; the number only where there are several."""
    return [
        (str(u.pk), u.item.title if u.item.quantity == 1 else f"{u.item.title} {u.number}/{u.item.quantity}")
        for u in units
    ]


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """The refusal's words; why something cannot be claimed, in the reader's language."""
    if isinstance(refusal, CannotBeClaimed) and (why := words.WHY_NOT.get(refusal.facts.get("code", ""))):
        form.add_error(None, forms.ValidationError(str(why), refusal.CODE))
    else:
        refuse_with(form, refusal)
