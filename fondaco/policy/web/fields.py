"""A form field for each type of policy value, and back: what the operator typed as plain JSON.

Numbers, choices, texts and records of such get controls of their own; lists are written one entry a line;
tables and maps as JSON, checked by the same type as everything else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fondaco.policy import types
from fondaco.policy.web.show import with_unit

VALUE = "value"
_SEPARATOR = "__"
_BYTES_OF_JSON = 500_000


class ListField(forms.CharField):
    """Entries of one simple type, one a line."""

    widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})

    def __init__(self, of: types.Items, **options: Any) -> None:
        self.of = of
        super().__init__(**options | {"required": False})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(str(item) for item in value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[Any]:
        lines = [line.strip() for line in (super().clean(value) or "").splitlines()]
        return [_number(line) if isinstance(self.of.of, types.Int) else line for line in lines if line]


class JsonField(forms.JSONField):
    """A table or map, written as indented JSON that keeps its letters."""

    widget = forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "code"})
    empty_values = (None, "")  # an empty table is a value

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.max_length = _BYTES_OF_JSON

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data

    def clean(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > _BYTES_OF_JSON:
            raise forms.ValidationError(_("This is too much for one value."), "too_long")
        return super().clean(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True


def fields_for(of: types.Type) -> dict[str, forms.Field]:
    """The controls for a type, by name. A record has one for each field of its own."""
    if _has_parts(of):
        return dict(_parts(of, VALUE))
    return {VALUE: _field(of, label=_("Value"))}


def initial_for(of: types.Type, raw: Any) -> dict[str, Any]:
    """What the controls show for a value (plain JSON)."""
    if not _has_parts(of):
        return {VALUE: raw}
    return {name: _dig(raw, name.split(_SEPARATOR)[1:]) for name, _field_ in _parts(of, VALUE)}


def raw_from(of: types.Type, cleaned: Mapping[str, Any]) -> Any:
    """The value (plain JSON) that the controls hold."""
    return _gather(of, VALUE, cleaned)


def name_of(path: str, names: Mapping[str, Any]) -> str | None:
    """The control in which a problem at `path` lies; None when it concerns the whole."""
    parts = path.split("[")[0].split(".") if path else []
    while parts:
        name = _SEPARATOR.join([VALUE, *parts])
        if name in names:
            return name
        parts.pop()
    return VALUE if VALUE in names else None


def _has_parts(of: types.Type) -> bool:
    return isinstance(of, types.Record) and all(_is_simple(field) or _has_parts(field) for field in of.fields.values())


def _is_simple(of: types.Type) -> bool:
    if isinstance(of, types.Optional):
        return isinstance(of.of, _SCALARS)
    if isinstance(of, types.Items):
        return isinstance(of.of, _SCALARS) and not isinstance(of.of, types.Rate)
    return isinstance(of, _SCALARS)


def _parts(of: types.Type, prefix: str) -> Iterator[tuple[str, forms.Field]]:
    assert isinstance(of, types.Record)
    for name, field in of.fields.items():
        path = f"{prefix}{_SEPARATOR}{name}"
        if _has_parts(field):
            yield from _parts(field, path)
        else:
            yield path, _field(field, label=path.removeprefix(VALUE + _SEPARATOR).replace(_SEPARATOR, "."))


def _gather(of: types.Type, name: str, cleaned: Mapping[str, Any]) -> Any:
    if isinstance(of, types.Record) and _has_parts(of):
        return {part: _gather(field, f"{name}{_SEPARATOR}{part}", cleaned) for part, field in of.fields.items()}
    value = cleaned.get(name)
    inner = of.of if isinstance(of, types.Optional) else of
    if value in (None, "") and not isinstance(inner, types.Items):
        return None
    if isinstance(inner, types.Rate):
        return format(value, "f")
    return value == "yes" if isinstance(inner, types.Bool) else value


def _field(of: types.Type, *, label: Any) -> forms.Field:
    required = not isinstance(of, types.Optional)
    inner = of.of if isinstance(of, types.Optional) else of
    options: dict[str, Any] = {"label": label, "required": required}
    if isinstance(inner, types.Bool):
        return _YesNo(**options)
    if isinstance(inner, types.Int):
        help_text = _("%(unit)s, from %(min)s to %(max)s") if inner.unit else _("from %(min)s to %(max)s")
        return forms.IntegerField(
            min_value=inner.min, max_value=inner.max, help_text=_filled(help_text, inner), **options
        )
    if isinstance(inner, types.Rate):
        return forms.DecimalField(  # house: allow - a percentage, not money
            min_value=inner.min, max_value=inner.max, decimal_places=2, help_text=_("percent"), **options
        )
    if isinstance(inner, types.Choice):
        blank = [] if required else [("", "—")]
        return forms.ChoiceField(choices=blank + [(option, option) for option in inner.options], **options)
    if isinstance(inner, types.Clock):
        return forms.CharField(widget=forms.TimeInput(attrs={"type": "time"}), **options)
    if isinstance(inner, types.Text | types.Day):
        return forms.CharField(max_length=getattr(inner, "limit", 10), **options)
    if isinstance(inner, types.Items) and _is_simple(inner):
        return ListField(inner, label=label, help_text=_list_help(inner))
    return JsonField(label=label, required=required, help_text=_("JSON"))


class _YesNo(forms.ChoiceField):
    """Yes or no, as words: a box without a tick could be an oversight."""

    widget = forms.RadioSelect

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[("yes", _("yes")), ("no", _("no"))], **options)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value)


def _filled(help_text: Any, of: types.Int) -> str:
    unit = str(_(of.unit)) if of.unit else ""
    return help_text % {"unit": unit, "min": with_unit(of.min, ""), "max": with_unit(of.max, "")}


def _list_help(of: types.Items) -> Any:
    if isinstance(of.of, types.Choice):
        return _("One entry a line. Possible: %(options)s.") % {"options": ", ".join(of.of.options)}
    return _("One entry a line.")


def _number(line: str) -> Any:
    return int(line) if line.lstrip("-").isdecimal() and line.isascii() else line


def _dig(raw: Any, path: list[str]) -> Any:
    for name in path:
        raw = raw.get(name) if isinstance(raw, Mapping) else None
    return raw


_SCALARS = (types.Bool, types.Int, types.Rate, types.Choice, types.Clock, types.Text, types.Day)
