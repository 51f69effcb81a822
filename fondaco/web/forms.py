"""How forms look: Django renders every form and field with these templates, whoever wrote the form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _


class Renderer(DjangoTemplates):
    """`settings.FORM_RENDERER`: `{{ form }}` and `{{ field.as_field_group }}` use the shell's markup."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"


class DropWidget(forms.ClearableFileInput):
    """A file input that takes several files; the page's script turns it into a place to drop them."""

    allow_multiple_selected = True
    template_name = "web/forms/widgets/drop.html"


class FilesField(forms.FileField):
    """Several uploaded files, in the order they were chosen. `cleaned_data` has a list, empty when not required."""

    widget = DropWidget
    default_error_messages = {"too_many": _("At most %(max)d files at once; %(count)d were sent.")}

    def __init__(self, *, max_files: int | None = None, **kwargs: Any) -> None:
        self.max_files = max_files
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            super().clean(None, initial)
            return []
        if self.max_files is not None and len(files) > self.max_files:
            raise forms.ValidationError(
                self.error_messages["too_many"], "too_many", {"max": self.max_files, "count": len(files)}
            )
        return [super(FilesField, self).clean(file, initial) for file in files]


def refuse_with(form: forms.BaseForm, refusal: Exception, field: str | None = None) -> None:
    """Puts a refusal's words into a form, at a field or above all, so that the form is shown again with them."""
    from fondaco.kit.errors import Refusal
    from fondaco.web.refusals import spoken

    if not isinstance(refusal, Refusal):
        raise refusal
    said = spoken(refusal)
    form.add_error(field, forms.ValidationError(" ".join(filter(None, (said.words, said.fix))), refusal.CODE))
