"""Form fields in templates; the markup is the renderer's (`web.forms`)."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def field(bound: BoundField, **options: Any) -> SafeString:
    """One field: label, control, help, errors. Options: `label`, `help`, `wide`, `inline`, `hide_label`, `icon`."""
    return render_to_string("web/forms/field.html", {"field": bound, **options})


@register.simple_tag
def error_summary(form: BaseForm) -> SafeString | str:
    """What is wrong with the form, each line leading to its field; nothing when nothing is."""
    if not form.is_bound or not form.errors:
        return ""
    return render_to_string("web/forms/error_summary.html", {"form": form})


@register.filter
def control_kind(bound: BoundField) -> str:
    """How a control is laid out: `checkbox`, `choices`, `file`, `textarea`, `select` or `input`."""
    widget = bound.field.widget
    kinds = {
        "checkbox": "checkbox",
        "radio": "choices",
        "checkboxselectmultiple": "choices",
        "clearablefile": "file",
        "file": "file",
        "textarea": "textarea",
        "select": "select",
    }
    name = type(widget).__name__.lower().removesuffix("input").removesuffix("select")
    if type(widget).__name__ == "CheckboxSelectMultiple":
        return "choices"
    return kinds.get(name or "select", kinds.get(getattr(widget, "input_type", ""), "input"))
