"""The style guide: read by the studio, written by the operator."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fondaco.catalogue.product_types import all_types, product_type
from fondaco.kit.errors import NotFound, Refusal
from fondaco.sellers.access import Request
from fondaco.sellers.rules import Role
from fondaco.studio import operations
from fondaco.studio.models import GuideEntry
from fondaco.studio.queries import floor as queries
from fondaco.studio.web import words
from fondaco.web.access import require_role
from fondaco.web.forms import refuse_with

SEE = tuple(str(role) for role in queries.STUDIO)


class GuideForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("How it is shot"),
        help_text=gettext_lazy("Without text the product type leaves the guide, and photographers research it."),
        widget=forms.Textarea(attrs={"rows": 10}),
        required=False,
    )
    shots = forms.CharField(
        label=gettext_lazy("Pictures to take"),
        help_text=gettext_lazy("One a line, the main one first."),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )
    model = forms.ChoiceField(
        label=gettext_lazy("Model"), choices=list(words.GUIDE_MODELS.items()), widget=forms.RadioSelect
    )


@require_role(*SEE)
def listing(request: Request) -> HttpResponse:
    """Every product type: covered, or left to research."""
    newest: dict[str, GuideEntry] = {}
    for entry_ in GuideEntry.objects.order_by("edition"):
        newest[entry_.product_type] = entry_
    rows = [
        {
            "key": key,
            "name": _(kind.name),
            "entry": newest[key] if key in newest and newest[key].text else None,
            "model": words.GUIDE_MODELS[newest[key].model] if key in newest else "",
        }
        for key, kind in all_types().items()
    ]
    rows.sort(key=lambda row: (row["entry"] is not None, str(row["name"])))
    return render(request, "studio/guide.html", {"rows": rows, "may_write": request.caller.has(Role.OPERATOR)})


@require_role(*SEE)
def entry(request: Request, key: str) -> HttpResponse:
    """One product type: the entry, its editions, and for the operator the form for another."""
    if key not in all_types():
        raise NotFound(what="guide")
    current = queries.guide_for(key)
    may_write = request.caller.has(Role.OPERATOR)
    initial = (
        {"text": current.text, "shots": "\n".join(current.shots), "model": current.model}
        if current
        else {"model": "never"}
    )
    form = GuideForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            operations.write_entry(
                request.caller,
                key=key,
                text=form.cleaned_data["text"],
                shots=form.cleaned_data["shots"].splitlines(),
                model=form.cleaned_data["model"],
            )
        except Refusal as refusal:
            refuse_with(form, refusal, "shots")
        else:
            messages.success(request, _("The style guide has a new edition."))
            return redirect("studio:guide_entry", key)
    context = {
        "key": key,
        "name": _(product_type(key).name),
        "current": current,
        "model": words.GUIDE_MODELS[current.model] if current else "",
        "editions": list(GuideEntry.objects.filter(product_type=key).select_related("author").order_by("-edition")),
        "form": form,
        "may_write": may_write,
        "trail": [(_("Style guide"), reverse("studio:guide")), (_(product_type(key).name), "")],
    }
    return render(request, "studio/guide_entry.html", context, status=422 if form.is_bound else 200)
