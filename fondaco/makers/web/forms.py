"""Forms of makers. They read what was typed; the operations judge it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from fondaco.engine import files
from fondaco.kit.ids import new_id
from fondaco.makers import words
from fondaco.makers.rules import application as rules
from fondaco.makers.rules.announcement import Author
from fondaco.makers.rules.application import Question
from fondaco.makers.terms import ApplicationTerms
from fondaco.makers.words import said
from fondaco.web.forms import FilesField

_HELD = "makers.held-draft"

_HINTS: Mapping[str, Any] = {
    "email": _("Exactly the address with which you will register, upper and lower case included."),
    "links": _("One address a line, beginning with https://."),
    "percent": _("Of the work on your products, from 0 to 100."),
    "number": _("Everybody whose hands make the products."),
    "country": _("The country of your seller account."),
    "long_text": _("What you start from, which steps you do by hand, and who does them."),
}


def country_names(codes: Any) -> list[tuple[str, str]]:
    """Countries by name in the reader's language."""
    from babel import Locale
    from django.utils.translation import get_language, to_locale

    names = Locale.parse(to_locale(get_language() or "en")).territories
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: pair[1])


def _put(form: forms.Form, name: str, value: str) -> None:
    """A hidden value of a bound form that is shown again, as if it had been sent."""
    form.data = {**{key: form.data[key] for key in form.data}, name: value}


class ApplicationForm(forms.Form):
    """The questions that policy asks, each by the kind of its input. Nothing is required here: a draft may have gaps."""

    def __init__(self, *args: Any, terms: ApplicationTerms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terms = terms
        for question in terms.form.questions:
            if question.input != "photos":
                self.fields[question.name] = self._field(question)

    def _field(self, question: Question) -> forms.Field:
        shared: dict[str, Any] = {
            "label": gettext(question.label),
            "required": False,
            "help_text": _HINTS.get(question.input, ""),
        }
        kind = question.input
        if kind == "long_text":
            return forms.CharField(max_length=rules.TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 8}), **shared)
        if kind == "links":
            return forms.CharField(max_length=6_000, widget=forms.Textarea(attrs={"rows": 3}), **shared)
        if kind == "country":
            return forms.ChoiceField(choices=[("", "—"), *country_names(self.terms.form.countries)], **shared)
        if kind == "maker_type":
            rows = self.terms.values["eligibility"]["makers"]
            return forms.ChoiceField(
                choices=[(r["code"], said(r["label"])) for r in rows], widget=forms.RadioSelect, **shared
            )
        if kind == "categories":
            rows = self.terms.values["categories"]
            return forms.MultipleChoiceField(
                choices=[(r["code"], said(r["label"])) for r in rows], widget=forms.CheckboxSelectMultiple, **shared
            )
        numeric = {"inputmode": "numeric"} if kind in ("number", "percent") else {}
        return forms.CharField(max_length=rules.LINE_LIMIT + 54, widget=forms.TextInput(attrs=numeric), **shared)

    def tell(self, findings: Any) -> None:
        """Each finding beside its question."""
        for finding in findings:
            field = str(finding.measured)
            said = str(words.FAULTS.get(finding.code, finding.code))
            self.add_error(field if field in self.fields else None, forms.ValidationError(said, finding.code))

    @staticmethod
    def initial_of(answers: Mapping[str, Any]) -> dict[str, Any]:
        """Stored answers as the form shows them."""
        return {k: "\n".join(v) if k == "links" and isinstance(v, list) else v for k, v in answers.items()}


class OnceForm(forms.Form):
    """A form whose second sending changes nothing."""

    request_key = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = lambda: new_id().hex


class PhotosForm(forms.Form):
    """Photos of one kind."""

    photos = FilesField(label=_("Photos"), max_files=rules.MOST_PHOTOS)


class MessageForm(OnceForm):
    """A question or an answer."""

    text = forms.CharField(label=_("Your answer"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 5}))


