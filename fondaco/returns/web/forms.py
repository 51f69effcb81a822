"""Forms of returns. The rules judge what was written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fondaco.kit.ids import new_id
from fondaco.returns.operations.decide import NOTE_LIMIT
from fondaco.returns.operations.request import COMMENT_LIMIT, Wanted
from fondaco.returns.operations.warehouse import MOST_PHOTOS, NewPhoto
from fondaco.returns.rules.refund import Grade
from fondaco.returns.terms import Terms
from fondaco.returns.web import words
from fondaco.web.forms import FilesField


def reason_choices(terms: Terms, categories: Iterable[str], *, empty: bool = True) -> list[tuple[str, str]]:
    """All reasons of the store, once each; where the buyer would pay the way back, it says so (PRIME-43, PRIME-45)."""
    is_free = not terms.refund.free_categories.isdisjoint(categories)
    found = []
    for row in terms.reasons:
        label = gettext(row.label)
        if row.payer == "buyer" and not is_free:
            label = gettext("%(reason)s (return shipping is deducted)") % {"reason": label}
        found.append((row.key, label))
    return [("", gettext("Choose a reason")), *found] if empty else found


class ChooseForm(forms.Form):
    """Which units, and why each. One set of fields for every unit that can be chosen."""

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, units: Iterable[Any], terms: Terms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = lambda: new_id().hex
        self.units = list(units)
        for unit in self.units:
            pk = unit.pk.hex
            self.fields[f"take_{pk}"] = forms.BooleanField(label=unit.item.title, required=False)
            self.fields[f"reason_{pk}"] = forms.ChoiceField(
                label=_("Why do you return it?"), choices=reason_choices(terms, unit.item.categories), required=False
            )
            self.fields[f"comment_{pk}"] = forms.CharField(
                label=_("Anything that helps the seller"),
                max_length=COMMENT_LIMIT,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def fields_of(self, unit: Any) -> dict[str, Any]:
        pk = unit.pk.hex
        return {"take": self[f"take_{pk}"], "reason": self[f"reason_{pk}"], "comment": self[f"comment_{pk}"]}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for unit in self.units:
            pk = unit.pk.hex
            if cleaned.get(f"take_{pk}") and not cleaned.get(f"reason_{pk}"):
                self.add_error(f"reason_{pk}", _("Choose a reason for this item."))
        return cleaned

    def wanted(self) -> list[Wanted]:
        data = self.cleaned_data
        return [
            Wanted(unit.pk, data[f"reason_{unit.pk.hex}"], data.get(f"comment_{unit.pk.hex}", ""))
            for unit in self.units
            if data.get(f"take_{unit.pk.hex}")
        ]


class ReasonForm(forms.Form):
    """Another reason for a unit."""

    reason = forms.ChoiceField(label=_("Reason"))
    comment = forms.CharField(
        label=_("Comment"), max_length=COMMENT_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, terms: Terms, categories: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reason_choices(terms, categories, empty=False)  # type: ignore[attr-defined]


class GradeForm(forms.Form):
    """What the associate found."""

    grade = forms.ChoiceField(
        label=_("Condition"), choices=[(str(g), words.GRADES[g]) for g in words.GRADES], widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    photos = FilesField(
        label=_("Photos"),
        max_files=MOST_PHOTOS,
        required=False,
        help_text=_("Needed for a deduction of 20 % or more. Show the whole item and the fault from close by."),
    )

    def found(self) -> Grade:
        return Grade(self.cleaned_data["grade"])

    def new_photos(self) -> list[NewPhoto]:
        return [NewPhoto(file.read(), file.name or "") for file in self.cleaned_data["photos"]]


class DisputeForm(forms.Form):
    """Why the reason is not so, with photographs."""

    text = forms.CharField(
        label=_("What is wrong with the reason?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    photos = FilesField(
        label=_("Photos"),
        max_files=MOST_PHOTOS,
        required=False,
        help_text=_("At least one, unless the unit was photographed already."),
    )

    def new_photos(self) -> list[NewPhoto]:
        return [NewPhoto(file.read(), file.name or "") for file in self.cleaned_data["photos"]]


class RefundForm(forms.Form):
    """How much the seller keeps."""

    deduct_pct = forms.IntegerField(
        label=_("Keep this share of the item price, in %"), min_value=0, max_value=100, initial=0, required=False
    )

    def pct(self) -> int:
        return self.cleaned_data.get("deduct_pct") or 0


class WhyForm(forms.Form):
    """A decision with its reason."""

    why = forms.CharField(
        label=_("Why"), max_length=NOTE_LIMIT, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


class ScanForm(forms.Form):
    """What the scanner reads, or somebody types."""

    code = forms.CharField(
        label=_("Tracking number, return number or order number"),
        max_length=60,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "enterkeyhint": "go"}),
    )


class ClearForm(forms.Form):
    """Support's judgement on a disputed class."""

    sections = forms.IntegerField(label=_("Sections that you counted"), min_value=0, max_value=50, required=False)
    note = forms.CharField(
        label=_("Your reason, which the seller reads"), max_length=NOTE_LIMIT, widget=forms.Textarea(attrs={"rows": 3})
    )
    all_the_same = forms.BooleanField(label=_("Clear the class although a point is not met"), required=False)
