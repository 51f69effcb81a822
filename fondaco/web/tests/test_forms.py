"""How forms look and what they take."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from fondaco.kit.errors import Refusal
from fondaco.web.forms import FilesField, refuse_with
from fondaco.web.style.forms import SampleForm


class Few(forms.Form):
    pictures = FilesField(max_files=2, required=False)


def sent(*names):
    return Few({}, MultiValueDict({"pictures": [SimpleUploadedFile(name, b"x") for name in names]}))


def test_takes_several_files_in_their_order():
    form = sent("b.jpg", "a.jpg")
    assert form.is_valid()
    assert [file.name for file in form.cleaned_data["pictures"]] == ["b.jpg", "a.jpg"]


def test_no_files_is_an_empty_list():
    form = sent()
    assert form.is_valid()
    assert form.cleaned_data["pictures"] == []


def test_refuses_more_files_than_agreed():
    form = sent("1", "2", "3")
    assert form.errors["pictures"] == ["At most 2 files at once; 3 were sent."]


def test_an_empty_file_is_named_as_such():
    form = Few({}, MultiValueDict({"pictures": [SimpleUploadedFile("a.jpg", b"")]}))
    assert "empty" in form.errors["pictures"][0]


def test_every_fault_leads_to_its_field():
    form = SampleForm({}, auto_id="sample_%s")
    page = str(form)
    assert 'href="#sample_title"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="sample_title_error"' in page
    assert "sample_title_helptext sample_title_error" in page.replace("\n", " ")


def test_says_which_fields_may_stay_empty():
    page = str(SampleForm())
    assert page.count('class="optional"') == 3


def test_what_the_user_wrote_is_escaped():
    form = SampleForm({"title": "<script>", "price": "x"})
    assert "<script>" not in str(form)


class Taken(Refusal):
    CODE = "taken"
    WORDS = "%(sku)s is taken."
    FIX = "Choose another."


def test_a_refusal_can_stand_at_its_field():
    form = SampleForm({"title": "x"})
    form.is_valid()
    refuse_with(form, Taken(sku="A-1"), "title")
    assert form.errors["title"] == ["A-1 is taken. Choose another."]
    assert form.has_error("title", "taken")


def test_only_refusals_become_words():
    form = SampleForm({})
    with pytest.raises(ZeroDivisionError):
        refuse_with(form, ZeroDivisionError())
