"""The contact form: one field for each item that the type of the case needs. The rules judge what was written."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from fondaco.cases.operations import CaseIncomplete, keep_document
from fondaco.cases.queries import desk_people
from fondaco.cases.rules import (
    CONTENTS,
    LINE_LIMIT,
    SUPPORT_OUTCOMES,
    TEXT_LIMIT,
    CaseType,
    Document,
    Item,
    Kind,
    Outcome,
)
from fondaco.cases.web import words
from fondaco.kit.errors import Refusal
from fondaco.kit.ids import new_id
from fondaco.sellers.models import Person
from fondaco.web.forms import refuse_with

_HELD = "fondaco.cases.attached"
_HELD_FOR_S = 86_400


class ContactForm(forms.Form):
    """Contents of a case of one type; `contents()` gives what `open_case` takes.

    `kept` names files that came with an earlier sending of this form: browsers cannot fill a file in again, so what is
    put right elsewhere does not ask for it twice.
    """

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)
    origin = forms.CharField(max_length=80, widget=forms.HiddenInput, required=False)
    kept = forms.CharField(max_length=2000, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, case_type: CaseType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case_type = case_type
        self.fields["request_key"].initial = lambda: new_id().hex
        for item in CONTENTS[case_type]:
            self.fields[item.name] = _field(item)
        self.files_of = [item.name for item in CONTENTS[case_type] if item.kind is Kind.DOCUMENT]
        self.held = _held(self.data.get("kept", ""), self.files_of) if self.is_bound else {}
        for name in self.held:
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for name in self.files_of:
            if upload := given.get(name):
                self.held.pop(name, None)
                try:
                    self.held[name] = keep_document(name=upload.name, data=upload.read())
                except Refusal as refusal:
                    refuse_with(self, refusal, name)
        return given

    def contents(self) -> dict[str, Any]:
        """Item → what was given."""
        given = {item.name: self.cleaned_data.get(item.name) for item in CONTENTS[self.case_type]}
        return given | {name: self.held.get(name) for name in self.files_of}

    def hold(self) -> None:
        """Keep the files that nothing speaks against for the next sending of this form, which shows their names."""
        held = {name: document for name, document in self.held.items() if document.sha256 and name not in self.errors}
        rows = {name: [d.name[-120:], d.sha256, d.kind, d.size_bytes] for name, d in held.items()}
        data: Any = self.data
        data = data.copy()
        data["kept"] = signing.dumps(rows, salt=_HELD) if rows else ""
        self.data = data
        for name, document in held.items():
            self.fields[name].required = False
            words_of = _("%(name)s is kept. Choose another file only to replace it.")
            self[name].help_text = str(words_of) % {"name": document.name}

    def refuse(self, refusal: Refusal) -> None:
        """The refusal's words; for missing or wrong items, at each of them."""
        if not isinstance(refusal, CaseIncomplete):
            refuse_with(self, refusal)
            return
        for finding in refusal.facts["findings"]:
            said = [str(words.FAULTS[finding.code])]
            if finding.limit:
                said.append(", ".join(finding.limit))
            self.add_error(finding.measured, forms.ValidationError(" ".join(said), finding.code))


def _held(token: str, names: Collection[str]) -> dict[str, Document]:
    """The files that such a form kept within the last day."""
    try:
        rows = signing.loads(token, salt=_HELD, max_age=_HELD_FOR_S) if token else {}
    except signing.BadSignature:
        return {}
    return {
        name: Document(name=row[0], sha256=row[1], kind=row[2], size_bytes=row[3])
        for name, row in rows.items()
        if name in names
    }


def _field(item: Item) -> forms.Field:
    shared = {
        "label": words.ITEMS[item.name],
        "help_text": words.HELP.get(item.name, ""),
        "required": item.is_required,
    }
    if item.kind is Kind.TEXT:
        return forms.CharField(max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 6}), **shared)
    if item.kind is Kind.ASINS:
        return forms.CharField(max_length=8000, widget=forms.Textarea(attrs={"rows": 3}), **shared)
    if item.kind is Kind.METHOD:
        return forms.ChoiceField(choices=_choices(words.METHODS), widget=forms.RadioSelect, **shared)
    if item.kind is Kind.AUTHOR:
        return forms.ChoiceField(choices=_choices(words.AUTHORS), widget=forms.RadioSelect, **shared)
    if item.kind is Kind.SHEET:
        choices = [*_choices(words.SHEETS)] if item.is_required else [("", _("None")), *_choices(words.SHEETS)]
        return forms.ChoiceField(choices=choices, **shared)
    if item.kind is Kind.DATE:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **shared)
    if item.kind is Kind.DOCUMENT:
        return forms.FileField(max_length=LINE_LIMIT, **shared)
    if item.kind is Kind.EMAIL:
        return forms.EmailField(max_length=254, **shared)
    return forms.CharField(max_length=LINE_LIMIT, **shared)


def _choices(labels: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(str(value), label) for value, label in labels.items()]


class ReplyForm(forms.Form):
    """Another message."""

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)
    text = forms.CharField(label=_("Your message"), max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = lambda: new_id().hex


class CloseForm(forms.Form):
    """The end of a case, with a word to the seller."""

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)
    outcome = forms.ChoiceField(label=_("Outcome"))
    text = forms.CharField(
        label=_("A last word to the seller"),
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = lambda: new_id().hex
        allowed = [(str(o), words.OUTCOMES[o]) for o in Outcome if o in SUPPORT_OUTCOMES]
        self.fields["outcome"].choices = allowed  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """Who of support cares for a case; empty: nobody yet."""

    to = forms.ModelChoiceField(
        label=_("Cared for by"), queryset=Person.objects.none(), required=False, empty_label=_("Nobody yet")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = desk_people()  # type: ignore[attr-defined]
