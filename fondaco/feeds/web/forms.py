"""The form that takes an inventory file."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from fondaco.feeds import encoding
from fondaco.kit import chance
from fondaco.web.forms import FilesField

MAX_FILES = 10


class UploadForm(forms.Form):
    """Files, in which letters they are, and whether pictures are fetched anew. `request_key` makes sending twice safe."""

    file = FilesField(
        label=_("Inventory file"),
        max_files=MAX_FILES,
        help_text=_("Text with tabs between the columns, or a JSON listings feed."),
    )
    declared_encoding = forms.ChoiceField(
        label=_("Letters (encoding)"),
        required=False,
        help_text=_("Recognised automatically. Choose one only if a file was refused because of its letters."),
    )
    refetch = forms.BooleanField(
        label=_("Fetch pictures again whose address has not changed"),
        required=False,
    )
    request_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(name, encoding.NAMES[name]) for name in encoding.ACCEPTED]
        self.fields["declared_encoding"].choices = [("", _("Recognise automatically")), *names]  # type: ignore[attr-defined]
        self.fields["request_key"].initial = chance.token_urlsafe(18)

    def key_for(self, file: UploadedFile) -> str:
        """One key a file: the page sends several files with one form."""
        form_key = self.cleaned_data["request_key"]
        if not form_key:
            return ""
        return hashlib.sha256(f"{form_key}\n{file.name}\n{file.size}".encode()).hexdigest()
