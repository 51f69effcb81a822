"""Forms of the demo's pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ClockForm(forms.Form):
    """Either an exact moment in the viewer's zone, or a step forward."""

    at = forms.DateTimeField(
        label=_("Set the clock to"),
        required=False,
        help_text=_("In your own time zone."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    hours = forms.IntegerField(label=_("Or move it on by hours"), required=False, min_value=1, max_value=24 * 366 * 3)

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if not self.errors and not data.get("at") and not data.get("hours"):
            raise forms.ValidationError(_("Give a moment or a number of hours."), code="nothing_given")
        return data


class FaultForm(forms.Form):
    """A fault of the image host."""

    path = forms.CharField(label=_("Addresses that begin with"), initial="/good/", max_length=200)
    kind = forms.ChoiceField(label=_("Behave like"))
    times = forms.IntegerField(label=_("How often"), required=False, min_value=1, help_text=_("Empty: until mended."))

    def __init__(self, *args: object, kinds: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["kind"].choices = [(k, k) for k in kinds]  # type: ignore[attr-defined]
