"""A form with every kind of control."""

from __future__ import annotations

from django import forms

from fondaco.web.forms import FilesField


class SampleForm(forms.Form):
    title = forms.CharField(
        label="Product name", max_length=80, help_text="What a buyer would call it. At most 80 characters."
    )
    price = forms.DecimalField(label="Price", min_value=0, decimal_places=2, help_text="In US dollars.")
    channel = forms.ChoiceField(
        label="Fulfilled by", choices=[("m", "The marketplace"), ("s", "The seller"), ("p", "The seller, Prime")]
    )
    restock = forms.DateField(label="Restock date", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    condition = forms.ChoiceField(
        label="Condition",
        widget=forms.RadioSelect,
        choices=[("n", "New"), ("u", "Used, like new"), ("g", "Used, good")],
    )
    markets = forms.MultipleChoiceField(
        label="Stores",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("US", "United States"), ("CA", "Canada"), ("MX", "Mexico")],
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    agree = forms.BooleanField(label="I have the rights to these pictures.")


class UploadForm(forms.Form):
    pictures = FilesField(label="Pictures", max_files=9, help_text="The first one becomes the main picture.")
