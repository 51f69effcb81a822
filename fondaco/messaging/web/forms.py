"""The forms of conversations."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fondaco.kit.ids import new_id
from fondaco.messaging import wording
from fondaco.messaging.operations.checks import TEXT_LIMIT
from fondaco.messaging.rules.words import DESK_OUTCOMES, Outcome, ReportReason, Subject
from fondaco.web.forms import FilesField

FORMAT_NAMES = {"jpg": "JPEG", "png": "PNG", "gif": "GIF", "tif": "TIFF", "pdf": "PDF", "heic": "HEIC", "webp": "WebP"}


class KeyedForm(forms.Form):
    """A form that is safe to send twice."""

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)
    confirmed = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = lambda: new_id().hex


class ReplyForm(KeyedForm):
    """Another message, with files where there is no script."""

    text = forms.CharField(
        label=_("Your message"), max_length=TEXT_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    attached = FilesField(label=_("Photos or PDF"), max_files=12, required=False)


class BeginForm(KeyedForm):
    """A buyer's new conversation."""

    subject = forms.ChoiceField(label=_("Subject"))
    text = forms.CharField(
        label=_("What is it about?"), max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 5})
    )
    photos = forms.ChoiceField(
        label=_("Photos"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("", _("No photos")),
            ("ask", _("Request photo instructions first")),
            ("send", _("Send photos now")),
        ],
    )

    def __init__(self, *args: Any, subjects: Collection[Subject], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [(str(s), wording.SUBJECTS[s]) for s in Subject if s in subjects]  # type: ignore[attr-defined]


class SellerBeginForm(KeyedForm):
    """A seller writes first, about an order."""

    subject = forms.ChoiceField(label=_("Subject"), choices=lambda: [(str(s), wording.SUBJECTS[s]) for s in Subject])
    text = forms.CharField(label=_("Your message"), max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 5}))
    photo_type = forms.ChoiceField(label=_("Ask for photos of"), required=False)
    is_critical = forms.BooleanField(
        label=_("Critical: the order cannot be completed without an answer"), required=False
    )

    def __init__(self, *args: Any, types: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo_type"].choices = [("", _("No photos")), *types]  # type: ignore[attr-defined]


class WishForm(forms.Form):
    """What a seller asks of photographs."""

    formats = forms.MultipleChoiceField(
        label=_("Preferred formats"), required=False, widget=forms.CheckboxSelectMultiple
    )
    count = forms.IntegerField(label=_("How many photos"), min_value=0, max_value=20, required=False)
    min_px = forms.IntegerField(
        label=_("At least, on the longer side (px)"), min_value=0, max_value=10_000, required=False
    )
    labelling = forms.CharField(
        label=_("Labels"),
        max_length=120,
        required=False,
        help_text=_("For example: type and view, ProductDefect_FrontView."),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, formats: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["formats"].choices = [(f, FORMAT_NAMES[f]) for f in formats]  # type: ignore[attr-defined]


class InstructForm(WishForm, KeyedForm):
    """Which photographs are needed, and how (PHOTO-20)."""

    photo_type = forms.ChoiceField(label=_("Kind of photos"))
    text = forms.CharField(
        label=_("Instructions for the buyer"), max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 4})
    )

    field_order = ("photo_type", "text", "formats", "count", "min_px", "labelling", "note", "request_key", "confirmed")

    def __init__(self, *args: Any, types: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo_type"].choices = types  # type: ignore[attr-defined]

    def wishes(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) for name in ("formats", "count", "min_px", "labelling", "note")}


class CloseForm(KeyedForm):
    """The outcome, with a last word."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=lambda: [(str(o), wording.OUTCOMES[o]) for o in Outcome if o in DESK_OUTCOMES]
    )
    text = forms.CharField(
        label=_("A word to the buyer"), max_length=TEXT_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReportForm(forms.Form):
    """Why a message is reported."""

    message = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=lambda: [(str(r), wording.REPORTS[r]) for r in ReportReason]
    )
    note = forms.CharField(label=_("More about it"), max_length=500, required=False)