class RevisionForm(OnceForm):
    """Something done to what was seen: `revision` says which."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class AskForm(RevisionForm):
    """A question to the applicant."""

    text = forms.CharField(
        label=_("What should the applicant confirm or add?"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DecisionForm(RevisionForm):
    """Approve or decline."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The applicant reads it. Needed to decline."),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ProfileForm(OnceForm):
    """The maker's page: what is the same in every country, and the texts of one store in one language."""

    name = forms.CharField(label=_("Shop name"), max_length=60, help_text=_("Unique on this marketplace."))
    slug = forms.CharField(
        label=_("Short address"),
        max_length=40,
        help_text=_("Small letters, digits and hyphens; not the same as the shop name."),
    )
    portrait_file = forms.FileField(label=_("Profile picture"), required=False, help_text=_("You at work is best."))
    portrait_kept = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)
    portrait_alt = forms.CharField(label=_("What the picture shows"), max_length=200, required=False)
    picture_files = FilesField(label=_("Workshop pictures"), required=False, max_files=8)
    store = forms.CharField(widget=forms.HiddenInput)
    language = forms.CharField(widget=forms.HiddenInput)
    inspiration = forms.CharField(
        label=_("Inspiration"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What drives your work, in one or two sentences."),
    )  # fmt: skip
    story = forms.CharField(
        label=_("Story"), max_length=6_000, required=False, widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("How you came to it."),
    )  # fmt: skip
    process = forms.CharField(
        label=_("How it is made"), max_length=6_000, required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Materials, tools, and what your hands do."),
    )  # fmt: skip

    def keep(self, picture: str) -> None:
        """Hold a profile picture that was taken in for the next sending of this form, if something else is wrong."""
        _put(self, "portrait_kept", signing.dumps(picture, salt=_HELD))

    def kept_portrait(self) -> str:
        """The hash of the picture that was held; empty when there is none."""
        try:
            return str(signing.loads(self.data.get("portrait_kept", ""), salt=_HELD, max_age=86_400))
        except signing.BadSignature:
            return ""


class VacationForm(forms.Form):
    """Away from a day on, to a day or until switched off."""

    from_date = forms.DateField(label=_("Away from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until_date = forms.DateField(
        label=_("Until"),
        required=False,
        help_text=_("Empty: until you switch it off."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class MarksForm(forms.Form):
    """Private and adult."""

    is_private = forms.BooleanField(label=_("Private: only who has its link sees it"), required=False)
    is_adult = forms.BooleanField(label=_("Adult: search leaves it out"), required=False)


class AnnouncementForm(OnceForm):
    """A draft with its planned day. `kept` names a draft that came with an earlier sending of this form: browsers cannot
    fill a file in again, so what was put right elsewhere does not ask for it twice."""

    draft = forms.FileField(
        label=_("Draft as a Word document"),
        max_length=200,
        required=False,
        help_text=_(".docx or .doc without macros, 10 MB at most."),
    )
    kept = forms.CharField(widget=forms.HiddenInput, required=False, max_length=600)
    issue_date = forms.DateField(
        label=_("Planned date of issue"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    author = forms.ChoiceField(
        label=_("Who issues it"),
        choices=[(str(k), v) for k, v in words.PR_AUTHORS.items()],
        widget=forms.RadioSelect,
        initial=Author.OWN,
    )
    plan = forms.CharField(
        label=_("Where it will be published and how it will be spread"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        self.held = held_draft(given.get("kept", ""))
        if not given.get("draft") and self.held is None and "draft" not in self.errors:
            self.add_error("draft", forms.ValidationError(_("Choose the file of your draft."), "required"))
        return given

    def file(self) -> tuple[bytes, str]:
        """The bytes of the draft and its name: what was uploaded now, else what was kept."""
        if upload := self.cleaned_data.get("draft"):
            return upload.read(), upload.name
        assert self.held is not None
        sha256, name = self.held
        return files.read("documents", sha256), name

    def keep(self, data: bytes, name: str) -> None:
        """Hold the draft for the next sending of this form, which shows its name."""
        self.held = (files.put("documents", data), name[-120:])
        _put(self, "kept", signing.dumps(list(self.held), salt=_HELD))


def held_draft(token: str) -> tuple[str, str] | None:
    """Hash and name of a draft that such a form kept within the last day."""
    try:
        sha256, name = signing.loads(token, salt=_HELD, max_age=86_400)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(sha256), str(name)


class RoundForm(forms.Form):
    """The next round."""

    draft = forms.FileField(
        label=_("Next round as a Word document"),
        max_length=200,
        help_text=_("Changes may be tracked; the next reader sees what is different in any case."),
    )


class DateForm(forms.Form):
    """Another planned day."""

    issue_date = forms.DateField(
        label=_("Planned date of issue"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class RemovalForm(forms.Form):
    """Take a product down."""

    reason = forms.CharField(label=_("Why it is removed"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}))
    wanted = forms.CharField(
        label=_("What the maker is to supply"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_date = forms.DateField(
        label=pgettext_lazy("a day", "By"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class WordsForm(forms.Form):
    """One text."""

    text = forms.CharField(label=_("Your words"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 4}))
