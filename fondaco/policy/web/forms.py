"""Publishing a version: the value by its type, from when, until when, where, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fondaco.kit.calendar import to_utc
from fondaco.policy.models import NOTE_LIMIT
from fondaco.policy.rules import PolicyValue
from fondaco.policy.shipped import Key
from fondaco.policy.stores import STORES, store_of
from fondaco.policy.types import WrongValue
from fondaco.policy.web import fields

_MOMENT = "%Y-%m-%dT%H:%M"


class Moment(forms.CharField):
    """A wall-clock time as browsers send it, read on the clock of one zone; the value is aware UTC or None."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"})

    def __init__(self, *, zone: ZoneInfo, **options: Any) -> None:
        self.zone = zone
        super().__init__(required=False, **options)

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return to_utc(datetime.strptime(text[:16], _MOMENT), self.zone)  # noqa: DTZ007 - a wall clock
        except (ValueError, OverflowError):
            raise forms.ValidationError(_("A date and time is needed."), "moment") from None


class PublishForm(forms.Form):
    """A new version of one key. `cleaned_data["raw"]` is the value as plain JSON, checked by its type."""

    def __init__(self, data: Any = None, *, key: Key, current: PolicyValue) -> None:
        self.key = key
        raw = key.type.write(current.value)
        super().__init__(data, initial={**fields.initial_for(key.type, raw), "stores": [current.store]})
        self.fields.update(fields.fields_for(key.type))
        self.value_names = tuple(self.fields)
        self.fields.update(_when_and_why(store_of(current.store).zone))

    @property
    def value_fields(self) -> list[forms.BoundField]:
        """The controls of the value."""
        return [self[name] for name in self.value_names]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        """When, where and why."""
        return [self[name] for name in self.fields if name not in self.value_names]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if any(name in self.errors for name in self.value_names):
            return cleaned
        raw = fields.raw_from(self.key.type, cleaned)
        try:
            cleaned["raw"] = self.key.type.write(self.key.type.read(raw))
        except WrongValue as wrong:
            self._show(wrong)
        return cleaned

    def _show(self, wrong: WrongValue) -> None:
        for problem in wrong.problems:
            sentence = gettext(problem.words) % problem.facts
            words = f"{problem.path}: {sentence}" if problem.path else sentence
            self.add_error(fields.name_of(problem.path, self.fields), forms.ValidationError(words, "value"))


def _when_and_why(zone: ZoneInfo) -> dict[str, forms.Field]:
    clock = _("On the clock of %(zone)s.") % {"zone": zone.key}
    return {
        "begins": Moment(zone=zone, label=_("From"), help_text=_("Empty: at once.") + " " + clock),
        "ends": Moment(zone=zone, label=_("Until"), help_text=_("Empty: until another version begins.") + " " + clock),
        "stores": forms.MultipleChoiceField(
            label=_("Stores"),
            choices=[(store.code, _(store.name)) for store in STORES.values()],
            widget=forms.CheckboxSelectMultiple,
        ),
        "note": forms.CharField(
            label=_("Reason"),
            max_length=NOTE_LIMIT,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("Kept with the version; everybody who looks into a decision can read it."),
        ),
    }
